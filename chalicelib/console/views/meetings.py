"""Sessions of a case: a page of all, a page of each, and a form for each thing to be done about one.

Promise: who knows of a session, and what is possible now, is the API's word. The URL of a video session is on
no page: a link leads there. Downside: what is written in a form about time is China's time.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from chalicelib.console.acting import CASE, done_text, form_for, submitted
from chalicelib.console.deals import names_of
from chalicelib.console.forms import body_of
from chalicelib.console.pages import File, Moved, Page, Pages
from chalicelib.console.views.party import own_party
from chalicelib.console.visits import Refused
from chalicelib.console.wording import CHINA
from chalicelib.domain.roles import Role

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chalicelib.console.forms import Form
    from chalicelib.console.pages import Answered
    from chalicelib.console.visits import Visit

pages = Pages()

_PARTIES: Final = frozenset({Role.BORROWER.value})
_STAFF: Final = frozenset({Role.INSTITUTION.value, Role.MEDIATOR.value, Role.CENTRE.value})
_SESSIONS: Final = f"{CASE}/sessions"
_ONE: Final = f"{_SESSIONS}/{{session_id}}"
_JOINING: Final = f"{_ONE}/joining"
_MINUTES: Final = f"{_ONE}/minutes"
_LENGTHS: Final = (30, 60, 90, 120, 180, 240)

pages.lead_to("cases/{case_id}/sessions", title="sessions.title", route=_SESSIONS, roles=_STAFF)
pages.lead_to("cases/{case_id}/sessions", title="sessions.mine", route=_SESSIONS, roles=_PARTIES)


@pages.get("cases/{case_id}/sessions")
def list_sessions(visit: Visit, case_id: str) -> Answered:
    """Show the sessions that the person knows of, how often who came, and a form for another."""
    return _list(visit, case_id, form_for(visit))


@pages.post("cases/{case_id}/sessions")
def schedule(visit: Visit, case_id: str) -> Answered:
    """Schedule a session."""
    then = f"cases/{case_id}/sessions?done=session"
    body = _meeting(visit, {})
    return submitted(
        visit, _SESSIONS, lambda form: _list(visit, case_id, form), then, body=body, case_id=case_id
    )


@pages.get("cases/{case_id}/sessions/{session_id}")
def show_session(visit: Visit, case_id: str, session_id: str) -> Answered:
    """Show a session: when, how, who came, what stands in the minutes, and the way in."""
    case, session = _found(visit, case_id, session_id)
    place = {"case_id": case_id, "session_id": session_id}
    values = {
        "way_in": _where_open(visit, _JOINING, place),
        "text": _where_open(visit, _MINUTES, place),
        "offered": [each for each in _FORMS.values() if each.offered(visit, session)],
        "own": own_party(visit),
    }
    return _page(visit, case, session, "one", "session.title", values)


@pages.get("cases/{case_id}/sessions/{session_id}/joining")
def join(visit: Visit, case_id: str, session_id: str) -> Answered:
    """Lead to the meeting by video, with a token made now."""
    found = visit.get(_JOINING, case_id=case_id, session_id=session_id)
    if found["url"] is None:
        return Moved(f"cases/{case_id}/sessions/{session_id}")
    return Moved(found["url"], outside=True)


@pages.get("cases/{case_id}/sessions/{session_id}/invitation.ics")
def fetch_invitation(visit: Visit, case_id: str, session_id: str) -> Answered:
    """Give the session to a calendar."""
    sent = visit.fetch(f"{_ONE}/invitation.ics", case_id=case_id, session_id=session_id)
    return File("text/calendar", "invitation.ics", sent.body)


@pages.post("cases/{case_id}/sessions/{session_id}/code")
def send_code(visit: Visit, case_id: str, session_id: str) -> Answered:
    """Have the code for signing the minutes sent, at most once a minute."""
    try:
        visit.send(f"{_MINUTES}/codes", {}, case_id=case_id, session_id=session_id)
    except Refused as refused:
        if refused.status != HTTPStatus.TOO_MANY_REQUESTS:
            raise
    return Moved(f"cases/{case_id}/sessions/{session_id}/sign?sent=1")


@pages.get("cases/{case_id}/sessions/{session_id}/{what}")
def ask(visit: Visit, case_id: str, session_id: str, what: str) -> Answered:
    """Show the form of something to be done about a session."""
    return _form(visit, case_id, session_id, _named(visit, what), form_for(visit))


@pages.post("cases/{case_id}/sessions/{session_id}/{what}")
def do(visit: Visit, case_id: str, session_id: str, what: str) -> Answered:
    """Do it."""
    chosen = _named(visit, what)
    _, session = _found(visit, case_id, session_id)
    return submitted(
        visit,
        chosen.route,
        lambda form: _form(visit, case_id, session_id, chosen, form),
        f"cases/{case_id}/sessions/{session_id}?done={chosen.done}",
        body=chosen.body(visit, session),
        case_id=case_id,
        session_id=session_id,
    )


def _stands(session: Mapping[str, Any]) -> bool:
    return session["state"] == "scheduled" and not session["attendance"]


def _where_open(visit: Visit, route: str, place: Mapping[str, str]) -> Any:
    """Read what is not there always, and not for everybody."""
    try:
        return visit.get(route, **place) if visit.permits(route) else None
    except Refused as refused:
        if refused.status not in {HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT}:
            raise
        return None


def _found(visit: Visit, case_id: str, session_id: str) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    case = visit.get(CASE, case_id=case_id)
    known = visit.get(_SESSIONS, case_id=case_id)["items"]
    session = next((each for each in known if each["session_id"] == session_id), None)
    if session is None:
        raise Refused(HTTPStatus.NOT_FOUND, "not_found")
    return case, session


def _list(visit: Visit, case_id: str, form: Form) -> Page:
    case, found = visit.get(CASE, case_id=case_id), visit.get(_SESSIONS, case_id=case_id)
    own = own_party(visit)
    values = {
        "case": case,
        "sessions": found["items"][::-1],
        "trips": found["trips"],
        "names": names_of(case),
        "schedules": visit.permits(_SESSIONS, "POST"),
        "lengths": _LENGTHS,
        "form": form,
        "own": own,
        "done": done_text(visit),
    }
    title = "sessions.mine" if own else "sessions.title"
    return Page(template="sessions/list.html", title=title, values=values)


def _form(visit: Visit, case_id: str, session_id: str, chosen: _Form, form: Form) -> Page:
    case, session = _found(visit, case_id, session_id)
    place = {"case_id": case_id, "session_id": session_id}
    values = {
        "form": form,
        "lengths": _LENGTHS,
        "text": _where_open(visit, _MINUTES, place),
        "sent": "sent" in visit.asked.query or bool(visit.asked.form),
        "own": own_party(visit),
        "on_paper": _records(visit),
        "signers": _signers(visit, case, session),
    }
    return _page(visit, case, session, chosen.name, f"session.{chosen.name}", values)


def _page(
    visit: Visit,
    case: Mapping[str, Any],
    session: Mapping[str, Any],
    name: str,
    title: str,
    values: Mapping[str, Any],
) -> Page:
    shared = {"case": case, "session_": session, "names": names_of(case), "done": done_text(visit)}
    return Page(template=f"sessions/{name}.html", title=title, values={**shared, **values})


def _records(visit: Visit) -> bool:
    """Tell whether somebody records what others signed on paper: whoever schedules does."""
    return visit.permits(_SESSIONS, "POST")


def _signers(visit: Visit, case: Mapping[str, Any], session: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return for whom somebody may sign: a bank for the applicants, others for who signed on paper."""
    names, records = names_of(case), _records(visit)
    applicants = {each["party_id"] for each in case["parties"] if each["side"] == "applicant"}
    return [
        (each["party_id"], names[each["party_id"]])
        for each in session["attendance"]
        if records or each["party_id"] in applicants
    ]


def _typed(visit: Visit, _session: Mapping[str, Any]) -> Mapping[str, Any]:
    return body_of(visit.asked.form)


def _meeting(visit: Visit, _session: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what was typed, its time in UTC; what is no time is sent as it is, for the API to refuse."""
    body = body_of(visit.asked.form)
    with suppress(ValueError):
        local = datetime.fromisoformat(str(body.get("starts_at", ""))).replace(tzinfo=CHINA)
        body["starts_at"] = f"{local.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return body


def _attendance(visit: Visit, session: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return those for whom anything was chosen; the fields stand in the order of who is invited."""
    rows = []
    for number, party_id in enumerate(session["invited"]):
        names = ("came", "identity")
        chosen = {name: visit.asked.typed(f"attendance.{number}.{name}") for name in names}
        if any(chosen.values()):
            rows.append({"party_id": party_id, **{name: value for name, value in chosen.items() if value}})
    return {"attendance": rows}


def _signature(visit: Visit, _session: Mapping[str, Any]) -> Mapping[str, Any]:
    body, own = body_of(visit.asked.form), own_party(visit)
    return {**body, **({"party_id": own} if own else {}), **({"on_paper": True} if _records(visit) else {})}


@dataclass(frozen=True, slots=True)
class _Form:
    """Something to be done about a session: its page's name, its resource, and what a form sends there."""

    name: str
    resource: str
    body: Callable[[Visit, Mapping[str, Any]], Mapping[str, Any]]
    where: Callable[[Mapping[str, Any]], bool]

    @property
    def done(self) -> str:
        """The key of the words for what was done; a signature under an agreement has words of its own."""
        return "signature" if self.resource.endswith("signatures") else self.name

    @property
    def route(self) -> str:
        """The API's route."""
        return f"{_ONE}/{self.resource}"

    def offered(self, visit: Visit, session: Mapping[str, Any]) -> bool:
        """Tell whether a session's page leads to it."""
        return self.where(session) and visit.permits(self.route, "POST")


_FORMS: Final = {
    each.name: each
    for each in (
        _Form("attendance", "attendance", _attendance, lambda session: session["state"] == "scheduled"),
        _Form("minutes", "minutes", _typed, lambda session: bool(session["attendance"])),
        _Form("sign", "minutes/signatures", _signature, lambda session: session["minutes_drafted"]),
        _Form("move", "time", _meeting, _stands),
        _Form("cancel", "cancellation", _typed, _stands),
    )
}


def _named(visit: Visit, what: str) -> _Form:
    chosen = _FORMS.get(what)
    if chosen is None or not visit.permits(chosen.route, "POST"):
        raise Refused(HTTPStatus.NOT_FOUND, "not_found")
    return chosen
