"""A claim beside its debt: refused beyond the court's tolerance, when filed and when corrected."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.domain.claim import CaseType
from chalicelib.domain.commands import Correct
from chalicelib.domain.errors import ActionNotAvailable, NotPermitted
from chalicelib.domain.loan.comparison import ClaimDiffers, Tolerance
from chalicelib.domain.loan.debt import Debt, assess
from chalicelib.domain.loan.errors import DatesOutOfOrder
from chalicelib.domain.money import Money
from chalicelib.domain.stages import Stage
from chalicelib.domain.steps import CourtLimits
from chalicelib.use_cases.act_on_case import act_on_case
from chalicelib.use_cases.file_dispute import file_dispute
from tests.support.desk import Desk
from tests.support.fakes import COURT_ID, FakeHub
from tests.support.fakes.samples import CENTRE, INSTITUTION, filing, key
from tests.unit.domain.loan.support import G1_CUT_OFF, day, g1

if TYPE_CHECKING:
    from chalicelib.domain.commands import FileDispute

DEBT = Debt(contract=g1())
CLAIM = assess(DEBT, G1_CUT_OFF).claim()
ONE_YUAN = Tolerance(over=Money(100), under=None)


def _filed(more: int = 0, **changes: Any) -> FileDispute:
    claim = replace(CLAIM, interest=CLAIM.interest + Money(more))
    return filing(**{"claim": claim, "debt": DEBT, **changes})


@pytest.mark.parametrize("more", [0, 5, -5, -733_056])
def test_a_claim_within_the_tolerance_is_filed_with_its_debt(more: int) -> None:
    """To the fen, a few fen above, or whatever less."""
    hub = FakeHub()
    filed = file_dispute(hub, INSTITUTION, _filed(more), key())
    assert hub.debts.get(filed.case_id) == DEBT
    assert hub.cases.get(filed.case_id).claim.interest == CLAIM.interest + Money(more)


def test_a_claim_beyond_the_tolerance_is_refused_and_nothing_stored() -> None:
    """All lines come with the refusal, also those that agree."""
    hub = FakeHub()
    with pytest.raises(ClaimDiffers) as refused:
        file_dispute(hub, INSTITUTION, _filed(6), key())
    assert [line.name for line in refused.value.comparison.beyond] == ["interest", "total"]
    assert len(refused.value.comparison.lines) == 6
    assert (hub.memory.cases, hub.memory.debts, hub.memory.answers) == ({}, {}, {})
    assert not hub.metrics.counts


def test_each_court_has_its_own_tolerance() -> None:
    """What one refuses another takes, to the fen."""
    hub = FakeHub()
    hub.court_limits[COURT_ID] = CourtLimits(claim_tolerance=ONE_YUAN)
    file_dispute(hub, INSTITUTION, _filed(100), key())
    with pytest.raises(ClaimDiffers):
        file_dispute(hub, INSTITUTION, _filed(101, contract_number="L-2"), key("k2"))


def test_who_may_not_file_is_told_nothing_of_the_claim() -> None:
    """The permission comes first."""
    for actor in (CENTRE, replace(INSTITUTION, institution_id="bank-2")):
        with pytest.raises(NotPermitted):
            file_dispute(FakeHub(), actor, _filed(6), key())


def test_a_day_before_the_loan_can_not_be_claimed() -> None:
    """The arithmetic refuses it by name, and nothing is stored."""
    hub = FakeHub()
    with pytest.raises(DatesOutOfOrder, match="cut_off"):
        file_dispute(hub, INSTITUTION, _filed(claim=replace(CLAIM, as_of=day("2021-03-21"))), key())
    assert not hub.memory.cases


def test_a_debt_is_of_the_cases_kind() -> None:
    """A loan does not make a credit-card dispute."""
    hub = FakeHub()
    with pytest.raises(ValueError, match="cause of action"):
        file_dispute(hub, INSTITUTION, _filed(case_type=CaseType.CREDIT_CARD), key())
    assert not hub.memory.cases


def _returned(debt: Debt | None) -> tuple[Desk, str]:
    desk = Desk()
    case_id = desk.reach(Stage.RETURNED)
    if debt is not None:
        desk.hub.memory.debts[case_id] = debt
    return desk, case_id


def test_a_corrected_claim_is_compared_with_the_debt() -> None:
    """Beyond the tolerance the case stays as it was; within it the correction goes through."""
    desk, case_id = _returned(DEBT)
    before = desk.case(case_id)
    too_much = replace(CLAIM, fees=Money(6))
    with pytest.raises(ClaimDiffers):
        act_on_case(desk.hub, INSTITUTION, case_id, Correct(claim=too_much))
    assert desk.case(case_id) == before
    corrected = act_on_case(desk.hub, INSTITUTION, case_id, Correct(claim=CLAIM))
    assert corrected.claim == CLAIM


def test_without_a_debt_any_claim_may_be_corrected() -> None:
    """There is nothing to compare it with; nor is there when only a party is corrected."""
    desk, case_id = _returned(None)
    assert act_on_case(desk.hub, INSTITUTION, case_id, Correct(claim=CLAIM)).claim == CLAIM
    desk, case_id = _returned(DEBT)
    details = filing().details[1:]
    before = desk.case(case_id).claim
    assert act_on_case(desk.hub, INSTITUTION, case_id, Correct(details=details)).claim == before


def test_a_correction_out_of_turn_is_told_so_first() -> None:
    """Whatever its claim: at this stage none is taken."""
    desk = Desk()
    case_id = desk.reach(Stage.SCREENED)
    desk.hub.memory.debts[case_id] = DEBT
    with pytest.raises(ActionNotAvailable):
        act_on_case(desk.hub, INSTITUTION, case_id, Correct(claim=replace(CLAIM, fees=Money(6))))
