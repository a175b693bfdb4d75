"""The generated page of the case's life says all that the domain does, and is current."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from chalicelib.domain.deadlines import step_of, steps_at
from chalicelib.domain.stages import Action, EventType, Stage
from chalicelib.domain.steps import CourtLimits, Step
from chalicelib.domain.transitions import TRANSITIONS
from infra.docs import PAGE, comments, edges, main, page, rules
from tests.support.atlas import atlas

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOT = Path(__file__).parents[2]


def test_the_page_is_current(tmp_path: Path) -> None:
    """`make docs` would change nothing."""
    main(tmp_path / "page.md")
    written = (tmp_path / "page.md").read_text(encoding="utf-8")
    assert (ROOT / PAGE).read_text(encoding="utf-8") == written, "run: make docs"


@pytest.mark.parametrize(
    "words",
    [
        [f"`{stage}`" for stage in Stage],
        [f"`{action}`" for action in Action],
        [f"`{event}`" for event in EventType if event is not EventType.CASE_FILED],
        [row.basis for row in TRANSITIONS],
        [word for rule in rules() for word in (rule.name, rule.article, rule.summary, rule.summary_zh)],
        [row.branch.summary_zh for row in TRANSITIONS if row.branch],
        [f"`{entry.name}`" for entry in fields(CourtLimits)],
    ],
    ids=["stages", "actions", "events", "bases", "rules", "conditions", "limits"],
)
def test_nothing_is_left_out(words: Iterable[str]) -> None:
    """Whatever the domain names stands on the page."""
    text = page()
    assert not [word for word in words if word not in text]


def test_the_diagram_has_every_arrow() -> None:
    """One arrow for each pair of stages that a row connects; withdrawals are drawn together."""
    text = page()
    for (source, target), actions in edges().items():
        arrow = f"    {source} --> {target}: {', '.join(actions)}\n"
        assert (arrow in text) is (target is not Stage.WITHDRAWN)
    assert {arrow for arrow in edges() if arrow[1] is Stage.WITHDRAWN} == {
        (stage, Stage.WITHDRAWN)
        for stage in Stage
        if not stage.terminal and stage not in {Stage.PERFORMING, Stage.DEFAULTED}
    }


def test_names_and_sources_stand_beside_their_definitions() -> None:
    """Each stage has its Chinese name, each limit its source: the page can't be made without."""
    assert set(comments(Stage)) == {stage.name for stage in Stage}
    assert set(comments(CourtLimits)) == {entry.name for entry in fields(CourtLimits)}


def test_a_stages_steps_are_those_a_case_can_wait_in() -> None:
    """What the page says a stage waits for is what cases of that stage wait for."""
    waits: dict[Stage, set[Step]] = {}
    for case in atlas().states:
        waits.setdefault(case.stage, set()).add(step_of(case))
    assert waits == {stage: set(steps_at(stage)) for stage in Stage}


def test_the_rows_of_a_table_fit_its_head() -> None:
    """No cell broke a row in two."""
    columns = None
    for line in page().splitlines():
        if not line.startswith("|"):
            columns = None
            continue
        cells = line.replace("\\|", "").count("|")
        columns = columns or cells
        assert cells == columns, line
