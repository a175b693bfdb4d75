"""The example cases of `make run`, on a table that was kept from an earlier day too."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import TYPE_CHECKING, Any, cast

from infra.local.demo.client import Answer
from infra.local.demo.people import filing
from infra.local.example import example_case

if TYPE_CHECKING:
    from collections.abc import Mapping

    from infra.local.demo.client import HubClient


class _Hub:
    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.keys: list[str] = []

    def post(self, _who: Mapping[str, Any], _path: str, _body: Mapping[str, Any], **headers: str) -> Answer:
        self.keys.append(headers["Idempotency_Key"])
        return self.answer


def test_the_case_of_an_earlier_day_is_found_again() -> None:
    """The key is the day's, as the body is; the claim is the same, so the hub names the case that has it."""
    hub = _Hub(Answer(409, {}, {"code": "duplicate_filing", "existing_case_id": "c-1"}))
    assert example_case(cast("HubClient", hub)) == "c-1"
    (key,) = hub.keys
    assert key.startswith("example-case-20")


def test_an_example_is_the_same_claim_on_every_day() -> None:
    """Contract and borrowers do not depend on the day; the day of the claim does."""
    one, other = (filing(Random("x"), 1, "court", date(2026, 5, day)) for day in (8, 9))  # noqa: S311 - no secret
    assert one != other
    assert (one["contract_number"], one["respondents"]) == (other["contract_number"], other["respondents"])
