"""A credit card's part of the walk: one daily rate on everything drawn, periods that end on statement days.

Promise: interest is billed on each statement day and payable by the payment day that follows; billed interest
compounds only where the contract says so. Once anything is overdue, the claim includes interest to the day;
before that nothing is due ahead of its payment day.
Downside: there is no penalty rate; for late payment a card charges its breach fee.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from chalicelib.domain.loan.accrual import assess
from chalicelib.domain.loan.components import Component
from chalicelib.domain.loan.legal import (
    CARD_COMPOUND,
    CARD_DRAWN,
    CARD_INTEREST,
    CARD_PRINCIPAL_FIRST,
)
from chalicelib.domain.loan.payments import Allocation, allocation
from chalicelib.domain.loan.rates import Per, Rate
from chalicelib.domain.loan.schedule import monthly
from chalicelib.domain.loan.statement import Drawdown, Line
from chalicelib.domain.money import ZERO

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from chalicelib.domain.loan.card import CardContract
    from chalicelib.domain.loan.charges import Charge
    from chalicelib.domain.loan.day_count import DayCount
    from chalicelib.domain.loan.ledger import Ledger
    from chalicelib.domain.loan.payments import Payment
    from chalicelib.domain.loan.statement import Statement


_ONE_DAY: Final = timedelta(days=1)
_TWO_MONTHS: Final = timedelta(days=62)


def assess_card(
    contract: CardContract, payments: Sequence[Payment], cut_off: date, *, costs: Sequence[Charge] = ()
) -> Statement:
    """Return what is owed on a card on the cut-off day, and why; a LoanError if it can't be."""
    return assess(CardTerms(contract, cut_off), payments, (*contract.charges(), *costs), cut_off)


class CardTerms:
    """The `Terms` of a card account up to a day."""

    def __init__(self, contract: CardContract, until: date) -> None:
        self._contract = contract
        self._rate = Rate(percent=contract.daily_percent, per=Per.DAY)
        opens = min(drawn.posted for drawn in contract.overdrafts)
        self._billed = frozenset(monthly(contract.statement_day).between(opens, until))
        first = min(contract.overdrafts, key=lambda drawn: drawn.posted)
        self._payment_days = monthly(first.due.day)

    @property
    def day_count(self) -> DayCount:
        """The contract's day count."""
        return self._contract.day_count

    def allocation(self, day: date, ledger: Ledger) -> Allocation:
        """Return the contract's order, or on an account long overdue principal before all others."""
        order, since = self._contract.allocation_order, ledger.oldest_due(day)
        limit = self._contract.principal_first_after_days
        if since is None or limit is None or (day - since).days <= limit:
            return allocation(order)
        others = tuple(component for component in order if component is not Component.PRINCIPAL)
        return Allocation((Component.PRINCIPAL, *others), CARD_PRINCIPAL_FIRST)

    @property
    def drawdowns(self) -> tuple[Drawdown, ...]:
        """The overdrafts, from their posting day on."""
        drawn = sorted(self._contract.overdrafts, key=lambda drawn: drawn.posted)
        return tuple(Drawdown(on=each.posted, amount=each.amount, rule=CARD_DRAWN) for each in drawn)

    def turning_days(self) -> frozenset[date]:
        """Return the statement days and the due days of the overdrafts."""
        return self._billed | {drawn.due for drawn in self._contract.overdrafts}

    def settles(self, day: date) -> frozenset[Component]:
        """Return the components whose period ends on this day: interest, on a billing day."""
        return frozenset({Component.INTEREST}) if day in self._billed else frozenset()

    def fall_due(self, day: date, ledger: Ledger) -> None:
        """Make overdrafts due on their due day, as far as not paid in advance; bill interest."""
        for drawn in self._contract.overdrafts:
            if drawn.due == day:
                ledger.principal_falls_due(day, ledger.not_met(drawn.amount))
        if day in self._billed:
            ledger.interest_falls_due(day, by=self._payable_by(day))

    def demand(self, day: date, ledger: Ledger) -> None:
        """Once anything is overdue, make all interest demandable to the day; before that put it off."""
        if ledger.oldest_due(day) is None:
            ledger.defer(Component.COMPOUND_INTEREST)
        else:
            ledger.interest_falls_due(day)
            ledger.call_in(day)

    def _payable_by(self, billed: date) -> date:
        """Return the payment day (到期还款日) of a bill: the first one on its statement day or later."""
        return next(self._payment_days.between(billed - _ONE_DAY, billed + _TWO_MONTHS))

    def lines(self, _day: date, ledger: Ledger) -> Iterator[Line]:
        """Yield daily interest on all principal and, where agreed, on billed interest."""
        principal = ledger.undue + ledger.due(Component.PRINCIPAL)
        if principal > ZERO:
            yield Line(
                component=Component.INTEREST,
                source=Component.PRINCIPAL,
                base=principal,
                rate=self._rate,
                rule=CARD_INTEREST,
            )
        for item in ledger.unpaid(Component.INTEREST) if self._contract.compounding else ():
            yield Line(
                component=Component.COMPOUND_INTEREST,
                source=Component.INTEREST,
                base=item.unpaid,
                rate=self._rate,
                rule=CARD_COMPOUND,
                due=item.due,
            )
