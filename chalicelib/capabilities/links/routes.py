"""Routes of the links on paper and of revoking links, for the centre.

Promise: the token and the code of a link on paper are in the answer and nowhere else; who issued or revoked
what is on record. Who came in by a link before the party's links were revoked has to come in anew.
"""

# No `from __future__ import annotations`: the router reads these annotations as values.
import hashlib
import json
from typing import Final

from pydantic import Field

from chalicelib.api.operations import Answered, Call, Operations, Reply
from chalicelib.api.parameters import CaseId, IdempotencyKey
from chalicelib.api.schemas.base import Answer, InstantText, Request
from chalicelib.api.schemas.fields import Identifier
from chalicelib.capabilities.links.declaration import ISSUE_LINK, READ_LINKS, REVOKE_LINKS
from chalicelib.capabilities.links.model import LinkChange
from chalicelib.capabilities.links.service import issue_link, read_link_acts, revoke_links
from chalicelib.domain.agreement.errors import CodeRequestedTooSoon
from chalicelib.domain.errors import CaseNotFound, IdempotencyKeyReused, RuleViolated
from chalicelib.domain.roles import Role
from chalicelib.use_cases.records import Idempotency

operations: Final = Operations("links")


class LinkIn(Request):
    """For whom a link on paper is made."""

    party_id: Identifier = Field(examples=["r1"])


class LinkOut(Answer):
    """A link on paper: hand it to the party, and keep it nowhere."""

    party_id: str
    token: str = Field(description="Comes after the console's address and `/p/` · 接在网页地址与 /p/ 之后")
    code: str | None = Field(
        description="Opens the link once; null when it is used or over · 一次性验证码，已使用或过期为空"
    )
    expires_at: InstantText


class LinkActOut(Answer):
    """What somebody of the centre did about a party's links."""

    done: LinkChange
    party_id: str
    at: InstantText
    role: Role
    subject: str


class LinkActsOut(Answer):
    """What was done about the links of a case, the oldest first."""

    items: list[LinkActOut]


class LinksRevokedIn(Request):
    """Whose links are to end."""

    party_id: Identifier = Field(examples=["r1"])


class LinksRevokedOut(Answer):
    """The party whose links have ended."""

    party_id: str


@operations.post(
    "/v1/cases/{case_id}/links",
    "签发纸质链接",
    Answered(model=LinkOut, status=201, headers=("Idempotent-Replayed",)),
    actions=(ISSUE_LINK,),
    refusals=(CaseNotFound, IdempotencyKeyReused, RuleViolated, CodeRequestedTooSoon),
)
def issue(call: Call, case_id: CaseId, idempotency_key: IdempotencyKey, body: LinkIn) -> Reply:
    """Issue a link with a code, on paper, to a party whose phone is lost or that has none.

    Both hold for 14 days; the code opens the link once. Check first who stands before you.
    """
    content = json.dumps({"case_id": case_id, "party_id": body.party_id}, sort_keys=True)
    idempotency = Idempotency(
        caller=f"{call.actor.role}#{call.actor.subject}",
        key=idempotency_key,
        body_sha256=hashlib.sha256(content.encode()).hexdigest(),
    )
    issued = issue_link(call.hub, call.actor, case_id, body.party_id, idempotency)
    return Reply(
        LinkOut.of(issued), {"Idempotent-Replayed": "true"} if issued.replayed else {}, case_id=case_id
    )


@operations.get(
    "/v1/cases/{case_id}/links",
    "查询链接签发和撤销记录",
    Answered(model=LinkActsOut),
    actions=(READ_LINKS,),
    refusals=(CaseNotFound,),
)
def list_acts(call: Call, case_id: CaseId) -> Reply:
    """List who issued links on paper or revoked links, and when; nobody is shown a link again."""
    acts = read_link_acts(call.hub, call.actor, case_id)
    return Reply(LinkActsOut(items=[LinkActOut.of(each) for each in acts]))


@operations.post(
    "/v1/cases/{case_id}/link-revocations",
    "撤销当事人的全部链接",
    Answered(model=LinksRevokedOut),
    actions=(REVOKE_LINKS,),
    refusals=(CaseNotFound, RuleViolated),
)
def revoke(call: Call, case_id: CaseId, body: LinksRevokedIn) -> Reply:
    """End every link that a party has, because a phone or a paper got lost; new messages bring new links."""
    revoke_links(call.hub, call.actor, case_id, body.party_id)
    return Reply(LinksRevokedOut(party_id=body.party_id), case_id=case_id)
