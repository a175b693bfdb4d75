"""The pages of a party: its acts, each a question in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chalicelib.console.pages import Pages
from chalicelib.domain.roles import Role

if TYPE_CHECKING:
    from chalicelib.console.visits import Visit

pages = Pages()

_PARTIES: Final = frozenset({Role.BORROWER.value})


def own_party(visit: Visit) -> str:
    """Return the party that somebody is, or acts for."""
    place = (visit.caller.get("agent_of") or visit.caller.get("case_ids") or "").partition(",")[0]
    return [*place.split(":"), ""][1]


pages.act(
    "consent",
    action="consent",
    route="/v1/cases/{case_id}/consents",
    fixed=lambda visit: {"party_id": own_party(visit)},
    first=True,
    roles=_PARTIES,
)
