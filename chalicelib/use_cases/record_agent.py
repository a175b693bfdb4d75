"""Record a party's agent, or revoke it: the case knows its authority, the sealed details its name."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chalicelib.domain.events import Channel
from chalicelib.domain.parties import acts_for_another_side
from chalicelib.domain.party_commands import RecordAgent, RevokeAgent
from chalicelib.domain.permissions import authorise
from chalicelib.domain.representatives import RepresentativeKind
from chalicelib.domain.rules import AGENT_OF_ONE_SIDE
from chalicelib.use_cases.follow_up import follow_up_time
from chalicelib.use_cases.loading import change_by, context_of, load_with_details
from chalicelib.use_cases.second_records import with_code

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalicelib.domain.case import Case, Change
    from chalicelib.domain.commands import Command
    from chalicelib.domain.parties import PartyDetails
    from chalicelib.domain.representatives import Authority, Representative
    from chalicelib.domain.roles import Actor
    from chalicelib.use_cases.ports import Hub


def record_agent(
    hub: Hub,
    actor: Actor,
    case_id: str,
    party_id: str,
    agent: Representative,
    authority: Authority,
    *,
    expected_version: int | None = None,
    channel: Channel = Channel.ONLINE,
    code: str | None = None,
) -> Case:
    """Record an agent with its authority and letter; recorded before the centre it waits for a second record.

    Raises NotPermitted, CaseNotFound, StaleVersion, ActionNotAvailable, RuleViolated or the code's refusals.
    """
    authorise(actor, RecordAgent.action)
    case, details = load_with_details(hub, actor, RecordAgent.action, case_id, expected_version)
    command = RecordAgent(party_id=party_id, authority=authority, letter_number=agent.letter_number or "")
    change = _change(hub, actor, case, command, channel, code)
    if acts_for_another_side(case.parties, details, party_id, agent):
        raise AGENT_OF_ONE_SIDE.refusal()

    def added(known: PartyDetails) -> PartyDetails:
        (party,) = (party for party in change.case.parties if party.party_id == party_id)
        numbered = replace(agent, agent_id=party.agents[-1].agent_id)
        return replace(known, representatives=(*known.representatives, numbered))

    return _save(hub, change, party_id, details, added)


def revoke_agent(
    hub: Hub,
    actor: Actor,
    case_id: str,
    party_id: str,
    agent_id: str,
    *,
    expected_version: int | None = None,
    channel: Channel = Channel.ONLINE,
    code: str | None = None,
) -> Case:
    """Revoke an agent's authority; later papers do not name it. Raises the refusals of `record_agent`."""
    authorise(actor, RevokeAgent.action)
    case, details = load_with_details(hub, actor, RevokeAgent.action, case_id, expected_version)
    command = RevokeAgent(party_id=party_id, agent_id=agent_id)

    change = _change(hub, actor, case, command, channel, code)

    def removed(known: PartyDetails) -> PartyDetails:
        left = (
            each
            for each in known.representatives
            if (each.kind, each.agent_id) != (RepresentativeKind.AGENT, agent_id)
        )
        return replace(known, representatives=tuple(left))

    return _save(hub, change, party_id, details, removed)


def _change(
    hub: Hub, actor: Actor, case: Case, command: Command, channel: Channel, code: str | None
) -> Change:
    context = with_code(hub, case, command, context_of(hub, actor, case.court_id, channel), code)
    return change_by(hub, case, command, context)


def _save(
    hub: Hub,
    change: Change,
    party_id: str,
    details: tuple[PartyDetails, ...],
    changed: Callable[[PartyDetails], PartyDetails],
) -> Case:
    """Store the change with the party's details as changed; of one that waits, only that it waits."""
    given = () if change.pends else tuple(changed(each) for each in details if each.party_id == party_id)
    return hub.cases.save(change, follow_up_time(hub), given)
