"""A debt as an institution describes it: the contract, what was paid, and what else the arithmetic needs.

Promise: one value for loans and cards, complete and possible: what can't have happened (a payment before
anything was paid out, two entries under one reference) is refused here, so that any day from the first on
can be assessed. Downside: each debt contains its own LPR quotes, as published when it was described.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from chalicelib.domain.claim import CaseType
from chalicelib.domain.loan import charges as charging
from chalicelib.domain.loan import payments as paying
from chalicelib.domain.loan.card import CardContract
from chalicelib.domain.loan.charges import Charge
from chalicelib.domain.loan.components import Component
from chalicelib.domain.loan.contract import LoanContract
from chalicelib.domain.loan.errors import HistoryTooLong
from chalicelib.domain.loan.limitation import Interruption
from chalicelib.domain.loan.lpr import LprTable
from chalicelib.domain.loan.payments import Payment

if TYPE_CHECKING:
    from datetime import date

    from chalicelib.domain.loan.statement import Statement

MOST_SEGMENTS: Final = 8_000
"""About 3 MB in an answer; a Lambda function may return 6 MB. Five years of unpaid months with as many
payments have 1,800 segments."""
MOST_SEGMENTS_ON_PAPER: Final = 6_000
"""More segments make papers that a function has no memory to draw: a debt with more can't be filed.

Measured for the PDF without tags: 3,400 segments take 360 MB and 1.4 s and give 0.4 MB; 6,000, 560 MB, 2.6 s
and 0.7 MB; 8,000, 720 MB, 3.3 s and 0.9 MB; 20,000, 1,660 MB, 9.5 s and 2.2 MB. A DOCX takes less than half
the memory and a third more time. Both functions that draw have 1,024 MB, which hold the hub and other papers
of the case too, and 29 s or more at about 0.6 of the processor measured.
"""
_NO_QUOTES: Final = LprTable()


@dataclass(frozen=True, slots=True, kw_only=True)
class Debt:
    """A contract with its history; `costs` are the costs of enforcing, `interruptions` those of limitation.

    Raises DuplicateReference or PaymentBeforeDisbursement.
    """

    contract: LoanContract | CardContract
    payments: tuple[Payment, ...] = ()
    costs: tuple[Charge, ...] = ()
    lpr: LprTable = _NO_QUOTES
    interruptions: tuple[Interruption, ...] = ()

    def __post_init__(self) -> None:
        if any(charge.component is not Component.COSTS for charge in self.costs):
            raise ValueError("other charges than costs come from the contract")
        paying.in_order(self.payments, self.opens)
        charging.in_order((*charges_of(self.contract), *self.costs), self.opens)

    @property
    def case_type(self) -> CaseType:
        """The cause of action that such a contract gives."""
        if isinstance(self.contract, CardContract):
            return CaseType.CREDIT_CARD
        return CaseType.FINANCIAL_LOAN_CONTRACT

    @property
    def opens(self) -> date:
        """The day of the first principal."""
        return opens(self.contract)

    @property
    def falls_due(self) -> date:
        """The day on which the last principal falls due, from which limitation runs (Civil Code 188, 189)."""
        if isinstance(self.contract, CardContract):
            return max(drawn.due for drawn in self.contract.overdrafts)
        return self.contract.falls_due


def opens(contract: LoanContract | CardContract) -> date:
    """Return the day of a contract's first principal."""
    if isinstance(contract, CardContract):
        return min(drawn.posted for drawn in contract.overdrafts)
    return contract.opens


def assess(debt: Debt, cut_off: date) -> Statement:
    """Return what is owed on the cut-off day, and why.

    Raises DatesOutOfOrder for a day before the first, LprUnknown, RateOutOfBounds for a rate on the LPR, or
    HistoryTooLong.
    """
    statement = _assessed(debt, cut_off)
    _check_length(statement, MOST_SEGMENTS)
    return statement


def check_papers(statement: Statement) -> None:
    """Refuse, with HistoryTooLong, a statement that its papers have no room for."""
    _check_length(statement, MOST_SEGMENTS_ON_PAPER)


def _check_length(statement: Statement, most: int) -> None:
    if (found := len(statement.segments)) > most:
        raise HistoryTooLong("payments", found=found, most=most)


def _assessed(debt: Debt, cut_off: date) -> Statement:
    # The arithmetic is loaded with the first debt: most filings and messages to a court bring none.
    if isinstance(debt.contract, CardContract):
        from chalicelib.domain.loan.card_terms import assess_card  # noqa: PLC0415

        return assess_card(debt.contract, debt.payments, cut_off, costs=debt.costs)
    from chalicelib.domain.loan.loan_terms import assess_loan  # noqa: PLC0415

    return assess_loan(debt.contract, debt.payments, cut_off, costs=debt.costs, lpr=debt.lpr)


def charges_of(contract: LoanContract | CardContract) -> tuple[Charge, ...]:
    """Return the charges that come from the contract itself: a card's breach fees and service fees."""
    return contract.charges() if isinstance(contract, CardContract) else ()
