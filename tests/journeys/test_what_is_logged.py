"""What the hub writes down while it works: ids and codes, and never a person."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.travel import BANK, MEDIATOR, Traveller

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.xdist_group("stack")


def everything_logged(traveller: Traveller) -> str:
    logs = traveller.stack.logs.glob("*.log")
    return "\n".join(path.read_text(encoding="utf-8") for path in logs)


def entries(traveller: Traveller) -> Iterator[dict[str, Any]]:
    """Read every JSON document logged; threads of one local process may share a line."""
    decoder = json.JSONDecoder()
    for line in everything_logged(traveller).splitlines():
        at = 0
        while line[at : at + 1] == "{":
            try:
                entry, at = decoder.raw_decode(line, at)
            except json.JSONDecodeError:
                break  # the last line is still being written
            yield entry


def test_no_log_of_a_journey_holds_anything_personal(traveller: Traveller) -> None:
    """Names, id numbers, phones and addresses of the case's people are in no log of any process."""
    traveller.comes_to_mediation("logged")
    traveller.acts(MEDIATOR, "failure", reason="differences_too_large")
    traveller.acts(BANK, "transfer", insists=True)
    traveller.waits_for("docketed")
    bad = {**traveller.filed, "respondents": [{**traveller.filed["respondents"][0], "phone": "13812345678x"}]}
    refused = traveller.hub.post(BANK, "/v1/filings", bad, Idempotency_Key="bad-phone")
    assert refused.status in {400, 422}
    logged = everything_logged(traveller)
    assert traveller.case_id in logged, "the logs of this journey are there"
    person, bank = traveller.filed["respondents"][0], traveller.filed["applicant"]
    for holder in (person, bank):
        for field in ("name", "phone", "address"):
            assert holder[field] not in logged, field
    for number in (person["id_number"], bank["unified_social_credit_code"], "13812345678"):
        assert number not in logged
    escaped = json.dumps(person["name"]).strip('"')
    assert escaped not in logged


def test_every_line_about_a_case_carries_its_correlation_id(traveller: Traveller) -> None:
    traveller.files("correlated")
    traveller.waits_for("screened")
    about = [entry for entry in entries(traveller) if traveller.case_id in json.dumps(entry)]
    assert about
    for entry in about:
        assert entry["correlation_id"], entry


def test_metrics_have_the_stage_as_their_only_dimension(traveller: Traveller) -> None:
    traveller.files("measured")
    blobs = [entry for entry in entries(traveller) if "_aws" in entry]
    assert any("CasesFiled" in blob for blob in blobs)
    for blob in blobs:
        metric = blob["_aws"]["CloudWatchMetrics"][0]
        assert metric["Namespace"] == "JiefenHub"
        assert metric["Dimensions"] == [["stage"]]
        assert traveller.case_id not in json.dumps(blob)
