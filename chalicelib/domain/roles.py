"""Who acts: roles, and the actor as the authorizer proved it.

Promise: an `Actor` carries only opaque ids, never a name or a number of a person, so it may be logged
and stored in events. Downside: only the token's issuer can tell who a subject is.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


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
    DATA_PROTECTION = "data_protection"  # 个人信息保护负责人: reads who looked at personal data, nothing else


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """The proven caller.

    `case_ids` of a borrower are `<case_id>:<party_id>`: which party of which case. `agent_of` are
    `<case_id>:<party_id>:<agent_id>`: the caller is that party's agent, of a borrower or of an institution,
    and nothing else. `let_in_by` is the subject that handed the caller a link and a code on paper, if it came
    in by one.
    """

    role: Role
    subject: str
    institution_id: str | None = None
    mediator_id: str | None = None
    judge_id: str | None = None
    court_id: str | None = None
    case_ids: frozenset[str] = frozenset()
    agent_of: frozenset[str] = frozenset()
    let_in_by: str | None = None

    def party_in(self, case_id: str) -> str | None:
        """Return the party that this borrower or agent is, or acts for, in a case; or None."""
        return next(iter(self._place_in(case_id)), None)

    def agent_in(self, case_id: str) -> str | None:
        """Return as which of its party's agents this caller acts in a case; None for the party itself."""
        return next(iter(self._place_in(case_id)[1:]), None)

    def _place_in(self, case_id: str) -> list[str]:
        prefix = f"{case_id}:"
        entries = self.agent_of or self.case_ids
        found = sorted(entry.removeprefix(prefix) for entry in entries if entry.startswith(prefix))
        return found[0].split(":") if found else []


UNKNOWN_ISSUER: Final = "unknown"
"""Who issued a link on paper of an earlier release: perhaps whoever says that it knows the person."""
SYSTEM = Actor(role=Role.SYSTEM, subject="hub")
