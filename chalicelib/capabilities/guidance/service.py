"""Ask the judge, advise, read the guidance, and let the judge see a draft once every party agrees to that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from chalicelib.capabilities.guidance.declaration import (
    ADVISE,
    ASK_JUDGE,
    CONSENT_TO_SHOW,
    READ_DRAFT,
    READ_DRAFT_CONSENTS,
    READ_GUIDANCE,
    READ_QUESTIONS,
)
from chalicelib.capabilities.guidance.model import (
    DRAFT_ACCEPTED,
    DRAFT_SHOWN,
    Advice,
    Consultation,
    DraftAct,
    Salts,
    check_guided,
    draft_of,
    told_by,
)
from chalicelib.domain.errors import NotPermitted, RuleViolated, TextTellsOfParties
from chalicelib.domain.permissions import authorise, authorise_on, sees
from chalicelib.domain.roles import Role
from chalicelib.use_cases.loading import settlement_of
from chalicelib.use_cases.records import Fetched

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from chalicelib.capabilities.guidance.model import OpenQuestion
    from chalicelib.domain.case import Case
    from chalicelib.domain.parties import PartyDetails
    from chalicelib.domain.roles import Actor
    from chalicelib.domain.stages import Action
    from chalicelib.use_cases.ports import Hub
    from chalicelib.use_cases.records import Idempotency

_CASES_AT_ONCE: Final = 25
"""As many as `Cases.driven` reads by one call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """A stored question or advice; a repeated key gets the same one with `replayed` set."""

    advice: Advice
    replayed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AdvicePage:
    """Questions and advices by their numbers, oldest first; `after` continues the list."""

    entries: Mapping[int, Advice]
    after: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionPage:
    """Open questions of a court, oldest first; `after` continues the list."""

    questions: tuple[OpenQuestion, ...]
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """The draft as a reader may know of it: its SHA-256, who consented to showing it, who has seen one.

    `given` says whether the reader's own side has consented.
    """

    document_sha256: str | None
    consents: tuple[str, ...]
    missing: tuple[str, ...]
    given: bool
    shown: bool
    seen_by: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A page of the guidance as one reader sees it; `asked_at` is when an advice was first waited for."""

    page: AdvicePage
    draft: Draft
    asked_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A case of the judge's whose mediator waits for an advice."""

    case: Case
    asked_at: datetime


class Guidance(Protocol):
    """The stored guidance; each question and advice stands in the case's log of talk."""

    def add(self, case: Case, advice: Advice, salts: Salts, idempotency: Idempotency, *, asks: bool) -> Added:
        """Store a question or an advice with its entry in the log, in one transaction.

        A question puts the case on its court's list of open questions, an advice takes it off. A key used
        before returns its entry, or raises IdempotencyKeyReused for another body. Raises RuleViolated.
        """
        ...

    def knows(self, idempotency: Idempotency) -> bool:
        """Tell whether something was stored under a key; it is answered, even if refused by now."""
        ...

    def page(self, case: Case, after: int, limit: int) -> AdvicePage:
        """Read at most `limit` entries that come after the place `after`; 0 starts with the first one."""
        ...

    def consultation(self, case_id: str) -> Consultation:
        """Read where the guidance on a case stands."""
        ...

    def act(self, case_id: str, act: DraftAct, salt: str) -> Consultation:
        """Store an act about the draft with its entry in the log; one that changes nothing stores nothing."""
        ...

    def questions(self, court_id: str, after: str | None, limit: int) -> QuestionPage:
        """Read at most `limit` open questions of a court that come after a place."""
        ...


def write_guidance(hub: Hub, actor: Actor, case_id: str, text: str, idempotency: Idempotency) -> Added:
    """Store a mediator's question or a judge's advice; the case's version stays as it is.

    Raises NotPermitted, CaseNotFound, RuleViolated, TextTellsOfParties or IdempotencyKeyReused.
    """
    action = ADVISE if actor.role is Role.JUDGE else ASK_JUDGE
    authorise(actor, action)
    case, details = hub.cases.with_details(case_id)
    authorise_on(actor, action, case)
    stored = hub.part(Guidance)
    try:
        _check(hub, case, details, text)
    except (RuleViolated, TextTellsOfParties):
        if not stored.knows(idempotency):
            raise
    advice = Advice(
        entry_id=hub.new_id(),
        at=hub.clock.now(),
        role=actor.role,
        subject=actor.subject,
        person_id=actor.judge_id or actor.mediator_id,
        text=text,
    )
    salts = Salts(hub.new_salt(), hub.new_salt())
    return stored.add(case, advice, salts, idempotency, asks=action is ASK_JUDGE)


def _check(hub: Hub, case: Case, details: Callable[[], tuple[PartyDetails, ...]], text: str) -> None:
    check_guided(case)
    if hub.part(Guidance).consultation(case.case_id).shows(case):
        return
    account = hub.settlements.account(case) if case.agreement_sha256 else None
    if found := told_by(text, details(), settlement_of(hub, case), account):
        raise TextTellsOfParties(found)


def read_guidance(hub: Hub, actor: Actor, case_id: str, after: int, limit: int) -> Shown:
    """Return a page of the guidance on a case; raises NotPermitted or CaseNotFound."""
    authorise(actor, READ_GUIDANCE)
    case = hub.cases.get(case_id)
    authorise_on(actor, READ_GUIDANCE, case)
    stored = hub.part(Guidance)
    consultation, page = stored.consultation(case_id), stored.page(case, after, limit)
    return Shown(page=page, draft=_draft(actor, case, consultation), asked_at=consultation.asked_at)


def read_open_questions(
    hub: Hub, actor: Actor, after: str | None, limit: int
) -> tuple[tuple[Waiting, ...], str | None]:
    """Return the judge's cases whose mediators wait for an advice, oldest first, and where the list goes on.

    Whose case it is the case says, so that questions move with it to another judge. Raises NotPermitted.
    """
    authorise(actor, READ_QUESTIONS)
    page = hub.part(Guidance).questions(_court_of(actor, READ_QUESTIONS), after, min(limit, _CASES_AT_ONCE))
    driven = hub.cases.driven([each.case_id for each in page.questions]) if page.questions else {}
    found = ((each, driven[each.case_id]()) for each in page.questions)
    waiting = (
        Waiting(case=stands.case, asked_at=each.asked_at) for each, stands in found if stands is not None
    )
    return tuple(each for each in waiting if sees(actor, each.case)), page.after


def consent_to_show(hub: Hub, actor: Actor, case_id: str, document_sha256: str, *, given: bool) -> Draft:
    """Let the judge see the draft, in a party's own name, or take that back.

    Raises NotPermitted, CaseNotFound, or RuleViolated if this is not the agreement as it is drawn up.
    """
    authorise(actor, CONSENT_TO_SHOW)
    case = hub.cases.get(case_id)
    authorise_on(actor, CONSENT_TO_SHOW, case)
    check_guided(case)
    if document_sha256 != draft_of(case):
        raise DRAFT_ACCEPTED.refusal()
    act = DraftAct(
        at=hub.clock.now(),
        role=actor.role,
        subject=actor.subject,
        draft=document_sha256,
        parties=_speaks_for(case, actor),
        given=given,
    )
    return _draft(actor, case, hub.part(Guidance).act(case_id, act, hub.new_salt()))


def read_draft_consents(hub: Hub, actor: Actor, case_id: str) -> Draft:
    """Return who has consented to showing the judge the draft; raises NotPermitted or CaseNotFound."""
    authorise(actor, READ_DRAFT_CONSENTS)
    case = hub.cases.get(case_id)
    authorise_on(actor, READ_DRAFT_CONSENTS, case)
    return _draft(actor, case, hub.part(Guidance).consultation(case_id))


def read_draft(hub: Hub, actor: Actor, case_id: str) -> Fetched:
    """Return the draft, once it is on record that the judge has seen it.

    Raises NotPermitted, CaseNotFound, or RuleViolated where not every party has consented.
    """
    authorise(actor, READ_DRAFT)
    case = hub.cases.get(case_id)
    authorise_on(actor, READ_DRAFT, case)
    check_guided(case)
    stored, draft = hub.part(Guidance), draft_of(case)
    if draft is None or not stored.consultation(case_id).shows(case):
        raise DRAFT_SHOWN.refusal()
    act = DraftAct(
        at=hub.clock.now(), role=actor.role, subject=actor.subject, draft=draft, judge_id=actor.judge_id
    )
    stored.act(case_id, act, hub.new_salt())
    paper, content = hub.papers.get(case_id, draft)
    return Fetched(
        content=content,
        sha256=paper.sha256,
        media_type=paper.media_type,
        link=lambda: hub.papers.link(case_id, draft),
    )


def _draft(reader: Actor, case: Case, consultation: Consultation) -> Draft:
    # A judge does not learn before that there is a draft, nor who hesitates.
    hidden = reader.role is Role.JUDGE and not consultation.shows(case)
    draft = None if hidden else draft_of(case)
    consents = consultation.consents_to(case) if draft else frozenset[str]()
    return Draft(
        document_sha256=draft,
        consents=tuple(sorted(consents)),
        missing=tuple(sorted(case.bound - consents)) if draft else (),
        given=bool(own := _speaks_for(case, reader)) and own <= consents,
        shown=consultation.shows(case),
        seen_by=consultation.seen_by,
    )


def _speaks_for(case: Case, actor: Actor) -> frozenset[str]:
    if actor.role is Role.INSTITUTION:
        return case.applicant_ids
    return case.respondent_ids & {actor.party_in(case.case_id) or ""}


def _court_of(actor: Actor, action: Action) -> str:
    if actor.court_id is None:
        raise NotPermitted(actor.role, action)
    return actor.court_id
