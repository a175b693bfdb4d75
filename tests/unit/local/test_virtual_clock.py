"""Time that somebody moves: everybody who has the file open sees it, and it never goes back."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from infra.local.virtual_clock import VirtualClock

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_time_stands_until_it_is_moved_and_everybody_sees_the_move(tmp_path: Path) -> None:
    """Two processes have the same file open."""
    mine = VirtualClock.create(tmp_path / "new" / "clock", NOON)
    theirs = VirtualClock(mine.path)
    assert (mine.now(), theirs.now()) == (NOON, NOON)
    mine.move_to((NOON + timedelta(days=1)).timestamp())
    assert theirs.now() == NOON + timedelta(days=1)


def test_time_never_goes_back(tmp_path: Path) -> None:
    """An event would lie before the one it follows."""
    clock = VirtualClock.create(tmp_path / "clock", NOON)
    clock.move_to((NOON - timedelta(seconds=1)).timestamp())
    assert clock.now() == NOON


def test_a_sweep_is_known_by_the_instant_it_began_at(tmp_path: Path) -> None:
    """A sweep that began before the last move does not count for it."""
    clock = VirtualClock.create(tmp_path / "clock", NOON)
    assert clock.swept != clock.seconds()
    clock.note_sweep(clock.seconds())
    assert VirtualClock(clock.path).swept == clock.seconds()
    clock.move_to(clock.seconds() + 1)
    assert clock.swept != clock.seconds()
