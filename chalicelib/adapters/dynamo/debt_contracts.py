"""The contracts' part of the debt's codec: a loan or a card, told apart by `kind`.

Promise: as in `debt_codec`. Downside: what the domain gives a default is stored as it was, default or not.
"""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeVar

from chalicelib.domain.loan.card import CardContract, MissedMinimum, Overdraft, ServiceFee
from chalicelib.domain.loan.components import Component
from chalicelib.domain.loan.contract import (
    Compounding,
    CompoundRate,
    Disbursement,
    Instalment,
    LoanContract,
)
from chalicelib.domain.loan.day_count import DayCount
from chalicelib.domain.loan.limits import CardLimits, RateLimits
from chalicelib.domain.loan.lpr import Tenor
from chalicelib.domain.loan.rates import FixedRate, LprRate, Reset
from chalicelib.domain.loan.schedule import ExplicitDays, MonthDay
from chalicelib.domain.money import Money

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chalicelib.domain.loan.rates import RateTerm
    from chalicelib.domain.loan.schedule import InterestSchedule

_LOAN, _CARD = "loan", "card"

L = TypeVar("L", RateLimits, CardLimits)


def encode_contract(contract: LoanContract | CardContract) -> dict[str, Any]:
    """Write a contract."""
    return _encode_card(contract) if isinstance(contract, CardContract) else _encode_loan(contract)


def decode_contract(stored: Mapping[str, Any]) -> LoanContract | CardContract:
    """Read a contract."""
    return _decode_card(stored) if stored["kind"] == _CARD else _decode_loan(stored)


def _encode_loan(loan: LoanContract) -> dict[str, Any]:
    return {
        "kind": _LOAN,
        "agreed_amount": loan.agreed_amount.fen,
        "disbursements": [[str(d.on), d.amount.fen, d.withheld.fen] for d in loan.disbursements],
        "maturity": str(loan.maturity),
        "day_count": str(loan.day_count),
        "rates": [_encode_rate(term) for term in loan.rates],
        "interest_due": _encode_schedule(loan.interest_due),
        "overdue_markup_percent": str(loan.overdue_markup_percent),
        "misuse_markup_percent": _text(loan.misuse_markup_percent),
        "instalments": [[str(part.on), part.amount.fen] for part in loan.instalments],
        "compounding": str(loan.compounding),
        "compound_rate": str(loan.compound_rate),
        "allocation_order": _names(loan.allocation_order),
        "limits": _encode_limits(loan.limits),
        "misused_since": _text(loan.misused_since),
        "accelerated_on": _text(loan.accelerated_on),
    }


def _decode_loan(stored: Mapping[str, Any]) -> LoanContract:
    misuse = stored["misuse_markup_percent"]
    return LoanContract(
        agreed_amount=Money(stored["agreed_amount"]),
        disbursements=tuple(
            Disbursement(on=date.fromisoformat(on), amount=Money(amount), withheld=Money(withheld))
            for on, amount, withheld in stored["disbursements"]
        ),
        maturity=date.fromisoformat(stored["maturity"]),
        day_count=DayCount(stored["day_count"]),
        rates=tuple(_decode_rate(term) for term in stored["rates"]),
        interest_due=_decode_schedule(stored["interest_due"]),
        overdue_markup_percent=Decimal(stored["overdue_markup_percent"]),
        misuse_markup_percent=None if misuse is None else Decimal(misuse),
        instalments=tuple(
            Instalment(on=date.fromisoformat(on), amount=Money(amount))
            for on, amount in stored["instalments"]
        ),
        compounding=Compounding(stored["compounding"]),
        compound_rate=CompoundRate(stored["compound_rate"]),
        allocation_order=_order(stored["allocation_order"]),
        limits=_decode_limits(RateLimits, stored["limits"]),
        misused_since=_day(stored["misused_since"]),
        accelerated_on=_day(stored["accelerated_on"]),
    )


def _encode_card(card: CardContract) -> dict[str, Any]:
    return {
        "kind": _CARD,
        "daily_percent": str(card.daily_percent),
        "statement_day": card.statement_day,
        "day_count": str(card.day_count),
        "overdrafts": [[str(drawn.posted), str(drawn.due), drawn.amount.fen] for drawn in card.overdrafts],
        "compounding": card.compounding,
        "breach_fee_percent": str(card.breach_fee_percent),
        "breach_fee_low": card.breach_fee_low.fen,
        "missed_minimums": [
            [str(each.due), each.unpaid.fen, each.reference] for each in card.missed_minimums
        ],
        "fees": [[str(fee.on), fee.amount.fen, fee.reference] for fee in card.fees],
        "allocation_order": _names(card.allocation_order),
        "limits": _encode_limits(card.limits),
    }


def _decode_card(stored: Mapping[str, Any]) -> CardContract:
    return CardContract(
        daily_percent=Decimal(stored["daily_percent"]),
        statement_day=stored["statement_day"],
        day_count=DayCount(stored["day_count"]),
        overdrafts=tuple(
            Overdraft(posted=date.fromisoformat(posted), due=date.fromisoformat(due), amount=Money(amount))
            for posted, due, amount in stored["overdrafts"]
        ),
        compounding=stored["compounding"],
        breach_fee_percent=Decimal(stored["breach_fee_percent"]),
        breach_fee_low=Money(stored["breach_fee_low"]),
        missed_minimums=tuple(
            MissedMinimum(due=date.fromisoformat(due), unpaid=Money(unpaid), reference=reference)
            for due, unpaid, reference in stored["missed_minimums"]
        ),
        fees=tuple(
            ServiceFee(on=date.fromisoformat(on), amount=Money(amount), reference=reference)
            for on, amount, reference in stored["fees"]
        ),
        allocation_order=_order(stored["allocation_order"]),
        limits=_decode_limits(CardLimits, stored["limits"]),
    )


def _encode_rate(term: RateTerm) -> dict[str, Any]:
    if isinstance(term, FixedRate):
        return {"starts": str(term.starts), "annual_percent": str(term.annual_percent)}
    return {
        "starts": str(term.starts),
        "priced_on": str(term.priced_on),
        "tenor": str(term.tenor),
        "spread_bp": term.spread_bp,
        "reset": str(term.reset),
        "lookback_days": term.lookback_days,
    }


def _decode_rate(stored: Mapping[str, Any]) -> RateTerm:
    starts = date.fromisoformat(stored["starts"])
    if "annual_percent" in stored:
        return FixedRate(starts=starts, annual_percent=Decimal(stored["annual_percent"]))
    return LprRate(
        starts=starts,
        priced_on=date.fromisoformat(stored["priced_on"]),
        tenor=Tenor(stored["tenor"]),
        spread_bp=stored["spread_bp"],
        reset=Reset(stored["reset"]),
        lookback_days=stored["lookback_days"],
    )


def _encode_schedule(schedule: InterestSchedule) -> dict[str, Any]:
    if isinstance(schedule, ExplicitDays):
        return {"days": [str(day) for day in schedule.days]}
    return {"day": schedule.day, "months": list(schedule.months)}


def _decode_schedule(stored: Mapping[str, Any]) -> InterestSchedule:
    if "days" in stored:
        return ExplicitDays(tuple(map(date.fromisoformat, stored["days"])))
    return MonthDay(stored["day"], tuple(stored["months"]))


def _encode_limits(limits: RateLimits | CardLimits) -> dict[str, str]:
    return {field.name: str(getattr(limits, field.name)) for field in fields(limits)}


def _decode_limits(kind: type[L], stored: Mapping[str, str]) -> L:
    return kind(**{name: Decimal(percent) for name, percent in stored.items()})


def _names(order: Iterable[Component]) -> list[str]:
    return [str(component) for component in order]


def _order(names: Iterable[str]) -> tuple[Component, ...]:
    return tuple(map(Component, names))


def _text(value: Decimal | date | None) -> str | None:
    return None if value is None else str(value)


def _day(stored: str | None) -> date | None:
    return None if stored is None else date.fromisoformat(stored)
