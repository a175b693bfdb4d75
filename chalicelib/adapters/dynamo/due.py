"""The due index: unfinished work, with the time at which it is looked after again.

Promise: a record is in the index exactly as long as it has its due attributes, so the index holds only
unfinished work and does not grow with the table; a sweep reads the oldest first. Work is moved under the
condition that its time is still the one that was read, so only one of two sweeps gets it.
Downside: the index is eventually consistent, so a sweep may find work that was just finished; whoever
handles it reads the record itself.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.records import DeadlineRecord, DueRecord
from chalicelib.adapters.dynamo.table import OnTable
from chalicelib.consumers import ids_in
from chalicelib.registry import consumer, consumers
from chalicelib.use_cases.records import DEADLINE, Due

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pynamodb.expressions.condition import Condition
    from pynamodb.expressions.update import Action

    from chalicelib.adapters.dynamo.records import Key


_PAGE: Final = 100


class DynamoDueIndex(OnTable):
    """`DueIndex` on the index `due`."""

    shards = keys.SHARDS

    def overdue(self, shard: int, now: datetime) -> Iterator[Due]:
        """Yield what was due before `now`, the oldest first; pages are read as they are needed.

        A record whose consumer this release does not know (a newer one wrote it) is skipped.
        """
        where = (DueRecord.index_shard == str(shard)) & (DueRecord.index_time < keys.sortable(now))
        for item in self._table.all_items(where, index="due", at_once=_PAGE):
            work = _work(item["PK"]["S"], item["SK"]["S"])
            if work:
                at, failures = _read(item["due_at"]["S"])
                yield replace(work, at=at, failures=failures)

    def move(self, works: Sequence[tuple[Due, Due]]) -> tuple[Due, ...]:
        """Give each its new time and failures, in one transaction; see the port."""
        moved = self._table.update_each(
            [
                (_key(to), [DueRecord.index_time.set(_written(to))], DueRecord.index_time == _written(read))
                for read, to in works
            ]
        )
        return tuple(to for (_, to), done in zip(works, moved, strict=True) if done)


def indexed(key: str, at: datetime) -> dict[str, str]:
    """Return the attributes that put a new record into the index, in the shard of its key."""
    return {"index_shard": str(keys.shard_of(key)), "index_time": keys.sortable(at)}


def after(at: datetime) -> list[Action]:
    """Return the actions that make a record in the index due at another time; its shard stays."""
    return [DueRecord.index_time.set(keys.sortable(at))]


def never() -> list[Action]:
    """Return the actions that take a record out of the index."""
    return [DueRecord.index_shard.remove(), DueRecord.index_time.remove()]


def due() -> Condition:
    """Return the condition that the record exists and is in the index."""
    return DueRecord.index_time.exists()


def _written(work: Due) -> str:
    """Return what stands in the index: the instant, and how many looks failed if any did.

    So the count costs no read, and is gone as soon as anybody sets another time.
    """
    instant = keys.sortable(work.at)
    return f"{instant}#{work.failures}" if work.failures else instant


def _read(due_at: str) -> tuple[datetime, int]:
    instant, _, failures = due_at.partition("#")
    return datetime.fromisoformat(instant), int(failures or 0)


def _key(work: Due) -> Key:
    if work.consumer == DEADLINE:
        case_id, kind = work.ids
        return DeadlineRecord.place(case_id=case_id, kind=kind)
    return consumer(work.consumer).due_key(*work.ids)


def _work(pk: str, sk: str) -> Due | None:
    deadline = (DEADLINE, ids_in(DeadlineRecord.key, (pk, sk)))
    found = (deadline, *((row.name, row.due_ids(pk, sk)) for row in consumers()))
    return next((Due(consumer=name, ids=ids) for name, ids in found if ids is not None), None)
