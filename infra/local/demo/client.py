"""Calls the hub as its users do: over HTTP, with a bearer token for each role.

Promise: uses the published API only; a refusal is a value with its status and code, not an exception,
because a caseload meets refusals (a stale version, an act that came too late) and goes on.
"""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import urllib3

if TYPE_CHECKING:
    from collections.abc import Mapping

_TIMEOUT = urllib3.Timeout(connect=5, read=60)


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, headers and content of one answer: JSON, or the bytes of a paper."""

    status: int
    headers: Mapping[str, str]
    body: Any

    @property
    def ok(self) -> bool:
        """Whether the request succeeded."""
        return 200 <= self.status < 300  # noqa: PLR2004 - HTTP's successes

    @property
    def code(self) -> str:
        """The problem's code, or an empty text."""
        return str(self.body.get("code", "")) if isinstance(self.body, dict) else ""


class Issuer:
    """Gets tokens from the local issuer, and keeps each one for the run."""

    def __init__(self, url: str, http: urllib3.PoolManager) -> None:
        self._url = url
        self._http = http
        self._tokens: dict[str, str] = {}
        self._lock = threading.Lock()

    def token(self, claims: Mapping[str, Any]) -> str:
        """Return a token with these claims."""
        key = json.dumps(claims, sort_keys=True)
        with self._lock:
            if key not in self._tokens:
                answer = self._http.request("POST", f"{self._url}/token", json=dict(claims), timeout=_TIMEOUT)
                self._tokens[key] = answer.json()["access_token"]
            return self._tokens[key]


class HubClient:
    """The hub's API for whoever holds these claims."""

    def __init__(self, url: str, issuer: Issuer, http: urllib3.PoolManager) -> None:
        self._url = url
        self._issuer = issuer
        self._http = http

    def get(self, who: Mapping[str, Any], path: str) -> Answer:
        """GET a resource."""
        return self._request("GET", path, who, None, {})

    def post(self, who: Mapping[str, Any], path: str, body: Mapping[str, Any], **headers: str) -> Answer:
        """POST a body; header names are written with underscores."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self._request("POST", path, who, body, named)

    def _request(
        self,
        method: str,
        path: str,
        who: Mapping[str, Any],
        body: Mapping[str, Any] | None,
        headers: Mapping[str, str],
    ) -> Answer:
        sent = {"Authorization": f"Bearer {self._issuer.token(who)}", **headers}
        answer = self._http.request(
            method,
            f"{self._url}{path}",
            headers=sent,
            timeout=_TIMEOUT,
            **({"json": body} if body is not None else {}),
        )
        return Answer(answer.status, dict(answer.headers), _parsed(answer))


def _parsed(answer: urllib3.BaseHTTPResponse) -> Any:
    if not answer.data:
        return None
    return json.loads(answer.data) if "json" in answer.headers.get("Content-Type", "") else answer.data
