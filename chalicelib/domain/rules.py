"""Legal rules: each carries its article, its summary in both languages and its predicate together.

Promise: a refusal names the rule and where it is written; the documentation page of rules is made
from these same values. Rules about the case alone decide which actions are offered; rules about the
command decide which commands are accepted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from chalicelib.domain.awaited import acceptance, another_mediator, waivers
from chalicelib.domain.case import Case, Context
from chalicelib.domain.commands import (
    Command,
    Correct,
    Extend,
    Fail,
    ReplaceJudge,
    ReplaceMediator,
    Spoken,
)
from chalicelib.domain.court_commands import (
    MoveDeadline,
    RecordDocketing,
    RecordReceipt,
    RecordRefusal,
    RecordReview,
)
from chalicelib.domain.disclosure import Disclose, WaiveRecusal
from chalicelib.domain.errors import RuleViolated
from chalicelib.domain.events import Channel
from chalicelib.domain.parties import Side
from chalicelib.domain.reasons import RECORDED_BY_THE_HUB, FailureReason
from chalicelib.domain.roles import UNKNOWN_ISSUER, Role
from chalicelib.domain.stages import Stage
from chalicelib.domain.transfer import ReviewResult

if TYPE_CHECKING:
    from chalicelib.domain.roles import Actor


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule's stable name, its source, what it says, and whether it holds."""

    name: str
    article: str
    summary: str
    summary_zh: str

    def refusal(self, missing: tuple[str, ...] = ()) -> RuleViolated:
        """Return the error that names this rule, and whose word is missing if that is why."""
        return RuleViolated(self.name, self.article, self.summary, self.summary_zh, missing)


@dataclass(frozen=True, slots=True)
class CaseRule(Rule):
    """A rule about the case as it stands."""

    holds: Callable[[Case, Context], bool]
    misses: Callable[[Case, datetime], tuple[str, ...]] = lambda _case, _at: ()
    """Names what has to come before the rule can hold (`awaited`), if that is somebody's word."""

    def refusal_in(self, case: Case, at: datetime) -> RuleViolated:
        """Return the error that names this rule, and what has to come before it can hold."""
        return self.refusal(self.misses(case, at))


@dataclass(frozen=True, slots=True)
class CommandRule(Rule):
    """A rule about what is asked of the case; `possible` tells whether this actor could satisfy it at all."""

    accepts: Callable[[Case, Command, Context], bool]
    possible: Callable[[Case, Context], bool] = lambda _case, _context: True


NOT_YET_ACCEPTED = CaseRule(
    "not_yet_accepted",
    "OL12",
    "the mediator has not answered the appointment yet",
    "调解员尚未答复指派",
    lambda case, _context: case.accepted_at is None,
)
ACCEPTED = CaseRule(
    "appointment_accepted",
    "OL12",
    "the mediator has accepted the appointment",
    "调解员已接受指派",
    lambda case, _context: case.accepted_at is not None,
    misses=acceptance,
)
LIMIT_PASSED = CaseRule(
    "limit_passed",
    "民事诉讼法 art. 85",
    "the step's time limit has passed",
    "本环节期限已届满",
    lambda case, context: case.deadline is not None and context.at >= case.deadline,
)
WITHIN_LIMIT = CaseRule(
    "within_limit",
    "TY27, OL24",
    "the mediation's time limit has not passed",
    "调解期限尚未届满",
    lambda case, context: case.deadline is None or context.at < case.deadline,
)
A_MEDIATOR_HAS_IT = CaseRule(
    "a_mediator_has_it",
    "TY15, TY24",
    "a mediator has the case; after a challenge was upheld, the centre gives it to another one first",
    "案件已有调解员；准许回避后，应当先由中心另行指定",
    lambda case, _context: case.mediator_id is not None,
    misses=another_mediator,
)
NOTHING_UNWAIVED = CaseRule(
    "nothing_unwaived",
    "TY15, OL13",
    "every party has waived the relation that the mediator has to the case; else another one is appointed",
    "调解员存在应当回避的情形的，须经全体当事人同意方可由其调解；未同意的，应当更换调解员",
    lambda case, _context: not case.unwaived(case.mediator_id),
    misses=waivers,
)
OWN_RELATION = CommandRule(
    "own_relation",
    "OL13",
    "a mediator discloses its own relation; the centre that of anybody it might appoint",
    "调解员披露本人与案件的关系；中心可以披露拟指派人员与案件的关系",
    lambda _case, command, context: (
        isinstance(command, Disclose)
        and (context.actor.role is not Role.MEDIATOR or command.mediator_id == context.actor.mediator_id)
    ),
)
RELATION_TO_WAIVE = CommandRule(
    "relation_to_waive",
    "TY15, OL13",
    "a relation to the case was disclosed which this party has not waived yet",
    "存在已披露而该当事人尚未表示同意的情形",
    lambda case, command, _context: (
        isinstance(command, WaiveRecusal)
        and (disclosed := command.disclosed(case)) is not None
        and command.party_id not in disclosed.waived_by
    ),
    lambda case, context: any(
        each.may_be_waived and could_act_for(case, context) - each.waived_by for each in case.disclosures
    ),
)
MAY_BE_WAIVED = CommandRule(
    "may_be_waived",
    "TY15, TY16, OL13",
    "the parties may waive a relation or an interest; no earlier role in the dispute, nothing decided",
    "当事人可以同意由有亲属、利害等关系的调解员调解；曾在本纠纷中任职的，或者中心已决定回避的，不得以同意免除",
    lambda case, command, _context: (
        isinstance(command, WaiveRecusal)
        and (disclosed := command.disclosed(case)) is not None
        and disclosed.may_be_waived
    ),
)
DEADLINE_AS_COMPUTED = CommandRule(
    "deadline_as_computed",
    "民事诉讼法 art. 85",
    "the deadline is still the one that was computed, and moves to a time that is still to come",
    "期限仍为原计算的期限，且调整后的期限尚未届满",
    lambda case, command, context: (
        isinstance(command, MoveDeadline)
        and case.deadline == command.before != command.after
        and context.at < command.after
    ),
    lambda case, _context: case.deadline is not None,
)
ANOTHER_MEDIATOR = CommandRule(
    "another_mediator",
    "TY15",
    "a mediator is replaced by somebody else",
    "更换后的调解员应当为他人",
    lambda case, command, _context: (
        isinstance(command, ReplaceMediator) and command.mediator_id != case.mediator_id
    ),
)
NO_CHOICE_YET = CaseRule(
    "no_choice_yet",
    "OL10",
    "the parties have not been asked to choose yet",
    "尚未请当事人选择调解员",
    lambda case, _context: case.choice is None,
)
CHOICE_OPEN = CaseRule(
    "choice_open",
    "OL10",
    "the parties choose within their days",
    "当事人在选择期限内选择调解员",
    lambda case, context: case.choice is not None and context.at < case.choice.until,
)
CHOICE_OVER = CaseRule(
    "choice_over",
    "OL10",
    "the centre appoints when the parties' days to choose are over",
    "当事人选择调解员的期限届满后，由中心指派",
    lambda case, context: case.choice is None or context.at >= case.choice.until,
)
ANOTHER_JUDGE = CommandRule(
    "another_judge",
    "M15",
    "a judge is replaced by somebody else",
    "更换后的法官应当为他人",
    lambda case, command, _context: isinstance(command, ReplaceJudge) and command.judge_id != case.judge_id,
)
RECEIPT_MISSING = CaseRule(
    "receipt_missing",
    "one-network contract",
    "the transfer's receipt has not been recorded yet",
    "尚未登记收件回执",
    lambda case, _context: case.transfer is not None and case.transfer.receipt_id is None,
)


def _party_of(command: Command) -> str:
    named: str = getattr(command, "party_id", "")
    return named


def _own_parties(case: Case, actor: Actor) -> frozenset[str] | None:
    """Return the parties that the actor itself is; None for an actor who records what others say."""
    if actor.role is Role.INSTITUTION:
        own = {actor.party_in(case.case_id)} if actor.agent_of else case.applicant_ids
        return case.applicant_ids & own
    if actor.role is Role.BORROWER:
        return case.respondent_ids & {actor.party_in(case.case_id)}
    return None


def _by_its_channel(case: Case, context: Context) -> bool:
    # Only an actor who records others may say "in person": a party could avoid the one-time code by it.
    records_others = _own_parties(case, context.actor) is None
    return (context.channel is Channel.IN_PERSON) is records_others


def _acts_for_own_party(case: Case, command: Command, context: Context) -> bool:
    named = _party_of(command)
    # Who names nobody of this case is told so by the next rule.
    ours = named not in case.party_ids or named in could_act_for(case, context)
    return ours and _by_its_channel(case, context)


def could_act_for(case: Case, context: Context) -> frozenset[str]:
    """Return whom this actor could speak for: itself, or the respondents, if it records what they say.

    An institution speaks by its own token only.
    """
    own = _own_parties(case, context.actor)
    return case.respondent_ids if own is None else own


def _agents(case: Case, party_id: str) -> frozenset[str]:
    """Return the agents of a party, as the case knows them."""
    return frozenset(
        agent.agent_id for party in case.parties if party.party_id == party_id for agent in party.agents
    )


def _unconfirmed(case: Case, party_id: str) -> frozenset[str]:
    """Return the agents whom the other side named, and whom this party has not confirmed."""
    return next((p.unconfirmed_agents for p in case.parties if p.party_id == party_id), frozenset())


def _acting(case: Case, party_id: str) -> frozenset[str]:
    return _agents(case, party_id) - _unconfirmed(case, party_id)


def _confirmable(case: Case, party_id: str) -> bool:
    return bool(_unconfirmed(case, party_id)) and len(_acting(case, party_id)) < _MOST_AGENTS


def speakers(case: Case, command: Command) -> frozenset[str]:
    """Return for whom a command speaks; nobody if it is none that a party says."""
    return command.speakers(case) if isinstance(command, Spoken) else frozenset()


def _acts_for_own_side(case: Case, command: Command, context: Context) -> bool:
    applicant = context.actor.role is Role.INSTITUTION
    own = Side.APPLICANT if applicant else Side.RESPONDENT
    return isinstance(command, Spoken) and command.side is own and _by_its_channel(case, context)


def _speaks_for_itself(case: Case, command: Command, context: Context) -> bool:
    spoken = speakers(case, command)
    return bool(spoken) and spoken <= could_act_for(case, context)


OWN_PARTY = CommandRule(
    "own_party",
    "TY11, TY24",
    "a party acts for itself; a respondent also in person before the mediator or the centre, who record it",
    "应当由当事人本人作出；被申请人也可以当面向调解员、中心工作人员作出并由其记录",
    _acts_for_own_party,
)
OWN_SIDE = CommandRule(
    "own_side",
    "TY27",
    "a side speaks for itself; a respondent also in person before the mediator or the centre, who record it",
    "应当由本方当事人作出；被申请人也可以当面向调解员、中心工作人员作出并由其记录",
    _acts_for_own_side,
)
SPEAKS_FOR_ITSELF = CommandRule(
    "speaks_for_itself",
    "民法典 143, 465",
    "each party speaks for itself: nobody binds another, and who speaks is named",
    "当事人各自作出意思表示，不得约束他人；作出表示的当事人应当列明",
    _speaks_for_itself,
)
KNOWN_PARTY = CommandRule(
    "known_party",
    "TY11",
    "the named party is a party to this case",
    "所列当事人为本案当事人",
    lambda case, command, _context: _party_of(command) in case.party_ids,
)
CONSENT_IS_NEW = CommandRule(
    "consent_is_new",
    "TY11",
    "this party has not consented yet",
    "该当事人尚未表示同意",
    lambda case, command, _context: _party_of(command) not in case.consents,
    lambda case, context: bool(could_act_for(case, context) - case.consents),
)
SIGNATURE_IS_NEW = CommandRule(
    "signature_is_new",
    "TY24",
    "this party has not signed yet",
    "该当事人尚未签署",
    lambda case, command, _context: _party_of(command) not in case.signatures,
    lambda case, context: bool((could_act_for(case, context) & case.bound) - case.signatures),
)
PARTY_TO_THE_AGREEMENT = CommandRule(
    "party_to_the_agreement",
    "民法典 465",
    "the agreement binds this party: who was left out of it neither signs it nor refuses to",
    "该当事人为调解协议的当事人；未列入协议的当事人不签署亦不拒绝签署",
    lambda case, command, _context: _party_of(command) in case.bound,
    lambda case, context: bool(could_act_for(case, context) & case.bound),
)
EXTENSION_WITHIN_CAP = CommandRule(
    "extension_within_cap",
    "TY27, OL24",
    "all extensions together stay within the court's cap, and one is at least a day",
    "延长期限累计不超过法院规定的上限，且至少一日",
    lambda case, command, context: (
        isinstance(command, Extend)
        and command.days >= 1
        and case.extended_days + command.days <= context.limits.extension_cap_days
    ),
    lambda case, context: case.extended_days < context.limits.extension_cap_days,
)
REASON_IS_THE_MEDIATORS = CommandRule(
    "reason_is_the_mediators",
    "OL25",
    "the reason is one a mediator states; time limits and silence are recorded by the hub",
    "终结调解的事由应当由调解员认定；期限届满等事由由系统记录",
    lambda _case, command, _context: isinstance(command, Fail) and command.reason not in RECORDED_BY_THE_HUB,
)
REFUSAL_TO_SIGN_NEEDS_AGREEMENT = CommandRule(
    "refusal_to_sign_needs_agreement",
    "OL25",
    "refusing to sign is the reason exactly when an agreement awaits signature",
    "协议待签署时，终结调解的事由只能是拒绝签署；其他时候不得以此为由",
    lambda case, command, _context: (
        isinstance(command, Fail)
        and (command.reason is FailureReason.REFUSES_TO_SIGN) == (case.stage is Stage.SETTLED)
    ),
)


def _phone_set_by(case: Case, party_id: str) -> str | None:
    return next((party.phone_set_by for party in case.parties if party.party_id == party_id), None)


def _is_identified(case: Case, context: Context, party_ids: frozenset[str]) -> bool:
    """Tell whether a respondent who acts online is known to be who it is; others are not asked for it here.

    In person it stands before the recorder, and a second record is needed. An institution has an account.
    """
    if context.actor.role is not Role.BORROWER:
        return True
    let_in_by = context.actor.let_in_by
    checked = [party.identified_by for party in case.parties if party.party_id in party_ids]
    # Who handed over a paper with link and code may have kept it: another one has to know the person.
    return all(each and let_in_by not in {each, UNKNOWN_ISSUER} for each in checked)


RESPONDENT = CommandRule(
    "respondent",
    "OL17",
    "the named party is a respondent: an institution's people have accounts",
    "所列当事人为被申请人；机构人员凭账号登录，无须核对",
    lambda case, command, _context: _party_of(command) in case.respondent_ids,
)
NOT_ITS_PHONE = CommandRule(
    "not_its_phone",
    "OL17, [policy]",
    "who put a party's present number on record does not check its identity: somebody else does",
    "登记该当事人现用号码的人员不得核对其身份，应当由他人核对",
    lambda case, command, context: _phone_set_by(case, _party_of(command)) != context.actor.subject,
    lambda case, context: any(
        _phone_set_by(case, party_id) != context.actor.subject for party_id in case.respondent_ids
    ),
)
IDENTITY_CHECKED = CommandRule(
    "identity_checked",
    "OL17, TY14",
    "before a respondent signs or applies online, the mediator or the centre has checked who it is: somebody "
    "who neither put its present number on record nor handed it the link on paper. Ask the mediator or the "
    "centre to check it, in person or by video, or sign at the centre",
    "被申请人在线签署或者申请司法确认前，应当由调解员或者中心核对其身份；核对人不得是登记其现用号码或者签发其纸质链接的人员。"
    "请联系调解员或者中心，当面或者视频核对，也可以到中心当面签署",
    lambda case, command, context: _is_identified(
        case, context, frozenset({_party_of(command)}) | speakers(case, command)
    ),
    lambda case, context: _is_identified(case, context, could_act_for(case, context)),
)


def _corrects_something(case: Case, command: Command, _context: Context) -> bool:
    if isinstance(command, Correct):
        own = {details.party_id for details in command.details} <= case.party_ids
        return own and (command.claim is not None or bool(command.details))
    return bool(getattr(command, "fields", ()))


CORRECTS_SOMETHING = CommandRule(
    "corrects_something",
    "one-network contract",
    "a correction changes the claim or a party of this case",
    "补正、更正应当变更诉讼请求或者本案当事人信息",
    _corrects_something,
)
_MOST_AGENTS = 2
TWO_AGENTS_AT_MOST = CommandRule(
    "two_agents_at_most",
    "民事诉讼法 61",
    "a party has two agents at most",
    "当事人委托的代理人不得超过二人",
    lambda case, command, _context: len(_acting(case, _party_of(command))) < _MOST_AGENTS,
    lambda case, context: any(
        len(_acting(case, party_id)) < _MOST_AGENTS for party_id in could_act_for(case, context)
    ),
)
AGENT_NAMED_BY_ANOTHER = CommandRule(
    "agent_named_by_another",
    "民法典 165, 171",
    "the other side named this agent in its filing, and the party has not confirmed it yet",
    "该代理人由对方在申请时列明，尚待当事人本人确认",
    lambda case, command, _context: (
        getattr(command, "agent_id", None) in _unconfirmed(case, _party_of(command))
    ),
    lambda case, context: any(_confirmable(case, party_id) for party_id in could_act_for(case, context)),
)
KNOWN_AGENT = CommandRule(
    "known_agent",
    "民法典 173",
    "the named agent is one of this party's",
    "所列代理人为该当事人的代理人",
    lambda case, command, _context: getattr(command, "agent_id", None) in _agents(case, _party_of(command)),
    lambda case, context: any(_agents(case, party_id) for party_id in could_act_for(case, context)),
)
NUMBER_OF_ONE_PARTY = Rule(
    "number_of_one_party",
    "民事诉讼法 51",
    "a number is one party's of the case: nobody is its own opponent, or a party twice",
    "同一证件号码在本案中只能属于一名当事人",
)
AGENT_OF_ONE_SIDE = Rule(
    "agent_of_one_side",
    "民法典 168",
    "nobody is an agent of both sides",
    "代理人不得同时代理双方当事人",
)
SPEAKS_OF_THIS_TRANSFER = CommandRule(
    "speaks_of_this_transfer",
    "one-network contract",
    "the message is about the case's present transfer",
    "消息应当针对本案当前的移送",
    lambda case, command, _context: (
        isinstance(command, (RecordReceipt, RecordReview, RecordDocketing, RecordRefusal))
        and case.transfer is not None
        and command.transfer_id == case.transfer.transfer_id
    ),
)


def _review_is_news(case: Case, command: Command, _context: Context) -> bool:
    if not isinstance(command, RecordReview) or case.transfer is None:
        return False
    known, told = case.transfer.review, command.result
    overtakes = known is ReviewResult.RECEIVED and told is not ReviewResult.RECEIVED
    return known is None or overtakes or told.returns


REVIEW_IS_NEWS = CommandRule(
    "review_is_news",
    "one-network contract",
    "the result is not older than the one already known",
    "审核结果不早于已登记的结果",
    _review_is_news,
)
