"""One of the staff and one of the bank, with every token that they may hold: they make no title."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain import lifecycle
from chalicelib.domain.errors import HubError
from chalicelib.domain.events import Channel
from chalicelib.domain.notices import NoticeKind, PartyNotice
from chalicelib.domain.party_commands import CorrectDetails
from chalicelib.domain.representatives import Authority, Mandate
from chalicelib.domain.roles import SYSTEM, Actor, Role
from chalicelib.domain.stages import Action, EventType
from chalicelib.domain.transfer import Dispatch, DispatchKind
from tests.support.builders import attempt, commands_for, context_of, filed, insiders
from tests.support.examples import examples

if TYPE_CHECKING:
    from chalicelib.domain.case import Case, Change
    from chalicelib.domain.commands import Command

STAFF, BANK = "staff-1", "bank-clerk-1"
ON_THE_WAY: Final = (
    Action.SCREEN,
    Action.APPOINT,
    Action.ACCEPT,
    Action.CONSENT,
    Action.OFFER,
    Action.ACCEPT_OFFER,
    Action.SETTLE,
    Action.CHECK_IDENTITY,
    Action.SIGN,
    Action.APPLY_FOR_CONFIRMATION,
)
"""What leads to a title; tried first, so that walks go as far as they get."""


def _case() -> Case:
    """File a case whose bank named an agent of special authority for the first respondent."""
    case = filed("a1", "r1", "r2").case
    named = (Mandate(agent_id="g1", authority=Authority.SPECIAL, confirmed=False),)
    parties = (replace(p, agents=named) if p.party_id == "r1" else p for p in case.parties)
    return replace(case, parties=tuple(parties))


def _tokens(case: Case) -> tuple[Actor, ...]:
    """Return every token that the two may hold.

    The staff's: mediator, centre, and the way in by a paper that it issued to itself. The bank's: its own and
    the agent's whom it named. Neither has a respondent's telephone; who replaces a number is another matter
    (decision 48), so no number is replaced here.
    """
    by_role = {actor.role: actor for actor in insiders(case)}
    papers = (
        Actor(
            role=Role.BORROWER,
            subject=f"link:{case.case_id}:{party_id}",
            case_ids=frozenset({f"{case.case_id}:{party_id}"}),
            let_in_by=STAFF,
        )
        for party_id in sorted(case.respondent_ids)
    )
    agent = Actor(role=Role.BORROWER, subject=BANK, agent_of=frozenset({f"{case.case_id}:r1:g1"}))
    return (
        replace(by_role[Role.MEDIATOR], subject=STAFF),
        replace(by_role[Role.CENTRE], subject=STAFF),
        replace(by_role[Role.INSTITUTION], subject=BANK),
        agent,
        SYSTEM,
        *papers,
    )


def _check(change: Change, case: Case, actor: Actor, channel: Channel) -> None:
    after = change.case
    assert after.agreement_sha256 is None or not after.bound <= after.signatures
    assert not after.signatures & case.respondent_ids
    assert all(each.kind is not DispatchKind.CONFIRMATION for each in change.of(Dispatch))
    if channel is Channel.IN_PERSON and actor.role in {Role.MEDIATOR, Role.CENTRE}:
        named = {change.event.facts.get("party_id")} & case.respondent_ids
        of_the_act = (each for each in change.of(PartyNotice) if each.kind is NoticeKind.ACT_RECORDED)
        heard = {party_id for notice in of_the_act for party_id in notice.party_ids}
        assert heard >= named or change.event.type is EventType.IDENTITY_CHECKED


def _possible(case: Case, tokens: tuple[Actor, ...], channel: Channel) -> list[tuple[Actor, Command]]:
    several = [
        each for each in commands_for(case, context_of().limits) if not isinstance(each, CorrectDetails)
    ]
    at = case.updated_at + timedelta(minutes=1)
    return [
        (actor, command)
        for actor in tokens
        for command in several
        if not isinstance(attempt(case, command, context_of(actor, at, channel=channel)), HubError)
    ]


@settings(max_examples=examples(25))
@given(data=st.data())
def test_two_of_them_bind_nobody_and_nothing_leaves_for_confirmation(data: st.DataObject) -> None:
    """Whatever the two do, in whatever order, without a respondent's word; and it hears of what is recorded."""
    case = _case()
    tokens = _tokens(case)
    for _ in range(data.draw(st.integers(8, 30), "acts")):
        channel = data.draw(st.sampled_from(Channel), "channel")
        found = _possible(case, tokens, channel)
        on_the_way = [each for each in found if each[1].action in ON_THE_WAY]
        found = data.draw(st.sampled_from([on_the_way, on_the_way, found]), "pool") or found
        if not found:
            continue
        actor, command = data.draw(st.sampled_from(found), "act")
        context = context_of(actor, case.updated_at + timedelta(minutes=1), channel=channel)
        change = lifecycle.apply(case, command, context)
        _check(change, case, actor, channel)
        case = change.case
        tokens = _tokens(case)
