"""Talks in writing: a page for who writes, in threads; mediator and centre say on it who has to be rung.

Promise: who reads what, and where one may write, is the API's word; who opens the page has read what it
shows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from chalicelib.console.acting import CASE, done_text, form_for, submitted
from chalicelib.console.deals import names_of
from chalicelib.console.forms import body_of
from chalicelib.console.pages import Moved, Page, Pages
from chalicelib.domain.roles import Role

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.console.forms import Form
    from chalicelib.console.pages import Answered
    from chalicelib.console.visits import Visit

pages = Pages()

_PARTIES: Final = frozenset({Role.BORROWER.value})
_STAFF: Final = frozenset({Role.INSTITUTION.value, Role.MEDIATOR.value, Role.CENTRE.value})
_MESSAGES: Final = f"{CASE}/messages"
_JOINT: Final = f"{CASE}/joint-thread"
_NEEDS: Final = f"{CASE}/party-needs"
_PAGE: Final = "50"

pages.lead_to("cases/{case_id}/messages", title="messages.title", route=_MESSAGES, roles=_STAFF)
pages.lead_to("cases/{case_id}/messages", title="messages.mine", route=_MESSAGES, roles=_PARTIES)


@pages.get("cases/{case_id}/messages")
def show_messages(visit: Visit, case_id: str) -> Answered:
    """Show the messages that the person may read, and a form where it may write."""
    return _page(visit, case_id, form_for(visit))


@pages.post("cases/{case_id}/messages")
def write(visit: Visit, case_id: str) -> Answered:
    """Send a message."""
    then = f"cases/{case_id}/messages?done=message"
    return submitted(visit, _MESSAGES, lambda form: _page(visit, case_id, form), then, case_id=case_id)


@pages.post("cases/{case_id}/messages/joint")
def set_joint_thread(visit: Visit, case_id: str) -> Answered:
    """Let the parties write to each other, or end that."""
    visit.send(_JOINT, body_of(visit.asked.form), case_id=case_id)
    return Moved(f"cases/{case_id}/messages")


@pages.post("cases/{case_id}/messages/needs/{party_id}")
def mark_need(visit: Visit, case_id: str, party_id: str) -> Answered:
    """Mark why a party is rung, or remove the mark."""
    visit.send(_NEEDS, {**body_of(visit.asked.form), "party_id": party_id}, case_id=case_id)
    return Moved(f"cases/{case_id}/messages")


def _page(visit: Visit, case_id: str, form: Form) -> Page:
    case = visit.get(CASE, case_id=case_id)
    cursor = visit.asked.query.get("cursor")
    found = visit.get(_MESSAGES, {"limit": _PAGE, **({"cursor": cursor} if cursor else {})}, case_id=case_id)
    own = bool(visit.caller.get("case_ids") or visit.caller.get("agent_of"))
    names, marks = _names(visit, case), visit.permits(_NEEDS, "POST")
    values = {
        "case": case,
        "found": found,
        "names": names,
        # A party's own thread is the one with the mediator.
        "threads": [
            (each, names["mediator"] if not marks and each != "joint" else names[each])
            for each in found["may_write_in"]
        ],
        "needs": {each["party_id"]: each["need"] for each in found["needs"]},
        "respondents": [each for each in case["parties"] if each["side"] == "respondent"],
        "opens": visit.permits(_JOINT, "POST"),
        "marks": marks,
        "own": own,
        "form": form,
        "done": done_text(visit),
    }
    return Page(template="messages.html", title="messages.mine" if own else "messages.title", values=values)


def _names(visit: Visit, case: Mapping[str, Any]) -> Mapping[str, str]:
    """Return what authors, readers and threads are called."""
    known = ("mediator", "centre", "applicant", "joint")
    return {**{each: visit.t(f"thread.{each}") for each in known}, **names_of(case)}
