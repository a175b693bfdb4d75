"""The desk's ruling on an application for judicial confirmation (司法确认, 民事诉讼法 arts. 205-206).

Promise: pure; it uses only the message, the faults of the dossier and a ground chosen by chance. The 30
days are counted by law with a calendar that is not the hub's, so that the two counts check each other.
Downside: a real court examines the content, which a simulator can't; chance decides instead.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import chinese_calendar

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

WINDOW_DAYS: Final = 30
NEEDED: Final = frozenset({"mediation_agreement", "confirmation_application"})
"""Kinds of documents that show what was agreed and who applies; without them it is rejected."""
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

    `faults` are the codes of the dossier's faults; `by_chance` is a ground chosen at random, if any.
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
