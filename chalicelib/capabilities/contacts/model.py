"""A look at personal data (查看个人信息): who read which fields of whom, when, and what for.

Promise: a look holds ids and codes only. It is talk: its entry in the case's log has a salted digest of it,
so that a look that was altered or taken away shows; the look is kept for three years, its entry stays.
Source: 个人信息保护法 51, 54 to 56 (records of processing, kept for three years).
Downside: the log says that somebody looked, not whether the purpose was true.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from chalicelib.domain.hashing import salted_digest
from chalicelib.domain.talk import Entry

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.domain.roles import Role
    from chalicelib.domain.talk import Head

KIND: Final = "look"
"""What a look is called in the log of talk."""
KEPT_SECONDS: Final = (3 * 365 + 1) * 86_400
"""Three years of real time; one of them may be a leap year."""
SHOWN: Final = ("name", "phone", "address", "representatives", "earlier_phones")
"""The fields of a party that contacts show whole; numbers of papers and accounts are not among them."""


class Purpose(StrEnum):
    """What somebody looks at a party's contacts for; a closed list, so that no text about people is sent."""

    ARRANGE_MEDIATION = "arrange_mediation"  # 联系调解
    VERIFY_IDENTITY = "verify_identity"  # 核实身份
    SERVE_PAPERS = "serve_papers"  # 送达材料
    FOLLOW_UP_PERFORMANCE = "follow_up_performance"  # 跟进履行
    CORRECT_DETAILS = "correct_details"  # 更正信息
    ANSWER_A_COMPLAINT = "answer_a_complaint"  # 处理异议或投诉


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Who saw which fields of which parties of a case; nothing that was seen is in it.

    `purpose` is the code that was given: one of a later release is read as it stands.
    """

    look_id: str
    case_id: str
    at: datetime
    role: Role
    subject: str
    purpose: str
    fields: tuple[str, ...]
    parties: tuple[str, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Salts:
    """Two salts of 128 random bits, in hex: one for the look's entry, one for the digest of what it was."""

    entry: str
    look: str


def entry_of(look: Look, head: Head, salts: Salts) -> Entry:
    """Return the look's entry in the log of talk, behind its `head`."""
    seen = {"purpose": look.purpose, "fields": list(look.fields), "parties": list(look.parties)}
    return Entry(
        case_id=look.case_id,
        sequence=head.sequence + 1,
        kind=KIND,
        at=look.at,
        role=look.role,
        subject=look.subject,
        data={"look_id": look.look_id, "look": salted_digest(salts.look, seen)},
        salt=salts.entry,
        previous=head.hash,
    ).sealed()
