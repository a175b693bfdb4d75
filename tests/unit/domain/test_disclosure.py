"""A mediator's relation to a case: who discloses it, who may waive it, and what waits until all have."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from chalicelib.domain import lifecycle
from chalicelib.domain.commands import Accept, Appoint, ReplaceMediator, Screen
from chalicelib.domain.disclosure import Disclose, WaiveRecusal
from chalicelib.domain.errors import RuleViolated
from chalicelib.domain.events import Channel
from chalicelib.domain.notices import PartyNotice
from chalicelib.domain.objection_commands import ChallengeMediator, DecideChallenge
from chalicelib.domain.reasons import (
    ChallengeFinding,
    ChallengeGround,
    DisclosureGround,
    ReplacementGround,
)
from chalicelib.domain.roles import SYSTEM, Actor, Role
from chalicelib.domain.stages import Action
from tests.support.builders import START, context_of, filed, insiders

if TYPE_CHECKING:
    from chalicelib.domain.case import Case, Change
    from chalicelib.domain.commands import Command


def actor(case: Case, role: Role, party_id: str = "r1") -> Actor:
    if role is Role.BORROWER:
        entries = frozenset({f"{case.case_id}:{party_id}"})
        return Actor(role=role, subject=f"person-{party_id}", case_ids=entries)
    return next(each for each in insiders(case) if each.role is role)


def change(case: Case, command: Command, who: Actor, channel: Channel = Channel.ONLINE) -> Change:
    return lifecycle.apply(case, command, context_of(who, START, channel=channel))


def appointed() -> Case:
    case = change(filed("a1", "r1", "r2").case, Screen(), SYSTEM).case
    return change(case, Appoint(mediator_id="m1", judge_id="j1"), actor(case, Role.CENTRE)).case


def disclosed(ground: DisclosureGround = DisclosureGround.OTHER_RELATION) -> Case:
    case = appointed()
    return change(case, Disclose(mediator_id="m1", ground=ground), actor(case, Role.MEDIATOR)).case


def waiver(party_id: str, ground: str = "other_relation", mediator_id: str = "m1") -> WaiveRecusal:
    return WaiveRecusal(party_id=party_id, mediator_id=mediator_id, ground=ground)


def waived(case: Case, party_id: str) -> Change:
    role = Role.INSTITUTION if party_id == "a1" else Role.BORROWER
    return change(case, waiver(party_id), actor(case, role, party_id))


def refusal(case: Case, command: Command, who: Actor) -> RuleViolated:
    with pytest.raises(RuleViolated) as refused:
        change(case, command, who)
    return refused.value


def test_who_has_a_relation_accepts_only_when_every_party_has_waived_it() -> None:
    """TY15: the refusal says whose word is missing; the last one is told apart from those before."""
    case = disclosed()
    mediator = actor(case, Role.MEDIATOR)
    assert Action.ACCEPT not in lifecycle.allowed_actions(case, context_of(mediator, START))
    types = []
    for party_id, missing in (
        ("r1", ("waiver:a1", "waiver:r1", "waiver:r2")),
        ("a1", ("waiver:a1", "waiver:r2")),
        ("r2", ("waiver:r2",)),
    ):
        refused = refusal(case, Accept(), mediator)
        assert (refused.rule, refused.missing) == ("nothing_unwaived", missing)
        step = waived(case, party_id)
        types.append(str(step.event.type))
        case = step.case
    assert types == ["waiver_recorded", "waiver_recorded", "recusal_waived"]
    assert Action.ACCEPT in lifecycle.allowed_actions(case, context_of(mediator, START))
    assert str(change(case, Accept(), mediator).event.type) == "appointment_accepted"


def test_every_respondent_is_told_and_the_event_holds_no_words() -> None:
    """OL13: the institution reads the event."""
    case = appointed()
    step = change(
        case,
        Disclose(mediator_id="m1", ground=DisclosureGround.NEAR_RELATIVE),
        actor(case, Role.MEDIATOR),
    )
    (notice,) = step.of(PartyNotice)
    assert (notice.kind, notice.party_ids) == ("relation_disclosed", ("r1", "r2"))
    assert step.event.facts == {"mediator_id": "m1", "ground": "near_relative"}


def test_a_mediator_speaks_of_itself_and_the_centre_of_whom_it_might_appoint() -> None:
    """The centre also before an appointment, so that the parties can waive what they know."""
    case = appointed()
    command = Disclose(mediator_id="m2", ground=DisclosureGround.INSTITUTION_LINK)
    assert refusal(case, command, actor(case, Role.MEDIATOR)).rule == "own_relation"
    screened = change(filed("a1", "r1", "r2").case, Screen(), SYSTEM).case
    case = change(screened, command, actor(screened, Role.CENTRE)).case
    case = change(case, waiver("a1", "institution_link", "m2"), actor(case, Role.INSTITUTION)).case
    assert [(each.key, each.waived_by) for each in case.disclosures] == [
        (("m2", "institution_link"), frozenset({"a1"}))
    ]


@pytest.mark.parametrize(
    ("ground", "rule"),
    [
        ("near_relative", None),
        ("interest_in_dispute", None),
        ("institution_link", None),
        ("other_relation", None),
        ("earlier_role", "may_be_waived"),
        ("conflict", "may_be_waived"),
        ("challenge_upheld", "may_be_waived"),
    ],
)
def test_what_can_be_waived_is_what_the_law_leaves_to_the_parties(ground: str, rule: str | None) -> None:
    """TY15, OL13; not an earlier role (TY16), nor what the centre has decided."""
    case = appointed()
    case = replace(case, disclosures=case.disclosing("m1", ground))
    party = actor(case, Role.BORROWER)
    offered = lifecycle.allowed_actions(case, context_of(party, START))
    assert (Action.WAIVE_RECUSAL in offered) is (rule is None)
    if rule is None:
        assert change(case, waiver("r1", ground), party).case.disclosures[0].waived_by == {"r1"}
        return
    assert refusal(case, waiver("r1", ground), party).rule == rule
    refused = refusal(case, Accept(), actor(case, Role.MEDIATOR))
    assert (refused.rule, refused.missing) == ("nothing_unwaived", ("appointment",))


def test_nobody_waives_twice_or_for_another_or_what_was_not_disclosed() -> None:
    """Each party for itself; nothing to waive is refused by name."""
    case = waived(disclosed(), "r1").case
    person = actor(case, Role.BORROWER)
    assert refusal(case, waiver("r1"), person).rule == "relation_to_waive"
    assert refusal(case, waiver("r2"), person).rule == "own_party"
    assert refusal(case, waiver("a1", "near_relative"), actor(case, Role.INSTITUTION)).rule == (
        "relation_to_waive"
    )
    assert waiver("r1", "near_relative").completes(case) is False
    assert waiver("r1", "near_relative").changes(case, context_of(person, START)) == {
        "disclosures": case.disclosures
    }


def test_what_is_disclosed_again_is_waived_again() -> None:
    """The word was given about what was known then."""
    case = disclosed()
    for party_id in ("a1", "r1", "r2"):
        case = waived(case, party_id).case
    again = Disclose(mediator_id="m1", ground=DisclosureGround.OTHER_RELATION)
    case = change(case, again, actor(case, Role.MEDIATOR)).case
    assert refusal(case, Accept(), actor(case, Role.MEDIATOR)).rule == "nothing_unwaived"
    assert str(waived(case, "r1").event.type) == "waiver_recorded"


def test_a_challenge_that_is_upheld_ends_the_waiver() -> None:
    """A party that has waived may still challenge, for the same ground."""
    case = disclosed()
    for party_id in ("a1", "r1", "r2"):
        case = waived(case, party_id).case
    ground = ChallengeMediator(party_id="r1", ground=ChallengeGround.OTHER_RELATION)
    case = change(case, ground, actor(case, Role.BORROWER)).case
    decision = DecideChallenge(reason=ChallengeFinding.GROUND_EXISTS)
    case = change(case, decision, actor(case, Role.CENTRE)).case
    assert [each.key for each in case.unwaived("m1")] == [("m1", "other_relation")]


def test_the_centre_replaces_who_is_not_waived() -> None:
    """The next one has no relation, and accepts."""
    case = disclosed(DisclosureGround.EARLIER_ROLE)
    command = ReplaceMediator(mediator_id="m2", ground=ReplacementGround.CONFLICT)
    case = change(case, command, actor(case, Role.CENTRE)).case
    second = replace(actor(case, Role.MEDIATOR), mediator_id="m2")
    assert Action.ACCEPT in lifecycle.allowed_actions(case, context_of(second, START))


def test_a_waiver_that_the_centre_records_waits_for_its_second_record() -> None:
    """M10: said at the counter by somebody without a phone; two people of the centre stand for it."""
    case = disclosed()
    first = actor(case, Role.CENTRE)
    step = change(case, waiver("r1"), first, Channel.IN_PERSON)
    assert str(step.event.type) == "act_recorded"
    assert step.case.disclosures[0].waived_by == frozenset()
    other = waiver("r1", "near_relative")
    case = replace(step.case, disclosures=step.case.disclosing("m1", "near_relative"))
    second = replace(first, subject="another")
    assert str(change(case, other, second, Channel.IN_PERSON).event.type) == "act_recorded"
    assert str(change(case, waiver("r1"), second, Channel.IN_PERSON).event.type) == "waiver_recorded"
