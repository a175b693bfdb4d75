"""Commands that record the court's messages, and what time does: a limit passes, a limit moves.

Those of the court name their transfer, so that a message about an earlier attempt can't change a later one.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, Final, TypeAlias

from chalicelib.domain.agreement.confirmation import Ruling, ruled
from chalicelib.domain.commands import ended_without_agreement
from chalicelib.domain.reasons import FailureReason
from chalicelib.domain.stages import Action, Stage
from chalicelib.domain.transfer import Docketing, ReviewReason, ReviewResult

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime  # noqa: TC004 - a command's annotations are not read at run time

    from chalicelib.domain.case import Case, Context
    from chalicelib.domain.transfer import Transfer


class _OnTransfer(ABC):
    """A command that changes the case's transfer and nothing else."""

    __slots__ = ()
    transfer_id: str

    @abstractmethod
    def recorded_in(self, transfer: Transfer) -> Transfer:
        """Return the transfer with what the court said of it."""

    def changes(self, case: Case, _context: Context) -> Mapping[str, Any]:
        """Record it in the transfer; raises LookupError without one, which the table rules out."""
        if case.transfer is None:
            raise LookupError("the table offers this only after a transfer was requested")
        return {"transfer": self.recorded_in(case.transfer)}

    def known_to(self, case: Case) -> bool:
        """Tell whether the case's present transfer already holds what this would record."""
        present = case.transfer
        if present is None or present.transfer_id != self.transfer_id:
            return False
        return self.recorded_in(present) == present


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordReceipt(_OnTransfer):
    """The court's synchronous receipt: the message arrived, nothing more."""

    action: ClassVar[Action] = Action.RECORD_RECEIPT
    transfer_id: str
    receipt_id: str

    def recorded_in(self, transfer: Transfer) -> Transfer:
        """Keep the receipt."""
        return replace(transfer, receipt_id=self.receipt_id)

    def event_data(self) -> Mapping[str, Any]:
        """Record both ids."""
        return {"transfer_id": self.transfer_id, "receipt_id": self.receipt_id}


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordReview(_OnTransfer):
    """The registry's review of a submission."""

    kind: ClassVar = "review"
    action: ClassVar[Action] = Action.RECORD_REVIEW
    transfer_id: str
    result: ReviewResult
    filing_id: str | None = None
    reasons: tuple[ReviewReason, ...] = ()

    def recorded_in(self, transfer: Transfer) -> Transfer:
        """Keep the result and the filing id the court assigned."""
        filing_id = self.filing_id or transfer.filing_id
        return replace(transfer, review=self.result, filing_id=filing_id, reasons=self.reasons)

    def known_to(self, case: Case) -> bool:
        """Tell whether it adds nothing; always true for an application to confirm: only its ruling counts."""
        confirmation = case.confirmation
        about_it = confirmation is not None and confirmation.transfer_id == self.transfer_id
        return about_it or _OnTransfer.known_to(self, case)

    def event_data(self) -> Mapping[str, Any]:
        """Record the result and the codes, never the court's free text."""
        return {
            "transfer_id": self.transfer_id,
            "filing_id": self.filing_id,
            "result": self.result,
            "reasons": [f"{reason.document_id}:{reason.code}" for reason in self.reasons],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDocketing(_OnTransfer):
    """The court docketed the case (立案): the hub's part is done."""

    kind: ClassVar = "docketed"
    action: ClassVar[Action] = Action.RECORD_DOCKETING
    transfer_id: str
    filing_id: str
    docketing: Docketing

    def recorded_in(self, transfer: Transfer) -> Transfer:
        """Keep case number, judge, procedure and official filing date."""
        return replace(transfer, filing_id=self.filing_id, docketing=self.docketing)

    def event_data(self) -> Mapping[str, Any]:
        """Record what the court assigned."""
        return {
            "transfer_id": self.transfer_id,
            "filing_id": self.filing_id,
            "court_case_number": self.docketing.court_case_number,
            "judge_id": self.docketing.judge_id,
            "procedure": self.docketing.procedure,
            "official_filing_date": self.docketing.official_filing_date.isoformat(),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRefusal(_OnTransfer):
    """The court refuses the suit (不予受理, 民事诉讼法 art. 126)."""

    kind: ClassVar = "refusal"
    action: ClassVar[Action] = Action.RECORD_REFUSAL
    transfer_id: str
    filing_id: str
    code: str

    def recorded_in(self, transfer: Transfer) -> Transfer:
        """Keep the reason's code."""
        return replace(transfer, filing_id=self.filing_id, refusal_code=self.code)

    def event_data(self) -> Mapping[str, Any]:
        """Record the reason's code."""
        return {"transfer_id": self.transfer_id, "filing_id": self.filing_id, "code": self.code}


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRuling:
    """The court's ruling on the application for judicial confirmation (司法确认, 民事诉讼法 art. 206)."""

    kind: ClassVar = "ruling"
    action: ClassVar[Action] = Action.RECORD_RULING
    transfer_id: str
    filing_id: str
    court_case_number: str
    judge_id: str
    ruling: Ruling

    def changes(self, case: Case, _context: Context) -> Mapping[str, Any]:
        """Record it in the confirmation; raises LookupError without one, which the table rules out."""
        if case.confirmation is None:
            raise LookupError("the table offers this only after confirmation was applied for")
        return {"confirmation": ruled(case.confirmation, self.ruling, self.court_case_number)}

    def known_to(self, case: Case) -> bool:
        """Tell whether the case holds this ruling on this application already."""
        present = case.confirmation
        return present is not None and (present.transfer_id, present.ruling, present.court_case_number) == (
            self.transfer_id,
            self.ruling,
            self.court_case_number,
        )

    def event_data(self) -> Mapping[str, Any]:
        """Record what the court assigned and decided, never its free text."""
        ground = self.ruling.rejected_for
        return {
            "transfer_id": self.transfer_id,
            "filing_id": self.filing_id,
            "court_case_number": self.court_case_number,
            "judge_id": self.judge_id,
            "ruling": "rejected" if ground else "confirmed",
            "ruled_on": self.ruling.on.isoformat(),
            "ground": ground,
        }


_EXPIRED_FOR: Final[Mapping[Stage, FailureReason]] = {
    Stage.ASSIGNED: FailureReason.CONSENT_SILENCE,
    Stage.IN_MEDIATION: FailureReason.TIME_LIMIT,
    Stage.SETTLED: FailureReason.REFUSES_TO_SIGN,
}


@dataclass(frozen=True, slots=True)
class Expire:
    """The step's time limit has passed."""

    action: ClassVar[Action] = Action.EXPIRE

    def changes(self, case: Case, context: Context) -> Mapping[str, Any]:
        """End the attempt where the law says so; remove a silent mediator; otherwise change nothing.

        While an objection waits, the limit is the centre's: its silence decides nothing for a party.
        """
        if case.objection is not None:
            return {}
        if case.stage is Stage.ASSIGNED and case.accepted_at is None:
            return {"mediator_id": None}
        reason = _EXPIRED_FOR.get(case.stage)
        return {"failure": reason, **ended_without_agreement(context)} if reason else {}

    def event_data(self) -> Mapping[str, Any]:
        """Record nothing beyond the event itself."""
        return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveDeadline:
    """The step ends on another day, as the holidays of a year were published (`deadlines.recomputed`).

    `rule` is the court's limit that sets the deadline; `since` the act with which the step was entered.
    """

    action: ClassVar[Action] = Action.MOVE_DEADLINE
    rule: str
    before: datetime
    after: datetime
    since: int

    def changes(self, _case: Case, _context: Context) -> Mapping[str, Any]:
        """Take the new deadline; the step is entered again, so that its execution waits until then."""
        return {"deadline": self.after}

    def event_data(self) -> Mapping[str, Any]:
        """Record the rule, both deadlines, and the act that they are counted from."""
        return {
            "rule": self.rule,
            "before": self.before.isoformat(),
            "after": self.after.isoformat(),
            "since": self.since,
        }


CourtCommand: TypeAlias = RecordReview | RecordDocketing | RecordRefusal | RecordRuling
"""The commands that a court's message may become."""
