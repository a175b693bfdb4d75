"""Objections over the atlas: an act upheld against counts no more; a dismissal changes nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import hypothesis.strategies as st
import pytest
from hypothesis import given

from chalicelib.domain import lifecycle
from chalicelib.domain.case import Case, ExtensionProposal
from chalicelib.domain.confirmation_commands import RecordApplicationReceipt
from chalicelib.domain.court_commands import Expire, RecordReceipt
from chalicelib.domain.errors import RuleViolated
from chalicelib.domain.events import Channel
from chalicelib.domain.objection_commands import ChallengeMediator, DecideObjection, EndMediation, Object
from chalicelib.domain.objections import objection_of, open_acts, stages_resting_on, undone
from chalicelib.domain.parties import Side
from chalicelib.domain.pending_act import Objection, RecordedAct
from chalicelib.domain.reasons import ChallengeGround, ObjectionFinding
from chalicelib.domain.roles import SYSTEM, Role
from chalicelib.domain.stages import Action, EventType, Stage
from chalicelib.domain.transfer import Dispatch
from tests.support.atlas import atlas
from tests.support.builders import START, claim_of, context_of, filed, insiders

if TYPE_CHECKING:
    from tests.support.atlas import Step

LEADS_TO: Final = {
    "consent": {"screened", "assigned"},
    "refuse_consent": {"filed", "screened", "assigned"},
    "end_mediation": {"in_mediation"},
    "extend": {"in_mediation"},
    "offer": {"in_mediation"},
    "accept_offer": {"in_mediation"},
    "decline_offer": {"in_mediation"},
    "withdraw_offer": {"in_mediation"},
    "sign": {"settled", "in_mediation"},
    "refuse_to_sign": {"settled"},
    "apply_for_confirmation": {"performing", "defaulted"},
}
"""By the act objected to: where the case goes on if the objection is upheld."""


def decided(event: EventType) -> list[Step]:
    """Return the atlas's decisions with this event."""
    return [step for step in atlas().steps if step.change.event.type is event]


def in_effect(case: Case, act: RecordedAct) -> bool:
    """Tell whether the act still shows in the case."""
    shows: dict[str, Any] = {
        "consent": act.party_id in case.consents,
        "sign": act.party_id in case.signatures,
        "apply_for_confirmation": case.confirmation is not None
        and act.party_id in case.confirmation.applicants,
        "offer": case.offer is not None,
        "accept_offer": case.offer is not None,
        "decline_offer": case.offer is not None,
        "withdraw_offer": case.offer is not None,
        "extend": case.extension is not None and act.party_id in case.extension.agreed,
    }
    return bool(shows.get(act.action, case.failure is not None))


def test_an_upheld_objection_undoes_every_act_in_every_state() -> None:
    """The act shows no more, the case is where it may go on, with its limit ahead."""
    met = dict[str, set[str]]()
    for step in decided(EventType.OBJECTION_UPHELD):
        act, after = objection_of(step.before).act, step.change.case
        met.setdefault(act.action, set()).add(after.stage)
        assert not in_effect(after, act)
        assert (after.objection, after.held_until) == (None, None)
        assert act not in after.recorded
        assert not step.change.of(Dispatch)
        if act.action == "sign" or act.stage not in {Stage.PERFORMING, Stage.DEFAULTED}:
            # The atlas lets other acts be recorded later than anybody could.
            assert after.deadline is not None
            assert after.deadline > step.change.event.at
    assert met == LEADS_TO


def test_a_dismissed_objection_changes_nothing_but_time() -> None:
    """Stage and terms are as before; the act is over, and the others stay open as long as they were."""
    touched = {"objection", "recorded", "held_until", "held_days", "deadline", "as_stored"}
    moved = {"version", "sequence", "last_event_hash", "updated_at", "entered_at_version"}
    steps = decided(EventType.OBJECTION_DISMISSED)
    assert {objection_of(step.before).act.action for step in steps} == LEADS_TO.keys()
    for step in steps:
        before, after = step.before, step.change.case
        for name in Case.__dataclass_fields__.keys() - touched - moved:
            assert getattr(after, name) == getattr(before, name), name
        assert objection_of(before).act not in after.recorded
        assert (after.held_until is None) == (before.held_until is None)


def test_nothing_else_moves_while_an_objection_waits() -> None:
    """Only the decision, its delay, the case's end, and what concerns who the parties are."""
    taken = {str(step.move.command.action) for step in atlas().steps if step.before.objection}
    allowed = {"decide_objection", "expire", "withdraw", "correct_details", "record_agent", "revoke_agent"}
    allowed |= {"confirm_agent", "move_deadline", "check_identity"}
    assert taken <= allowed
    assert {"decide_objection", "expire", "withdraw"} <= taken


ACT: Final = RecordedAct(
    number=2,
    action=Action.CONSENT,
    party_id="r1",
    stage=Stage.SCREENED,
    at=START,
    until=START + timedelta(days=3),
)


def objected(act: RecordedAct = ACT, **fields: Any) -> Case:
    """Return a case of two borrowers with an objection to this act, raised an hour after it."""
    case = replace(filed("a1", "r1", "r2").case, stage=Stage.SCREENED, recorded=(act,), **fields)
    return replace(case, objection=Objection(act=act, at=act.at + timedelta(hours=1)))


@given(st.integers(0, 100))
def test_while_an_objection_waits_no_day_to_object_passes(days: int) -> None:
    """However long the centre takes, the other acts stay open, and later for as long as before."""
    other = replace(ACT, number=3, party_id="r2")
    case = replace(objected(), recorded=(ACT, other))
    at = START + timedelta(hours=1, days=days)
    assert open_acts(case, at) == (ACT, other)
    decider = replace(insiders(case)[2], subject="centre-9")
    finding = DecideObjection(reason=ObjectionFinding.RECORDED_RIGHTLY)
    (left,) = lifecycle.apply(case, finding, context_of(decider, at)).case.recorded
    assert (left.number, left.until - at) == (3, other.until - case.objection.at)  # type: ignore[union-attr]


def test_nothing_rests_on_what_the_person_can_undo_itself() -> None:
    """Such an act is not kept to be objected to."""
    assert stages_resting_on(replace(ACT, action=Action.RECORD_AGENT)) == frozenset()


def test_without_an_objection_there_is_nothing_to_decide() -> None:
    """The table never offers it; called past it, it fails loudly."""
    with pytest.raises(LookupError, match="while an objection waits"):
        objection_of(filed().case)


EXTENDED: Final = replace(ACT, action=Action.EXTEND, stage=Stage.IN_MEDIATION, days=5)


@pytest.mark.parametrize(
    ("proposal", "days", "left"),
    [
        (None, 7, {"extended_days": 2}),
        (None, 3, {"extended_days": 0}),
        (frozenset({"r1"}), 0, {"extension": None}),
        (frozenset({"r1", "a1"}), 0, {"agreed": {"a1"}}),
    ],
)
def test_an_extension_lacks_the_party_that_did_not_agree(
    proposal: frozenset[str] | None, days: int, left: dict[str, Any]
) -> None:
    """Agreed on, its days end; under way, the proposal goes on without the party, or not at all."""
    extension = proposal and ExtensionProposal(side=Side.APPLICANT, days=5, agreed=proposal)
    case = replace(objected(EXTENDED, extension=extension or None), extended_days=days)
    fields = undone(replace(case, stage=Stage.IN_MEDIATION), None, context_of(SYSTEM, START))
    agreed = getattr(fields.get("extension"), "agreed", None)
    shown = {name: fields[name] for name in ("extended_days", "extension") if name in fields}
    assert (shown if agreed is None else {"agreed": set(agreed)}) == left


def test_what_others_consented_to_later_stands() -> None:
    """A consent is each party's own; every other act since then may rest on the one undone."""
    consent = replace(ACT, number=4, party_id="r2")
    offer = replace(ACT, number=5, action=Action.OFFER)
    earlier = replace(ACT, number=1, action=Action.EXTEND)
    case = replace(objected(), stage=Stage.IN_MEDIATION, recorded=(earlier, ACT, consent, offer))
    fields = undone(case, claim_of(7), context_of(SYSTEM, START + timedelta(hours=1)))
    assert [act.number for act in fields["recorded"]] == [4]
    assert (fields["round"], fields["claim"], fields["accepted_at"]) == (
        2,
        claim_of(7),
        START + timedelta(hours=1),
    )


@pytest.mark.parametrize("command", [RecordApplicationReceipt, RecordReceipt])
def test_the_court_answers_nothing_that_it_was_not_given(command: type[Any]) -> None:
    """While something is held, a receipt for it is refused by name; a performed case waits for none."""
    held = [
        case
        for case in atlas().states
        if case.held_until
        and case.objection is None
        and case.stage is not Stage.PERFORMED
        and (case.stage is Stage.TRANSFERRING) == (command is RecordReceipt)
    ]
    assert held
    for case in held:
        about = f"{case.case_id}-{'T' if command is RecordReceipt else 'C'}1"
        with pytest.raises(RuleViolated, match="nothing_held"):
            lifecycle.apply(
                case, command(transfer_id=about, receipt_id="R"), context_of(SYSTEM, case.updated_at)
            )


def test_what_was_held_leaves_once() -> None:
    """At the end of the days to object the dispatch is owed, and the hold is over."""
    leaving = decided(EventType.DAYS_TO_OBJECT_OVER)
    assert {step.before.stage for step in leaving} == {Stage.PERFORMING, Stage.DEFAULTED, Stage.TRANSFERRING}
    for step in leaving:
        assert isinstance(step.move.command, Expire)
        assert len(step.change.of(Dispatch)) == 1
        assert step.change.case.held_until is None


def test_the_events_say_who_and_which_not_why() -> None:
    """Ids and codes only."""
    assert Object(party_id="r1", act=7).event_data() == {"party_id": "r1", "act": 7}
    assert EndMediation(party_id="r1").event_data() == {"party_id": "r1"}
    challenge = ChallengeMediator(party_id="r1", ground=ChallengeGround.NEAR_RELATIVE)
    assert challenge.event_data() == {"party_id": "r1", "ground": "near_relative"}


@pytest.mark.parametrize("role", [Role.MEDIATOR, Role.CENTRE])
def test_an_objection_recorded_for_a_person_counts_at_once(role: Role) -> None:
    """It binds nobody, so it needs no second record; a mediator may not record it at all."""
    case = replace(objected(), objection=None, mediator_id="m1")
    recorder = next(actor for actor in insiders(case) if actor.role is role)
    context = context_of(recorder, START, channel=Channel.IN_PERSON)
    offered = Action.OBJECT in lifecycle.allowed_actions(case, context)
    assert offered == (role is Role.CENTRE)
    if offered:
        change = lifecycle.apply(case, Object(party_id="r1", act=2), context)
        assert (change.event.type, change.case.pending) == (EventType.OBJECTION_RAISED, ())
