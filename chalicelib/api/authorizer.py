"""What the Lambda authorizer decides; `app.py` only wraps it for Chalice.

Promise: a good bearer token becomes the principal id and context that API Gateway hands to the API; a bad
one becomes an error whose message is exactly "Unauthorized", the only form that API Gateway answers with
401. Anything else that is raised, `IssuerUnreachable` above all, becomes a 500, which clients retry.
Downside: the gateway may cache an admission, so a token can outlive its `exp` by the authorizer's TTL.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalicelib.adapters.identity import Refusal, Unauthorized

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chalicelib.adapters.identity import Principal


@dataclass(frozen=True, slots=True)
class Admission:
    """What API Gateway needs to know; `context` reaches the API as `requestContext.authorizer`."""

    principal_id: str
    context: Mapping[str, str]


def admit(
    authorization: str, *, verify: Callable[[str], Principal], on_refusal: Callable[[Refusal], None]
) -> Admission:
    """Judge an Authorization header's value. Raises Unauthorized after telling `on_refusal` why."""
    try:
        principal = verify(_bearer_token(authorization))
    except Unauthorized as refused:
        on_refusal(refused.reason)
        raise
    return Admission(principal_id=principal.actor.subject, context=principal.context)


def _bearer_token(authorization: str) -> str:
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthorized(Refusal.NOT_BEARER)
    return token
