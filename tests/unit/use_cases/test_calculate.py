"""Calculating without a case: the same answer as a filing would get, and nothing stored."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib.domain.errors import UnknownCourt
from chalicelib.domain.loan.comparison import Tolerance
from chalicelib.domain.loan.debt import Debt, assess
from chalicelib.domain.money import Money
from chalicelib.domain.steps import CourtLimits
from chalicelib.domain.transfer import Procedure
from chalicelib.use_cases.calculate import calculate
from tests.support.fakes import COURT_ID, FakeHub
from tests.support.fakes.samples import CENTRE, INSTITUTION, MEDIATOR
from tests.unit.domain.loan.support import G1_CUT_OFF, g1

DEBT = Debt(contract=g1())
CLAIM = assess(DEBT, G1_CUT_OFF).claim()


def test_a_bank_a_mediator_and_the_centre_calculate() -> None:
    """They get the statement; the hub's memory stays empty."""
    hub = FakeHub()
    for actor in (INSTITUTION, MEDIATOR, CENTRE):
        found = calculate(hub, actor, DEBT, G1_CUT_OFF)
        assert found.statement == assess(DEBT, G1_CUT_OFF)
        assert (found.comparison, found.limitation.steps) == (None, ())
    assert (hub.memory.cases, hub.memory.debts) == ({}, {})


def test_a_claim_is_judged_by_the_court_it_is_meant_for() -> None:
    """Its tolerance and its ceiling; without a court the usual ones."""
    hub = FakeHub()
    strict = Tolerance(over=Money(0), under=Money(0))
    hub.court_limits[COURT_ID] = CourtLimits(claim_tolerance=strict, inclusive_finance_ceiling=Money(1))
    claim = replace(CLAIM, interest=CLAIM.interest - Money(1))
    usual = calculate(hub, INSTITUTION, DEBT, G1_CUT_OFF, claim)
    theirs = calculate(hub, INSTITUTION, DEBT, G1_CUT_OFF, claim, COURT_ID)
    assert usual.comparison is not None
    assert theirs.comparison is not None
    assert (usual.comparison.beyond, usual.otherwise) == ((), Procedure.SUMMARY)
    assert [line.name for line in theirs.comparison.beyond] == ["interest", "total"]
    assert theirs.otherwise is Procedure.ORDINARY
    with pytest.raises(UnknownCourt):
        calculate(hub, INSTITUTION, DEBT, G1_CUT_OFF, claim, "court-nowhere")
