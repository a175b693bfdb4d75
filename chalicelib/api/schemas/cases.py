"""A case, its events and lists of cases, as the API shows them.

Promise: the same representation everywhere; it adds nothing to what the role may see, parties are masked, and
the kind of an agreement that is not in force is withheld from the court (TY22: concessions stay inside
the mediation). Downside: whoever needs an address or a full number has to ask the institution.
"""

from typing import Final

from pydantic import Field

from chalicelib.api.schemas.base import AmountText, Answer, DayText, InstantText, instant
from chalicelib.api.schemas.parties import PartyOut, details_by_party
from chalicelib.domain.agreement.confirmation import (
    ConfirmationState,
    RejectionGround,
    days_left,
    last_day,
)
from chalicelib.domain.claim import CaseType, Claim, Track
from chalicelib.domain.extension import ExtensionProposal
from chalicelib.domain.parties import Side
from chalicelib.domain.reasons import FailureReason
from chalicelib.domain.roles import Actor
from chalicelib.domain.settlement_outcome import OfferStanding, SettlementOutcome
from chalicelib.domain.stages import IS_TOLD_NO_OFFER, Action, Stage
from chalicelib.domain.steps import Step
from chalicelib.domain.transfer import Docketing, Matter, Procedure, ReviewResult, Transfer
from chalicelib.use_cases.loading import CaseView


class ClaimOut(Answer):
    """The claim in yuan, with its total."""

    principal: AmountText
    interest: AmountText
    penalty_interest: AmountText
    compound_interest: AmountText
    fees: AmountText
    total: AmountText
    as_of: DayText
    currency: str = Field(examples=["CNY"])

    @classmethod
    def of(cls, claim: Claim) -> "ClaimOut":
        """Show a claim."""
        return cls(
            principal=str(claim.principal),
            interest=str(claim.interest),
            penalty_interest=str(claim.penalty_interest),
            compound_interest=str(claim.compound_interest),
            fees=str(claim.fees),
            total=str(claim.total),
            as_of=claim.as_of.isoformat(),
            currency="CNY",
        )


class ExtensionOut(Answer):
    """An extension that one side has agreed to."""

    side: Side
    days: int

    @classmethod
    def of(cls, proposal: ExtensionProposal | None) -> "ExtensionOut | None":
        """Show an open proposal."""
        return None if proposal is None else cls(side=proposal.side, days=proposal.days)


class ReasonOut(Answer):
    """What the court found wrong, with which document."""

    document_id: str
    code: str


class DocketingOut(Answer):
    """The court's docketing (立案)."""

    court_case_number: str
    judge_id: str
    procedure: Procedure | None = Field(description="Null for an enforcement (执行) · 执行案件为空")
    official_filing_date: DayText

    @classmethod
    def of(cls, docketing: Docketing | None) -> "DocketingOut | None":
        """Show what the court assigned."""
        if docketing is None:
            return None
        return cls(
            court_case_number=docketing.court_case_number,
            judge_id=docketing.judge_id,
            procedure=docketing.procedure,
            official_filing_date=docketing.official_filing_date.isoformat(),
        )


class TransferOut(Answer):
    """The case's present transfer to the court."""

    transfer_id: str
    attempt: int
    matter: Matter = Field(description="What the court is asked for · 移送事项")
    replaces: str | None
    receipt_id: str | None
    filing_id: str | None
    review: ReviewResult | None
    reasons: list[ReasonOut]
    docketing: DocketingOut | None
    refusal_code: str | None

    @classmethod
    def of(cls, transfer: Transfer | None) -> "TransferOut | None":
        """Show how far the transfer is."""
        if transfer is None:
            return None
        return cls(
            transfer_id=transfer.transfer_id,
            attempt=transfer.attempt,
            matter=transfer.matter,
            replaces=transfer.replaces,
            receipt_id=transfer.receipt_id,
            filing_id=transfer.filing_id,
            review=transfer.review,
            reasons=[ReasonOut(document_id=r.document_id, code=r.code) for r in transfer.reasons],
            docketing=DocketingOut.of(transfer.docketing),
            refusal_code=transfer.refusal_code,
        )


class OfferStandingOut(Answer):
    """Whose offer waits for an answer, or was accepted; the terms are in the settlement."""

    number: int
    side: Side
    expires_at: InstantText
    accepted: bool

    @classmethod
    def of(cls, offer: OfferStanding | None) -> "OfferStandingOut | None":
        """Show where the negotiation stands."""
        if offer is None:
            return None
        return cls(
            number=offer.number,
            side=offer.side,
            expires_at=offer.expires_at.isoformat(),
            accepted=offer.accepted,
        )


class ConfirmationOut(Answer):
    """The judicial confirmation of the agreement in force (司法确认), and how long it can be applied for."""

    state: ConfirmationState
    in_force_at: InstantText
    closes_on: DayText = Field(description="Last day to apply (民事诉讼法 205, 85) · 申请截止日")
    days_left: int = Field(description="After today; negative when the window is closed · 剩余天数")
    applied_by: list[Side]
    transferred_at: InstantText | None
    ruled_on: DayText | None
    rejected_for: RejectionGround | None
    court_case_number: str | None

    @classmethod
    def of(cls, view: CaseView) -> "ConfirmationOut | None":
        """Show it; None while nothing is in force, or for what was paid on the spot."""
        confirmation = view.case.confirmation
        if confirmation is None:
            return None
        ruling = confirmation.ruling
        return cls(
            state=confirmation.state,
            in_force_at=confirmation.in_force_at.isoformat(),
            closes_on=last_day(confirmation, view.calendar).isoformat(),
            days_left=days_left(confirmation, view.today, view.calendar),
            applied_by=sorted(confirmation.applied_by),
            transferred_at=instant(confirmation.transferred_at),
            ruled_on=ruling.on.isoformat() if ruling else None,
            rejected_for=ruling.rejected_for if ruling else None,
            court_case_number=confirmation.court_case_number,
        )


class CaseOut(Answer):
    """A case as its reader may see it, and what that reader can do next."""

    case_id: str
    version: int = Field(description="Goes into If-Match, in quotes · 版本号，用于 If-Match")
    stage: Stage
    step: Step = Field(description="What the case waits for · 当前等待环节")
    deadline: InstantText | None
    institution_id: str
    court_id: str
    case_type: CaseType
    contract_number: str
    instalment_scope: str
    track: Track | None
    claim: ClaimOut
    parties: list[PartyOut]
    online: bool
    filed_at: InstantText
    updated_at: InstantText
    mediator_id: str | None
    judge_id: str | None
    accepted_at: InstantText | None
    consents: list[str] = Field(description="Parties that have consented · 已同意调解的当事人")
    extension: ExtensionOut | None
    extended_days: int
    round: int = Field(
        description="Settlements are numbered: a rejected one may be followed by another · 轮次"
    )
    offer: OfferStandingOut | None
    outcome: SettlementOutcome | None
    agreement_sha256: str | None = Field(description="The document to sign · 待签署协议的 SHA-256")
    signatures: list[str] = Field(description="Parties that have signed · 已签署的当事人")
    confirmation: ConfirmationOut | None
    next_action_on: DayText | None = Field(
        description="When the hub next reminds, or looks for a default · 下次提醒或者核查日"
    )
    failure: FailureReason | None
    ended_at: InstantText | None
    transfer: TransferOut | None
    allowed_actions: list[Action]

    @classmethod
    def of(cls, view: CaseView, reader: Actor) -> "CaseOut":
        """Show a case to its reader."""
        case, details = view.case, details_by_party(view.details)
        shown = reader.role not in IS_TOLD_NO_OFFER or case.stage in _IN_FORCE
        return cls(
            case_id=case.case_id,
            version=case.version,
            stage=case.stage,
            step=case.step,
            deadline=instant(case.deadline),
            institution_id=case.institution_id,
            court_id=case.court_id,
            case_type=case.case_type,
            contract_number=case.contract_number,
            instalment_scope=case.instalment_scope,
            track=case.track,
            claim=ClaimOut.of(case.claim),
            parties=[PartyOut.of(party, details.get(party.party_id)) for party in case.parties],
            online=case.online,
            filed_at=case.filed_at.isoformat(),
            updated_at=case.updated_at.isoformat(),
            mediator_id=case.mediator_id,
            judge_id=case.judge_id,
            accepted_at=instant(case.accepted_at),
            consents=sorted(case.consents),
            extension=ExtensionOut.of(case.extension),
            extended_days=case.extended_days,
            round=case.round,
            offer=None if reader.role in IS_TOLD_NO_OFFER else OfferStandingOut.of(case.offer),
            outcome=case.outcome if shown else None,
            agreement_sha256=case.agreement_sha256 if shown else None,
            signatures=sorted(case.signatures),
            confirmation=ConfirmationOut.of(view),
            next_action_on=case.follow_up_on.isoformat() if case.follow_up_on else None,
            failure=case.failure,
            ended_at=instant(case.ended_at),
            transfer=TransferOut.of(case.transfer),
            allowed_actions=list(view.allowed_actions),
        )


class CaseListOut(Answer):
    """One page of cases, newest filing first."""

    items: list[CaseOut]
    next: str | None = Field(description="Cursor of the next page; a page may be short and still continue")


class PersonSearchOut(Answer):
    """The institution's own cases against the holder of a number."""

    case_ids: list[str]


_IN_FORCE: Final = frozenset({Stage.PAID, Stage.PERFORMING, Stage.PERFORMED, Stage.DEFAULTED})
