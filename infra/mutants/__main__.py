"""`make mutants`, or `python -m infra.mutants`: mutation testing of the arithmetic of loans and agreements.

mutmut breaks one operator, number, argument or word at a time (which modules: pyproject.toml) and runs the
tests against each such mutant; the outcome is judged here. Exit code 1: fewer than 95 % were noticed, not
all were tried, or tests/mutants.toml accepts a mutant that did not survive; 2: mutmut itself failed.
Downside: what stands outside functions, constants above all, is not mutated.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.table import Table

from infra.mutants import tree
from infra.mutants.judgement import FLOOR_PERCENT, NOTICED, Judgement, accepted_in, survivors_in
from infra.mutants.program import Mutmut, MutmutFailed, place_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from infra.mutants.judgement import Change

ACCEPTED: Final = Path("tests/mutants.toml")
_SHOWN: Final = (*NOTICED, "survived", "no tests")
_PASSED, _REFUSED, _FAILED = 0, 1, 2
_WIDTH: Final = 132
_MUTMUT: Final = Path(sys.executable).with_name("mutmut")


def main(argv: Sequence[str] | None = None, mutmut: Path = _MUTMUT) -> int:
    """Do what is asked for with the tree in the current folder; return the exit code."""
    options = _parser().parse_args(argv)
    console = Console(width=None if sys.stdout.isatty() else _WIDTH, highlight=False)
    try:
        judgement = _judged(options, Mutmut(mutmut, tree.COPY))
    except MutmutFailed as error:
        console.print("not judged", style="bold red")
        console.print(str(error), markup=False)
        return _FAILED
    show(console, judgement)
    return _PASSED if judgement.passed else _REFUSED


def _judged(options: argparse.Namespace, mutmut: Mutmut) -> Judgement:
    if options.survivors:
        tree.refresh()
        mutmut.run(options.jobs, options.minutes, survivors_in(mutmut.statuses()))
    elif not options.report:
        # Start with an empty copy: mutmut would keep results that newer tests have made wrong.
        shutil.rmtree(tree.COPY, ignore_errors=True)
        tree.refresh()
        mutmut.run(options.jobs, options.minutes, [])
    statuses = mutmut.statuses()
    survivors = tuple(mutmut.change(name) for name in survivors_in(statuses))
    return Judgement(statuses, survivors, accepted_in(ACCEPTED.read_text(encoding="utf-8")))


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
