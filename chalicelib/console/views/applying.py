"""How somebody without an account applies for a mediation: its phone, a code, then one question a page.

Promise: what is typed travels in the forms and in no address; the browser keeps phone and pass in a sealed
cookie for half an hour, and every form carries the cookie's token. What is wrong is shown on the page of its
question. Whatever phone, lender or person is named, the pages are the same.
Downside: answers are judged when all are given, and are lost with another language or a closed browser.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from chalicelib.console.acting import form_for, refused_form
from chalicelib.console.forms import body_of, typed_of
from chalicelib.console.pages import Moved, Page, Pages
from chalicelib.console.sessions import Session, cookie, cookie_name
from chalicelib.console.visits import Refused
from chalicelib.domain.errors import UnknownCourt

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chalicelib.console.forms import Form
    from chalicelib.console.pages import Answered
    from chalicelib.console.visits import Visit

pages = Pages()

_COOKIE: Final = "applying"
_PURPOSE: Final = "applying 1"
_SECONDS: Final = 1800
_PARTS: Final[Mapping[str, Sequence[str]]] = {
    "who": ("name", "id_number"),
    "lender": ("lender", "contract_number", "amount:money"),
    "wish": ("asks:list", "monthly:money"),
    "why": ("hardship", "reason"),
}
"""The pages of the form and their fields."""
_LAST: Final = "check"
_ASKS: Final = ("more_time", "instalments", "less_interest", "other")
_HARDSHIPS: Final = ("illness", "lost_work", "harvest", "business", "family", "other")
_LONGEST_CODE: Final = 64
_OWN: Final = "/v1/own-applications"


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicant:
    """What the browser keeps of who applies: the phone, the pass once a code was right, a form's secret."""

    phone: str
    token: str
    csrf: str

    def form_token(self) -> str:
        """Return the token for a form."""
        return self._as_session.form_token()

    def accepts(self, token: str) -> bool:
        """Tell whether a form's token is of this browser."""
        return self._as_session.accepts(token)

    @property
    def _as_session(self) -> Session:
        return Session(session_id="", caller={}, csrf=self.csrf, begun=0, seen=0)


@pages.get("apply/{court_id}", open=True)
def begin(visit: Visit, court_id: str) -> Answered:
    """Say what an application is, what it costs, and what happens next."""
    return _page(visit, court_id, "start", form_for(visit))


@pages.get("apply/{court_id}/phone", open=True)
def ask_for_phone(visit: Visit, court_id: str) -> Answered:
    """Ask for the phone."""
    return _page(visit, court_id, "phone", _form(visit))


@pages.post("apply/{court_id}/phone", open=True)
def take_phone(visit: Visit, court_id: str) -> Answered:
    """Have a code sent; say nothing of whether one was."""
    phone = visit.asked.typed("phone").strip()
    try:
        visit.send("/v1/application-codes", body_of({"phone": [phone]}))
    except Refused as refused:
        return _page(visit, court_id, "phone", _refused(visit, refused), refused.status)
    kept = _kept(visit, Applicant(phone=phone, token="", csrf=secrets.token_hex(16)))
    return Moved(f"apply/{court_id}/code", (kept,))


@pages.get("apply/{court_id}/code", open=True)
def ask_for_code(visit: Visit, court_id: str) -> Answered:
    """Ask for the code."""
    return _page(visit, court_id, "code", _form(visit))


@pages.post("apply/{court_id}/code", open=True)
def take_code(visit: Visit, court_id: str) -> Answered:
    """Exchange the code for a pass."""
    applicant = _applicant(visit)
    code = "".join(visit.asked.typed("code").split())[:_LONGEST_CODE]
    try:
        found = visit.send("/v1/application-visits", {"phone": applicant.phone, "code": code})
    except Refused as refused:
        return _page(visit, court_id, "code", _refused(visit, refused), refused.status)
    kept = _kept(visit, replace(applicant, token=found["visit_token"]))
    return Moved(f"apply/{court_id}/yours", (kept,))


@pages.get("apply/{court_id}/yours", open=True)
def show_own(visit: Visit, court_id: str) -> Answered:
    """Show what came from the phone; with nothing there, go on to the form."""
    applicant = _of_cookie(visit)
    if applicant is None or not applicant.token:
        return Moved(f"apply/{court_id}/phone")
    found = visit.send(_OWN, {"visit_token": applicant.token})["items"]
    if not found:
        return Moved(f"apply/{court_id}/form")
    done = visit.texts.find(f"apply.done.{visit.asked.query.get('done', '')}") or ""
    return _page(visit, court_id, "yours", _form(visit), items=found[::-1], done=done)


@pages.post("apply/{court_id}/withdrawal", open=True)
def withdraw(visit: Visit, court_id: str) -> Answered:
    """Take an application back."""
    body = {"visit_token": _applicant(visit).token, "application_id": visit.asked.typed("application_id")}
    visit.send(f"{_OWN}/withdrawal", body)
    return Moved(f"apply/{court_id}/yours?done=withdrawn")


@pages.get("apply/{court_id}/form", open=True)
def ask_first(visit: Visit, court_id: str) -> Answered:
    """Begin the form."""
    if _of_cookie(visit) is None:
        return Moved(f"apply/{court_id}/phone")
    return _part(visit, court_id, next(iter(_PARTS)), _form(visit))


@pages.post("apply/{court_id}/form", open=True)
def go_on(visit: Visit, court_id: str) -> Answered:
    """Go on to the next question, back to the one before, or send what was answered."""
    applicant = _applicant(visit)
    order, button = [*_PARTS, _LAST], visit.asked.typed("do")
    if button == "send":
        return _sent(visit, court_id, applicant)
    here = order.index(visit.asked.typed("part")) if visit.asked.typed("part") in order else 0
    there = max(0, here - 1) if button == "back" else min(here + 1, len(order) - 1)
    form = replace(_form(visit, typed=typed_of(visit.asked.form)), key=visit.asked.typed("key"))
    return _part(visit, court_id, order[there], form)


def _sent(visit: Visit, court_id: str, applicant: Applicant) -> Answered:
    answers = {name: values for name, values in visit.asked.form.items() if name in _every_field()}
    body = {**body_of(answers), "visit_token": applicant.token, "court_id": court_id}
    try:
        visit.send("/v1/applications", body, key=visit.asked.typed("key"))
    except Refused as refused:
        form = replace(_refused(visit, refused), key=visit.asked.typed("key"))
        return _part(visit, court_id, _part_of(form), form, refused.status)
    return Moved(f"apply/{court_id}/yours?done=sent")


def _every_field() -> frozenset[str]:
    return frozenset(name for names in _PARTS.values() for name in names)


def _part_of(form: Form) -> str:
    """Return the page of the first question that has a fault."""
    wrong = {fault.name for fault in form.faults}
    parts = (part for part, names in _PARTS.items() if wrong & {each.partition(":")[0] for each in names})
    return next(parts, _LAST)


def _part(visit: Visit, court_id: str, part: str, form: Form, status: int = HTTPStatus.OK) -> Page:
    here = _PARTS.get(part, ())
    carried = [
        (name, value)
        for name, values in visit.asked.form.items()
        if name in _every_field() and name not in here
        for value in values
        if value
    ]
    fields = [name.partition(":")[0] for names in _PARTS.values() for name in names]
    values = {
        "part": part,
        "carried": carried,
        "answers": [name for name in fields if form.value(name)],
        "options_of": {"asks": _ASKS, "hardship": _HARDSHIPS},
        "first": part == next(iter(_PARTS)),
    }
    name = part if part == _LAST else "form"
    title = f"apply.{part}.title"
    return replace(_page(visit, court_id, name, form, status, **values), title=title)


def _page(
    visit: Visit, court_id: str, name: str, form: Form, status: int = HTTPStatus.OK, **more: Any
) -> Page:
    try:
        names = visit.door.names_of(court_id)
    except UnknownCourt as unknown:
        raise Refused(HTTPStatus.NOT_FOUND, "not_found") from unknown
    values = {
        "court_id": court_id,
        "centre": names.organisation,
        "form": form,
        "applicant": _of_cookie(visit),
    }
    return Page(
        template=f"apply/{name}.html", title=f"apply.{name}.title", values={**values, **more}, status=status
    )


def _form(visit: Visit, **more: Any) -> Form:
    return _worded(visit, form_for(visit, **more))


def _refused(visit: Visit, refused: Refused) -> Form:
    return _worded(visit, refused_form(visit, refused))


def _worded(visit: Visit, form: Form) -> Form:
    """Give a form the plainer words of this page where there are some."""
    find = visit.texts.find
    return replace(form, words=lambda key: find(f"apply.{key}") or find(key))


def _applicant(visit: Visit) -> Applicant:
    """Return who applies, if the form is of this browser; raises Refused."""
    applicant = _of_cookie(visit)
    if applicant is None:
        raise Refused(HTTPStatus.FORBIDDEN, "pass_not_accepted")
    if not applicant.accepts(visit.asked.typed("csrf")):
        raise Refused(HTTPStatus.FORBIDDEN, "form_outdated")
    return applicant


def _of_cookie(visit: Visit) -> Applicant | None:
    sealed = visit.asked.cookies.get(cookie_name(visit.asked, _COOKIE), "")
    content = visit.door.sealer.open(_PURPOSE, sealed)
    if content is None or visit.now >= content.pop("until"):
        return None
    return Applicant(**content)


def _kept(visit: Visit, applicant: Applicant) -> str:
    content = {name: getattr(applicant, name) for name in ("phone", "token", "csrf")}
    sealed = visit.door.sealer.seal(_PURPOSE, {**content, "until": visit.now + _SECONDS})
    return cookie(visit.asked, _COOKIE, sealed, _SECONDS)
