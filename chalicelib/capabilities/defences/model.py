"""A statement of defence (答辩意见): what a respondent, or its agent, says about the claim.

Promise: who may read one is decided here and nowhere else. A party's last statement is the one that counts,
also for whether the court gets it; the earlier ones stay. Downside: a statement can't be taken out of a
dossier that is at the court already.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from chalicelib.capabilities.defences.declaration import STATE_DEFENCE
from chalicelib.domain.dossier import json_document
from chalicelib.domain.hashing import salted_digest
from chalicelib.domain.notices import NoticeKind, notice_of_talk
from chalicelib.domain.roles import Role
from chalicelib.domain.talk import Entry

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from chalicelib.domain.dossier import DossierDocument
    from chalicelib.domain.notices import PartyNotice
    from chalicelib.domain.roles import Actor
    from chalicelib.domain.talk import Head

LONGEST_TEXT: Final = 5000
"""Characters of a statement."""
KIND: Final = "defence"
"""What a statement is called in the log of talk, and its document in a dossier."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Defence:
    """What a party said, by `agent_id` if an agent said it. Its repr shows no text, so that no log has it."""

    defence_id: str
    party_id: str
    at: datetime
    subject: str
    for_court: bool
    text: str = field(repr=False)
    agent_id: str | None = None

    def readable_by(self, reader: Actor, case_id: str) -> bool:
        """Tell whether somebody who sees the case may read this: of the respondents, who said it."""
        return reader.role is not Role.BORROWER or reader.party_in(case_id) == self.party_id


@dataclass(frozen=True, slots=True, repr=False)
class Salts:
    """Two salts of 128 random bits, in hex: one for the statement's entry, one for its text's digest."""

    entry: str
    text: str


def entry_of(case_id: str, defence: Defence, head: Head, salts: Salts) -> Entry:
    """Return the statement's entry in the log of talk, behind its `head`.

    It holds a digest of the text with a salt that is sealed together with the text, as that of a note.
    """
    return Entry(
        case_id=case_id,
        sequence=head.sequence + 1,
        kind=KIND,
        at=defence.at,
        role=Role.BORROWER,
        subject=defence.subject,
        data={
            "defence_id": defence.defence_id,
            "party_id": defence.party_id,
            "for_court": defence.for_court,
            "text": salted_digest(salts.text, {"text": defence.text}),
            **({"agent_id": defence.agent_id} if defence.agent_id else {}),
        },
        salt=salts.entry,
        previous=head.hash,
    ).sealed()


def told_of(case_id: str, defence: Defence, sequence: int) -> PartyNotice | None:
    """Return the notice to a party for whom its agent speaks in entry `sequence`; None without an agent."""
    if defence.agent_id is None:
        return None
    values = {"act": STATE_DEFENCE}
    return notice_of_talk(case_id, sequence, defence.party_id, NoticeKind.AGENT_ACTED, values)


def documents_for_court(stated: Iterable[Defence]) -> tuple[DossierDocument, ...]:
    """Return the documents of a dossier from all statements in order: each party's last, if it asks."""
    last = {defence.party_id: defence for defence in stated}
    return tuple(
        json_document(
            f"{KIND}-{party_id}",
            KIND,
            {"party_id": party_id, "stated_at": defence.at.isoformat(), "text": defence.text},
        )
        for party_id, defence in sorted(last.items())
        if defence.for_court
    )
