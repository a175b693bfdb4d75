"""The API for a caller in the same process: the same routes, checks, refusals and words, without HTTP.

Promise: what the console does, it does as any other client of the API would: role, form, version and repeats
are judged by the same code, and the answer is the published one. The caller's proven identity stands in
the token's place; open routes are called by anybody, signed ones by nobody. Downside: an answer is written as
JSON and read again, which costs a fraction of what it took to make it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from chalicelib.adapters.identity import actor_from_context
from chalicelib.api.operations import JSON_TYPE
from chalicelib.api.parameters import IDEMPOTENCY_KEY, IF_MATCH, etag
from chalicelib.api.reading import Incoming
from chalicelib.api.routes import declared, operation_of
from chalicelib.domain.permissions import may

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.api.dispatch import Dispatcher, Sent
    from chalicelib.registry import Route


@dataclass(frozen=True, slots=True)
class Inside:
    """Calls operations for somebody who is proven already."""

    dispatcher: Dispatcher

    def __call__(
        self,
        method: str,
        route: str,
        *,
        caller: Mapping[str, str],
        language: str,
        request_id: str,
        path: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
        version: int | None = None,
        key: str | None = None,
        source: str = "",
    ) -> Sent:
        """Answer a request to a route as it is written in the API's document; raises KeyError for none.

        `caller` is what the authorizer would hand over; `version` goes into `If-Match`, `key` into
        `Idempotency-Key`; `source` is the address that the gateway saw.
        """
        headers = {"accept-language": language, "content-type": JSON_TYPE}
        if version is not None:
            headers[IF_MATCH] = etag(version)
        if key is not None:
            headers[IDEMPOTENCY_KEY] = key
        request = Incoming(
            headers=headers,
            query={name: [value] for name, value in (query or {}).items()},
            path_parameters=path or {},
            authorizer=caller,
            raw=b""
            if body is None
            else json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogatepass"),
            request_id=request_id,
            source=source,
        )
        return self.dispatcher.answer(operation_of(_routes()[method, route]), request)

    def permits(self, method: str, route: str, caller: Mapping[str, str]) -> bool:
        """Tell whether the caller's role may use a route at all; raises KeyError for none."""
        actor, actions = actor_from_context(caller), operation_of(_routes()[method, route]).actions
        return not actions or any(may(actor, action) for action in actions)


@cache
def _routes() -> Mapping[tuple[str, str], Route]:
    return {(each.method, each.path): each for each in declared()}
