"""What the hub writes down while it works: ids and codes, and never a person."""

from __future__ import annotations

import json
import re

import pytest

from tests.support.travel import BANK, MEDIATOR, Traveller

pytestmark = pytest.mark.xdist_group("stack")


def everything_logged(traveller: Traveller) -> str:
    logs = traveller.stack.logs.glob("*.log")
    return "\n".join(path.read_text(encoding="utf-8") for path in logs)


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
    lines = [line for line in everything_logged(traveller).splitlines() if traveller.case_id in line]
    assert lines
    for line in lines:
        assert json.loads(line)["correlation_id"], line


def test_metrics_have_the_stage_as_their_only_dimension(traveller: Traveller) -> None:
    traveller.files("measured")
    blobs = [json.loads(line) for line in everything_logged(traveller).splitlines() if '"_aws"' in line]
    filed = [blob for blob in blobs if "CasesFiled" in blob]
    assert filed
    for blob in blobs:
        metric = blob["_aws"]["CloudWatchMetrics"][0]
        assert metric["Namespace"] == "JiefenHub"
        assert metric["Dimensions"] == [["stage"]]
        assert not re.search(traveller.case_id, json.dumps(blob))
