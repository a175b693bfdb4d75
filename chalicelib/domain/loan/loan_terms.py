"""A loan's part of the walk: which principal and which unpaid interest bears which rate on which day.

Promise: principal bears contract interest or penalty interest, never both; principal both overdue and
misused bears the higher penalty; unpaid interest compounds as the contract says (银发〔2003〕251号).
Downside: compound interest itself never bears interest; penalty interest for misuse counts as due from
day to day, like that for lateness.
"""

from __future__ import annotations

from bisect import bisect_right
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from chalicelib.domain.loan.accrual import assess
from chalicelib.domain.loan.components import Component
from chalicelib.domain.loan.contract import Compounding, CompoundRate, Prepayment
from chalicelib.domain.loan.legal import (
    COMPOUND_AT_PENALTY_RATE,
    COMPOUND_IN_TERM,
    CONTRACT_INTEREST,
    HIGHER_PENALTY,
    MISUSE_PENALTY,
    OVERDUE_PENALTY,
    PRINCIPAL_DISBURSED,
)
from chalicelib.domain.loan.lpr import LprTable
from chalicelib.domain.loan.payments import allocation
from chalicelib.domain.loan.rates import rate_steps
from chalicelib.domain.loan.rounding import share
from chalicelib.domain.loan.statement import Drawdown, Line
from chalicelib.domain.money import ZERO, Money

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from chalicelib.domain.loan.charges import Charge
    from chalicelib.domain.loan.contract import Instalment, LoanContract
    from chalicelib.domain.loan.day_count import DayCount
    from chalicelib.domain.loan.ledger import Ledger
    from chalicelib.domain.loan.legal import LegalBasis
    from chalicelib.domain.loan.payments import Allocation, Payment
    from chalicelib.domain.loan.rates import Rate
    from chalicelib.domain.loan.statement import Statement

_INTEREST_ENDS: Final = frozenset({Component.INTEREST})
_PENALTY_ENDS_TOO: Final = _INTEREST_ENDS | {Component.PENALTY_INTEREST}
_NO_QUOTES: Final = LprTable()
_WHOLE: Final = Decimal(100)


def assess_loan(
    contract: LoanContract,
    payments: Sequence[Payment],
    cut_off: date,
    *,
    costs: Sequence[Charge] = (),
    lpr: LprTable = _NO_QUOTES,
) -> Statement:
    """Return what is owed under a loan contract on the cut-off day, and why; a LoanError if it can't be."""
    return assess(LoanTerms(contract, lpr, cut_off), payments, costs, cut_off)


class LoanTerms:
    """The `Terms` of a loan contract up to a day."""

    def __init__(self, contract: LoanContract, lpr: LprTable, until: date) -> None:
        self._contract = contract
        self._steps = rate_steps(contract.rates, lpr, contract.limits, until)
        self._starts = [step.starts for step in self._steps]
        regular = contract.interest_due.between(contract.opens, until)
        self._interest_days = frozenset(regular) | {contract.falls_due}

    @property
    def day_count(self) -> DayCount:
        """The contract's day count."""
        return self._contract.day_count

    def allocation(self, _day: date, _ledger: Ledger) -> Allocation:
        """Return the contract's order of allocation."""
        return allocation(self._contract.allocation_order)

    @property
    def drawdowns(self) -> tuple[Drawdown, ...]:
        """The disbursements, as far as they are principal."""
        paid_out = sorted(self._contract.disbursements, key=lambda paid: paid.on)
        return tuple(
            Drawdown(on=paid.on, amount=paid.principal, rule=PRINCIPAL_DISBURSED) for paid in paid_out
        )

    def turning_days(self) -> frozenset[date]:
        """Return the due days, the days of a new rate and the first day of misuse."""
        contract = self._contract
        days = self._interest_days | set(self._starts) | {part.on for part in contract.instalments}
        days |= {contract.misused_since or contract.opens}
        return frozenset(day for day in days if day >= contract.opens)

    def settles(self, day: date) -> frozenset[Component]:
        """Return the components whose period ends on this day, if it is an interest due day."""
        if day not in self._interest_days:
            return frozenset()
        return _PENALTY_ENDS_TOO if self._penalty_compounds else _INTEREST_ENDS

    def fall_due(self, day: date, ledger: Ledger) -> None:
        """Make instalments, interest and, on the last day of the term, all principal due."""
        for instalment in self._contract.instalments:
            if instalment.on == day:
                ledger.principal_falls_due(day, self._open_part(instalment, ledger))
        if day == self._contract.falls_due:
            ledger.principal_falls_due(day, ledger.undue)
        if day in self._interest_days:
            ledger.interest_falls_due(day)
            if self._penalty_compounds:
                ledger.penalty_settles(day)

    def lines(self, day: date, ledger: Ledger) -> Iterator[Line]:
        """Yield interest or penalty on principal, and compound interest on what is unpaid."""
        yield from self._on_principal(ledger.undue, *self._undue_rate(day))
        yield from self._on_principal(ledger.due(Component.PRINCIPAL), *self._overdue_rate(day))
        rate, rule = self._compound_rate(day)
        for source in self._compounding_sources:
            for item in ledger.unpaid(source):
                yield Line(
                    component=Component.COMPOUND_INTEREST,
                    source=source,
                    base=item.unpaid,
                    rate=rate,
                    rule=rule,
                    due=item.due,
                )

    def demand(self, day: date, ledger: Ledger) -> None:
        """Change nothing: what a loan makes due is demandable from its day on."""

    def _open_part(self, instalment: Instalment, ledger: Ledger) -> Money:
        """Return what of an instalment is due after what was paid in advance, as the contract says."""
        if self._contract.prepayment is Prepayment.NEXT_DUES:
            return ledger.not_met(instalment.amount)
        if self._contract.prepayment is Prepayment.LAST_DUES:
            return instalment.amount
        planned = self._planned(instalment.on)
        return share(instalment.amount, _WHOLE, parts=ledger.undue.fen, of=planned.fen)

    def _planned(self, day: date) -> Money:
        """Return the principal that would not be due yet before a day if nothing were paid in advance."""
        drawn = sum((paid.amount for paid in self.drawdowns if paid.on <= day), ZERO)
        return drawn - sum((part.amount for part in self._contract.instalments if part.on < day), ZERO)

    @staticmethod
    def _on_principal(base: Money, rate: Rate, rule: LegalBasis) -> Iterator[Line]:
        component = Component.INTEREST if rule is CONTRACT_INTEREST else Component.PENALTY_INTEREST
        if base > ZERO:
            yield Line(component=component, source=Component.PRINCIPAL, base=base, rate=rate, rule=rule)

    @property
    def _penalty_compounds(self) -> bool:
        return self._contract.compounding is Compounding.ON_INTEREST_AND_PENALTY

    @property
    def _compounding_sources(self) -> tuple[Component, ...]:
        if self._contract.compounding is Compounding.NONE:
            return ()
        penalty = (Component.PENALTY_INTEREST,) if self._penalty_compounds else ()
        return (Component.INTEREST, *penalty)

    def _contract_rate(self, day: date) -> Rate:
        return self._steps[bisect_right(self._starts, day) - 1].rate

    def _undue_rate(self, day: date) -> tuple[Rate, LegalBasis]:
        misuse = self._misuse_markup(day)
        if misuse is None:
            return self._contract_rate(day), CONTRACT_INTEREST
        return self._contract_rate(day).marked_up(misuse), MISUSE_PENALTY

    def _overdue_rate(self, day: date) -> tuple[Rate, LegalBasis]:
        overdue, misuse = self._contract.overdue_markup_percent, self._misuse_markup(day)
        if misuse is None or misuse <= overdue:
            return self._contract_rate(day).marked_up(overdue), OVERDUE_PENALTY
        return self._contract_rate(day).marked_up(misuse), HIGHER_PENALTY

    def _compound_rate(self, day: date) -> tuple[Rate, LegalBasis]:
        literal = self._contract.compound_rate is CompoundRate.PENALTY_THROUGHOUT
        if literal or day >= self._contract.falls_due:
            return self._overdue_rate(day)[0], COMPOUND_AT_PENALTY_RATE
        return self._contract_rate(day), COMPOUND_IN_TERM

    def _misuse_markup(self, day: date) -> Decimal | None:
        since = self._contract.misused_since
        return self._contract.misuse_markup_percent if since is not None and day >= since else None
