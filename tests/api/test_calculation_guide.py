"""The guide to calculations: each option of a contract that it writes down can be sent."""

import json
import re
from pathlib import Path

import pytest

from tests.support.bodies import loan_debt
from tests.support.http import Api

PAGE = (Path(__file__).parents[2] / "docs" / "guides" / "calculation.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "shown",
    re.findall(r"`(\{\"kind\":[^`]*\})`", PAGE.replace("\n  ", " ")),
    ids=lambda shown: str(shown)[:30],
)
def test_each_option_can_be_sent(shown: str) -> None:
    """Schedules and rates as the guide writes them."""
    option = json.loads(shown.replace("[...]", "[]"))
    field = "rates" if option["kind"] in {"fixed", "lpr"} else "interest_due"
    contract = {**loan_debt()["contract"], field: [option] if field == "rates" else option}
    lpr = [{"on": on, "one_year": "3.85", "five_years": "4.65"} for on in ("2021-03-20", "2021-12-20")]
    debt = {"contract": contract, "lpr": lpr}
    body = {"case_type": "financial_loan_contract", "debt": debt, "as_of": "2022-09-30"}
    assert Api().post("/v1/calculations", body).status == 200
