"""The message gateway's contract is sound, says what the code says, and its examples keep it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import openapi_spec_validator
import pytest
import yaml

from chalicelib.adapters import sms
from chalicelib.domain.agreement.codes import VALID_SECONDS
from chalicelib.domain.notices import CODES, VALUE_NAMES, NoticeKind
from chalicelib.use_cases.send_notice import NUMBER_REFUSED
from infra.local.sms import server

TEXT = server.PUBLISHED.read_text(encoding="utf-8")
DOCUMENT: dict[str, Any] = yaml.safe_load(TEXT)
SCHEMAS: dict[str, Any] = DOCUMENT["components"]["schemas"]
EXAMPLES: dict[str, Any] = {
    example["value"]["template"]: example["value"] for example in DOCUMENT["components"]["examples"].values()
}


def test_it_is_a_valid_openapi_document() -> None:
    openapi_spec_validator.validate(DOCUMENT)


def test_every_kind_has_its_example_and_there_is_no_other() -> None:
    assert EXAMPLES.keys() == {str(kind) for kind in NoticeKind}
    assert set(SCHEMAS["Message"]["properties"]["template"]["enum"]) == EXAMPLES.keys()
    shown = DOCUMENT["paths"]["/messages"]["post"]["requestBody"]["content"]["application/json"]["examples"]
    assert shown.keys() == EXAMPLES.keys()


@pytest.mark.parametrize("kind", NoticeKind)
def test_an_example_keeps_the_contract_and_has_the_domains_values(kind: NoticeKind) -> None:
    """A code's message says the code and its number; no other has more than its notice, nor says whose."""
    example = EXAMPLES[kind]
    assert server.published().faults("Message", example) == []
    more = {"code"} if kind in CODES else set()
    assert example["values"].keys() == VALUE_NAMES[kind] - {"person"} | more


@pytest.mark.parametrize("kind", NoticeKind)
def test_a_message_with_another_kinds_values_or_anything_more_is_a_fault(kind: NoticeKind) -> None:
    other = EXAMPLES[NoticeKind.CONFIRMATION_WINDOW if kind != "confirmation_window" else "payment_due"]
    for changes in (
        {"values": other["values"]},
        {"values": {**EXAMPLES[kind]["values"], "name": "x"}},
        {"name": "x"},
        {"phone": "+86 138"},
        {"message_id": "a.b"},
    ):
        assert server.published().faults("Message", {**EXAMPLES[kind], **changes}) != []


def test_it_speaks_both_languages() -> None:
    operation = DOCUMENT["paths"]["/messages"]["post"]
    for text in (DOCUMENT["info"]["description"], operation["summary"], operation["description"]):
        assert re.search(r"[一-龥]{2}", text)
        assert re.search(r"[A-Za-z]{4}", text)


def test_the_limits_and_codes_it_states_are_those_that_are_kept() -> None:
    assert f"Requests at most {server.LONGEST_REQUEST // 1024} KiB" in TEXT
    assert f"answers at most {sms.LONGEST_ANSWER_BYTES // 1024} KiB" in TEXT
    assert f"The hub waits {sms.TIMEOUT_SECONDS:.0f} seconds" in TEXT
    assert f"422 with code `{NUMBER_REFUSED}`" in TEXT
    assert VALID_SECONDS == 600
    assert "good for ten minutes" in TEXT


def test_the_guide_says_of_every_message_when_it_is_sent_and_what_it_holds() -> None:
    """One row a kind, with the names of its values as the gateway gets them."""
    guide = (Path(__file__).parents[3] / "docs" / "guides" / "notices.md").read_text(encoding="utf-8")
    rows = [line.strip("| ").split(" | ") for line in guide.split("Who is told")[0].splitlines()]
    found = {row[0].split("`")[1]: row for row in rows if row[0].startswith("`")}
    assert found.keys() == {kind.value for kind in NoticeKind}
    made_when_sent = {NoticeKind.SIGNING_CODE, NoticeKind.SIGN_IN_CODE}
    for kind, names in VALUE_NAMES.items():
        told = " ".join(found[kind.value][2:])
        assert kind in made_when_sent or all(f"`{name}`" in told for name in names), kind
