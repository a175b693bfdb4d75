"""Sign in at an issuer, come back, sign out, choose the language."""

from __future__ import annotations

import re
import secrets
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode, urlsplit

from chalicelib.adapters.identity.sign_in import Begun, SignInFailed
from chalicelib.console.pages import Moved, Page, Pages
from chalicelib.console.sessions import LONGEST_COOKIE, Session, begun_of, cookie, sealed
from chalicelib.console.visits import Refused
from chalicelib.observability import log

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.console.pages import Answered
    from chalicelib.console.visits import Visit

pages = Pages()

_BACK: Final = "sign-in/back"
_BEGUN_SECONDS: Final = 600
_PATH: Final = re.compile(r"[A-Za-z0-9_-]+(?:/[A-Za-z0-9._-]+){0,5}")
"""A page of the console to go on to: nothing that leads elsewhere."""


@pages.get("sign-in", open=True)
def choose(visit: Visit) -> Answered:
    """Show where one signs in."""
    following = _next(visit.asked.query.get("next", ""))
    issuers = visit.door.people_issuers.names
    links = [
        (urlsplit(issuer).netloc, visit.asked.link(f"sign-in/{number}?{urlencode({'next': following})}"))
        for number, issuer in enumerate(issuers)
    ]
    return Page(template="sign_in.html", title="sign_in.title", values={"issuers": links})


@pages.get("sign-in/{number}", open=True)
def begin(visit: Visit, number: str) -> Answered:
    """Send the browser to an issuer, with a sealed note of what was asked."""
    issuers = visit.door.people_issuers
    chosen = dict(enumerate(issuers.names)).get(int(number) if number in set("0123456789") else -1)
    if chosen is None:
        raise Refused(HTTPStatus.NOT_FOUND, "not_found")
    try:
        address, begun = issuers.begin(chosen, visit.asked.origin + visit.asked.link(_BACK))
    except SignInFailed as failed:
        raise _refused(failed) from failed
    note = {
        **begun.to_json(),
        "until": visit.now + _BEGUN_SECONDS,
        "next": _next(visit.asked.query.get("next", "")),
    }
    kept = cookie(visit.asked, "sign-in", visit.door.sealer.seal("sign-in", note), _BEGUN_SECONDS)
    return Moved(address, (kept,), outside=True)


@pages.get(_BACK, open=True)
def come_back(visit: Visit) -> Answered:
    """Take the code that the issuer sent the browser back with, and begin a session."""
    note = begun_of(visit.asked, visit.door.sealer)
    visit.cookies.append(cookie(visit.asked, "sign-in", "", 0))
    _check(visit, note)
    begun = Begun(**{name: note[name] for name in ("issuer", "state", "nonce", "verifier")})
    back = visit.asked.origin + visit.asked.link(_BACK)
    try:
        principal = visit.door.people_issuers.finish(begun, visit.asked.query.get("code", ""), back)
    except SignInFailed as failed:
        raise _refused(failed) from failed
    session = Session.begin(principal.context, visit.now)
    value = sealed(session, visit.door.sealer)
    if len(value) > LONGEST_COOKIE:
        raise Refused(HTTPStatus.FORBIDDEN, "sign_in_too_many")
    log.info("signed_in", extra={"role": principal.actor.role})
    return Moved(note["next"], (cookie(visit.asked, "session", value),))


@pages.post("sign-out", open=True)
def sign_out(visit: Visit) -> Answered:
    """End the session, on every container."""
    if visit.session is not None:
        visit.door.ended_sessions.end(visit.session.session_id, visit.session.ends_at)
    return Moved("signed-out", (cookie(visit.asked, "session", "", 0),))


@pages.get("signed-out", open=True)
def signed_out(visit: Visit) -> Answered:
    """Say that the session is over."""
    del visit
    return Page(template="signed_out.html", title="signed_out.title")


def _check(visit: Visit, note: Mapping[str, Any]) -> None:
    state = visit.asked.query.get("state", "")
    if (
        not note
        or note["until"] <= visit.now
        or not secrets.compare_digest(note["state"].encode(), state.encode())
    ):
        raise Refused(HTTPStatus.BAD_REQUEST, "sign_in_lost")
    if "error" in visit.asked.query or "code" not in visit.asked.query:
        raise Refused(HTTPStatus.FORBIDDEN, "sign_in_denied")


def _refused(failed: SignInFailed) -> Refused:
    log.warning("sign_in_failed", extra={"reason": failed.reason, "detail": failed.detail})
    status, code = _REFUSALS.get(failed.reason, (HTTPStatus.FORBIDDEN, "sign_in_refused"))
    return Refused(status, code)


_REFUSALS: Final = {
    "issuer_unreachable": (HTTPStatus.SERVICE_UNAVAILABLE, "sign_in_unreachable"),
    "code_refused": (HTTPStatus.BAD_REQUEST, "sign_in_lost"),
}


def _next(path: str) -> str:
    return path if _PATH.fullmatch(path) and not path.startswith(("sign-", "signed-")) else ""
