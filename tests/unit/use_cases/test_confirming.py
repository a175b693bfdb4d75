"""Judicial confirmation: asked for jointly, once a round, whatever order the court's words come in."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import pytest

from chalicelib.domain.agreement.confirmation import ConfirmationState, RejectionGround, last_day
from chalicelib.domain.calendar import end_of
from chalicelib.domain.confirmation_commands import ApplyForConfirmation, confirmation_of
from chalicelib.domain.errors import CourtRefusedMessage, CourtUnavailable, RuleViolated, StaleVersion
from chalicelib.domain.parties import Side
from chalicelib.domain.roles import Role
from chalicelib.domain.stages import Stage
from chalicelib.domain.transfer import Dispatch, DispatchKind, dispatch_of
from chalicelib.use_cases.dispatch_to_court import dispatch_to_court
from chalicelib.use_cases.reconcile import reconcile
from chalicelib.use_cases.records import Due
from chalicelib.use_cases.renegotiate import renegotiate
from tests.support.desk import Desk, driven, reviewed, ruled
from tests.support.fakes.samples import BORROWER_DETAILS, MEDIATOR
from tests.support.gates import Crash, calls_of, crashing_at, gated
from tests.support.settling import applies, instalments, pays_everything, today
from tests.unit.use_cases.agreements import (
    again,
    defaulted,
    in_force,
    kinds_of,
    nothing_personal,
    performance_of,
    rejected_in,
)

if TYPE_CHECKING:
    from chalicelib.domain.case import Case

REJECTED: Final = RejectionGround.CONTENT_UNCLEAR


def asked() -> tuple[Desk, str, str]:
    """Let both sides apply; nothing is sent yet. Return desk, case and dispatch id."""
    desk, case_id = in_force()
    applies(desk.hub, case_id)
    desk.hub.memory.stream.clear()
    desk.hub.queues.lose()
    return desk, case_id, f"{case_id}-D{desk.case(case_id).version}"


def state(desk: Desk, case_id: str) -> ConfirmationState:
    """Return where the confirmation stands."""
    return confirmation_of(desk.case(case_id)).state


def apply_for(desk: Desk, case_id: str, side: Side) -> Case:
    """Let a side apply for itself."""
    role, party_id = (Role.INSTITUTION, "a1") if side is Side.APPLICANT else (Role.BORROWER, "r1")
    return desk.act(case_id, role, ApplyForConfirmation(side=side, party_id=party_id))


def test_both_sides_apply_the_court_gets_it_once_and_confirms() -> None:
    """The agreement itself and what is to be paid go to the court, and no offer does."""
    desk, case_id = in_force()
    apply_for(desk, case_id, Side.APPLICANT)
    desk.run()
    assert (state(desk, case_id), desk.hub.court.calls) == (ConfirmationState.NONE, 0)
    apply_for(desk, case_id, Side.RESPONDENT)
    assert state(desk, case_id) is ConfirmationState.APPLIED
    desk.run()
    assert state(desk, case_id) is ConfirmationState.TRANSFERRED
    (message,) = desk.hub.court.submissions.values()
    body = json.loads(json.dumps(message.body))
    assert (body["transfer_id"], body["matter"]) == (f"{case_id}-C1", "confirmation")
    agreement = performance_of(desk.hub, case_id).agreement
    assert body["claim"]["total"] == str(agreement.kept.total)
    assert body["agreement"] == {
        "agreement_sha256": desk.case(case_id).agreement_sha256,
        "in_force_on": "2026-03-02",
        "applied_on": "2026-03-02",
        "confirmation_case_number": None,
    }
    assert (body["replaces"], body["mediation"]["reason"]) == (None, None)
    kinds = {entry["kind"] for entry in body["manifest"]}
    assert kinds == {"confirmation_data", "mediation_agreement", "confirmation_application"}
    signed = desk.hub.dossier_store.get(f"{case_id}-C1", "mediation-agreement-paper")
    _, stored = desk.hub.papers.get(case_id, desk.case(case_id).agreement_sha256 or "")
    assert signed == stored
    data = desk.hub.dossier_store.get(f"{case_id}-C1", "application").decode()
    assert BORROWER_DETAILS.name in data, "the court has to know who they are"
    assert "tier" not in data
    desk.call_back(case_id, ruled(f"{case_id}-C1"))
    desk.run()
    case = desk.case(case_id)
    assert (state(desk, case_id), case.stage) == (ConfirmationState.CONFIRMED, Stage.PERFORMING)
    assert confirmation_of(case).court_case_number == "（2026）闽0902诉前调确12号"
    assert driven(desk.hub, case_id) == ""
    nothing_personal(desk.hub, case_id)


@pytest.mark.parametrize("ground", [None, REJECTED])
def test_a_ruling_that_overtakes_the_receipt_counts_and_stays(ground: RejectionGround | None) -> None:
    """The receipt comes after it and changes nothing; the ruling twice is one."""
    desk, case_id, dispatch_id = asked()

    def before(call: str) -> None:
        if call == "cases.save" and confirmation_of(desk.case(case_id)).ruling is None:
            desk.call_back(case_id, ruled(f"{case_id}-C1", ground))
            desk.hub.relay()
            desk.deliver_callbacks()

    with pytest.raises(StaleVersion):  # the queue delivers it again
        dispatch_to_court(gated(desk.hub, before), case_id, dispatch_id)
    dispatch_to_court(desk.hub, case_id, dispatch_id)
    ruled_state = ConfirmationState.REJECTED if ground else ConfirmationState.CONFIRMED
    assert state(desk, case_id) is ruled_state
    case = desk.case(case_id)
    name = desk.call_back(case_id, ruled(f"{case_id}-C1", ground))
    desk.run()
    assert desk.case(case_id) == case
    assert desk.hub.memory.outcomes[name] == "applied"
    assert kinds_of(desk.hub, case_id).count("confirmation_ruled") == 1
    assert "confirmation_transferred" not in kinds_of(desk.hub, case_id)
    assert not [due for due in desk.hub.memory.due if due.consumer == "court"]


def test_a_ruling_that_contradicts_the_first_is_ignored() -> None:
    """The first word of the court stands; the second is kept and marked."""
    desk, case_id, _ = asked()
    dispatch_id = f"{case_id}-D{desk.case(case_id).version}"
    desk.hub.queues.send("court", {"case_id": case_id, "dispatch_id": dispatch_id})
    desk.run()
    desk.call_back(case_id, ruled(f"{case_id}-C1"))
    desk.run()
    name = desk.call_back(case_id, ruled(f"{case_id}-C1", REJECTED))
    desk.run()
    assert state(desk, case_id) is ConfirmationState.CONFIRMED
    assert desk.hub.memory.outcomes[name].startswith("ignored:")


def test_a_ruling_on_what_is_performed_meanwhile_is_kept_and_ignored() -> None:
    """The case is over; its message is settled, so that nobody tries it for ever."""
    desk, case_id, _ = asked()
    pays_everything(desk.hub, case_id)
    name = desk.call_back(case_id, ruled(f"{case_id}-C1"))
    desk.run()
    assert desk.case(case_id).stage is Stage.PERFORMED
    assert desk.hub.memory.outcomes[name].startswith("ignored:")
    assert driven(desk.hub, case_id) == ""


def test_the_registrys_review_of_an_application_changes_nothing() -> None:
    """What the court says before its ruling is known already."""
    desk, case_id = in_force()
    applies(desk.hub, case_id)
    desk.run()
    case = desk.case(case_id)
    name = desk.call_back(case_id, reviewed(f"{case_id}-C1"))
    desk.run()
    assert (desk.case(case_id), desk.hub.memory.outcomes[name]) == (case, "applied")


def test_a_ruling_of_an_earlier_round_does_not_touch_the_next() -> None:
    """The same message again, after the parties have agreed anew: ignored."""
    desk, case_id = in_force()
    rejected_in(desk, case_id)
    renegotiate(desk.hub, MEDIATOR, case_id, expected_version=desk.case(case_id).version)
    desk.hub.clock.advance(days=1)
    again(desk, case_id, instalments(desk.hub))
    case = desk.case(case_id)
    name = desk.call_back(case_id, ruled(f"{case_id}-C1", REJECTED))
    desk.run()
    assert (desk.case(case_id), state(desk, case_id)) == (case, ConfirmationState.NONE)
    assert desk.hub.memory.outcomes[name].startswith("ignored:")
    applies(desk.hub, case_id)
    desk.run()
    desk.call_back(case_id, ruled(f"{case_id}-C2"))
    desk.run()
    assert state(desk, case_id) is ConfirmationState.CONFIRMED
    assert set(desk.hub.court.submissions) == {f"{case_id}-C1-submission", f"{case_id}-C2-submission"}


def test_a_dispatch_of_an_earlier_round_does_nothing() -> None:
    """Redelivered after the renegotiation, and once more after a second agreement."""
    desk, case_id, dispatch_id = asked()
    dispatch = desk.hub.dispatches.get(case_id, dispatch_id)
    assert dispatch is not None
    dispatch_to_court(desk.hub, case_id, dispatch_id)
    desk.call_back(case_id, ruled(f"{case_id}-C1", REJECTED))
    desk.run()
    renegotiate(desk.hub, MEDIATOR, case_id, expected_version=desk.case(case_id).version)
    for _ in range(2):
        owe_again(desk, dispatch)
        calls, case = desk.hub.court.calls, desk.case(case_id)
        dispatch_to_court(desk.hub, case_id, dispatch_id)
        assert (desk.hub.court.calls, desk.case(case_id)) == (calls, case)
        assert desk.hub.dispatches.get(case_id, dispatch_id) is None
        if case.round == 2 and case.confirmation is None:
            desk.hub.clock.advance(days=1)
            again(desk, case_id, instalments(desk.hub))


def owe_again(desk: Desk, dispatch: Dispatch) -> None:
    """Let a delivered message be owed as if its delivery had not been recorded."""
    due = Due(consumer="court", ids=(dispatch.case_id, dispatch.dispatch_id))
    desk.hub.memory.follow_up(due, desk.hub.clock.now())


def test_an_application_that_the_court_has_ruled_on_is_not_sent_again() -> None:
    """The ruling came while it was on its way."""
    desk, case_id, dispatch_id = asked()
    desk.call_back(case_id, ruled(f"{case_id}-C1"))
    desk.hub.relay()
    desk.deliver_callbacks()
    dispatch_to_court(desk.hub, case_id, dispatch_id)
    assert desk.hub.court.calls == 0
    assert state(desk, case_id) is ConfirmationState.CONFIRMED


def test_sending_dies_anywhere_and_the_court_has_one_application() -> None:
    """Documents first, then the manifest, then the message, then its receipt."""
    desk, case_id, dispatch_id = asked()
    total = len(calls_of(desk.hub, lambda hub: dispatch_to_court(hub, case_id, dispatch_id)))
    body = next(iter(desk.hub.court.submissions.values())).body
    for number in range(total):
        desk, case_id, dispatch_id = asked()
        with pytest.raises(Crash):
            dispatch_to_court(gated(desk.hub, crashing_at(number)), case_id, dispatch_id)
        for _ in range(2):
            dispatch_to_court(desk.hub, case_id, dispatch_id)
        assert [sent.body for sent in desk.hub.court.submissions.values()] == [body], number
        assert state(desk, case_id) is ConfirmationState.TRANSFERRED
        assert kinds_of(desk.hub, case_id).count("confirmation_transferred") == 1
        assert desk.hub.dispatches.get(case_id, dispatch_id) is None


def test_a_court_that_is_down_or_refuses_leaves_it_owed() -> None:
    """The queue tries again; what only an operator can mend is told to the operator."""
    desk, case_id, dispatch_id = asked()
    desk.hub.court.down = True
    with pytest.raises(CourtUnavailable):
        dispatch_to_court(desk.hub, case_id, dispatch_id)
    desk.hub.court.down, desk.hub.court.refuses = False, CourtRefusedMessage(401, "bad_signature")
    with pytest.raises(CourtRefusedMessage):
        dispatch_to_court(desk.hub, case_id, dispatch_id)
    assert state(desk, case_id) is ConfirmationState.APPLIED
    desk.hub.court.refuses = None
    desk.hub.clock.advance(hours=2)
    reconcile(desk.hub)
    desk.run()
    assert state(desk, case_id) is ConfirmationState.TRANSFERRED


def test_the_window_closes_by_law_and_each_party_applies_once() -> None:
    """On the last day, to its end; not after it; nobody twice, nobody for the other."""
    desk, case_id = in_force()
    closes = end_of(last_day(confirmation_of(desk.case(case_id)), desk.hub.calendar))
    desk.hub.clock.set(closes - timedelta(seconds=1))
    apply_for(desk, case_id, Side.APPLICANT)
    before = desk.case(case_id)
    with pytest.raises(RuleViolated, match=r"party_applies_once|own_side"):
        apply_for(desk, case_id, Side.APPLICANT)
    for role, side, party_id in (
        (Role.INSTITUTION, Side.RESPONDENT, "r1"),
        (Role.BORROWER, Side.RESPONDENT, "a1"),
    ):
        with pytest.raises(RuleViolated):
            desk.act(case_id, role, ApplyForConfirmation(side=side, party_id=party_id))
    desk.hub.clock.set(closes)
    with pytest.raises(RuleViolated, match="30"):
        apply_for(desk, case_id, Side.RESPONDENT)
    assert desk.case(case_id) == before
    assert desk.hub.court.calls == 0


def test_after_a_default_the_sides_may_still_apply_and_the_court_still_rules() -> None:
    """The court has a week until it is asked again; then two years are left to enforce what it confirmed."""
    desk, case_id = defaulted()
    before = desk.case(case_id).deadline
    applies(desk.hub, case_id)
    desk.run()
    asked_again = desk.hub.calendar.roll(today(desk.hub) + timedelta(days=7))
    assert desk.case(case_id).deadline == end_of(asked_again)
    desk.hub.clock.advance(days=1)
    desk.call_back(case_id, ruled(f"{case_id}-C1"))
    desk.run()
    case = desk.case(case_id)
    assert case.stage is Stage.DEFAULTED
    assert case.deadline is not None
    assert before is not None
    assert case.deadline > before + timedelta(days=600)
    assert driven(desk.hub, case_id) == ""


def test_a_message_kind_of_a_confirmation_is_its_own() -> None:
    """Its id is the event's, so that a retry can't make two."""
    made = dispatch_of("C-1", 9, DispatchKind.CONFIRMATION, "C-1-C1")
    assert (made.dispatch_id, made.sequence) == ("C-1-D9", 9)
