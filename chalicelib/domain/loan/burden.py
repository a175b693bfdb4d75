"""The cap on everything a lender charges in total (法发〔2017〕22号, art. 2), as policy data.

Promise: the limit is the cap's rate on the statement's own principal and days, rounded once; what
exceeds it is cut from what is still owed, in the order of the policy, and never below zero.
Downside: a court applies it at the borrower's request, so the hub shows it and names what would be cut, in
the statement, as a warning of the filing and in the agreement, and does not apply it by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from chalicelib.domain.loan import checks
from chalicelib.domain.loan.ceilings import TOTAL_BURDEN, today
from chalicelib.domain.loan.components import Amounts, Component
from chalicelib.domain.loan.legal import TOTAL_CAP, LegalBasis
from chalicelib.domain.loan.rounding import share
from chalicelib.domain.money import ZERO, Money

if TYPE_CHECKING:
    from chalicelib.domain.loan.statement import Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class TotalCap:
    """The highest yearly percentage in total, and in which order charges beyond it are cut.

    Only the components in `cut_order` count towards the total.
    """

    annual_percent: Decimal
    cut_order: tuple[Component, ...]
    rule: LegalBasis = TOTAL_CAP

    def __post_init__(self) -> None:
        checks.percent_within("annual_percent", self.annual_percent, Decimal(0), Decimal(100))


CAP_24: Final = TotalCap(
    annual_percent=today(TOTAL_BURDEN).high,
    cut_order=(
        Component.BREACH_FEE,
        Component.COMPOUND_INTEREST,
        Component.PENALTY_INTEREST,
        Component.FEES,
        Component.INTEREST,
    ),  # [policy]
)
"""24 % a year; the costs of enforcing are not a price of credit and do not count [policy]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Burden:
    """What may be charged, what was charged, what is cut, and what is owed after the cut."""

    cap: TotalCap
    limit: Money
    charged: Money
    cut: Amounts
    owed: Amounts

    @property
    def excess(self) -> Money:
        """What was charged beyond the limit, including what was paid already and can't be cut."""
        return max(self.charged - self.limit, ZERO)


def burden(statement: Statement, cap: TotalCap) -> Burden:
    """Compare the statement's charges with the cap."""
    on_principal = (part for part in statement.segments if part.line.source is Component.PRINCIPAL)
    fen_days = Money(sum(part.line.base.fen * part.days for part in on_principal))
    limit = share(fen_days, cap.annual_percent, of=statement.day_count.days_in_year)
    every = statement.charged
    charged = sum((every[component] for component in cap.cut_order), ZERO)
    left = max(charged - limit, ZERO)
    cut: dict[Component, Money] = {}
    for component in cap.cut_order:
        cut[component] = min(left, statement.owed[component])
        left -= cut[component]
    cuts = Amounts.of(cut)
    return Burden(cap=cap, limit=limit, charged=charged, cut=cuts, owed=statement.owed - cuts)
