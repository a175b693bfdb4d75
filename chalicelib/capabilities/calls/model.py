"""A page of calls that a centre has to make, and a message as it stands on record.

What a call and a message are made of stands with the notices of the domain.
"""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from chalicelib.domain.notices import NoticeKind, PhoneCall


@dataclass(frozen=True, slots=True, kw_only=True)
class CallPage:
    """Calls, the oldest first; `after` is the place where the list continues, None at its end."""

    calls: tuple[PhoneCall, ...]
    after: str | None


OWED: Final = "owed"
"""The state of a message that is still to be sent; what came of another is an `Outcome`."""
OVER: Final = "over"
"""The state of one that is sent or given up, of which an earlier release kept no outcome."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeOnRecord:
    """A message to one party, as it stands on record: no text, no phone, no code, no link.

    `asked_at` is when its cause happened, `ended_at` when it was handed to the gateway or given up; each is
    None where that has not come, or an earlier release kept no time. A code has `ended_at` alone.
    """

    party_id: str
    kind: NoticeKind
    state: str
    asked_at: datetime | None
    not_before: datetime | None
    ended_at: datetime | None


def in_order(told: Iterable[NoticeOnRecord]) -> tuple[NoticeOnRecord, ...]:
    """Return messages in the order of their times, those without any first."""
    return tuple(sorted(sorted(told, key=attrgetter("kind", "party_id")), key=_second))


def _second(each: NoticeOnRecord) -> float:
    at = each.asked_at or each.ended_at or each.not_before
    return at.timestamp() if at else 0.0
