"""The centre's page of a party's links: issue one on paper, with its code, or revoke all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chalicelib.console.acting import CASE, form_for, refused_form
from chalicelib.console.pages import Moved, Page, Pages
from chalicelib.console.visits import Refused

if TYPE_CHECKING:
    from chalicelib.console.forms import Form
    from chalicelib.console.pages import Answered
    from chalicelib.console.visits import Visit

pages = Pages()

LINKS: Final = f"{CASE}/links"

pages.lead_to("cases/{case_id}/links", title="links.title", route=LINKS)


@pages.get("cases/{case_id}/links")
def show_links(visit: Visit, case_id: str) -> Answered:
    """Show the respondents, and what was issued and revoked, by whom and when."""
    return _page(visit, case_id, form_for(visit))


@pages.post("cases/{case_id}/links/paper")
def issue(visit: Visit, case_id: str) -> Answered:
    """Issue a link and show the sheet to print: once, for neither link nor code is kept."""
    party_id = visit.asked.typed("party_id")
    try:
        issued = visit.send(LINKS, {"party_id": party_id}, key=visit.asked.typed("key"), case_id=case_id)
    except Refused as refused:
        return _page(visit, case_id, refused_form(visit, refused), refused.status)
    case = visit.get(CASE, case_id=case_id)
    address = visit.asked.origin + visit.asked.link(f"p/{issued['token']}")
    values = {"case": case, "issued": issued, "address": address}
    return Page(template="links/sheet.html", title="sheet.title", values=values)


@pages.post("cases/{case_id}/links/revoked")
def revoke(visit: Visit, case_id: str) -> Answered:
    """End every link of a party."""
    visit.send(f"{CASE}/link-revocations", {"party_id": visit.asked.typed("party_id")}, case_id=case_id)
    return Moved(f"cases/{case_id}/links?done=revoked")


def _page(visit: Visit, case_id: str, form: Form, status: int = 200) -> Page:
    case = visit.get(CASE, case_id=case_id)
    values = {
        "case": case,
        "form": form,
        "respondents": [each for each in case["parties"] if each["side"] == "respondent"],
        "acts": visit.get(LINKS, case_id=case_id)["items"][::-1],
        "done": visit.t("links.revoked_now") if visit.asked.query.get("done") == "revoked" else "",
    }
    return Page(template="links/list.html", title="links.title", values=values, status=status)
