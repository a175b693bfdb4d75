"""Commands: what somebody asks of a case, and which of its fields that would change.

Promise: each command is one imperative, knows its action, the fields it changes and the facts its
event records; it never decides whether it is allowed: `transitions` and `permissions` do.
Facts are ids, codes, numbers and dates: nothing personal and nothing confidential enters an event.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Final, Protocol

from chalicelib.domain.case import ExtensionProposal
from chalicelib.domain.claim import CaseType, Claim, Track, WayIn
from chalicelib.domain.interruption import accepted, interrupted
from chalicelib.domain.parties import Party, PartyDetails, Side, check_parties
from chalicelib.domain.reasons import (
    RECUSES,
    RELATED,
    DeclineReason,
    FailureReason,
    ReplacementGround,
)
from chalicelib.domain.stages import Action, Stage
from chalicelib.domain.transfer import Transfer, transfer_id

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.domain.case import Case, Context
    from chalicelib.domain.loan.debt import Debt  # noqa: TC004 - the arithmetic, which few functions use


class Command(Protocol):
    """Anything that can be asked of a case."""

    action: ClassVar[Action]

    def changes(self, case: Case, context: Context) -> Mapping[str, Any]:
        """Return the case's fields as they will be; stage, version and step follow from the table."""

    def event_data(self) -> Mapping[str, Any]:
        """Return what the event records."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileDispute:
    """File a dispute for mediation; parties' details and the debt are stored beside the case, not in it."""

    institution_id: str
    court_id: str
    case_type: CaseType
    contract_number: str
    instalment_scope: str
    claim: Claim
    parties: tuple[Party, ...]
    details: tuple[PartyDetails, ...]
    online: bool
    debt: Debt | None = None
    way_in: WayIn = WayIn.APPLICATION
    application_id: str | None = None
    """The borrower's own application that this filing answers."""

    def __post_init__(self) -> None:
        check_parties(self.parties, self.details)

    def event_data(self) -> Mapping[str, Any]:
        """Record what is claimed and how many are party to it."""
        return {
            "court_id": self.court_id,
            "case_type": self.case_type,
            "claim_total": str(self.claim.total),
            "parties": len(self.parties),
            "online": self.online,
            "way_in": self.way_in,
            **({"application_id": self.application_id} if self.application_id else {}),
        }


def ended_without_agreement(context: Context) -> Mapping[str, Any]:
    """Return the fields of a mediation that ends now; an agreement that is not in force is removed."""
    return {"ended_at": context.at, "outcome": None, "agreement_sha256": None}


class CommandBase:
    """A command that changes no field of its own and records no fact."""

    __slots__ = ()

    def changes(self, _case: Case, _context: Context) -> Mapping[str, Any]:
        """Change nothing beyond what the table says."""
        return {}

    def event_data(self) -> Mapping[str, Any]:
        """Record nothing beyond the event itself."""
        return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen(CommandBase):
    """Check a filing, put it on a track by its claim's total (M2), and give the case its number."""

    action: ClassVar[Action] = Action.SCREEN
    case_number: str | None = None

    def changes(self, case: Case, context: Context) -> Mapping[str, Any]:
        """Choose the track; take the number."""
        small = case.claim.total <= context.limits.inclusive_finance_ceiling
        return {
            "track": Track.INCLUSIVE_FINANCE if small else Track.ORDINARY,
            "case_number": self.case_number,
        }

    def event_data(self) -> Mapping[str, Any]:
        """Record the number."""
        return {"case_number": self.case_number} if self.case_number else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Appoint(CommandBase):
    """Appoint a mediator (TY12, OL10) and attach the guiding judge (对接指导法官, M9, M15).

    `start` is from where a newcomer's cases are counted (`appointment.starting_count`).
    """

    action: ClassVar[Action] = Action.APPOINT
    mediator_id: str
    judge_id: str
    start: int = 0

    def changes(self, _case: Case, _context: Context) -> Mapping[str, Any]:
        """Record both."""
        return {"mediator_id": self.mediator_id, "judge_id": self.judge_id, "choice": None}

    def event_data(self) -> Mapping[str, Any]:
        """Record both."""
        return {"mediator_id": self.mediator_id, "judge_id": self.judge_id}


@dataclass(frozen=True, slots=True)
class Accept(CommandBase):
    """The mediator accepts; the mediation's clock starts (TY27), or goes on after a replacement."""

    action: ClassVar[Action] = Action.ACCEPT

    def changes(self, case: Case, context: Context) -> Mapping[str, Any]:
        """Start the clock, or let it go on."""
        return accepted(case, context)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decline(CommandBase):
    """The mediator declines with a reason (OL12); the centre appoints another."""

    action: ClassVar[Action] = Action.DECLINE
    reason: DeclineReason

    def changes(self, case: Case, _context: Context) -> Mapping[str, Any]:
        """Remove the mediator from the case; one who is related to it is not appointed to it again."""
        if self.reason not in RELATED:
            return {"mediator_id": None}
        return {"mediator_id": None, "disclosures": case.disclosing(case.mediator_id, self.reason)}

    def event_data(self) -> Mapping[str, Any]:
        """Record why."""
        return {"reason": self.reason}


_TALKS: Final = frozenset({Stage.ASSIGNED, Stage.IN_MEDIATION})


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplaceMediator(CommandBase):
    """The centre gives the case to another mediator (更换调解员); the guiding judge stays (M9).

    Before an agreement the new one has to accept, as any appointed mediator (OL12), and the clock stands
    still until then. After it the new one takes the case over as it stands.
    """

    action: ClassVar[Action] = Action.REPLACE_MEDIATOR
    mediator_id: str
    ground: ReplacementGround

    def changes(self, case: Case, context: Context) -> Mapping[str, Any]:
        """Change the mediator; whoever asked for another one has got it."""
        stopped = interrupted(case, context) if case.stage in _TALKS else {}
        known = case.disclosing(case.mediator_id, self.ground) if self.ground in RECUSES else case.disclosures
        return {"mediator_id": self.mediator_id, "challenge": None, "disclosures": known, **stopped}

    def event_data(self) -> Mapping[str, Any]:
        """Record who takes over, and why."""
        return {"mediator_id": self.mediator_id, "ground": self.ground}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplaceJudge(CommandBase):
    """The centre attaches another guiding judge (更换对接指导法官), who has the guidance then (M15)."""

    action: ClassVar[Action] = Action.REPLACE_JUDGE
    judge_id: str
    ground: ReplacementGround

    def changes(self, _case: Case, _context: Context) -> Mapping[str, Any]:
        """Change the judge."""
        return {"judge_id": self.judge_id}

    def event_data(self) -> Mapping[str, Any]:
        """Record who takes over, and why."""
        return {"judge_id": self.judge_id, "ground": self.ground}


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveConsent(CommandBase):
    """A party consents to mediation (TY11) and, separately, to its online mode (OL4)."""

    action: ClassVar[Action] = Action.CONSENT
    party_id: str
    online: bool

    def changes(self, case: Case, _context: Context) -> Mapping[str, Any]:
        """Record the consent; one party's refusal of the online mode makes the mediation an offline one."""
        return {"consents": case.consents | {self.party_id}, "online": case.online and self.online}

    def event_data(self) -> Mapping[str, Any]:
        """Record who consented to what."""
        return {"party_id": self.party_id, "online": self.online}


@dataclass(frozen=True, slots=True, kw_only=True)
class RefuseConsent(CommandBase):
    """A party refuses mediation (TY11): the attempt ends."""

    action: ClassVar[Action] = Action.REFUSE_CONSENT
    party_id: str

    def changes(self, _case: Case, context: Context) -> Mapping[str, Any]:
        """End the attempt."""
        return {"failure": FailureReason.PARTY_REFUSES, "ended_at": context.at}

    def event_data(self) -> Mapping[str, Any]:
        """Record who refused."""
        return {"party_id": self.party_id}


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken(CommandBase):
    """A command by which a party of a side says something; `party_id` may be empty where the side has one."""

    side: Side
    party_id: str = ""

    def speakers(self, case: Case) -> frozenset[str]:
        """Return for whom it is said: for all applicants, or for one respondent; empty if nobody is named."""
        return case.speaking(self.side, self.party_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Extend(Spoken):
    """A party agrees to extend the mediation by so many days; all must agree to the same (TY27, OL24)."""

    action: ClassVar[Action] = Action.EXTEND
    days: int

    def agreed(self, case: Case) -> frozenset[str]:
        """Return who has then agreed to exactly this."""
        proposal = case.extension
        same = proposal is not None and proposal.days == self.days
        return self.speakers(case) | (proposal.agreed if proposal and same else frozenset())

    def changes(self, case: Case, _context: Context) -> Mapping[str, Any]:
        """Grant what all agreed to, else keep who has agreed so far as the open proposal."""
        agreed = self.agreed(case)
        if agreed == case.party_ids:
            return {"extension": None, "extended_days": case.extended_days + self.days}
        return {"extension": ExtensionProposal(side=self.side, days=self.days, agreed=agreed)}

    def event_data(self) -> Mapping[str, Any]:
        """Record who agreed to how many days."""
        named = {"party_id": self.party_id} if self.party_id else {}
        return {"side": self.side, "days": self.days, **named}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fail(CommandBase):
    """The mediator ends the attempt with a statutory reason (OL25)."""

    action: ClassVar[Action] = Action.FAIL
    reason: FailureReason

    def changes(self, _case: Case, context: Context) -> Mapping[str, Any]:
        """End the attempt; an agreement that is not in force is removed."""
        return {"failure": self.reason, **ended_without_agreement(context)}

    def event_data(self) -> Mapping[str, Any]:
        """Record why."""
        return {"reason": self.reason}


@dataclass(frozen=True, slots=True)
class Withdraw(CommandBase):
    """The institution takes the case back (撤回)."""

    action: ClassVar[Action] = Action.WITHDRAW


@dataclass(frozen=True, slots=True)
class Drop(CommandBase):
    """The institution does not insist on a suit."""

    action: ClassVar[Action] = Action.DROP


_FAILED_FOR: Final[Mapping[Stage, FailureReason]] = {
    Stage.PERFORMING: FailureReason.CONFIRMATION_REJECTED,
    Stage.DEFAULTED: FailureReason.AGREEMENT_DEFAULTED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestTransfer(CommandBase):
    """The institution insists: the court must take the suit (TY21, OL21).

    `claim` replaces the case's where an agreement was in force: then only what is still owed is claimed.
    """

    action: ClassVar[Action] = Action.TRANSFER
    claim: Claim | None = None

    def changes(self, case: Case, _context: Context) -> Mapping[str, Any]:
        """Open the first attempt."""
        return {
            "transfer": Transfer(transfer_id=transfer_id(case.case_id, 1), attempt=1),
            "claim": self.claim or case.claim,
            "failure": _FAILED_FOR.get(case.stage, case.failure),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Correct(CommandBase):
    """The institution corrects what the court returned (补正)."""

    action: ClassVar[Action] = Action.CORRECT
    claim: Claim | None = None
    details: tuple[PartyDetails, ...] = ()

    def changes(self, case: Case, _context: Context) -> Mapping[str, Any]:
        """Take the corrected claim; corrected details of parties are stored beside the case."""
        return {"claim": self.claim or case.claim}

    def event_data(self) -> Mapping[str, Any]:
        """Record which parts were corrected, not their content."""
        return {
            "claim_total": str(self.claim.total) if self.claim else None,
            "parties": sorted(d.party_id for d in self.details),
        }


@dataclass(frozen=True, slots=True)
class Retransfer(CommandBase):
    """The hub hands the corrected case over in a new attempt."""

    action: ClassVar[Action] = Action.RETRANSFER

    def changes(self, case: Case, _context: Context) -> Mapping[str, Any]:
        """Open the next attempt; the court knows the earlier one by its own id."""
        if case.transfer is None:
            raise LookupError("the table offers this only after a transfer was requested")
        attempt = case.transfer.attempt + 1
        following = Transfer(
            transfer_id=transfer_id(case.case_id, attempt), attempt=attempt, matter=case.transfer.matter
        )
        return {"transfer": following}
