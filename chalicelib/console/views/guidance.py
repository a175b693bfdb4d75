"""The judge's room: open questions, the guidance on a case; and where a party lets the judge see the draft.

Promise: what a text may not tell is the API's word, and the page says what was found in it. Opening the draft
is on record, which the page says before.
"""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from chalicelib.console.acting import CASE, done_text, form_for, refused_form
from chalicelib.console.deals import names_of
from chalicelib.console.forms import body_of
from chalicelib.console.pages import File, Moved, Page, Pages
from chalicelib.console.visits import Refused
from chalicelib.domain.roles import Role

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.console.forms import Form
    from chalicelib.console.pages import Answered
    from chalicelib.console.visits import Visit

pages = Pages()

_PARTIES: Final = frozenset({Role.BORROWER.value})
_BANK: Final = frozenset({Role.INSTITUTION.value})
_QUESTIONS: Final = "/v1/guidance"
_GUIDANCE: Final = f"{CASE}/guidance"
_DRAFT: Final = f"{CASE}/guidance/draft"
_CONSENTS: Final = f"{CASE}/draft-consents"
_PAGE: Final = "50"


def _drawn_up(case: Mapping[str, Any]) -> bool:
    return case["agreement_sha256"] is not None


pages.lead_to("questions", title="questions.title", route=_QUESTIONS)
pages.lead_to("cases/{case_id}/guidance", title="guidance.title", route=_GUIDANCE)
for _title, _whose in (("draft.mine", _PARTIES), ("draft.title", _BANK)):
    pages.lead_to(
        "cases/{case_id}/draft",
        title=_title,
        route=_CONSENTS,
        method="POST",
        roles=_whose,
        where=_drawn_up,
    )


@pages.get("questions")
def list_questions(visit: Visit) -> Answered:
    """Show the judge's cases whose mediators wait for an advice."""
    cursor = visit.asked.query.get("cursor")
    found = visit.get(_QUESTIONS, {"limit": _PAGE, **({"cursor": cursor} if cursor else {})})
    values = {"questions": found["items"], "next": found["next"]}
    return Page(template="staff/questions.html", title="questions.title", values=values)


@pages.get("cases/{case_id}/guidance")
def show_guidance(visit: Visit, case_id: str) -> Answered:
    """Show what mediator and judge wrote to each other, and whether there is a draft to see."""
    return _page(visit, case_id, form_for(visit))


@pages.post("cases/{case_id}/guidance")
def ask_or_advise(visit: Visit, case_id: str) -> Answered:
    """Send a question or an advice; say what was found in a text that tells of the parties."""
    body, key = body_of(visit.asked.form), visit.asked.typed("key")
    try:
        visit.send(_GUIDANCE, body, key=key or None, case_id=case_id)
    except Refused as refused:
        form = refused_form(visit, refused)
        if found := refused.problem.get("found"):
            told = " · ".join(visit.texts.code("found", each) for each in found)
            form = replace(form, detail=visit.t("guidance.found", what=told))
        return replace(_page(visit, case_id, form), status=HTTPStatus(refused.status))
    return Moved(f"cases/{case_id}/guidance?done=guidance")


@pages.get("cases/{case_id}/guidance/draft")
def show_draft(visit: Visit, case_id: str) -> Answered:
    """Give the judge the draft; the API records that first."""
    sent = visit.fetch(_DRAFT, case_id=case_id)
    headers = {name.lower(): value for name, value in sent.headers.items()}
    if sent.status == HTTPStatus.SEE_OTHER:
        return Moved(headers["location"], outside=True)
    return File(headers["content-type"], f"{case_id}-draft.pdf", sent.body)


@pages.get("cases/{case_id}/draft")
def ask_for_consent(visit: Visit, case_id: str) -> Answered:
    """Ask a party whether the judge may see the draft of its agreement."""
    values = {
        "case": visit.get(CASE, case_id=case_id),
        "draft": visit.get(_CONSENTS, case_id=case_id),
        "done": done_text(visit),
    }
    return Page(template="draft.html", title="draft.mine", values=values)


@pages.post("cases/{case_id}/draft")
def consent(visit: Visit, case_id: str) -> Answered:
    """Keep what the party says."""
    visit.send(_CONSENTS, body_of(visit.asked.form), case_id=case_id)
    return Moved(f"cases/{case_id}/draft?done=draft")


def _page(visit: Visit, case_id: str, form: Form) -> Page:
    case = visit.get(CASE, case_id=case_id)
    cursor = visit.asked.query.get("cursor")
    found = visit.get(_GUIDANCE, {"limit": _PAGE, **({"cursor": cursor} if cursor else {})}, case_id=case_id)
    values = {
        "case": case,
        "found": found,
        "names": names_of(case),
        "judges": visit.permits(_DRAFT),
        "form": form,
        "done": done_text(visit),
    }
    return Page(template="staff/guidance.html", title="guidance.title", values=values)
