"""A note on a case: a short text by one who handles it, for its own role and those who mediate, or for all.

Promise: who may read a note is decided here and nowhere else. Downside: a note is never changed or taken
back; whoever was wrong writes another one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from chalicelib.domain.roles import Role

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.domain.roles import Actor

LONGEST_TEXT: Final = 2000
"""Characters of a note."""
WHO_MEDIATES: Final = frozenset({Role.MEDIATOR, Role.CENTRE})
PARTIES: Final = frozenset({Role.INSTITUTION, Role.BORROWER})


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What somebody wrote on a case. Its repr shows no text, so that it can't slip into a log."""

    note_id: str
    at: datetime
    role: Role
    subject: str
    shared: bool
    text: str = field(repr=False)

    def readable_by(self, reader: Actor) -> bool:
        """Tell whether somebody who sees the case may read this: never a judge, a court or an operator."""
        return reader.role in (WHO_MEDIATES | {self.role}) or (self.shared and reader.role in PARTIES)
