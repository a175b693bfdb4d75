"""Case time that somebody moves: the same for every process that has the file open.

The file holds three numbers: the present instant, the instant for which the hub's sweep last succeeded, and
how often the reader of the table's stream found nothing new.
Promise: whoever reads sees a whole number, since eight aligned bytes are written at once. Downside: nothing
moves by itself; whoever owns the run moves time when nothing is left to do.
"""

from __future__ import annotations

import mmap
import struct
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from infra.local.kept_files import write_whole

if TYPE_CHECKING:
    from pathlib import Path

_NUMBER: Final = struct.Struct("d")
_NOW, _SWEPT, _IDLE_READS = (place * _NUMBER.size for place in range(3))


class VirtualClock:
    """Reads and moves the time in a file."""

    def __init__(self, path: Path) -> None:
        """Open the file of `create`."""
        self.path = path
        with path.open("r+b") as file:
            self._memory = mmap.mmap(file.fileno(), 3 * _NUMBER.size)

    @classmethod
    def create(cls, path: Path, at: datetime) -> VirtualClock:
        """Make the file, with time standing at an instant."""
        write_whole(path, _NUMBER.pack(at.timestamp()) + 2 * _NUMBER.pack(0.0))
        return cls(path)

    def now(self) -> datetime:
        """Return the present instant, in UTC."""
        return datetime.fromtimestamp(self.seconds(), UTC)

    def seconds(self) -> float:
        """Return the present instant in seconds since 1970."""
        return self._read(_NOW)

    def move_to(self, seconds: float) -> None:
        """Let it be a later instant; an earlier one is ignored."""
        if seconds > self.seconds():
            _NUMBER.pack_into(self._memory, _NOW, seconds)

    @property
    def swept(self) -> float:
        """The instant for which the sweep last ran to its end, in seconds since 1970."""
        return self._read(_SWEPT)

    def note_sweep(self, seconds: float) -> None:
        """Note that the sweep that began at this instant has ended."""
        _NUMBER.pack_into(self._memory, _SWEPT, seconds)

    @property
    def idle_reads(self) -> float:
        """How often the stream's reader found nothing new, so that all before it was passed on."""
        return self._read(_IDLE_READS)

    def note_idle_read(self) -> None:
        """Note that the stream's reader found nothing new; one thread calls this."""
        _NUMBER.pack_into(self._memory, _IDLE_READS, self.idle_reads + 1)

    def _read(self, place: int) -> float:
        (number,) = _NUMBER.unpack_from(self._memory, place)
        return float(number)
