"""What mediator and judge write to each other about a case (法官指导), and which draft the judge may see.

Promise: until every party has accepted and let the judge see the draft, a text is about the law only: one
that holds a party's name, a number of it, or an amount that was offered is refused with what was found. The
judge of the case is whoever guides it now: who was replaced reads no more. Downside: a text that describes a
party or the terms in other words is not found out.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from chalicelib.domain.hashing import salted_digest
from chalicelib.domain.rules import Rule
from chalicelib.domain.stages import Stage
from chalicelib.domain.talk import Entry
from chalicelib.domain.work import WorkKind, asks_beside, made

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from chalicelib.domain.agreement.settlement import PayeeAccount, Settlement
    from chalicelib.domain.case import Case
    from chalicelib.domain.errors import RuleViolated
    from chalicelib.domain.parties import PartyDetails
    from chalicelib.domain.roles import Role
    from chalicelib.domain.talk import Head
    from chalicelib.domain.work import Work

LONGEST_TEXT: Final = 2000
"""Characters of a question or of an advice."""
MOST_ENTRIES: Final = 500
"""Questions and advices of a case."""
KIND: Final = "guidance"
"""What a question or an advice is called in the log of talk."""
CONSENT_KIND: Final = "draft_consent"
SEEN_KIND: Final = "draft_seen"

JUDGE_ASSIGNED: Final = Rule(
    "judge_assigned", "M15", "a judge is assigned to the case", "本案已有对接指导法官"
)
BEFORE_THE_COURT: Final = Rule(
    "before_the_court",
    "M9, M15",
    "the case is still in the mediation; a judge who hears the suit gives no advice beside it",
    "案件尚在调解中；移送法院后，审理法官不再提供指导",
)
ROOM_FOR_GUIDANCE: Final = Rule(
    "room_for_guidance",
    "[policy]",
    f"a case has at most {MOST_ENTRIES} questions and advices",
    f"每案提问和指导不超过{MOST_ENTRIES}条",
)
DRAFT_ACCEPTED: Final = Rule(
    "draft_accepted",
    "TY22",
    "it is the agreement that was drawn up when both sides had accepted",
    "所指草案为双方接受方案后拟定的调解协议",
)
DRAFT_SHOWN: Final = Rule(
    "draft_shown",
    "TY22",
    "every party has consented to showing the judge the draft",
    "全体当事人已同意将协议草案出示给法官",
)

_IN_THE_MEDIATION: Final = frozenset(
    {Stage.ASSIGNED, Stage.IN_MEDIATION, Stage.SETTLED, Stage.PERFORMING, Stage.DEFAULTED, Stage.UNRESOLVED}
)
_SHORTEST_NUMBER: Final = 4
"""Digits; a shorter number is as well a day or an article."""
_SHORTEST_NAME: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """A question of the mediator or an advice of the judge. Its repr shows no text."""

    entry_id: str
    at: datetime
    role: Role
    subject: str
    person_id: str | None
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True, repr=False)
class Salts:
    """Two salts of 128 random bits, in hex: one for the entry in the log, one for the text's digest."""

    entry: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftAct:
    """A party lets the judge see the draft or takes that back (`given`), or a judge has seen it (None)."""

    at: datetime
    role: Role
    subject: str
    draft: str
    parties: frozenset[str] = frozenset()
    given: bool | None = None
    judge_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Consultation:
    """Where the guidance on a case stands.

    `asked_at` is when the oldest question without an advice was asked. `consents` are those of the parties to
    showing `draft`, the SHA-256 of an agreement; `seen_by` the judges who have ever seen one.
    """

    version: int = 0
    entries: int = 0
    asked_at: datetime | None = None
    draft: str | None = None
    consents: frozenset[str] = frozenset()
    seen_by: tuple[str, ...] = ()

    def consents_to(self, case: Case) -> frozenset[str]:
        """Return who has consented to showing the agreement as it is drawn up now."""
        return self.consents if self.draft and self.draft == draft_of(case) else frozenset()

    def shows(self, case: Case) -> bool:
        """Tell whether the judge may see the draft: every party that it binds has consented."""
        return draft_of(case) is not None and case.bound <= self.consents_to(case)

    def written(self, advice: Advice, *, asks: bool) -> Consultation:
        """Return it with a further question or advice."""
        asked_at = (self.asked_at or advice.at) if asks else None
        return replace(self, version=self.version + 1, entries=self.entries + 1, asked_at=asked_at)

    def after(self, act: DraftAct) -> Consultation | None:
        """Return it once a party has consented or a judge has seen the draft; None if nothing changes."""
        seen = self.seen_by
        if act.judge_id and act.judge_id not in seen:
            seen = (*seen, act.judge_id)
        consents = self.consents if act.draft == self.draft else frozenset()
        if act.given is not None:
            consents = consents | act.parties if act.given else consents - act.parties
        changed = replace(self, draft=act.draft, consents=consents, seen_by=seen)
        return None if changed == self else replace(changed, version=self.version + 1)

    def refusal(self) -> RuleViolated | None:
        """Return why no further text can be stored; None if one can."""
        return ROOM_FOR_GUIDANCE.refusal() if self.entries >= MOST_ENTRIES else None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenQuestion:
    """A case whose mediator waits for an advice; `place` is where it stands in its court's list."""

    case_id: str
    asked_at: datetime
    place: str


def work_of_question(case: Case, consultation: Consultation) -> tuple[Work, ...]:
    """Return what an open question asks of the case's judge; nothing once the case is in court or over."""
    if consultation.asked_at is None or not asks_beside(case):
        return ()
    return made(case, WorkKind.ANSWER_QUESTION, consultation.asked_at)


def draft_of(case: Case) -> str | None:
    """Return the SHA-256 of the agreement that was drawn up after every party accepted; None without one."""
    return case.agreement_sha256 if case.offer is not None and case.offer.accepted else None


def check_guided(case: Case) -> None:
    """Raise RuleViolated unless the case has a judge and is still in the mediation."""
    if case.judge_id is None:
        raise JUDGE_ASSIGNED.refusal()
    if case.stage not in _IN_THE_MEDIATION:
        raise BEFORE_THE_COURT.refusal()


def told_by(
    text: str,
    details: Iterable[PartyDetails],
    settlement: Settlement,
    account: PayeeAccount | None,
) -> tuple[str, ...]:
    """Return what a text tells of the parties and of what was offered, by code; nothing if it is about law.

    Spaces, points, width and case make no difference.
    """
    written = _squeezed(text)
    searched = {**_of_the_parties(tuple(details), account), "amount": _amounts(settlement)}
    return tuple(code for code, values in searched.items() if any(_squeezed(v) in written for v in values))


def _of_the_parties(
    details: tuple[PartyDetails, ...], account: PayeeAccount | None
) -> Mapping[str, frozenset[str]]:
    people = [each for entry in details for each in entry.representatives]
    names = [entry.name for entry in details] + [each.name for each in people]
    phones = [each for entry in details for each in (entry.phone, *entry.earlier_phones)]
    accounts = [entry.account for entry in details] + [account.number if account else None]
    return {
        "name": _longer(names, _SHORTEST_NAME),
        "id_number": _longer((entry.id_number for entry in details), _SHORTEST_NUMBER),
        "phone": _longer([*phones, *(each.phone for each in people)], _SHORTEST_NUMBER),
        "account": _longer(accounts, _SHORTEST_NUMBER),
    }


def _amounts(settlement: Settlement) -> frozenset[str]:
    offers = settlement.negotiation.offers
    figures = [offer.figures for offer in offers]
    named = [amount for each in figures for amount in (each.total, each.waived, each.monthly_burden)]
    lines = [line.amount for offer in offers for line in offer.plan.lines]
    # With and without fen: 107330.56, 3000.00, 3000.
    written = [str(amount) for amount in {*named, *lines}]
    return _longer([*written, *(each.removesuffix(".00") for each in written)], _SHORTEST_NUMBER)


def _longer(values: Iterable[str | None], shortest: int) -> frozenset[str]:
    return frozenset(value for value in values if value and len(_squeezed(value)) >= shortest)


def _squeezed(text: str) -> str:
    return "".join(each for each in unicodedata.normalize("NFKC", text).casefold() if each.isalnum())


def entry_of(case_id: str, advice: Advice, head: Head, salts: Salts) -> Entry:
    """Return the entry of a question or an advice in the log of talk, behind its `head`.

    It holds a digest of the text with a salt that is sealed together with the text, as that of a note.
    """
    return Entry(
        case_id=case_id,
        sequence=head.sequence + 1,
        kind=KIND,
        at=advice.at,
        role=advice.role,
        subject=advice.subject,
        data={"entry_id": advice.entry_id, "text": salted_digest(salts.text, {"text": advice.text})},
        salt=salts.entry,
        previous=head.hash,
    ).sealed()


def act_entry_of(case_id: str, act: DraftAct, head: Head, salt: str) -> Entry:
    """Return the entry of a consent, or of a look at the draft, in the log of talk."""
    said = {"parties": sorted(act.parties), "given": act.given} if act.judge_id is None else {}
    seen = {"judge_id": act.judge_id} if act.judge_id else {}
    return Entry(
        case_id=case_id,
        sequence=head.sequence + 1,
        kind=SEEN_KIND if act.judge_id else CONSENT_KIND,
        at=act.at,
        role=act.role,
        subject=act.subject,
        data={"draft": act.draft, **said, **seen},
        salt=salt,
        previous=head.hash,
    ).sealed()
