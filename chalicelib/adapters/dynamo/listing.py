"""Lists of cases: one partition for an institution or a mediator; a court's list is merged from its shards.

Promise: a page reads a limited number of records from each partition, however big the table is: one more
than it shows, or, with a filter, at most EVALUATED_AT_MOST. So a page may be short or empty although more
pages follow. No case is skipped or shown twice: a page shows nothing below the point that all shards were
read to. Downside: an index is eventually consistent, so a list may lag a moment behind.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import and_
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
    from collections.abc import Sequence

    from pynamodb.attributes import Attribute
    from pynamodb.expressions.condition import Condition

    from chalicelib.adapters.dynamo.table import Item, Table
    from chalicelib.domain.roles import Actor
    from chalicelib.domain.stages import Stage

EVALUATED_AT_MOST: Final = 200


@dataclass(frozen=True, slots=True)
class Scope:
    """The source of an actor's list: an index, its partitions, and the judge whose cases alone are shown."""

    index: str
    partition: Attribute[Any]
    partitions: tuple[str, ...]
    judge_id: str | None = None

    def only(self, stage: Stage | None) -> Condition | None:
        """Return the filter for the partitions' records; None if all of them are shown."""
        wanted = ((CaseRecord.stage, stage), (CaseRecord.judge_id, self.judge_id))
        conditions = [attribute == value for attribute, value in wanted if value is not None]
        return reduce(and_, conditions) if conditions else None


@dataclass(frozen=True, slots=True)
class Reading:
    """The items read from one partition, and the key it was read to; None if it was read to its end."""

    items: Sequence[Item]
    read_to: str | None


def _scope_of(actor: Actor) -> Scope | None:
    """Return the source of the actor's list; None for an actor without one."""
    if actor.role is Role.INSTITUTION and actor.institution_id:
        return Scope("by_institution", CaseRecord.institution_id, (actor.institution_id,))
    if actor.role is Role.MEDIATOR and actor.mediator_id:
        return Scope("by_mediator", CaseRecord.mediator_id, (actor.mediator_id,))
    if actor.role is Role.JUDGE and actor.court_id and actor.judge_id:
        return _court(actor.court_id, actor.judge_id)
    if actor.role in {Role.CENTRE, Role.COURT, Role.OPS} and actor.court_id:
        return _court(actor.court_id)
    return None


def _court(court_id: str, judge_id: str | None = None) -> Scope:
    partitions = tuple(keys.court_list(court_id, shard) for shard in range(keys.SHARDS))
    return Scope("by_court", CaseRecord.court_list, partitions, judge_id)


def page_of(table: Table, actor: Actor, stage: Stage | None, after: str | None, limit: int) -> CasePage:
    """Read one page of the actor's list, newest filing first, below the list key `after` (any text)."""
    scope = _scope_of(actor)
    below = None if after is None else _comparable(after)
    if scope is None or below == "":  # no key is below an empty one, and DynamoDB takes none
        return CasePage(cases=(), after=None)
    only = scope.only(stage)
    evaluated = limit + 1 if only is None else EVALUATED_AT_MOST
    readings = []
    for partition in scope.partitions:
        where = scope.partition == partition
        if below is not None:
            where &= CaseRecord.filed_key < below
        items, last = table.query(where, index=scope.index, only=only, limit=evaluated, forward=False)
        readings.append(Reading(items, _filed_key(last) if last else None))
    return merge(readings, limit)


def _comparable(after: str) -> str:
    """Cut a caller's text to a key that DynamoDB takes; a true list key is never changed by it."""
    return after.encode(errors="replace")[:LONGEST_SK].decode(errors="ignore")


def merge(readings: Sequence[Reading], limit: int) -> CasePage:
    """Merge the partitions' items, down to the point that all of them were read to."""
    read_to = max((reading.read_to for reading in readings if reading.read_to), default=None)
    items = sorted((item for reading in readings for item in reading.items), key=_filed_key, reverse=True)
    certain = [item for item in items if read_to is None or _filed_key(item) >= read_to]
    shown = certain[:limit]
    after = _filed_key(shown[-1]) if len(certain) > limit else read_to
    # Decode only the cases that are shown; a page may have read many more.
    found = [_shown(item) for item in shown]
    return CasePage(
        cases=tuple(each for each in found if isinstance(each, Case)),
        unreadable=tuple(each for each in found if isinstance(each, UnreadableCase)),
        after=after,
    )


def _shown(item: Item) -> Case | UnreadableCase:
    """Read a case; one that can't be read must not take the rest of the page with it."""
    try:
        return case_of(item)
    except (RecordTooNew, RecordUnreadable) as error:
        return UnreadableCase(case_id=item["PK"]["S"].removeprefix(keys.CASE_PREFIX), code=error.code)


def _filed_key(item: Item) -> str:
    key: str = item["filed_key"]["S"]
    return key
