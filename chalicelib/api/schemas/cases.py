"""A case, its events and lists of cases, as the API shows them.

Promise: the same representation everywhere; it adds nothing to what the role may see, parties are masked, and
the kind of an agreement that is not in force is withheld from the court (TY22: concessions stay inside
the mediation). Downside: whoever has to reach a party looks at the case's contacts and says what for.
"""

from typing import Annotated, Any, Final

from pydantic import Field

from chalicelib.api.schemas.base import AmountText, Answer, DayText, InOrder, InstantText, within
from chalicelib.api.schemas.parties import PartyOut, parties_out
from chalicelib.domain.agreement.confirmation import (
    ConfirmationState,
    RejectionGround,
    days_left,
    last_day,
)
from chalicelib.domain.claim import CaseType, Track, WayIn
from chalicelib.domain.parties import Side
from chalicelib.domain.permissions import own_parties
from chalicelib.domain.reasons import ChallengeGround, FailureReason
from chalicelib.domain.roles import Actor
from chalicelib.domain.settlement_outcome import SettlementOutcome
from chalicelib.domain.stages import IS_TOLD_NO_OFFER, Action, Stage
from chalicelib.domain.steps import Step
from chalicelib.domain.transfer import Matter, Procedure, ReviewResult
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


class ExtensionOut(Answer):
    """An extension that some parties have agreed to."""

    side: Side = Field(description="Of who agreed last · 最近表示同意的一方")
    days: int
    agreed: Annotated[list[str], InOrder] = Field(description="Parties that agreed · 已同意的当事人")


class ReasonOut(Answer):
    """What the court found wrong, with which document."""

    document_id: str
    code: str


class DocketingOut(Answer):
    """The court's docketing (立案)."""

    court_case_number: str
    judge_id: str
    judge_name: str | None = Field(default=None, description="If the roster has it · 名册所载姓名")
    procedure: Procedure | None = Field(description="Null for an enforcement (执行) · 执行案件为空")
    official_filing_date: DayText


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


class OfferStandingOut(Answer):
    """Whose offer waits for an answer, or was accepted; the terms are in the settlement."""

    number: int
    side: Side
    expires_at: InstantText
    accepted: bool
    awaits: Annotated[list[str], InOrder] = Field(description="Whose answer is awaited · 待答复的当事人")
    left_out: Annotated[list[str], InOrder] = Field(
        description="Respondents whom it does not bind · 不受其约束的被申请人"
    )


class PendingActOut(Answer):
    """What was recorded in a person's name and waits for its second record (待复核)."""

    action: Action
    party_id: str
    at: InstantText
    expires_at: InstantText = Field(description="It lapses without a second record · 届时未复核即失效")


class RecordedActOut(Answer):
    """What was recorded in a person's name and counts; the person may still object (可提出异议)."""

    number: int = Field(description="By which an objection names it · 异议所指编号")
    action: Action
    party_id: str
    at: InstantText
    until: InstantText = Field(description="Until when the person may object · 异议期限")


class ObjectionOut(Answer):
    """The objection that waits for the centre's decision; until then the case stands still."""

    act: RecordedActOut
    at: InstantText


class ChallengeOut(Answer):
    """The challenge of the mediator that waits for the centre's decision (申请回避)."""

    party_id: str
    ground: ChallengeGround
    at: InstantText


class DisclosureOut(Answer):
    """A mediator's relation to the case (披露); its facts are read at `disclosures`."""

    mediator_id: str
    ground: str = Field(examples=["other_relation"])
    may_be_waived: bool = Field(description="Whether all may waive it together · 可否经全体当事人同意免除")
    waived_by: Annotated[list[str], InOrder] = Field(
        description="Parties that agree to this mediator; it counts when all do · 已同意的当事人"
    )


class RecommendedOut(Answer):
    """A mediator who is recommended to the parties."""

    mediator_id: str
    mediator_name: str | None


class ChoiceOut(Answer):
    """The parties choose their mediator together (OL10); once all have named the same, it is appointed."""

    until: InstantText
    recommended: list[RecommendedOut]
    named: dict[str, str] = Field(description="By party, whom it names · 各方所选")


class InterruptionOut(Answer):
    """The talks wait for another mediator (等待更换后的调解员接受指派)."""

    began: InstantText = Field(description="When the clock started (TY27) · 调解期限起算时间")
    since: InstantText = Field(description="Since when it stands still · 自何时起停止计算")


class ConfirmationOut(Answer):
    """The judicial confirmation of the agreement in force (司法确认), and how long it can be applied for."""

    state: ConfirmationState
    in_force_at: InstantText
    closes_on: DayText = Field(description="Last day to apply (民事诉讼法 205, 85) · 申请截止日")
    provisional: bool = Field(description="The calendar of that year is not out yet · 该年放假安排尚未公布")
    days_left: int = Field(description="After today; negative when the window is closed · 剩余天数")
    applied_by: Annotated[list[Side], InOrder]
    applicants: Annotated[list[str], InOrder] = Field(description="Parties that applied · 已申请的当事人")
    transferred_at: InstantText | None
    ruled_on: DayText | None
    rejected_for: RejectionGround | None
    court_case_number: str | None


class CaseOut(Answer):
    """A case as its reader may see it, and what that reader can do next."""

    case_id: str
    case_number: str | None = Field(
        description="What people call it, from screening on · 案号", examples=["蕉调〔2026〕123号"]
    )
    version: int = Field(description="Goes into If-Match, in quotes · 版本号，用于 If-Match")
    stage: Stage
    step: Step = Field(description="What the case waits for · 当前等待环节")
    deadline: InstantText | None
    deadline_provisional: bool = Field(
        description="That year's calendar is not out yet: the day may move · "
        "该年放假安排尚未公布，期限可能调整"
    )
    institution_id: str
    court_id: str
    way_in: WayIn = Field(description="How it came to the hub · 案件来源")
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
    mediator_name: str | None = Field(
        description="From the roster, where the case is read or listed · 名册所载姓名，查询和列表时提供"
    )
    judge_id: str | None
    judge_name: str | None = Field(description="The same of the judge · 同上")
    accepted_at: InstantText | None
    consents: Annotated[list[str], InOrder] = Field(
        description="Parties that have consented · 已同意调解的当事人"
    )
    extension: ExtensionOut | None
    extended_days: int
    round: int = Field(
        description="Settlements are numbered: a rejected one may be followed by another · 轮次"
    )
    offer: OfferStandingOut | None
    outcome: SettlementOutcome | None
    agreement_sha256: str | None = Field(description="The document to sign · 待签署协议的 SHA-256")
    signatures: Annotated[list[str], InOrder] = Field(description="Parties that have signed · 已签署的当事人")
    confirmation: ConfirmationOut | None
    next_action_on: DayText | None = within(
        "follow_up_on", description="When the hub next reminds, or looks for a default · 下次提醒或者核查日"
    )
    failure: FailureReason | None
    ended_at: InstantText | None
    transfer: TransferOut | None
    pending: list[PendingActOut] = Field(
        description="Changes nothing until the person's code, or another of the centre's staff · 待复核事项"
    )
    recorded: list[RecordedActOut] = Field(
        description="Recorded in a person's name; that person may still object · 可提出异议的事项"
    )
    objection: ObjectionOut | None
    held_until: InstantText | None = Field(
        description="When what is owed to the court leaves, the days to object being over · 暂缓移送至"
    )
    challenge: ChallengeOut | None
    interruption: InterruptionOut | None
    choice: ChoiceOut | None
    disclosures: list[DisclosureOut] = Field(
        description="Mediators' relations to the case; who has one that not all waive gives it up · 回避情形"
    )
    allowed_actions: list[Action]


class UnreadableCaseOut(Answer):
    """A case that can't be shown now; acts on it are refused with the same code."""

    case_id: str
    code: str = Field(examples=["record_too_new"])


class CaseListOut(Answer):
    """One page of cases, newest filing first."""

    items: list[CaseOut]
    unreadable: list[UnreadableCaseOut] = Field(
        description="Cases of the page that can't be shown; the operator knows · 本页暂无法显示的案件"
    )
    next: str | None = Field(description="Cursor of the next page; a page may be short and still continue")


class PersonSearchOut(Answer):
    """The institution's own cases against the holder of a number."""

    case_ids: list[str]


def case_out(view: CaseView, reader: Actor) -> CaseOut:
    """Show a case to its reader; a court's people see no offer, and no agreement that is not in force yet."""
    case = view.case
    withheld: dict[str, Any] = {}
    if reader.role in IS_TOLD_NO_OFFER:
        withheld = {"offer": None, "pending": (), "recorded": (), "objection": None}
        if case.stage not in _IN_FORCE:
            withheld |= {"outcome": None, "agreement_sha256": None}
    return CaseOut.of(
        case,
        way_in=case.came_by,
        parties=parties_out(case.parties, view.details, own_parties(case, reader)),
        confirmation=_confirmation(view),
        deadline_provisional=view.calendar.provisional(case.deadline),
        allowed_actions=view.allowed_actions,
        mediator_name=view.name_of(case.mediator_id),
        judge_name=view.name_of(case.judge_id),
        transfer=_transfer(view),
        choice=_choice(view),
        **withheld,
    )


def _choice(view: CaseView) -> ChoiceOut | None:
    choice = view.case.choice
    if choice is None or view.case.stage is not Stage.SCREENED:
        return None
    people = [
        RecommendedOut(mediator_id=each, mediator_name=view.name_of(each)) for each in choice.recommended
    ]
    return ChoiceOut.of(
        choice, recommended=people, named={each.party_id: each.mediator_id for each in choice.named}
    )


def _transfer(view: CaseView) -> TransferOut | None:
    transfer = view.case.transfer
    if transfer is None or transfer.docketing is None:
        return None if transfer is None else TransferOut.of(transfer)
    docketing = transfer.docketing
    named = DocketingOut.of(docketing, judge_name=view.name_of(docketing.judge_id))
    return TransferOut.of(transfer, docketing=named)


def _confirmation(view: CaseView) -> ConfirmationOut | None:
    # None while no agreement is in force, or if the sum was paid on the spot.
    confirmation = view.case.confirmation
    if confirmation is None:
        return None
    ruling = confirmation.ruling
    return ConfirmationOut.of(
        confirmation,
        closes_on=last_day(confirmation, view.calendar),
        provisional=not view.calendar.knows(last_day(confirmation, view.calendar)),
        days_left=days_left(confirmation, view.today, view.calendar),
        ruled_on=ruling.on if ruling else None,
        rejected_for=ruling.rejected_for if ruling else None,
    )


_IN_FORCE: Final = frozenset({Stage.PAID, Stage.PERFORMING, Stage.PERFORMED, Stage.DEFAULTED})
