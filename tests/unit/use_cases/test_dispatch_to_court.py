"""Dispatch: at least once to the court, once in effect, whatever happens on the way."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from chalicelib.domain.commands import RequestTransfer, Withdraw
from chalicelib.domain.court_commands import Expire
from chalicelib.domain.errors import CourtRefusedMessage, CourtUnavailable
from chalicelib.domain.roles import SYSTEM, Role
from chalicelib.domain.settlement_outcome import SettlementOutcome
from chalicelib.domain.stages import Stage
from chalicelib.domain.transfer import Matter
from chalicelib.use_cases.act_on_case import act_on_case
from chalicelib.use_cases.build_submission import build_submission
from chalicelib.use_cases.dispatch_to_court import dispatch_to_court
from chalicelib.use_cases.records import Due
from tests.support import settling
from tests.support.desk import Desk, corrected, docketed, driven, rejected, ruled
from tests.support.fakes.samples import BORROWER_DETAILS, claim
from tests.support.gates import Crash, calls_of, crashing_at, gated

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from chalicelib.use_cases.ports import Hub


def owed(stage: Stage = Stage.TRANSFERRING) -> tuple[Desk, str, str]:
    """Bring a case to where a submission is owed; the court is up. Return desk, case and dispatch id."""
    desk = Desk()
    case_id = desk.reach(Stage.UNRESOLVED)
    case = desk.act(case_id, Role.INSTITUTION, RequestTransfer())
    assert case.stage is stage
    desk.hub.memory.stream.clear()
    desk.hub.queues.lose()
    return desk, case_id, f"{case_id}-D{case.version}"


def is_owed(desk: Desk, case_id: str, dispatch_id: str) -> bool:
    """Tell whether the hub still has to send it."""
    return Due(consumer="court", ids=(case_id, dispatch_id)) in desk.hub.memory.due


def bodies(desk: Desk) -> list[Mapping[str, Any]]:
    """Return what the court was told, submissions first."""
    court = desk.hub.court
    submitted = [message.body for message in court.submissions.values()]
    return submitted + [message.body for message in court.notices.values()]


def test_a_submission_says_what_the_contract_asks_and_nothing_personal() -> None:
    """Ids, codes, figures and hashes; people are fetched by the court itself."""
    desk, case_id, dispatch_id = owed()
    dispatch_to_court(desk.hub, case_id, dispatch_id)
    ((message_id, message),) = desk.hub.court.submissions.items()
    body = json.loads(json.dumps(message.body))
    assert body["message_id"] == message_id == message.message_id == f"{case_id}-T1-submission"
    assert body["dossier_url"] == f"https://hub.test/v1/court/transfers/{case_id}-T1"
    assert (body["case_type"], body["fast_track"], body["replaces"]) == (
        "financial_loan_contract",
        True,
        None,
    )
    assert (body["court_id"], body["institution_id"], body["guiding_judge_id"]) == (
        "court-jc",
        "bank-1",
        "j-1",
    )
    assert body["claim"]["total"] == str(claim().total)
    assert body["mediation"] == {
        "accepted_on": "2026-03-02",
        "ended_on": "2026-03-02",
        "reason": "differences_too_large",
    }
    assert {entry["document_id"] for entry in body["manifest"]} >= {"complaint", "mediation-report"}
    for personal in (BORROWER_DETAILS.name, BORROWER_DETAILS.id_number, BORROWER_DETAILS.phone):
        assert personal not in json.dumps(body, ensure_ascii=False)
    assert not any(outcome in json.dumps(body) for outcome in SettlementOutcome)


def test_the_receipt_is_recorded_and_nothing_is_owed_any_more() -> None:
    """The case is submitted; the synchronous receipt means no more than that."""
    desk, case_id, dispatch_id = owed()
    dispatch_to_court(desk.hub, case_id, dispatch_id)
    case = desk.case(case_id)
    assert case.stage is Stage.SUBMITTED
    assert case.transfer is not None
    assert case.transfer.receipt_id == "R-1"
    assert not is_owed(desk, case_id, dispatch_id)
    assert desk.hub.metrics.counts["CourtSubmissions"] == 1


def test_a_long_record_is_sealed_at_its_hand_over() -> None:
    """Ten thousand events before it are read, too: nothing is left out of the seal."""
    desk, case_id, dispatch_id = owed()
    events = list(desk.hub.memory.events[case_id])
    desk.hub.memory.events[case_id][:1] = events[:1] * 10_001
    dispatch_to_court(desk.hub, case_id, dispatch_id)
    seal = json.loads(desk.hub.dossier_store.get(f"{case_id}-T1", "event-chain"))
    assert seal["head"] == events[-1].hash


def test_a_second_call_does_nothing() -> None:
    """Neither to the court nor to the case."""
    desk, case_id, dispatch_id = owed()
    dispatch_to_court(desk.hub, case_id, dispatch_id)
    before = (desk.hub.court.calls, desk.case(case_id))
    dispatch_to_court(desk.hub, case_id, dispatch_id)
    dispatch_to_court(desk.hub, case_id, "C-0001-D99")
    assert (desk.hub.court.calls, desk.case(case_id)) == before


def test_a_court_that_is_down_leaves_it_owed() -> None:
    """The queue tries again; the dossier, once built, is not built again."""
    desk, case_id, dispatch_id = owed()
    desk.hub.court.down = True
    with pytest.raises(CourtUnavailable):
        dispatch_to_court(desk.hub, case_id, dispatch_id)
    assert desk.case(case_id).stage is Stage.TRANSFERRING
    assert is_owed(desk, case_id, dispatch_id)
    built = dict(desk.hub.dossier_store.stored)
    desk.hub.court.down = False
    calls = calls_of(desk.hub, lambda hub: dispatch_to_court(hub, case_id, dispatch_id))
    assert "dossier_store.put" not in calls
    assert desk.hub.dossier_store.stored == built
    assert desk.case(case_id).stage is Stage.SUBMITTED


@pytest.mark.parametrize("status", [400, 413, 422])
def test_what_the_court_says_of_the_content_goes_back_to_the_institution(status: int) -> None:
    """The case is returned with the court's code as the reason, as a review would."""
    desk, case_id, dispatch_id = owed()
    desk.hub.court.refuses = CourtRefusedMessage(status, "claim_total_mismatch")
    dispatch_to_court(desk.hub, case_id, dispatch_id)
    case = desk.case(case_id)
    assert case.stage is Stage.RETURNED
    assert case.transfer is not None
    assert [reason.code for reason in case.transfer.reasons] == ["claim_total_mismatch"]
    assert not is_owed(desk, case_id, dispatch_id)
    assert desk.hub.metrics.counts["CourtSubmissions"] == 0


@pytest.mark.parametrize("status", [401, 403, 404, 409])
def test_what_only_an_operator_can_mend_is_raised(status: int) -> None:
    """A wrong key or address is not the institution's fault: the case stays, the message ends in the DLQ."""
    desk, case_id, dispatch_id = owed()
    desk.hub.court.refuses = CourtRefusedMessage(status, "unknown_key")
    with pytest.raises(CourtRefusedMessage):
        dispatch_to_court(desk.hub, case_id, dispatch_id)
    assert desk.case(case_id).stage is Stage.TRANSFERRING
    assert is_owed(desk, case_id, dispatch_id)


def test_a_callback_that_overtakes_the_receipt_counts() -> None:
    """The court docketed before we read its receipt: the receipt is of no interest any more."""
    desk, case_id, dispatch_id = owed()
    dispatch_to_court(_after_submitting(desk, case_id), case_id, dispatch_id)
    assert desk.case(case_id).stage is Stage.DOCKETED
    assert not is_owed(desk, case_id, dispatch_id)


def _after_submitting(desk: Desk, case_id: str) -> Hub:
    """Return a hub in which the court's callback is applied right after the court took the submission."""
    seen: list[str] = []

    def before(call: str) -> None:
        if "court.submit" in seen and not desk.hub.memory.callbacks:
            desk.call_back(case_id, docketed(f"{case_id}-T1"))
            desk.run()
        seen.append(call)

    return gated(desk.hub, before)


def test_a_submission_that_is_not_owed_any_more_is_not_sent() -> None:
    """Withdrawn before it went out: the court is told of nothing it does not have."""
    desk, case_id, dispatch_id = owed()
    desk.act(case_id, Role.INSTITUTION, Withdraw())
    desk.run()
    dispatch_to_court(desk.hub, case_id, dispatch_id)
    assert bodies(desk) == []
    assert not is_owed(desk, case_id, dispatch_id)
    assert not any(due.consumer == "court" for due in desk.hub.memory.due)


def test_a_case_withdrawn_while_it_is_being_submitted_is_called_back() -> None:
    """The notice found nothing at the court; the submission then arrived; so the notice is sent again."""
    desk, case_id, dispatch_id = owed()

    def before(call: str) -> None:
        if call == "court.submit":
            desk.act(case_id, Role.INSTITUTION, Withdraw())
            desk.run()
            assert desk.hub.court.notices == {}

    dispatch_to_court(gated(desk.hub, before), case_id, dispatch_id)
    assert desk.case(case_id).stage is Stage.WITHDRAWN
    assert [body.get("type") for body in bodies(desk)] == [None, "transfer.withdrawn"]


def test_the_court_is_told_of_a_withdrawal_it_can_act_on() -> None:
    """The notice names the transfer and the instant; its id is the dispatch's."""
    desk = Desk()
    case_id = desk.reach(Stage.SUBMITTED)
    desk.hub.clock.advance(hours=3)
    case = desk.act(case_id, Role.INSTITUTION, Withdraw())
    desk.hub.clock.advance(hours=3)
    desk.run()
    assert desk.hub.court.notices[f"{case_id}-D{case.version}"].body == {
        "message_id": f"{case_id}-D{case.version}",
        "type": "transfer.withdrawn",
        "transfer_id": f"{case_id}-T1",
        "occurred_at": case.updated_at.isoformat(),
        "replaced_by": None,
    }


def test_a_correction_names_what_replaces_the_transfer_and_stays_the_same_on_every_try() -> None:
    """The case goes on while the court is down: the notice still tells when the correction was made."""
    desk = Desk()
    case_id = desk.reach(Stage.RETURNED)
    desk.hub.court.down = True
    case = desk.act(case_id, Role.INSTITUTION, corrected())
    desk.hub.clock.advance(hours=1)
    desk.run()
    assert desk.case(case_id).stage is Stage.TRANSFERRING
    desk.hub.court.down = False
    dispatch_to_court(desk.hub, case_id, f"{case_id}-D{case.version}")
    body = desk.hub.court.notices[f"{case_id}-D{case.version}"].body
    assert (body["type"], body["transfer_id"]) == ("transfer.corrected", f"{case_id}-T1")
    assert (body["replaced_by"], body["occurred_at"]) == (f"{case_id}-T2", case.updated_at.isoformat())


def test_a_court_that_is_silent_past_its_limit_gets_the_same_submission_again() -> None:
    """Each time the limit has passed; its receipt changes nothing, and what it answers then counts."""
    desk = Desk()
    case_id = desk.reach(Stage.SUBMITTED)
    (first,) = bodies(desk)
    for times in (1, 2):
        desk.let_expire(case_id)
        assert desk.hub.court.calls == 1 + times
        assert desk.case(case_id).stage is Stage.SUBMITTED
    assert bodies(desk) == [first]
    desk.call_back(case_id, docketed(f"{case_id}-T1"))
    desk.run()
    assert desk.case(case_id).stage is Stage.DOCKETED


def test_a_court_that_has_spoken_is_not_asked_any_more() -> None:
    """Its callback came while the repeated submission, or application, was on its way."""
    desk = Desk()
    case_id = desk.reach(Stage.SUBMITTED)
    case = act_on_case(_past_the_limit(desk, case_id), SYSTEM, case_id, Expire())
    desk.call_back(case_id, docketed(f"{case_id}-T1"))
    desk.hub.relay()
    desk.deliver_callbacks()
    dispatch_to_court(desk.hub, case_id, f"{case_id}-D{case.version}")
    assert (desk.case(case_id).stage, desk.hub.court.calls) == (Stage.DOCKETED, 1)


def _past_the_limit(desk: Desk, case_id: str) -> Hub:
    deadline = desk.case(case_id).deadline
    assert deadline is not None
    desk.hub.clock.set(deadline)
    return desk.hub


def test_a_second_attempt_names_the_first() -> None:
    """Another transfer, another message, the same judge."""
    desk = Desk()
    case_id = desk.reach(Stage.RETURNED)
    desk.act(case_id, Role.INSTITUTION, corrected())
    desk.run()
    body = desk.hub.court.submissions[f"{case_id}-T2-submission"].body
    assert (body["replaces"], body["claim"]["principal"]) == (f"{case_id}-T1", "90000.00")
    assert body["guiding_judge_id"] == "j-1"


def test_a_submission_of_an_earlier_attempt_is_not_sent_again() -> None:
    """A dispatch left over from before the correction is cleared without a word to the court."""
    desk, case_id, dispatch_id = owed()
    desk.call_back(case_id, rejected(f"{case_id}-T1"))
    desk.run()
    desk.act(case_id, Role.INSTITUTION, corrected())
    desk.run()
    calls = desk.hub.court.calls
    dispatch_to_court(desk.hub, case_id, dispatch_id)
    assert desk.hub.court.calls == calls
    assert not is_owed(desk, case_id, dispatch_id)


def test_a_notice_the_court_cannot_take_is_raised_unless_it_never_had_the_transfer() -> None:
    """404 means there is nothing to withdraw; anything else needs an operator."""
    desk = Desk()
    case_id = desk.reach(Stage.SUBMITTED)
    case = desk.act(case_id, Role.INSTITUTION, Withdraw())
    dispatch_id = f"{case_id}-D{case.version}"
    desk.hub.court.refuses = CourtRefusedMessage(401, "unknown_key")
    with pytest.raises(CourtRefusedMessage):
        dispatch_to_court(desk.hub, case_id, dispatch_id)
    assert is_owed(desk, case_id, dispatch_id)
    desk.hub.court.refuses = CourtRefusedMessage(404, "unknown_transfer")
    dispatch_to_court(desk.hub, case_id, dispatch_id)
    assert not is_owed(desk, case_id, dispatch_id)


def test_dying_anywhere_is_made_good_by_the_next_try() -> None:
    """One submission at the court, one receipt in the case, and a manifest that is true of the documents."""
    desk, case_id, dispatch_id = owed()
    total = len(calls_of(desk.hub, lambda hub: dispatch_to_court(hub, case_id, dispatch_id)))
    expected = bodies(desk)
    for number in range(total):
        desk, case_id, dispatch_id = owed()
        with pytest.raises(Crash):
            dispatch_to_court(gated(desk.hub, crashing_at(number)), case_id, dispatch_id)
        desk.run()
        _record_a_delay_if_possible(desk, case_id)
        dispatch_to_court(desk.hub, case_id, dispatch_id)
        desk.run()
        assert bodies(desk) == expected, number
        assert desk.case(case_id).stage is Stage.SUBMITTED
        assert driven(desk.hub, case_id) == ""


def _record_a_delay_if_possible(desk: Desk, case_id: str) -> None:
    """Let the submission's limit pass between two tries, which adds an event to the chain."""
    case = desk.case(case_id)
    if case.stage is Stage.TRANSFERRING:
        now = desk.hub.clock.now()
        assert case.deadline is not None
        desk.hub.clock.set(case.deadline)
        act_on_case(desk.hub, SYSTEM, case_id, Expire())
        desk.hub.clock.set(now)
        desk.hub.memory.stream.clear()


def test_an_application_sent_again_after_the_ruling_reads_as_it_did() -> None:
    """A ruling may overtake its own receipt; a court refuses one message id with two bodies."""
    desk = Desk()
    case_id = desk.reach(Stage.PERFORMING)
    settling.applies(desk.hub, case_id)
    applied = desk.case(case_id)
    assert applied.confirmation is not None
    before = build_submission(desk.hub, applied, Matter.CONFIRMATION)
    desk.act(case_id, Role.COURT, ruled(applied.confirmation.transfer_id or ""))
    assert build_submission(desk.hub, desk.case(case_id), Matter.CONFIRMATION) == before
