"""Another mediator takes over: the clock stands still until the acceptance, and nothing said is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

import pytest

from chalicelib.domain import lifecycle
from chalicelib.domain.case import Case, ExtensionProposal
from chalicelib.domain.commands import Accept, Appoint, Command, ReplaceMediator
from chalicelib.domain.court_commands import Expire
from chalicelib.domain.errors import CaseNotFound, RuleViolated
from chalicelib.domain.notices import PartyNotice
from chalicelib.domain.objection_commands import ChallengeMediator, DecideChallenge, DecideObjection, Object
from chalicelib.domain.objections import undone
from chalicelib.domain.parties import Side
from chalicelib.domain.pending_act import Challenge, Interruption, Objection, RecordedAct
from chalicelib.domain.permissions import authorise_on
from chalicelib.domain.reasons import ChallengeFinding, ChallengeGround, ObjectionFinding, ReplacementGround
from chalicelib.domain.roles import SYSTEM, Actor, Role
from chalicelib.domain.settlement_commands import Sign
from chalicelib.domain.settlement_outcome import OfferStanding
from chalicelib.domain.stages import Action, Stage
from chalicelib.domain.steps import Step
from tests.support.atlas import atlas
from tests.support.builders import START, claim_of, context_of, filed

CENTRE: Final = Actor(role=Role.CENTRE, subject="centre-2", court_id="court-1")
DAY: Final = timedelta(days=1)
OFFER: Final = OfferStanding(number=1, side=Side.APPLICANT, expires_at=START + 9 * DAY)
ACT: Final = RecordedAct(
    number=6,
    action=Action.ACCEPT_OFFER,
    party_id="r1",
    stage=Stage.IN_MEDIATION,
    at=START + 4 * DAY,
    until=START + 7 * DAY,
)
CONSENTED: Final = replace(ACT, number=3, action=Action.CONSENT)
REPLACED: Final = ReplaceMediator(mediator_id="m2", ground=ReplacementGround.UNABLE)


def mediator(mediator_id: str) -> Actor:
    return Actor(role=Role.MEDIATOR, subject=mediator_id, mediator_id=mediator_id, court_id="court-1")


def talking(**fields: object) -> Case:
    """Return a case in mediation since START, with an offer and acts that may be objected to."""
    case = filed().case
    known: dict[str, object] = {
        "stage": Stage.IN_MEDIATION,
        "step": Step.MEDIATION,
        "mediator_id": "m1",
        "judge_id": "j1",
        "accepted_at": START,
        "consents": case.party_ids,
        "offer": OFFER,
        "extension": ExtensionProposal(side=Side.APPLICANT, days=5, agreed=frozenset({"a1"})),
        "extended_days": 2,
        "recorded": (CONSENTED, ACT),
    }
    return replace(case, **(known | fields))  # type: ignore[arg-type]


def acts(case: Case, command: Command, at: datetime, actor: Actor = CENTRE) -> Case:
    return lifecycle.apply(case, command, context_of(replace(actor, court_id=case.court_id), at)).case


def test_the_next_mediator_accepts_and_the_days_between_are_given_back() -> None:
    """The limit is thirty days from the first acceptance, the extension, and the days that were lost."""
    waits = acts(talking(), REPLACED, START + 5 * DAY)
    assert (waits.stage, waits.step, waits.mediator_id, waits.judge_id) == (
        "assigned",
        "acceptance",
        "m2",
        "j1",
    )
    assert (waits.accepted_at, waits.mediating_since) == (None, START)
    goes_on = acts(waits, Accept(), START + 8 * DAY, mediator("m2"))
    assert (goes_on.stage, goes_on.accepted_at, goes_on.held_days) == ("in_mediation", START, 3)
    assert goes_on.deadline is not None
    assert timedelta(34) < goes_on.deadline - START <= timedelta(38)
    assert goes_on.interruption is None


def test_offers_consents_and_an_extension_stay() -> None:
    """Nobody has to say again what was said before another mediator took over."""
    before = talking()
    after = acts(acts(before, REPLACED, START + 5 * DAY), Accept(), START + 6 * DAY, mediator("m2"))
    kept = ("offer", "extension", "extended_days", "consents", "round", "claim")
    assert [getattr(after, name) for name in kept] == [getattr(before, name) for name in kept]


def test_the_days_to_object_run_on_from_where_they_stopped() -> None:
    """To a consent one may object all the time; to what was said in the talks when they go on."""
    waits = acts(talking(), REPLACED, START + 5 * DAY)
    assert waits.recorded == (CONSENTED,)
    after = acts(waits, Accept(), START + 6 * DAY, mediator("m2"))
    assert after.recorded == (CONSENTED, replace(ACT, until=START + 8 * DAY))


def test_the_clock_stands_still_however_many_mediators_do_not_take_the_case() -> None:
    """One lets the appointment lapse, the next is replaced before it answered, the third accepts."""
    case = acts(talking(), REPLACED, START + 5 * DAY)
    assert case.deadline is not None
    lapsed = acts(case, Expire(), case.deadline, SYSTEM)
    assert (lapsed.stage, lapsed.mediator_id) == ("screened", None)
    again = acts(lapsed, Appoint(mediator_id="m3", judge_id="j1"), case.deadline + DAY)
    other = acts(again, replace(REPLACED, mediator_id="m4"), case.deadline + 2 * DAY)
    assert other.interruption == case.interruption
    after = acts(other, Accept(), START + 15 * DAY, mediator("m4"))
    assert (after.stage, after.held_days) == ("in_mediation", 10)


def test_a_challenge_upheld_after_the_acceptance_waits_for_another_appointment() -> None:
    """Nothing of the talks is lost by it, and their clock stands still."""
    ground = ChallengeMediator(party_id="r1", ground=ChallengeGround.NEAR_RELATIVE)
    borrower = Actor(role=Role.BORROWER, subject="b", case_ids=frozenset({f"{talking().case_id}:r1"}))
    case = acts(talking(), ground, START + 4 * DAY, borrower)
    upheld = acts(case, DecideChallenge(reason=ChallengeFinding.GROUND_EXISTS), START + 5 * DAY)
    assert (upheld.stage, upheld.mediator_id, upheld.challenge) == ("screened", None, None)
    again = acts(upheld, Appoint(mediator_id="m2", judge_id="j1"), START + 6 * DAY)
    after = acts(again, Accept(), START + 7 * DAY, mediator("m2"))
    assert (after.stage, after.held_days, after.offer) == ("in_mediation", 2, OFFER)


def test_a_challenge_upheld_before_the_signatures_are_complete_changes_no_limit() -> None:
    """The agreement stands as it is; nobody signs it without a mediator, and the next has it at once."""
    ground = ChallengeMediator(party_id="r1", ground=ChallengeGround.NEAR_RELATIVE)
    standing = next(
        case
        for case in atlas().states
        if case.stage is Stage.SETTLED and not case.objection and case.signatures
    )
    settled = replace(standing, mediator_id="m1", challenge=None, deadline=START + 9 * DAY)
    own = frozenset({f"{settled.case_id}:r1"})
    borrower = Actor(role=Role.BORROWER, subject="b", case_ids=own)
    case = acts(settled, ground, START + DAY, borrower)
    assert (case.stage, case.challenge is not None) == ("settled", True)
    dismissed = acts(case, DecideChallenge(reason=ChallengeFinding.NOT_SHOWN), START + DAY)
    assert (dismissed.stage, dismissed.mediator_id, dismissed.challenge) == ("settled", "m1", None)
    upheld = acts(case, DecideChallenge(reason=ChallengeFinding.GROUND_EXISTS), START + DAY)
    assert (upheld.stage, upheld.mediator_id, upheld.challenge) == ("settled", None, None)
    same = ("step", "deadline", "entered_at_version", "signatures", "agreement_sha256", "accepted_at")
    assert [getattr(upheld, name) for name in same] == [getattr(settled, name) for name in same]
    assert [each.mediator_id for each in upheld.disclosures] == ["m1"]
    unsigned = min(upheld.respondent_ids & upheld.bound - upheld.signatures)
    signs = Actor(role=Role.BORROWER, subject="s", case_ids=frozenset({f"{settled.case_id}:{unsigned}"}))
    with pytest.raises(RuleViolated, match="a_mediator_has_it") as refused:
        acts(upheld, Sign(party_id=unsigned), START + DAY, signs)
    assert refused.value.missing == ("appointment",)
    with pytest.raises(RuleViolated, match="a_mediator_has_it"):
        acts(upheld, ground, START + DAY, borrower)
    after = acts(upheld, REPLACED, START + DAY)
    assert (after.stage, after.mediator_id, after.deadline) == ("settled", "m2", settled.deadline)
    assert unsigned in acts(after, Sign(party_id=unsigned), START + DAY, signs).signatures


def test_a_challenge_that_waits_is_not_lost_by_an_agreement() -> None:
    """It waits until the agreement is signed by all; from then on there is nothing left to mediate."""
    waits = Challenge(party_id="r1", ground=ChallengeGround.NEAR_RELATIVE, at=START)
    for event, kept in (("settlement_reached", True), ("agreement_signed", False)):
        step = next(step for step in atlas().steps if step.change.event.type == event)
        before = replace(step.before, challenge=waits)
        after = lifecycle.apply(before, step.move.command, step.move.context()).case
        assert (after.challenge == waits) is kept, event


def test_a_challenge_is_answered_by_a_replacement() -> None:
    """Whoever asked for another mediator has got it, so nothing waits for a decision any more."""
    ground = ChallengeMediator(party_id="r1", ground=ChallengeGround.NEAR_RELATIVE)
    borrower = Actor(role=Role.BORROWER, subject="b", case_ids=frozenset({f"{talking().case_id}:r1"}))
    case = acts(talking(), ground, START + 4 * DAY, borrower)
    assert acts(case, REPLACED, START + 5 * DAY).challenge is None


@pytest.mark.parametrize("stage", [Stage.SETTLED, Stage.PERFORMING, Stage.DEFAULTED])
def test_after_an_agreement_the_next_one_takes_over_as_the_case_stands(stage: Stage) -> None:
    """Stage, step and limit stay, and nobody has to accept."""
    standing = next(case for case in atlas().states if case.stage is stage and not case.objection)
    case = replace(standing, mediator_id="m1", deadline=START + 9 * DAY)
    after = acts(case, REPLACED, START + DAY)
    same = ("stage", "step", "deadline", "entered_at_version", "signatures", "interruption")
    assert [getattr(after, name) for name in same] == [getattr(case, name) for name in same]
    assert after.mediator_id == "m2"


def test_the_one_before_sees_the_case_no_more() -> None:
    """The next one does, at once."""
    case = acts(talking(), REPLACED, START + 5 * DAY)
    authorise_on(replace(mediator("m2"), court_id=case.court_id), Action.READ, case)
    with pytest.raises(CaseNotFound):
        authorise_on(replace(mediator("m1"), court_id=case.court_id), Action.READ, case)


def test_a_mediator_is_not_replaced_by_itself() -> None:
    with pytest.raises(RuleViolated, match="another_mediator"):
        acts(talking(), replace(REPLACED, mediator_id="m1"), START + DAY)


def test_every_respondent_is_told_who_mediates_now() -> None:
    """As of a first appointment, so that it can refuse or challenge this one too."""
    actor = replace(CENTRE, court_id=talking().court_id)
    change = lifecycle.apply(talking(), REPLACED, context_of(actor, START + DAY))
    (notice,) = change.of(PartyNotice)
    assert (notice.kind, notice.party_ids) == ("mediator_appointed", ("r1",))


def objected(case: Case, act: RecordedAct, at: datetime) -> Case:
    return replace(case, recorded=(act,), objection=Objection(act=act, at=at))


def test_who_never_consented_is_held_to_nothing_of_the_talks() -> None:
    """Offers made before the replacement are gone, and the clock still stands where it stood."""
    waits = acts(talking(), REPLACED, START + 5 * DAY)
    fields = undone(
        objected(waits, CONSENTED, START + 6 * DAY), claim_of(), context_of(CENTRE, START + 9 * DAY)
    )
    assert (fields["round"], fields["offer"], fields["consents"]) == (2, None, {"a1"})
    assert fields["interruption"] == Interruption(began=START, since=START + 5 * DAY)
    assert (fields["accepted_at"], fields["held_days"]) == (None, 0)


def test_days_of_an_objection_within_the_wait_are_given_back_once() -> None:
    """From the fifth to the tenth day nobody mediates, whatever else the case waited for."""
    waits = acts(talking(), REPLACED, START + 5 * DAY)
    borrower = Actor(role=Role.BORROWER, subject="b", case_ids=frozenset({f"{waits.case_id}:r1"}))
    stopped = acts(waits, Object(party_id="r1", act=3), START + 6 * DAY, borrower)
    finding = DecideObjection(reason=ObjectionFinding.RECORDED_RIGHTLY)
    decided = acts(stopped, finding, START + 9 * DAY)
    after = acts(decided, Accept(), START + 10 * DAY, mediator("m2"))
    assert after.held_days == 5
