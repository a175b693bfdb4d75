"""Acts recorded in a person's name (代为登记): pending until a second record confirms them (复核).

Promise: what a mediator or the centre records as said by a person in the room changes nothing of the case
until that person's one-time code, or the same request by another person of the centre's staff, confirms it.
The person is told of both, of what counts without one, and of what its agent does. Without a second record
the act lapses. A code sent to a number that the recorder itself put on record is no second record. Downside:
a person without a phone depends on two people of the centre, who could act together.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from chalicelib.domain.events import Channel
from chalicelib.domain.hashing import digest
from chalicelib.domain.notices import NoticeKind, PartyNotice, notice_to
from chalicelib.domain.pending_act import PendingAct
from chalicelib.domain.roles import Role
from chalicelib.domain.stages import Action

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.domain.case import Case, Context
    from chalicelib.domain.commands import Command

RECORDERS: Final = frozenset({Role.MEDIATOR, Role.CENTRE})
"""Who may record what a person says."""
_COUNTS_AT_ONCE: Final = frozenset({Action.OBJECT, Action.CHALLENGE})
"""What binds nobody and is decided by the centre needs no second record."""
_OF_AN_AGENT: Final = ("authority", "letter_number", "agent_id", "mediator_id", "ground")
"""What else tells one act from another, about an agent or a mediator; no act of an earlier release has it."""


def named_in(case: Case, command: Command, context: Context) -> str:
    """Return in whose name somebody else records an act that needs a second record; empty if none does."""
    if not _recorded_by_another(context) or command.action in _COUNTS_AT_ONCE:
        return ""
    return min(spoken_for(case, command), default="")


def _recorded_by_another(context: Context) -> bool:
    return context.channel is Channel.IN_PERSON and context.actor.role in RECORDERS


def spoken_for(case: Case, command: Command) -> frozenset[str]:
    """Return the parties that a command speaks for; nobody if it is no party's word."""
    side = getattr(command, "side", None)
    party_id: str = getattr(command, "party_id", "")
    if side is not None:
        return case.speaking(side, party_id)
    return case.party_ids & {party_id}


def fingerprint(case: Case, command: Command) -> str:
    """Return what is the same for two requests of the same act, on the same offer, document and round."""
    content: dict[str, Any] = {
        "action": command.action,
        "parties": sorted(spoken_for(case, command)),
        "online": getattr(command, "online", None),
        "days": getattr(command, "days", None),
        "terms": getattr(command, "terms", ""),
        "respondents": sorted(getattr(command, "respondents", ())),
        "offer": case.offer.number if case.offer else 0,
        "document": case.agreement_sha256,
        "round": case.round,
    }
    agent = {name: getattr(command, name) for name in _OF_AN_AGENT if hasattr(command, name)}
    return digest(content | agent)


def for_code(case: Case, party_id: str, purpose: str) -> str:
    """Return what a code is bound to: an act or a document, and the phone that the party has on record.

    A code that went to another phone before it was corrected fits nothing any more.
    """
    since = next((party.phone_since for party in case.parties if party.party_id == party_id), None)
    return digest({"for": purpose, "phone_since": since}) if since else purpose


def has_second_record(case: Case, command: Command, context: Context) -> bool:
    """Tell whether the person's code was verified, or somebody else of the centre's staff says the same."""
    if context.code_verified and not _set_the_phone(case, command, context):
        return True
    same = fingerprint(case, command)
    return context.actor.role is Role.CENTRE and any(
        act.fingerprint == same and act.subject != context.actor.subject for act in waiting(case, context.at)
    )


def recorder_before(case: Case, command: Command, context: Context) -> str:
    """Return who recorded the same act first; empty if nobody did."""
    same = fingerprint(case, command)
    return next((act.subject for act in waiting(case, context.at) if act.fingerprint == same), "")


def _set_the_phone(case: Case, command: Command, context: Context) -> bool:
    """Tell whether who records the act has itself put the number on record that the code went to."""
    setters = {party.phone_set_by for party in case.parties if party.party_id in spoken_for(case, command)}
    return context.actor.subject in setters


def waiting(case: Case, at: datetime) -> tuple[PendingAct, ...]:
    """Return the acts that can still be confirmed."""
    return tuple(act for act in case.pending if at < act.expires_at)


def still_waiting(case: Case, command: Command, context: Context) -> tuple[PendingAct, ...]:
    """Return the pending acts but for this one and for those that have lapsed."""
    acts = waiting(case, context.at)
    same = fingerprint(case, command) if acts else ""
    return tuple(act for act in acts if act.fingerprint != same)


def recorded(case: Case, command: Command, party_id: str, context: Context) -> PendingAct:
    """Return the act as it waits for its second record."""
    return PendingAct(
        action=command.action,
        party_id=party_id,
        fingerprint=fingerprint(case, command),
        role=context.actor.role,
        subject=context.actor.subject,
        at=context.at,
        expires_at=context.at + timedelta(hours=context.limits.second_record_hours),
    )


def told(case: Case, sequence: int, command: Command, context: Context) -> PartyNotice | None:
    """Return the message that tells a respondent what another did in its name; None if it spoke itself.

    Whether the act needs a second record makes no difference. An institution reads the API.
    """
    if _recorded_by_another(context):
        kind = NoticeKind.ACT_RECORDED
    elif context.actor.agent_of:
        kind = NoticeKind.AGENT_ACTED
    else:
        return None
    named = spoken_for(case, command) & case.respondent_ids
    return notice_to(case.case_id, sequence, named, kind, {"act": command.action})
