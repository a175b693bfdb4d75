"""What the demo shows: progress while it runs, the centre's outcome report at the end.

Promise: every case is accounted for; one that did not end as it should has a line of its own. Every
rate names what it divides by, and all figures name their period.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from rich.table import Table

from infra.local.demo import figures
from infra.local.demo.script import AT_COURT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from rich.console import Console

    from infra.local.demo.driver import Course
    from infra.local.demo.outcomes import Outcomes
    from infra.local.demo.papers import Papers

_STAGES: Final = (
    "unfiled", "filed", "screened", "assigned", "in_mediation", "settled", "performing", "defaulted",
    "unresolved", "transferring", "submitted", "returned", "corrected",
    "paid", "performed", "closed", "withdrawn", "docketed", "refused",
)  # fmt: skip
_ENDS_ZH: Final = {
    "paid": "当场履行完毕",
    "performed": "履行完毕",
    "closed": "结案（不坚持诉讼）",
    "withdrawn": "撤回",
    "docketed": "已立案",
    "refused": "不予受理",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A finished run: its caseload, the outcomes, and its first and last day in case time."""

    courses: Sequence[Course]
    outcomes: Outcomes
    papers: Papers
    court: Mapping[str, Any]
    seconds: float
    began_on: date
    ended_on: date


def progress_line(courses: Sequence[Course], seconds: float, notes: Sequence[str]) -> str:
    """Return the progress of the caseload in one line."""
    counts = Counter(course.stage for course in courses)
    ended = sum(1 for course in courses if course.over)
    stages = "  ".join(f"{stage} {counts[stage]}" for stage in _STAGES if counts[stage])
    remarks = f"  [{', '.join(notes)}]" if notes else ""
    return f"{seconds:4.0f} s  {ended}/{len(courses)} ended  {stages}{remarks}"


def print_report(console: Console, run: Run) -> int:
    """Print the report; return the number of faults."""
    courses = run.courses
    period = f"{run.began_on} to {run.ended_on}, case time"
    console.print(_by_course(courses))
    console.print(_by_end(courses))
    console.print(_figures(run.outcomes, period))
    console.print(_kinds(run.outcomes))
    _print_rate(console, run.outcomes)
    faults = _balance(console, run.outcomes) + _papers(console, run.papers) + _numbers(console, run)
    wrong = [course for course in courses if course.wrong]
    for course in wrong:
        refused = f"; refused: {', '.join(course.refusals[-3:])}" if course.refusals else ""
        console.print(
            f"[red]NOT AS IT SHOULD[/red] {course.case_id} ({course.script.name}): {course.wrong}{refused}"
        )
    verdict = "every case ended as it should" if not wrong else f"{len(wrong)} did not end as they should"
    console.print(f"{len(courses)} cases in {run.seconds:.0f} s: {verdict}")
    return len(wrong) + faults


def _print_rate(console: Console, outcomes: Outcomes) -> None:
    tried = [outcome for outcome in outcomes.each if outcome.course.stage != "withdrawn"]
    agreed = sum(1 for outcome in tried if outcome.settlement["performance"])
    console.print(
        f"Mediation rate 调解成功率: {agreed} cases whose agreement came into force / {len(tried)} cases "
        f"that ended (withdrawn aside) = {_percent(agreed, len(tried))}"
    )
    sued = sum(1 for outcome in tried if outcome.course.stage in AT_COURT)
    console.print(
        f"Ended before the court 进入诉讼或执行: {sued} / {len(tried)} = {_percent(sued, len(tried))}"
    )


def _balance(console: Console, outcomes: Outcomes) -> int:
    words, off = figures.balance(outcomes)
    console.print(f"Balance of all agreements 收支平衡: {words}")
    if off:
        console.print(f"[red]NOT BALANCED[/red] by {off} fen over all cases")
    for unread in outcomes.unread:
        console.print(f"[red]NOT READ[/red] {unread}")
    return (off != 0) + len(outcomes.unread)


def _papers(console: Console, papers: Papers) -> int:
    counts = papers.counts()
    listed = ", ".join(f"{name} {n}" for name, n in counts.items())
    console.print(f"Papers fetched, their bytes as their ids say 文书: {sum(counts.values())} ({listed})")
    for fault in papers.faults:
        console.print(f"[red]PAPER[/red] {fault}")
    return len(papers.faults)


def _numbers(console: Console, run: Run) -> int:
    # The court may docket a case just before it gets the notice of its withdrawal: such numbers are left out.
    # On a kept table it has filings of earlier runs, too.
    looked_at = {course.case_id for course in run.courses if course.stage != "withdrawn"}
    given = {
        filing["court_case_number"]
        for filing in run.court["filings"]
        if filing["transfer_id"].partition("-")[0] in looked_at
    } - {None}
    held = {number for outcome in run.outcomes.each for number in outcome.court_case_numbers}
    words = Counter(word for number in given for word in ("诉前调确", "民初", "执") if word in number)
    shown = ", ".join(f"{word} {count}" for word, count in words.items())
    agree = given == held
    console.print(
        f"Case numbers the court assigned 法院案号: {len(given)} ({shown}); "
        f"{'the same' if agree else '[red]NOT the same[/red]'} as the hub's"
    )
    return int(not agree)


def _figures(outcomes: Outcomes, period: str) -> Table:
    table = Table(
        "figure", "指标", "cases", "out of", "yuan", title=f"The centre's figures 中心数据 ({period})"
    )
    for line in figures.lines(outcomes):
        table.add_row(*line)
    return table


def _kinds(outcomes: Outcomes) -> Table:
    table = Table("kind of settlement", "调解与履行情形", "cases", title="What was lived through 情形")
    for name, zh, count in figures.kinds(outcomes):
        table.add_row(name, zh, str(count) if count else "not in this run")
    return table


def _by_course(courses: Sequence[Course]) -> Table:
    table = Table("course", "案件经过", "cases", "ended as", title="Caseload 案件")
    names = dict.fromkeys(course.script.name for course in courses)
    for name in names:
        mine = [course for course in courses if course.script.name == name]
        ends = Counter(course.stage for course in mine)
        table.add_row(
            name,
            mine[0].script.name_zh,
            str(len(mine)),
            ", ".join(f"{end} {n}" for end, n in sorted(ends.items())),
        )
    return table


def _by_end(courses: Sequence[Course]) -> Table:
    table = Table("outcome", "结果", "cases", "share of all", title="Outcomes 结果")
    counts = Counter(course.stage for course in courses)
    for stage, count in counts.most_common():
        table.add_row(stage, _ENDS_ZH.get(stage, ""), str(count), _percent(count, len(courses)))
    table.add_section()
    table.add_row("all", "合计", str(len(courses)), "100.0 %")
    return table


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "-"
