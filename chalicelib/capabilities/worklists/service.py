"""Read what the reader has to do next."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from chalicelib.capabilities.worklists.declaration import READ_WORK
from chalicelib.domain.errors import NotPermitted
from chalicelib.domain.permissions import authorise
from chalicelib.domain.roles import Role
from chalicelib.domain.work import Owner

if TYPE_CHECKING:
    from chalicelib.capabilities.worklists.model import WorkPage
    from chalicelib.domain.roles import Actor
    from chalicelib.use_cases.ports import Hub


class WorkLists(Protocol):
    """The work lists; each change of a case writes what it asks for."""

    def page(self, owner: Owner, after: str | None, limit: int) -> WorkPage:
        """Read at most `limit` works of a list that come after a place (any text)."""
        ...


def read_work(hub: Hub, actor: Actor, after: str | None, limit: int) -> WorkPage:
    """Return a page of the actor's own list, a centre's for its staff; raises NotPermitted.

    What can't be done yet or any more is left out, so that a page may be short although more follow.
    """
    authorise(actor, READ_WORK)
    page = hub.part(WorkLists).page(_owner(actor), after, limit)
    now = hub.clock.now()
    return replace(page, works=tuple(work for work in page.works if work.possible(now)))


def _owner(actor: Actor) -> Owner:
    """Return whose list the actor reads; raises NotPermitted for a token that does not say who it is."""
    if actor.role is Role.INSTITUTION and actor.institution_id:
        return Owner(role=actor.role, person_id=actor.institution_id)
    if actor.role is Role.CENTRE and actor.court_id:
        return Owner(role=actor.role, court_id=actor.court_id)
    person_id = actor.mediator_id if actor.role is Role.MEDIATOR else actor.judge_id
    if actor.role in {Role.MEDIATOR, Role.JUDGE} and actor.court_id and person_id:
        return Owner(role=actor.role, court_id=actor.court_id, person_id=person_id)
    raise NotPermitted(actor.role, READ_WORK)
