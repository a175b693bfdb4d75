"""What several pages read of a case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from chalicelib.console.acting import CASE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.console.visits import Visit

_PAGE: Final = "100"
_MOST_PAGES: Final = 5


def events_of(visit: Visit, case_id: str) -> list[Mapping[str, Any]]:
    """Return what happened, the newest first."""
    found: list[Mapping[str, Any]] = []
    query = {"limit": _PAGE}
    for _ in range(_MOST_PAGES):
        page = visit.get(f"{CASE}/events", query, case_id=case_id)
        found += page["items"]
        if page["next"] is None:
            break
        query = {"limit": _PAGE, "cursor": page["next"]}
    return found[::-1]
