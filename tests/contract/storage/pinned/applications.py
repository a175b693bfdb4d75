"""A borrower's application as the golden items hold it, and the steps that store it."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from chalicelib.capabilities.applications.model import (
    Application,
    ApplicationState,
    Ask,
    Content,
    DeclineGround,
    Hardship,
    Limit,
    Step,
    Visitor,
    received,
)
from chalicelib.domain.calendar import WorkingCalendar
from chalicelib.domain.events import Channel
from chalicelib.domain.id_documents import IdDocument
from chalicelib.domain.money import Money
from chalicelib.domain.roles import SYSTEM, Actor, Role
from chalicelib.use_cases.records import Idempotency
from tests.contract.storage.pinned.cases import AT

ID: Final = "A-0001"
MARK: Final = "f7c1bb4ba5ad6a6b06cb71d5dbe1ffd37f9cfb29a4ae6d66da6bd8bff1b27d5e"
TOKEN: Final = "5b" * 32
KEY: Final = Idempotency(caller="applicant:f7c1bb4b", key="key-1", body_sha256="ab" * 32)
CONTENT: Final = Content(
    name="张试",
    id_number="11010519491231002X",
    phone="13800001234",
    lender="海滨测试银行",
    asks=(Ask.MORE_TIME, Ask.INSTALMENTS),
    contract_number="JC-2026-000123",
    amount=Money.parse("80000.00"),
    monthly=Money.parse("1500.00"),
    hardship=Hardship.HARVEST,
    reason="今年遭了灾",
)
RECEIVED: Final = Application(
    application_id=ID,
    court_id="court-jc",
    number="2026-000001",
    mark=MARK,
    channel=Channel.ONLINE,
    received_at=AT,
    changed_at=AT,
)
FIRST: Final = received(RECEIVED, CONTENT, SYSTEM, "6a" * 16)
_CENTRE: Final = Actor(role=Role.CENTRE, subject="centre-1", court_id="court-jc")
TAKEN_UP: Final[Step] = replace(
    RECEIVED.taken_up("bank-1", _CENTRE, AT, Limit(working_days=10, calendar=WorkingCalendar())),
    salt="7a" * 16,
)
ASKED: Final = TAKEN_UP.after
WITHDRAWN: Final = replace(ASKED.withdrawn(SYSTEM, AT), salt="8a" * 16)
OVER: Final = replace(ASKED, state=ApplicationState.WITHDRAWN, version=3)
FULL: Final = replace(
    ASKED,
    state=ApplicationState.JOINED,
    version=3,
    reminded=True,
    unanswered_at=AT,
    ground=DeclineGround.OTHER,
    joined_by="C-0001",
)
"""Every field at once, as no application has them."""
FULL_CONTENT: Final = replace(
    CONTENT, id_number="E12345678", id_document=IdDocument.PASSPORT, declined_because="请到窗口说明"
)
FILLED: Final = replace(WITHDRAWN, after=FULL, content=FULL_CONTENT)
VISITOR: Final = Visitor(mark=MARK, phone=CONTENT.phone)
