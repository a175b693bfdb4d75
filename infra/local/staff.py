"""The people of the local centre and its court, who stand on the roster before anybody is appointed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from infra.local.processes import StackFailedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from infra.local.demo.client import HubClient

_PEOPLE: Final[Mapping[str, tuple[str, str]]] = {
    "m-001": ("mediator", "林和"),
    "m-002": ("mediator", "陈睦"),
    "m-003": ("mediator", "黄谐"),
    "j-001": ("judge", "周正"),
    "centre-1": ("centre", "吴敏"),
}
"""By the ids in their tokens; the names are invented."""


def logins(court_id: str) -> list[tuple[str, dict[str, str]]]:
    """Return who can sign in to the console at the local issuer: a name, and the claims of the token."""
    found = [("示范农商银行 示范某", {"role": "institution", "sub": "clerk-1", "institution_id": "bank-rcb"})]
    for person_id, (role, name) in _PEOPLE.items():
        claims = {"role": role, "sub": person_id, "court_id": court_id}
        found.append((name, claims if role == "centre" else {**claims, f"{role}_id": person_id}))
    return found


def enter_people(hub: HubClient, court_id: str) -> None:
    """Enter everybody; on a table that was kept they stand already, and stay as they are.

    Raises StackFailedError.
    """
    clerk = {"role": "centre", "sub": "centre-1", "court_id": court_id}
    for person_id, (role, name) in _PEOPLE.items():
        person = {"person_id": person_id, "name": name, "role": role, "reason": "首次登记"}
        answer = hub.post(clerk, "/v1/roster", person, If_Match='"0"')
        if not answer.ok and answer.code != "stale_person":
            raise StackFailedError(f"{person_id}: {answer.status} {answer.code}")
