"""Commands of the settlement: offers, signatures, repayments, confirmation, default.

They carry what was found out about the terms (`agreement.settlement`), as far as the case needs it: whose
offer is open, in which state the performance is, on which day to look again. The terms themselves, and every
refusal that concerns them, are in the package `agreement`.
The events of offers and of the agreement record no facts: there are so few possible contents that a reader
could find the right one by comparing hashes (TY22).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar

from chalicelib.domain.agreement.confirmation import (
    Confirmation,
)
from chalicelib.domain.claim import Claim
from chalicelib.domain.commands import CommandBase, Spoken, ended_without_agreement
from chalicelib.domain.loan.payments import Payment
from chalicelib.domain.reasons import FailureReason
from chalicelib.domain.settlement_outcome import OfferStanding, PerformanceState, SettlementOutcome
from chalicelib.domain.stages import Action
from chalicelib.domain.transfer import Matter, Transfer, transfer_id

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.domain.case import Case, Context


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeOffer(Spoken):
    """A party offers, or counters an offer (要约), for these respondents; without their names for all."""

    action: ClassVar[Action] = Action.OFFER
    number: int
    expires_at: datetime
    respondents: frozenset[str] = frozenset()
    terms: str = ""
    """A digest of what is offered, by which two requests of the same offer are known."""
    deducts: int | None = None
    sign_by: datetime | None = None
    in_parts: bool = False

    def left_out(self, case: Case) -> frozenset[str]:
        """Return the respondents whom the agreement would not bind."""
        return case.respondent_ids - self.respondents if self.respondents else frozenset()

    def awaits(self, case: Case) -> frozenset[str]:
        """Return who has to accept: everybody whom the agreement would bind, but for who offers."""
        return case.party_ids - self.left_out(case) - self.speakers(case)

    def changes(self, case: Case, _context: Context) -> Mapping[str, Any]:
        """Let it wait for the others' answers."""
        offer = OfferStanding(
            number=self.number,
            side=self.side,
            expires_at=self.expires_at,
            made_by=self.speakers(case),
            awaits=self.awaits(case),
            left_out=self.left_out(case),
            deducts=self.deducts,
            sign_by=self.sign_by,
            in_parts=self.in_parts or None,
        )
        return {"offer": offer}


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptOffer(Spoken):
    """A party accepts for itself (承诺); once all have, the agreement is drawn up from the offer."""

    action: ClassVar[Action] = Action.ACCEPT_OFFER

    def changes(self, case: Case, _context: Context) -> Mapping[str, Any]:
        """Record the acceptance."""
        standing = _standing(case)
        awaits = standing.awaits - self.speakers(case)
        return {"offer": replace(standing, awaits=awaits, accepted=not awaits)}


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclineOffer(Spoken):
    """A party declines (拒绝): there is no agreement of all whom the offer is for, so it lapses."""

    action: ClassVar[Action] = Action.DECLINE_OFFER

    def changes(self, _case: Case, _context: Context) -> Mapping[str, Any]:
        """Clear the offer."""
        return {"offer": None}


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawOffer(Spoken):
    """A party revokes its own offer (撤销) before all have accepted it."""

    action: ClassVar[Action] = Action.WITHDRAW_OFFER

    def changes(self, _case: Case, _context: Context) -> Mapping[str, Any]:
        """Clear the offer."""
        return {"offer": None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settle(CommandBase):
    """The parties reached agreement (达成调解), with the document that all are to sign."""

    action: ClassVar[Action] = Action.SETTLE
    outcome: SettlementOutcome
    agreement_sha256: str

    def changes(self, _case: Case, context: Context) -> Mapping[str, Any]:
        """Record the outcome and the document."""
        return {
            "outcome": self.outcome,
            "agreement_sha256": self.agreement_sha256,
            "ended_at": context.at,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign(CommandBase):
    """A party signs; in force when all have (TY24, OL19).

    With the last signature `follow_up_on` is used, `counted`, how many payments count under the agreement,
    and `paid`, whether they pay it off.
    """

    action: ClassVar[Action] = Action.SIGN
    party_id: str
    follow_up_on: date | None = None
    counted: int = 0
    paid: bool = False

    def completes(self, case: Case) -> bool:
        """Tell whether this is the last signature."""
        return case.bound <= case.signatures | {self.party_id}

    def changes(self, case: Case, context: Context) -> Mapping[str, Any]:
        """Add the signature; the last one opens the window for confirmation, unless paid on the spot."""
        signed = {"signatures": case.signatures | {self.party_id}}
        if not self.completes(case):
            return signed
        if case.outcome is SettlementOutcome.PAID_ON_THE_SPOT:
            return {**signed, "repayments": max(self.counted, 1)}
        if self.paid:
            return {**signed, "repayments": self.counted}
        confirmation = Confirmation(in_force_at=context.at)
        return {
            **signed,
            "confirmation": confirmation,
            "follow_up_on": self.follow_up_on,
            "repayments": self.counted,
        }

    def event_data(self) -> Mapping[str, Any]:
        """Record who signed."""
        return {"party_id": self.party_id}


@dataclass(frozen=True, slots=True, kw_only=True)
class RefuseToSign(CommandBase):
    """A party refuses to sign: the mediation ends (OL25)."""

    action: ClassVar[Action] = Action.REFUSE_TO_SIGN
    party_id: str

    def changes(self, _case: Case, context: Context) -> Mapping[str, Any]:
        """End the attempt."""
        return {"failure": FailureReason.REFUSES_TO_SIGN, **ended_without_agreement(context)}

    def event_data(self) -> Mapping[str, Any]:
        """Record who refused."""
        return {"party_id": self.party_id}


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRepayment(CommandBase):
    """The institution records a payment; `counted` is how many count then.

    `state` is the performance's after it, None if no agreement is performed; then `paid_up` tells whether
    nothing remains.
    """

    action: ClassVar[Action] = Action.RECORD_REPAYMENT
    payment: Payment
    state: PerformanceState | None
    follow_up_on: date | None
    counted: int
    paid_up: bool = False

    def changes(self, _case: Case, _context: Context) -> Mapping[str, Any]:
        """Set the next day to look at the agreement."""
        return {
            "follow_up_on": self.follow_up_on,
            "repayments": self.counted,
            "paid_up": self.paid_up or None,
        }

    def event_data(self) -> Mapping[str, Any]:
        """Record which payment of how much on which day."""
        return _facts_of(self.payment)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReverseRepayment(CommandBase):
    """The institution takes back a payment that bounced or was recorded by mistake (冲正).

    `state` is the performance's after it, None if no agreement is performed; then `paid_up` tells whether
    nothing remains all the same. `counted` is how many payments count then.
    """

    action: ClassVar[Action] = Action.REVERSE_REPAYMENT
    payment: Payment
    state: PerformanceState | None
    follow_up_on: date | None
    counted: int
    in_force_at: datetime
    paid_up: bool = False

    def changes(self, case: Case, _context: Context) -> Mapping[str, Any]:
        """Set the next day to look at the agreement; one that was paid on the spot is now one to perform."""
        if self.state is None:
            return {"repayments": self.counted, "paid_up": self.paid_up or None}
        return {
            "follow_up_on": self.follow_up_on,
            "repayments": self.counted,
            "paid_up": None,
            "confirmation": case.confirmation or Confirmation(in_force_at=self.in_force_at),
        }

    def event_data(self) -> Mapping[str, Any]:
        """Record which payment."""
        return _facts_of(self.payment)


def _facts_of(payment: Payment) -> Mapping[str, Any]:
    return {
        "reference": payment.reference,
        "amount": str(payment.amount),
        "on": payment.on.isoformat(),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Remind(CommandBase):
    """The hub looked at an agreement in force, and sent so many reminders, or asks a silent court again."""

    action: ClassVar[Action] = Action.REMIND
    follow_up_on: date | None
    reminders: int
    ruling_overdue: bool = False

    def changes(self, _case: Case, _context: Context) -> Mapping[str, Any]:
        """Set the next day to look at the agreement."""
        return {"follow_up_on": self.follow_up_on}

    def event_data(self) -> Mapping[str, Any]:
        """Record how many reminders went out."""
        return {"reminders": self.reminders}


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclareDefault(CommandBase):
    """The hub finds a payment of the plan unpaid after its grace period (认定违约)."""

    action: ClassVar[Action] = Action.DECLARE_DEFAULT
    line: int

    def changes(self, _case: Case, _context: Context) -> Mapping[str, Any]:
        """Clear the next day to look at the agreement: the institution decides now."""
        return {"follow_up_on": None}

    def event_data(self) -> Mapping[str, Any]:
        """Record which payment of the plan."""
        return {"line": self.line}


@dataclass(frozen=True, slots=True, kw_only=True)
class Renegotiate(CommandBase):
    """The parties mediate again after a rejected confirmation, about what is owed again (民事诉讼法 206)."""

    action: ClassVar[Action] = Action.RENEGOTIATE
    claim: Claim

    def changes(self, case: Case, context: Context) -> Mapping[str, Any]:
        """Begin the next round; the mediation's clock starts anew."""
        return case.next_round(self.claim, context.at)

    def event_data(self) -> Mapping[str, Any]:
        """Record what is disputed now."""
        return {"claim_total": str(self.claim.total)}


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestEnforcement(CommandBase):
    """The institution applies for enforcement of a confirmed agreement (申请强制执行)."""

    action: ClassVar[Action] = Action.ENFORCE
    claim: Claim

    def changes(self, case: Case, _context: Context) -> Mapping[str, Any]:
        """Open the first attempt, for the remaining sum."""
        attempt = Transfer(transfer_id=transfer_id(case.case_id, 1), attempt=1, matter=Matter.ENFORCEMENT)
        return {"transfer": attempt, "claim": self.claim}

    def event_data(self) -> Mapping[str, Any]:
        """Record how much is to be enforced."""
        return {"claim_total": str(self.claim.total)}


def _standing(case: Case) -> OfferStanding:
    if case.offer is None:
        raise LookupError("the table offers this only while an offer is open")
    return case.offer
