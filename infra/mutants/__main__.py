"""`make mutants`, or `python -m infra.mutants [PART ...]`: mutation testing of what money and days depend on.

mutmut breaks one operator, number, argument or word at a time and runs the tests against each such mutant;
which files, and by which tests, is a list of parts in tests/mutants.toml. The outcome is judged here.
Exit code 1: fewer than 95 % were noticed, of all or of one module, not all were tried, or tests/mutants.toml
accepts a mutant that did not survive; 2: mutmut itself failed.
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
from infra.mutants.judgement import FLOOR_PERCENT, NOTICED, Judgement, accepted_in, doubtful_in, survivors_in
from infra.mutants.parts import Part, parts_in
from infra.mutants.program import Mutmut, MutmutFailed, place_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from infra.mutants.judgement import Change

LISTED: Final = Path("tests/mutants.toml")
_SHOWN: Final = (*NOTICED, "survived", "no tests")
_PASSED, _REFUSED, _FAILED = 0, 1, 2
_WIDTH: Final = 132
_MUTMUT: Final = Path(sys.executable).with_name("mutmut")


def main(argv: Sequence[str] | None = None, mutmut: Path = _MUTMUT) -> int:
    """Do what is asked for with the tree in the current folder; return the exit code."""
    listed = LISTED.read_text(encoding="utf-8")
    parts = {part.name: part for part in parts_in(listed)}
    options = _parser(parts).parse_args(argv)
    console = Console(width=None if sys.stdout.isatty() else _WIDTH, highlight=False)
    asked = [parts[name] for name in options.part] or list(parts.values())
    try:
        for part in asked:
            _try(options, part, Mutmut(mutmut, tree.copy_for(part)))
        judgement = _judged(
            [Mutmut(mutmut, tree.copy_for(part)) for part in asked], listed, all_of_them=not options.part
        )
    except MutmutFailed as error:
        console.print("not judged", style="bold red")
        console.print(str(error), markup=False)
        return _FAILED
    show(console, judgement)
    return _PASSED if judgement.passed else _REFUSED


def _try(options: argparse.Namespace, part: Part, mutmut: Mutmut) -> None:
    if options.survivors:
        tree.refresh(part)
        if again := doubtful_in(mutmut.statuses()):
            mutmut.run(options.jobs, options.minutes, again)
    elif not options.report:
        # Start with an empty copy: mutmut would keep results that newer tests have made wrong.
        shutil.rmtree(tree.copy_for(part), ignore_errors=True)
        tree.refresh(part)
        mutmut.run(options.jobs, options.minutes, [])


def _judged(programs: Iterable[Mutmut], listed: str, *, all_of_them: bool) -> Judgement:
    modules: defaultdict[str, dict[str, str]] = defaultdict(dict)
    survivors: dict[str, Change] = {}
    for mutmut in programs:
        statuses = mutmut.statuses()
        for mutant, status in statuses.items():
            modules[place_of(mutant)[0]][mutant] = status
        survivors |= {mutant: mutmut.change(mutant) for mutant in survivors_in(statuses)}
    accepted = accepted_in(listed)
    if not all_of_them:  # what is accepted elsewhere was not looked at
        tried = tuple(f"{module}." for module in modules)
        accepted = tuple(entry for entry in accepted if entry.change.function.startswith(tried))
    return Judgement(dict(sorted(modules.items())), survivors, accepted)


def show(console: Console, judgement: Judgement) -> None:
    """Print a row for each module, every survivor, and the rate with what it is made of."""
    console.print(_table(judgement))
    for entry in judgement.accepted:
        _print_change(console, f"accepted: {entry.reason}", entry.change)
    for change in judgement.unexplained:
        _print_change(console, "SURVIVED", change)
    for entry in judgement.stale:
        _print_change(console, f"{LISTED} ACCEPTS WHAT DID NOT SURVIVE", entry.change)
    counts = Counter(judgement.statuses.values())
    console.print(
        f"{judgement.noticed} noticed ({counts['killed']} killed + {counts['timeout']} timed out) "
        f"of {len(judgement.statuses)} mutants made: {judgement.percent:.1f} % (at least {FLOOR_PERCENT})"
    )
    if judgement.below:
        console.print(f"less than {FLOOR_PERCENT} % of a module: {', '.join(judgement.below)}")
    explained = len(judgement.explained)
    console.print(
        f"not noticed: {explained} accepted, {len(judgement.unexplained)} unexplained; "
        f"not tried: {judgement.untried}; accepted without having survived: {len(judgement.stale)}"
    )


def _print_change(console: Console, heading: str, change: Change) -> None:
    console.print(heading, f"  {change.function}", sep="\n", markup=False)
    for mark, lines in (("-", change.before), ("+", change.after)):
        for line in lines.splitlines():
            console.print(f"    {mark} {line}", markup=False)


def _table(judgement: Judgement) -> Table:
    table = Table("module", "mutants", *_SHOWN, "other", "accepted")
    for module, statuses in judgement.modules.items():
        accepted = sum(mutant in judgement.explained for mutant in statuses)
        table.add_row(module, *_counted(list(statuses.values())), str(accepted))
    table.add_section()
    table.add_row("all", *_counted(list(judgement.statuses.values())), str(len(judgement.explained)))
    return table


def _counted(statuses: Sequence[str]) -> Iterable[str]:
    shown = [statuses.count(status) for status in _SHOWN]
    return map(str, (len(statuses), *shown, len(statuses) - sum(shown)))


def _one_of(parts: Collection[str]) -> Callable[[str], str]:
    def part(name: str) -> str:
        if name not in parts:
            raise argparse.ArgumentTypeError(f"{name} is none of {', '.join(parts)}")
        return name

    return part


def _parser(parts: Collection[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m infra.mutants",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    # Not `choices`: with nargs="*" the empty list would have to be one of them.
    parser.add_argument("part", nargs="*", type=_one_of(parts), help=f"try only these of {', '.join(parts)}")
    parser.add_argument("--jobs", type=int, default=1, help="mutants tried at a time; default 1")
    parser.add_argument("--minutes", type=float, default=60, help="when to stop trying a part; default 60")
    only = parser.add_mutually_exclusive_group()
    only.add_argument("--report", action="store_true", help="judge the last run again")
    only.add_argument(
        "--survivors", action="store_true", help="try only what the last run did not kill or not come to"
    )
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
