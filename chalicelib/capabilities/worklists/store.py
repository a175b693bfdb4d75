"""Work lists on the table: each list's partitions are read together and merged by time.

Promise: a page reads its share of each partition, and then more of the one that hides what follows, so that
it costs what it shows, however long the list is. Eventually consistent: half the price, and what was written
a moment ago may come a moment later. No work is skipped or shown twice. Downside: a busy list of fifty takes
four to eight queries.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chalicelib.adapters.dynamo.table import read
from chalicelib.adapters.dynamo.work import WorkRecord, list_of, partition_of, shards_of
from chalicelib.capabilities.worklists.model import WorkPage
from chalicelib.domain.work import Work, WorkKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from chalicelib.adapters.dynamo.store import DynamoStore
    from chalicelib.adapters.dynamo.table import Item, Table
    from chalicelib.domain.work import Owner

_PREFIX: Final = WorkRecord.key[1].partition("{")[0]
_LAST: Final = "~"
"""Sorts behind every place."""
_KNOWN: Final = frozenset(WorkKind)
_PORTIONS: Final = 12


def work_lists(store: DynamoStore) -> DynamoWorkLists:
    """Make the implementation of the port `WorkLists`."""
    return DynamoWorkLists(store.table)


class _Reading:
    """What was read of one partition so far, after a place; `goes_on` while there may be more."""

    def __init__(self, owner: Owner, shard: int, after: str | None) -> None:
        self.items: list[Item] = []
        self.goes_on = True
        self._where = WorkRecord.all_of(owner=list_of(owner), shard=shard)
        self._start: Item | None = None
        if after is not None:
            self._start = {"PK": {"S": partition_of(owner, shard)}, "SK": {"S": _PREFIX + after}}

    def read_on(self, table: Table, portion: int) -> None:
        """Read a portion more."""
        items, self._start = table.query(self._where, limit=portion, start=self._start, consistent=False)
        self.items += items
        self.goes_on = self._start is not None

    @property
    def read_to(self) -> str:
        """The sort key up to which it is known, behind all others at its end."""
        return self._start["SK"]["S"] if self._start else _LAST


class DynamoWorkLists:
    """The port `WorkLists`, implemented on the table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def page(self, owner: Owner, after: str | None, limit: int) -> WorkPage:
        """Read a page of a list; work of a kind that only a later release knows is left out."""
        readings = [_Reading(owner, shard, after) for shard in shards_of(owner)]
        for reading in readings:
            reading.read_on(self._table, limit // len(readings) + 1)
        while behind := _behind(readings, limit):
            behind.read_on(self._table, max(2, limit // _PORTIONS))
        certain = _certain(readings)
        shown = certain[:limit]
        more = len(certain) > limit or any(reading.goes_on for reading in readings)
        return WorkPage(
            works=tuple(_works(owner, shown)),
            after=_sort_key(shown[-1]).removeprefix(_PREFIX) if more else None,
        )


def _behind(readings: Sequence[_Reading], limit: int) -> _Reading | None:
    """Return the partition that was read least far, if less than a page is known to be complete."""
    open_ = [reading for reading in readings if reading.goes_on]
    if not open_ or len(_certain(readings)) > limit:
        return None
    return min(open_, key=lambda reading: reading.read_to)


def _certain(readings: Sequence[_Reading]) -> list[Item]:
    """Return what was read, in order, up to the point that all partitions were read to."""
    read_to = min(reading.read_to for reading in readings)
    items = sorted((item for reading in readings for item in reading.items), key=_sort_key)
    return [item for item in items if _sort_key(item) <= read_to]


def _sort_key(item: Item) -> str:
    key: str = item["SK"]["S"]
    return key


def _works(owner: Owner, items: Sequence[Item]) -> Iterator[Work]:
    for item in items:
        record = read(WorkRecord, item)
        if record.work in _KNOWN:
            yield record.to_value(Work, owner=owner, kind=WorkKind(record.work))
