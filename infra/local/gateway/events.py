"""Turns an HTTP request into the event of a REST API's Lambda proxy integration.

Shape: "Input format of a Lambda function for proxy integration" (API Gateway developer guide). Downside:
account, API id and domain are made up.
"""

import base64
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, unquote

from infra.local.gateway.refusals import RefusedError

Event = dict[str, Any]

ACCOUNT_ID, API_ID, STAGE = "123456789012", "local", "local"


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpRequest:
    """A request as it came over the wire; `headers` in their order, names as sent."""

    method: str
    target: str
    headers: Iterable[tuple[str, str]]
    body: bytes
    request_id: str
    source_ip: str

    @property
    def path(self) -> str:
        """The path without its query, percent-encoded; only the root ends in a slash."""
        return self.target.partition("?")[0].rstrip("/") or "/"


def match_route(path: str, routes: Iterable[str]) -> tuple[str, dict[str, str]]:
    """Find the route of a path, literal segments before parameters; raises RefusedError(404)."""
    parts = path.split("/")
    for route in sorted(routes, key=_literal_first):
        captured = _capture(route.split("/"), parts)
        if captured is not None:
            return route, captured
    raise RefusedError(404)


def _literal_first(route: str) -> list[bool]:
    return [part.startswith("{") for part in route.split("/")]


def _capture(pattern: list[str], parts: list[str]) -> dict[str, str] | None:
    if len(pattern) != len(parts):
        return None
    captured = {}
    for wanted, given in zip(pattern, parts, strict=True):
        if wanted.startswith("{") and given:
            captured[wanted[1:-1]] = unquote(given)
        elif wanted != given:
            return None
    return captured


def proxy_event(
    request: HttpRequest, route: str, captured: Mapping[str, str], binary_types: Collection[str]
) -> Event:
    """Build the event; a body of a binary type (`*/*`: of any) is base64, any other is text."""
    query = parse_qs(request.target.partition("?")[2], keep_blank_values=True)
    headers: dict[str, list[str]] = {}
    for name, value in request.headers:
        headers.setdefault(name, []).append(value)
    body, is_base64 = _body(request.body, _media_type(headers), binary_types)
    return {
        "resource": route,
        "path": unquote(request.path),
        "httpMethod": request.method,
        "headers": {name: values[-1] for name, values in headers.items()},
        "multiValueHeaders": headers,
        "queryStringParameters": {name: values[-1] for name, values in query.items()} or None,
        "multiValueQueryStringParameters": query or None,
        "pathParameters": dict(captured) or None,
        "stageVariables": None,
        "requestContext": _request_context(request, route, headers),
        "body": body,
        "isBase64Encoded": is_base64,
    }


def _media_type(headers: Mapping[str, list[str]]) -> str:
    given = next((values[-1] for name, values in headers.items() if name.lower() == "content-type"), "")
    return given.partition(";")[0].strip().lower()


def _body(body: bytes, media_type: str, binary_types: Collection[str]) -> tuple[str | None, bool]:
    if not body:
        return None, False
    if media_type in binary_types or "*/*" in binary_types:
        return base64.b64encode(body).decode("ascii"), True
    return body.decode("utf-8", errors="replace"), False


def _request_context(request: HttpRequest, route: str, headers: Mapping[str, list[str]]) -> Event:
    now = datetime.now(UTC)
    agent = next((values[-1] for name, values in headers.items() if name.lower() == "user-agent"), None)
    return {
        "accountId": ACCOUNT_ID,
        "apiId": API_ID,
        "domainName": "localhost",
        "domainPrefix": API_ID,
        "extendedRequestId": request.request_id,
        "httpMethod": request.method,
        "identity": {"sourceIp": request.source_ip, "userAgent": agent},
        "path": request.path,  # as with a host name of its own: the stage is no part of the address
        "protocol": "HTTP/1.1",
        "requestId": request.request_id,
        "requestTime": now.strftime("%d/%b/%Y:%H:%M:%S +0000"),
        "requestTimeEpoch": int(now.timestamp() * 1000),
        "resourceId": "local",
        "resourcePath": route,
        "stage": STAGE,
    }
