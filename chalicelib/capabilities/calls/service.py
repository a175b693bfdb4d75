"""Read who was told of what and the calls that a centre has to make, and record that one was made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from chalicelib.capabilities.calls.declaration import END_CALL, READ_CALLS, READ_NOTICES
from chalicelib.capabilities.calls.model import in_order
from chalicelib.domain.errors import NotPermitted
from chalicelib.domain.permissions import authorise, authorise_on
from chalicelib.domain.roles import Role

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from chalicelib.capabilities.calls.model import CallPage, NoticeOnRecord
    from chalicelib.domain.case import Case
    from chalicelib.domain.roles import Actor
    from chalicelib.domain.stages import Action
    from chalicelib.use_cases.ports import Hub


class Calls(Protocol):
    """The messages of a case and the calls that centres have to make; the notices' store puts them there."""

    def notices(self, case_id: str) -> Iterable[NoticeOnRecord]:
        """Read all messages to parties of a case, those that are still owed too."""
        ...

    def page(self, court_id: str, after: str | None, limit: int) -> CallPage:
        """Read at most `limit` calls of a court's centre that come after a place."""
        ...

    def end(self, court_id: str, call_id: str, subject: str, at: datetime) -> None:
        """Take a call off the list and keep beside the case who made it; a second time changes nothing."""
        ...


def read_calls(hub: Hub, actor: Actor, after: str | None, limit: int) -> CallPage:
    """Return a page of the calls that the actor's centre has to make; raises NotPermitted."""
    return hub.part(Calls).page(_court_of(actor, READ_CALLS), after, limit)


def end_call(hub: Hub, actor: Actor, call_id: str) -> None:
    """Record that the person was told by telephone; raises NotPermitted. An unknown call changes nothing."""
    hub.part(Calls).end(_court_of(actor, END_CALL), call_id, actor.subject, hub.clock.now())


def read_notices(hub: Hub, actor: Actor, case_id: str) -> tuple[Case, tuple[NoticeOnRecord, ...]]:
    """Return the case and who was told of what in it; to a party what it was told itself.

    Raises NotPermitted or CaseNotFound.
    """
    authorise(actor, READ_NOTICES)
    case = hub.cases.get(case_id)
    authorise_on(actor, READ_NOTICES, case)
    own = _own(actor, case)
    return case, in_order(each for each in hub.part(Calls).notices(case_id) if each.party_id in own)


def _own(reader: Actor, case: Case) -> frozenset[str]:
    if reader.role is Role.CENTRE:
        return case.applicant_ids | case.respondent_ids
    if reader.role is Role.INSTITUTION:
        return case.applicant_ids
    return case.respondent_ids & {reader.party_in(case.case_id)}


def _court_of(actor: Actor, action: Action) -> str:
    authorise(actor, action)
    if actor.court_id is None:
        raise NotPermitted(actor.role, action)
    return actor.court_id
