"""What waits is woken when its time has come by the clock that is followed, and not before."""

import threading

from hypothesis import given
from hypothesis import strategies as st

from infra.local.moto_fixes.timers import Timers


class _Waiter:
    def __init__(self) -> None:
        self.over = False
        self.woken = threading.Event()

    def time_is_up(self) -> None:
        self.woken.set()


class _Clock:
    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@given(
    waits=st.lists(st.integers(0, 20), max_size=12),
    steps=st.lists(st.integers(1, 8), max_size=6),
)
def test_exactly_those_whose_time_has_come_are_woken(waits: list[int], steps: list[int]) -> None:
    """After each move of a virtual clock, whatever the order in which they came."""
    clock, timers = _Clock(), Timers()
    timers.follow(clock)
    waiters = [(seconds, _Waiter()) for seconds in waits]
    for seconds, waiter in waiters:
        timers.after(seconds, waiter)
    for step in steps:
        clock.seconds += step
        timers.catch_up()
        assert all(waiter.woken.is_set() == (seconds <= clock.seconds) for seconds, waiter in waiters)
        assert timers.next_due() == min((wait for wait in waits if wait > clock.seconds), default=None)


def test_who_is_over_is_not_waited_for() -> None:
    """A token that was answered does not say when something is due next."""
    timers, first, second = Timers(lambda: 0.0), _Waiter(), _Waiter()
    timers.follow(lambda: 0.0)
    timers.after(5, first)
    timers.after(9, second)
    first.over = True
    assert timers.next_due() == 9


def test_by_real_time_one_thread_wakes_all() -> None:
    """Also one that comes later and is due earlier; no thread is added for another waiter."""
    timers, late, waiters = Timers(), _Waiter(), [_Waiter() for _ in range(50)]
    timers.after(3600, late)
    before = threading.active_count()
    for waiter in waiters:
        timers.after(0.01, waiter)
    assert threading.active_count() == before
    assert all(waiter.woken.wait(30) for waiter in waiters)
    assert not late.woken.is_set()
