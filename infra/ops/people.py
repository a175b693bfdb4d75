"""Enters people on a court's roster from a file, before the centre can do so over the API: before an upgrade.

The file holds a list of bodies of `POST /v1/roster`. Promise: it is checked as the API checks it; who stands
on the roster already stays as it is. Downside: who may write the table acts as the centre here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pydantic import TypeAdapter, ValidationError

from chalicelib.capabilities.roster.reassigning import Reassigned, reassign_cases
from chalicelib.capabilities.roster.routes import PersonIn
from chalicelib.capabilities.roster.service import enter_person
from chalicelib.domain.errors import StalePerson, UnknownCourt
from chalicelib.domain.roles import Actor, Role
from infra.ops.target import WrongInput

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chalicelib.domain.reasons import ReplacementGround
    from chalicelib.use_cases.ports import Hub

_AT_ONCE: Final = 25
BY: Final = "operator"
"""Who stands beside the version as the one who stored it."""


def read(text: str) -> list[PersonIn]:
    """Read a file's content; raises WrongInput, which names the fields and none of their values."""
    try:
        return TypeAdapter(list[PersonIn]).validate_json(text)
    except ValidationError as error:
        fields = {"/".join(map(str, fault["loc"])) or "the file" for fault in error.errors()}
        listed = ", ".join(sorted(fields))
        raise WrongInput(f"no list of bodies of POST /v1/roster: look at {listed}") from error


def check(hub: Hub, court_id: str) -> None:
    """Raise WrongInput for a court that the hub does not serve."""
    try:
        hub.limits_of(court_id)
    except UnknownCourt as error:
        raise WrongInput(f"the hub does not serve the court {court_id}") from error


def enter(hub: Hub, court_id: str, body: PersonIn) -> bool:
    """Enter somebody on a court's roster; False for who stands there already with another entry."""
    try:
        enter_person(
            hub,
            Actor(role=Role.CENTRE, subject=BY, court_id=court_id),
            person_id=body.person_id,
            name=body.name,
            role=body.role,
            state=body.state,
            reason=body.reason,
            expected_version=0,
            profile=body.profile.profile() if body.profile else None,
        )
    except StalePerson:
        return False
    return True


def reassigned(
    hub: Hub, court_id: str, mediator_id: str, ground: ReplacementGround, *, dry_run: bool
) -> Iterator[Reassigned]:
    """Yield what became of a mediator's cases, page by page."""
    actor = Actor(role=Role.CENTRE, subject=BY, court_id=court_id)
    after: str | None = None
    while True:
        found = reassign_cases(hub, actor, mediator_id, ground, after=after, limit=_AT_ONCE, dry_run=dry_run)
        yield found
        if found.after is None:
            return
        after = found.after
