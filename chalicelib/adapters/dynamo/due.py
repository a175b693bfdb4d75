"""The due index: unfinished work, with the time at which it is looked after again.

Promise: a record is in the index exactly as long as it has its due attributes, so the index holds only
unfinished work and does not grow with the table; a sweep reads the oldest first, up to its limit.
Downside: the index is eventually consistent, so a sweep may find work that was just finished; whoever
handles it reads the record itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.records import DueRecord
from chalicelib.registry import consumer, consumers
from chalicelib.use_cases.records import DEADLINE, Due

if TYPE_CHECKING:
    from datetime import datetime

    from pynamodb.expressions.condition import Condition
    from pynamodb.expressions.update import Action

    from chalicelib.adapters.dynamo.table import Table


class DynamoDueIndex:
    """`DueIndex` on the index `due`."""

    shards = keys.SHARDS

    def __init__(self, table: Table) -> None:
        self._table = table

    def overdue(self, shard: int, now: datetime, limit: int) -> tuple[Due, ...]:
        """Return what was due before `now`, the oldest first.

        A record whose consumer this release does not know (a newer one wrote it) is skipped.
        """
        where = (DueRecord.due_shard == str(shard)) & (DueRecord.due_at < keys.sortable(now))
        items, _ = self._table.query(where, index="due", limit=limit)
        found = (_work(item["PK"]["S"], item["SK"]["S"]) for item in items)
        return tuple(work for work in found if work)

    def set_follow_up(self, work: Due, at: datetime) -> None:
        """Make it due again at `at`, unless it is finished."""
        self._table.update(*_place(work), after(at), due())


def indexed(key: str, at: datetime) -> dict[str, str]:
    """Return the attributes that put a new record into the index, in the shard of its key."""
    return {"due_shard": str(keys.shard_of(key)), "due_at": keys.sortable(at)}


def after(at: datetime) -> list[Action]:
    """Return the actions that make a record in the index due at another time; its shard stays."""
    return [DueRecord.due_at.set(keys.sortable(at))]


def never() -> list[Action]:
    """Return the actions that take a record out of the index."""
    return [DueRecord.due_shard.remove(), DueRecord.due_at.remove()]


def due() -> Condition:
    """Return the condition that the record exists and is in the index."""
    return DueRecord.due_at.exists()


def _place(work: Due) -> tuple[str, str]:
    if work.consumer == DEADLINE:
        case_id, kind = work.ids
        return keys.case(str(case_id)), keys.deadline(str(kind))
    return consumer(work.consumer).due_key(*work.ids)


def _work(pk: str, sk: str) -> Due | None:
    if sk.startswith(keys.DEADLINE_PREFIX):
        ids = pk.removeprefix(keys.CASE_PREFIX), sk.removeprefix(keys.DEADLINE_PREFIX)
        return Due(consumer=DEADLINE, ids=ids)
    found = ((row.name, row.due_ids(pk, sk)) for row in consumers())
    return next((Due(consumer=name, ids=ids) for name, ids in found if ids is not None), None)
