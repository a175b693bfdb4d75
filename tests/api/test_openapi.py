"""The OpenAPI document: valid, fresh, complete, and with examples that work."""

import json
import re
from typing import Any, Final

import pytest
from openapi_spec_validator import validate

from chalicelib.api.operations import Access, Operation
from chalicelib.api.routes import INDEX, declared, document, operation_of, operations
from chalicelib.domain.roles import Role
from infra.openapi import WRITTEN, rendered, rendered_index
from tests.support.fakes.samples import OPS
from tests.support.http import Api, validator_of

SCHEMAS: dict[str, Any] = document()["components"]["schemas"]


def written(operation: Operation) -> dict[str, Any]:
    return dict(document()["paths"][operation.path][operation.method.lower()])


OPEN: Final = {
    ("GET", "/v1/health"),
    ("GET", "/v1/openapi.json"),
    # Who mediates, where the stage shows it.
    ("GET", "/v1/public/courts/{court_id}/mediators"),
    ("GET", "/v1/public/courts/{court_id}/mediators/export"),
    # Whoever has no account proves its phone by a code, and then shows a pass.
    ("POST", "/v1/application-codes"),
    ("POST", "/v1/application-visits"),
    ("POST", "/v1/applications"),
    ("POST", "/v1/own-applications"),
    ("POST", "/v1/own-applications/withdrawal"),
}
each_operation = pytest.mark.parametrize("operation", operations(), ids=lambda operation: operation.name)


def test_the_document_is_valid_openapi_3_1() -> None:
    """By an independent validator."""
    assert document()["openapi"].startswith("3.1")
    validate(document())


def test_the_written_file_is_fresh() -> None:
    """docs/openapi.json is what `make openapi` would write now."""
    assert WRITTEN.read_text(encoding="utf-8") == rendered(), "run `make openapi`"


def test_the_index_of_routes_is_fresh() -> None:
    """A route that it lacks would not be served; `make openapi` writes it from the routes themselves."""
    assert INDEX.read_text(encoding="utf-8") == rendered_index(), "run `make openapi`"
    assert tuple(map(operation_of, declared())) == operations()


def test_the_hub_serves_the_document_it_writes() -> None:
    """To everybody, whoever integrates reads it first; to nobody where the stage keeps it closed."""
    api = Api()
    assert api.get("/v1/openapi.json", None).body == json.loads(WRITTEN.read_text(encoding="utf-8"))
    api.hub.shows_api_document = False
    assert api.get("/v1/openapi.json", None).status == api.get("/v1/openapi.json", OPS).status == 404


def test_the_document_has_exactly_the_routes() -> None:
    """No more, no fewer, each with an id of its own."""
    listed = {(method, path) for path, methods in document()["paths"].items() for method in methods}
    assert listed == {(operation.method.lower(), operation.path) for operation in operations()}
    assert len({operation.name for operation in operations()}) == len(operations())


@each_operation
def test_an_operation_is_told_in_both_languages(operation: Operation) -> None:
    """Summary in both, roles from the permissions, a tag that is explained."""
    text = written(operation)
    english, chinese = text["summary"].split(" · ")
    assert english.isascii()
    assert re.search("[\u4e00-\u9fff]", chinese)
    assert text["tags"][0] in {tag["name"] for tag in document()["tags"]}
    if operation.access is Access.TOKEN and operation.actions:
        permitted = {role for action in operation.actions for role in action.roles}
        for role in set(Role) - {Role.SYSTEM}:
            assert (f"`{role}`" in text["description"]) == (role in permitted)


@each_operation
def test_an_operation_says_how_its_caller_is_proven(operation: Operation) -> None:
    """A token, a court's signature, or nothing at all."""
    expected: dict[Access, Any] = {
        Access.TOKEN: [{"bearer": []}],
        Access.SIGNATURE: [{"courtSignature": []}],
        Access.OPEN: None,
    }
    assert written(operation).get("security") == expected[operation.access]
    assert (operation.access is Access.OPEN) == ((operation.method, operation.path) in OPEN)


@each_operation
def test_guarding_headers_are_documented_where_they_are_demanded(operation: Operation) -> None:
    """Required, by the names callers know."""
    demanded = {entry["name"] for entry in written(operation)["parameters"] if entry.get("in") == "header"}
    assert ("If-Match" in demanded) == operation.takes("if_match")
    assert ("Idempotency-Key" in demanded) == operation.takes("idempotency_key")


@pytest.mark.parametrize("name", [name for name, schema in SCHEMAS.items() if "examples" in schema])
def test_examples_fit_their_schema(name: str) -> None:
    """What the document shows would be accepted."""
    for example in SCHEMAS[name]["examples"]:
        validator_of({"$ref": f"#/components/schemas/{name}"}).validate(example)


def test_the_example_of_a_filing_is_accepted() -> None:
    """A newcomer can paste it, after putting in a court of this hub."""
    (example,) = SCHEMAS["FilingIn"]["examples"]
    answer = Api().post("/v1/filings", example | {"court_id": "court-jc"}, Idempotency_Key="k")
    assert answer.status == 201


def test_requests_are_closed_and_answers_complete() -> None:
    """Unknown fields are refused by the schema as by the hub; an answer has all its fields, even if null."""
    for name, schema in SCHEMAS.items():
        if schema.get("type") != "object":
            continue
        assert schema["additionalProperties"] is False, name
        if name.endswith("Out") and name != "ProblemOut":
            assert set(schema["required"]) == set(schema["properties"]), name


def test_nothing_of_powertools_own_errors_is_left() -> None:
    """The hub refuses with problems only."""
    assert not {"HTTPValidationError", "ValidationError", "ResponseValidationError"} & SCHEMAS.keys()


def test_every_reference_has_its_target() -> None:
    """And every component is used."""
    text = json.dumps(document())
    references = set(re.findall(r'"#/components/(\w+)/([^"]+)"', text))
    targets = {
        (kind, name)
        for kind, entries in document()["components"].items()
        if kind != "securitySchemes"
        for name in entries
    }
    assert references == targets
