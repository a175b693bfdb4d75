"""Who acts: roles, and the actor as the authorizer proved it.

Promise: an `Actor` carries only opaque ids, never a name or a number of a person, so it may be logged
and stored in events. Downside: only the token's issuer can tell who a subject is.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """The parts people and machines play; a token names exactly one."""

    INSTITUTION = "institution"
    MEDIATOR = "mediator"
    CENTRE = "centre"
    JUDGE = "judge"
    COURT = "court"
    BORROWER = "borrower"
    OPS = "ops"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """The proven caller. `case_ids` of a borrower are `<case_id>:<party_id>`: which party of which case."""

    role: Role
    subject: str
    institution_id: str | None = None
    mediator_id: str | None = None
    judge_id: str | None = None
    court_id: str | None = None
    case_ids: frozenset[str] = frozenset()

    def party_in(self, case_id: str) -> str | None:
        """Return the party this borrower is in a case, or None."""
        prefix = f"{case_id}:"
        parties = sorted(entry.removeprefix(prefix) for entry in self.case_ids if entry.startswith(prefix))
        return parties[0] if parties else None


SYSTEM = Actor(role=Role.SYSTEM, subject="hub")
