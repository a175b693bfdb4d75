"""What a mediator or the centre records in a person's name changes nothing until its second record."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import pytest

from chalicelib.domain import lifecycle
from chalicelib.domain.commands import GiveConsent
from chalicelib.domain.events import Channel
from chalicelib.domain.notices import NoticeKind, PartyNotice
from chalicelib.domain.objection_commands import ChallengeMediator, Object
from chalicelib.domain.reasons import ChallengeGround
from chalicelib.domain.representatives import Authority, Mandate
from chalicelib.domain.roles import Actor, Role
from chalicelib.domain.second_record import fingerprint, waiting
from chalicelib.domain.stages import EventType, Stage
from tests.support.builders import START, context_of, filed, insiders

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.domain.case import Case, Change

CONSENT: Final = GiveConsent(party_id="r1", online=True)
OTHER: Final = GiveConsent(party_id="r2", online=True)


def by(case: Case, role: Role, subject: str = "") -> Actor:
    """Return the case's actor of a role, or somebody else of that role."""
    actor = next(actor for actor in insiders(case) if actor.role is role)
    return replace(actor, subject=subject or actor.subject)


def record(
    case: Case, actor: Actor, command: GiveConsent = CONSENT, hours: float = 1, *, code: bool = False
) -> Change:
    """Let somebody record a consent in person, some hours after the last change."""
    at = case.updated_at + timedelta(hours=hours)
    context = replace(context_of(actor, at, channel=Channel.IN_PERSON), code_verified=code)
    return lifecycle.apply(case, command, context)


@pytest.fixture
def case() -> Case:
    """File a case against two, with a mediator who may see it."""
    return replace(filed("a1", "r1", "r2").case, mediator_id="m1")


@pytest.mark.parametrize("role", [Role.MEDIATOR, Role.CENTRE])
def test_one_record_is_pending_and_told(case: Case, role: Role) -> None:
    """The event says which act in whose name; the person gets a message; nothing else of the case changes."""
    change = record(case, by(case, role))
    assert change.event.type is EventType.ACT_RECORDED
    assert dict(change.event.facts) == {"action": "consent", "party_id": "r1"}
    (told,) = change.of(PartyNotice)
    assert (told.party_id, told.kind, told.values) == ("r1", NoticeKind.ACT_RECORDED, {"act": "consent"})
    after = change.case
    assert (after.consents, after.stage, after.step, after.deadline) == (
        case.consents,
        case.stage,
        case.step,
        case.deadline,
    )
    (pending,) = after.pending
    assert (pending.action, pending.party_id, pending.role, pending.at, pending.expires_at) == (
        "consent",
        "r1",
        role,
        after.updated_at,
        after.updated_at + timedelta(hours=24),
    )


def test_what_needs_no_second_record_is_told_too(case: Case) -> None:
    """A challenge and an objection that the centre records in a person's name, at once and once."""
    centre = by(case, Role.CENTRE)
    at = case.updated_at
    challenge = ChallengeMediator(party_id="r1", ground=ChallengeGround.NEAR_RELATIVE)
    assigned = replace(case, stage=Stage.ASSIGNED)
    change = lifecycle.apply(assigned, challenge, context_of(centre, at, channel=Channel.IN_PERSON))
    assert change.event.type is EventType.MEDIATOR_CHALLENGED
    assert told_by(change) == [("act_recorded", ("r1",), {"act": "challenge"})]
    consented = record(record(assigned, by(case, Role.MEDIATOR)).case, centre).case
    objection = Object(party_id="r1", act=consented.recorded[0].number)
    change = lifecycle.apply(consented, objection, context_of(centre, at, channel=Channel.IN_PERSON))
    assert change.event.type is EventType.OBJECTION_RAISED
    assert told_by(change) == [
        ("act_recorded", ("r1",), {"act": "object"}),
        ("objection_raised", ("r2",), {}),
    ]


def told_by(change: Change) -> list[tuple[str, tuple[str, ...], Mapping[str, str]]]:
    """Return who is told what because of a change."""
    return [(str(each.kind), each.party_ids, each.values) for each in change.of(PartyNotice)]


def test_what_an_agent_does_is_told_to_its_party(case: Case) -> None:
    """A respondent hears of each act of its agent; an institution reads the API, and who speaks knows."""
    mandate = Mandate(agent_id="g1", authority=Authority.SPECIAL)
    parties = tuple(replace(party, agents=(mandate,)) for party in case.parties)
    talks = replace(case, parties=parties, stage=Stage.IN_MEDIATION, accepted_at=START)
    own = by(case, Role.BORROWER)
    agent = replace(own, agent_of=frozenset({f"{case.case_id}:r1:g1"}))
    banks = replace(by(case, Role.INSTITUTION), agent_of=frozenset({f"{case.case_id}:a1:g1"}))
    for actor, party_id, expected in (
        (agent, "r1", [("agent_acted", ("r1",), {"act": "challenge"})]),
        (own, "r1", []),
        (banks, "a1", []),
    ):
        command = ChallengeMediator(party_id=party_id, ground=ChallengeGround.OTHER_RELATION)
        change = lifecycle.apply(talks, command, context_of(actor, case.updated_at))
        assert told_by(change) == expected


def test_the_centre_confirms_what_another_recorded(case: Case) -> None:
    """Then it counts, the person is told again, and nothing waits."""
    first = record(case, by(case, Role.MEDIATOR)).case
    change = record(first, by(case, Role.CENTRE))
    assert change.event.type is EventType.CONSENT_GIVEN
    assert change.case.consents == {"a1", "r1"}
    assert not change.case.pending
    assert [told.values["act"] for told in change.of(PartyNotice)] == ["consent"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("mediator", "x"), ("mediator", "x")),
        (("mediator", "x"), ("mediator", "y")),
        (("centre", "x"), ("centre", "x")),
        (("mediator", "x"), ("centre", "x")),
        (("centre", "x"), ("mediator", "y")),
    ],
)
def test_nobody_confirms_alone(case: Case, first: tuple[str, str], second: tuple[str, str]) -> None:
    """Neither the same person in whatever role, nor a mediator."""
    for role, subject in (first, second):
        case = record(case, by(case, Role(role), subject=subject)).case
    assert case.consents == {"a1"}
    assert len(case.pending) == 1


def test_a_second_record_comes_within_a_day(case: Case) -> None:
    """Just before 24 hours it confirms; from then on it is a first record."""
    for hours, consents in ((23.99, {"a1", "r1"}), (24, {"a1"})):
        first = record(case, by(case, Role.MEDIATOR)).case
        assert record(first, by(case, Role.CENTRE), hours=hours).case.consents == consents
        assert bool(waiting(first, first.updated_at + timedelta(hours=hours))) is (hours < 24)


def test_another_act_is_not_confirmed(case: Case) -> None:
    """Of another party, or with another content: each waits for its own second record."""
    first = record(case, by(case, Role.MEDIATOR)).case
    for other in (OTHER, replace(CONSENT, online=False)):
        second = record(first, by(case, Role.CENTRE), other).case
        assert second.consents == {"a1"}
        assert len(second.pending) == 2


def test_the_persons_code_is_a_second_record(case: Case) -> None:
    """One request is enough then."""
    assert record(case, by(case, Role.MEDIATOR), code=True).case.consents == {"a1", "r1"}


def test_what_the_person_does_itself_is_not_pending_any_more(case: Case) -> None:
    """Others' acts wait on."""
    mediator = by(case, Role.MEDIATOR)
    waits = record(record(case, mediator).case, mediator, OTHER).case
    owner = next(actor for actor in insiders(case) if actor.party_in(case.case_id) == "r1")
    after = lifecycle.apply(waits, CONSENT, context_of(owner, waits.updated_at + timedelta(hours=1))).case
    assert [act.party_id for act in after.pending] == ["r2"]


def test_a_fingerprint_is_of_the_act_and_what_it_is_about(case: Case) -> None:
    """The same act in another round or under another document is another one."""
    prints = {
        fingerprint(each, command)
        for each in (case, replace(case, round=2), replace(case, agreement_sha256="ab" * 32))
        for command in (CONSENT, OTHER, replace(CONSENT, online=False))
    }
    assert len(prints) == 9
    assert fingerprint(replace(case, updated_at=START + timedelta(days=1)), CONSENT) in prints
