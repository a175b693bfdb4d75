"""A filing by form: as many parties as there are, and the claim beside what the contract comes to.

Promise: the form is one; its buttons add to a list, ask for the contract, compute, or file, and what was
typed stays. Which contract is asked for follows from the kind of dispute.
The key in the form makes one case of a form that is sent twice.
"""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from chalicelib.console.acting import form_for, refused_form
from chalicelib.console.forms import body_of
from chalicelib.console.pages import Moved, Page, Pages
from chalicelib.console.prefilled import lines, prefilled
from chalicelib.console.visits import Refused
from chalicelib.domain.claim import CaseType
from chalicelib.domain.id_documents import IdDocument, Sex
from chalicelib.domain.liability import LiabilityKind
from chalicelib.domain.loan.day_count import DayCount
from chalicelib.domain.loan.lpr import Tenor
from chalicelib.domain.loan.rates import Reset
from chalicelib.domain.representatives import Authority

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.console.forms import Form
    from chalicelib.console.pages import Answered
    from chalicelib.console.visits import Visit

pages = Pages()

_FILINGS: Final = "/v1/filings"
_BUTTON: Final = "do"
_INTEREST_DUE: Final = ("monthly", "quarterly", "explicit")

pages.lead_to("file", title="file.title", route=_FILINGS, method="POST")


@pages.get("file")
def ask(visit: Visit) -> Answered:
    """Show an empty form."""
    return filing_page(visit, form_for(visit))


@pages.post("file")
def take(visit: Visit) -> Answered:
    """Add to the form, compute, or file, as the button says."""
    button = visit.asked.typed(_BUTTON)
    filing = _filing(visit)
    try:
        if button == "calculate":
            return filing_page(visit, prefilled(visit, None), computed=_computed(visit, filing))
        if button:
            return filing_page(visit, prefilled(visit, None), more=button)
        filed = visit.send(_FILINGS, filing, key=visit.asked.typed("key"))
    except Refused as refused:
        form = replace(refused_form(visit, refused), key=visit.asked.typed("key"))
        return filing_page(visit, form, status=HTTPStatus(refused.status))
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


def filing_page(
    visit: Visit, form: Form, *, more: str = "", computed: Any = None, status: HTTPStatus = HTTPStatus.OK
) -> Page:
    """Make the page of a filing."""
    bank = _institution(visit)
    asks = more == "debt" or "debt.contract.kind" in form.typed
    kind = "card" if form.value("case_type") == CaseType.CREDIT_CARD else "loan"
    values = {
        "form": form,
        "bank": bank,
        "courts": [(each, each) for each in bank["courts"]],
        "case_types": list(CaseType),
        "liabilities": list(LiabilityKind),
        "authorities": list(Authority),
        "id_documents": list(IdDocument),
        "sexes": list(Sex),
        "day_counts": list(DayCount),
        "tenors": list(Tenor),
        "resets": list(Reset),
        "interest_dues": _INTEREST_DUE,
        "lines": lambda name, least=0: lines(form, name, more, least),
        "debt": kind if asks else "",
        "computed": computed,
    }
    return Page(template="staff/file.html", title="file.title", values=values, status=status)


def _institution(visit: Visit) -> Mapping[str, Any]:
    """Return what is enrolled of the clerk's bank."""
    institution_id = visit.caller.get("institution_id", "")
    found: Mapping[str, Any] = visit.get("/v1/institutions/{institution_id}", institution_id=institution_id)
    return found
