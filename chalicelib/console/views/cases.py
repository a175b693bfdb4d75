"""The start page with the person's cases by deadline, a case, and every act on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from chalicelib.console.acting import CASE, carry_out, done_text, led_to, offered, show_act
from chalicelib.console.pages import Page, Pages
from chalicelib.console.reading import events_of
from chalicelib.console.views.party import party_case
from chalicelib.domain.roles import Role

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.console.pages import Answered
    from chalicelib.console.visits import Visit

pages = Pages()

_PAGE: Final = "20"
_CASES: Final = "/v1/cases"
_WORK: Final = "/v1/work"
_WORKS: Final = "50"
_WHERE: Final[Mapping[str, str]] = {
    "ring": "calls",
    "hold_session": "cases/{case_id}/sessions",
    "draft_minutes": "cases/{case_id}/sessions",
    "obtain_minutes_signatures": "cases/{case_id}/sessions",
    "sign_minutes": "cases/{case_id}/sessions",
    "confirm_minutes": "cases/{case_id}/sessions",
    "answer_question": "cases/{case_id}/guidance",
}
"""The page on which work is done, by its kind, where that is not the case's own."""
_NO_DEADLINE: Final = "9999"
_CASE_PAGES: Final = {Role.BORROWER.value: party_case}
"""Who is shown a case by a page of its own."""


@pages.get("")
def home(visit: Visit) -> Answered:
    """Show what the person has to do next, then its latest cases; what ends first is on top."""
    work = _work(visit)
    found = _own_cases(visit)
    cases = sorted(found["items"], key=lambda case: case["deadline"] or _NO_DEADLINE)
    role = visit.caller.get("role")
    values = {
        "work": work,
        "open_cases": [{"case": case, "acts": offered(case, role)} for case in cases if not case["ended_at"]],
        "ended_cases": [case for case in cases if case["ended_at"]],
        "more": found["next"] is not None,
        "entries": led_to(visit),
        "done": done_text(visit),
    }
    return Page(template="home.html", title="home.title", values=values)


@pages.get("cases/{case_id}")
def show_case(visit: Visit, case_id: str) -> Answered:
    """Show a case: what is next, until when, who is in it, and what happened."""
    case = visit.get(CASE, case_id=case_id)
    own = _CASE_PAGES.get(visit.caller.get("role", ""))
    if own is not None:
        return own(visit, case)
    values = {
        "case": case,
        "acts": offered(case, visit.caller.get("role")),
        "entries": led_to(visit, case),
        "events": events_of(visit, case_id),
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


def _work(visit: Visit) -> Mapping[str, Any] | None:
    """Return a page of the person's work list, each with where it is done; None for who has no list."""
    if not visit.permits(_WORK, "GET"):
        return None
    cursor = visit.asked.query.get("cursor")
    found = visit.get(_WORK, {"limit": _WORKS, **({"cursor": cursor} if cursor else {})})
    items = [
        {**each, "path": _WHERE.get(each["kind"], "cases/{case_id}").format(case_id=each["case_id"])}
        for each in found["items"]
    ]
    return {"items": items, "next": found["next"]}


def _own_cases(visit: Visit) -> Mapping[str, Any]:
    """Return the newest of the person's cases; a party's are its session's."""
    named = visit.caller.get("agent_of") or visit.caller.get("case_ids")
    if not named:
        newest: Mapping[str, Any] = visit.get(_CASES, {"limit": _PAGE})
        return newest
    ids = dict.fromkeys(entry.partition(":")[0] for entry in named.split(","))
    return {"items": [visit.get(CASE, case_id=case_id) for case_id in ids], "next": None}
