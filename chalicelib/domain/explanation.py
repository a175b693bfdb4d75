"""A debt explained: statement, comparison with the claim, what a court would cut, court fee, last day to sue.

Promise: one value that answers a borrower's and a bank's questions about an amount, for a case as well as
for a calculation without a case. Downside: the court fee is that of the whole claim, although a court may
split it between the parties.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalicelib.domain.calendar import local_date
from chalicelib.domain.loan.burden import CAP_24, Burden, burden
from chalicelib.domain.loan.comparison import Comparison, compare
from chalicelib.domain.loan.court_fee import CourtFee, court_fee, fee_saved
from chalicelib.domain.loan.debt import assess, check_papers
from chalicelib.domain.loan.limitation import (
    Interruption,
    InterruptionKind,
    Limitation,
    by_payment,
    limitation,
)
from chalicelib.domain.loan.statement import Statement
from chalicelib.domain.money import Money
from chalicelib.domain.transfer import Procedure

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from chalicelib.domain.calendar import WorkingCalendar
    from chalicelib.domain.case import Case
    from chalicelib.domain.claim import Claim
    from chalicelib.domain.loan.comparison import Tolerance
    from chalicelib.domain.loan.debt import Debt
    from chalicelib.domain.steps import CourtLimits


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Everything there is to say about a debt on a day; `saved` is the fee of the `otherwise` procedure."""

    statement: Statement
    burden: Burden
    comparison: Comparison | None
    fee: CourtFee
    otherwise: Procedure
    saved: Money
    limitation: Limitation


def explain(
    debt: Debt,
    cut_off: date,
    claim: Claim | None,
    limits: CourtLimits,
    calendar: WorkingCalendar,
    proceedings: Sequence[Interruption] = (),
) -> Explanation:
    """Explain a debt; raises what `assess` raises.

    The claim is compared as of its own day. The amount in dispute is the claim if its day is the cut-off day,
    else what is owed on the cut-off day.
    """
    statement = assess(debt, cut_off)
    same_day = claim is not None and claim.as_of == cut_off
    disputed = claim.total if claim is not None and same_day else statement.claim().total
    otherwise = _procedure(disputed, limits)
    interruptions = (*debt.interruptions, *map(by_payment, debt.payments), *proceedings)
    return Explanation(
        statement=statement,
        burden=burden(statement, CAP_24),
        comparison=compared(debt, claim, limits.claim_tolerance) if claim is not None else None,
        fee=court_fee(disputed),
        otherwise=otherwise,
        saved=fee_saved(disputed, otherwise),
        limitation=limitation(debt.falls_due, interruptions, calendar),
    )


def compared(debt: Debt, claim: Claim, tolerance: Tolerance) -> Comparison:
    """Compare a claim with the debt as of the claim's day; raises what `assess` raises."""
    return compare(assess(debt, claim.as_of), claim, tolerance)


def check_filing(debt: Debt, claim: Claim, tolerance: Tolerance) -> None:
    """Refuse a claim that its debt does not bear out, or a debt too long for its papers.

    Raises ClaimDiffers, HistoryTooLong or what `assess` raises.
    """
    statement = assess(debt, claim.as_of)
    check_papers(statement)
    compare(statement, claim, tolerance).accept()


def proceedings_of(case: Case) -> Iterator[Interruption]:
    """Yield the interruptions of limitation caused by the case itself: its mediation, then the suit (195)."""
    ended_at = case.ended_at or (case.updated_at if case.stage.terminal else None)
    yield Interruption(
        kind=InterruptionKind.MEDIATION,
        on=local_date(case.filed_at),
        evidence=case.case_id,
        ended_on=None if ended_at is None else local_date(ended_at),
    )
    docketing = case.transfer.docketing if case.transfer else None
    if docketing is not None:
        yield Interruption(
            kind=InterruptionKind.LAWSUIT,
            on=docketing.official_filing_date,
            evidence=docketing.court_case_number,
        )


def _procedure(disputed: Money, limits: CourtLimits) -> Procedure:
    # The fast track (速裁) uses summary procedure for small amounts (M2, M7).
    return Procedure.SUMMARY if disputed <= limits.inclusive_finance_ceiling else Procedure.ORDINARY
