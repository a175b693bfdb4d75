"""Makes the work lists of a court anew from its cases: for those of earlier releases, and after other rules.

Promise: what is missing is written and what nobody asks for any more is taken away, each under the condition
that nobody has acted on the case since it was read, so the command may be repeated at any time, also while
the hub works. Downside: each case, its sessions and its questions are read once, and each list.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from chalicelib.adapters.dynamo.records import CaseRecord
from chalicelib.adapters.dynamo.table import Cancelled
from chalicelib.adapters.dynamo.work import place_of, work_record
from chalicelib.capabilities.calls.service import Calls
from chalicelib.capabilities.guidance.model import work_of_question
from chalicelib.capabilities.guidance.service import Guidance
from chalicelib.capabilities.roster.service import Roster
from chalicelib.capabilities.sessions.model import work_of_session
from chalicelib.capabilities.sessions.service import Sessions
from chalicelib.capabilities.worklists.service import WorkLists
from chalicelib.domain.errors import CaseNotFound
from chalicelib.domain.roles import Actor, Role
from chalicelib.domain.work import Owner, owner_in, work_of, work_of_call

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from chalicelib.adapters.dynamo.table import Table, Write
    from chalicelib.domain.case import Case
    from chalicelib.domain.work import Work
    from chalicelib.use_cases.ports import Hub

_AT_ONCE: Final = 100
_TRIES: Final = 5


@dataclass(slots=True)
class Rebuilt:
    """How many cases were looked at, and how many records were written and taken away, or would be."""

    cases: int = 0
    written: int = 0
    removed: int = 0


@dataclass(slots=True)
class Rebuilding:
    """The lists of one court, made anew."""

    hub: Hub
    table: Table
    court_id: str
    dry_run: bool
    done: Rebuilt = field(default_factory=Rebuilt)

    def run(self) -> Rebuilt:
        """Write what is missing, then take away what is left over."""
        calls = self._calls()
        owners = {Owner(role=Role.CENTRE, court_id=self.court_id), *self._people()}
        for case_id in self._case_ids():
            owners |= self._completed(case_id, calls.get(case_id, ()))
        for owner in sorted(owners, key=repr):
            for work in list(self._listed(owner)):
                self._checked(work, calls.get(work.case_id, ()))
        return self.done

    def _completed(self, case_id: str, calls: Iterable[Work]) -> set[Owner]:
        self.done.cases += 1
        for _ in range(_TRIES):
            case = self.hub.cases.get(case_id)
            asked = {place_of(work): work for work in (*self._asked(case), *calls)}
            missing = asked.keys() - self.table.items_at(sorted(asked)).keys()
            writes = [self.table.to_put(work_record(asked[place])) for place in sorted(missing)]
            if self._stored(case, writes):
                self.done.written += len(writes)
                break
        return {owner for role in Role if (owner := owner_in(case, role)) is not None}

    def _checked(self, work: Work, calls: Iterable[Work]) -> None:
        for _ in range(_TRIES):
            try:
                case = self.hub.cases.get(work.case_id)
            except CaseNotFound:  # what no case can ask for was never written
                return
            wanted = {place_of(each) for each in (*self._asked(case), *calls)}
            if case.court_id != self.court_id or place_of(work) in wanted:
                return
            if self._stored(case, [self.table.to_delete(place_of(work))]):
                self.done.removed += 1
                return

    def _asked(self, case: Case) -> Iterator[Work]:
        """Yield what a case and its sessions and questions ask for."""
        yield from work_of(case)
        for session in self.hub.part(Sessions).all_of(case.case_id):
            yield from work_of_session(case, session)
        yield from work_of_question(case, self.hub.part(Guidance).consultation(case.case_id))

    def _stored(self, case: Case, writes: list[Write]) -> bool:
        """Write under the condition that the case stands as it was read; False if it does not."""
        if not writes or self.dry_run:
            return True
        unchanged = self.table.to_check(
            CaseRecord.place(case_id=case.case_id), CaseRecord.last_event_hash == case.last_event_hash
        )
        try:
            self.table.transact([unchanged, *writes])
        except Cancelled:
            return False
        return True

    def _case_ids(self) -> Iterator[str]:
        reader = Actor(role=Role.OPS, subject="rebuild-work", court_id=self.court_id)
        after: str | None = None
        while True:
            page = self.hub.cases.list_for(reader, None, after, _AT_ONCE)
            yield from (case.case_id for case in page.cases)
            if (after := page.after) is None:
                return

    def _listed(self, owner: Owner) -> Iterator[Work]:
        after: str | None = None
        while True:
            page = self.hub.part(WorkLists).page(owner, after, _AT_ONCE)
            yield from page.works
            if (after := page.after) is None:
                return

    def _people(self) -> Iterator[Owner]:
        """Yield the lists of those who are on the court's roster, whatever cases they have now."""
        after: str | None = None
        while True:
            page = self.hub.part(Roster).page(self.court_id, after, _AT_ONCE)
            for person in page.people:
                if person.role in {Role.MEDIATOR, Role.JUDGE}:
                    yield Owner(role=person.role, court_id=self.court_id, person_id=person.person_id)
            if (after := page.after) is None:
                return

    def _calls(self) -> dict[str, list[Work]]:
        found: dict[str, list[Work]] = {}
        after: str | None = None
        while True:
            page = self.hub.part(Calls).page(self.court_id, after, _AT_ONCE)
            for call in page.calls:
                found.setdefault(call.case_id, []).extend(work_of_call(call))
            if (after := page.after) is None:
                return found
