"""The guide's table of conventions: every number in its examples is what the code computes, or an input.

A number that neither an input nor the code gives fails, and so does a row without a computation.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_DOWN, Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
import QuantLib

from chalicelib.adapters.calendar import load_calendar
from chalicelib.domain.agreement.default import declare_default, state_of
from chalicelib.domain.agreement.due_dates import MonthlyDates
from chalicelib.domain.agreement.negotiation import Negotiation
from chalicelib.domain.agreement.performance import Performance, opened, record
from chalicelib.domain.agreement.position import position
from chalicelib.domain.agreement.schedules import EqualPrincipal, LumpSum
from chalicelib.domain.agreement.settlement import Settlement, claimable
from chalicelib.domain.loan.burden import CAP_24, burden
from chalicelib.domain.loan.card import Overdraft
from chalicelib.domain.loan.card_terms import assess_card
from chalicelib.domain.loan.charges import cost
from chalicelib.domain.loan.components import Amounts, Component
from chalicelib.domain.loan.concession import Proposal, Repayment
from chalicelib.domain.loan.contract import Disbursement, Instalment, LoanContract, Prepayment
from chalicelib.domain.loan.day_count import DayCount
from chalicelib.domain.loan.debt import Debt
from chalicelib.domain.loan.late_performance import late_performance
from chalicelib.domain.loan.loan_terms import assess_loan
from chalicelib.domain.loan.rates import FixedRate
from chalicelib.domain.loan.schedule import monthly
from chalicelib.domain.money import Money
from chalicelib.domain.settlement_outcome import PerformanceState
from tests.unit.domain.agreement.support import BOOK, CALENDAR, CLAUSE, OWED, agreed, paid
from tests.unit.domain.loan.support import G1_CUT_OFF, G2_CUT_OFF, card, day, g1, g2, pay, yuan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from chalicelib.domain.agreement.draft import DefaultClause

PAGE: Final = (Path(__file__).parents[4] / "docs" / "guides" / "calculation.md").read_text(encoding="utf-8")
_TABLE: Final = PAGE.split("| convention · 约定 | example · 算例 |\n|---|---|\n")[1].split("\n\n")[0]
ROWS: Final = [tuple(cell.strip() for cell in line.strip("|").split(" | ")) for line in _TABLE.splitlines()]
_NUMBER: Final = re.compile(r"\d{4}-\d\d-\d\d|\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
_LINK: Final = re.compile(r"\[[^\]]*\]\([^)]*\)")
OPENED, MATURITY = day("2021-03-22"), day("2022-03-21")


@dataclass(frozen=True)
class Example:
    """What an example is given, and what the code makes of it, as the guide writes numbers."""

    given: str
    computed: tuple[object, ...]

    @property
    def numbers(self) -> set[str]:
        """Return all numbers that the example may have."""
        return set(_NUMBER.findall(self.given)) | self.results

    @property
    def results(self) -> set[str]:
        """Return the numbers that it must have."""
        return {_written(each) for each in self.computed}


def _written(value: object) -> str:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}" if value < 1000 else f"{value:,}"
    return f"{Decimal(str(value)):,}" if isinstance(value, Money) else str(value)


def _interest(count: DayCount) -> Example:
    segment = assess_loan(g1(count), [], G1_CUT_OFF).of(Component.INTEREST)[0]
    given = "100,000.00 at 7.25 % from 2021-03-22 to 2022-03-21" if count is DayCount.ACT_360 else ""
    return Example(given, (segment.days, segment.amount))


def _thirties() -> Example:
    start, end = day("2023-02-28"), day("2023-03-31")
    american = QuantLib.Thirty360(QuantLib.Thirty360.USA)
    days = american.dayCount(QuantLib.Date(28, 2, 2023), QuantLib.Date(31, 3, 2023))
    return Example("2023-02-28 to 2023-03-31", (DayCount.THIRTY_360.days(start, end), days))


def _rounding() -> Example:
    (segment,) = assess_loan(g1(), [], G1_CUT_OFF).of(Component.PENALTY_INTEREST)
    exact = Decimal(segment.line.base.fen) * segment.line.rate.percent * segment.days / 360 / 100 / 100
    shown = exact.quantize(Decimal("0.0001"), ROUND_DOWN)
    return Example(
        "100,000.00 x 10.875 % x 193/360", (segment.days, segment.line.rate.percent, shown, segment.amount)
    )


def _compounding() -> Example:
    first, second, *_ = assess_loan(g2(), [], G2_CUT_OFF).of(Component.COMPOUND_INTEREST)
    given = "150,000 at 5.80 % on 2024-06-20 to 2024-09-20 to 2025-06-30"
    return Example(given, (first.line.base, first.amount, second.line.rate.percent, second.amount))


def _compounding_of_interest_only() -> Example:
    compound = assess_loan(g1(), [], G1_CUT_OFF).of(Component.COMPOUND_INTEREST)
    given = "100,000 at 7.25 % from 2022-03-21 to 2022-09-30"
    return Example(given, tuple(x for each in compound for x in (each.amount, each.line.base)))


def _order() -> Example:
    costs = [cost(on=day("2022-09-01"), amount=yuan("500"), reference="c")]
    applied = assess_loan(g1(), [pay("2022-09-30", "7000")], G1_CUT_OFF, costs=costs).payments[0].applied
    met = (applied.costs, applied.compound_interest, applied.penalty_interest, applied.interest)
    assert sum(met, Money(0)) == yuan("7000")
    return Example("500.00 of costs, 7,000.00 paid on 2022-09-30", met)


def _waiver() -> Example:
    made = BOOK.version(1).concede("instalments", Proposal(repayment=Repayment.INSTALMENTS, days=30), OWED)
    penalty = (OWED.penalty_interest, made.waived.penalty_interest, made.kept.penalty_interest)
    return Example("50 %", penalty)


def _in_twelve_dues(prepayment: Prepayment = Prepayment.NEXT_DUES) -> LoanContract:
    opened = day("2025-01-01")
    dues = tuple(Instalment(on=date(2025, month, 28), amount=yuan("10000")) for month in range(1, 12))
    return g1(
        agreed_amount=yuan("120000"),
        disbursements=(Disbursement(on=opened, amount=yuan("120000")),),
        maturity=day("2025-12-28"),
        rates=(FixedRate(starts=opened, annual_percent=Decimal(6)),),
        interest_due=monthly(28),
        instalments=dues,
        prepayment=prepayment,
    )


def _a_day_early() -> Example:
    statement = assess_loan(_in_twelve_dues(), [pay("2025-01-27", "10520")], day("2025-01-29"))
    ahead = statement.payments[0].prepaid
    assert statement.owed.principal == Money(0)
    assert ahead.principal == yuan("10000")
    given = "120,000 at 6 %, 10,000 due each 28th; 10,520 paid on the 27th; on the 29th"
    return Example(given, (ahead.interest, statement.owed.interest))


def _from_the_end() -> Example:
    def due(term: Prepayment, on: str) -> Money:
        return assess_loan(_in_twelve_dues(term), [pay("2025-01-01", "30000")], day(on)).owed.principal

    last, spread = Prepayment.LAST_DUES, Prepayment.RE_SPREAD
    assert due(last, "2025-09-28") == due(last, "2025-12-28") == yuan("90000")  # the last three are gone
    each = due(spread, "2025-01-28")
    return Example("30,000 ahead of twelve dues of 10,000", (f"{each.fen // 100:,}",))


def _late_card() -> Example:
    days = [
        assess_card(card(), [], day(on)).overdue_days for on in ("2024-02-20", "2024-02-25", "2024-02-26")
    ]
    assert days == [0, 0, 1]
    given = "billed on the 5th, due 2024-02-25: on the 20th and 25th, on the 26th; 2025-11-26"
    return Example(given, (assess_card(card(), [], day("2025-11-26")).overdue_days,))


def _owed_card() -> Example:
    before, after = (assess_card(card(), [], day(on)).owed for on in ("2024-02-25", "2024-02-26"))
    found = (before.principal, before.interest, after.principal, after.interest, after.compound_interest)
    return Example("10,000 at 0.05 % from 2024-01-10: on 02-25, on 02-26 ", found)


def _cut_off() -> Example:
    paid_in = [pay("2024-03-20", "3000")]
    found = [
        assess_card(card(compounding=False), paid_in, day(on)).owed.principal
        for on in ("2024-03-20", "2024-03-21")
    ]
    assert found[0] == found[1]
    return Example("3,000 paid on 2024-03-20", tuple(found))


def _long_overdue() -> Example:
    overdraft = Overdraft(posted=day("2024-01-05"), due=day("2024-01-25"), amount=yuan("10000"))
    payments = [pay("2024-02-24", "2000"), pay("2024-06-13", "3000")]
    statement = assess_card(card(overdrafts=(overdraft,), compounding=False), payments, day("2024-07-05"))
    first, second = (each.applied for each in statement.payments)
    assert second == Amounts(principal=yuan("3000"))
    found = (first.interest, first.principal, statement.owed.principal, statement.owed.interest)
    return Example("10,000 due 2024-01-25, 2,000 on 02-24, 3,000 on 06-13: on 07-05", found)


def _cap() -> Example:
    rate = (FixedRate(starts=OPENED, annual_percent=Decimal(36)),)
    statement = assess_loan(g1(rates=rate), [], G1_CUT_OFF)
    found = burden(statement, CAP_24)
    cut = (found.cut.compound_interest, found.cut.penalty_interest)
    assert sum(cut, Money(0)) == found.excess
    days = (G1_CUT_OFF - OPENED).days
    return Example("36 %, 100,000", (days, found.charged, found.limit, found.excess, *cut))


def _fees_in_a_plan() -> Example:
    dates = MonthlyDates(year=2026, month=4, day=15, count=12)
    plan = EqualPrincipal(dates=dates, annual_percent=Decimal(24)).plan(yuan("13200"), yuan("1200"))
    return Example("24 % on 12,000 and 1,200 of fees", (plan.lines[0].interest,))


def _doubled() -> Example:
    found = late_performance(Amounts(principal=yuan("101000")), day("2026-03-31"), day("2026-04-30"))
    assert found.daily_percent == Decimal("0.0175")
    return Example("101,000 for 30 days", (found.days, found.amount))


def _tolerance() -> Example:
    def ended(clause: DefaultClause) -> Performance:
        agreement = agreed(LumpSum(day("2026-04-15")), default_clause=clause)
        return record(
            opened(agreement), paid("2026-04-15", agreement.plan.total - yuan("0.02")), day("2030-01-01")
        )

    lenient, strict = (ended(replace(CLAUSE, tolerance=yuan(each))) for each in ("1", "0"))
    assert state_of(lenient) is PerformanceState.PERFORMED
    total = lenient.agreement.plan.total
    back = position(declare_default(strict, day("2026-04-21"), CALENDAR)).clawback
    return Example("tolerance 1.00", (total, total - yuan("0.02"), back))


def _resumes() -> Example:
    agreement = agreed(default_clause=replace(CLAUSE, resumes=True))
    entries = (paid("2022-10-10", "500", "early"), paid("2026-04-10", "1000", "new"))
    debt = Debt(contract=g1(), payments=entries[:1])
    defaulted = declare_default(
        Performance(agreement=agreement, entries=entries[1:]), day("2026-05-25"), CALENDAR
    )
    settlement = Settlement(
        negotiation=Negotiation(owed=OWED), agreement=agreement, entries=defaulted.entries
    )
    owed = claimable(settlement, day("2026-06-30"), debt)
    given = "500.00 paid on 2022-10-10 and 1,000.00 on 2026-04-10, as of 2026-06-30"
    return Example(given, (owed.penalty_interest, owed.compound_interest))


def _holiday() -> Example:
    calendar = replace(load_calendar(), years=load_calendar().years - {2027})
    return Example("2027-02-08", (f"{calendar.roll(day('2027-02-08')).day}",))


EXAMPLES: Final[dict[str, Callable[[], Example]]] = {
    "Days are half-open": _thirties,
    "`act/360`": lambda: _interest(DayCount.ACT_360),
    "`act/365`": lambda: _interest(DayCount.ACT_365),
    "`30/360`": lambda: _interest(DayCount.THIRTY_360),
    "A line is rounded once": _rounding,
    "Unpaid interest bears": _compounding,
    "Penalty interest bears none": _compounding_of_interest_only,
    "A payment meets costs": _order,
    "A waiver rounds": _waiver,
    "Early principal meets": _a_day_early,
    "… from the end": _from_the_end,
    "A card's interest is billed": _late_card,
    "Before that nothing is due": _owed_card,
    "The cut-off bills nothing": _cut_off,
    "On a card more than 90 days": _long_overdue,
    "A line of 24 %": _cap,
    "Plan interest runs on": _fees_in_a_plan,
    "Doubled interest": _doubled,
    "Short by no more": _tolerance,
    "After a default": _resumes,
    "Statutory holidays": _holiday,
}


def _of(rows: Iterable[tuple[str, ...]], convention: str) -> str:
    (example,) = (row[1] for row in rows if row[0].startswith(convention))
    return _LINK.sub("", example)


def test_every_convention_has_an_example_that_is_computed() -> None:
    """Each row is one of those here, and each of those here a row."""
    assert len(ROWS) == len(EXAMPLES)
    assert all(len(row) == 2 for row in ROWS)
    assert [next((name for name in EXAMPLES if row[0].startswith(name)), row[0]) for row in ROWS] == list(
        EXAMPLES
    )


@pytest.mark.parametrize("convention", EXAMPLES)
def test_the_numbers_of_an_example_are_what_the_code_computes(convention: str) -> None:
    """All that the code gives stand in it, and nothing else but what it is given."""
    example, shown = EXAMPLES[convention](), set(_NUMBER.findall(_of(ROWS, convention)))
    assert example.results <= shown
    assert shown <= example.numbers
