"""Who a signed request comes from: a court, proven by a key of the court that its body names.

Promise: the signature is checked over the exact bytes, before any field of the body except the court's id
is used; a court the hub does not know is refused like a wrong signature. Downside: the body is parsed before
its sender is known, so it is bounded first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.adapters.signatures import BadSignature, verify
from chalicelib.api.reading import json_object
from chalicelib.domain.roles import Actor, Role

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from chalicelib.api.reading import Incoming


def signed_caller(
    request: Incoming, limit: int, keys_of: Callable[[str], Sequence[str]], real_now: datetime
) -> Actor:
    """Return the court that signed the request. Raises BadSignature, or the refusals of an unusable body."""
    court_id = json_object(request, limit=limit, optional=False).get("court_id")
    keys = keys_of(court_id) if isinstance(court_id, str) else ()
    if not keys or not isinstance(court_id, str):
        raise BadSignature("no_match")
    verify(request.headers, request.raw, keys, real_now)
    return Actor(role=Role.COURT, subject=f"court:{court_id}", court_id=court_id)
