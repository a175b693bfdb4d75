"""Answers read from the domain's values: what is written how, and what is refused instead of shown."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any

import pytest
from pydantic import ValidationError

from chalicelib.api.schemas.base import (
    AmountText,
    Answer,
    CapitalsText,
    DayText,
    InOrder,
    InstantText,
    PercentText,
    within,
)
from chalicelib.domain.money import Money


@dataclass(frozen=True, slots=True)
class Part:
    """What an answer has within."""

    amount: Any = Money(123456)
    day: Any = date(2026, 1, 31)
    unknown_to_the_answer: str = "13800001234"


@dataclass(frozen=True, slots=True)
class Whole:
    """What is shown."""

    part: Part = Part()
    at: Any = datetime(2026, 1, 31, 8, tzinfo=UTC)
    percent: Any = Decimal("10.8750")
    names: Any = frozenset({"r2", "a1", "r1"})


class PartOut(Answer):
    """The part, shown."""

    amount: AmountText
    day: DayText | None


class WholeOut(Answer):
    """The whole, shown."""

    part: PartOut
    total: CapitalsText = within("part", "amount")
    at: InstantText
    percent: PercentText
    names: Annotated[list[str], InOrder]


def test_each_kind_of_value_is_written_in_its_one_way() -> None:
    """Yuan with two decimals, days and instants in ISO 8601, percent without end zeros, sets in order."""
    assert WholeOut.of(Whole()).model_dump() == {
        "part": {"amount": "1234.56", "day": "2026-01-31"},
        "total": "壹仟贰佰叁拾肆元伍角陆分",
        "at": "2026-01-31T08:00:00+00:00",
        "percent": "10.875",
        "names": ["a1", "r1", "r2"],
    }


def test_what_is_given_beside_replaces_what_is_read() -> None:
    """Also the attribute of another name, which is then not looked for."""
    shown = WholeOut.of(Whole(), total=Money(100), part=Part(day=None))
    assert shown.part.day is None
    assert shown.total == "壹元整"


@pytest.mark.parametrize(
    "part", [Part(amount=1234.5), Part(amount=Decimal("1.00")), Part(amount=None), Part(day=20260131)]
)
def test_a_value_of_another_kind_is_never_shown(part: Part) -> None:
    """It is a mistake of the hub's, and no text that happens to look like an amount or a day."""
    with pytest.raises(ValidationError):
        PartOut.of(part)


def test_a_field_that_nobody_has_is_never_left_out() -> None:
    """Neither read nor given beside."""
    with pytest.raises(ValidationError):
        WholeOut.of(Part())
    with pytest.raises(AttributeError):
        WholeOut.of(Part(), at=datetime(2026, 1, 31, tzinfo=UTC))
