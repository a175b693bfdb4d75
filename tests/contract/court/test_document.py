"""The published contract is sound, says what the code says, and its examples keep it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import openapi_spec_validator
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.adapters import signatures
from chalicelib.adapters.court import one_network
from chalicelib.api.court import LARGEST_CALLBACK
from chalicelib.domain.agreement.confirmation import WINDOW_DAYS, RejectionGround
from chalicelib.domain.claim import CaseType
from chalicelib.domain.reasons import FailureReason
from chalicelib.domain.transfer import Procedure, ReviewResult
from infra.local.court import confirmation, contract, server
from tests.contract.court.messages import AGREEMENT, CONFIRMATION, ENFORCEMENT, FILING, ruled, utc

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCUMENT: dict[str, Any] = yaml.safe_load(contract.PUBLISHED.read_text(encoding="utf-8"))
SCHEMAS: dict[str, Any] = DOCUMENT["components"]["schemas"]


def walk(node: object) -> Iterator[dict[str, Any]]:
    """Yield every object of the document."""
    if isinstance(node, dict):
        yield node
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else []:
        yield from walk(child)


def operations() -> list[dict[str, Any]]:
    """List every operation, webhooks included."""
    return [node for node in walk(DOCUMENT) if "operationId" in node]


def examples() -> list[tuple[str, str]]:
    """List (schema, example) wherever the document shows an example of a schema."""
    return [
        (node["schema"]["$ref"].rpartition("/")[2], example["$ref"].rpartition("/")[2])
        for node in walk(DOCUMENT)
        if "schema" in node
        for example in node.get("examples", {}).values()
    ]


def test_it_is_a_valid_openapi_document() -> None:
    openapi_spec_validator.validate(DOCUMENT)


def test_it_needs_nothing_of_yaml_that_not_every_tool_reads() -> None:
    assert "<<" not in contract.PUBLISHED.read_text(encoding="utf-8")


@pytest.mark.parametrize(("schema", "example"), examples())
def test_every_example_keeps_its_schema(schema: str, example: str) -> None:
    assert contract.published().faults(schema, DOCUMENT["components"]["examples"][example]["value"]) == []


def test_every_example_is_shown_somewhere() -> None:
    assert {example for _, example in examples()} == set(DOCUMENT["components"]["examples"])


@pytest.mark.parametrize("operation", operations(), ids=lambda operation: str(operation["operationId"]))
def test_every_operation_speaks_both_languages_and_names_its_errors(operation: dict[str, Any]) -> None:
    for text in (operation["summary"], operation["description"]):
        assert re.search(r"[一-龥]{2}", text)
        assert re.search(r"[A-Za-z]{4}", text)
    assert {"401", "5XX"} <= set(operation["responses"])


@pytest.mark.parametrize("operation", [one for one in operations() if "requestBody" in one])
def test_every_message_is_signed(operation: dict[str, Any]) -> None:
    headers = {one["$ref"].rpartition("/")[2] for one in operation["parameters"] if "$ref" in one}
    assert headers == {"WebhookId", "WebhookTimestamp", "WebhookSignature"}
    assert operation["security"][0].keys() <= {"hubSignature", "courtSignature"}


@pytest.mark.parametrize(
    "name",
    [
        "Filing",
        "Claim",
        "Mediation",
        "Agreement",
        "ManifestEntry",
        "Notice",
        "FilingReviewed",
        "FilingDocketed",
        "FilingRefused",
        "ConfirmationRuled",
        "ReviewReason",
    ],
)
def test_messages_are_closed_at_every_level_so_that_no_personal_data_rides_along(name: str) -> None:
    for node in walk(SCHEMAS[name]):
        if node.get("type") == "object":
            assert node["additionalProperties"] is False


@pytest.mark.parametrize(
    ("published", "domain"),
    [
        (SCHEMAS["CaseType"]["enum"], CaseType),
        (SCHEMAS["Procedure"]["enum"], Procedure),
        (SCHEMAS["RejectionGround"]["enum"], RejectionGround),
        (SCHEMAS["FilingReviewed"]["properties"]["data"]["properties"]["result"]["enum"], ReviewResult),
    ],
)
def test_the_codes_are_those_of_the_domain(published: list[str], domain: type[Any]) -> None:
    assert set(published) == {str(code) for code in domain}


def test_a_mediation_without_an_agreement_that_stands_ended_for_a_reason_of_the_domain() -> None:
    after_an_agreement = {"agreement_defaulted", "confirmation_rejected"}
    published = set(SCHEMAS["MediationReason"]["enum"])
    assert published == {str(reason) for reason in FailureReason} | after_an_agreement


@given(st.from_regex(SCHEMAS["MessageId"]["pattern"].replace("$", r"\Z")))
def test_every_message_id_it_allows_can_be_signed(message_id: str) -> None:
    key = signatures.new_shared_key()
    headers = signatures.sign(message_id, utc(), b"", [key])
    assert signatures.verify(headers, b"", [key], utc()) == message_id


def test_the_limits_it_states_are_the_limits_that_are_kept() -> None:
    text = DOCUMENT["info"]["description"]
    assert f"Requests at most {server.LONGEST_REQUEST // 1024} KiB" in text
    assert f"callbacks at most {LARGEST_CALLBACK // 1024} KiB" in text
    assert f"answers at most {one_network.LONGEST_ANSWER_BYTES // 1024} KiB" in text


def test_the_window_it_states_is_the_window_that_is_kept() -> None:
    text = DOCUMENT["info"]["description"]
    assert f"within {WINDOW_DAYS} days" in text
    assert "三十日内" in text
    assert WINDOW_DAYS == confirmation.WINDOW_DAYS == 30


def test_what_was_sent_before_1_1_is_still_a_suit() -> None:
    assert "matter" not in FILING
    assert "agreement" not in FILING
    for filing in (FILING, {**FILING, "matter": "suit", "agreement": None}):
        assert contract.published().faults("Filing", filing) == []


@pytest.mark.parametrize(
    ("filing", "faults"),
    [
        ({**FILING, "agreement": AGREEMENT}, [("/agreement", "type")]),
        ({**FILING, "mediation": CONFIRMATION["mediation"]}, [("/mediation/reason", "not")]),
        ({**CONFIRMATION, "matter": "suit"}, [("/agreement", "type"), ("/mediation/reason", "not")]),
        ({**CONFIRMATION, "agreement": None}, [("/agreement", "not")]),
        ({**ENFORCEMENT, "agreement": None}, [("/agreement", "not")]),
        (
            {name: part for name, part in CONFIRMATION.items() if name != "agreement"},
            [("", "required")],
        ),
        (
            {**CONFIRMATION, "agreement": {**AGREEMENT, "applied_on": None}},
            [("/agreement/applied_on", "not")],
        ),
        (
            {**ENFORCEMENT, "agreement": {**AGREEMENT, "confirmation_case_number": None}},
            [("/agreement/confirmation_case_number", "not")],
        ),
        ({**CONFIRMATION, "agreement": {**AGREEMENT, "terms": "x"}}, [("/agreement", "any_of")]),
        (
            {**CONFIRMATION, "matter": "appeal"},
            [("/agreement", "type"), ("/matter", "enum"), ("/mediation/reason", "not")],
        ),
    ],
)
def test_each_matter_brings_what_it_needs(filing: dict[str, Any], faults: list[tuple[str, str]]) -> None:
    assert contract.published().faults("Filing", filing) == faults


@pytest.mark.parametrize("filing", [CONFIRMATION, ENFORCEMENT])
def test_a_reason_may_be_given_where_an_agreement_was_reached(filing: dict[str, Any]) -> None:
    for reason in (None, "agreement_defaulted"):
        told = {**filing, "mediation": {**filing["mediation"], "reason": reason}}
        assert contract.published().faults("Filing", told) == []


@pytest.mark.parametrize(
    ("data", "faults"),
    [
        ({}, []),
        ({"message": "说明"}, []),
        ({"ruling": "rejected", "ground": "other"}, []),
        ({"ruling": "rejected"}, [("/data/ground", "not")]),
        ({"ground": "other"}, [("/data/ground", "type")]),
        ({"ruling": "rejected", "ground": "late"}, [("/data/ground", "any_of")]),
    ],
)
def test_a_ruling_names_a_ground_exactly_when_it_rejects(
    data: dict[str, Any], faults: list[tuple[str, str]]
) -> None:
    assert contract.published().callback_faults(ruled(**data)) == faults


def test_a_callback_of_an_unknown_type_is_a_fault() -> None:
    assert contract.published().callback_faults({"type": "filing.lost"}) == [("/type", "enum")]


def test_a_fault_names_the_place_and_never_the_value() -> None:
    filing = {**FILING, "claim": {**FILING["claim"], "total": "张三"}, "phone": "13800001234"}
    del filing["court_id"]
    assert contract.published().faults("Filing", filing) == [
        ("", "additional_properties"),
        ("", "required"),
        ("/claim/total", "pattern"),
    ]
