"""Case time of a local stack, which goes on where it was if the table outlives the stack.

Promise: case time never goes back, neither after Ctrl-C nor after a kill -9. It does not pass while the stack
is down, but never falls behind real time. Where it stands is written several times a second.
Downside: after a kill -9 it may go on by up to a second of real time later than it was.
"""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from infra.local.court.clock import CivilClock
from infra.local.kept_files import write_whole
from infra.local.processes import StackFailedError
from infra.local.virtual_clock import VirtualClock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SECONDS_OF_A_DAY: Final = 86_400.0
_EVERY_SECONDS: Final = 0.2
_LONGEST_SINCE: Final = timedelta(seconds=1)
"""How long a stack may have run on after the last mark that a kill -9 has left."""
_MARK, _MOVED = "clock.json", "clock"


class ClockUnreadableError(StackFailedError):
    """A kept clock can't be read; the message names its file."""


@contextmanager
def going_on(folder: Path | None, seconds_per_day: float) -> Iterator[CivilClock]:
    """Yield the clock of a stack, and keep in `folder` where it stands; without a folder, it begins now.

    Raises ClockUnreadableError.
    """
    now = datetime.now(UTC)
    begins_at = now if folder is None else max([now, *_last_times(folder, now)])
    clock = CivilClock(begins_at, seconds_per_day, now)
    if folder is None:
        yield clock
        return
    file, ending = folder / _MARK, threading.Event()
    _write(file, clock)
    marking = threading.Thread(target=_mark_until, args=(ending, file, clock), daemon=True)
    marking.start()
    try:
        yield clock
    finally:
        ending.set()
        marking.join()
        _write(file, clock, ended=True)


def moved(folder: Path, civil: CivilClock) -> VirtualClock:
    """Make a clock that somebody moves, from where the other stands on; its file keeps where it stands."""
    return VirtualClock.create(folder / _MOVED, civil.now())


def last_time(mark: str, now: datetime) -> datetime:
    """Return the latest case time that anybody can have read before `now`, when nothing runs.

    Raises ValueError, KeyError or TypeError for what is no mark.
    """
    found = json.loads(mark)
    real, case = (datetime.fromisoformat(found[name]) for name in ("real", "case"))
    ran_on = timedelta() if found["ended"] else max(timedelta(), min(_LONGEST_SINCE, now - real))
    return case + ran_on * (SECONDS_OF_A_DAY / float(found["seconds_per_day"]))


def _last_times(folder: Path, now: datetime) -> Iterator[datetime]:
    mark, virtual = folder / _MARK, folder / _MOVED
    try:
        if mark.exists():
            yield last_time(mark.read_text(encoding="utf-8"), now)
    except (ValueError, KeyError, TypeError):
        raise ClockUnreadableError(f"{mark} can't be read: start anew with `make forget`") from None
    try:
        if virtual.exists():
            yield VirtualClock(virtual).now()
    except ValueError:
        raise ClockUnreadableError(f"{virtual} can't be read: start anew with `make forget`") from None


def _mark_until(ending: threading.Event, file: Path, clock: CivilClock) -> None:
    while not ending.wait(_EVERY_SECONDS):
        _write(file, clock)


def _write(file: Path, clock: CivilClock, *, ended: bool = False) -> None:
    now = datetime.now(UTC)
    mark = {
        "real": now.isoformat(),
        "case": clock.at(now).isoformat(),
        "seconds_per_day": clock.seconds_per_day,
        "ended": ended,
    }
    write_whole(file, json.dumps(mark).encode())
