"""Mutation testing of the loan arithmetic: `make mutants`, or `python -m infra.mutants`.

mutmut breaks one operator, number, argument or word at a time (configured in pyproject.toml), runs the
tests of the arithmetic against each such mutant, and this module judges the outcome.

Promise: the rate is what was noticed (a test failed, or ran into the time limit) over all mutants made,
those that can't be noticed included; each survivor is shown with its changed line, and what
tests/mutants.toml accepts is shown with its reason. Exit code 1: under 95 %, not all were tried, or the
list of accepted mutants names one that did not survive; 2: mutmut itself failed.
Downside: mutmut leaves alone what is not inside a function and every decorated one, properties above all;
an accepted line is known by its text, so two such lines in one function are accepted together.
"""

from __future__ import annotations

import argparse
import re
import shutil
import signal
import subprocess
import sys
import tomllib
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

ACCEPTED: Final = Path("tests/mutants.toml")
WORK: Final = Path("mutants")
"""Where mutmut keeps its copy of the tree and its results; the name is not configurable."""
FLOOR_PERCENT: Final = 95
_NOTICED: Final = ("killed", "timeout")
_SHOWN: Final = (*_NOTICED, "survived", "no tests")
_UNTRIED: Final = ("not checked", "check was interrupted by user", "skipped")
_PASSED, _REFUSED, _FAILED = 0, 1, 2
_WIDTH: Final = 132
_GRACE_SECONDS: Final = 60
_DOMAIN: Final = "chalicelib.domain."
# `x_name__mutmut_7` is a function's mutant, `xǁClassǁname__mutmut_7` a method's.
_MUTANT: Final = re.compile(r"(?P<module>.+)\.x(?:ǁ(?P<cls>\w+)ǁ|_)(?P<name>\w+)__mutmut_\d+")
_RESULT: Final = re.compile(r"^ +(?P<mutant>\S+): (?P<status>.+)$", re.MULTILINE)


class MutmutFailed(Exception):
    """mutmut could not do what it was asked for; the message is what it said."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a mutant changed: in which function, which lines, and what stands there instead."""

    function: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """A mutant that no test can notice, and why."""

    change: Change
    reason: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """The outcome of a run: the status of each mutant, and what each survivor changed."""

    statuses: dict[str, str]
    survivors: tuple[Change, ...]
    accepted: tuple[Accepted, ...]

    @property
    def noticed(self) -> int:
        """How many mutants made a test fail or never end."""
        return sum(status in _NOTICED for status in self.statuses.values())

    @property
    def percent(self) -> float:
        """What part of all mutants was noticed."""
        return 100 * self.noticed / len(self.statuses) if self.statuses else 0.0

    @property
    def untried(self) -> int:
        """How many mutants were not tried, or not to the end."""
        return sum(status in _UNTRIED for status in self.statuses.values())

    @property
    def unexplained(self) -> tuple[Change, ...]:
        """The survivors that no reason is given for."""
        explained = {entry.change for entry in self.accepted}
        return tuple(change for change in self.survivors if change not in explained)

    @property
    def stale(self) -> tuple[Accepted, ...]:
        """What is accepted but did not survive, or is no longer made."""
        return tuple(entry for entry in self.accepted if entry.change not in self.survivors)

    @property
    def passed(self) -> bool:
        """Whether the tests are good enough and the list of accepted mutants is true."""
        return self.percent >= FLOOR_PERCENT and not self.untried and not self.stale


def main(argv: Sequence[str] | None = None, program: str = "") -> int:
    """Run what is asked for and show the outcome; return the exit code."""
    options = _parser().parse_args(argv)
    mutmut = Mutmut(program or str(Path(sys.executable).with_name("mutmut")))
    console = Console(width=None if sys.stdout.isatty() else _WIDTH, highlight=False)
    try:
        if options.survivors:
            mutmut.run(options.jobs, options.minutes, survivors_in(mutmut.statuses()))
        elif not options.report:
            shutil.rmtree(WORK, ignore_errors=True)  # mutmut would keep results that newer tests belie
            mutmut.run(options.jobs, options.minutes, [])
        statuses = mutmut.statuses()
        survivors = tuple(change_of(name, mutmut.diff(name)) for name in survivors_in(statuses))
    except MutmutFailed as error:
        console.print("not judged", style="bold red")
        console.print(str(error), markup=False)
        return _FAILED
    judgement = Judgement(statuses, survivors, accepted_in(ACCEPTED.read_text(encoding="utf-8")))
    show(console, judgement)
    return _PASSED if judgement.passed else _REFUSED


class Mutmut:
    """The program; every call raises MutmutFailed if it fails."""

    def __init__(self, path: str) -> None:
        """Take the path of the program; it is run in the current directory, which must be the tree's."""
        self._path = path

    def run(self, jobs: int, minutes: float, mutants: Sequence[str]) -> None:
        """Try these mutants, or all if there are none given; what is not done in time stays untried."""
        command = [self._path, "run", f"--max-children={jobs}", *mutants]
        with subprocess.Popen(command) as running:  # noqa: S603 - our own arguments
            try:
                code = running.wait(minutes * 60)
            except subprocess.TimeoutExpired:
                running.send_signal(signal.SIGINT)  # it stops its workers and keeps what it knows
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

    def diff(self, mutant: str) -> str:
        """Return what a mutant changed."""
        return self._said("show", mutant)

    def _said(self, *arguments: str) -> str:
        done = subprocess.run([self._path, *arguments], check=False, capture_output=True, text=True)  # noqa: S603 - as above
        if done.returncode != 0:
            raise MutmutFailed(done.stderr or done.stdout)
        return done.stdout


def statuses_in(results: str) -> dict[str, str]:
    """Read the output of `mutmut results`: the status of each mutant."""
    return {found["mutant"]: found["status"] for found in _RESULT.finditer(results)}


def survivors_in(statuses: dict[str, str]) -> list[str]:
    """Return the mutants that were tried and not noticed, those that no test reaches included."""
    return [mutant for mutant, status in statuses.items() if status not in {*_NOTICED, *_UNTRIED}]


def place_of(mutant: str) -> tuple[str, str]:
    """Return the module, within the domain, and the function or method that a mutant was made of."""
    found = _MUTANT.fullmatch(mutant)
    if found is None:
        raise MutmutFailed(f"{mutant} is not named as mutants used to be")
    function = ".".join(part for part in found.group("cls", "name") if part)
    return found["module"].removeprefix(_DOMAIN), function


def change_of(mutant: str, shown: str) -> Change:
    """Read the diff of `mutmut show`: what a mutant changed, without indentation."""
    lines = [line for line in shown.splitlines() if not line.startswith(("---", "+++"))]
    before, after = (
        "\n".join(line[1:].strip() for line in lines if line.startswith(mark)) for mark in ("-", "+")
    )
    return Change(".".join(place_of(mutant)), before, after)


def accepted_in(listed: str) -> tuple[Accepted, ...]:
    """Read the list of accepted mutants: `before` in a function may become any of `after`, for a reason."""
    return tuple(
        Accepted(Change(entry["function"], entry["before"].strip(), after.strip()), entry["reason"])
        for entry in tomllib.loads(listed)["accepted"]
        for after in entry["after"]
    )


def show(console: Console, judgement: Judgement) -> None:
    """Print a row for each module, every survivor, and the rate with what it is made of."""
    console.print(_table(judgement.statuses))
    for entry in judgement.accepted:
        _print_change(console, f"accepted: {entry.reason}", entry.change)
    for change in judgement.unexplained:
        _print_change(console, "SURVIVED", change)
    for entry in judgement.stale:
        _print_change(console, f"{ACCEPTED} ACCEPTS WHAT DID NOT SURVIVE", entry.change)
    counts = Counter(judgement.statuses.values())
    console.print(
        f"{judgement.noticed} noticed ({counts['killed']} killed + {counts['timeout']} timed out) "
        f"of {len(judgement.statuses)} mutants made: {judgement.percent:.1f} % (at least {FLOOR_PERCENT})"
    )
    explained = len(judgement.survivors) - len(judgement.unexplained)
    console.print(
        f"not noticed: {explained} accepted, {len(judgement.unexplained)} unexplained; "
        f"not tried: {judgement.untried}; accepted without having survived: {len(judgement.stale)}"
    )


def _print_change(console: Console, heading: str, change: Change) -> None:
    console.print(heading, f"  {change.function}", sep="\n", markup=False)
    for mark, lines in (("-", change.before), ("+", change.after)):
        for line in lines.splitlines():
            console.print(f"    {mark} {line}", markup=False)


def _table(statuses: dict[str, str]) -> Table:
    of_module: defaultdict[str, list[str]] = defaultdict(list)
    for mutant, status in statuses.items():
        of_module[place_of(mutant)[0]].append(status)
    table = Table("module", "mutants", *_SHOWN, "other")
    for module in sorted(of_module):
        table.add_row(module, *_counted(of_module[module]))
    table.add_section()
    table.add_row("all", *_counted(list(statuses.values())))
    return table


def _counted(statuses: Sequence[str]) -> Iterable[str]:
    shown = [statuses.count(status) for status in _SHOWN]
    return map(str, (len(statuses), *shown, len(statuses) - sum(shown)))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m infra.mutants",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--jobs", type=int, default=1, help="mutants tried at a time; default 1")
    parser.add_argument("--minutes", type=float, default=60, help="when to stop trying; default 60")
    only = parser.add_mutually_exclusive_group()
    only.add_argument("--report", action="store_true", help="judge the last run again")
    only.add_argument("--survivors", action="store_true", help="try only what survived the last run")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
