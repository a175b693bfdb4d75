"""Gates run a function before every call of a port, to crash there or to let another process go first.

Promise: a handler behind a gate makes the same calls as without one, and `interleaved` runs two handlers in
exactly the order of a schedule. Downside: one call of a port can't be interrupted.
"""

from __future__ import annotations

import threading
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from chalicelib.use_cases.ports import Hub
    from tests.support.fakes import FakeHub

PORTS: Final = (
    *"cases workflows engine queues due court dispatches transfers dossier_store callbacks".split(),  # noqa: SIM905 - reads as a list
    *"deadlines notices codes messenger settlements policies papers talk".split(),  # noqa: SIM905 - reads as a list
)


class Crash(BaseException):
    """The process died here: no error handling may catch this."""


class Gate:
    """A hub whose every port call first passes `before`, which is told the call's name."""

    def __init__(self, hub: FakeHub, before: Callable[[str], None]) -> None:
        self._hub = hub
        self._before = before
        for port in PORTS:
            getattr(hub, port)  # fails for a renamed port, which would have no gate

    def __getattr__(self, name: str) -> Any:
        """Return the hub's part, each method of a port behind the gate."""
        part = getattr(self._hub, name)
        return _Port(name, part, self._before) if name in PORTS and part is not None else part


class _Port:
    def __init__(self, name: str, part: Any, before: Callable[[str], None]) -> None:
        self._name, self._part, self._before = name, part, before

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._part, name)
        if not callable(method):
            return method

        def gated(*args: Any, **kwargs: Any) -> Any:
            self._before(f"{self._name}.{name}")
            return method(*args, **kwargs)

        return gated


def gated(hub: FakeHub, before: Callable[[str], None]) -> Hub:
    """Put a gate before a hub's ports."""
    return cast("Hub", Gate(hub, before))


def calls_of(hub: FakeHub, handler: Callable[[Hub], object]) -> list[str]:
    """Run a handler and return the port calls it made."""
    made: list[str] = []
    handler(gated(hub, made.append))
    return made


def crashing_at(number: int) -> Callable[[str], None]:
    """Return a gate that lets `number` calls pass and dies before the next, once."""
    left = [number]

    def before(_call: str) -> None:
        left[0] -= 1
        if left[0] == -1:
            raise Crash

    return before


def schedules(first: int, second: int) -> Iterator[tuple[int, ...]]:
    """Yield every order in which two processes of so many steps can take turns."""
    for turns in combinations(range(first + second), first):
        yield tuple(0 if turn in turns else 1 for turn in range(first + second))


def interleaved(hub: FakeHub, schedule: Sequence[int], *processes: Callable[[Hub], object]) -> None:
    """Run processes side by side, one step (up to its next port call) at a time, as scheduled.

    Unfinished processes continue one after the other at the end. Raises what a process raised.
    """
    runners = [_Runner(hub, process) for process in processes]
    for turn in schedule:
        runners[turn].step()
    for runner in runners:
        while runner.step():
            pass
    for runner in runners:
        runner.thread.join()
        if runner.error is not None:
            raise runner.error


class _Runner:
    """One process in a thread of its own that moves only when it is told to."""

    def __init__(self, hub: FakeHub, process: Callable[[Hub], object]) -> None:
        self._turn = threading.Semaphore(0)
        self._paused = threading.Semaphore(0)
        self._done = False
        self.error: BaseException | None = None
        self.thread = threading.Thread(target=self._run, args=(gated(hub, self._pause), process), daemon=True)
        self.thread.start()

    def step(self) -> bool:
        """Let the process run to its next call; False if it is done."""
        if self._done:
            return False
        self._turn.release()
        self._paused.acquire()
        return not self._done

    def _pause(self, _call: str) -> None:
        self._paused.release()
        self._turn.acquire()

    def _run(self, hub: Hub, process: Callable[[Hub], object]) -> None:
        self._turn.acquire()
        try:
            process(hub)
        except BaseException as error:  # noqa: BLE001 - raised again in the thread of the test
            self.error = error
        finally:
            self._done = True
            self._paused.release()
