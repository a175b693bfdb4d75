"""What is stored as JSON: one rule for each type, and every stored type comes back as it went in."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.adapters.dynamo.structure import Unreadable, form_of, from_json, to_json
from chalicelib.domain.agreement.settlement import Settlement
from chalicelib.domain.case import Case
from chalicelib.domain.court_commands import CourtCommand
from chalicelib.domain.loan.concession import Tier
from chalicelib.domain.loan.debt import Debt
from chalicelib.domain.loan.legal import COSTS_OF_ENFORCING, LegalBasis
from chalicelib.domain.loan.limits import PBC_2003_251
from chalicelib.domain.money import Money
from tests.support.debts import debts
from tests.support.settlements import settlements
from tests.support.tiers import TIERS
from tests.unit.domain.loan.support import g1
from tests.unit.dynamo.strategies import CASES


class Colour(StrEnum):
    """An enumeration."""

    RED = "red"


@dataclass(frozen=True)
class Row:
    """A class that is stored as a row."""

    stored_as_row: ClassVar = True
    on: date
    amount: Money
    remark: str = "-"


@dataclass(frozen=True)
class Square:
    """One kind of shape."""

    kind: ClassVar = "square"
    side: int


@dataclass(frozen=True)
class Circle:
    """Another kind of shape."""

    kind: ClassVar = "circle"
    radius: int


@dataclass(frozen=True, kw_only=True)
class Form:
    """A class with every sort of field."""

    needed: int | None
    names: tuple[str, ...]
    renamed: str = field(default="x", metadata={"stored": "old_name"})
    shape: Square | Circle | None = None
    ids: frozenset[str] = frozenset()
    rows: tuple[Row, ...] = ()
    count: int = 1
    passing: str = field(default="", metadata={"stored": None})


LITERALS: list[tuple[Any, Any, Any]] = [
    (str, "海滨", "海滨"),
    (int, 7, 7),
    (bool, False, False),
    (Any, {"a": [1, None]}, {"a": [1, None]}),
    (Money, Money(-5), -5),
    (Decimal, Decimal("4.20"), "4.20"),
    (date, date(2026, 3, 1), "2026-03-01"),
    (datetime, datetime(2026, 3, 1, 9, 30, tzinfo=UTC), "2026-03-01T09:30:00+00:00"),
    (
        datetime,
        datetime(2026, 3, 1, 9, 30, 0, 250_000, tzinfo=timezone(timedelta(hours=8))),
        "2026-03-01T09:30:00.250000+08:00",
    ),
    (Colour, Colour.RED, "red"),
    (LegalBasis, COSTS_OF_ENFORCING, "costs_of_enforcing"),
    (tuple[Colour, ...], (Colour.RED, Colour.RED), ["red", "red"]),
    (frozenset[str], frozenset({"b", "a"}), ["a", "b"]),
    (Mapping[Colour, Money], {Colour.RED: Money(1)}, {"red": 1}),
    (str | None, None, None),
    (Row, Row(date(2026, 3, 1), Money(5), "x"), ["2026-03-01", 5, "x"]),
    (Square, Square(2), {"side": 2}),
    (Square | Circle, Circle(2), {"kind": "circle", "radius": 2}),
    (Form, Form(needed=None, names=()), {"names": [], "old_name": "x", "count": 1}),
    (
        Form,
        Form(needed=0, names=("a",), renamed="y", shape=Square(1), ids=frozenset("a"), count=2),
        {
            "needed": 0,
            "names": ["a"],
            "old_name": "y",
            "shape": {"kind": "square", "side": 1},
            "ids": ["a"],
            "count": 2,
        },
    ),
]


@pytest.mark.parametrize(("annotation", "value", "stored"), LITERALS, ids=range(len(LITERALS)))
def test_each_type_has_its_rule(annotation: Any, value: Any, stored: Any) -> None:
    """It is written as the literal, and read back as the value, of the same type."""
    assert to_json(annotation, value) == stored
    back = from_json(annotation, stored, "value")
    assert (back, type(back)) == (value, type(value))


def test_what_a_later_release_added_is_ignored_and_what_is_missing_has_its_default() -> None:
    """In an object by name; in a row, which grows at its end, by place."""
    assert from_json(Square, {"side": 1, "added": 2}, "value") == Square(1)
    assert from_json(Row, ["2026-03-01", 5, "x", "added"], "value") == Row(date(2026, 3, 1), Money(5), "x")
    assert from_json(Row, ["2026-03-01", 5], "value") == Row(date(2026, 3, 1), Money(5), "-")


@pytest.mark.parametrize(
    ("annotation", "stored", "path"),
    [
        (Form, {"names": ["a", 1]}, r"value\.names\.1: "),
        (Form, {}, r"value\.names: "),
        (Form, {"names": [], "old_name": None}, r"value\.old_name: "),
        (Form, {"names": [], "rows": [["2026-02-30", 1]]}, r"value\.rows\.0\.on: .*day"),
        (Form, {"names": [], "shape": {"kind": "star", "side": 1}}, r"value\.shape: .*star"),
        (Form, {"names": [], "shape": {"side": 1}}, r"value\.shape: .*kind"),
        (int, True, "value: .*True is not of type int"),
        (Money, 1.5, r"value: .*1\.5 is not of type int"),
        (Decimal, "much", "value: "),
        (Colour, "blue", "value: .*blue"),
        (Mapping[str, Money], {"a": "1"}, r"value\.a: "),
        (LegalBasis, "hearsay", "value: .*hearsay"),
    ],
    ids=range(12),
)
def test_what_is_no_value_of_its_type_is_refused_with_the_path_to_it(
    annotation: Any, stored: Any, path: str
) -> None:
    """Nothing is taken for something else."""
    with pytest.raises(Unreadable, match=path):
        from_json(annotation, stored, "value")


def test_a_field_that_is_not_stored_has_its_default() -> None:
    """Whatever it was, and whatever stands under its name."""
    written = to_json(Form, Form(needed=1, names=(), passing="here"))
    assert "passing" not in written
    assert from_json(Form, {**written, "passing": "here"}, "value") == Form(needed=1, names=())


def test_a_type_without_a_rule_is_refused() -> None:
    """Before anything of it is stored: a float would lose fen."""
    with pytest.raises(TypeError, match="float"):
        form_of(tuple[float, ...])


def test_an_instant_without_an_offset_is_refused() -> None:
    """A time that could mean two instants is never stored."""
    with pytest.raises(ValueError, match="offset"):
        to_json(datetime, datetime(2026, 1, 1))  # noqa: DTZ001 - that is the point


def through_json(annotation: Any, value: Any) -> Any:
    """Write a value as text and read it; a float in the text is an error."""

    def refused(number: str) -> None:
        raise AssertionError(number)

    text = json.dumps(to_json(annotation, value))
    return from_json(annotation, json.loads(text, parse_float=refused), "value")


def survives(annotation: Any, value: Any) -> None:
    """Check that a value comes back as it was: percentages with their digits, a schedule of its class."""
    back = through_json(annotation, value)
    assert (back, repr(back)) == (value, repr(value))


@given(CASES)
def test_a_case_survives(case: Case) -> None:
    """Every field of every case; an event's hash depends on how a time was written."""
    back = through_json(Case, case)
    assert back == case
    assert back.filed_at.isoformat() == case.filed_at.isoformat()


@given(settlements)
def test_a_settlement_survives(settlement: Settlement) -> None:
    """Offers, answers, agreement, entries and what is carried; who signs is a set, in no order."""
    assert through_json(Settlement, settlement) == settlement
    survives(Settlement, replace(settlement, signing=None))


@given(debts())
def test_a_debt_survives(debt: Debt) -> None:
    """Every option of both kinds of contract, the history, the quotes and the interruptions."""
    survives(Debt, debt)


@given(TIERS)
def test_tiers_survive(tiers: tuple[Tier, ...]) -> None:
    """A percentage keeps its digits, so what was published is what is shown."""
    survives(tuple[Tier, ...], tiers)


@given(st.one_of(*map(st.from_type, get_args(CourtCommand))))
def test_what_a_court_asks_survives(command: CourtCommand) -> None:
    """Each of the four kinds."""
    survives(CourtCommand, command)


def test_a_contract_keeps_the_limits_it_was_judged_by() -> None:
    """A contract that passed wider limits is read again, although today's would refuse it."""
    wide = replace(PBC_2003_251, overdue_high=Decimal(80))
    survives(Debt, Debt(contract=g1(limits=wide, overdue_markup_percent=Decimal(70))))
