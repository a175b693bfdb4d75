"""Leaving an agreement: enforced, sued on or mediated anew, each with one new execution."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import pytest

from chalicelib.domain.agreement.draft import DefaultClause
from chalicelib.domain.calendar import local_date
from chalicelib.domain.commands import Correct, Drop
from chalicelib.domain.errors import (
    ActionNotAvailable,
    CaseNotFound,
    NotPermitted,
    RuleViolated,
    StaleVersion,
)
from chalicelib.domain.loan.debt import Debt, assess
from chalicelib.domain.loan.payments import Payment
from chalicelib.domain.money import Money
from chalicelib.domain.reasons import FailureReason
from chalicelib.domain.roles import Role
from chalicelib.domain.stages import Stage
from chalicelib.domain.steps import Step
from chalicelib.domain.transfer import Matter
from chalicelib.use_cases.loading import settlement_of
from chalicelib.use_cases.renegotiate import renegotiate
from chalicelib.use_cases.request_enforcement import request_enforcement
from chalicelib.use_cases.request_transfer import request_transfer
from tests.support.desk import Desk, docketed, driven, rejected
from tests.support.fakes.samples import COURT, INSTITUTION, MEDIATOR, borrower, claim
from tests.support.gates import calls_of
from tests.support.settling import INSTALMENTS, applies, lump_sum, pays
from tests.unit.domain.loan.support import g1
from tests.unit.use_cases.agreements import (
    again,
    day_after_day,
    defaulted,
    events_of,
    in_force,
    nothing_personal,
    performance_of,
    position_of,
    rejected_in,
    ruled_on,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalicelib.domain.case import Case
    from chalicelib.use_cases.ports import Hub

    Process = Callable[[Hub], None]

PART: Final = Money(INSTALMENTS.fen // 3)
BARE: Final = DefaultClause(grace_days=3, clawback=False, acceleration=False)


def sues(desk: Desk, case_id: str, hub: Hub | None = None) -> Case:
    """Let the institution insist on a suit."""
    version = desk.case(case_id).version
    return request_transfer(hub or desk.hub, INSTITUTION, case_id, expected_version=version)


def enforces(desk: Desk, case_id: str, hub: Hub | None = None) -> Case:
    """Let the institution apply for enforcement."""
    version = desk.case(case_id).version
    return request_enforcement(hub or desk.hub, INSTITUTION, case_id, expected_version=version)


def mediates_anew(desk: Desk, case_id: str, hub: Hub | None = None) -> Case:
    """Let the mediation be reopened."""
    version = desk.case(case_id).version
    return renegotiate(hub or desk.hub, MEDIATOR, case_id, expected_version=version)


def test_defaulted_and_unconfirmed_the_remaining_sum_is_sued_for() -> None:
    """A part is paid late, the rest and the waiver are claimed; the court dockets it."""
    desk, case_id = defaulted()
    desk.hub.clock.advance(days=1)
    pays(desk.hub, case_id, PART, "PAY-1")
    remaining = position_of(desk.hub, case_id).remaining
    case = sues(desk, case_id)
    assert (case.stage, case.failure) == (Stage.TRANSFERRING, FailureReason.AGREEMENT_DEFAULTED)
    assert (case.claim.total, case.claim.as_of) == (remaining, case.updated_at.date())
    assert remaining == claim().total - PART, "with the waiver taken back: the original less what was paid"
    assert case.transfer is not None
    assert (case.transfer.transfer_id, case.transfer.matter) == (f"{case_id}-T1", Matter.SUIT)
    desk.run()
    assert (desk.case(case_id).stage, driven(desk.hub, case_id)) == (Stage.SUBMITTED, "")
    assert list(desk.hub.engine.executions) == [(case_id, 1), (case_id, 2)]
    (message,) = desk.hub.court.submissions.values()
    assert message.body["claim"]["total"] == str(remaining)
    assert "agreement" not in message.body, "a suit tells nothing of the agreement"
    desk.call_back(case_id, docketed(f"{case_id}-T1"))
    desk.run()
    assert (desk.case(case_id).stage, driven(desk.hub, case_id)) == (Stage.DOCKETED, "")
    nothing_personal(desk.hub, case_id)


RESUMES: Final = DefaultClause(grace_days=3, clawback=True, acceleration=True, resumes=True)


@pytest.mark.parametrize("clause", [RESUMES, replace(RESUMES, resumes=False)])
def test_where_interest_runs_again_the_suit_claims_it_to_the_day(clause: DefaultClause) -> None:
    """From the debt and the payment under the agreement; otherwise the settled sum with the waiver back."""
    desk, case_id = defaulted(clause=clause)
    desk.hub.memory.debts[case_id] = Debt(contract=g1())
    desk.hub.clock.advance(days=1)
    pays(desk.hub, case_id, PART, "PAY-1")
    remaining = position_of(desk.hub, case_id).remaining
    today = local_date(desk.hub.clock.now())
    payment = Payment(on=today, amount=PART, reference="PAY-1")
    to_the_day = assess(Debt(contract=g1(), payments=(payment,)), today).owed
    found = sues(desk, case_id).claim
    assert found.as_of == today
    assert found == (to_the_day.as_claim(today) if clause.resumes else found)
    assert (found.total == remaining) is not clause.resumes


def test_after_a_rejection_the_debt_runs_on() -> None:
    """Where the debt is known, the suit and the next round are about what is owed on their day."""
    for act in (sues, mediates_anew):
        desk, case_id = in_force()
        desk.hub.memory.debts[case_id] = Debt(contract=g1())
        rejected_in(desk, case_id)
        desk.hub.clock.advance(days=10)
        today = local_date(desk.hub.clock.now())
        owed = assess(Debt(contract=g1()), today).owed
        case = act(desk, case_id)
        assert case.claim == owed.as_claim(today)
    assert settlement_of(desk.hub, case).negotiation.owed == owed


def test_defaulted_and_confirmed_it_is_enforced_not_sued_on() -> None:
    """For the remaining sum, under the ruling's number."""
    desk, case_id = in_force()
    ruled_on(desk, case_id)
    with pytest.raises(ActionNotAvailable):
        enforces(desk, case_id)
    day_after_day(desk.hub, performance_of(desk.hub, case_id).agreement.plan.first_due + timedelta(days=5))
    with pytest.raises(RuleViolated, match="not confirmed"):
        sues(desk, case_id)
    remaining = position_of(desk.hub, case_id).remaining
    case = enforces(desk, case_id)
    assert (case.stage, case.claim.total) == (Stage.TRANSFERRING, remaining)
    assert case.transfer is not None
    assert (case.transfer.matter, case.failure) == (Matter.ENFORCEMENT, None)
    desk.run()
    assert driven(desk.hub, case_id) == ""
    body = desk.hub.court.submissions[f"{case_id}-T1-submission"].body
    assert (body["matter"], body["claim"]["total"]) == ("enforcement", str(remaining))
    assert body["agreement"]["confirmation_case_number"] == "（2026）闽0902诉前调确12号"
    assert {entry["kind"] for entry in body["manifest"]} == {"enforcement_data", "mediation_agreement"}


def test_while_the_application_is_before_the_court_nobody_sues() -> None:
    """Neither after a default; the institution may still drop the case."""
    desk, case_id = defaulted()
    applies(desk.hub, case_id)
    desk.run()
    for act in (sues, enforces):
        with pytest.raises(RuleViolated):
            act(desk, case_id)
    with pytest.raises(ActionNotAvailable):
        mediates_anew(desk, case_id)
    assert desk.act(case_id, Role.INSTITUTION, Drop()).stage is Stage.CLOSED
    desk.run()
    assert driven(desk.hub, case_id) == ""


@pytest.mark.parametrize("clause", [BARE, DefaultClause(grace_days=3, clawback=True, acceleration=True)])
def test_after_a_rejection_the_original_debt_less_what_was_paid_is_sued_for(clause: DefaultClause) -> None:
    """While it is performed and after a default alike, whatever the agreement says of the waiver."""
    for in_default in (False, True):
        desk, case_id = in_force(clause=clause)
        pays(desk.hub, case_id, Money(100), "PAY-1")
        rejected_in(desk, case_id)
        if in_default:
            first = performance_of(desk.hub, case_id).agreement.plan.first_due
            day_after_day(desk.hub, first + timedelta(days=5))
        reason = FailureReason.AGREEMENT_DEFAULTED if in_default else FailureReason.CONFIRMATION_REJECTED
        case = sues(desk, case_id)
        assert (case.stage, case.failure) == (Stage.TRANSFERRING, reason)
        assert case.claim.total == claim().total - Money(100)
        desk.run()
        assert driven(desk.hub, case_id) == ""


def test_a_rejected_agreement_is_mediated_anew_about_what_is_owed_again() -> None:
    """Round 2 begins empty, its clock anew; the first round stays on record; then it ends like any other."""
    desk, case_id = in_force()
    pays(desk.hub, case_id, PART, "PAY-1")
    rejected_in(desk, case_id)
    desk.hub.clock.advance(days=2)
    first = settlement_of(desk.hub, desk.case(case_id))
    case = mediates_anew(desk, case_id)
    assert (case.stage, case.step, case.round) == (Stage.IN_MEDIATION, Step.MEDIATION, 2)
    assert case.claim.total == claim().total - PART
    assert (case.offer, case.outcome, case.agreement_sha256, case.confirmation) == (None,) * 4
    assert (case.signatures, case.follow_up_on, case.ended_at) == (frozenset(), None, None)
    assert case.accepted_at == desk.hub.clock.now()
    second = settlement_of(desk.hub, case)
    assert second.negotiation.owed.total == case.claim.total
    assert (second.agreement, second.entries, [p.reference for p in second.carried]) == (None, (), ["PAY-1"])
    assert settlement_of(desk.hub, replace(case, round=1)) == first
    assert dict(events_of(desk.hub, case_id)[-1].facts) == {"claim_total": str(case.claim.total)}
    desk.run()
    assert driven(desk.hub, case_id) == ""
    again(desk, case_id, lump_sum(desk.hub))
    assert (desk.case(case_id).stage, driven(desk.hub, case_id)) == (Stage.PERFORMING, "")
    nothing_personal(desk.hub, case_id)


def test_without_a_rejection_an_agreement_in_force_binds() -> None:
    """No suit, no enforcement and no new mediation while it is performed."""
    desk, case_id = in_force()
    before = desk.case(case_id)
    for act, error in ((sues, RuleViolated), (mediates_anew, RuleViolated), (enforces, ActionNotAvailable)):
        with pytest.raises(error):
            act(desk, case_id)
    assert desk.case(case_id) == before


def test_nobody_sues_for_nothing() -> None:
    """Without acceleration: what fell due is paid, if late, and the next part is not due yet; then it is."""
    desk, case_id = defaulted(clause=BARE)
    desk.hub.clock.advance(days=1)
    pays(desk.hub, case_id, PART, "PAY-1")
    before = desk.case(case_id)
    with pytest.raises(RuleViolated, match="claims_something"):
        sues(desk, case_id)
    assert desk.case(case_id) == before
    lines = performance_of(desk.hub, case_id).agreement.plan.lines
    desk.hub.clock.advance(days=20)
    assert sues(desk, case_id).claim.total == lines[1].amount


def test_no_correction_claims_more_than_the_remaining_sum() -> None:
    """Not a fen more when the court returned the suit; less is a correction like any other."""
    desk, case_id = defaulted()
    remaining = sues(desk, case_id).claim
    desk.run()
    desk.call_back(case_id, rejected(f"{case_id}-T1"))
    desk.run()
    more, less = (replace(remaining, principal=remaining.principal + fen) for fen in (Money(1), Money(-1)))
    with pytest.raises(RuleViolated, match="keeps_to_the_remaining_sum"):
        desk.act(case_id, Role.INSTITUTION, Correct(claim=more))
    assert desk.case(case_id).claim == remaining
    assert desk.act(case_id, Role.INSTITUTION, Correct(claim=less)).claim == less


def test_without_an_agreement_the_claim_is_sued_for() -> None:
    """As it was filed."""
    desk = Desk()
    case_id = desk.reach(Stage.UNRESOLVED)
    case = sues(desk, case_id)
    assert (case.claim, case.failure) == (claim(), FailureReason.DIFFERENCES_TOO_LARGE)


def test_who_may_not_leave_is_refused_before_anything_is_read() -> None:
    """And strangers find no case; an old page leaves nothing."""
    desk, case_id = defaulted()

    def refused(hub: Hub) -> None:
        for act in (request_transfer, request_enforcement):
            for actor in (MEDIATOR, COURT, borrower(case_id)):
                with pytest.raises(NotPermitted):
                    act(hub, actor, case_id, expected_version=1)
        with pytest.raises(NotPermitted):
            renegotiate(hub, COURT, case_id, expected_version=1)

    assert calls_of(desk.hub, refused) == []
    stranger = replace(INSTITUTION, institution_id="bank-2")
    for act in (request_transfer, request_enforcement):
        with pytest.raises(CaseNotFound):
            act(desk.hub, stranger, case_id, expected_version=desk.case(case_id).version)
    with pytest.raises(StaleVersion):
        request_transfer(desk.hub, INSTITUTION, case_id, expected_version=1)
    with pytest.raises(StaleVersion):
        request_enforcement(desk.hub, INSTITUTION, case_id, expected_version=1)
    other, rejected = in_force()
    rejected_in(other, rejected)
    with pytest.raises(StaleVersion):
        renegotiate(other.hub, MEDIATOR, rejected, expected_version=1)
