"""What the desk makes of an application for judicial confirmation (司法确认, 民事诉讼法 arts. 205-206).

Promise: pure; it knows the message, what was found wrong with the dossier and the die, nothing else. The 30
days are counted by law with a calendar that is not the hub's, so that the two counts check each other.
Downside: a court looks at the content itself, which a simulator can't; the die stands for that.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import chinese_calendar

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

WINDOW_DAYS: Final = 30
NEEDED: Final = frozenset({"mediation_agreement", "confirmation_application"})
"""Kinds of documents without which nobody can tell what was agreed and who asks."""
GROUNDS: Final = (
    "against_mandatory_law",
    "harms_others",
    "against_public_order",
    "not_voluntary",
    "content_unclear",
    "other",
)
_TEXTS: Final = {
    "document_mismatch": "材料摘要与清单不符",
    "dossier_unavailable": "卷宗无法调取",
}
_SATURDAY: Final = 5
_FIXED_HOLIDAYS: Final = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})
"""全国年节及纪念日放假办法 art. 2, for years whose table is not published yet."""


class Verdict(NamedTuple):
    """The ruling: without a ground the agreement is valid; `message` says why it is rejected."""

    ground: str | None
    message: str = ""

    @property
    def ruling(self) -> str:
        """The ruling's code in the contract."""
        return "rejected" if self.ground else "confirmed"


def examine(message: Mapping[str, Any], faults: Sequence[str], by_chance: str | None) -> Verdict:
    """Rule on an application.

    `faults` are the codes of what is wrong with the dossier; `by_chance` is the ground the die chose, if any.
    """
    if faults:
        ground = "other" if "dossier_unavailable" in faults else "content_unclear"
        return Verdict(ground, _TEXTS[faults[0]])
    if not {entry["kind"] for entry in message["manifest"]} >= NEEDED:
        return Verdict("content_unclear", "缺少调解协议书或司法确认申请书")
    in_force, applied = (
        date.fromisoformat(message["agreement"][name]) for name in ("in_force_on", "applied_on")
    )
    if not in_force <= applied <= last_day(in_force):
        return Verdict("other", "未在调解协议生效之日起三十日内申请")
    return Verdict(by_chance, "经审查不符合法律规定") if by_chance else Verdict(None)


def last_day(in_force: date) -> date:
    """Return the last day to apply: the 30th after `in_force`, or the next working day (art. 85)."""
    day = in_force + timedelta(days=WINDOW_DAYS)
    while not _is_working_day(day):
        day += timedelta(days=1)
    return day


def _is_working_day(day: date) -> bool:
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:  # a year whose holidays are not published yet
        return day.weekday() < _SATURDAY and (day.month, day.day) not in _FIXED_HOLIDAYS
