"""What the centre did about a party's links: one issued on paper, or all of them revoked, by whom and when.

Promise: a record holds ids and times only. It is talk: its entry stands in the case's log. Downside: links in
messages leave no such record; the notices show that they were sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from chalicelib.capabilities.links.declaration import ISSUE_LINK
from chalicelib.domain.notices import NoticeKind, notice_of_talk
from chalicelib.domain.talk import Entry

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.domain.notices import PartyNotice
    from chalicelib.domain.roles import Role
    from chalicelib.domain.talk import Head

KIND: Final = "link"
"""What such a record is called in the log of talk."""


class LinkChange(StrEnum):
    """What was done."""

    ISSUED = "issued"  # 已签发纸质链接
    REVOKED = "revoked"  # 已撤销全部链接


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkAct:
    """An act of the centre about the links of a party."""

    done: LinkChange
    party_id: str
    at: datetime
    role: Role
    subject: str


def told_of(case_id: str, act: LinkAct, sequence: int) -> PartyNotice:
    """Return the notice that somebody was let in, by entry `sequence`, in the party's name."""
    values = {"act": str(ISSUE_LINK)}
    return notice_of_talk(case_id, sequence, act.party_id, NoticeKind.ACT_RECORDED, values)


def entry_of(case_id: str, act: LinkAct, head: Head, salt: str) -> Entry:
    """Return the act's entry in the log of talk, behind its `head`."""
    return Entry(
        case_id=case_id,
        sequence=head.sequence + 1,
        kind=KIND,
        at=act.at,
        role=act.role,
        subject=act.subject,
        data={"done": act.done, "party_id": act.party_id},
        salt=salt,
        previous=head.hash,
    ).sealed()
