"""Runs a Chalice app's own authorizer as API Gateway runs a TOKEN authorizer.

A policy is remembered by token for `ttl_seconds`, 0 for never; it is evaluated again for each route.
Downside: only Allow and Deny of whole resources with * and ? are supported, no conditions.
"""

import logging
import re
import threading
import time
from collections.abc import Mapping
from typing import Any

from infra.local.gateway.events import ACCOUNT_ID, API_ID, STAGE, Event, HttpRequest
from infra.local.gateway.refusals import RefusedError

logger = logging.getLogger(__name__)

_REMEMBERED = 10_000
_INVOKE = "execute-api:Invoke"


class Authorizer:
    """Decides about requests and remembers the policies it got."""

    def __init__(self, *, region: str, ttl_seconds: float = 0.0) -> None:
        self._arn = f"arn:aws:execute-api:{region}:{ACCOUNT_ID}:{API_ID}/{STAGE}"
        self._ttl_seconds = ttl_seconds
        self._policies: dict[tuple[str, str], tuple[float, Mapping[str, Any]]] = {}
        self._lock = threading.Lock()

    def context(self, function: Any, request: HttpRequest, context: Any) -> Event:
        """Return what the function gets as `requestContext.authorizer`.

        Raises RefusedError: 401 for no token or `Exception("Unauthorized")`, 403 for a policy that does not
        allow the route, 500 for any other failure of the authorizer.
        """
        token = next((value for name, value in request.headers if name.lower() == "authorization"), "")
        if not token:
            raise RefusedError(401)
        arn = f"{self._arn}/{request.method}/{request.path[1:]}"
        decision = self._remembered(function.name, token) or self._ask(function, token, arn, context)
        told = {name: _text(value) for name, value in (decision.get("context") or {}).items()}
        if not _allows(decision["policyDocument"], arn):
            raise RefusedError(403, told)
        return {**told, "principalId": decision["principalId"]}

    def _remembered(self, name: str, token: str) -> Mapping[str, Any] | None:
        with self._lock:
            expires_at, decision = self._policies.get((name, token), (0.0, None))
        return decision if time.monotonic() < expires_at else None

    def _ask(self, function: Any, token: str, arn: str, context: Any) -> Mapping[str, Any]:
        event = {"type": "TOKEN", "authorizationToken": token, "methodArn": arn}
        try:
            decision = function(event, context)
        except Exception as error:
            if str(error) == "Unauthorized":
                raise RefusedError(401) from error
            logger.error("the authorizer failed: %s", type(error).__name__)  # noqa: TRY400 - its message may hold the token
            raise RefusedError(500) from error
        if not isinstance(decision, dict) or not {"principalId", "policyDocument"} <= decision.keys():
            logger.error("the authorizer returned no policy")
            raise RefusedError(500)
        told = decision.get("context") or {}
        if any(isinstance(value, (Mapping, list, tuple)) for value in told.values()):
            logger.error("the authorizer's context holds a list or a map")
            raise RefusedError(500)
        if self._ttl_seconds:
            with self._lock:
                while len(self._policies) >= _REMEMBERED:
                    del self._policies[next(iter(self._policies))]
                self._policies[function.name, token] = (time.monotonic() + self._ttl_seconds, decision)
        return decision


def _text(value: Any) -> str:
    """Write a context value as API Gateway hands it on: everything becomes text."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _allows(policy: Mapping[str, Any], arn: str) -> bool:
    effects = {
        statement["Effect"]
        for statement in _listed(policy.get("Statement", []))
        if _INVOKE in _listed(statement["Action"])
        and any(_matches(resource, arn) for resource in _listed(statement["Resource"]))
    }
    return effects == {"Allow"}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _matches(pattern: str, arn: str) -> bool:
    expression = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(expression, arn) is not None
