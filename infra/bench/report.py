"""What `make bench` shows: every figure beside its budget, and what a case's price is made of."""

from __future__ import annotations

import json
import platform
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from rich.table import Table

from infra.bench.prices import bill, total
from infra.bench.reads import LARGE, SMALL

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rich.console import Console

    from infra.bench.cases import Course
    from infra.bench.figures import Figure

_TITLES = {
    "imports": "Cold start 冷启动",
    "posts": "The first POST and a warm one, beside others 首次与后续请求的对比",
    "filing": "A filing 一次立案申请",
    "cases": "1,000 whole cases 每千案全流程费用",
    "sweep": "The sweep 巡检",
    "relay": "The relay 转发",
    "lists": "Lists in a big table 大表中的列表",
    "lighthouse": "Start pages of the console, by Lighthouse 网页首页",
    "keys": "The hottest keys 最热的分区键",
    "reads": f"Reads of {LARGE:,} cases beside {SMALL:,} 读取成本不随案件总量增长",
}


def show(console: Console, figures: Sequence[Figure], courses: Sequence[Course]) -> None:
    """Print everything."""
    for section, title in _TITLES.items():
        own = [figure for figure in figures if figure.section.value == section]
        if own:
            console.print(_figures(title, own))
    if courses:
        console.print(_requests(courses))
        console.print(_bill(courses))


def write(path: Path, figures: Sequence[Figure], courses: Sequence[Course]) -> None:
    """Write everything as JSON, for a machine to compare with the last time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    found = {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}",
        "figures": [figure.as_json() for figure in figures],
        "cases": [course.as_json() for course in courses],
    }
    path.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _figures(title: str, figures: Sequence[Figure]) -> Table:
    table = _table(title, "what", right=("measured", "budget"))
    table.add_column("")
    table.add_column("how", style="dim")
    for figure in figures:
        table.add_row(figure.name, _value(figure), _budget(figure), _verdict(figure), figure.note)
    return table


def _value(figure: Figure) -> str:
    number = (
        f"{figure.value:.0f}"
        if float(figure.value).is_integer() and figure.unit != "x"
        else f"{figure.value:.2f}"
    )
    return f"{number} {figure.unit}".rstrip()


def _budget(figure: Figure) -> str:
    return "" if figure.budget is None else f"{figure.budget:g}"


def _verdict(figure: Figure) -> str:
    return {None: "", True: "[green]kept[/green]", False: "[bold red]BROKEN[/bold red]"}[figure.kept]


def _requests(courses: Sequence[Course]) -> Table:
    table = _table("AWS requests of one case 单案请求数", "service.operation", right=_names(courses))
    for name in sorted({name for course in courses for name in course.reading.requests}):
        table.add_row(name, *(str(course.reading.requests[name]) for course in courses))
    table.add_section()
    for function in courses[0].invocations:
        table.add_row(
            f"invocations of {function}", *(str(course.invocations[function]) for course in courses)
        )
    return table


def _bill(courses: Sequence[Course]) -> Table:
    table = _table("USD for 1,000 cases 每千案费用（美元）", "billed", right=_names(courses))
    for lines in zip(*(bill(course.usage) for course in courses), strict=True):
        cells = [f"{line.amount:,.2f}  {line.dollars_per_thousand:.3f}" for line in lines]
        table.add_row(lines[0].name, *cells)
    table.add_section()
    table.add_row("total", *(f"{total(course.usage):.3f}" for course in courses))
    return table


def _names(courses: Sequence[Course]) -> list[str]:
    return [course.name for course in courses]


def _table(title: str, first: str, *, right: Sequence[str]) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold")
    table.add_column(first)
    for name in right:
        table.add_column(name, justify="right")
    return table
