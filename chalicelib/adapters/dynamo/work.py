"""Work on the table: a small record for each thing to be done, in the list of whose it is, by its time.

Promise: a list of fifty is one query of some 15 KB, however many cases there are, since the record holds what
the list shows. Work is written and taken away in the transaction of what causes it, by the difference between
what was to be done before and what is now; nothing is read for it, but sessions and questions where another
mediator or judge gets them. A busy list (a centre's, an institution's)
has SHARDS partitions, which are read together. Downside: what an earlier release stored by other rules stays
until `python -m infra.ops rebuild-work`.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from pynamodb.attributes import UnicodeAttribute

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.attributes import Instant, Whole, optional
from chalicelib.adapters.dynamo.records import Record
from chalicelib.consumers import load
from chalicelib.domain.roles import Role
from chalicelib.domain.work import moves_what_is_beside, work_of
from chalicelib.registry import sources_of_work

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chalicelib.adapters.dynamo.records import Key
    from chalicelib.adapters.dynamo.table import Table, Write
    from chalicelib.domain.case import Case
    from chalicelib.domain.work import Owner, Work

SHARDS: Final = 4
"""Partitions of a busy list. The number can grow and never shrink: all are read."""
_BUSY: Final = frozenset({Role.CENTRE, Role.INSTITUTION})
_KEPT: Final = timedelta(days=1)
"""How long work that has lapsed stays; then TTL removes it."""


class WorkRecord(Record):
    """Something to be done: ids, codes and times; `what` is its kind, and what it is about behind a colon.

    `work` is the kind as text, so that a release that does not know it can leave it out.
    """

    key = "WORK#{owner}#{shard}", "DUE#{due}#{case_id}#{what}"
    case_id = UnicodeAttribute()
    case_number = optional(UnicodeAttribute())
    due_at = Instant()
    work = UnicodeAttribute()
    about = optional(UnicodeAttribute())
    not_before = optional(Instant())
    expires_at = optional(Whole())


def list_of(owner: Owner) -> str:
    """Return the part of the partition key that names a list; no id of a court or person holds a colon."""
    return ":".join(each for each in (owner.role, owner.court_id, owner.person_id) if each is not None)


def shards_of(owner: Owner) -> range:
    """Return the shards of a list."""
    return range(SHARDS if owner.role in _BUSY else 1)


def partition_of(owner: Owner, shard: int) -> str:
    """Return the partition key of a shard of a list."""
    return WorkRecord.key[0].format(owner=list_of(owner), shard=shard)


def place_of(work: Work) -> Key:
    """Return the key of the record of work."""
    return WorkRecord.place(
        owner=list_of(work.owner),
        shard=keys.shard(work.case_id, len(shards_of(work.owner))),
        due=keys.sortable(work.due_at),
        case_id=work.case_id,
        what=f"{work.kind}:{work.about}" if work.about else work.kind,
    )


def work_record(work: Work) -> WorkRecord:
    """Make the record of work; what lapses is removed by itself some time later."""
    ends = int((work.due_at + _KEPT).timestamp()) if work.of_kind.lapses else None
    return WorkRecord.from_value(
        work, place_of(work), work=work.kind, about=work.about or None, expires_at=ends
    )


def writes_between(table: Table, before: Iterable[Work], after: Iterable[Work]) -> list[Write]:
    """Return the writes by which what was to be done becomes what is to be done; none for what stays."""
    old, new = frozenset(before), frozenset(after)
    records = {place_of(work): work_record(work) for work in new - old}
    gone = sorted({place_of(work) for work in old - new} - records.keys())
    puts = [table.to_put(records[place]) for place in sorted(records)]
    return [*puts, *(table.to_delete(place) for place in gone)]


def work_writes(table: Table, before: Case | None, after: Case) -> list[Write]:
    """Return the writes of the work that a change of a case takes away and brings.

    What its sessions and questions ask is read only if the change gives that to others.
    """
    old, new = work_of(before) if before else (), work_of(after)
    if before is not None and moves_what_is_beside(before, after):
        for source in sources_of_work():
            was, is_now = load(source)(table, before, after)
            old, new = (*old, *was), (*new, *is_now)
    return writes_between(table, old, new)
