"""Calls mutmut and reads its output.

Promise: every call that fails raises MutmutFailed; results from before the time ran out are kept.
Downside: it reads what mutmut prints for people, so a new version may need a change here.
"""

from __future__ import annotations

import re
import signal
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from infra.mutants.judgement import Change

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_GRACE_SECONDS: Final = 60
_DOMAIN: Final = "chalicelib.domain."
# `x_name__mutmut_7` is a function's mutant, `xǁClassǁname__mutmut_7` a method's.
_MUTANT: Final = re.compile(r"(?P<module>.+)\.x(?:ǁ(?P<cls>\w+)ǁ|_)(?P<name>\w+)__mutmut_\d+")
_RESULT: Final = re.compile(r"^ +(?P<mutant>\S+): (?P<status>.+)$", re.MULTILINE)


class MutmutFailed(Exception):
    """mutmut failed; the message is its output."""


class Mutmut:
    """The program at `path`, run in the folder that it mutates."""

    def __init__(self, path: Path, folder: Path) -> None:
        """Keep both; nothing is started yet."""
        self._path = str(path)
        self._folder = folder

    def run(self, jobs: int, minutes: float, mutants: Sequence[str]) -> None:
        """Try these mutants, or all if there are none given; what is not done in time stays untried."""
        command = [self._path, "run", f"--max-children={jobs}", *mutants]
        with (
            _interrupts_heard(),
            subprocess.Popen(command, cwd=self._folder) as running,  # noqa: S603 - our own arguments
        ):
            try:
                code = running.wait(minutes * 60)
            except subprocess.TimeoutExpired:
                running.send_signal(signal.SIGINT)  # mutmut stops its workers and keeps its results
                running.wait(_GRACE_SECONDS)
                return
        if code != 0:
            raise MutmutFailed(f"mutmut ended with exit code {code}; what it said stands above")

    def statuses(self) -> dict[str, str]:
        """Return the status of each mutant, as the last run left it."""
        found = statuses_in(self._said("results", "--all=true"))
        if not found:
            raise MutmutFailed("there are no results yet")
        return found

    def change(self, mutant: str) -> Change:
        """Return what a mutant changed."""
        return change_of(mutant, self._said("show", mutant))

    def _said(self, *arguments: str) -> str:
        command = [self._path, *arguments]
        done = subprocess.run(command, cwd=self._folder, check=False, capture_output=True, text=True)  # noqa: S603 - as above
        if done.returncode != 0:
            raise MutmutFailed(done.stderr or done.stdout)
        return done.stdout


@contextmanager
def _interrupts_heard() -> Iterator[None]:
    """Let a program started here hear SIGINT, which a shell's background job and its children ignore."""
    before = signal.getsignal(signal.SIGINT)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def statuses_in(results: str) -> dict[str, str]:
    """Read the output of `mutmut results`: the status of each mutant."""
    return {found["mutant"]: found["status"] for found in _RESULT.finditer(results)}


def change_of(mutant: str, shown: str) -> Change:
    """Read the diff of `mutmut show`: what a mutant changed, without indentation."""
    lines = [line for line in shown.splitlines() if not line.startswith(("---", "+++"))]
    before, after = (
        "\n".join(line[1:].strip() for line in lines if line.startswith(mark)) for mark in ("-", "+")
    )
    return Change(".".join(place_of(mutant)), before, after)


def place_of(mutant: str) -> tuple[str, str]:
    """Return the module, within the domain, and the function or method that a mutant was made of."""
    found = _MUTANT.fullmatch(mutant)
    if found is None:
        raise MutmutFailed(f"{mutant} is not named as mutants used to be")
    function = ".".join(part for part in found.group("cls", "name") if part)
    return found["module"].removeprefix(_DOMAIN), function
