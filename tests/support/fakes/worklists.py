"""Work lists in memory: made of what is stored, each time they are read."""

from collections.abc import Callable, Iterator

from chalicelib.adapters.dynamo.keys import sortable
from chalicelib.capabilities.guidance.model import work_of_question
from chalicelib.capabilities.sessions.model import work_of_session
from chalicelib.capabilities.worklists.model import WorkPage
from chalicelib.domain.work import Owner, Work, work_of, work_of_call
from tests.support.fakes.memory import Memory


class FakeWorkLists:
    """Says what the stored cases ask for now, so that nothing can be left over."""

    def __init__(self, memory: Memory, _real_seconds: Callable[[], float]) -> None:
        self._memory = memory

    def page(self, owner: Owner, after: str | None, limit: int) -> WorkPage:
        """Sort the whole list and cut it."""
        with self._memory.lock:
            own = {_place(work): work for work in self._all() if work.owner == owner}
        places = sorted(place for place in own if place > (after or ""))
        shown = places[:limit]
        return WorkPage(
            works=tuple(own[place] for place in shown), after=shown[-1] if len(places) > limit else None
        )

    def _all(self) -> Iterator[Work]:
        memory = self._memory
        for case in memory.cases.values():
            yield from work_of(case)
        for (case_id, _), session in memory.sessions.items():
            yield from work_of_session(memory.cases[case_id], session)
        for case_id, consultation in memory.consultations.items():
            yield from work_of_question(memory.cases[case_id], consultation)
        for call in memory.calls.values():
            yield from work_of_call(call)


def _place(work: Work) -> str:
    """Return a text that sorts by time; it has the form of the table's."""
    what = f"{work.kind}:{work.about}" if work.about else work.kind
    return f"{sortable(work.due_at)}#{work.case_id}#{what}"
