"""The guide's worked example is what the API answers."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.support.bodies import filing
from tests.support.http import Api

PAGE = (Path(__file__).parents[2] / "docs" / "guides" / "calculation.md").read_text(encoding="utf-8")
REQUEST, ANSWER, SEGMENT, PROBLEM = (
    json.loads(block) for block in re.findall(r"```json\n(.*?)```", PAGE, flags=re.DOTALL)
)


def part_of(shown: dict[str, Any], whole: dict[str, Any]) -> dict[str, Any]:
    """Return of a whole what the guide shows of it."""
    return {name: whole[name] for name in shown}


def test_the_calculation_is_the_guides() -> None:
    """The amounts, the fee, and the segment that is explained."""
    answer = Api().post("/v1/calculations", REQUEST)
    assert part_of(ANSWER, answer.body) == ANSWER
    assert SEGMENT in answer.body["segments"]


def test_the_refusal_is_the_guides() -> None:
    """Line by line."""
    body = filing(claim=REQUEST["claim"], debt=REQUEST["debt"])
    answer = Api().post("/v1/filings", body, Idempotency_Key="key-1")
    assert part_of(PROBLEM, answer.body) == PROBLEM


@pytest.mark.parametrize(
    "shown",
    re.findall(r"`(\{\"kind\":[^`]*\})`", PAGE.replace("\n  ", " ")),
    ids=lambda shown: str(shown)[:30],
)
def test_each_option_can_be_sent(shown: str) -> None:
    """Schedules and rates as the guide writes them."""
    option = json.loads(shown.replace("[...]", "[]"))
    field = "rates" if option["kind"] in {"fixed", "lpr"} else "interest_due"
    contract = {**REQUEST["debt"]["contract"], field: [option] if field == "rates" else option}
    lpr = [{"on": on, "one_year": "3.85", "five_years": "4.65"} for on in ("2021-03-20", "2021-12-20")]
    body = {**REQUEST, "debt": {"contract": contract, "lpr": lpr}}
    assert Api().post("/v1/calculations", body).status == 200
