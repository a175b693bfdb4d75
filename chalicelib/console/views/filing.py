"""A filing by form: as many parties as there are, and the claim beside what the contract comes to.

Promise: the form is one; its buttons add a party or the contract, compute, or file, and what was typed stays.
The key in the form makes one case of a form that is sent twice.
"""

from __future__ import annotations

import re
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from chalicelib.console.acting import form_for, refused_form
from chalicelib.console.forms import body_of, typed_of
from chalicelib.console.pages import Moved, Page, Pages
from chalicelib.console.visits import Refused
from chalicelib.domain.claim import CaseType
from chalicelib.domain.loan.day_count import DayCount

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.console.forms import Form
    from chalicelib.console.pages import Answered
    from chalicelib.console.visits import Visit

pages = Pages()

_FILINGS: Final = "/v1/filings"
_BUTTON: Final = "do"
_LISTS: Final = {"respondents": 10, "debt.payments": 100}
"""What may be added to, and how often at most."""
_LIABILITIES: Final = ("borrower", "co_borrower", "general_guarantor", "joint_guarantor")
_INTEREST_DUE: Final = ("monthly", "quarterly", "explicit")

pages.lead_to("file", title="file.title", route=_FILINGS, method="POST")


@pages.get("file")
def ask(visit: Visit) -> Answered:
    """Show an empty form."""
    return _page(visit, form_for(visit))


@pages.post("file")
def take(visit: Visit) -> Answered:
    """Add to the form, compute, or file, as the button says."""
    button = visit.asked.typed(_BUTTON)
    filing = _filing(visit)
    try:
        if button == "calculate":
            return _page(visit, _kept(visit), computed=_computed(visit, filing))
        if button:
            return _page(visit, _kept(visit), more=button)
        filed = visit.send(_FILINGS, filing, key=visit.asked.typed("key"))
    except Refused as refused:
        form = replace(refused_form(visit, refused), key=visit.asked.typed("key"))
        return _page(visit, form, status=HTTPStatus(refused.status))
    if not filed["warnings"]:
        return Moved(f"cases/{filed['case_id']}?done=filed")
    return Page(template="staff/filed.html", title="done.filed", values={"filed": filed})


def _computed(visit: Visit, filing: Mapping[str, Any]) -> Any:
    """Return what the contract comes to as of the claim's day, beside the claim."""
    claim = filing.get("claim", {})
    names = ("case_type", "debt", "court_id")
    asked = {name: filing[name] for name in names if name in filing}
    return visit.send("/v1/calculations", {**asked, "claim": claim, "as_of": claim.get("as_of")})


def _filing(visit: Visit) -> dict[str, Any]:
    """Return the body; interest that falls due with the principal has no days."""
    body = body_of({name: values for name, values in visit.asked.form.items() if name != _BUTTON})
    due = body.get("debt", {}).get("contract", {}).get("interest_due", {})
    if due.get("kind") == "explicit":
        due.setdefault("days", [])
    return body


def _kept(visit: Visit) -> Form:
    """Return the form with what was typed and nothing wrong with it."""
    return replace(form_for(visit, typed=typed_of(visit.asked.form)), key=visit.asked.typed("key"))


def _page(
    visit: Visit, form: Form, *, more: str = "", computed: Any = None, status: HTTPStatus = HTTPStatus.OK
) -> Page:
    bank = _institution(visit)
    debt = more == "debt" or "debt.contract.kind" in form.typed
    values = {
        "form": form,
        "bank": bank,
        "courts": [(each, each) for each in bank["courts"]],
        "case_types": list(CaseType),
        "liabilities": _LIABILITIES,
        "day_counts": list(DayCount),
        "interest_dues": _INTEREST_DUE,
        "respondents": _lines(form, "respondents", more, least=1),
        "debt": debt,
        "payments": _lines(form, "debt.payments", more, least=0),
        "computed": computed,
    }
    return Page(template="staff/file.html", title="file.title", values=values, status=status)


def _lines(form: Form, name: str, more: str, *, least: int) -> range:
    """Return the numbers of a list's entries: those of the form, and one more if it was asked for."""
    found = [re.match(rf"{re.escape(name)}\.([0-9]{{1,3}})\.", each) for each in form.typed]
    shown = max([least, *(int(each[1]) + 1 for each in found if each)])
    return range(min(shown + (more == name), _LISTS[name]))


def _institution(visit: Visit) -> Mapping[str, Any]:
    """Return what is enrolled of the clerk's bank."""
    institution_id = visit.caller.get("institution_id", "")
    found: Mapping[str, Any] = visit.get("/v1/institutions/{institution_id}", institution_id=institution_id)
    return found
