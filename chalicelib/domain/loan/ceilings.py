"""Legal ceilings and markups by the days on which they were in force, each with its source.

Promise: one table; a rule that ended stays in it with its last day, so that an old contract is judged by the
law of its time. `None` as `until`: still in force. Where no statute names a number, the source says [policy].
Downside: it is changed with a release, not while the hub runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

ANNUAL: Final = "annual"  # 贷款年利率
OVERDUE_MARKUP: Final = "overdue_markup"  # 逾期罚息加收
MISUSE_MARKUP: Final = "misuse_markup"  # 挪用罚息加收
TOTAL_BURDEN: Final = "total_burden"  # 息费总计年利率
CARD_DAILY: Final = "card_daily"  # 信用卡透支日利率
CARD_BREACH_FEE: Final = "card_breach_fee"  # 信用卡违约金（滞纳金）占最低还款额未还部分
LATE_PERFORMANCE: Final = "late_performance"  # 加倍部分债务利息日利率


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceiling:
    """A range of percentages, from `since` up to and including `until`, and where it is written."""

    name: str
    low: Decimal
    high: Decimal
    since: date
    until: date | None
    source: str


def _row(name: str, low: str, high: str, since: str, until: str | None, source: str) -> Ceiling:
    return Ceiling(
        name=name,
        low=Decimal(low),
        high=Decimal(high),
        since=date.fromisoformat(since),
        until=None if until is None else date.fromisoformat(until),
        source=source,
    )


CEILINGS: Final = (
    _row(ANNUAL, "0", "36", "2004-01-01", None, "[policy]"),
    _row(OVERDUE_MARKUP, "30", "50", "2004-01-01", None, "银发〔2003〕251号"),
    _row(MISUSE_MARKUP, "50", "100", "2004-01-01", None, "银发〔2003〕251号"),
    _row(TOTAL_BURDEN, "0", "24", "2017-08-04", None, "法发〔2017〕22号 art. 2"),
    _row(CARD_DAILY, "0.05", "0.05", "1999-03-01", "2016-12-31", "银发〔1999〕17号"),
    _row(CARD_DAILY, "0.035", "0.05", "2017-01-01", "2020-12-31", "银发〔2016〕111号"),
    _row(CARD_DAILY, "0", "0.05", "2021-01-01", None, "银发〔2020〕327号; the ceiling [policy]"),
    _row(CARD_BREACH_FEE, "5", "5", "1999-03-01", "2016-12-31", "银发〔1999〕17号（滞纳金）"),
    _row(CARD_BREACH_FEE, "0", "5", "2017-01-01", None, "银发〔2016〕111号; the ceiling [policy]"),
    _row(LATE_PERFORMANCE, "0.0175", "0.0175", "2014-08-01", None, "法释〔2014〕8号 art. 1"),
)


def in_force(name: str, day: date) -> Ceiling:
    """Return the ceiling in force on a day; LookupError if none was."""
    for row in CEILINGS:
        if row.name == name and row.since <= day and (row.until is None or day <= row.until):
            return row
    raise LookupError(f"no rule on {name} was in force on {day}")


def today(name: str) -> Ceiling:
    """Return the ceiling of a name that has not ended."""
    return next(row for row in CEILINGS if row.name == name and row.until is None)
