"""Why this mediator, whom the hub would recommend, and all cases of a mediator given to others.

Promise: nothing is moved before a dry run has shown what would be. Downside: a page moves 25 cases, as the
API does by one request; the next page goes on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from chalicelib.console.acting import CASE, form_for, refused_form
from chalicelib.console.pages import Page, Pages
from chalicelib.console.visits import Refused
from chalicelib.domain.reasons import ReplacementGround

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.console.forms import Form
    from chalicelib.console.pages import Answered
    from chalicelib.console.visits import Visit

pages = Pages()

_WHY: Final = f"{CASE}/appointments"
_RECOMMENDATIONS: Final = f"{CASE}/recommendations"
_MEDIATORS: Final = "/v1/mediators"
_REASSIGNMENTS: Final = "/v1/roster/{person_id}/reassignments"


pages.lead_to(
    "cases/{case_id}/why",
    title="why.title",
    route=_WHY,
    where=lambda case: case["mediator_id"] is not None,
)
pages.lead_to(
    "cases/{case_id}/recommendations",
    title="recommendations.title",
    route=_RECOMMENDATIONS,
    where=lambda case: case["stage"] == "screened",
)


@pages.get("cases/{case_id}/why")
def show_why(visit: Visit, case_id: str) -> Answered:
    """Show why a mediator was appointed by the hub's own choice, the newest first."""
    case = visit.get(CASE, case_id=case_id)
    found = visit.get(_WHY, case_id=case_id)["items"]
    values = {"case": case, "reasons": found[::-1], "names": _names(visit, case)}
    return Page(template="why.html", title="why.title", values=values)


@pages.get("cases/{case_id}/recommendations")
def show_recommendations(visit: Visit, case_id: str) -> Answered:
    """Show whom the hub would appoint, and why it may not appoint others."""
    case = visit.get(CASE, case_id=case_id)
    asked = {name: visit.asked.query.get(name, "").strip() for name in ("area", "language")}
    query = {name: value for name, value in asked.items() if value}
    found = visit.get(_RECOMMENDATIONS, query, case_id=case_id)
    form = form_for(visit, typed={name: [value] for name, value in asked.items()})
    values = {"case": case, "found": found, "names": _names(visit, case), "form": form}
    return Page(template="staff/recommendations.html", title="recommendations.title", values=values)


@pages.get("roster/{person_id}/reassign")
def ask_to_reassign(visit: Visit, person_id: str) -> Answered:
    """Ask why all cases of a mediator shall go to others."""
    return _reassigning(person_id, form_for(visit))


@pages.post("roster/{person_id}/reassign")
def reassign(visit: Visit, person_id: str) -> Answered:
    """Show what would be done; or do it, if that was shown and asked for."""
    typed = visit.asked.typed
    dry_run = typed("do") != "move"
    body = {"ground": typed("ground"), "dry_run": dry_run}
    body |= {"cursor": typed("cursor")} if typed("cursor") else {}
    try:
        found = visit.send(_REASSIGNMENTS, body, person_id=person_id)
    except Refused as refused:
        return _reassigning(person_id, refused_form(visit, refused), status=refused.status)
    return _reassigning(
        person_id,
        form_for(visit, typed={"ground": [typed("ground")]}),
        found=found,
        dry_run=dry_run,
        names=_named(visit, visit.caller.get("court_id", "")),
    )


def _reassigning(person_id: str, form: Form, status: int = 200, **found: Any) -> Page:
    grounds = list(ReplacementGround)
    values = {"person_id": person_id, "form": form, "grounds": grounds, "found": None, **found}
    return Page(template="staff/reassign.html", title="reassign.title", values=values, status=status)


def _names(visit: Visit, case: Mapping[str, Any]) -> Mapping[str, str]:
    known = {case["mediator_id"]: case["mediator_name"]} if case["mediator_name"] else {}
    return {**_named(visit, case["court_id"]), **known}


def _named(visit: Visit, court_id: str) -> Mapping[str, str]:
    """Return the names of a court's mediators by their ids; who is suspended is shown by the id."""
    found = visit.get(_MEDIATORS, {"court_id": court_id, "limit": "100"})["items"]
    return {each["mediator_id"]: each["name"] for each in found}
