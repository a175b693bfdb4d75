"""Commands about the parties themselves: corrected details; agents authorised, confirmed and revoked.

Promise: each is possible at every open stage, and leaves the case at its stage. What a correction changes is
stored beside the case with the parties' details; the event names the fields and the reason, never a value.
Sources: 个人信息保护法 46 (wrong data are corrected); 民事诉讼法 61 to 63, 民法典 165 and 173 (agents).
Downside: whether a letter of authority is genuine is checked by who receives it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from chalicelib.domain.commands import CommandBase
from chalicelib.domain.parties import (
    Identification,
    IdentityShown,
    with_agent,
    with_confirmed,
    with_identity,
    with_phone_set_by,
    without_agent,
)
from chalicelib.domain.reasons import CorrectionReason
from chalicelib.domain.representatives import Authority
from chalicelib.domain.stages import Action

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chalicelib.domain.case import Case, Context
    from chalicelib.domain.parties import Party


def _changed(case: Case, party_id: str, change: Callable[[Party], Party]) -> Mapping[str, Any]:
    parties = (change(party) if party.party_id == party_id else party for party in case.parties)
    return {"parties": tuple(parties)}


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectDetails(CommandBase):
    """The institution or the centre corrects a party's details (更正); `fields` are the ones that differ."""

    action: ClassVar[Action] = Action.CORRECT_DETAILS
    party_id: str
    fields: tuple[str, ...]
    reason: CorrectionReason

    def changes(self, case: Case, context: Context) -> Mapping[str, Any]:
        """Keep who set another phone, and since which version; nothing else of the case changes."""
        if "phone" not in self.fields:
            return {}
        setter, since = context.actor.subject, case.version + 1
        return _changed(case, self.party_id, lambda party: with_phone_set_by(party, setter, since))

    def event_data(self) -> Mapping[str, Any]:
        """Record whose details were corrected, which of them, and why."""
        return {"party_id": self.party_id, "fields": sorted(self.fields), "reason": self.reason}


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckIdentity(CommandBase):
    """Somebody of the mediation made sure of who a respondent is (核对身份, OL17)."""

    action: ClassVar[Action] = Action.CHECK_IDENTITY
    party_id: str
    how: IdentityShown

    def changes(self, case: Case, context: Context) -> Mapping[str, Any]:
        """Keep who did, in place of an earlier check."""

        def checked(party: Party) -> Party:
            check = Identification(
                subject=context.actor.subject, how=self.how, at=context.at, phone_since=party.phone_since
            )
            return with_identity(party, check)

        return _changed(case, self.party_id, checked)

    def event_data(self) -> Mapping[str, Any]:
        """Record of whom, and how."""
        return {"party_id": self.party_id, "how": self.how}


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAgent(CommandBase):
    """A party authorises an agent (委托代理人) by a letter; its name and phone stand with the details.

    By party, authority and the letter's number a second record is known to be about the same agent.
    """

    action: ClassVar[Action] = Action.RECORD_AGENT
    party_id: str
    authority: Authority
    letter_number: str

    def changes(self, case: Case, _context: Context) -> Mapping[str, Any]:
        """Add the agent under the next number of its party."""
        return _changed(case, self.party_id, lambda party: with_agent(party, self.authority))

    def event_data(self) -> Mapping[str, Any]:
        """Record who authorised somebody, and how far."""
        return {"party_id": self.party_id, "authority": self.authority}


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmAgent(CommandBase):
    """A respondent confirms an agent whom the other side named in its filing; then the agent may act."""

    action: ClassVar[Action] = Action.CONFIRM_AGENT
    party_id: str
    agent_id: str

    def changes(self, case: Case, _context: Context) -> Mapping[str, Any]:
        """Keep that the party wants it."""
        return _changed(case, self.party_id, lambda party: with_confirmed(party, self.agent_id))

    def event_data(self) -> Mapping[str, Any]:
        """Record whose agent it is."""
        return {"party_id": self.party_id, "agent_id": self.agent_id}


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeAgent(CommandBase):
    """A party revokes an agent's authority (民法典 173); the agent's token reaches nothing from then on."""

    action: ClassVar[Action] = Action.REVOKE_AGENT
    party_id: str
    agent_id: str

    def changes(self, case: Case, _context: Context) -> Mapping[str, Any]:
        """Take the agent away; its number is never given again."""
        return _changed(case, self.party_id, lambda party: without_agent(party, self.agent_id))

    def event_data(self) -> Mapping[str, Any]:
        """Record whose agent it was."""
        return {"party_id": self.party_id, "agent_id": self.agent_id}
