"""Write a note on a case, and read the notes one may read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from chalicelib.capabilities.notes.declaration import ADD_NOTE, READ_NOTES
from chalicelib.capabilities.notes.model import Note, Salts
from chalicelib.domain.permissions import authorise, authorise_on
from chalicelib.use_cases.loading import names_by

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.domain.case import Case
    from chalicelib.domain.roles import Actor
    from chalicelib.use_cases.ports import Hub
    from chalicelib.use_cases.records import Idempotency


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """A stored note; a repeated key gets the same one with `replayed` set."""

    note: Note
    replayed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NotePage:
    """Notes, oldest first; `after` continues the list (a page may be short although more follow)."""

    notes: tuple[Note, ...]
    after: int | None
    names: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Of the court's people among the authors, by their subjects."""


class Notes(Protocol):
    """The stored notes; each stands in the case's log of talk."""

    def add(self, case: Case, note: Note, salts: Salts, idempotency: Idempotency) -> Added:
        """Store a note with its entry in the log, in one transaction.

        A key used before returns its note, or raises IdempotencyKeyReused for another body.
        """
        ...

    def page(self, case: Case, after: int, limit: int) -> NotePage:
        """Read at most `limit` notes that come after the place `after`; 0 starts with the first note."""
        ...


def add_note(
    hub: Hub, actor: Actor, case_id: str, text: str, *, shared: bool, idempotency: Idempotency
) -> Added:
    """Write a note; `shared` lets the parties read it. The case's version stays as it is.

    Raises NotPermitted, CaseNotFound or IdempotencyKeyReused.
    """
    authorise(actor, ADD_NOTE)
    case = hub.cases.get(case_id)
    authorise_on(actor, ADD_NOTE, case)
    note = Note(
        note_id=hub.new_id(),
        at=hub.clock.now(),
        role=actor.role,
        subject=actor.subject,
        shared=shared,
        text=text,
    )
    return hub.part(Notes).add(case, note, Salts(hub.new_salt(), hub.new_salt()), idempotency)


def read_notes(hub: Hub, actor: Actor, case_id: str, after: int, limit: int) -> NotePage:
    """Return a page of the notes that the reader may read; raises NotPermitted or CaseNotFound."""
    authorise(actor, READ_NOTES)
    case = hub.cases.get(case_id)
    authorise_on(actor, READ_NOTES, case)
    page = hub.part(Notes).page(case, after, limit)
    notes = tuple(note for note in page.notes if note.readable_by(actor))
    return NotePage(notes=notes, after=page.after, names=names_by(hub, actor, case, notes))
