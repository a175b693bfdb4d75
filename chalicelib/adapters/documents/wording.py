"""How documents write days, amounts, ticked boxes and blanks.

Promise: `in_full` writes an amount in figures and in capitals (大写), `day` a day as 2026年5月1日; what is
not known becomes 无 or empty space to write in. Only `labelled` leaves it out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chalicelib.adapters.documents.views.common import BLANK
from chalicelib.domain.loan.capitals import in_capitals
from chalicelib.domain.loan.day_count import DayCount

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from decimal import Decimal

    from chalicelib.adapters.documents.views.common import Blank, Stated
    from chalicelib.domain.money import Money

DAY_COUNTS: Final[Mapping[DayCount, str]] = {
    DayCount.ACT_360: "实际天数/360",
    DayCount.ACT_365: "实际天数/365",
    DayCount.THIRTY_360: "每月30天/360（30E/360）",
}
NOTHING: Final = "无"
BLANK_DAY: Final = "　　　　年　　月　　日"
BLANK_TEXT: Final = "　" * 12
_TICKED, _EMPTY = "☑", "☐"
NOT_TICKED: Final = f"是{_EMPTY}　否{_EMPTY}"


def day(on: date | None) -> str:
    """Write a day as 2026年5月1日, or empty space to write one in."""
    return f"{on.year}年{on.month}月{on.day}日" if on else BLANK_DAY


def figures(amount: Money) -> str:
    """Write an amount in figures, with commas between thousands: 1,234.50."""
    yuan, fen = divmod(abs(amount.fen), 100)
    return f"{'-' if amount.fen < 0 else ''}{yuan:,}.{fen:02d}"


def yuan(amount: Money) -> str:
    """Write an amount in figures with its unit."""
    return f"{figures(amount)}元"


def in_full(amount: Money) -> str:
    """Write an amount in figures and in capitals. Raises AmountOutOfBounds if it is negative."""
    return f"人民币{figures(amount)}元（大写：{in_capitals(amount)}）"


def percent(value: Decimal) -> str:
    """Write a percentage without zeros at the end of its fraction: 7.25%, 10%."""
    # `normalize` would write 10 as 1E+1.
    text = f"{value:f}"
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text}%"


def choice(chosen: bool | Blank) -> str:
    """Write a yes-or-no question's answer as forms do; BLANK leaves both boxes empty."""
    return boxes(("是", chosen is True), ("否", chosen is False))


def stated(text: Stated) -> str:
    """Tick 是 and write what is stated, or tick 否, as the forms ask 是否; BLANK leaves both boxes empty."""
    if text is BLANK:
        return NOT_TICKED
    return f"{choice(True)}\n内容：{text}" if text else choice(False)


def or_nothing(text: str | None) -> str:
    """Write a text, or 无."""
    return text or NOTHING


def labelled(*pairs: tuple[str, str | None]) -> str:
    """Write "label：value" line by line; a pair whose value is not known is left out."""
    return "\n".join(f"{label}：{value}" for label, value in pairs if value)


def asked(*pairs: tuple[str, str | None]) -> str:
    """Write "label：value" line by line; behind the label of what is not known there is room to write."""
    return "\n".join(f"{label}：{value or ''}" for label, value in pairs)


def boxes(*ticks: tuple[str, bool]) -> str:
    """Write boxes with their labels in one line, those ticked that are."""
    return "　".join(f"{label}{_box(ticked)}" for label, ticked in ticks)


def _box(ticked: bool) -> str:
    return _TICKED if ticked else _EMPTY
