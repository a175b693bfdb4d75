"""A bank's concession policy: its versions, what a tier would give of a debt, and the next version."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from chalicelib.console.acting import done_text, form_for, refused_form, submitted
from chalicelib.console.forms import body_of, typed_of
from chalicelib.console.pages import Page, Pages
from chalicelib.console.prefilled import lines, prefilled
from chalicelib.console.visits import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.console.forms import Form
    from chalicelib.console.pages import Answered
    from chalicelib.console.visits import Visit

pages = Pages()

_POLICY: Final = "/v1/institutions/{institution_id}/concession-policy"
COMPONENTS: Final = (
    "principal",
    "interest",
    "penalty_interest",
    "compound_interest",
    "breach_fee",
    "fees",
    "costs",
)
_REPAYMENTS: Final = ("lump_sum", "instalments")

pages.lead_to("policy", title="policy.title", route=_POLICY, method="POST")


@pages.get("policy")
def show_policy(visit: Visit) -> Answered:
    """Show every version, and a form to try out the one in force."""
    return _policy(visit, form_for(visit), None)


@pages.post("policy")
def preview(visit: Visit) -> Answered:
    """Show what a tier would waive of a debt; nothing is stored."""
    try:
        found = visit.send(f"{_POLICY}/preview", body_of(visit.asked.form), institution_id=_own(visit))
    except Refused as refused:
        return _policy(visit, refused_form(visit, refused), None, HTTPStatus(refused.status))
    return _policy(visit, form_for(visit, typed=typed_of(visit.asked.form)), found)


@pages.get("policy/new")
def ask_for_policy(visit: Visit) -> Answered:
    """Begin the next version with the one in force."""
    book = visit.get(_POLICY, institution_id=_own(visit))
    tiers = [{**tier, "waivers": _in_order(tier["waivers"])} for tier in _in_force(book)["tiers"]]
    return _next(visit, prefilled(visit, {"tiers": tiers, "version": book["latest_version"]}))


@pages.post("policy/new")
def publish(visit: Visit) -> Answered:
    """Publish the next version, or add a tier to the form."""
    if visit.asked.typed("do"):
        return _next(visit, prefilled(visit, None))
    return submitted(
        visit,
        _POLICY,
        lambda form: _next(visit, form),
        "policy?done=policy",
        institution_id=_own(visit),
    )


def _own(visit: Visit) -> str:
    return visit.caller.get("institution_id", "")


def _in_force(book: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = next(each for each in book["versions"] if each["version"] == book["in_force"])
    return found


def _in_order(waivers: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return a waiver for every component, as the form asks for them."""
    percents = {each["component"]: each["percent"] for each in waivers}
    return [{"component": each, "percent": percents.get(each, "0")} for each in COMPONENTS]


def _policy(
    visit: Visit, form: Form, found: Mapping[str, Any] | None, status: HTTPStatus = HTTPStatus.OK
) -> Page:
    book = visit.get(_POLICY, institution_id=_own(visit))
    values = {
        "book": book,
        "names": [
            (each["name"], visit.texts.code("tier", each["name"])) for each in _in_force(book)["tiers"]
        ],
        "repayments": _REPAYMENTS,
        "components": COMPONENTS,
        "form": form,
        "found": found,
        "done": done_text(visit),
    }
    return Page(template="staff/policy.html", title="policy.title", values=values, status=status)


def _next(visit: Visit, form: Form) -> Page:
    values = {
        "form": form,
        "tiers": lines(form, "tiers", visit.asked.typed("do"), least=1),
        "repayments": _REPAYMENTS,
        "components": COMPONENTS,
    }
    return Page(template="staff/next_policy.html", title="policy.new", values=values)
