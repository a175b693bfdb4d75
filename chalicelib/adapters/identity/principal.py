"""Turns claims into the domain's `Actor`, and writes it to API Gateway's authorizer context and back.

Promise: an actor has exactly the ids its role needs, each well-formed and without the separators of storage
keys and of the context (`#`, `,`); the claims of other roles are dropped, so a mediator's token with an
`institution_id` gives no access to that institution's cases. A token with `agent_of` is an agent's and
reaches only what it names. The context is checked as strictly as a token.
Downside: an id outside the pattern below is refused even if its issuer allows it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from chalicelib.adapters.identity.refusals import Refusal, Unauthorized
from chalicelib.domain.roles import Actor, Role

if TYPE_CHECKING:
    from collections.abc import Mapping

# Every role but these two belongs to one court. `system` is missing on purpose: it acts inside the hub
# and never arrives from outside.
_ID_CLAIMS: Final[Mapping[Role, tuple[str, ...]]] = {
    Role.INSTITUTION: ("institution_id",),
    Role.MEDIATOR: ("mediator_id", "court_id"),
    Role.CENTRE: ("court_id",),
    Role.JUDGE: ("judge_id", "court_id"),
    Role.COURT: ("court_id",),
    Role.BORROWER: (),
    Role.OPS: ("court_id",),
    Role.DATA_PROTECTION: ("court_id",),
}
_ID = r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}"
_IDENTIFIER: Final = re.compile(_ID)
_PARTY_OF_CASE: Final = re.compile(f"{_ID}:{_ID}")
_AGENT_OF_PARTY: Final = re.compile(f"{_ID}:{_ID}:{_ID}")
_HAVE_AGENTS: Final = frozenset({Role.INSTITUTION, Role.BORROWER})
_SUBJECT: Final = re.compile(r"[A-Za-z0-9._:@|/+=~-]{1,255}")
_MAX_CASES: Final = 50  # fifty of the longest entries still fit the gateway's limit on a context


@dataclass(frozen=True, slots=True)
class Principal:
    """An authenticated caller: the actor for the domain, and the issuer of its token."""

    actor: Actor
    issuer: str

    @property
    def context(self) -> dict[str, str]:
        """All values as strings, since API Gateway passes on no others; an absent value is empty."""
        actor = self.actor
        return {
            "subject": actor.subject,
            "role": actor.role.value,
            "institution_id": actor.institution_id or "",
            "mediator_id": actor.mediator_id or "",
            "judge_id": actor.judge_id or "",
            "court_id": actor.court_id or "",
            "case_ids": ",".join(sorted(actor.case_ids)),
            "agent_of": ",".join(sorted(actor.agent_of)),
            "let_in_by": actor.let_in_by or "",
            "issuer": self.issuer,
        }


def actor_from_context(context: Mapping[str, object]) -> Actor:
    """Read the actor back from the authorizer's context. Raises Unauthorized if it can't have written it."""
    lists = {name: _listed(context.get(name)) for name in ("case_ids", "agent_of")}
    return actor_from_claims({**context, **lists, "sub": context.get("subject")})


def _listed(value: object) -> list[str] | None:
    return value.split(",") if isinstance(value, str) and value else None


def actor_from_claims(claims: Mapping[str, object]) -> Actor:
    """Turn verified claims into an actor. Raises Unauthorized if a claim that the role needs is wrong."""
    role = _role(claims.get("role"))
    ids = {
        name: _matching(_IDENTIFIER, claims.get(name), Refusal.ROLE_CLAIM_MALFORMED, name)
        for name in _ID_CLAIMS[role]
    }
    # An agent's token names whom it acts for instead of who its subject is.
    agent_of = _entries(claims, "agent_of", _AGENT_OF_PARTY) if role in _HAVE_AGENTS else frozenset()
    # Only who came in by a link on paper has it.
    issuer = claims.get("let_in_by") or None
    let_in_by = _matching(_SUBJECT, issuer, Refusal.ROLE_CLAIM_MALFORMED, "let_in_by") if issuer else None
    needs_cases = role is Role.BORROWER and not agent_of
    return Actor(
        role=role,
        subject=_matching(_SUBJECT, claims.get("sub"), Refusal.SUBJECT_MALFORMED, "sub"),
        institution_id=ids.get("institution_id"),
        mediator_id=ids.get("mediator_id"),
        judge_id=ids.get("judge_id"),
        court_id=ids.get("court_id"),
        case_ids=_entries(claims, "case_ids", _PARTY_OF_CASE, needed=True) if needs_cases else frozenset(),
        agent_of=agent_of,
        let_in_by=let_in_by,
    )


def _role(value: object) -> Role:
    for role in _ID_CLAIMS:
        if value == role.value:
            return role
    raise Unauthorized(Refusal.ROLE_REFUSED, "role")


def _entries(
    claims: Mapping[str, object], name: str, pattern: re.Pattern[str], *, needed: bool = False
) -> frozenset[str]:
    refusal, value = Refusal.ROLE_CLAIM_MALFORMED, claims.get(name)
    if value is None and not needed:
        return frozenset()
    if not isinstance(value, list) or not 0 < len(value) <= _MAX_CASES:
        raise Unauthorized(refusal, name)
    return frozenset(_matching(pattern, entry, refusal, name) for entry in value)


def _matching(pattern: re.Pattern[str], value: object, refusal: Refusal, claim: str) -> str:
    if not isinstance(value, str) or pattern.fullmatch(value) is None:
        raise Unauthorized(refusal, claim)
    return value
