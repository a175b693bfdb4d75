"""The steps of every page: read the request, find the session, check a form's origin, answer, render.

Promise: whatever comes in, a page goes out, in the person's language and with the headers that keep it safe;
bad input is never a 5xx, and every refusal says what to do. A personal page is kept by no cache, and a form
is taken only from the console's own pages. Downside: without JavaScript every step is a request.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from chalicelib.adapters.sealing_cookies import NoKeyError
from chalicelib.console import assets
from chalicelib.console.asked import Asked, FormTooLargeError, asked_of
from chalicelib.console.pages import File, Moved, Page, index
from chalicelib.console.rendering import render
from chalicelib.console.sessions import comes_from_here, cookie, sealed, seen_again, session_of
from chalicelib.console.visits import Refused, Visit
from chalicelib.console.wording import CHINA, LANGUAGES, Texts
from chalicelib.domain.errors import StoreBusy
from chalicelib.observability import about, log, log_failure

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from chalicelib.console.pages import Answered, View
    from chalicelib.console.ports import Api, Door
    from chalicelib.console.sessions import Session

_TOO_LARGE: Final = 413
_LANGUAGE_SECONDS: Final = 400 * 86_400
"""The longest that browsers keep a cookie."""
_POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action {targets}; "
    "frame-ancestors 'none'; base-uri 'none'"
)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer for the gateway; a header with several values has a list."""

    status: int
    headers: dict[str, Any]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Console:
    """Answers requests for pages."""

    api: Callable[[], Api]
    door: Callable[[], Door]
    real_now: Callable[[], datetime]

    def answer(self, event: Mapping[str, Any], own_request_id: str) -> Reply:
        """Answer one request; never raises."""
        began = time.monotonic()
        too_large = False
        told: Mapping[str, object]
        try:
            asked = asked_of(event, own_request_id)
        except FormTooLargeError:
            asked, too_large = asked_of({**event, "body": None}, own_request_id), True
        with about(function="console", request_id=asked.request_id, correlation_id=asked.request_id):
            if too_large:
                refused = Refused(_TOO_LARGE, "form_too_large")
                reply, told = self._refusal(asked, None, refused), {"code": refused.code}
            else:
                reply, told = self._answered(asked)
            milliseconds = round(1000 * (time.monotonic() - began))
            done = {"method": asked.method, "status": reply.status, "milliseconds": milliseconds}
            log.info("page", extra={**done, **told})
        return reply

    def _answered(self, asked: Asked) -> tuple[Reply, Mapping[str, object]]:
        if (asset := assets.answered(asked.segments)) is not None:
            headers, content = asset
            return Reply(HTTPStatus.OK, {**headers, "X-Request-Id": asked.request_id}, content), {}
        visit: Visit | None = None
        told: dict[str, object] = {}
        try:
            visit = self._visit(asked)
            view, arguments = _view_of(asked)
            told = {"page": view.path, "role": visit.caller.get("role"), "case_id": arguments.get("case_id")}
            return self._sent(visit, self._page(visit, view, arguments)), told
        except Refused as refused:
            return self._refusal(asked, visit, refused), {**told, "code": refused.code}
        except StoreBusy as busy:
            return self._refusal(asked, visit, Refused(HTTPStatus.SERVICE_UNAVAILABLE, "busy")), {
                **told,
                "code": busy.code,
            }
        except NoKeyError:
            log.error("console_without_key")
            not_set_up = Refused(HTTPStatus.SERVICE_UNAVAILABLE, "console_not_set_up")
            return self._refusal(asked, visit, not_set_up), told
        except Exception as error:  # noqa: BLE001 - outermost place: any error is answered and logged
            log_failure("page_failed", error, page=told.get("page"))
            return self._refusal(asked, None, Refused(500, "internal_error")), told

    def _visit(self, asked: Asked) -> Visit:
        door, now = self.door(), int(self.real_now().timestamp())
        session = session_of(asked, door.sealer, door.ended_sessions, now)
        if session and session.link_of:
            revoked_at = door.links_revoked_at(*session.link_of)
            session = None if revoked_at is not None and session.begun <= revoked_at else session
        return self._with(asked, session, now)

    def _with(self, asked: Asked, session: Session | None, now: int) -> Visit:
        door = self.door()
        return Visit(
            asked=asked,
            api=self.api(),
            door=door,
            texts=_texts_for(asked),
            session=session,
            now=now,
            today=door.clock.now().astimezone(CHINA).date(),
        )

    def _page(self, visit: Visit, view: View, arguments: Mapping[str, str]) -> Answered:
        if (chosen := visit.asked.query.get("lang")) in LANGUAGES and view.method == "GET":
            kept = cookie(visit.asked, "language", chosen, _LANGUAGE_SECONDS)
            query = visit.asked.kept_query
            return Moved(visit.asked.here + (f"?{query}" if query else ""), (kept,))
        if view.method == "POST" and not comes_from_here(visit.asked):
            raise Refused(HTTPStatus.FORBIDDEN, "form_from_elsewhere")
        if visit.session is None and not view.open:
            return _sign_in_first(visit, view)
        if view.method == "POST" and visit.session and not visit.session.accepts(visit.asked.typed("csrf")):
            raise Refused(HTTPStatus.FORBIDDEN, "form_outdated")
        return view.handler(visit, **arguments)

    def _sent(self, visit: Visit, page: Answered) -> Reply:
        cookies = [*visit.cookies, *(page.cookies if isinstance(page, Moved) else ())]
        again = visit.session and seen_again(visit.session, visit.now)
        if again and not cookies:
            cookies.append(cookie(visit.asked, "session", sealed(again, visit.door.sealer)))
        headers = self._headers(visit.asked)
        if isinstance(page, Moved):
            headers["Location"] = page.to if page.outside else visit.asked.link(page.to)
            return Reply(HTTPStatus.SEE_OTHER, _with_cookies(headers, cookies), b"")
        if isinstance(page, File):
            headers |= {
                "Content-Type": page.media_type,
                "Content-Disposition": f'inline; filename="{page.name}"',
            }
            return Reply(HTTPStatus.OK, _with_cookies(headers, cookies), page.content)
        body = render(visit, page).encode()
        return Reply(page.status, _with_cookies(headers, cookies), body)

    def _refusal(self, asked: Asked, visit: Visit | None, refused: Refused) -> Reply:
        shown = visit or self._with(asked, None, 0)
        texts = shown.texts
        worded = texts.find(f"problem.{refused.code}") is not None
        code = refused.code if worded else _UNWORDED.get(refused.status, "other")
        told = texts.find(f"remedy.{code}") if code != "other" else None
        is_ours = refused.status >= HTTPStatus.INTERNAL_SERVER_ERROR
        page = Page(
            template="problem.html",
            title=f"problem.{code}",
            values={
                "what_to_do": told or refused.problem.get("detail") or texts.text("remedy.other"),
                "request_id": asked.request_id if is_ours else "",
                # Another site's form is not repeated: its words would look like ours.
                "typed": asked.long_texts if code in _NOT_DONE and comes_from_here(asked) else (),
            },
            status=refused.status,
        )
        return Reply(refused.status, self._headers(asked), render(shown, page).encode())

    def _headers(self, asked: Asked) -> dict[str, Any]:
        door = self.door()
        targets = ["'self'", *door.people_issuers.origins, *([door.bucket_url] if door.bucket_url else [])]
        return {
            "Content-Type": "text/html; charset=utf-8",
            "Content-Security-Policy": _POLICY.format(targets=" ".join(targets)),
            "Cache-Control": "no-store",
            # With `no-referrer` a browser would not say which site a form comes from.
            "Referrer-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff",
            "X-Request-Id": asked.request_id,
            **({} if asked.on_loopback else {"Strict-Transport-Security": "max-age=31536000"}),
        }


_NOT_DONE: Final = frozenset({"signed_out", "form_outdated", "pass_not_accepted", "busy", "internal_error"})
"""Refusals of a form that was filled in well: who wrote a long text gets it back, to copy it."""
_UNWORDED: Final[Mapping[int, str]] = {
    HTTPStatus.UNAUTHORIZED: "signed_out",
    HTTPStatus.FORBIDDEN: "not_permitted",
    HTTPStatus.NOT_FOUND: "not_found",
    HTTPStatus.TOO_MANY_REQUESTS: "busy",
    HTTPStatus.SERVICE_UNAVAILABLE: "busy",
    HTTPStatus.INTERNAL_SERVER_ERROR: "internal_error",
}
"""By status, the words of a refusal whose code has none of its own."""


def _view_of(asked: Asked) -> tuple[View, dict[str, str]]:
    found = index().find(asked.segments)
    if not found:
        raise Refused(HTTPStatus.NOT_FOUND, "not_found")
    if asked.method not in found:
        raise Refused(HTTPStatus.METHOD_NOT_ALLOWED, "method_not_allowed")
    return found[asked.method]


def _sign_in_first(visit: Visit, view: View) -> Answered:
    if view.method == "POST":
        raise Refused(HTTPStatus.UNAUTHORIZED, "signed_out")
    following = {"next": "/".join(visit.asked.segments)} if visit.asked.segments else {}
    return Moved("sign-in" + (f"?{urlencode(following)}" if following else ""))


def _texts_for(asked: Asked) -> Texts:
    names = ("__Host-language", "language")
    chosen = next((asked.cookies[name] for name in names if name in asked.cookies), "")
    return Texts(chosen if chosen in LANGUAGES else LANGUAGES[0])


def _with_cookies(headers: dict[str, Any], cookies: list[str]) -> dict[str, Any]:
    return {**headers, "Set-Cookie": cookies} if cookies else headers
