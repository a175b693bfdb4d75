"""A case, its events and lists of cases, as the API shows them.

Promise: the same representation everywhere; it adds nothing to what the role may see, parties are masked, and
the kind of an agreement that is not in force is withheld from the court (TY22: concessions stay inside
the mediation). Downside: whoever needs an address or a full number has to ask the institution.
"""

from collections.abc import Iterable

from pydantic import Field

from chalicelib.api.schemas.base import AmountText, Answer, DayText, FreeObject, InstantText, instant
from chalicelib.api.schemas.parties import PartyOut, details_by_party
from chalicelib.domain.case import Case
from chalicelib.domain.claim import CaseType, Claim, Track
from chalicelib.domain.events import Channel, Event, EventType
from chalicelib.domain.extension import ExtensionProposal
from chalicelib.domain.parties import Side
from chalicelib.domain.reasons import FailureReason
from chalicelib.domain.roles import Actor, Role
from chalicelib.domain.settlement import SettlementOutcome
from chalicelib.domain.stages import Action, Stage
from chalicelib.domain.steps import Step
from chalicelib.domain.transfer import Docketing, Procedure, ReviewResult, Transfer
from chalicelib.use_cases.read_case import CaseView


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
            replaces=transfer.replaces,
            receipt_id=transfer.receipt_id,
            filing_id=transfer.filing_id,
            review=transfer.review,
            reasons=[ReasonOut(document_id=r.document_id, code=r.code) for r in transfer.reasons],
            docketing=DocketingOut.of(transfer.docketing),
            refusal_code=transfer.refusal_code,
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
    outcome: SettlementOutcome | None
    signatures: list[str] = Field(description="Parties that have signed · 已签署的当事人")
    failure: FailureReason | None
    ended_at: InstantText | None
    transfer: TransferOut | None
    allowed_actions: list[Action]

    @classmethod
    def of(cls, view: CaseView, reader: Actor) -> "CaseOut":
        """Show a case to its reader."""
        case, details = view.case, details_by_party(view.details)
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
            outcome=_outcome(case, reader),
            signatures=sorted(case.signatures),
            failure=case.failure,
            ended_at=instant(case.ended_at),
            transfer=TransferOut.of(case.transfer),
            allowed_actions=list(view.allowed_actions),
        )


class CaseListOut(Answer):
    """One page of cases, newest filing first."""

    items: list[CaseOut]
    next: str | None = Field(description="Cursor of the next page; a page may be short and still continue")


class EventOut(Answer):
    """One link of the case's chain: the SHA-256 covers the content and the predecessor's hash."""

    sequence: int
    type: EventType
    at: InstantText
    role: Role
    subject: str
    channel: Channel
    facts: FreeObject | None = Field(description="Ids, codes, numbers; null where withheld from this reader")
    previous: str
    hash: str

    @classmethod
    def of(cls, event: Event, reader: Actor) -> "EventOut":
        """Show an event to its reader."""
        withheld = reader.role is Role.COURT and event.type is EventType.SETTLEMENT_REACHED
        return cls(
            sequence=event.sequence,
            type=event.type,
            at=event.at.isoformat(),
            role=event.role,
            subject=event.subject,
            channel=event.channel,
            facts=None if withheld else dict(event.facts),
            previous=event.previous,
            hash=event.hash,
        )


class EventListOut(Answer):
    """One page of events, oldest first."""

    items: list[EventOut]
    next: str | None

    @classmethod
    def of(cls, events: Iterable[Event], reader: Actor, following: str | None) -> "EventListOut":
        """Show a page to its reader."""
        return cls(items=[EventOut.of(event, reader) for event in events], next=following)


class PersonSearchOut(Answer):
    """The institution's own cases against the holder of a number."""

    case_ids: list[str]


def _outcome(case: Case, reader: Actor) -> SettlementOutcome | None:
    withheld = reader.role is Role.COURT and case.stage is not Stage.SIGNED
    return None if withheld else case.outcome
