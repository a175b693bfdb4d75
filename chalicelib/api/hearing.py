"""Being heard (陈述意见): objections to what others recorded, refusing to go on, challenging the mediator.

Promise: what a person says here binds nobody, so it needs no second record; the centre decides with a reason
that stands on record. Only the refusal to go on ends something, so it needs one as other acts do.
"""

# No `from __future__ import annotations`: the router reads these annotations as values.
from functools import partial
from typing import Annotated, Final

from pydantic import Field

from chalicelib.api.operations import Call, Operations, Reply
from chalicelib.api.parameters import CaseId, IfMatch
from chalicelib.api.presenting import CODE_REFUSALS, act, act_on, answer_with
from chalicelib.api.schemas.base import Request
from chalicelib.api.schemas.fields import Identifier, Statement, whole_number
from chalicelib.api.schemas.settlements import ActCode
from chalicelib.domain.disclosure import WaiveRecusal
from chalicelib.domain.events import Channel
from chalicelib.domain.objection_commands import ChallengeMediator, DecideChallenge, EndMediation, Object
from chalicelib.domain.reasons import ChallengeFinding, ChallengeGround, DisclosureGround, ObjectionFinding
from chalicelib.domain.stages import Action
from chalicelib.use_cases.decide_objection import decide_objection
from chalicelib.use_cases.disclose_relation import disclose_relation

operations: Final = Operations("acts")
_act = partial(act_on, operations)


class ObjectionIn(Request):
    """A person objects to an act that was recorded in its name."""

    party_id: Identifier = Field(examples=["r1"])
    act: Annotated[int, whole_number(least=1, most=10**8)] = Field(
        examples=[7], description="The act's `number` in the case's `recorded` · 所异议事项的编号"
    )
    channel: Channel = Channel.ONLINE

    def command(self) -> Object:
        """Return the command."""
        return Object(party_id=self.party_id, act=self.act)


class ObjectionDecisionIn(Request):
    """The centre's decision on the objection that waits; the reason says whether it is upheld."""

    reason: ObjectionFinding = Field(
        description="`not_said`, `not_free`, `wrong_person`, `upheld_otherwise` uphold it · 前四项为异议成立"
    )


class MediationEndIn(Request):
    """A party refuses to go on with the mediation (OL25)."""

    party_id: Identifier = Field(examples=["r1"])
    channel: Channel = Channel.ONLINE
    code: ActCode = None

    def command(self) -> EndMediation:
        """Return the command."""
        return EndMediation(party_id=self.party_id)


class ChallengeIn(Request):
    """A party challenges the mediator, for a ground of TY15."""

    party_id: Identifier = Field(examples=["r1"])
    ground: ChallengeGround
    channel: Channel = Channel.ONLINE

    def command(self) -> ChallengeMediator:
        """Return the command."""
        return ChallengeMediator(party_id=self.party_id, ground=self.ground)


class DisclosureIn(Request):
    """A fact that may bear on a mediator's impartiality; all parties read it."""

    mediator_id: Identifier = Field(description="The centre may name whom it might appoint · 拟指派人员亦可")
    ground: DisclosureGround
    text: Annotated[Statement, Field(examples=["本人三年前在申请机构任职，与本案经办人员相识。"])]


class WaiverIn(Request):
    """A party agrees to be mediated by this mediator, whose relation to the case it knows (TY15)."""

    party_id: Identifier = Field(examples=["r1"])
    mediator_id: Identifier
    ground: Annotated[str, Field(pattern=r"^[a-z][a-z_]{1,39}$")] = Field(
        examples=["other_relation"], description="As `disclosures` of the case names it · 所披露的情形"
    )
    channel: Channel = Channel.ONLINE
    code: ActCode = None

    def command(self) -> WaiveRecusal:
        """Return the command."""
        return WaiveRecusal(party_id=self.party_id, mediator_id=self.mediator_id, ground=self.ground)


class ChallengeDecisionIn(Request):
    """The centre's decision on the challenge that waits; `ground_exists` upholds it."""

    reason: ChallengeFinding


@_act("objections", "对代为登记的事项提出异议", Action.OBJECT)
def raise_objection(call: Call, case_id: CaseId, if_match: IfMatch, body: ObjectionIn) -> Reply:
    """Object to what was recorded in your name; the case stops until the centre has decided.

    A borrower objects for itself; before the centre it is `in_person`. The days for it are the act's `until`.
    """
    return act(call, case_id, if_match, body.command(), body.channel)


@_act("objection-decisions", "决定异议", Action.DECIDE_OBJECTION)
def decide_on_objection(call: Call, case_id: CaseId, if_match: IfMatch, body: ObjectionDecisionIn) -> Reply:
    """Decide the objection: upheld, the case goes back to before the act; dismissed, it goes on.

    Who recorded the act does not decide. A case that went back may have begun a new round.
    """
    case = decide_objection(call.hub, call.actor, case_id, body.reason, expected_version=if_match)
    return answer_with(call, case)


@_act("refusals", "拒绝继续调解", Action.END_MEDIATION, refusals=CODE_REFUSALS)
def end_mediation(call: Call, case_id: CaseId, if_match: IfMatch, body: MediationEndIn) -> Reply:
    """Refuse to go on with the mediation: it ends without agreement (OL25).

    Any party may, for itself; before the mediator or the centre it is `in_person` and needs a second record.
    """
    return act(call, case_id, if_match, body.command(), body.channel, body.code)


@_act("challenges", "申请调解员回避", Action.CHALLENGE)
def challenge(call: Call, case_id: CaseId, if_match: IfMatch, body: ChallengeIn) -> Reply:
    """Ask for another mediator (TY15); the centre decides, and the case goes on meanwhile."""
    return act(call, case_id, if_match, body.command(), body.channel)


@_act("challenge-decisions", "决定回避申请", Action.DECIDE_CHALLENGE)
def decide_on_challenge(call: Call, case_id: CaseId, if_match: IfMatch, body: ChallengeDecisionIn) -> Reply:
    """Decide the challenge: upheld, the case waits for a new appointment.

    If the mediator had accepted, the mediation's time stands still until the next one accepts.
    """
    return act(call, case_id, if_match, DecideChallenge(reason=body.reason))


@_act("waivers", "同意由有关联的调解员调解", Action.WAIVE_RECUSAL, refusals=CODE_REFUSALS)
def waive(call: Call, case_id: CaseId, if_match: IfMatch, body: WaiverIn) -> Reply:
    """Agree to a mediator although it has a relation to the case; it counts when every party agrees.

    Read first what was disclosed (`disclosures`). A party that has waived may still challenge the mediator,
    and a relation that is disclosed again is waived again. Before the centre it is `in_person` and needs a
    second record. Source: TY15, OL13.
    """
    return act(call, case_id, if_match, body.command(), body.channel, body.code)


@_act("disclosures", "披露与案件的关系", Action.DISCLOSE)
def disclose(call: Call, case_id: CaseId, if_match: IfMatch, body: DisclosureIn) -> Reply:
    """Tell all parties a fact that may bear on a mediator's impartiality (OL13).

    Until every party has waived it (`waivers`), the mediator neither accepts the case nor leads it to an
    agreement: the centre appoints somebody else, or waits. An earlier role in the dispute can't be waived
    (TY16). The respondents are told by message; what was told is sealed and stands in no event.
    """
    case = disclose_relation(
        call.hub,
        call.actor,
        case_id,
        body.mediator_id,
        body.ground,
        body.text,
        expected_version=if_match,
    )
    return answer_with(call, case)
