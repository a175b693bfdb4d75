"""Calls the API's handler as Lambda does, in this process: an API Gateway event in, its answer out.

Promise: the event is the one the local gateway builds, with the authorizer's context of a proven caller; so
what a request costs is measured without sockets and without the authorizer. Downside: the event's own
construction happens before, and is not part of what is measured.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import app as hub_app
from chalicelib.adapters.identity.principal import Principal
from chalicelib.domain.roles import Actor, Role
from infra.local.enrolment import enrolments
from infra.local.gateway.events import HttpRequest, match_route, proxy_event
from infra.local.pumps import LambdaContext
from infra.local.stack import COURT_ID

if TYPE_CHECKING:
    from collections.abc import Mapping

_ISSUER: Final = "https://issuer.invalid"
CENTRE: Final = Actor(role=Role.CENTRE, subject="c", court_id=COURT_ID)


@dataclass(frozen=True, slots=True)
class Request:
    """One request, ready to be served as often as wanted."""

    event: dict[str, Any]

    def serve(self) -> dict[str, Any]:
        """Let the handler answer; returns the proxy response."""
        answer: dict[str, Any] = hub_app.app(self.event, LambdaContext(function_name="api"))
        return answer


def enrolment() -> Request:
    """Build the request by which the centre enrols the institution that files."""
    body = next(enrolments(COURT_ID))
    return request(CENTRE, "POST", "/v1/institutions", body, {"Idempotency-Key": "bench-enrolment"})


def request(
    actor: Actor,
    method: str,
    target: str,
    body: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Request:
    """Build a request of an actor; `target` is the path with its query."""
    sent = {"Accept-Language": "zh-CN", **(headers or {})}
    if body is not None:
        sent["Content-Type"] = "application/json"
    http = HttpRequest(
        method=method,
        target=target,
        headers=list(sent.items()),
        body=b"" if body is None else json.dumps(body).encode(),
        request_id="bench",
        source_ip="127.0.0.1",
    )
    route, captured = match_route(http.path, hub_app.app.routes)
    event = proxy_event(http, route, captured, hub_app.app.api.binary_types)
    event["requestContext"]["authorizer"] = Principal(actor, _ISSUER).context
    return Request(event)
