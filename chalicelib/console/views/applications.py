"""The centre's and the asked institution's pages of borrowers' own applications.

Promise: what may be done about an application is what the API says (`allowed_actions`); who sees an
applicant's details whole has said what for. A filing begins with what the applicant told.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from chalicelib.console.acting import done_text, form_for, submitted
from chalicelib.console.pages import Page, Pages
from chalicelib.console.views.filing import filing_page

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.console.forms import Form
    from chalicelib.console.pages import Answered
    from chalicelib.console.visits import Visit

pages = Pages()

_ALL: Final = "/v1/applications"
_ONE: Final = "/v1/applications/{application_id}"
_COUNTER: Final = "/v1/counter-applications"
_FIGURES: Final = "/v1/application-figures"
_GROUNDS: Final = (
    "no_loan_dispute",
    "not_enrolled",
    "not_of_this_court",
    "in_court_already",
    "repeated",
    "not_understood",
    "other",
)
_ASKS: Final = ("more_time", "instalments", "less_interest", "other")
_HARDSHIPS: Final = ("illness", "lost_work", "harvest", "business", "family", "other")
_PURPOSES: Final = ("arrange_mediation", "verify_identity", "answer_a_complaint")
_SHELVES: Final = ("open", "ended")
_FILING: Final = "verify_identity"
"""What who files looks at the applicant's details for."""
_OF_THE_PERSON: Final = ("name", "id_number", "id_document", "phone")

pages.lead_to("applications", title="applications.title", route=_ALL)
pages.lead_to("applications/new", title="applications.new", route=_COUNTER, method="POST")


@pages.get("applications")
def show_applications(visit: Visit) -> Answered:
    """Show the open ones, or those that have ended; to the centre, what came of this month's."""
    shelf = visit.asked.query.get("shelf", "")
    shelf = shelf if shelf in _SHELVES else _SHELVES[0]
    cursor = visit.asked.query.get("cursor")
    found = visit.get(_ALL, {"limit": "20", "shelf": shelf, **({"cursor": cursor} if cursor else {})})
    month = f"{visit.today:%Y-%m}"
    values = {
        "items": found["items"],
        "next": found["next"],
        "shelf": shelf,
        "shelves": _SHELVES,
        "figures": visit.get(_FIGURES, {"month": month}) if visit.permits(_FIGURES) else None,
        "done": done_text(visit),
    }
    return Page(template="applications/list.html", title="applications.title", values=values)


@pages.get("applications/new")
def ask_for_application(visit: Visit) -> Answered:
    """Ask what somebody at the counter tells."""
    return _new(form_for(visit))


@pages.post("applications/new")
def enter(visit: Visit) -> Answered:
    """Enter it."""
    key = visit.asked.typed("key")
    return submitted(
        visit, _COUNTER, lambda form: _new(replace(form, key=key)), "applications?done=application"
    )


@pages.get("applications/{application_id}")
def show_application(visit: Visit, application_id: str) -> Answered:
    """Show an application, masked, and what may be done about it."""
    return _one(visit, visit.get(_ONE, application_id=application_id), form_for(visit))


@pages.post("applications/{application_id}/look")
def look(visit: Visit, application_id: str) -> Answered:
    """Show the applicant's details whole; the look is on record."""
    body = {"purpose": visit.asked.typed("purpose")}
    found = visit.send(f"{_ONE}/looks", body, application_id=application_id)
    return _one(visit, found, form_for(visit), looked=True)


@pages.post("applications/{application_id}/taking-up")
def take_up(visit: Visit, application_id: str) -> Answered:
    """Ask the chosen institution."""
    return _decided(visit, application_id, "taking-up")


@pages.post("applications/{application_id}/declining")
def decline(visit: Visit, application_id: str) -> Answered:
    """Decline it with a reason."""
    return _decided(visit, application_id, "declining")


@pages.post("applications/{application_id}/withdrawal")
def withdraw(visit: Visit, application_id: str) -> Answered:
    """Take it back for its applicant."""
    visit.send(f"{_ONE}/withdrawal", {}, application_id=application_id)
    return _one(visit, visit.get(_ONE, application_id=application_id), form_for(visit))


@pages.post("applications/{application_id}/filing")
def file_for(visit: Visit, application_id: str) -> Answered:
    """Begin a filing with what the applicant told; the look at it is on record."""
    found = visit.send(f"{_ONE}/looks", {"purpose": _FILING}, application_id=application_id)
    told = found["told"]
    known = {f"respondents.0.{name}": told[name] for name in _OF_THE_PERSON}
    known |= {
        "application_id": application_id,
        "court_id": found["court_id"],
        "contract_number": told["contract_number"],
        "respondents.0.kind": "person",
    }
    typed = {name: [str(value)] for name, value in known.items() if value}
    return filing_page(visit, form_for(visit, typed=typed))


def _decided(visit: Visit, application_id: str, decision: str) -> Answered:
    return submitted(
        visit,
        f"{_ONE}/{decision}",
        lambda form: _one(visit, visit.get(_ONE, application_id=application_id), form),
        f"applications?done={decision}",
        application_id=application_id,
    )


def _one(visit: Visit, found: Mapping[str, Any], form: Form, *, looked: bool = False) -> Page:
    chooses = "take_up_application" in found["allowed_actions"]
    values = {
        "application": found,
        "form": form,
        "looked": looked,
        "institutions": _institutions(visit) if chooses else [],
        "grounds": _GROUNDS,
        "purposes": _PURPOSES,
    }
    return Page(
        template="applications/one.html",
        title="applications.one",
        values={**values, "title_values": {"number": found["number"]}},
    )


def _institutions(visit: Visit) -> list[tuple[str, str]]:
    found = visit.get("/v1/institutions", {"limit": "100"})["items"]
    return [(each["institution_id"], each["name"]) for each in found]


def _new(form: Form) -> Page:
    values = {"form": form, "asks": _ASKS, "hardships": _HARDSHIPS}
    return Page(template="applications/new.html", title="applications.new", values=values)
