"""A refusal has the words it was given, or the default's, or at least its status."""

import json

import pytest

from infra.local.gateway import Refusals


@pytest.mark.parametrize(
    ("bodies", "status", "body"),
    [
        ({404: {"code": "not_found"}}, 404, {"code": "not_found", "status": 404}),
        ({400: {"code": "bad_request"}}, 431, {"code": "bad_request", "status": 431}),
        ({500: {"code": "internal_error"}}, 505, {"code": "internal_error", "status": 505}),
        ({}, 404, {"type": "about:blank", "title": "Not Found", "status": 404}),
        ({}, 499, {"type": "about:blank", "title": "499", "status": 499}),
    ],
)
def test_a_refusal_is_worded(
    bodies: dict[int, dict[str, object]], status: int, body: dict[str, object]
) -> None:
    """Its own words, those of 400 or 500, or its phrase."""
    answer = Refusals(bodies, {404: {"Retry-After": "2"}}).answer(status, "r-1")
    assert json.loads(answer.body) == body
    assert answer.headers["x-amzn-RequestId"] == "r-1"
    assert answer.headers.get("Retry-After") == ("2" if status == 404 else None)
