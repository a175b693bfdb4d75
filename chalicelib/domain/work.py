"""Work: what somebody has to do next about a case, until when, and by which rule.

Promise: what a case asks of its mediator, its centre and its institution follows from the case alone
(`work_of`), by one table whose rows carry their words and their legal source. So it is written together with
the case, and can be made again from it. What stands beside a case (a session, a call, a question) makes its
own work with `made`. Work holds ids, codes and times only. Downside: a term that needs the calendar, as the
one for a confirmation does, is no work; the parties are reminded of it by message.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from chalicelib.domain.parties import Side
from chalicelib.domain.roles import Role
from chalicelib.domain.stages import Stage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from chalicelib.domain.case import Case
    from chalicelib.domain.notices import PhoneCall

    _Instant = Callable[[Case], datetime | None]
    _Finds = Callable[[Case], Iterable[tuple[str, datetime | None]]]


class WorkKind(StrEnum):
    """What has to be done; the codes are published."""

    APPOINT_MEDIATOR = "appoint_mediator"
    DECIDE_OBJECTION = "decide_objection"
    DECIDE_CHALLENGE = "decide_challenge"
    CONFIRM_ACT = "confirm_act"
    CONFIRM_MINUTES = "confirm_minutes"
    RING = "ring"
    ACCEPT_APPOINTMENT = "accept_appointment"
    OBTAIN_CONSENTS = "obtain_consents"
    CONCLUDE_TALKS = "conclude_talks"
    DRAW_UP_AGREEMENT = "draw_up_agreement"
    OBTAIN_SIGNATURES = "obtain_signatures"
    HOLD_SESSION = "hold_session"
    DRAFT_MINUTES = "draft_minutes"
    OBTAIN_MINUTES_SIGNATURES = "obtain_minutes_signatures"
    NAME_MEDIATOR = "name_mediator"
    ANSWER_OFFER = "answer_offer"
    ANSWER_EXTENSION = "answer_extension"
    SIGN_AGREEMENT = "sign_agreement"
    SIGN_MINUTES = "sign_minutes"
    DECIDE_ON_SUIT = "decide_on_suit"
    DECIDE_ON_DEFAULT = "decide_on_default"
    CORRECT_FILING = "correct_filing"
    ANSWER_QUESTION = "answer_question"


@dataclass(frozen=True, slots=True, kw_only=True)
class KindOfWork:
    """Whose a kind of work is, what it is called, and by which rule it is theirs.

    Work that is not `limited` has no term: it waits since its time. What `lapses` can't be done any more once
    its time has passed, and is shown no longer.
    """

    owner: Role
    zh: str
    en: str
    source: str
    limited: bool = True
    lapses: bool = False


KINDS: Final[Mapping[WorkKind, KindOfWork]] = {
    WorkKind.APPOINT_MEDIATOR: KindOfWork(
        owner=Role.CENTRE, zh="指派调解员", en="appoint a mediator", source="OL10"
    ),
    WorkKind.DECIDE_OBJECTION: KindOfWork(
        owner=Role.CENTRE, zh="审查当事人异议", en="decide an objection", source="[policy]"
    ),
    WorkKind.DECIDE_CHALLENGE: KindOfWork(
        owner=Role.CENTRE, zh="决定回避申请", en="decide a challenge", source="OL13", limited=False
    ),
    WorkKind.CONFIRM_ACT: KindOfWork(
        owner=Role.CENTRE,
        zh="复核代为登记的事项",
        en="make the second record of an act recorded for somebody",
        source="[policy]",
        lapses=True,
    ),
    WorkKind.CONFIRM_MINUTES: KindOfWork(
        owner=Role.CENTRE,
        zh="复核笔录的纸质签名",
        en="make the second record of a signature on paper under minutes",
        source="TY20",
        limited=False,
    ),
    WorkKind.RING: KindOfWork(
        owner=Role.CENTRE,
        zh="电话告知短信未送达的当事人",
        en="ring somebody whom no message reached",
        source="[policy]",
        limited=False,
    ),
    WorkKind.ACCEPT_APPOINTMENT: KindOfWork(
        owner=Role.MEDIATOR, zh="接受或者谢绝指派", en="accept or decline the appointment", source="OL12"
    ),
    WorkKind.OBTAIN_CONSENTS: KindOfWork(
        owner=Role.MEDIATOR, zh="征得当事人同意调解", en="obtain the consents to mediation", source="TY11"
    ),
    WorkKind.CONCLUDE_TALKS: KindOfWork(
        owner=Role.MEDIATOR,
        zh="在期限内完成调解",
        en="conclude the talks within their time",
        source="TY27, OL24",
    ),
    WorkKind.DRAW_UP_AGREEMENT: KindOfWork(
        owner=Role.MEDIATOR,
        zh="拟定各方已接受方案的调解协议",
        en="draw up the agreement that was accepted",
        source="TY27, OL24",
    ),
    WorkKind.OBTAIN_SIGNATURES: KindOfWork(
        owner=Role.MEDIATOR,
        zh="督促当事人签署调解协议",
        en="obtain the signatures under the agreement",
        source="[policy]",
    ),
    WorkKind.HOLD_SESSION: KindOfWork(
        owner=Role.MEDIATOR, zh="召开调解会", en="hold a session", source="OL12"
    ),
    WorkKind.DRAFT_MINUTES: KindOfWork(
        owner=Role.MEDIATOR, zh="制作调解笔录", en="draft the minutes", source="TY20", limited=False
    ),
    WorkKind.OBTAIN_MINUTES_SIGNATURES: KindOfWork(
        owner=Role.MEDIATOR,
        zh="请到会当事人签署笔录",
        en="have the minutes signed",
        source="TY20",
        limited=False,
    ),
    WorkKind.NAME_MEDIATOR: KindOfWork(
        owner=Role.INSTITUTION,
        zh="选择调解员",
        en="say which mediator you want",
        source="OL10",
        lapses=True,
    ),
    WorkKind.ANSWER_OFFER: KindOfWork(
        owner=Role.INSTITUTION, zh="答复调解方案", en="answer an offer", source="[policy]", lapses=True
    ),
    WorkKind.ANSWER_EXTENSION: KindOfWork(
        owner=Role.INSTITUTION,
        zh="答复延长调解期限的提议",
        en="answer the proposal of more time",
        source="TY27, OL24",
    ),
    WorkKind.SIGN_AGREEMENT: KindOfWork(
        owner=Role.INSTITUTION, zh="签署调解协议", en="sign the agreement", source="[policy]"
    ),
    WorkKind.SIGN_MINUTES: KindOfWork(
        owner=Role.INSTITUTION, zh="签署调解笔录", en="sign the minutes", source="TY20", limited=False
    ),
    WorkKind.DECIDE_ON_SUIT: KindOfWork(
        owner=Role.INSTITUTION,
        zh="决定是否坚持诉讼",
        en="decide whether to insist on a suit",
        source="[policy]",
    ),
    WorkKind.DECIDE_ON_DEFAULT: KindOfWork(
        owner=Role.INSTITUTION,
        zh="决定违约后申请执行或者起诉",
        en="decide what follows the default",
        source="[policy]; 民事诉讼法 250",
    ),
    WorkKind.CORRECT_FILING: KindOfWork(
        owner=Role.INSTITUTION,
        zh="补正法院退回的材料",
        en="correct what the court returned",
        source="[policy]",
    ),
    WorkKind.ANSWER_QUESTION: KindOfWork(
        owner=Role.JUDGE,
        zh="答复调解员的法律问题",
        en="answer a mediator's question",
        source="M15",
        limited=False,
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Whose list it is: a court's centre, a mediator or a judge of a court, or an institution."""

    role: Role
    court_id: str | None = None
    person_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """Something to be done about a case.

    `due_at` is the end of its term, or, of work without one, since when it waits. `about` tells apart the
    works of one kind: a session, a call, or an act with its party; empty where a case has one at most.
    Before `not_before` it can't be done.
    """

    owner: Owner
    kind: WorkKind
    case_id: str
    due_at: datetime
    case_number: str | None = None
    about: str = ""
    not_before: datetime | None = None

    @property
    def of_kind(self) -> KindOfWork:
        """What is said of its kind."""
        return KINDS[self.kind]

    def possible(self, at: datetime) -> bool:
        """Tell whether it can be done: neither is it too early, nor has it lapsed."""
        lapsed = self.of_kind.lapses and at >= self.due_at
        return not lapsed and (self.not_before is None or at >= self.not_before)


@dataclass(frozen=True, slots=True)
class _Row:
    """A kind of work that follows from the case: at which stages, and what it is about until when."""

    kind: WorkKind
    stages: frozenset[Stage]
    finds: _Finds
    not_before: _Instant = lambda _case: None


def owner_in(case: Case, role: Role) -> Owner | None:
    """Return whose list a case's work of a role stands in; None while nobody has that part."""
    if role is Role.CENTRE:
        return Owner(role=role, court_id=case.court_id)
    if role is Role.INSTITUTION:
        return Owner(role=role, person_id=case.institution_id)
    person_id = case.mediator_id if role is Role.MEDIATOR else case.judge_id
    return None if person_id is None else Owner(role=role, court_id=case.court_id, person_id=person_id)


def made(
    case: Case, kind: WorkKind, due_at: datetime, about: str = "", not_before: datetime | None = None
) -> tuple[Work, ...]:
    """Return work of a kind about this case; none while nobody has the part whose it is."""
    owner = owner_in(case, KINDS[kind].owner)
    if owner is None:
        return ()
    return (
        Work(
            owner=owner,
            kind=kind,
            case_id=case.case_id,
            due_at=due_at,
            case_number=case.case_number,
            about=about,
            not_before=not_before,
        ),
    )


def asks_beside(case: Case) -> bool:
    """Tell whether sessions and questions of a case ask for anything; once it is in court, they do not."""
    return case.stage in _IN_THE_MEDIATION


def moves_what_is_beside(before: Case, after: Case) -> bool:
    """Tell whether a change gives the work about sessions and questions to others, or ends it.

    There is none without an entry in the log of talk.
    """
    if after.talk is None and before.talk is None:
        return False
    return any(
        of(before) != of(after)
        for of in (lambda case: case.mediator_id, lambda case: case.judge_id, asks_beside)
    )


def work_of_call(call: PhoneCall) -> tuple[Work, ...]:
    """Return the work of ringing somebody."""
    return (
        Work(
            owner=Owner(role=Role.CENTRE, court_id=call.court_id),
            kind=WorkKind.RING,
            case_id=call.case_id,
            due_at=call.at,
            case_number=call.case_number,
            about=f"{call.notice_id}.{call.party_id}",
        ),
    )


def work_of(case: Case) -> tuple[Work, ...]:
    """Return what a case asks of its mediator, its centre and its institution now.

    While an objection waits the case stands still: then only the objection is to be decided.
    """
    rows = _STANDING_STILL if case.objection is not None else _ROWS
    return tuple(
        work
        for row in rows
        if case.stage in row.stages
        for about, due_at in row.finds(case)
        if due_at is not None
        for work in made(case, row.kind, due_at, about, row.not_before(case))
    )


def _by_its_deadline(
    when: Callable[[Case], bool] = lambda _case: True,
) -> _Finds:
    return lambda case: [("", case.deadline)] if when(case) else []


def _accepted(case: Case) -> bool:
    return case.offer is not None and case.offer.accepted


def _confirmations(case: Case) -> Iterator[tuple[str, datetime]]:
    # Of one party's acts of one kind the latest alone is told; each can be confirmed on its own.
    last = {f"{act.action}.{act.party_id}": act.expires_at for act in case.pending}
    yield from last.items()


def _challenge(case: Case) -> Iterator[tuple[str, datetime]]:
    if case.challenge is not None:
        yield "", case.challenge.at


def _choice(case: Case) -> Iterator[tuple[str, datetime]]:
    if case.choice is not None and not case.applicant_ids & {each.party_id for each in case.choice.named}:
        yield "", case.choice.until


def _offer(case: Case) -> Iterator[tuple[str, datetime]]:
    offer = case.offer
    if offer is not None and not offer.accepted:
        # An offer of an earlier release does not say whom it awaits: it is the other side.
        awaits = offer.awaits or case.party_ids - case.of_side(offer.side)
        if awaits & case.applicant_ids:
            yield "", offer.expires_at


def _extension(case: Case) -> bool:
    proposal = case.extension
    if proposal is None or proposal.agreed & case.applicant_ids:
        return False
    return bool(proposal.agreed) or proposal.side is not Side.APPLICANT


def _at(*stages: Stage) -> frozenset[Stage]:
    return frozenset(stages)


_MEDIATED: Final = _at(Stage.SCREENED, Stage.ASSIGNED, Stage.IN_MEDIATION, Stage.SETTLED)
_OPEN: Final = frozenset(stage for stage in Stage if not stage.terminal)
_IN_THE_MEDIATION: Final = _at(
    Stage.ASSIGNED,
    Stage.IN_MEDIATION,
    Stage.SETTLED,
    Stage.PERFORMING,
    Stage.DEFAULTED,
    Stage.UNRESOLVED,
)

_STANDING_STILL: Final = (_Row(WorkKind.DECIDE_OBJECTION, _OPEN, _by_its_deadline()),)
_ROWS: Final = (
    _Row(
        WorkKind.APPOINT_MEDIATOR,
        _MEDIATED,
        _by_its_deadline(lambda case: case.mediator_id is None),
        # First the parties choose (OL10).
        not_before=lambda case: case.choice.until if case.choice else None,
    ),
    _Row(WorkKind.DECIDE_CHALLENGE, _at(Stage.ASSIGNED, Stage.IN_MEDIATION, Stage.SETTLED), _challenge),
    _Row(WorkKind.CONFIRM_ACT, _OPEN, _confirmations),
    _Row(
        WorkKind.ACCEPT_APPOINTMENT,
        _at(Stage.ASSIGNED),
        _by_its_deadline(lambda case: case.accepted_at is None),
    ),
    _Row(
        WorkKind.OBTAIN_CONSENTS,
        _at(Stage.ASSIGNED),
        _by_its_deadline(lambda case: case.accepted_at is not None),
    ),
    _Row(
        WorkKind.CONCLUDE_TALKS,
        _at(Stage.IN_MEDIATION),
        _by_its_deadline(lambda case: not _accepted(case)),
    ),
    _Row(WorkKind.DRAW_UP_AGREEMENT, _at(Stage.IN_MEDIATION), _by_its_deadline(_accepted)),
    _Row(
        WorkKind.OBTAIN_SIGNATURES,
        _at(Stage.SETTLED),
        _by_its_deadline(lambda case: bool(case.bound - case.signatures)),
    ),
    _Row(WorkKind.NAME_MEDIATOR, _at(Stage.SCREENED), _choice),
    _Row(WorkKind.ANSWER_OFFER, _at(Stage.IN_MEDIATION), _offer),
    _Row(WorkKind.ANSWER_EXTENSION, _at(Stage.IN_MEDIATION), _by_its_deadline(_extension)),
    _Row(
        WorkKind.SIGN_AGREEMENT,
        _at(Stage.SETTLED),
        _by_its_deadline(lambda case: bool(case.applicant_ids & case.bound - case.signatures)),
    ),
    _Row(WorkKind.DECIDE_ON_SUIT, _at(Stage.UNRESOLVED), _by_its_deadline()),
    _Row(
        WorkKind.DECIDE_ON_DEFAULT,
        _at(Stage.DEFAULTED),
        _by_its_deadline(lambda case: case.confirmation is None or not case.confirmation.before_the_court),
    ),
    _Row(WorkKind.CORRECT_FILING, _at(Stage.RETURNED), _by_its_deadline()),
)
"""What a case that does not stand still asks of whom."""
