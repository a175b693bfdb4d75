"""Commands by which a party is heard: it objects, ends the mediation or challenges the mediator.

The decisions of the centre carry a code as their reason, so that they can stand in an event.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from chalicelib.domain import objections
from chalicelib.domain.claim import Claim
from chalicelib.domain.commands import CommandBase, ended_without_agreement
from chalicelib.domain.interruption import interrupted
from chalicelib.domain.pending_act import Challenge, Objection
from chalicelib.domain.reasons import (
    ChallengeFinding,
    ChallengeGround,
    FailureReason,
    ObjectionFinding,
)
from chalicelib.domain.settlement_outcome import SettlementOutcome
from chalicelib.domain.stages import Action, Stage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.domain.case import Case, Context


@dataclass(frozen=True, slots=True, kw_only=True)
class Object(CommandBase):
    """A person objects to an act that was recorded in its name (异议), named by its number."""

    action: ClassVar[Action] = Action.OBJECT
    party_id: str
    act: int

    def changes(self, case: Case, context: Context) -> Mapping[str, Any]:
        """Stop the case; LookupError for another act, which the table rules out."""
        (act,) = [each for each in case.recorded if each.number == self.act]
        objection = Objection(act=act, at=context.at, raised_by=context.actor.subject)
        return {"objection": objection, "recorded": case.recorded}

    def event_data(self) -> Mapping[str, Any]:
        """Record who objects to which act."""
        return {"party_id": self.party_id, "act": self.act}


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideObjection(CommandBase):
    """The centre decides an objection; the reason says whether it is upheld.

    `claim` is what is owed where a new round of talks begins, or what was claimed before a suit; `outcome`
    and `agreement_sha256` are those of an agreement that is to be signed again.
    """

    action: ClassVar[Action] = Action.DECIDE_OBJECTION
    reason: ObjectionFinding
    claim: Claim | None = None
    outcome: SettlementOutcome | None = None
    agreement_sha256: str | None = None

    @property
    def upheld(self) -> bool:
        """Whether the act is undone."""
        return self.reason.upholds

    def changes(self, case: Case, context: Context) -> Mapping[str, Any]:
        """Undo the act and what rests on it, or let the case go on."""
        if not self.upheld:
            return objections.carried_on(case, context)
        fields = objections.undone(case, self.claim, context)
        if objections.objection_of(case).act.action == Action.REFUSE_TO_SIGN:
            return {**fields, "outcome": self.outcome, "agreement_sha256": self.agreement_sha256}
        return fields

    def event_data(self) -> Mapping[str, Any]:
        """Record the reason."""
        return {"reason": self.reason}


@dataclass(frozen=True, slots=True, kw_only=True)
class EndMediation(CommandBase):
    """A party does not want to go on with the mediation (拒绝继续调解): it ends (OL25)."""

    action: ClassVar[Action] = Action.END_MEDIATION
    party_id: str

    def changes(self, _case: Case, context: Context) -> Mapping[str, Any]:
        """End the attempt."""
        return {"failure": FailureReason.PARTY_REFUSES, **ended_without_agreement(context)}

    def event_data(self) -> Mapping[str, Any]:
        """Record who ended it."""
        return {"party_id": self.party_id}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChallengeMediator(CommandBase):
    """A party challenges the mediator (申请回避, TY15)."""

    action: ClassVar[Action] = Action.CHALLENGE
    party_id: str
    ground: ChallengeGround

    def changes(self, _case: Case, context: Context) -> Mapping[str, Any]:
        """Let it wait for the centre's decision."""
        challenge = Challenge(
            party_id=self.party_id, ground=self.ground, at=context.at, raised_by=context.actor.subject
        )
        return {"challenge": challenge}

    def event_data(self) -> Mapping[str, Any]:
        """Record who challenges for which ground."""
        return {"party_id": self.party_id, "ground": self.ground}


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideChallenge(CommandBase):
    """The centre decides a challenge; upheld, the mediator leaves the case."""

    action: ClassVar[Action] = Action.DECIDE_CHALLENGE
    reason: ChallengeFinding

    @property
    def upheld(self) -> bool:
        """Whether the mediator is replaced."""
        return self.reason is ChallengeFinding.GROUND_EXISTS

    def changes(self, case: Case, context: Context) -> Mapping[str, Any]:
        """Remove the mediator if it is upheld; talks that have not ended then wait for another one."""
        if not self.upheld:
            return {"challenge": None}
        ground = case.challenge.ground if case.challenge else None
        known = case.disclosing(case.mediator_id, ground) if ground else case.disclosures
        return {
            "challenge": None,
            "mediator_id": None,
            "disclosures": known,
            **({} if case.stage is Stage.SETTLED else interrupted(case, context)),
        }

    def event_data(self) -> Mapping[str, Any]:
        """Record the reason."""
        return {"reason": self.reason}
