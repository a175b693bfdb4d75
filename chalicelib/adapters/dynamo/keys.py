"""The parts of keys that are computed: shards, places in lists, times, and ids that are free text.

Promise: text order is time order, and free text in a key is escaped, so that a `#` in a contract number is
not read as a separator. Each record's own key stands in its class (`records`). Downside: the number of shards
can grow and never shrink: a record keeps the shard it was stored with, and all shards are read.
"""

from __future__ import annotations

import zlib
from datetime import UTC, datetime
from typing import Final

COURT_SHARDS: Final = 4
"""Partitions of each court's list; each carries 1,000 write units a second, and is a query of every page."""
DUE_SHARDS: Final = 8
"""Partitions of the due index, where whatever waits for a day is written twice."""
CASE_PREFIX: Final = "CASE#"


def due_shard(key: str) -> str:
    """Return the partition of the due index in which a new record stands."""
    return str(shard(key, DUE_SHARDS))


def court_list(court_id: str, case_id: str) -> str:
    """Return the partition of a court's list in which a case stands."""
    return f"{court_id}#{shard(case_id, COURT_SHARDS)}"


def court_lists(court_id: str) -> tuple[str, ...]:
    """Return all partitions of a court's list."""
    return tuple(f"{court_id}#{shard}" for shard in range(COURT_SHARDS))


def shard(key: str, shards: int) -> int:
    """Spread ids evenly: the same id has the same shard, as long as their number is the same."""
    return zlib.crc32(key.encode()) % shards


def sortable(at: datetime) -> str:
    """Write an instant so that text order is time order: UTC, always with microseconds."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def filed_key(filed_at: datetime, case_id: str) -> str:
    """Return the sort key of a case in every list: ordered by the time of filing, and unique."""
    return f"{sortable(filed_at)}#{case_id}"


def stage_list(owner_id: str, stage: str) -> str:
    """Return the partition of an institution's or a court's cases at a stage.

    It needs no shards: a case is written into it once, and once out of it.
    """
    return f"{owner_id}#{stage}"


def escaped(text: str) -> str:
    """Write free text so that it can stand in a key between separators."""
    return text.replace("%", "%25").replace("#", "%23")
