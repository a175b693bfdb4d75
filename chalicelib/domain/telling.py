"""Who is told of what happened to a case (通知): from an event to its notices, from a notice to telephones.

Promise: pure; each event tells each person once. A respondent whom an agreement leaves out is not told what
follows from it, nobody is told of its own answer, and an institution, which reads the API, is told by message
only that its time to decide is ending. What goes to the court is told when it leaves, not while it is held.
Reminders are made with the event that starts their limit, are held back until their day, and lapse if they
are true no more. Downside: a limit that moves needs a new event.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from chalicelib.domain.calendar import local_date
from chalicelib.domain.case import Case
from chalicelib.domain.events import Event
from chalicelib.domain.notices import NoticeKind, PartyNotice, notice_to
from chalicelib.domain.phones import normalised, takes_messages
from chalicelib.domain.representatives import HEADS
from chalicelib.domain.stages import EventType, Stage
from chalicelib.domain.steps import Step

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import datetime

    from chalicelib.domain.money import Money
    from chalicelib.domain.parties import Party, PartyDetails
    from chalicelib.domain.pending_act import RecordedAct

CONSENT_REMINDED_BEFORE: Final = timedelta(days=2)
"""How long before the limit of consent ends who is silent is reminded [policy]."""
DECISION_REMINDED_BEFORE: Final = timedelta(days=3)
"""How long before its limit ends the institution is reminded to decide [policy]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    """An event, the case before and after it, and the parties whose word it is."""

    before: Case
    after: Case
    event: Event
    spoken_for: frozenset[str]

    def to(
        self,
        party_ids: Iterable[str],
        kind: NoticeKind,
        not_before: datetime | None = None,
        **values: str,
    ) -> Iterator[PartyNotice]:
        notice = notice_to(self.after.case_id, self.event.sequence, party_ids, kind, values, not_before)
        if notice is not None:
            yield notice

    def reminder(
        self, party_ids: Iterable[str], kind: NoticeKind, before_deadline: timedelta
    ) -> Iterator[PartyNotice]:
        """Yield the notice that is sent so long before the step's limit ends, unless that has begun."""
        deadline = self.after.deadline
        if deadline is not None and self.event.at < (not_before := deadline - before_deadline):
            yield from self.to(party_ids, kind, not_before, until=_day(deadline))


def notices_after(
    before: Case, after: Case, event: Event, spoken_for: frozenset[str] = frozenset()
) -> tuple[PartyNotice, ...]:
    """Return who is told what because of an event; `spoken_for` are the parties whose own word it is."""
    change = _Change(before=before, after=after, event=event, spoken_for=spoken_for)
    tell = _TOLD.get(event.type)
    told = () if tell is None else tuple(tell(change))
    return (*told, *_decision(change))


def concerned(case: Case) -> frozenset[str]:
    """Return the respondents whom the case is about: once an agreement is in force, those whom it binds."""
    in_force = case.agreement_sha256 is not None and case.bound <= case.signatures
    return case.respondent_ids & case.bound if in_force else case.respondent_ids


def default_notice(case: Case, line: int, remaining: Money) -> PartyNotice | None:
    """Return the notice of a default that the case's next event declares, with what is owed then."""
    values = {"line": str(line), "remaining": str(remaining)}
    return notice_to(case.case_id, case.sequence + 1, concerned(case), NoticeKind.DEFAULT_DECLARED, values)


def still_told(case: Case, notice: PartyNotice) -> frozenset[str]:
    """Return whom of those it was for a notice still tells something true."""
    told = frozenset(notice.party_ids)
    if notice.kind in _WHILE_PERFORMING:
        return frozenset() if case.stage.terminal or case.stage is Stage.DEFAULTED else told
    if notice.kind in _WAITED_FOR:
        # While an objection waits, the step's limit is the centre's.
        waits = case.step is _WAITED_FOR[notice.kind] and case.objection is None
        same = waits and case.deadline is not None and notice.values["until"] in _days(case.deadline)
        return told - case.consents if same and case.step is Step.CONSENT else told if same else frozenset()
    return told


def people_of(
    notice: PartyNotice, case: Case, details: Mapping[str, PartyDetails]
) -> dict[str, dict[str, str]]:
    """Return by party the people to tell, each with a number that takes messages; nobody if there is none.

    A party's agents and an entity's representatives are told with it, but not of what an agent did or that
    one was named: whom only its agent could tell, the centre rings. A code for signing is for the party's own
    number, one for signing in for the number of the person who asked for it; that a number was replaced is
    also told at the one before.
    """
    only = {NoticeKind.SIGNING_CODE: notice.party_id, NoticeKind.SIGN_IN_CODE: notice.values.get("person")}
    apart = notice.kind in _ABOUT_AGENTS
    parties = {party.party_id: replace(party, agents=()) if apart else party for party in case.parties}
    return {
        party_id: {
            person_id: phone
            for person_id, phone in (
                *_former(notice, details[party_id]),
                *_numbers(parties[party_id], details[party_id]),
            )
            if notice.kind not in only or person_id == only[notice.kind]
        }
        for party_id in notice.party_ids
    }


def at_former_number(person_id: str) -> bool:
    """Tell whether this is whoever has the number that a party had before: perhaps not the party."""
    return person_id.endswith(f"-{_FORMER}")


def phones_of(case: Case, party_id: str, details: Iterable[PartyDetails]) -> dict[str, str]:
    """Return the numbers that take messages of a party and of those who act for it, by person."""
    party = next(each for each in case.parties if each.party_id == party_id)
    return dict(_numbers(party, next(each for each in details if each.party_id == party_id)))


def both_numbers(notice: PartyNotice, details: PartyDetails) -> tuple[str, ...]:
    """Return the number that the notice's correction replaced and the one that is on record; or nothing.

    Somebody else may have put the present number there, so whom a message misses at either of them is rung.
    """
    former = _replaced_by(notice, details)
    return (former, details.phone) if former else ()


def _replaced_by(notice: PartyNotice, details: PartyDetails) -> str | None:
    """Return the number that the notice's event replaced, unless that is on record again."""
    if notice.kind is not NoticeKind.DETAILS_CORRECTED or notice.sequence is None:
        return None
    former = details.phone_before(notice.sequence)
    return former if former and same_phone(former) != same_phone(details.phone) else None


def _former(notice: PartyNotice, details: PartyDetails) -> Iterator[tuple[str, str]]:
    former = _replaced_by(notice, details)
    if former and takes_messages(former):
        yield f"{details.party_id}-{_FORMER}", former


def _numbers(party: Party, details: PartyDetails) -> Iterator[tuple[str, str]]:
    if takes_messages(details.phone):
        yield party.party_id, details.phone
    agents = {mandate.agent_id for mandate in party.acting_agents}
    for each in details.representatives:
        acts = each.kind in HEADS or each.agent_id in agents
        if acts and each.phone is not None and takes_messages(each.phone):
            yield f"{party.party_id}-{each.agent_id or each.kind}", each.phone


def same_phone(phone: str) -> str:
    """Return what is the same for two spellings of a number."""
    return normalised(phone) or phone


_ABOUT_AGENTS: Final = frozenset({NoticeKind.AGENT_ACTED, NoticeKind.AGENT_NAMED})
_FORMER: Final = "former"
_WHILE_PERFORMING: Final = frozenset(
    {NoticeKind.PAYMENT_DUE, NoticeKind.PAYMENT_LATE, NoticeKind.CONFIRMATION_WINDOW}
)
_WAITED_FOR: Final = {
    NoticeKind.CONSENT_ASKED: Step.CONSENT,
    NoticeKind.CONSENT_LAPSING: Step.CONSENT,
    NoticeKind.AGREEMENT_READY: Step.SIGNING,
    NoticeKind.DECISION_DUE: Step.DECISION,
    NoticeKind.DEADLINE_MOVED: Step.MEDIATION,
}
"""The step in which what a notice asks for can be done."""


def _day(until: datetime | None) -> str:
    """Return the last day of a limit, on which it can still be kept: it ends with that day (`end_of`)."""
    return "" if until is None else local_date(until - timedelta.resolution).isoformat()


def _days(until: datetime) -> tuple[str, str]:
    # Earlier releases named the day that begins when the limit ends; their reminders still wait.
    return _day(until), local_date(until).isoformat()


def _invitation(change: _Change) -> Iterator[PartyNotice]:
    yield from change.to(change.after.respondent_ids - change.after.consents, NoticeKind.INVITED)
    named = (party.party_id for party in change.after.parties if party.unconfirmed_agents)
    yield from change.to(named, NoticeKind.AGENT_NAMED)


def _appointment(change: _Change) -> Iterator[PartyNotice]:
    yield from change.to(change.after.respondent_ids, NoticeKind.MEDIATOR_APPOINTED)


def _choice(change: _Change) -> Iterator[PartyNotice]:
    choice, asked = change.after.choice, change.after.respondent_ids
    yield from change.to(asked, NoticeKind.MEDIATOR_CHOICE, until=_day(choice.until)) if choice else ()


def _consents(change: _Change) -> Iterator[PartyNotice]:
    missing = change.after.respondent_ids - change.after.consents
    yield from change.to(missing, NoticeKind.CONSENT_ASKED, until=_day(change.after.deadline))
    yield from change.reminder(missing, NoticeKind.CONSENT_LAPSING, CONSENT_REMINDED_BEFORE)


def _offer(change: _Change) -> Iterator[PartyNotice]:
    offer = change.after.offer
    if offer is not None:
        told = offer.awaits & change.after.respondent_ids
        yield from change.to(told, NoticeKind.OFFER_MADE, until=_day(offer.expires_at))


def _answer(answer: str, *, makers_only: bool = False) -> Callable[[_Change], Iterator[PartyNotice]]:
    def tell(change: _Change) -> Iterator[PartyNotice]:
        offer, respondents = change.before.offer, change.before.respondent_ids
        if offer is not None:
            makers = offer.made_by or change.before.of_side(offer.side)
            told = respondents & makers if makers_only else respondents - offer.left_out
            yield from change.to(told - change.spoken_for, NoticeKind.OFFER_ANSWERED, answer=answer)

    return tell


def _ready(change: _Change) -> Iterator[PartyNotice]:
    told = (change.after.respondent_ids & change.after.bound) - change.after.signatures
    yield from change.to(told, NoticeKind.AGREEMENT_READY, until=_day(change.after.deadline))


def _plainly(kind: NoticeKind) -> Callable[[_Change], Iterator[PartyNotice]]:
    def tell(change: _Change) -> Iterator[PartyNotice]:
        yield from change.to(concerned(change.after), kind)

    return tell


def _leaves(kind: NoticeKind) -> Callable[[_Change], Iterator[PartyNotice]]:
    def tell(change: _Change) -> Iterator[PartyNotice]:
        # What is held until the days to object are over may still be undone: it is told when it leaves.
        if change.after.held_until is None:
            yield from change.to(concerned(change.after), kind)

    return tell


def _held_leaves(change: _Change) -> Iterator[PartyNotice]:
    suit = change.after.stage is Stage.TRANSFERRING
    yield from _leaves(NoticeKind.TRANSFERRED if suit else NoticeKind.CONFIRMATION_APPLIED)(change)


def _ruling(change: _Change) -> Iterator[PartyNotice]:
    confirmation = change.after.confirmation
    if confirmation is not None:
        yield from change.to(
            concerned(change.after), NoticeKind.CONFIRMATION_RULED, result=str(confirmation.state)
        )


def _close(change: _Change) -> Iterator[PartyNotice]:
    # Before screening nobody was invited: who never heard of a case is not told that it is over.
    if change.before.stage is not Stage.FILED:
        yield from change.to(concerned(change.after), NoticeKind.CLOSED, how=str(change.after.stage))


def _objection(change: _Change) -> Iterator[PartyNotice]:
    act = change.after.objection.act if change.after.objection else None
    told = _others(change, act) - {act.party_id} if act else frozenset()
    yield from change.to(told, NoticeKind.OBJECTION_RAISED)


def _others(change: _Change, act: RecordedAct) -> frozenset[str]:
    # Before screening the others have not heard of the case.
    return frozenset() if act.stage is Stage.FILED else concerned(change.after)


def _objection_decided(decision: str) -> Callable[[_Change], Iterator[PartyNotice]]:
    def tell(change: _Change) -> Iterator[PartyNotice]:
        if change.before.objection is None:
            return
        act = change.before.objection.act
        told = _others(change, act) | {act.party_id}
        yield from change.to(told, NoticeKind.OBJECTION_DECIDED, decision=decision)
        if (waits := _ASKED_AGAIN.get(change.after.step)) is not None:
            yield from waits(change)

    return tell


_ASKED_AGAIN: Final = {Step.CONSENT: _consents, Step.SIGNING: _ready}
"""What a case asks for again, with another last day, once an objection is decided."""


def _challenge_decided(decision: str) -> Callable[[_Change], Iterator[PartyNotice]]:
    def tell(change: _Change) -> Iterator[PartyNotice]:
        yield from change.to(change.after.respondent_ids, NoticeKind.CHALLENGE_DECIDED, decision=decision)

    return tell


def _correction(change: _Change) -> Iterator[PartyNotice]:
    # Before screening nobody was invited.
    if change.before.stage is not Stage.FILED:
        facts = change.event.facts
        corrected = {facts.get("party_id"), *facts.get("parties", ())}
        yield from change.to(change.after.respondent_ids & corrected, NoticeKind.DETAILS_CORRECTED)


def _moved_deadline(change: _Change) -> Iterator[PartyNotice]:
    # Who is asked for something is asked again, with its new last day: the message before is true no more.
    if change.after.objection is not None:
        return
    if (waits := _ASKED_AGAIN.get(change.after.step)) is not None:
        yield from waits(change)
    elif change.after.step is Step.MEDIATION and _earlier(change):
        until = _day(change.after.deadline)
        yield from change.to(change.after.respondent_ids, NoticeKind.DEADLINE_MOVED, until=until)


def _earlier(change: _Change) -> bool:
    before, after = change.before.deadline, change.after.deadline
    return before is not None and after is not None and after < before


def _decision(change: _Change) -> Iterator[PartyNotice]:
    began = (
        change.before.step is not Step.DECISION
        or change.before.objection is not None
        or change.event.type is EventType.DEADLINE_MOVED
    )
    if began and change.after.step is Step.DECISION and change.after.objection is None:
        yield from change.reminder(
            change.after.applicant_ids, NoticeKind.DECISION_DUE, DECISION_REMINDED_BEFORE
        )


_TOLD: Final[Mapping[EventType, Callable[[_Change], Iterator[PartyNotice]]]] = {
    EventType.CASE_SCREENED: _invitation,
    EventType.MEDIATOR_APPOINTED: _appointment,
    EventType.MEDIATORS_RECOMMENDED: _choice,
    EventType.RELATION_DISCLOSED: _plainly(NoticeKind.RELATION_DISCLOSED),
    EventType.MEDIATOR_REPLACED: _plainly(NoticeKind.MEDIATOR_APPOINTED),
    EventType.APPOINTMENT_ACCEPTED: _consents,
    EventType.OFFER_MADE: _offer,
    EventType.OFFER_ACCEPTED: _answer("accepted", makers_only=True),
    EventType.OFFER_DECLINED: _answer("declined"),
    EventType.OFFER_WITHDRAWN: _answer("withdrawn"),
    EventType.SETTLEMENT_REACHED: _ready,
    EventType.AGREEMENT_SIGNED: _plainly(NoticeKind.AGREEMENT_IN_FORCE),
    EventType.AGREEMENT_PAID: _plainly(NoticeKind.AGREEMENT_IN_FORCE),
    EventType.CONFIRMATION_APPLIED_FOR: _leaves(NoticeKind.CONFIRMATION_APPLIED),
    EventType.CONFIRMATION_RULED: _ruling,
    EventType.TRANSFER_REQUESTED: _leaves(NoticeKind.TRANSFERRED),
    EventType.ENFORCEMENT_REQUESTED: _leaves(NoticeKind.TRANSFERRED),
    EventType.DAYS_TO_OBJECT_OVER: _held_leaves,
    EventType.CASE_DOCKETED: _plainly(NoticeKind.DOCKETED),
    EventType.LITIGATION_DROPPED: _close,
    EventType.DECISION_EXPIRED: _close,
    EventType.CASE_WITHDRAWN: _close,
    EventType.FILING_REFUSED: _close,
    EventType.AGREEMENT_PERFORMED: _close,
    EventType.AGREEMENT_REOPENED: _plainly(NoticeKind.REOPENED),
    EventType.OBJECTION_RAISED: _objection,
    EventType.OBJECTION_UPHELD: _objection_decided("upheld"),
    EventType.OBJECTION_DISMISSED: _objection_decided("dismissed"),
    EventType.CHALLENGE_UPHELD: _challenge_decided("upheld"),
    EventType.CHALLENGE_DISMISSED: _challenge_decided("dismissed"),
    EventType.DEADLINE_MOVED: _moved_deadline,
    EventType.DETAILS_CORRECTED: _correction,
    EventType.TRANSFER_CORRECTED: _correction,
}
