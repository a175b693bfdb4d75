"""Where the court keeps what it must not forget: one SQLite file.

Promise: what was put is there after a kill -9, and entries put together are there together or not at all.
Downside: not every entry is synced to the disk, so a power failure may lose the last ones.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


_SCHEMA: Final = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
CREATE TABLE IF NOT EXISTS entries (kind TEXT, id TEXT, value TEXT, PRIMARY KEY (kind, id));
"""


class Entry(NamedTuple):
    """A JSON value under its kind and id."""

    kind: str
    id: str
    value: Any


class Storage:
    """Entries in the order in which they were first put; safe to use from any thread."""

    def __init__(self, file: Path) -> None:
        """Open the file, which is made where it is missing. Raises sqlite3.Error or OSError."""
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._database = sqlite3.connect(file, check_same_thread=False)
        try:
            self._database.executescript(_SCHEMA)
        except sqlite3.Error:
            self._database.close()
            raise

    def put(self, entries: Iterable[Entry]) -> None:
        """Put entries, each in place of an earlier one of its kind and id."""
        rows = [(kind, id_, json.dumps(value, ensure_ascii=False)) for kind, id_, value in entries]
        with self._lock, self._database:
            self._database.executemany(
                "INSERT INTO entries VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value", rows
            )

    def all(self, kind: str) -> list[tuple[str, Any]]:
        """Return the ids and values of a kind."""
        with self._lock:
            rows = self._database.execute(
                "SELECT id, value FROM entries WHERE kind = ? ORDER BY rowid", (kind,)
            ).fetchall()
        return [(id_, json.loads(value)) for id_, value in rows]

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._database.close()
