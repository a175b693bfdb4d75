"""Which refusals a route can answer with: those it names, and those that follow from its parameters.

Promise: the document lists exactly these, and a test fails for an answer that is not among them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.api.operations import Access
from chalicelib.api.problem_table import PROBLEMS
from chalicelib.api.problems import problem_type_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chalicelib.api.operations import Operation


def statuses_of(operation: Operation) -> dict[int, list[str]]:
    """Return the codes a route can refuse with, by status, lowest first."""
    found: dict[int, list[str]] = {}
    for code in _codes(operation):
        found.setdefault(PROBLEMS[code].status, []).append(code)
    return dict(sorted(found.items()))


def _busy(operation: Operation) -> tuple[str, ...]:
    return ("store_busy",) if operation.method == "GET" else ("store_busy", "contended", "outcome_unknown")


def _codes(operation: Operation) -> Iterator[str]:
    yield from ("too_many_requests", "internal_error", "gateway_timeout")
    if operation.access is not Access.OPEN or operation.takes("body") or operation.query_parameters:
        # Also for a route without parameters: it refuses every parameter that is sent.
        yield from ("invalid_input", *_busy(operation))
    if operation.access is Access.TOKEN:
        yield from ("unauthenticated", "not_permitted", "issuer_unreachable")
    if "{" in operation.path:
        yield "not_found"
    if operation.takes("body"):
        yield from ("malformed_json", "request_too_large", "unsupported_media_type")
    if operation.takes("if_match"):
        yield from ("if_match_required", "if_match_unusable")
    if operation.takes("idempotency_key"):
        yield "idempotency_key_required"
    for refusal in operation.refusals:
        yield problem_type_of(refusal)[0]
