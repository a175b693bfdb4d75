"""The parts of keys that are computed: shards, places in lists, times, and ids that are free text.

Promise: text order is time order, and free text in a key is escaped, so that a `#` in a contract number is
not read as a separator. Each record's own key stands in its class (`records`). Downside: the number of shards
can't change while records exist, since a record's shard is stored with it.
"""

from __future__ import annotations

import zlib
from datetime import UTC, datetime
from typing import Final

SHARDS: Final = 4
"""Partitions of each court's list and of the due index; each carries 1,000 writes a second."""
CASE_PREFIX: Final = "CASE#"


def shard_of(key: str) -> int:
    """Return the shard of an id: evenly spread, and never another one for the same id."""
    return zlib.crc32(key.encode()) % SHARDS


def court_list(court_id: str, shard: int) -> str:
    """Return the partition of a court's list."""
    return f"{court_id}#{shard}"


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
