"""Leaving an agreement: enforced, sued on or mediated anew, each with one new execution."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import pytest

from chalicelib.domain.agreement.draft import DefaultClause
from chalicelib.domain.commands import Drop
from chalicelib.domain.errors import (
    ActionNotAvailable,
    CaseNotFound,
    Conflict,
    NotPermitted,
    RuleViolated,
    StaleVersion,
)
from chalicelib.domain.money import Money
from chalicelib.domain.reasons import FailureReason
from chalicelib.domain.roles import Role
from chalicelib.domain.stages import Stage
from chalicelib.domain.steps import Step
from chalicelib.domain.transfer import Matter
from chalicelib.use_cases.leave_step import leave_step
from chalicelib.use_cases.reconcile import reconcile
from chalicelib.use_cases.record_repayment import reverse_repayment
from chalicelib.use_cases.renegotiate import renegotiate
from chalicelib.use_cases.request_enforcement import request_enforcement
from chalicelib.use_cases.request_transfer import request_transfer
from chalicelib.use_cases.situation import settlement_of
from tests.support.desk import Desk, docketed, driven
from tests.support.fakes.samples import COURT, INSTITUTION, MEDIATOR, borrower, claim
from tests.support.gates import Crash, calls_of, crashing_at, gated, interleaved, schedules
from tests.support.settling import INSTALMENTS, applies, lump_sum, pays
from tests.unit.use_cases.agreements import (
    again,
    day_after_day,
    defaulted,
    due_at,
    events_of,
    in_force,
    kinds_of,
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
    assert (case.signatures, case.next_action_on, case.ended_at) == (frozenset(), None, None)
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


# --- one execution, in every order -----------------------------------------------------------------


def sued() -> tuple[Desk, str, Callable[[Hub], Case]]:
    """Bring a case to a default; return what sues."""
    desk, case_id = defaulted()
    return desk, case_id, lambda hub: sues(desk, case_id, hub)


def enforced() -> tuple[Desk, str, Callable[[Hub], Case]]:
    """Bring a confirmed case to a default; return what enforces."""
    desk, case_id = defaulted()
    ruled_on(desk, case_id)
    return desk, case_id, lambda hub: enforces(desk, case_id, hub)


def reopened() -> tuple[Desk, str, Callable[[Hub], Case]]:
    """Bring a case to a rejection; return what reopens the mediation."""
    desk, case_id = in_force()
    rejected_in(desk, case_id)
    return desk, case_id, lambda hub: mediates_anew(desk, case_id, hub)


WAYS: Final = {"sued": sued, "enforced": enforced, "reopened": reopened}


def executions(desk: Desk) -> list[int]:
    """Return the generations started."""
    return [generation for _, generation in desk.hub.engine.executions]


def telling(case: Case) -> Process:
    """Return a process: the case's last event comes to the workflow."""
    return lambda hub: leave_step(hub, case.case_id, case.version)


def looking(hub: Hub) -> None:
    """Sweep; what fails on a version is looked at again."""
    for _ in range(3):
        try:
            reconcile(hub)
        except ExceptionGroup:
            continue
        return


@pytest.mark.parametrize("way", WAYS)
def test_telling_and_sweeping_in_every_order_start_one_execution(way: str) -> None:
    """The event's message and the sweep that finds the case due at once: whoever is first starts it."""
    for schedule in schedules(5, 7):
        desk, case_id, leave = WAYS[way]()
        case = leave(desk.hub)
        desk.hub.clock.advance(seconds=1)
        interleaved(desk.hub, schedule, telling(case), looking)
        desk.hub.memory.stream.clear()
        desk.run()
        assert executions(desk) == [1, 2], schedule
        assert driven(desk.hub, case_id) == "", schedule


@pytest.mark.parametrize("way", WAYS)
def test_leaving_while_the_sweep_looks_is_never_lost(way: str) -> None:
    """The sweep puts off what it has read, somebody leaves, the message is lost: found all the same."""
    for schedule in schedules(3, 6):
        desk, case_id, leave = WAYS[way]()
        desk.hub.workflows.postpone(case_id, desk.hub.clock.now() - timedelta(hours=1))
        interleaved(desk.hub, schedule, lambda hub, act=leave: act(hub) and None, looking)
        desk.hub.memory.stream.clear()
        desk.hub.queues.lose()
        desk.hub.clock.advance(hours=2)
        reconcile(desk.hub)
        desk.run()
        assert executions(desk) == [1, 2], schedule
        assert driven(desk.hub, case_id) == "", schedule


@pytest.mark.parametrize("way", WAYS)
def test_a_lost_message_is_made_up_for_by_the_next_sweep(way: str) -> None:
    """Nothing drives the case after it has left; it is due at once."""
    desk, case_id, leave = WAYS[way]()
    leave(desk.hub)
    assert due_at(desk.hub, case_id) == desk.hub.clock.now()
    desk.hub.memory.stream.clear()
    desk.hub.queues.lose()
    desk.hub.clock.advance(seconds=1)
    reconcile(desk.hub)
    assert executions(desk) == [1, 2]
    desk.hub.clock.advance(hours=2)
    reconcile(desk.hub)
    desk.run()
    assert driven(desk.hub, case_id) == ""


@pytest.mark.parametrize("way", WAYS)
def test_a_leaving_that_dies_anywhere_is_made_good(way: str) -> None:
    """Both the act itself and the telling of it."""
    number, done = 0, False
    while not done:
        desk, case_id, leave = WAYS[way]()
        before = desk.case(case_id)
        try:
            leave(gated(desk.hub, crashing_at(number)))
            done = True
        except Crash:
            assert desk.case(case_id) == before
            leave(desk.hub)
        case = desk.case(case_id)
        try:
            leave_step(gated(desk.hub, crashing_at(number)), case_id, case.version)
        except Crash:
            leave_step(desk.hub, case_id, case.version)
        desk.run()
        desk.hub.clock.advance(hours=2)
        reconcile(desk.hub)
        desk.run()
        assert driven(desk.hub, case_id) == "", number
        number += 1


def test_the_last_signatures_late_message_does_not_put_off_an_earlier_look() -> None:
    """It has read the case before a reversal moved the next look nearer: the nearer day stays."""
    desk, case_id = in_force()
    pays(desk.hub, case_id, PART, "PAY-1")
    far = desk.case(case_id).next_action_on

    def before(call: str) -> None:
        if call == "workflows.postpone" and len(kinds_of(desk.hub, case_id)) == events:
            reverse_repayment(desk.hub, INSTITUTION, case_id, "PAY-1")

    events = len(kinds_of(desk.hub, case_id))
    desk.hub.workflows.postpone(case_id, desk.hub.clock.now() - timedelta(hours=1))
    reconcile(gated(desk.hub, before))
    case = desk.case(case_id)
    assert (case.next_action_on, far) != (far, case.next_action_on)
    desk.hub.clock.advance(seconds=1)
    reconcile(desk.hub)
    assert driven(desk.hub, case_id) == ""


def test_two_ways_at_once_one_is_stale() -> None:
    """Sued on one page, mediated anew on another."""
    desk, case_id = in_force()
    rejected_in(desk, case_id)

    def before(call: str) -> None:
        if call == "cases.save" and desk.case(case_id).stage is Stage.PERFORMING:
            sues(desk, case_id)

    with pytest.raises(Conflict):
        mediates_anew(desk, case_id, gated(desk.hub, before))
    desk.run()
    assert (desk.case(case_id).stage, driven(desk.hub, case_id)) == (Stage.SUBMITTED, "")
    assert executions(desk) == [1, 2]
