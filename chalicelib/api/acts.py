"""Acts of institutions, borrowers, mediators and the centre on a case; each has a resource and a form.

Promise: every act names the version it is based on (`If-Match`), becomes one command, and answers with the
case as it then is. A form has the fields its act needs and no others; the domain's table of
transitions decides whether the act is possible now.
"""

# No `from __future__ import annotations`: the router reads these annotations as values.
from functools import partial
from typing import Annotated, Final, Literal

from pydantic import ConfigDict, Field, RootModel

from chalicelib.api.domain_faults import errors_at_pointer
from chalicelib.api.operations import Call, Operations, Reply
from chalicelib.api.parameters import CaseId, IfMatch
from chalicelib.api.presenting import CODE_REFUSALS, act, act_on, answer_with, speaker
from chalicelib.api.refusals import RequestFault
from chalicelib.api.schemas.base import Request
from chalicelib.api.schemas.fields import Identifier, Name, whole_number
from chalicelib.api.schemas.filings import CLAIM_EXAMPLE, ClaimIn, correction_faults
from chalicelib.api.schemas.parties import CorrectedParty
from chalicelib.api.schemas.party_changes import (
    AgentChangeIn,
    ConfirmAgentIn,
    IdentityCheckIn,
    PartyCorrectionIn,
    RevokeAgentIn,
    party_correction_faults,
)
from chalicelib.api.schemas.settlements import ActCode, Speaker
from chalicelib.domain.calendar import local_date
from chalicelib.domain.choice import NameMediator
from chalicelib.domain.commands import (
    Accept,
    Appoint,
    Correct,
    Decline,
    Drop,
    Extend,
    Fail,
    GiveConsent,
    RefuseConsent,
    ReplaceJudge,
    ReplaceMediator,
    Withdraw,
)
from chalicelib.domain.errors import (
    InstitutionNotEnrolled,
    InvalidInput,
    JudgeNotEligible,
    MediatorNotEligible,
)
from chalicelib.domain.events import Channel
from chalicelib.domain.loan.comparison import ClaimDiffers
from chalicelib.domain.parties import Side, liability_of
from chalicelib.domain.party_commands import ConfirmAgent
from chalicelib.domain.reasons import DeclineReason, FailureReason, ReplacementGround
from chalicelib.domain.representatives import Authority
from chalicelib.domain.stages import Action
from chalicelib.use_cases.appoint_mediator import appoint_mediator, open_choice
from chalicelib.use_cases.correct_details import correct_details
from chalicelib.use_cases.read_case import read_case
from chalicelib.use_cases.record_agent import record_agent, revoke_agent
from chalicelib.use_cases.request_transfer import request_transfer

_LONGEST_EXTENSION: Final = 365  # far above any court's cap, which the domain checks

YesOrNo = Annotated[bool, Field(strict=True)]
operations = Operations("acts")
_act = partial(act_on, operations)


class AppointIn(Request):
    """The centre appoints a mediator and attaches the guiding judge (TY12, OL10)."""

    action: Literal["appoint"]
    mediator_id: Identifier | None = Field(
        default=None, description="Absent: who is recommended first · 不填则指派首位推荐人选"
    )
    judge_id: Identifier
    area: Name | None = Field(default=None, description="Where it should work · 服务区域")
    language: Name | None = Field(default=None, description="What it should speak · 语言或者方言")

    def command(self) -> Appoint:
        """Return the command for a mediator who is named."""
        return Appoint(mediator_id=self.mediator_id or "", judge_id=self.judge_id)


class AcceptIn(Request):
    """The mediator accepts the appointment (OL12)."""

    action: Literal["accept"]

    def command(self) -> Accept:
        """Return the command."""
        return Accept()


class DeclineIn(Request):
    """The mediator declines with a reason (OL12, TY15)."""

    action: Literal["decline"]
    reason: DeclineReason

    def command(self) -> Decline:
        """Return the command."""
        return Decline(reason=self.reason)


class RecommendIn(Request):
    """The centre recommends three mediators to the parties, who choose within 2 working days (OL10)."""

    action: Literal["recommend"]
    judge_id: Identifier
    area: Name | None = None
    language: Name | None = None


class ChooseIn(Request):
    """A party names the mediator that it wants (OL10)."""

    action: Literal["choose"]
    party_id: Identifier
    mediator_id: Identifier
    channel: Channel = Channel.ONLINE
    code: ActCode = None

    def command(self) -> NameMediator:
        """Return the command."""
        return NameMediator(party_id=self.party_id, mediator_id=self.mediator_id)


class AssignmentIn(RootModel[AppointIn | RecommendIn | ChooseIn | AcceptIn | DeclineIn]):
    """One step of the assignment: recommend, choose, appoint, accept or decline."""

    model_config = ConfigDict(
        frozen=True,
        defer_build=True,
        hide_input_in_errors=True,
        json_schema_extra={"examples": [{"action": "appoint", "mediator_id": "m-001", "judge_id": "j-001"}]},
    )
    root: Annotated[AppointIn | RecommendIn | ChooseIn | AcceptIn | DeclineIn, Field(discriminator="action")]


class ReplacementIn(Request):
    """The centre gives the case to another mediator, for a stated ground (TY15)."""

    mediator_id: Identifier
    ground: ReplacementGround

    def command(self) -> ReplaceMediator:
        """Return the command."""
        return ReplaceMediator(mediator_id=self.mediator_id, ground=self.ground)


class JudgeReplacementIn(Request):
    """The centre attaches another guiding judge, for a stated ground."""

    judge_id: Identifier
    ground: ReplacementGround

    def command(self) -> ReplaceJudge:
        """Return the command."""
        return ReplaceJudge(judge_id=self.judge_id, ground=self.ground)


class ConsentIn(Request):
    """A party's answer to mediation (TY11) and, of its own, to the online mode (OL4)."""

    party_id: Identifier = Field(examples=["r1"])
    given: YesOrNo
    online: YesOrNo = Field(default=False, description="Silence is no consent · 未表示即不同意在线方式")
    channel: Channel = Channel.ONLINE
    code: ActCode = None

    def command(self) -> GiveConsent | RefuseConsent:
        """Return the command."""
        if self.given:
            return GiveConsent(party_id=self.party_id, online=self.online)
        return RefuseConsent(party_id=self.party_id)


class ExtensionIn(Request):
    """A party agrees to extend; all must name the same number of days (TY27, OL24)."""

    side: Side
    party_id: Speaker = None
    days: Annotated[int, whole_number(least=1, most=_LONGEST_EXTENSION)]
    channel: Channel = Channel.ONLINE
    code: ActCode = None

    def command(self, speaker: str) -> Extend:
        """Return the command."""
        return Extend(side=self.side, party_id=speaker, days=self.days)


class FailureIn(Request):
    """Why the mediation ends without agreement (OL25)."""

    reason: FailureReason


class WithdrawalIn(Request):
    """The institution takes the case back; there is nothing to add."""


class TransferIn(Request):
    """Whether the institution insists on a suit (TY21, OL21)."""

    insists: YesOrNo


class CorrectionIn(Request):
    """What the institution corrects after the court returned the case (补正): the claim, parties, or both."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"claim": dict(CLAIM_EXAMPLE)}]})

    claim: ClaimIn | None = None
    parties: list[CorrectedParty] = Field(
        default_factory=list, max_length=11, json_schema_extra={"uniqueItems": True}
    )

    def command(self) -> Correct:
        """Return the command."""
        return Correct(
            claim=self.claim.claim() if self.claim else None,
            details=tuple(entry.details(entry.party_id) for entry in self.parties),
        )


@_act(
    "assignment",
    "指派调解员，接受或谢绝指派",
    Action.APPOINT,
    Action.ACCEPT,
    Action.DECLINE,
    Action.OPEN_CHOICE,
    Action.NAME_MEDIATOR,
    refusals=(MediatorNotEligible, JudgeNotEligible, *CODE_REFUSALS),
)
def assign(call: Call, case_id: CaseId, if_match: IfMatch, body: AssignmentIn) -> Reply:
    """Appoint a mediator (the centre), accept or decline the appointment (the mediator).

    Source: TY12, OL10, OL12. A decline needs its reason, recusal (TY15) first; another is appointed then.
    Without a `mediator_id` the hub chooses, as `recommendations` shows, and keeps why (`appointments`). A
    refusal says in `why` what keeps the mediator from the case.
    """
    step = body.root
    if isinstance(step, ChooseIn):
        return act(call, case_id, if_match, step.command(), step.channel, step.code)
    if isinstance(step, RecommendIn) or (isinstance(step, AppointIn) and step.mediator_id is None):
        choose = open_choice if isinstance(step, RecommendIn) else appoint_mediator
        case = choose(
            call.hub,
            call.actor,
            case_id,
            step.judge_id,
            area=step.area,
            language=step.language,
            expected_version=if_match,
        )
        return answer_with(call, case)
    return act(call, case_id, if_match, step.command())


@_act("replacement", "更换调解员", Action.REPLACE_MEDIATOR, refusals=(MediatorNotEligible,))
def replace_mediator(call: Call, case_id: CaseId, if_match: IfMatch, body: ReplacementIn) -> Reply:
    """Give the case to another mediator; the one before sees it no more.

    Before an agreement the new one accepts or declines first (OL12), and the mediation's time stands still
    until then; later the new one takes over as the case stands. Source: TY15.
    """
    return act(call, case_id, if_match, body.command())


@_act("judge-replacement", "更换对接指导法官", Action.REPLACE_JUDGE, refusals=(JudgeNotEligible,))
def replace_judge(call: Call, case_id: CaseId, if_match: IfMatch, body: JudgeReplacementIn) -> Reply:
    """Attach another guiding judge; the one before sees neither the case nor its guidance any more.

    Open questions wait for the new one. Limits stay. Source: M15.
    """
    return act(call, case_id, if_match, body.command())


@_act("consents", "同意或拒绝调解", Action.CONSENT, Action.REFUSE_CONSENT, refusals=CODE_REFUSALS)
def consent(call: Call, case_id: CaseId, if_match: IfMatch, body: ConsentIn) -> Reply:
    """Record a party's consent to mediation and, separately, to its online mode; or its refusal.

    Source: TY11, OL4. A borrower answers for itself; before the mediator or the centre it is `in_person`.
    """
    return act(call, case_id, if_match, body.command(), body.channel, body.code)


@_act("extension", "同意延长调解期限", Action.EXTEND, refusals=CODE_REFUSALS)
def extend(call: Call, case_id: CaseId, if_match: IfMatch, body: ExtensionIn) -> Reply:
    """Agree to extend the mediation; it takes effect when every party has agreed to the same days.

    Source: TY27, OL24.
    """
    command = body.command(speaker(call, case_id, body.party_id))
    return act(call, case_id, if_match, command, body.channel, body.code)


@_act("failure", "登记调解不成", Action.FAIL)
def fail(call: Call, case_id: CaseId, if_match: IfMatch, body: FailureIn) -> Reply:
    """End the mediation without agreement, for a stated reason (OL25).

    Time limits and silence are recorded by the hub itself.
    """
    return act(call, case_id, if_match, Fail(reason=body.reason))


@_act("withdrawal", "撤回申请", Action.WITHDRAW)
def withdraw(call: Call, case_id: CaseId, if_match: IfMatch, body: WithdrawalIn | None = None) -> Reply:
    """Take the case back; a court that has it already is told.

    The body may be left out.
    """
    del body
    return act(call, case_id, if_match, Withdraw())


@_act("transfer", "移送立案或不再坚持", Action.TRANSFER, Action.DROP)
def transfer(call: Call, case_id: CaseId, if_match: IfMatch, body: TransferIn) -> Reply:
    """Insist on a suit, so that the case goes to the court (TY21, OL21), or close it.

    Where an agreement was in force, the suit is for what is still owed: after a default the remaining sum,
    after a rejected confirmation the debt less what was paid.
    """
    if not body.insists:
        return act(call, case_id, if_match, Drop())
    case = request_transfer(call.hub, call.actor, case_id, expected_version=if_match)
    return answer_with(call, case)


@_act(
    "corrections",
    "补正",
    Action.CORRECT,
    check=correction_faults,
    refusals=(ClaimDiffers, InstitutionNotEnrolled),
)
def correct(call: Call, case_id: CaseId, if_match: IfMatch, body: CorrectionIn) -> Reply:
    """Correct the claim or parties after the court returned the case; it is transferred again.

    A corrected party replaces the stored one as a whole, and stays a person or an entity. A corrected claim
    is compared with the debt that the case was filed with, if it was.
    """
    if body.parties:
        _check_against_the_case(call, case_id, body)
    corrected = {
        f"{entry.party_id}.{field}": f"/parties/{index}/{field}"
        for index, entry in enumerate(body.parties)
        for field in ("name", "id_number")
    }
    with errors_at_pointer(corrected, "/claim/as_of"):
        return act(call, case_id, if_match, body.command())


@_act("identity-checks", "登记身份核对", Action.CHECK_IDENTITY)
def check_identity(call: Call, case_id: CaseId, if_match: IfMatch, body: IdentityCheckIn) -> Reply:
    """Record that you checked who a respondent is: its paper, and that the number on record is its own.

    Source: OL17. Ask the person itself for its number; a call to the number on record shows nothing. Until
    then a respondent neither signs nor applies for confirmation online. It counts until another number is
    put on record, and who put the present one there can't do it.
    """
    return act(call, case_id, if_match, body.command())


@_act(
    "party-corrections",
    "更正当事人信息",
    Action.CORRECT_DETAILS,
    refusals=(InstitutionNotEnrolled,),
)
def correct_party(call: Call, case_id: CaseId, if_match: IfMatch, body: PartyCorrectionIn) -> Reply:
    """Correct a party's details at any open stage, for a stated reason; all parties see that it happened.

    Source: 个人信息保护法 46. What was signed or sent stays as it was. A one-time code goes to the new number
    from then on, and one that was sent before fits no more.
    """
    view = read_case(call.hub, call.actor, case_id)
    today = local_date(call.hub.clock.now())
    numbers = {entry.party_id: entry.id_number for entry in view.details}
    faults = [
        fault
        for party in view.case.parties
        if party.party_id == body.party_id
        for fault in party_correction_faults(call.body, party, numbers[party.party_id], today)
    ]
    if faults:
        raise InvalidInput(faults)
    pointers = {f"{body.party_id}.{name}": f"/{name}" for name in ("name", "id_number")}
    with errors_at_pointer(pointers):
        case = correct_details(
            call.hub,
            call.actor,
            case_id,
            body.party_id,
            body.corrected(),
            body.reason,
            expected_version=if_match,
        )
    return answer_with(call, case)


@_act(
    "agents",
    "登记、确认或者撤销代理人",
    Action.RECORD_AGENT,
    Action.CONFIRM_AGENT,
    Action.REVOKE_AGENT,
    refusals=CODE_REFUSALS,
)
def change_agents(call: Call, case_id: CaseId, if_match: IfMatch, body: AgentChangeIn) -> Reply:
    """Record an agent of your own party with its authority and letter, confirm or revoke one.

    At any open stage. An agent whom the filing named for a respondent acts once the respondent confirms it.
    Source: 民事诉讼法 61 to 63, 民法典 165, 171, 173. For a respondent who appears before the centre it is
    `in_person`, with a second record. The case shows the agent's id, which its token names (`agent_of`).
    """
    change = body.root
    if isinstance(change, ConfirmAgentIn):
        command = ConfirmAgent(party_id=change.party_id, agent_id=change.agent_id)
        return act(call, case_id, if_match, command, change.channel, change.code)
    if isinstance(change, RevokeAgentIn):
        case = revoke_agent(
            call.hub,
            call.actor,
            case_id,
            change.party_id,
            change.agent_id,
            expected_version=if_match,
            channel=change.channel,
            code=change.code,
        )
    else:
        case = record_agent(
            call.hub,
            call.actor,
            case_id,
            change.party_id,
            change.agent(),
            Authority(change.authority),
            expected_version=if_match,
            channel=change.channel,
            code=change.code,
        )
    return answer_with(call, case)


def _check_against_the_case(call: Call, case_id: str, body: CorrectionIn) -> None:
    view = read_case(call.hub, call.actor, case_id)
    kinds = {party.party_id: party.kind for party in view.case.parties}
    liable = {party.party_id: liability_of(party) for party in view.case.parties}
    mandates = {p.party_id: tuple(agent.authority for agent in p.agents) for p in view.case.parties}
    corrected = {entry.party_id: entry.id_number for entry in body.parties}
    numbers = {entry.party_id: entry.id_number for entry in view.details} | corrected
    others = {numbers[party_id] for party_id in numbers.keys() - corrected.keys()}
    faults = []
    for index, entry in enumerate(body.parties):
        if kinds.get(entry.party_id, entry.kind) is not entry.kind:
            faults.append(RequestFault(f"/parties/{index}/kind", "party_kind_differs"))
        elif entry.party_id in kinds and entry.id_number in others:
            faults.append(RequestFault(f"/parties/{index}/id_number", "duplicate_party"))
        elif liable.get(entry.party_id) not in {None, liability_of(entry.party(entry.party_id))}:
            faults.append(RequestFault(f"/parties/{index}/liability", "liability_differs"))
        elif mandates.get(entry.party_id) not in {None, tuple(each.authority for each in entry.mandates())}:
            faults.append(RequestFault(f"/parties/{index}/agents", "agents_differ"))
    if faults:
        raise InvalidInput(faults)
