"""Case time of a local stack, which goes on where it was if the table outlives the stack.

Promise: case time never goes back, neither after Ctrl-C nor after a kill -9. It does not pass while the stack
is down, but never falls behind real time. Where it stands is written several times a second.
Downside: after a kill -9 it may go on by up to a second of real time later than it was; and once it is ahead
of real time, it can't pass as slowly as real time.
"""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import copysign
from typing import TYPE_CHECKING, Final

from infra.local.court.clock import CivilClock
from infra.local.kept_files import write_whole
from infra.local.processes import StackFailedError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SECONDS_OF_A_DAY: Final = 86_400.0
_EVERY_SECONDS: Final = 0.2
_LONGEST_SINCE: Final = timedelta(seconds=1)
"""How long a stack may have run on after the last mark that a kill -9 has left."""


class ClockUnusableError(StackFailedError):
    """Case time can't go on as asked; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Where case time stood at an instant, and how fast it passed; `ended` if it did not go on from there."""

    real: datetime
    case: datetime
    seconds_per_day: float
    ended: bool = False

    def last(self, now: datetime) -> datetime:
        """Return the latest case time that anybody can have read before `now`, when nothing runs."""
        ran_on = timedelta() if self.ended else max(timedelta(), min(_LONGEST_SINCE, now - self.real))
        return self.case + ran_on * (SECONDS_OF_A_DAY / self.seconds_per_day)


def clock_after(mark: Mark | None, seconds_per_day: float | None, now: datetime) -> CivilClock:
    """Return the clock that goes on after a mark; without a speed, as fast as before, or in real time.

    Raises ClockUnusableError where case time is ahead of real time and is to pass as slowly.
    """
    if mark is None:
        return CivilClock(now, seconds_per_day or SECONDS_OF_A_DAY)
    pace = seconds_per_day or mark.seconds_per_day
    last, faster = mark.last(now), SECONDS_OF_A_DAY / pace - 1
    if last <= now:
        return CivilClock(now, pace)
    try:
        # Where a straight line through `last` at `now` meets real time; a microsecond against rounding.
        origin = now + (now - last) / faster - timedelta(microseconds=copysign(1, faster))
    except (ZeroDivisionError, OverflowError):
        raise ClockUnusableError(
            f"the cases of this table are at {last:%Y-%m-%d}, ahead of real time: let their days pass as "
            f"before (DAY={mark.seconds_per_day:g}), or start anew with `make forget`"
        ) from None
    return CivilClock(origin, pace)


@contextmanager
def going_on(file: Path | None, seconds_per_day: float | None) -> Iterator[CivilClock]:
    """Yield the clock of a stack, and keep in `file` where it stands; without a file, it begins now."""
    now = datetime.now(UTC)
    clock = clock_after(_read(file) if file else None, seconds_per_day, now)
    if file is None:
        yield clock
        return
    ending = threading.Event()
    _write(file, clock)
    marking = threading.Thread(target=_mark_until, args=(ending, file, clock), daemon=True)
    marking.start()
    try:
        yield clock
    finally:
        ending.set()
        marking.join()
        _write(file, clock, ended=True)


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


def _read(file: Path) -> Mark | None:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
        real, case = (datetime.fromisoformat(found[name]) for name in ("real", "case"))
        return Mark(
            real=real, case=case, seconds_per_day=float(found["seconds_per_day"]), ended=found["ended"]
        )
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError):
        raise ClockUnusableError(f"{file} can't be read: start anew with `make forget`") from None
