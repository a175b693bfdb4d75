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


@dataclass(frozen=True, slots=True)
class Ceiling:
    """A range of percentages, from `since` up to and including `until`, and where it is written."""

    name: str
    low: Decimal
    high: Decimal
    since: date
    until: date | None
    source: str


CEILINGS: Final = (
    Ceiling(ANNUAL, Decimal(0), Decimal(36), date(2004, 1, 1), None, "[policy]"),
    Ceiling(OVERDUE_MARKUP, Decimal(30), Decimal(50), date(2004, 1, 1), None, "银发〔2003〕251号"),
    Ceiling(MISUSE_MARKUP, Decimal(50), Decimal(100), date(2004, 1, 1), None, "银发〔2003〕251号"),
    Ceiling(TOTAL_BURDEN, Decimal(0), Decimal(24), date(2017, 8, 4), None, "法发〔2017〕22号 art. 2"),
    Ceiling(
        CARD_DAILY, Decimal("0.05"), Decimal("0.05"), date(1999, 3, 1), date(2016, 12, 31), "银发〔1999〕17号"
    ),
    Ceiling(
        CARD_DAILY,
        Decimal("0.035"),
        Decimal("0.05"),
        date(2017, 1, 1),
        date(2020, 12, 31),
        "银发〔2016〕111号",
    ),
    Ceiling(
        CARD_DAILY,
        Decimal(0),
        Decimal("0.05"),
        date(2021, 1, 1),
        None,
        "银发〔2020〕327号; the ceiling [policy]",
    ),
    Ceiling(
        CARD_BREACH_FEE,
        Decimal(5),
        Decimal(5),
        date(1999, 3, 1),
        date(2016, 12, 31),
        "银发〔1999〕17号（滞纳金）",
    ),
    Ceiling(
        CARD_BREACH_FEE,
        Decimal(0),
        Decimal(5),
        date(2017, 1, 1),
        None,
        "银发〔2016〕111号; the ceiling [policy]",
    ),
    Ceiling(
        LATE_PERFORMANCE,
        Decimal("0.0175"),
        Decimal("0.0175"),
        date(2014, 8, 1),
        None,
        "法释〔2014〕8号 art. 1",
    ),
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
