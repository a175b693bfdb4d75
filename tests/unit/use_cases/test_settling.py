"""Settling: the agreement follows from the accepted offer, and its paper is kept before the case names it."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import pytest

from chalicelib.domain.agreement.errors import ContentUnclear
from chalicelib.domain.errors import (
    ActionNotAvailable,
    CaseNotFound,
    NotPermitted,
    RuleViolated,
    StaleVersion,
)
from chalicelib.domain.roles import Role
from chalicelib.domain.settlement_outcome import SettlementOutcome
from chalicelib.domain.stages import Stage
from chalicelib.domain.steps import Step
from chalicelib.use_cases.loading import settlement_of
from chalicelib.use_cases.read_settlement import read_settlement
from chalicelib.use_cases.settle import SettlementTerms, settle
from tests.support.desk import Desk, driven
from tests.support.fakes.samples import COURT, INSTITUTION, JUDGE, MEDIATOR, OPS, borrower
from tests.support.gates import Crash, calls_of, crashing_at, gated
from tests.support.settling import (
    ACCOUNT,
    CLAUSE,
    INSTALMENTS,
    LUMP_SUM,
    accepts,
    instalments,
    offers,
    settles,
    today,
)
from tests.unit.use_cases.agreements import events_of, nothing_personal

if TYPE_CHECKING:
    from chalicelib.domain.agreement.offer import OfferTerms
    from chalicelib.use_cases.ports import Hub

TERMS: Final = SettlementTerms(account=ACCOUNT, default_clause=CLAUSE, confirmation_wanted=True)


def bound(terms: OfferTerms | None = None) -> tuple[Desk, str]:
    """Bring a case to an accepted offer."""
    desk = Desk()
    case_id = desk.reach(Stage.IN_MEDIATION)
    offers(desk.hub, case_id, terms)
    accepts(desk.hub, case_id)
    return desk, case_id


def settling(desk: Desk, case_id: str, terms: SettlementTerms = TERMS, hub: Hub | None = None) -> None:
    """Let the mediator settle."""
    settle(hub or desk.hub, MEDIATOR, case_id, terms, expected_version=desk.case(case_id).version)


def test_the_agreement_is_what_was_accepted() -> None:
    """Sum, plan, clause and account; the document's hash stands in the case, the signing and the store."""
    desk, case_id = bound(instalments(Desk().hub))
    settling(desk, case_id)
    case = desk.case(case_id)
    settlement = settlement_of(desk.hub, case)
    agreement = settlement.agreement
    assert agreement is not None
    assert (agreement.outcome, case.outcome) == (SettlementOutcome.INSTALMENTS,) * 2
    assert (agreement.plan.total, len(agreement.plan.lines)) == (INSTALMENTS, 3)
    assert agreement.agreed_on == today(desk.hub)
    assert (agreement.default_clause, agreement.confirmation_wanted) == (CLAUSE, True)
    assert agreement.account_ref == f"{case_id}-1"
    assert desk.hub.settlements.account(case) == ACCOUNT
    assert settlement.signing is not None
    assert settlement.signing.party_ids == case.party_ids
    assert settlement.signing.sign_by == agreement.plan.first_due - timedelta(days=1)
    assert settlement.signing.document_sha256 == case.agreement_sha256
    _, content = desk.hub.papers.get(case_id, case.agreement_sha256 or "")
    assert hashlib.sha256(content).hexdigest() == case.agreement_sha256
    assert (case.stage, case.step) == (Stage.SETTLED, Step.SIGNING)
    assert case.ended_at == desk.hub.clock.now()
    told = events_of(desk.hub, case_id)[-1]
    assert (told.type, dict(told.facts)) == ("settlement_reached", {})
    nothing_personal(desk.hub, case_id)
    desk.run()
    assert driven(desk.hub, case_id) == ""


def test_a_sum_paid_on_the_spot_has_its_receipt() -> None:
    """Whatever default clause was given: there is nothing to default on."""
    desk, case_id = bound()
    settling(desk, case_id, replace(TERMS, receipt_ref="RECEIPT-1"))
    agreement = settlement_of(desk.hub, desk.case(case_id)).agreement
    assert agreement is not None
    assert (agreement.outcome, agreement.receipt_ref) == (SettlementOutcome.PAID_ON_THE_SPOT, "RECEIPT-1")
    assert agreement.plan.total == LUMP_SUM
    assert agreement.plan.first_due == today(desk.hub)
    assert agreement.sign_by is None


def test_without_an_acceptance_there_is_nothing_to_agree() -> None:
    """Neither before an offer nor while one is open."""
    desk = Desk()
    case_id = desk.reach(Stage.IN_MEDIATION)
    for offered in (False, True):
        if offered:
            offers(desk.hub, case_id)
        before = desk.case(case_id)
        with pytest.raises(RuleViolated, match="accepted"):
            settling(desk, case_id)
        assert desk.case(case_id) == before
        assert desk.hub.papers.list(case_id) == ()


def test_an_agreement_without_a_definite_clause_is_none() -> None:
    """No default clause, a blank receipt: refused by name, nothing stored, not even a paper."""
    desk, case_id = bound()
    before = desk.case(case_id)
    for terms, rule in (
        (replace(TERMS, default_clause=None), "default_clause_definite"),
        (replace(TERMS, receipt_ref="  "), "receipt_definite"),
    ):
        with pytest.raises(ContentUnclear) as refused:
            settling(desk, case_id, terms)
        assert refused.value.rule == rule
    assert desk.case(case_id) == before
    assert settlement_of(desk.hub, before).agreement is None
    assert desk.hub.settlements.account(before) is None
    assert desk.hub.papers.list(case_id) == ()


def test_an_acceptance_nobody_settled_in_time_is_no_agreement() -> None:
    """Ten days later the lump sum was due yesterday: its date is not definite any more."""
    desk, case_id = bound()
    desk.hub.clock.advance(days=11)
    with pytest.raises(ContentUnclear) as refused:
        settling(desk, case_id)
    assert refused.value.rule == "dates_definite"


def test_only_the_mediator_settles_on_the_page_just_read() -> None:
    """Everybody else is refused; so is who has an old page."""
    desk, case_id = bound()
    version = desk.case(case_id).version
    for actor, error in (
        (INSTITUTION, NotPermitted),
        (borrower(case_id), NotPermitted),
        (COURT, NotPermitted),
        (replace(MEDIATOR, mediator_id="m-2"), CaseNotFound),
    ):
        with pytest.raises(error):
            settle(desk.hub, actor, case_id, TERMS, expected_version=version)
    with pytest.raises(StaleVersion):
        settle(desk.hub, MEDIATOR, case_id, TERMS, expected_version=version - 1)

    def refused(hub: Hub) -> None:
        with pytest.raises(NotPermitted):
            settle(hub, INSTITUTION, case_id, TERMS, expected_version=version)

    assert calls_of(desk.hub, refused) == [], "refused before anything is read"


def test_a_call_that_dies_anywhere_leaves_a_paper_at_most() -> None:
    """The case names a paper only once it is stored; the second call makes the same one."""
    desk, case_id = bound()
    before, number, papers = desk.case(case_id), 0, set()
    while True:
        try:
            settling(desk, case_id, hub=gated(desk.hub, crashing_at(number)))
        except Crash:
            assert desk.case(case_id) == before
            assert settlement_of(desk.hub, before).agreement is None
            papers |= {entry.document_id for entry in desk.hub.papers.list(case_id)}
            number += 1
            continue
        break
    case = desk.case(case_id)
    assert papers == {case.agreement_sha256}, "the last crash came after the paper, before the case"
    assert [entry.document_id for entry in desk.hub.papers.list(case_id)] == [case.agreement_sha256]


def test_two_mediators_pages_settle_once() -> None:
    """Settled meanwhile on another page: this one is stale, and the first agreement stays."""
    desk, case_id = bound()

    def before(call: str) -> None:
        if call == "cases.save":
            settles(desk.hub, case_id)

    with pytest.raises(StaleVersion):
        settling(desk, case_id, replace(TERMS, confirmation_wanted=False), gated(desk.hub, before))
    agreement = settlement_of(desk.hub, desk.case(case_id)).agreement
    assert agreement is not None
    assert agreement.confirmation_wanted
    with pytest.raises(ActionNotAvailable):
        settling(desk, case_id)


def test_parties_and_mediator_read_the_settlement_and_a_court_does_not() -> None:
    """TY22: what was negotiated is not for a court's people; the account is for who reads it."""
    desk, case_id = bound()
    settling(desk, case_id)
    for actor in (INSTITUTION, MEDIATOR, borrower(case_id)):
        view = read_settlement(desk.hub, actor, case_id)
        assert view.settlement == settlement_of(desk.hub, view.case)
        assert (view.case, view.account, view.at) == (desk.case(case_id), ACCOUNT, desk.hub.clock.now())
    for actor in (COURT, JUDGE, OPS):
        with pytest.raises(NotPermitted):
            read_settlement(desk.hub, actor, case_id)
    for stranger in (borrower("C-9"), replace(INSTITUTION, institution_id="bank-2")):
        with pytest.raises(CaseNotFound):
            read_settlement(desk.hub, stranger, case_id)


def test_a_mediation_that_ends_leaves_no_agreement() -> None:
    """The parties were bound to draw it up, and did not: the case is as after any other failure."""
    desk, case_id = bound()
    settling(desk, case_id)
    desk.run()
    desk.let_expire(case_id)
    case = desk.case(case_id)
    assert (case.stage, case.outcome, case.agreement_sha256) == (Stage.UNRESOLVED, None, None)
    with pytest.raises(ActionNotAvailable):
        settling(desk, case_id)
    assert desk.actor(Role.MEDIATOR, case_id) is MEDIATOR
    assert driven(desk.hub, case_id) == ""
