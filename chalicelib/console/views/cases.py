"""The start page with the person's cases by deadline, a case, and every act on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from chalicelib.console.acting import CASE, carry_out, done_text, led_to, offered, show_act
from chalicelib.console.pages import Page, Pages
from chalicelib.console.reading import events_of
from chalicelib.console.views.party import party_case
from chalicelib.domain.roles import Role

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chalicelib.console.pages import Answered
    from chalicelib.console.visits import Visit

pages = Pages()

_PAGE: Final = "100"
_CASES: Final = "/v1/cases"
_MOST_PAGES: Final = 5
_WORK: Final[Mapping[str, tuple[str, ...]]] = {
    Role.MEDIATOR.value: ("assigned", "in_mediation", "settled"),
    Role.INSTITUTION.value: ("in_mediation", "settled", "unresolved", "returned", "defaulted"),
}
"""The stages at which a case may wait for somebody, however long ago it was filed."""
_NO_DEADLINE: Final = "9999"
_CASE_PAGES: Final = {Role.BORROWER.value: party_case}
"""Who is shown a case by a page of its own."""


@pages.get("")
def home(visit: Visit) -> Answered:
    """Show the person's own cases, the one whose time ends first on top; those that wait for nothing last."""
    found = _own_cases(visit)
    cases = sorted(found["items"], key=lambda case: case["deadline"] or _NO_DEADLINE)
    role = visit.caller.get("role")
    values = {
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


def _own_cases(visit: Visit) -> Mapping[str, Any]:
    """Return the newest of the person's cases, and all that wait for it; a party's are its session's."""
    named = visit.caller.get("agent_of") or visit.caller.get("case_ids")
    if not named:
        newest = visit.get(_CASES, {"limit": _PAGE})
        found = {case["case_id"]: case for case in newest["items"]}
        for stage in _WORK.get(visit.caller.get("role", ""), ()):
            found |= {case["case_id"]: case for case in _at_stage(visit, stage)}
        return {"items": list(found.values()), "next": newest["next"]}
    ids = dict.fromkeys(entry.partition(":")[0] for entry in named.split(","))
    return {"items": [visit.get(CASE, case_id=case_id) for case_id in ids], "next": None}


def _at_stage(visit: Visit, stage: str) -> Iterator[Mapping[str, Any]]:
    """Yield the person's cases at a stage, of a few pages at most."""
    query = {"limit": _PAGE, "stage": stage}
    for _ in range(_MOST_PAGES):
        page = visit.get(_CASES, query)
        yield from page["items"]
        if page["next"] is None:
            return
        query["cursor"] = page["next"]
