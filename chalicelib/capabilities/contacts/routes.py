"""Routes of the contacts: how a case's parties are reached, and who looked at that.

Promise: nothing is shown before the look is on record, and a look needs a purpose from a closed list, so that
no URL holds a word about a person. Downside: each look writes, also one that is repeated.
"""

# No `from __future__ import annotations`: the router reads these annotations as values.
from typing import Annotated, Final

from pydantic import Field

from chalicelib.api.cursors import cursor_for, place_of
from chalicelib.api.operations import Answered, Call, Operations, Place, Reply
from chalicelib.api.parameters import DEFAULT_LIMIT, CaseId, Cursor, Limit
from chalicelib.api.refusals import CursorRefused
from chalicelib.api.schemas.base import Answer, InstantText
from chalicelib.api.schemas.fields import PastDay
from chalicelib.api.schemas.parties import RepresentativeOut
from chalicelib.capabilities.contacts.declaration import READ_CONTACTS, READ_LOOKS
from chalicelib.capabilities.contacts.model import Purpose
from chalicelib.capabilities.contacts.service import (
    LookPage,
    read_contacts,
    read_looks_at_case,
    read_looks_of_day,
)
from chalicelib.domain.calendar import local_date
from chalicelib.domain.errors import CaseNotFound
from chalicelib.domain.parties import PartyKind, Side
from chalicelib.domain.roles import Actor, Role

operations: Final = Operations("contacts")

WhatFor = Annotated[Purpose, Place("query", "What you look for; it is recorded · 查看目的，将被记录")]
OnDay = Annotated[
    PastDay | None, Place("query", "A day in China, today if left out · 日期（北京时间），默认当日")
]
_PLACE: Final = r"[0-9A-Za-z:.+#-]{1,200}"


class ContactOut(Answer):
    """How a party is reached, unmasked."""

    party_id: str
    side: Side
    kind: PartyKind
    name: str
    phone: str
    address: str
    representatives: list[RepresentativeOut]
    earlier_phones: list[str] = Field(
        description="Numbers that were replaced, for whoever has to be told of that · 更正前的电话"
    )


class ContactListOut(Answer):
    """The contacts of all parties of a case."""

    items: list[ContactOut]


class LookOut(Answer):
    """A look at the contacts of a case: who, when, what for, and which fields of which parties."""

    look_id: str
    case_id: str
    at: InstantText
    role: Role
    subject: str
    purpose: str = Field(examples=["serve_papers"])
    fields: list[str]
    parties: list[str]


class LookListOut(Answer):
    """One page of looks, oldest first."""

    items: list[LookOut]
    next: str | None


@operations.get(
    "/v1/cases/{case_id}/contacts",
    "查看当事人联系方式",
    Answered(model=ContactListOut),
    actions=(READ_CONTACTS,),
    refusals=(CaseNotFound,),
)
def show_contacts(call: Call, case_id: CaseId, purpose: WhatFor) -> Reply:
    """Show the parties' names, phones and addresses unmasked, to those who handle the case.

    Who looked, at which fields and what for is kept for three years (个人信息保护法 54 to 56); if that can't
    be recorded, nothing is shown.
    """
    case, details = read_contacts(call.hub, call.actor, case_id, purpose)
    parties = {party.party_id: party for party in case.parties}
    shown = [
        ContactOut.of(entry, side=parties[entry.party_id].side, kind=parties[entry.party_id].kind)
        for entry in details
    ]
    return Reply(ContactListOut(items=shown), {"Cache-Control": "no-store"}, case_id=case_id)


@operations.get(
    "/v1/cases/{case_id}/contact-looks",
    "案件联系方式查看记录",
    Answered(model=LookListOut),
    actions=(READ_LOOKS,),
    refusals=(CaseNotFound, CursorRefused),
)
def list_looks_at_a_case(
    call: Call, case_id: CaseId, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
) -> Reply:
    """List who looked at the contacts of a case, oldest first."""
    listed = f"looks at {case_id}"
    page = read_looks_at_case(call.hub, call.actor, case_id, _after(call.actor, listed, cursor), limit)
    return _listed(call.actor, listed, page)


@operations.get(
    "/v1/contact-looks",
    "每日联系方式查看记录",
    Answered(model=LookListOut),
    actions=(READ_LOOKS,),
    refusals=(CursorRefused,),
)
def list_looks_of_a_day(
    call: Call, on: OnDay = None, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
) -> Reply:
    """List who looked at the contacts of your court's cases on a day in China, oldest first."""
    day = on or local_date(call.hub.clock.now())
    listed = f"looks of {day}"
    page = read_looks_of_day(call.hub, call.actor, day, _after(call.actor, listed, cursor), limit)
    return _listed(call.actor, listed, page)


def _after(reader: Actor, listed: str, cursor: str | None) -> str | None:
    return place_of(cursor, reader, listed, _PLACE)


def _listed(reader: Actor, listed: str, page: LookPage) -> Reply:
    following = cursor_for(reader, listed, page.after) if page.after else None
    return Reply(LookListOut(items=[LookOut.of(look) for look in page.looks], next=following))
