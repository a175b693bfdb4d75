"""Applications of borrowers: their steps, lists and counts, what is sealed, and what a filing writes."""

from dataclasses import replace
from typing import Any, Final

import pytest

from chalicelib.capabilities.applications.model import (
    INSTITUTION,
    TO_ANSWER,
    Application,
    Ask,
    Content,
    DeclineGround,
    Hardship,
    Limit,
    State,
    Step,
    received,
)
from chalicelib.capabilities.applications.store import applications
from chalicelib.domain.calendar import WorkingCalendar
from chalicelib.domain.errors import Contended, IdempotencyKeyReused, RuleViolated
from chalicelib.domain.events import Channel
from chalicelib.domain.money import Money
from chalicelib.domain.roles import SYSTEM
from chalicelib.domain.talk import verify_talk
from chalicelib.use_cases.records import Idempotency
from tests.contract.storage.conftest import RawTable, Storage, StoreMaker
from tests.support.fakes.clock import START
from tests.support.fakes.samples import CENTRE, INSTITUTION as BANK, change_of, details_of

KEY: Final = Idempotency(caller="applicant:1", key="k-1", body_sha256="a" * 64)
CONTENT: Final = Content(
    name="张试",
    id_number="11010519491231002X",
    phone="13800001234",
    lender="海滨测试银行",
    asks=(Ask.INSTALMENTS, Ask.LESS_INTEREST),
    amount=Money.parse("80000.00"),
    hardship=Hardship.HARVEST,
    reason="今年遭了灾\n希望分期还",
)
LIMIT: Final = Limit(working_days=10, calendar=WorkingCalendar())
