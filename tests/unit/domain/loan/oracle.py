"""A second, naive computation to compare with: exact fractions, day by day, no segments, no payments.

It shares nothing with the domain but the contract's fields and the day count of a single day.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

from chalicelib.domain.loan.contract import Compounding, CompoundRate
from chalicelib.domain.loan.rates import FixedRate

if TYPE_CHECKING:
    from chalicelib.domain.loan.contract import LoanContract

_DAY = timedelta(days=1)


class Naive:
    """What is owed under a contract if nothing is ever paid, in unrounded fen."""

    def __init__(self, contract: LoanContract, cut_off: date) -> None:
        self.contract = contract
        self.undue = Fraction(0)
        self.overdue = Fraction(0)
        self.accrued = Fraction(0)
        self.due_interest = Fraction(0)
        self.penalty = Fraction(0)
        self.settled_penalty = Fraction(0)
        self.compound = Fraction(0)
        ends = contract.accelerated_on or contract.maturity
        due_days = {*contract.interest_due.between(contract.opens, cut_off), ends}
        today = contract.opens
        while True:
            self._morning(today, ends, today in due_days)
            if today == cut_off:
                return
            self._accrue(today, ends)
            today += _DAY

    def _morning(self, today: date, ends: date, interest_due: bool) -> None:
        self.undue += sum(paid.principal.fen for paid in self.contract.disbursements if paid.on == today)
        falling_due = Counter({part.on: part.amount.fen for part in self.contract.instalments})[today]
        part = self.undue if today == ends else min(self.undue, Fraction(falling_due))
        self.undue, self.overdue = self.undue - part, self.overdue + part
        if interest_due:
            self.due_interest, self.accrued = self.due_interest + self.accrued, Fraction(0)
            if self.contract.compounding is Compounding.ON_INTEREST_AND_PENALTY:
                self.settled_penalty = self.penalty

    def _accrue(self, today: date, ends: date) -> None:
        contract = self.contract
        count = contract.day_count
        unit = Fraction(count.days(today, today + _DAY), 100 * count.days_in_year)
        fixed = [term for term in contract.rates if isinstance(term, FixedRate) and term.starts <= today]
        rate = Fraction(fixed[-1].annual_percent) * unit
        misused = contract.misused_since is not None and today >= contract.misused_since
        misuse = Fraction(contract.misuse_markup_percent or 0) / 100 if misused else Fraction(0)
        penalty_rate = rate * (1 + max(misuse, Fraction(contract.overdue_markup_percent) / 100))
        if misused:
            self.penalty += self.undue * rate * (1 + misuse)
        else:
            self.accrued += self.undue * rate
        self.penalty += self.overdue * penalty_rate
        after_term = today >= ends or contract.compound_rate is CompoundRate.PENALTY_THROUGHOUT
        if contract.compounding is not Compounding.NONE:
            base = self.due_interest + self.settled_penalty
            self.compound += base * (penalty_rate if after_term else rate)
