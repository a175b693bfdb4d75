"""How days, amounts and choices are written."""

from __future__ import annotations

from datetime import date

import pytest

from chalicelib.adapters.documents import wording
from chalicelib.domain.money import Money


@pytest.mark.parametrize(
    ("fen", "written"),
    [
        (0, "0.00"),
        (5, "0.05"),
        (-5, "-0.05"),
        (123456, "1,234.56"),
        (-123456, "-1,234.56"),
        (100000000, "1,000,000.00"),
    ],
)
def test_figures(fen: int, written: str) -> None:
    """Two decimals, thousands apart, the sign kept even below one yuan."""
    assert wording.figures(Money(fen)) == written


def test_amount_in_full() -> None:
    """Figures and capitals together."""
    assert wording.in_full(Money(10506)) == "人民币105.06元（大写：壹佰零伍元零陆分）"


def test_days() -> None:
    """A day as Chinese papers write it, or room to write one."""
    assert wording.day(date(2026, 5, 1)) == "2026年5月1日"
    assert wording.day(None).split("　") == ["", "", "", "", "年", "", "月", "", "日"]


def test_choices() -> None:
    """Exactly one box is ticked; what is stated follows the yes."""
    assert wording.choice(True) == "是☑　否☐"
    assert wording.choice(False) == "是☐　否☑"
    assert wording.stated("房产") == "是☑　否☐\n内容：房产"
    assert wording.stated(None) == wording.stated("") == "是☐　否☑"
    assert wording.or_nothing(None) == "无"
