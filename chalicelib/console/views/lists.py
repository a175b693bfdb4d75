"""Cases by stage, with their deadlines, page by page; and the search for a person.

Promise: a number that names a person is typed into a form that is posted; no address holds it.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from chalicelib.console.acting import CASE, form_for, refused_form
from chalicelib.console.forms import body_of
from chalicelib.console.pages import Page, Pages
from chalicelib.console.visits import Refused
from chalicelib.console.wording import words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chalicelib.console.forms import Form
    from chalicelib.console.pages import Answered
    from chalicelib.console.visits import Visit

pages = Pages()

_CASES: Final = "/v1/cases"
_SEARCH: Final = "/v1/case-searches"
_PAGE: Final = "50"
_FILTERS: Final = ("stage", "case_number", "cursor")

pages.lead_to("cases", title="cases.title", route=_CASES)
pages.lead_to("search", title="search.title", route=_SEARCH, method="POST")


@pages.get("cases")
def show_cases(visit: Visit) -> Answered:
    """Show a page of the cases that the person sees, of one stage if it is chosen."""
    chosen = {name: visit.asked.query[name].strip() for name in _FILTERS if visit.asked.query.get(name)}
    values: dict[str, Any] = {
        "stages": [key.removeprefix("stage.") for key in words() if key.startswith("stage.")],
        "chosen": {"stage": "", "case_number": "", **chosen},
    }
    try:
        found = visit.get(_CASES, {"limit": _PAGE, **chosen})
    except Refused as refused:
        form = refused_form(visit, refused)
        values |= {"form": form, "cases": [], "next": None, "unreadable": []}
        return Page(
            template="staff/cases.html", title="cases.title", values=values, status=HTTPStatus(refused.status)
        )
    values |= {
        "form": form_for(visit),
        "cases": found["items"],
        "next": found["next"],
        "unreadable": found["unreadable"],
    }
    return Page(template="staff/cases.html", title="cases.title", values=values)


@pages.get("search")
def ask_for_person(visit: Visit) -> Answered:
    """Ask whose cases are looked for."""
    return _found(form_for(visit), None)


@pages.post("search")
def search(visit: Visit) -> Answered:
    """Show the bank's own cases against the holder of a number."""
    try:
        found = visit.send(_SEARCH, body_of(visit.asked.form))
    except Refused as refused:
        return _found(refused_form(visit, refused), None, HTTPStatus(refused.status))
    cases = [visit.get(CASE, case_id=each) for each in found["case_ids"]]
    return _found(form_for(visit), cases)


def _found(form: Form, cases: Sequence[Mapping[str, Any]] | None, status: HTTPStatus = HTTPStatus.OK) -> Page:
    return Page(
        template="staff/search.html",
        title="search.title",
        values={"form": form, "cases": cases},
        status=status,
    )
