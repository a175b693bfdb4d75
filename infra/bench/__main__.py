"""`make bench`: measure, show each figure beside its budget, exit with 1 if one is broken."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rich.console import Console

from infra.bench import (
    cases,
    filing,
    heat,
    imports,
    lighthouse,
    lists,
    pages,
    posts,
    reads,
    relaying,
    report,
    shipped,
    sweep,
)
from infra.bench.children import BenchError
from infra.bench.emulator import emulator
from infra.bench.figures import Section, broken
from infra.local.processes import LOG_FOLDER

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from infra.bench.cases import Course
    from infra.bench.figures import Figure

_EXAMPLES: Final = """examples:
  python -m infra.bench                       everything, in about three minutes
  python -m infra.bench --only imports        cold starts alone
  python -m infra.bench --only imports --runs 25   steadier ratios on a busy machine
  python -m infra.bench --only cases --only reads
  python -m infra.bench --only imports --only posts --before 405812a   beside another revision
  python -m infra.bench --only relay --before ../before   beside the tree at a path

exit codes: 0 every budget is kept, 1 one is broken, 2 something could not be measured
"""
_OUT: Final = Path("build/bench.json")
_LOGS: Final = LOG_FOLDER / "bench"
_LOG_WIDTH: Final = 132
_BROKEN, _UNMEASURED = 1, 2
_BESIDE: Final = frozenset({Section.IMPORTS, Section.POSTS, Section.RELAY, Section.LISTS})
"""What is measured in turn with the revision before."""


def main(argv: Sequence[str] | None = None) -> int:
    """Measure what is asked for; return the exit code."""
    options = _parser().parse_args(argv)
    # A log file has no terminal whose width could be used.
    console = Console(width=None if sys.stdout.isatty() else _LOG_WIDTH)
    _forget_aws()
    wanted = [section for section in Section if not options.only or section in options.only]
    try:
        with console.status("starting ...") as status:
            figures, courses = _measure(wanted, options, status.update, console.print)
    except BenchError as error:
        console.print(f"[bold red]not measured[/bold red] {error}", markup=True, highlight=False)
        return _UNMEASURED
    return conclude(console, figures, courses, options.out)


def conclude(console: Console, figures: Sequence[Figure], courses: Sequence[Course], out: Path) -> int:
    """Show and write what was found; return the exit code."""
    report.show(console, figures, courses)
    report.write(out, figures, courses)
    bad = broken(figures)
    for figure in bad:
        console.print(
            f"[bold red]BROKEN[/bold red] {figure.name}: {figure.value:.2f}, budget {figure.budget}"
        )
    console.print(f"{len(figures)} figures, {len(bad)} budgets broken; written to {out}")
    return _BROKEN if bad else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m infra.bench",
        description=__doc__,
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--runs",
        type=_at_least_one,
        default=imports.DEFAULT_RUNS,
        help="of each import, in turn with the baseline",
    )
    parser.add_argument(
        "--only", type=Section, action="append", choices=list(Section), help="measure this; may be repeated"
    )
    parser.add_argument("--before", help="a path or a revision: what was before, in turn with this one")
    parser.add_argument("--cookbook", type=Path, help="where the handler cookbook is, to be measured too")
    parser.add_argument("--out", type=Path, default=_OUT, help="where the figures are written as JSON")
    return parser


def _at_least_one(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def _forget_aws() -> None:
    """Remove AWS and hub settings: no call may reach a real account or pass beside the meter."""
    for name in [name for name in os.environ if name.startswith(("AWS_", "HUB_"))]:
        del os.environ[name]


def _measure(
    wanted: Sequence[Section],
    options: argparse.Namespace,
    progress: Callable[[str], None],
    say: Callable[[str], None],
) -> tuple[list[Figure], list[Course]]:
    before = shipped.tree_of(options.before) if options.before else None
    if before is None and _BESIDE & set(wanted):
        say("left out: the revision before; say which with --before (BEFORE=path|revision)")
    figures = _measure_builds(wanted, options, before, progress, say)
    courses: list[Course] = []
    if Section.FILING in wanted:
        figures += filing.measure(progress)
    if {Section.CASES, Section.READS} & set(wanted):
        more, courses = _measure_on_stack(wanted, progress)
        figures += more
    if Section.SWEEP in wanted:
        with emulator(_LOGS) as aws_url:
            figures += sweep.measure(aws_url, progress)
    if Section.RELAY in wanted:
        figures += relaying.measure(progress, before)
    if Section.LISTS in wanted:
        figures += lists.measure(progress, before)
    if Section.LIGHTHOUSE in wanted:
        figures += lighthouse.measure(_LOGS / "stack", progress, say)
    return figures, courses


def _measure_builds(
    wanted: Sequence[Section],
    options: argparse.Namespace,
    tree: shipped.Tree | None,
    progress: Callable[[str], None],
    say: Callable[[str], None],
) -> list[Figure]:
    if not {Section.IMPORTS, Section.POSTS} & set(wanted):
        return []
    progress("laying out what is shipped")
    own, before = shipped.own(), shipped.before(tree) if tree else None
    figures: list[Figure] = []
    if Section.IMPORTS in wanted:
        figures += imports.measure(options.runs, progress, own, before)
    if Section.POSTS in wanted:
        hub, others = posts.subjects(own, before, options.cookbook, say)
        figures += posts.measure(options.runs, progress, hub, others)
    return figures


def _measure_on_stack(
    wanted: Sequence[Section], progress: Callable[[str], None]
) -> tuple[list[Figure], list[Course]]:
    figures: list[Figure] = []
    starts = cases.measured_starts(progress) if Section.CASES in wanted else {}
    with emulator(_LOGS) as aws_url:
        progress("cases: starting the stack")
        with cases.metered_hub(aws_url, _LOGS / "stack", starts) as live:
            first = live(cases.TO_THE_COURT, 1)
            courses = []
            if Section.CASES in wanted:
                progress("cases: to the court, then settled")
                courses = [live(cases.TO_THE_COURT, 2), live(cases.SETTLED, 3)]
                figures += cases.figures_of(*courses)
                figures += heat.figures_of(courses[0].reading.heat)
        if Section.READS in wanted:
            respondent = cases.filing_of(1)["respondents"][0]
            figures += pages.measure(aws_url, first.case_id, progress)
            figures += reads.measure(aws_url, first.case_id, respondent["id_number"], progress)
    return figures, courses


if __name__ == "__main__":
    try:
        raise SystemExit(main())
    except KeyboardInterrupt:
        raise SystemExit(130) from None
