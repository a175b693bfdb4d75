"""What a later release stored is kept when this one writes the record again, at any depth of its JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.adapters.dynamo.stored_case import case_of, case_record
from chalicelib.adapters.dynamo.structure import from_json, to_json
from chalicelib.domain.agreement.settlement import Settlement
from chalicelib.domain.money import Money
from chalicelib.domain.stages import Stage
from tests.unit.dynamo.strategies import CASES, INSTANTS, TRANSFERS

if TYPE_CHECKING:
    from chalicelib.domain.case import Case
    from chalicelib.domain.transfer import Transfer

GOLDEN: Final = Path(__file__).parents[2] / "golden"
LATER: Final = "of_a_later_release"


def grown(value: Any, *, rows: bool = False) -> Any:
    """Return JSON with a key more in every object and, if asked for, an entry more in every row."""
    if isinstance(value, dict):
        return {**{name: grown(each, rows=rows) for name, each in value.items()}, LATER: [{"n": 1}]}
    if isinstance(value, list):
        is_table = rows and bool(value) and all(isinstance(each, list) for each in value)
        return [[*each, "more"] if is_table else grown(each, rows=rows) for each in value]
    return value


def content(case: Case) -> Any:
    """Return the JSON of a case's record."""
    return json.loads(case_record(case).serialize()["content"]["S"])


def stored_by_a_later_release(case: Case) -> dict[str, Any]:
    """Return a case's record with more in each object of its JSON."""
    item: dict[str, Any] = case_record(case).serialize()
    return {**item, "content": {"S": json.dumps(grown(content(case)))}}


@given(CASES)
def test_a_case_that_is_written_again_is_as_it_was(case: Case) -> None:
    """Whatever is in it."""
    item = stored_by_a_later_release(case)
    read = case_of(item)
    assert read == replace(case, talk=None)
    assert content(read) == json.loads(item["content"]["S"])


@given(CASES, INSTANTS, st.sampled_from(Stage))
def test_what_changes_beside_it_takes_nothing_away(case: Case, at: Any, stage: Stage) -> None:
    """A change of the case's own fields; each object within is still the same one."""
    read = case_of(stored_by_a_later_release(case))
    written = content(replace(read, updated_at=at, stage=stage, step=case.step))
    assert written[LATER] == [{"n": 1}]
    assert [party[LATER] for party in written["parties"]] == [[{"n": 1}]] * len(case.parties)
    assert LATER in written["claim"]


@given(CASES, TRANSFERS)
def test_what_belonged_to_another_object_goes_with_it(case: Case, transfer: Transfer) -> None:
    """A second transfer does not get what was known of the first; another receipt of the same one does."""
    first = replace(transfer, transfer_id="T-1", receipt_id=None)
    read = case_of(stored_by_a_later_release(replace(case, transfer=first)))
    same = content(replace(read, transfer=replace(first, receipt_id="R-1")))
    other = content(replace(read, transfer=replace(first, transfer_id="T-2")))
    assert LATER in same["transfer"]
    assert LATER not in other["transfer"]
    assert LATER in other


@given(CASES)
def test_a_corrected_amount_does_not_keep_what_was_computed_for_another(case: Case) -> None:
    read = case_of(stored_by_a_later_release(case))
    corrected = replace(case.claim, principal=case.claim.principal + Money(1))
    assert LATER not in content(replace(read, claim=corrected))["claim"]


@pytest.mark.parametrize("name", ["in_force", "negotiated", "refused"])
def test_a_settlement_that_is_written_again_is_as_it_was(name: str) -> None:
    """Offers, plan, signing and payments; rows, too."""
    item = json.loads((GOLDEN / "v2" / f"settlement.{name}.json").read_text(encoding="utf-8"))
    later = grown(json.loads(item["content"]["S"]), rows=True)
    read = from_json(Settlement, later, "settlement")
    assert to_json(Settlement, read) == later
    assert LATER in to_json(Settlement, replace(read, carried=()))


def test_an_earlier_schema_leaves_nothing_behind() -> None:
    """Its attributes are not taken for those of a later release."""
    item = json.loads((GOLDEN / "v1" / "case.confirmed.json").read_text(encoding="utf-8"))
    assert case_of(item).as_stored == {}
