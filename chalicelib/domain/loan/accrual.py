"""The walk from the first day to the cut-off: what accrues, what falls due, what payments do to it.

Promise: a line is one segment as long as its base and rate stay the same. It ends, rounded once, when one of
them changes, when its interest falls due, when a payment is applied, or at the cut-off. The events of one day
happen in this order: principal paid out, what falls due, charges, payments; so a payment on the due
day is in time. The cut-off day itself bears no interest; its payments count. The cut-off changes nothing of
what accrues or of what a payment is applied to: what is demandable is decided after the day's payments.
Downside: the running time grows with the number of turning days (days on which something may change).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from chalicelib.domain.loan import charges as charging
from chalicelib.domain.loan import payments as paying
from chalicelib.domain.loan.checks import no_earlier
from chalicelib.domain.loan.components import Component
from chalicelib.domain.loan.ledger import Ledger
from chalicelib.domain.loan.statement import Segment, Statement

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from collections.abc import Set as AbstractSet
    from datetime import date

    from chalicelib.domain.loan.charges import Charge
    from chalicelib.domain.loan.day_count import DayCount
    from chalicelib.domain.loan.payments import Allocation, AppliedPayment, Payment
    from chalicelib.domain.loan.statement import Drawdown, Line

_EVERYTHING: Final = frozenset(Component)


class Terms(Protocol):
    """What the walk needs from a kind of debt: its turning days, and what happens on each."""

    @property
    def day_count(self) -> DayCount:
        """How days are counted."""

    def allocation(self, day: date, ledger: Ledger) -> Allocation:
        """Return in which order a payment of this day is applied."""

    @property
    def drawdowns(self) -> tuple[Drawdown, ...]:
        """The principal, oldest first; at least one."""

    def turning_days(self) -> AbstractSet[date]:
        """Return every day on which something may change or fall due; more days do no harm."""

    def settles(self, day: date) -> AbstractSet[Component]:
        """Return the components whose period ends on this day."""

    def fall_due(self, day: date, ledger: Ledger) -> None:
        """Make due in the ledger what falls due on this day."""

    def lines(self, day: date, ledger: Ledger) -> Iterator[Line]:
        """Yield what accrues from this day on."""

    def demand(self, day: date, ledger: Ledger) -> None:
        """Decide, after the payments of the cut-off day, what can be demanded on it."""


def assess(terms: Terms, payments: Sequence[Payment], charges: Sequence[Charge], cut_off: date) -> Statement:
    """Return what is owed on the cut-off day and why; entries after it are listed, not counted."""
    opens = terms.drawdowns[0].on
    no_earlier("cut_off", cut_off, opens)
    paid = paying.in_order(payments, opens)
    charged = charging.in_order(charges, opens)
    walk = _Walk(terms, [entry for entry in paid if entry.on <= cut_off], cut_off)
    counted = tuple(entry for entry in charged if entry.on <= cut_off)
    walk.run(counted)
    return Statement(
        as_of=cut_off,
        day_count=terms.day_count,
        drawdowns=tuple(entry for entry in terms.drawdowns if entry.on <= cut_off),
        segments=tuple(sorted(walk.segments, key=_place)),
        charges=counted,
        payments=tuple(walk.applied),
        owed=walk.ledger.owed(cut_off),
        not_yet_due=walk.ledger.not_yet_due(cut_off),
        oldest_due=walk.ledger.oldest_due(cut_off),
        later_charges=tuple(charged[len(counted) :]),
        later_payments=tuple(paid[len(walk.applied) :]),
    )


def _place(segment: Segment) -> tuple[int, date, date]:
    line = segment.line
    return tuple(Component).index(line.component), line.due or segment.start, segment.start


class _Walk:
    def __init__(self, terms: Terms, payments: Sequence[Payment], cut_off: date) -> None:
        self.ledger = Ledger()
        self.segments: list[Segment] = []
        self.applied: list[AppliedPayment] = []
        self._terms = terms
        self._payments = payments
        self._cut_off = cut_off
        self._open: dict[Line, date] = {}

    def run(self, charges: Sequence[Charge]) -> None:
        interrupted = {payment.on for payment in self._payments} | {self._cut_off}
        entries = {drawdown.on for drawdown in self._terms.drawdowns} | {charge.on for charge in charges}
        turning = self._terms.turning_days() | entries | interrupted
        for day in sorted(day for day in turning if day <= self._cut_off):
            ending = _EVERYTHING if day in interrupted else self._terms.settles(day)
            self._close(day, [line for line in self._open if line.component in ending])
            self._happen(day, charges)
            self._turn(day)
        self._terms.demand(self._cut_off, self.ledger)

    def _happen(self, day: date, charges: Sequence[Charge]) -> None:
        for drawdown in self._terms.drawdowns:
            if drawdown.on == day:
                self.ledger.draw(drawdown.amount)
        self._terms.fall_due(day, self.ledger)
        for charge in charges:
            if charge.on == day:
                self.ledger.add(charge.component, charge.amount)
        for payment in self._payments:
            if payment.on == day:
                allocation = self._terms.allocation(day, self.ledger)
                self.applied.append(paying.apply(payment, self.ledger, allocation))

    def _turn(self, day: date) -> None:
        accruing = dict.fromkeys(self._terms.lines(day, self.ledger))
        self._close(day, [line for line in self._open if line not in accruing])
        for line in accruing:
            self._open.setdefault(line, day)

    def _close(self, day: date, lines: Iterable[Line]) -> None:
        day_count = self._terms.day_count
        for line in lines:
            start = self._open.pop(line)
            amount = line.rate.on(line.base, day_count, start, day)
            self.ledger.add(line.component, amount)
            days = day_count.days(start, day)
            self.segments.append(
                Segment(line=line, start=start, end=day, day_count=day_count, days=days, amount=amount)
            )
