"""Lists of cases: each list, and each list narrowed to a stage, is read from an index that holds no others.

Promise: a page costs what its own rows cost, however big the table is and whatever is rare in it. A court's
list is merged from its shards: of each a page's share is read, and then more of the one that hides what
follows, which saves two of three records. An index that holds keys alone costs no write while a case stays at
its stage; the page's cases are then read by their keys. No case is skipped or shown twice. A mediator's or
judge's list that is narrowed to a stage is filtered: a page evaluates at most EVALUATED_AT_MOST of the
reader's own cases, and may be short although more pages follow. Downside: an index is eventually consistent,
so a list may lag a moment behind.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.errors import RecordTooNew, RecordUnreadable
from chalicelib.adapters.dynamo.records import CaseRecord
from chalicelib.adapters.dynamo.stored_case import case_of
from chalicelib.adapters.dynamo.table import LONGEST_SK
from chalicelib.domain.case import Case
from chalicelib.domain.roles import Role
from chalicelib.use_cases.records import CasePage, UnreadableCase

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pynamodb.attributes import Attribute
    from pynamodb.expressions.condition import Condition

    from chalicelib.adapters.dynamo.table import Item, Table
    from chalicelib.domain.roles import Actor
    from chalicelib.domain.stages import Stage

EVALUATED_AT_MOST: Final = 1000
"""Of entries of an index that holds keys and stages: some 30 read units."""
_PORTIONS: Final = 12
"""A page's share of one of four shards is read first, and then a third of that at a time."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The source of an actor's list: an index, and the partitions in it that hold the actor's cases.

    `stage` and `court_id` are those whose cases alone are shown; `filtered` if others stand between them.
    """

    index: str
    partition: Attribute[Any]
    partitions: tuple[str, ...]
    stage: Stage | None = None
    court_id: str | None = None
    filtered: bool = False

    @property
    def only(self) -> Condition | None:
        """The filter for what is read; None if all of it is shown."""
        return CaseRecord.stage == self.stage if self.filtered else None

    def where(self, partition: str, below: str | None) -> Condition:
        """Return the key condition for a partition's entries below a list key."""
        where: Condition = self.partition == partition
        return where if below is None else where & (CaseRecord.filed_key < below)

    def holds(self, item: Item) -> bool:
        """Tell whether a record is shown as it stands now, which its entry in an index may be behind."""
        of_stage = self.stage is None or item["stage"]["S"] == self.stage
        of_court = self.court_id is None or item["court_list"]["S"].rpartition("#")[0] == self.court_id
        return of_stage and of_court


@dataclass(slots=True)
class Reading:
    """What was read of one partition so far, and the list key it was read to; None at its end."""

    partition: str
    items: list[Item] = field(default_factory=list)
    read_to: str | None = None
    start: Item | None = None


def page_of(table: Table, actor: Actor, stage: Stage | None, after: str | None, limit: int) -> CasePage:
    """Read one page of the actor's list, newest filing first, below the list key `after` (any text)."""
    scope = _scope_of(actor, stage)
    below = None if after is None else _comparable(after)
    if scope is None or below == "":  # no key is below an empty one, and DynamoDB takes none
        return CasePage(cases=(), after=None)
    shown, after = merge(_readings(table, scope, below, limit), limit)
    found = list(_cases(table, scope, shown))
    return CasePage(
        cases=tuple(each for each in found if isinstance(each, Case)),
        unreadable=tuple(each for each in found if isinstance(each, UnreadableCase)),
        after=after,
    )


def _scope_of(actor: Actor, stage: Stage | None) -> Scope | None:
    """Return the source of the actor's list; None for an actor without one."""
    if actor.role is Role.INSTITUTION and actor.institution_id:
        if stage is None:
            return Scope("by_institution_id", CaseRecord.institution_id, (actor.institution_id,))
        own = (keys.stage_list(actor.institution_id, stage),)
        return Scope("by_institution_stage", CaseRecord.institution_stage, own, stage)
    if actor.role is Role.MEDIATOR and actor.mediator_id:
        own = (actor.mediator_id,)
        return Scope("by_mediator_id", CaseRecord.mediator_id, own, stage, filtered=stage is not None)
    if actor.role is Role.JUDGE and actor.court_id and actor.judge_id:
        own, filtered = (actor.judge_id,), stage is not None
        return Scope("by_judge_id", CaseRecord.judge_id, own, stage, actor.court_id, filtered)
    if actor.role in {Role.CENTRE, Role.COURT, Role.OPS} and actor.court_id:
        return _court(actor.court_id, stage)
    return None


def _court(court_id: str, stage: Stage | None) -> Scope:
    if stage is not None:
        own = (keys.stage_list(court_id, stage),)
        return Scope("by_court_stage", CaseRecord.court_stage, own, stage)
    return Scope("by_court", CaseRecord.court_list, keys.court_lists(court_id))


def _comparable(after: str) -> str:
    """Cut a caller's text to a key that DynamoDB takes; a true list key is never changed by it."""
    return after.encode(errors="replace")[:LONGEST_SK].decode(errors="ignore")


def _readings(table: Table, scope: Scope, below: str | None, limit: int) -> list[Reading]:
    """Read a page's share of each partition, then more of those that hide what follows, as far as needed."""
    readings = [Reading(partition) for partition in scope.partitions]
    for reading in readings:
        _read(table, scope, reading, below, _first_portion(scope, limit))
    while scope.only is None and (behind := _behind(readings, limit)):
        _read(table, scope, behind, below, max(2, limit // _PORTIONS))
    return readings


def _first_portion(scope: Scope, limit: int) -> int:
    if scope.only is not None:
        return EVALUATED_AT_MOST
    return limit // len(scope.partitions) + 1


def _behind(readings: Sequence[Reading], limit: int) -> Reading | None:
    """Return the partition that was read least far, if less than a page is known to be complete."""
    open_ = [reading for reading in readings if reading.read_to is not None]
    if not open_ or len(_certain(readings)) > limit:
        return None
    return max(open_, key=lambda reading: reading.read_to or "")


def _read(table: Table, scope: Scope, reading: Reading, below: str | None, portion: int) -> None:
    items, reading.start = table.query(
        scope.where(reading.partition, below),
        index=scope.index,
        only=scope.only,
        limit=portion,
        forward=False,
        start=reading.start,
    )
    reading.items += items
    reading.read_to = _list_key(reading.start) if reading.start else None


def merge(readings: Sequence[Reading], limit: int) -> tuple[list[Item], str | None]:
    """Merge the partitions' items down to the point that all were read to; return a page and what follows."""
    certain = _certain(readings)
    shown = certain[:limit]
    return shown, _list_key(shown[-1]) if len(certain) > limit else _read_to(readings)


def _certain(readings: Sequence[Reading]) -> list[Item]:
    read_to = _read_to(readings)
    items = sorted((item for reading in readings for item in reading.items), key=_list_key, reverse=True)
    return [item for item in items if read_to is None or _list_key(item) >= read_to]


def _read_to(readings: Sequence[Reading]) -> str | None:
    return max((reading.read_to for reading in readings if reading.read_to), default=None)


def _cases(table: Table, scope: Scope, shown: Sequence[Item]) -> Iterator[Case | UnreadableCase]:
    """Yield the cases of a page; an index of keys is completed by the records as they stand now."""
    if "content" not in next(iter(shown), {}):
        places = [(item["PK"]["S"], item["SK"]["S"]) for item in shown]
        found = table.items_at(places)
        shown = [found[place] for place in places if place in found]
    for item in shown:
        if scope.holds(item):
            yield _shown(item)


def _shown(item: Item) -> Case | UnreadableCase:
    """Read a case; one that can't be read must not take the rest of the page with it."""
    try:
        return case_of(item)
    except (RecordTooNew, RecordUnreadable) as error:
        return UnreadableCase(case_id=item["PK"]["S"].removeprefix(keys.CASE_PREFIX), code=error.code)


def _list_key(item: Item) -> str:
    key: str = item["filed_key"]["S"]
    return key
