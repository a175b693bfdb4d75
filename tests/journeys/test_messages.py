"""A code from where it is asked for to the phone: table, stream, relay, queue, function, gateway.

The asking is done at the port, on the running stack's own table, so that this test is about the way alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import boto3
import pytest

from chalicelib.adapters.dynamo.store import DynamoStore
from chalicelib.domain.agreement.errors import CodeNotVerified
from infra.local.demo.phones import Phones
from tests.support.aws import REGION, eventually

if TYPE_CHECKING:
    from infra.local.stack import Stack
    from tests.support.travel import Traveller

pytestmark = pytest.mark.xdist_group("stack")

NAME = "jiefen-hub-local"
DOCUMENT = "a" * 64


def store_of(stack: Stack) -> DynamoStore:
    """Return the stack's storage, seen by another process."""
    session = boto3.session.Session("test", "test", region_name=REGION)
    kms = session.client("kms", endpoint_url=stack.aws_url)
    return DynamoStore(
        session.client("dynamodb", endpoint_url=stack.aws_url),
        NAME,
        kms=lambda: kms,
        kms_key_id=f"alias/{NAME}",
        now=lambda: stack.clock.now().timestamp(),
    )


def test_a_code_reaches_its_partys_phone_once_and_verifies(traveller: Traveller) -> None:
    """The message has the code; a wrong one does not verify; no log of any process has code or phone."""
    traveller.files("told")
    store = store_of(traveller.stack)
    case = store.cases.get(traveller.case_id)
    party_id = min(case.respondent_ids)
    issued = store.codes.issue(case, party_id, DOCUMENT, case.filed_at)
    phone = traveller.filed["respondents"][0]["phone"]
    notice_id = f"{case.case_id}-N{issued.number}-{party_id}-signing_code"
    phones = Phones(traveller.stack.sms_url, traveller.http)
    code = phones.code(phone, notice_id)
    with pytest.raises(CodeNotVerified):
        store.codes.verify(case, party_id, DOCUMENT, f"{(int(code) + 1) % 10**6:06}")
    store.codes.verify(case, party_id, DOCUMENT, code)
    eventually(lambda: store.notices.get(case.case_id, notice_id) is None, seconds=30)
    assert [entry["message_id"] for entry in phones.messages(phone)].count(notice_id) == 1
    logged = "\n".join(path.read_text(encoding="utf-8") for path in traveller.stack.logs.glob("*.log"))
    assert "NoticesSent" in logged
    assert phone not in logged
