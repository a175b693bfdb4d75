"""A note on a case: for its author's role, the mediator and the centre, and for the parties if it is shared.

Promise: who may read a note is decided here and nowhere else. Downside: a note can't be changed or deleted;
a mistake is corrected by another note.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from chalicelib.domain.hashing import salted_digest
from chalicelib.domain.roles import Role
from chalicelib.domain.talk import Entry

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.domain.roles import Actor
    from chalicelib.domain.talk import Head

LONGEST_TEXT: Final = 2000
"""Characters of a note."""
KIND: Final = "note"
"""What a note is called in the log of talk."""
WHO_MEDIATES: Final = frozenset({Role.MEDIATOR, Role.CENTRE})
PARTIES: Final = frozenset({Role.INSTITUTION, Role.BORROWER})


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What somebody wrote on a case. Its repr shows no text, so that it can't get into a log."""

    note_id: str
    at: datetime
    role: Role
    subject: str
    shared: bool
    text: str = field(repr=False)

    def readable_by(self, reader: Actor) -> bool:
        """Tell whether somebody who sees the case may read this: never a judge, a court or an operator."""
        return reader.role in (WHO_MEDIATES | {self.role}) or (self.shared and reader.role in PARTIES)


@dataclass(frozen=True, slots=True, repr=False)
class Salts:
    """Two salts of 128 random bits, in hex: one for the note's entry, one for the digest of its text."""

    entry: str
    text: str


def entry_of(case_id: str, note: Note, head: Head, salts: Salts) -> Entry:
    """Return the note's entry in the log of talk, behind its `head`.

    It holds a digest of the text with a salt that is sealed together with the text: a reader who can't
    open the text can't guess it either, not even from an export of the log.
    """
    return Entry(
        case_id=case_id,
        sequence=head.sequence + 1,
        kind=KIND,
        at=note.at,
        role=note.role,
        subject=note.subject,
        data={
            "note_id": note.note_id,
            "shared": note.shared,
            "text": salted_digest(salts.text, {"text": note.text}),
        },
        salt=salts.entry,
        previous=head.hash,
    ).sealed()
