"""The API's edge: what the gateway answers by itself, how much it lets in, and what it writes down."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from infra.template import api, build
from infra.template.stages import STAGES

both_stages = pytest.mark.parametrize("stage", sorted(STAGES))


def _rest_api(stage: str) -> dict[str, Any]:
    properties: dict[str, Any] = build(stage)["Resources"]["RestAPI"]["Properties"]
    return properties


@pytest.mark.parametrize("response_type", api.REFUSALS)
def test_the_gateways_own_answers_are_bilingual_problems(response_type: str) -> None:
    """RFC 9457 with code and request id, a Chinese and an English title, whatever Accept says."""
    rest_api = _rest_api("prod")["DefinitionBody"]
    response = rest_api["x-amazon-apigateway-gateway-responses"][response_type]
    header = response["responseParameters"]["gatewayresponse.header.Content-Type"]
    assert header == "'application/problem+json'"
    for text in response["responseTemplates"].values():
        body = json.loads(text)
        assert re.fullmatch(r"[A-Z][\w ]+ · [\u4e00-\u9fff]+", body["title"])
        assert re.fullmatch(r"[a-z_]+", body["code"])
        assert body["request_id"] == "$context.requestId"
        assert str(body.get("status", "")) == response.get("statusCode", "")


def test_a_local_gateway_can_give_the_same_answers() -> None:
    """The statuses the gateway answers by itself, with the headers that tell the caller what to do."""
    bodies, headers = api.problem_bodies(), api.problem_headers()
    assert set(bodies) == set(headers) == {400, 401, 404, 413, 415, 429, 500, 504}
    assert all(found["Content-Type"] == "application/problem+json" for found in headers.values())
    assert headers[429]["Retry-After"].isdecimal()
    assert headers[401]["WWW-Authenticate"] == "Bearer"
    assert all(body["status"] == status for status, body in bodies.items())


@both_stages
def test_the_access_log_holds_no_personal_data(stage: str) -> None:
    """The route's pattern instead of the URL; no address, no query; of the caller only the role."""
    line = _rest_api(stage)["AccessLogSetting"]["Format"]
    fields = set(json.loads(line).values())
    assert all(field.startswith("$context.") for field in fields)
    assert not any(re.search(r"identity|path$|protocol|principalId|claims", field) for field in fields)
    callers = {field for field in fields if field.startswith("$context.authorizer.")}
    assert callers == {"$context.authorizer.role", "$context.authorizer.latency"}


@both_stages
def test_bytes_are_handed_out_as_bytes(stage: str) -> None:
    """Whatever the caller's Accept header says: API Gateway takes every media type for binary."""
    body = _rest_api(stage)["DefinitionBody"]
    assert body["x-amazon-apigateway-binary-media-types"] == ["*/*"]


@both_stages
def test_the_gateway_throttles_and_logs_no_bodies(stage: str) -> None:
    """Every route has a rate limit; execution logs, which print bodies, are off; TLS 1.2 at least."""
    properties = _rest_api(stage)
    (settings,) = properties["MethodSettings"]
    assert settings["ThrottlingBurstLimit"] >= settings["ThrottlingRateLimit"] > 0
    assert (settings["LoggingLevel"], settings["DataTraceEnabled"]) == ("OFF", False)
    assert "TLS13_1_2" in properties["SecurityPolicy"]
