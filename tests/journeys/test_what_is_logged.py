"""What the hub writes down while it works: ids and codes, and never a person."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

import pytest

from infra.local.enrolment import ACCOUNT
from tests.support.travel import BANK, MEDIATOR, Traveller

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.xdist_group("stack")

SERVICE: Final = {
    "address": "福建省宁德市蕉城区送达路77号",
    "recipient": "收件人甲",
    "phone": "13799990077",
    "electronic": "短信送达至本人手机",
}


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
    for name in (person["name"], "林和", "周正"):
        assert name not in logged
        assert json.dumps(name).strip('"') not in logged


def test_no_log_of_a_settlement_tells_code_account_or_amount(traveller: Traveller) -> None:
    """Nobody who reads logs learns what was offered (TY22), where it is paid to, or how to sign."""
    traveller.comes_to_mediation("settlement logged")
    traveller.agrees(traveller.instalments(2))
    line = traveller.settlement()["agreement"]["plan"]["lines"][0]
    traveller.pays("PAY-LOGGED", line["amount"])
    offer = traveller.settlement()["offers"][0]
    paper = {"kind": "service_address", "party_id": "r1", "service": SERVICE}
    path = f"/v1/cases/{traveller.case_id}/documents"
    assert traveller.hub.post(MEDIATOR, path, paper).status == 201
    wrong = {"party_id": "r1", "document_sha256": "0" * 64, "code": "000000"}
    assert traveller.tries(traveller.borrower, "signatures", wrong).status in {409, 422}
    logged = everything_logged(traveller)
    assert traveller.case_id in logged, "the logs of this journey are there"
    for party_id in ("a1", "r1"):
        # Alone, as six digits: parts of times and hashes look like it too.
        code = traveller.reads_code(party_id)
        assert re.search(rf"(?<![0-9A-Za-z.]){code}(?![0-9A-Za-z])", logged) is None, party_id
    amounts = [offer["figures"][name] for name in ("owed", "waived", "total")]
    for amount in (*amounts, offer["plan"]["total_in_capitals"], line["amount"]):
        assert amount not in logged
    for text in (
        ACCOUNT["number"],
        ACCOUNT["bank"],
        *SERVICE.values(),
        traveller.filed["applicant"]["phone"],
    ):
        assert text not in logged
        assert json.dumps(text).strip('"') not in logged


def test_every_line_about_a_case_carries_its_correlation_id(traveller: Traveller) -> None:
    traveller.files("correlated")
    traveller.waits_for("screened")
    about = [entry for entry in entries(traveller) if traveller.case_id in json.dumps(entry)]
    assert about
    for entry in about:
        assert entry.get("correlation_id"), entry


def test_metrics_have_the_stage_as_their_only_dimension(traveller: Traveller) -> None:
    traveller.files("measured")
    blobs = [entry for entry in entries(traveller) if "_aws" in entry]
    assert any("CasesFiled" in blob for blob in blobs)
    for blob in blobs:
        metric = blob["_aws"]["CloudWatchMetrics"][0]
        assert metric["Namespace"] == "JiefenHub"
        assert metric["Dimensions"] == [["stage"]]
        assert traveller.case_id not in json.dumps(blob)


def test_the_story_of_one_case_is_told_by_the_logs_alone(traveller: Traveller) -> None:
    """Every committed event in order with its role, and one chain from a request to the court's answer."""
    traveller.comes_to_mediation("story")
    traveller.acts(MEDIATOR, "failure", reason="differences_too_large")
    chain = f"transfer-{traveller.case_id}"
    based_on = f'"{traveller.reads()["version"]}"'
    path = f"/v1/cases/{traveller.case_id}/transfer"
    asked = traveller.hub.post(BANK, path, {"insists": True}, If_Match=based_on, X_Correlation_Id=chain)
    assert asked.status == 200, asked.code
    traveller.waits_for("docketed")
    logged = [entry for entry in entries(traveller) if "message" in entry]
    of_case = [entry for entry in logged if entry.get("case_id") == traveller.case_id]
    story = sorted((entry for entry in of_case if entry["message"] == "event"), key=lambda e: e["sequence"])
    assert [entry["sequence"] for entry in story] == list(range(1, len(story) + 1))
    told = [(entry["event"], entry["role"]) for entry in story]
    assert told[:7] == [
        ("case_filed", "institution"),
        ("case_screened", "system"),
        ("mediator_appointed", "centre"),
        ("appointment_accepted", "mediator"),
        ("mediation_begun", "borrower"),
        ("identity_checked", "mediator"),
        ("mediation_failed", "mediator"),
    ]
    rest = [entry for entry in told[7:] if not entry[0].endswith("_overdue")]  # on a slow machine
    assert rest[:2] == [("transfer_requested", "institution"), ("transfer_submitted", "system")]
    assert told[-1] == ("case_docketed", "court")
    assert functions_of(chain, logged) >= {"api", "relay", "workflow", "court"}
    # A delay on the way may have been what reached the court first: its chain begins with a request, too.
    answered = story[-1]["correlation_id"]
    assert functions_of(answered, logged) >= {"api", "relay", "workflow", "court", "callbacks"}
    asked_by = {
        e.get("role") for e in logged if (e.get("correlation_id"), e["message"]) == (answered, "request")
    }
    assert asked_by & {"institution", "mediator"}


def functions_of(chain: str, logged: list[dict[str, Any]]) -> set[str]:
    """Return which functions took part in a chain."""
    return {entry["function"] for entry in logged if entry.get("correlation_id") == chain}


def test_a_refusal_says_what_it_was_of_whom_and_how_long_it_took(traveller: Traveller) -> None:
    traveller.files("refused")
    refused = traveller.tries(BANK, "repayments", {"reference": "R"})
    assert refused.status in {400, 422}
    line = next(
        entry
        for entry in reversed(list(entries(traveller)))
        if entry.get("case_id") == traveller.case_id and entry.get("status") == refused.status
    )
    assert (line["code"], line["institution_id"]) == (refused.code, BANK["institution_id"])
    assert line["milliseconds"] >= 0


def test_every_line_names_its_function(traveller: Traveller) -> None:
    traveller.files("named")
    traveller.waits_for("screened")
    written = [entry for entry in entries(traveller) if entry.get("service") == "jiefen-hub"]
    assert written
    functions = {"api", "authorizer", "relay", "workflow", "court", "callbacks", "notices", "reconcile"}
    assert {entry.get("function") for entry in written} <= functions
