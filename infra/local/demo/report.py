"""What the demo shows: progress while it runs, the centre's outcome report at the end.

Promise: every case is accounted for; one that did not end as it should has a line of its own. Every
rate names what it divides by.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.console import Console

    from infra.local.demo.driver import Course

_STAGES = (
    "unfiled", "filed", "screened", "assigned", "in_mediation", "settled", "unresolved", "transferring",
    "submitted", "returned", "corrected", "signed", "closed", "withdrawn", "docketed", "refused",
)  # fmt: skip
_ENDS_ZH = {
    "signed": "协议生效",
    "closed": "结案（不坚持诉讼）",
    "withdrawn": "撤回",
    "docketed": "已立案",
    "refused": "不予受理",
}


def progress_line(courses: Sequence[Course], seconds: float, notes: Sequence[str]) -> str:
    """Say in one line how far the caseload is."""
    counts = Counter(course.stage for course in courses)
    ended = sum(1 for course in courses if course.over)
    stages = "  ".join(f"{stage} {counts[stage]}" for stage in _STAGES if counts[stage])
    remarks = f"  [{', '.join(notes)}]" if notes else ""
    return f"{seconds:4.0f} s  {ended}/{len(courses)} ended  {stages}{remarks}"


def print_report(
    console: Console, courses: Sequence[Course], court: Mapping[str, Any], seconds: float
) -> int:
    """Print the report; return how many things are not as they should be."""
    console.print(_by_course(courses))
    console.print(_by_end(courses))
    ended = Counter(course.stage for course in courses)
    attempts = sum(ended[stage] for stage in ("signed", "closed", "docketed", "refused"))
    console.print(
        f"Mediation rate 调解成功率: {ended['signed']} agreements in force / {attempts} attempts ended "
        f"(withdrawn aside) = {_percent(ended['signed'], attempts)}"
    )
    withdrawn = {course.case_id for course in courses if course.stage == "withdrawn"}
    # A court may docket a case in the moment in which it is withdrawn; the notice then finds it docketed.
    numbers = {
        filing["court_case_number"]
        for filing in court["filings"]
        if filing["transfer_id"].rpartition("-T")[0] not in withdrawn
    } - {None}
    agree = numbers == {_court_case_number(course) for course in courses} - {None}
    console.print(
        f"Case numbers the court assigned 法院案号: {len(numbers)}; "
        f"{'the same' if agree else '[red]NOT the same[/red]'} as the hub's"
    )
    wrong = [course for course in courses if course.wrong]
    for course in wrong:
        refused = f"; refused: {', '.join(course.refusals[-3:])}" if course.refusals else ""
        console.print(
            f"[red]NOT AS IT SHOULD[/red] {course.case_id} ({course.script.name}): {course.wrong}{refused}"
        )
    verdict = "every case ended as it should" if not wrong else f"{len(wrong)} did not end as they should"
    console.print(f"{len(courses)} cases in {seconds:.0f} s: {verdict}")
    return len(wrong) + (not agree)


def _court_case_number(course: Course) -> str | None:
    transfer = course.view["transfer"] if course.view else None
    docketing = transfer["docketing"] if transfer else None
    return docketing["court_case_number"] if docketing else None


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
