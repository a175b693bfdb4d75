"""Routes for operators and integrators: the health check.

Promise: the health check, and the API's document where the stage shows it, are open to everybody, as is the
public part of a roster in its own module. The health check shows only that the process answers; the document
holds nothing of any stage.
"""

# No `from __future__ import annotations`: the router reads these annotations as values.
from typing import Literal

from chalicelib.api.operations import Access, Answered, Call, Operations, Reply
from chalicelib.api.refusals import RouteNotFound
from chalicelib.api.routes import document
from chalicelib.api.schemas.base import Answer

operations = Operations("service")


class HealthOut(Answer):
    """The process answers."""

    status: Literal["ok"]


@operations.get("/v1/health", "健康检查", Answered(model=HealthOut), access=Access.OPEN)
def check_health(call: Call) -> Reply:
    """Tell that the service answers; it asks nothing behind it."""
    del call
    return Reply(HealthOut(status="ok"))


@operations.get(
    "/v1/openapi.json", "接口文档", Answered(model=None), access=Access.OPEN, refusals=(RouteNotFound,)
)
def show_openapi(call: Call) -> Reply:
    """Fetch this document. No token is needed, unless the stage keeps it closed."""
    if not call.hub.shows_api_document:
        raise RouteNotFound("/v1/openapi.json")
    return Reply(document())
