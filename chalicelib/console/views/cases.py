"""The start page with the person's cases by deadline, a case, and every act on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from chalicelib.console.acting import CASE, carry_out, done_text, offered, show_act
from chalicelib.console.pages import Page, Pages

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.console.pages import Answered
    from chalicelib.console.visits import Visit

pages = Pages()

_PAGE: Final = "100"
_MOST_PAGES: Final = 5
_NO_DEADLINE: Final = "9999"


@pages.get("")
def home(visit: Visit) -> Answered:
    """Show the person's own cases, the one whose time ends first on top; those that wait for nothing last."""
    found = _own_cases(visit)
    cases = sorted(found["items"], key=lambda case: case["deadline"] or _NO_DEADLINE)
    values = {
        "open_cases": [{"case": case, "acts": offered(case)} for case in cases if not case["ended_at"]],
        "ended_cases": [case for case in cases if case["ended_at"]],
        "more": found["next"] is not None,
        "done": done_text(visit),
    }
    return Page(template="home.html", title="home.title", values=values)


@pages.get("cases/{case_id}")
def show_case(visit: Visit, case_id: str) -> Answered:
    """Show a case: what is next, until when, who is in it, and what happened."""
    case = visit.get(CASE, case_id=case_id)
    values = {
        "case": case,
        "acts": offered(case),
        "events": _events(visit, case_id),
        "done": done_text(visit),
        "title_values": {"number": case["case_number"] or visit.t("case.unnumbered")},
    }
    return Page(template="case.html", title="case.title", values=values)


@pages.get("cases/{case_id}/{act_name}")
def ask_for_act(visit: Visit, case_id: str, act_name: str) -> Answered:
    """Show the form of an act."""
    return show_act(visit, case_id, act_name)


@pages.post("cases/{case_id}/{act_name}")
def do_act(visit: Visit, case_id: str, act_name: str) -> Answered:
    """Carry out an act."""
    return carry_out(visit, case_id, act_name)


def _own_cases(visit: Visit) -> Mapping[str, Any]:
    """Return a page of the person's cases; a party's are those that its session names."""
    named = visit.caller.get("agent_of") or visit.caller.get("case_ids")
    if not named:
        found: Mapping[str, Any] = visit.get("/v1/cases", {"limit": _PAGE})
        return found
    ids = dict.fromkeys(entry.partition(":")[0] for entry in named.split(","))
    return {"items": [visit.get(CASE, case_id=case_id) for case_id in ids], "next": None}


def _events(visit: Visit, case_id: str) -> list[Mapping[str, Any]]:
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
