"""What is shown and written."""

from __future__ import annotations

import io
import json
from collections import Counter
from typing import TYPE_CHECKING

from rich.console import Console

from infra.bench import report
from infra.bench.cases import Course
from infra.bench.figures import Figure, Section
from infra.bench.meter import Reading
from infra.bench.prices import Usage

if TYPE_CHECKING:
    from pathlib import Path

FIGURES = [
    Figure(section=Section.IMPORTS, name="relay: import", value=1.234, unit="x boto3", budget=1.4),
    Figure(section=Section.FILING, name="calls", value=3, unit="", budget=2, note="one too many"),
    Figure(section=Section.READS, name="GET /v1/cases", value=1.0, unit="x"),
]


def course(name: str, requests: dict[str, int]) -> Course:
    """Return a course that asked for this."""
    return Course(
        name=name,
        case_id="C-1",
        reading=Reading(requests=Counter(requests)),
        api_requests=Counter(),
        invocations=Counter(relay=3),
        warm=Usage(state_transitions=19),
        starts={"relay": 0.0},
    )


def shown(*courses: Course) -> str:
    """Return what stands on a wide console."""
    console = Console(file=io.StringIO(), width=160)
    report.show(console, FIGURES, courses)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_each_figure_stands_beside_its_budget() -> None:
    """With its verdict and how it was found."""
    text = shown()
    relay, calls, cases = (
        next(line for line in text.splitlines() if name in line)
        for name in ("relay: import", "calls", "GET /v1/cases")
    )
    assert "1.23 x boto3" in relay
    assert "1.4" in relay
    assert "kept" in relay
    assert "BROKEN" in calls
    assert "one too many" in calls
    assert "kept" not in cases
    assert "BROKEN" not in cases


def test_courses_are_compared_by_request_and_by_price() -> None:
    """What only one of them asked for is nought for the other."""
    text = shown(course("to court", {"s3.PUT": 3}), course("settled", {"kms.Decrypt": 1}))
    (put,) = [line for line in text.splitlines() if "s3.PUT" in line]
    assert [cell.strip() for cell in put.split("│")[1:-1]] == ["s3.PUT", "3", "0"]
    (total,) = [line for line in text.splitlines() if "total" in line]
    assert total.count("0.475") == 2


def test_json_holds_everything(tmp_path: Path) -> None:
    """The folder is made; the time and the Python are told."""
    out = tmp_path / "build" / "bench.json"
    report.write(out, FIGURES, [course("settled", {})])
    found = json.loads(out.read_text(encoding="utf-8"))
    assert [figure["kept"] for figure in found["figures"]] == [True, False, None]
    assert found["cases"][0]["usage"]["state_transitions"] == 19
    assert {"measured_at", "python", "machine"} <= found.keys()
