"""Debts at random, and as a bank writes them in JSON.

Promise: what the arithmetic's strategies draw becomes a whole debt here, rates on the LPR included;
`written` is made from the documentation, not from the schemas, and shares nothing with them.
Downside: a new option of a contract needs its line here, or no test sends it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from hypothesis import strategies as st

from chalicelib.domain.loan.card import CardContract
from chalicelib.domain.loan.debt import Debt
from chalicelib.domain.loan.limitation import Interruption, InterruptionKind
from chalicelib.domain.loan.lpr import LprPublication, LprTable, Tenor
from chalicelib.domain.loan.rates import FixedRate, LprRate, Reset
from chalicelib.domain.loan.schedule import EVERY_MONTH, LAST_OF_QUARTER, ExplicitDays, MonthDay
from chalicelib.domain.money import Money
from tests.unit.domain.loan.strategies import OPENS, after, cards, contracts, cost_lists, payment_lists

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    from chalicelib.domain.loan.contract import LoanContract
    from chalicelib.domain.loan.rates import RateTerm
    from chalicelib.domain.loan.schedule import InterestSchedule

    Draw = Callable[[st.SearchStrategy[Any]], Any]

_EVERY_MONTH: Final = timedelta(days=30)
LAST_DAY: Final = OPENS + timedelta(days=1300)
"""The last day of any entry in a random debt."""


def _quotes(percents: list[Decimal]) -> LprTable:
    first = OPENS - timedelta(days=40)
    return LprTable(
        tuple(
            LprPublication(on=first + number * _EVERY_MONTH, one_year=percent, five_years=percent + 1)
            for number, percent in enumerate(percents)
        )
    )


tables: Final = st.lists(st.decimals(3, 5, places=2), min_size=50, max_size=50).map(_quotes)
interruptions: Final = st.lists(
    st.builds(
        lambda kind, on, days, number: Interruption(
            kind=kind,
            on=on,
            evidence=f"e-{number}",
            ended_on=on + timedelta(days=days) if kind.goes_on and days else None,
        ),
        st.sampled_from(InterruptionKind),
        after(0, 1200),
        st.integers(0, 90),
        st.integers(0, 9),
    ),
    max_size=4,
).map(tuple)
floating: Final = st.builds(
    LprRate,
    starts=st.just(OPENS),
    priced_on=st.integers(0, 9).map(lambda days: OPENS - timedelta(days=days)),
    tenor=st.sampled_from(Tenor),
    spread_bp=st.integers(-200, 500),
    reset=st.sampled_from(Reset),
    lookback_days=st.integers(0, 3),
)
half_yearly: Final = st.integers(1, 31).map(lambda day: MonthDay(day, (6, 12)))


@st.composite
def _loans(draw: Draw) -> LoanContract:
    contract: LoanContract = draw(contracts())
    if draw(st.booleans()):
        contract = replace(contract, rates=(draw(floating), *contract.rates[1:]))
    if draw(st.booleans()):
        contract = replace(contract, interest_due=draw(half_yearly))
    if not contract.instalments and draw(st.booleans()):
        paid_out = (replace(paid, withheld=Money(paid.amount.fen // 10)) for paid in contract.disbursements)
        contract = replace(contract, disbursements=tuple(paid_out))
    return contract


@st.composite
def debts(draw: Draw) -> Debt:
    """Draw a debt of either kind, with a history and enough quotes for any day up to LAST_DAY."""
    return Debt(
        contract=draw(st.one_of(_loans(), cards())),
        payments=tuple(draw(payment_lists())),
        costs=tuple(draw(cost_lists())),
        lpr=draw(tables),
        interruptions=draw(interruptions),
    )


def written(debt: Debt) -> dict[str, Any]:
    """Write a debt as a bank sends it."""
    return {
        "contract": _card(debt.contract) if isinstance(debt.contract, CardContract) else _loan(debt.contract),
        "payments": [_entry(paid.on, paid.amount, paid.reference) for paid in debt.payments],
        "costs": [_entry(spent.on, spent.amount, spent.reference) for spent in debt.costs],
        "lpr": [
            {
                "on": str(each.on),
                "one_year": _percent(each.one_year),
                "five_years": _percent(each.five_years),
            }
            for each in debt.lpr.publications
        ],
        "interruptions": [
            {
                "kind": each.kind.value,
                "on": str(each.on),
                "evidence": each.evidence,
                "ended_on": _day(each.ended_on),
            }
            for each in debt.interruptions
        ],
    }


def _loan(loan: LoanContract) -> dict[str, Any]:
    return {
        "kind": "loan",
        "agreed_amount": str(loan.agreed_amount),
        "disbursements": [
            {"on": str(paid.on), "amount": str(paid.amount), "withheld": str(paid.withheld)}
            for paid in loan.disbursements
        ],
        "maturity": str(loan.maturity),
        "day_count": loan.day_count.value,
        "rates": [_rate(term) for term in loan.rates],
        "interest_due": _schedule(loan.interest_due),
        "overdue_markup_percent": _percent(loan.overdue_markup_percent),
        "misuse_markup_percent": None
        if loan.misuse_markup_percent is None
        else _percent(loan.misuse_markup_percent),
        "misused_since": _day(loan.misused_since),
        "instalments": [{"on": str(part.on), "amount": str(part.amount)} for part in loan.instalments],
        "compounding": loan.compounding.value,
        "compound_rate": loan.compound_rate.value,
        "allocation_order": [component.value for component in loan.allocation_order],
        "prepayment": loan.prepayment.value,
        "accelerated_on": _day(loan.accelerated_on),
    }


def _rate(term: RateTerm) -> dict[str, Any]:
    if isinstance(term, FixedRate):
        return {
            "kind": "fixed",
            "starts": str(term.starts),
            "annual_percent": _percent(term.annual_percent),
        }
    return {
        "kind": "lpr",
        "starts": str(term.starts),
        "priced_on": str(term.priced_on),
        "tenor": term.tenor.value,
        "spread_bp": term.spread_bp,
        "reset": term.reset.value,
        "lookback_days": term.lookback_days,
    }


def _schedule(schedule: InterestSchedule) -> dict[str, Any]:
    if isinstance(schedule, ExplicitDays):
        return {"kind": "explicit", "days": [str(day) for day in schedule.days]}
    kinds = {EVERY_MONTH: "monthly", LAST_OF_QUARTER: "quarterly"}
    if schedule.months in kinds:
        return {"kind": kinds[schedule.months], "day": schedule.day}
    return {"kind": "in_months", "day": schedule.day, "months": list(schedule.months)}


def _card(card: CardContract) -> dict[str, Any]:
    return {
        "kind": "card",
        "daily_percent": _percent(card.daily_percent),
        "statement_day": card.statement_day,
        "day_count": card.day_count.value,
        "overdrafts": [
            {"posted": str(drawn.posted), "due": str(drawn.due), "amount": str(drawn.amount)}
            for drawn in card.overdrafts
        ],
        "compounding": card.compounding,
        "breach_fee_percent": _percent(card.breach_fee_percent),
        "breach_fee_low": str(card.breach_fee_low),
        "missed_minimums": [
            {"due": str(each.due), "unpaid": str(each.unpaid), "reference": each.reference}
            for each in card.missed_minimums
        ],
        "fees": [_entry(fee.on, fee.amount, fee.reference) for fee in card.fees],
        "allocation_order": [component.value for component in card.allocation_order],
        "principal_first_after_days": card.principal_first_after_days,
    }


def _entry(on: date, amount: object, reference: str) -> dict[str, str]:
    return {"on": str(on), "amount": str(amount), "reference": reference}


def _percent(percent: Decimal) -> str:
    return format(percent, "f")


def _day(day: date | None) -> str | None:
    return None if day is None else str(day)
