"""A payment schedule as JSON and back: lump sum, monthly instalments of either method, or custom ones.

Promise: exact, and a kind that this release does not know raises KeyError instead of becoming another one.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from chalicelib.domain.agreement.due_dates import MonthlyDates
from chalicelib.domain.agreement.schedules import (
    CustomInstalments,
    DatedAmount,
    EqualPayment,
    EqualPrincipal,
    LumpSum,
)
from chalicelib.domain.money import Money

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.domain.agreement.schedules import Schedule

_MONTHLY: Final[Mapping[str, type[EqualPrincipal | EqualPayment]]] = {
    "equal_principal": EqualPrincipal,
    "equal_payment": EqualPayment,
}


def encode(schedule: Schedule) -> dict[str, Any]:
    """Write a schedule with its kind."""
    match schedule:
        case LumpSum():
            return {"kind": "lump_sum", "by": schedule.by.isoformat()}
        case CustomInstalments():
            parts = [[part.on.isoformat(), part.amount.fen] for part in schedule.parts]
            return {"kind": "custom", "parts": parts}
        case EqualPrincipal() | EqualPayment():
            dates = schedule.dates
            kind = "equal_principal" if isinstance(schedule, EqualPrincipal) else "equal_payment"
            return {
                "kind": kind,
                "dates": [dates.year, dates.month, dates.day, dates.count],
                "annual_percent": str(schedule.annual_percent),
            }


def decode(stored: Mapping[str, Any]) -> Schedule:
    """Read a schedule."""
    match stored["kind"]:
        case "lump_sum":
            return LumpSum(date.fromisoformat(stored["by"]))
        case "custom":
            return CustomInstalments(
                tuple(DatedAmount(date.fromisoformat(on), Money(fen)) for on, fen in stored["parts"])
            )
        case kind:
            year, month, day, count = stored["dates"]
            return _MONTHLY[kind](
                dates=MonthlyDates(year=year, month=month, day=day, count=count),
                annual_percent=Decimal(stored["annual_percent"]),
            )
