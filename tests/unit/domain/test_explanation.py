"""A debt explained: the claim on its own day, the fee of what is in dispute, and what moves limitation."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from chalicelib.domain.calendar import CHINA, WorkingCalendar
from chalicelib.domain.explanation import compared, explain, proceedings_of
from chalicelib.domain.loan.comparison import ClaimDiffers
from chalicelib.domain.loan.debt import Debt, assess
from chalicelib.domain.loan.limitation import Effect, Interruption, InterruptionKind
from chalicelib.domain.money import Money
from chalicelib.domain.stages import Stage
from chalicelib.domain.steps import CourtLimits
from chalicelib.domain.transfer import Docketing, Procedure, Transfer
from tests.support.builders import filed
from tests.unit.domain.loan.support import G1_CUT_OFF, day, g1, pay

DEBT = Debt(contract=g1())
CLAIM = assess(DEBT, G1_CUT_OFF).claim()
CALENDAR = WorkingCalendar(years=frozenset(range(2020, 2031)))


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


def test_a_claim_is_compared_as_of_its_own_day() -> None:
    """Asking for another day changes what is computed, not what was claimed."""
    later = explain(DEBT, G1_CUT_OFF + timedelta(days=30), CLAIM, CourtLimits(), CALENDAR)
    assert later.comparison is not None
    assert later.comparison.differing == ()
    assert later.statement.owed.total > CLAIM.total
    assert later.fee.amount == later.statement.owed.total
    assert explain(DEBT, G1_CUT_OFF, None, CourtLimits(), CALENDAR).comparison is None


def test_the_fee_is_that_of_what_is_claimed() -> None:
    """On the claim's day the amount in dispute is the claim's, whatever is owed; small is tried summarily."""
    smaller = replace(CLAIM, penalty_interest=Money(0))
    found = explain(DEBT, G1_CUT_OFF, smaller, CourtLimits(), CALENDAR)
    assert found.fee.amount == smaller.total
    assert (found.otherwise, found.saved) == (Procedure.SUMMARY, found.fee.halved)
    ceiling = CourtLimits(inclusive_finance_ceiling=smaller.total - Money(1))
    large = explain(DEBT, G1_CUT_OFF, smaller, ceiling, CALENDAR)
    assert (large.otherwise, large.saved) == (Procedure.ORDINARY, large.fee.full)
    at_the_ceiling = CourtLimits(inclusive_finance_ceiling=smaller.total)
    assert explain(DEBT, G1_CUT_OFF, smaller, at_the_ceiling, CALENDAR).otherwise is Procedure.SUMMARY


@pytest.mark.parametrize(("more", "accepted"), [(0, True), (5, True), (6, False), (-100_000, True)])
def test_a_few_fen_above_and_anything_below_are_taken(more: int, accepted: bool) -> None:
    """What the usual tolerance allows."""
    claim = replace(CLAIM, interest=CLAIM.interest + Money(more))
    found = compared(DEBT, claim, CourtLimits().claim_tolerance)
    assert (not found.beyond) is accepted
    if not accepted:
        with pytest.raises(ClaimDiffers):
            found.accept()


def test_payments_and_proceedings_interrupt_beside_what_the_bank_tells() -> None:
    """Each shows its effect, in the order of their days."""
    demand = Interruption(kind=InterruptionKind.DEMAND, on=day("2022-06-01"), evidence="sms-1")
    debt = Debt(contract=g1(), payments=(pay("2022-07-01", "100"),), interruptions=(demand,))
    mediation = Interruption(kind=InterruptionKind.MEDIATION, on=day("2022-10-08"), evidence="C-1")
    found = explain(debt, G1_CUT_OFF, None, CourtLimits(), CALENDAR, (mediation,)).limitation
    assert [(step.interruption.kind, step.effect) for step in found.steps] == [
        (InterruptionKind.DEMAND, Effect.RESTARTED),
        (InterruptionKind.PART_PAYMENT, Effect.RESTARTED),
        (InterruptionKind.MEDIATION, Effect.HELD),
    ]
    assert (found.due_on, found.last_day) == (day("2022-03-21"), None)


def test_a_mediation_goes_on_until_it_has_ended() -> None:
    """From filing to the end of the attempt, by the days in China."""
    case = replace(filed().case, filed_at=_at("2022-10-08T23:30"))
    (open_one,) = proceedings_of(case)
    assert open_one == Interruption(
        kind=InterruptionKind.MEDIATION, on=date(2022, 10, 8), evidence=case.case_id
    )
    (over,) = proceedings_of(replace(case, ended_at=_at("2022-11-01T00:10")))
    assert over.ended_on == date(2022, 11, 1)
    withdrawn = replace(case, stage=Stage.WITHDRAWN, updated_at=_at("2022-10-20T10:00"))
    (taken_back,) = proceedings_of(withdrawn)
    assert taken_back.ended_on == date(2022, 10, 20)


def test_a_docketed_suit_goes_on() -> None:
    """From the official filing date; before it the transfer interrupts nothing."""
    transfer = Transfer(transfer_id="C-1-T1", attempt=1)
    case = replace(filed().case, ended_at=_at("2026-04-01T10:00"), transfer=transfer)
    assert [each.kind for each in proceedings_of(case)] == [InterruptionKind.MEDIATION]
    docketing = Docketing(
        court_case_number="（2026）闽0902民初123号",
        judge_id="j-1",
        procedure=Procedure.SUMMARY,
        official_filing_date=date(2026, 5, 6),
    )
    _, suit = proceedings_of(replace(case, transfer=replace(transfer, docketing=docketing)))
    assert suit == Interruption(
        kind=InterruptionKind.LAWSUIT, on=date(2026, 5, 6), evidence="（2026）闽0902民初123号"
    )
