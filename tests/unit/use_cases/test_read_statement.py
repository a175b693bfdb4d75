"""A case's statement: for the parties and the mediation, as of the claim's day or another."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib.domain.errors import CaseNotFound, DebtNotKnown, NotPermitted
from chalicelib.domain.loan.debt import Debt, assess
from chalicelib.domain.loan.errors import DatesOutOfOrder
from chalicelib.domain.loan.limitation import Effect, InterruptionKind
from chalicelib.domain.roles import Role
from chalicelib.domain.stages import Stage
from chalicelib.domain.transfer import Procedure
from chalicelib.use_cases.read_statement import read_statement
from tests.support.builders import insiders, strangers
from tests.support.desk import Desk
from tests.support.fakes.samples import INSTITUTION
from tests.unit.domain.loan.support import G1_CUT_OFF, day, g1

DEBT = Debt(contract=g1())
CLAIM = assess(DEBT, G1_CUT_OFF).claim()
READERS = {Role.INSTITUTION, Role.BORROWER, Role.MEDIATOR, Role.CENTRE}


@pytest.fixture
def desk() -> Desk:
    """Return a desk with a case in mediation that was filed with its debt."""
    desk = Desk()
    case_id = desk.reach(Stage.IN_MEDIATION)
    desk.hub.memory.debts[case_id] = DEBT
    desk.hub.memory.cases[case_id] = replace(desk.case(case_id), claim=CLAIM)
    return desk


def test_the_parties_and_the_mediation_read_it(desk: Desk) -> None:
    """The institution, the borrower, the mediator and the centre; a court, a judge and operators do not."""
    case = desk.case("C-0001")
    for actor in insiders(case):
        if actor.role in READERS:
            found = read_statement(desk.hub, actor, case.case_id)
            assert found.statement == assess(DEBT, G1_CUT_OFF)
        else:
            with pytest.raises(NotPermitted):
                read_statement(desk.hub, actor, case.case_id)


def test_a_stranger_learns_nothing(desk: Desk) -> None:
    """Neither that the case exists nor whether it has a debt."""
    for stranger in strangers(desk.case("C-0001")):
        with pytest.raises((CaseNotFound, NotPermitted)) as refused:
            read_statement(desk.hub, stranger, "C-0001")
        assert (refused.type is CaseNotFound) == (stranger.role in READERS)


def test_another_day_is_another_statement(desk: Desk) -> None:
    """The claim is still compared as of its own; a day before the loan is refused."""
    found = read_statement(desk.hub, INSTITUTION, "C-0001", day("2022-12-31"))
    assert found.statement == assess(DEBT, day("2022-12-31"))
    assert found.comparison is not None
    assert found.comparison.differing == ()
    with pytest.raises(DatesOutOfOrder):
        read_statement(desk.hub, INSTITUTION, "C-0001", day("2021-03-21"))


def test_the_mediation_itself_holds_limitation(desk: Desk) -> None:
    """Applied for in time, nothing lapses while it goes on; its evidence is the case."""
    in_time = replace(desk.case("C-0001"), filed_at=desk.hub.clock.now().replace(year=2025, month=3, day=20))
    desk.hub.memory.cases["C-0001"] = in_time
    (step,) = read_statement(desk.hub, INSTITUTION, "C-0001").limitation.steps
    assert (step.interruption.kind, step.interruption.evidence) == (InterruptionKind.MEDIATION, "C-0001")
    assert (step.effect, step.last_day) == (Effect.HELD, None)


def test_a_case_filed_without_its_debt_has_none(desk: Desk) -> None:
    """Said by name, as the claim itself can still be read."""
    desk.hub.memory.debts.clear()
    with pytest.raises(DebtNotKnown):
        read_statement(desk.hub, INSTITUTION, "C-0001")


def test_a_retired_courts_case_can_still_be_explained(desk: Desk) -> None:
    """Under the usual limits."""
    desk.hub.court_limits.clear()
    assert read_statement(desk.hub, INSTITUTION, "C-0001").otherwise is Procedure.SUMMARY
