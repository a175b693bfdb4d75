"""The console as a browser sees it: the real routes on a Chalice app, with a hub in memory behind them.

Promise: a request is the event that API Gateway sends; cookies are kept and sent as a browser does, forms are
sent with what their page held. Downside: it reads pages with a parser of its own and runs nothing.
"""

from __future__ import annotations

import base64
import gzip
import re
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from chalice.local import RouteMatcher

from chalicelib import console
from chalicelib.adapters.identity import Principal
from chalicelib.adapters.sealing_cookies import Sealer, new_key
from chalicelib.api import in_process
from chalicelib.console.sessions import Session, sealed
from chalicelib.use_cases.capability_ports import PartyLinks
from chalicelib.use_cases.request_sign_in_code import request_sign_in_code
from chalicelib.use_cases.sign_in_by_link import sign_in_by_link
from tests.support.fakes import FakeHub
from tests.support.http import LambdaContext, make_app

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chalice.app import Chalice

    from chalicelib.console.ports import Api
    from chalicelib.domain.roles import Actor

HOST = "127.0.0.1:8000"


class Keys:
    """The sealing keys, as the secret has them."""

    def __init__(self) -> None:
        self.stored: tuple[str, ...] = (new_key(),)
        self.read: tuple[str, ...] = self.stored

    def console(self, *, again: bool = False) -> tuple[str, ...]:
        """Return the keys as they were read; `again` reads them anew."""
        if again:
            self.read = self.stored
        return self.read


class Ended:
    """The ended sessions, shared by all containers."""

    def __init__(self) -> None:
        self.sessions: dict[str, int] = {}

    def end(self, session_id: str, expires_at: int) -> None:
        """Keep an ended session."""
        self.sessions.setdefault(session_id, expires_at)

    def ended(self, session_id: str) -> bool:
        """Tell whether it was ended."""
        return session_id in self.sessions


class NoIssuers:
    """No issuer: a test that signs in brings one."""

    names: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()


@dataclass
class Door:
    """What the console uses of the hub itself."""

    hub: FakeHub
    sealer: Sealer
    ended_sessions: Ended
    people_issuers: Any = field(default_factory=NoIssuers)
    bucket_url: str = "https://documents.example"

    @property
    def clock(self) -> Any:
        """Case time."""
        return self.hub.clock

    def request_sign_in_code(self, token: str) -> None:
        """Send the code of a party's link."""
        request_sign_in_code(self.hub, token)

    def sign_in_by_link(self, token: str, code: str) -> Actor | None:
        """Return who comes in by a party's link and code."""
        return sign_in_by_link(self.hub, token, code)

    def links_revoked_at(self, case_id: str, party_id: str) -> int | None:
        """Return when a party's links were last revoked."""
        return self.hub.part(PartyLinks).revoked_at(case_id, party_id)

    def names_of(self, court_id: str) -> Any:
        """Return a court's names."""
        return self.hub.names_of(court_id)


@dataclass
class Site:
    """The console, its hub, and real time."""

    hub: FakeHub = field(default_factory=FakeHub)
    keys: Keys = field(default_factory=Keys)
    ended: Ended = field(default_factory=Ended)
    now: datetime = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)

    def __post_init__(self) -> None:
        self.door = Door(self.hub, Sealer(self.keys), self.ended)
        self.app = self.container()

    def container(self) -> Chalice:
        """Start another container on the same table and secret."""
        app = make_app(lambda: self.hub, lambda _court: (), self.hub.clock.now)
        door: Any = self.door
        console.register(app, api=self.api, door=lambda: door, real_now=lambda: self.now)
        return app

    def api(self) -> Api:
        """Return the API for callers in this process."""
        return in_process(hub=lambda: self.hub, callback_keys=lambda _court: (), real_now=lambda: self.now)()

    def seconds(self) -> float:
        """Return real time in epoch seconds."""
        return self.now.timestamp()

    def later(self, **time: float) -> None:
        """Let real time pass."""
        self.now += timedelta(**time)

    def browser(self, actor: Actor | None = None, language: str = "zh") -> Browser:
        """Open a browser; somebody given is signed in."""
        opened = Browser(self)
        opened.cookies["language"] = language
        if actor is not None:
            session = Session.begin(Principal(actor, "issuer").context, int(self.now.timestamp()))
            opened.cookies["session"] = sealed(session, self.door.sealer)
        return opened


@dataclass
class Browser:
    """One person's browser."""

    site: Site
    cookies: dict[str, str] = field(default_factory=dict)
    host: str = HOST
    stage: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def open(self, path: str = "") -> Seen:
        """Open a page of the console and follow where it leads, within the console."""
        seen = self.request("GET", path)
        while seen.status == 303 and (place := self.inside(seen.headers["Location"])) is not None:
            seen = self.request("GET", place)
        return seen

    def send(self, seen: Seen, *, at: str | None = None, **typed: str | Sequence[str]) -> Seen:
        """Send the page's form with what was typed, and follow where it leads."""
        path = at if at is not None else seen.path
        filled = {**seen.hidden, **{name.replace("__", ":"): value for name, value in typed.items()}}
        return self.follow(self.request("POST", path, filled))

    def follow(self, seen: Seen) -> Seen:
        """Follow a redirect within the console."""
        place = self.inside(seen.headers["Location"]) if seen.status == 303 else None
        return seen if place is None else self.open(place)

    def inside(self, location: str) -> str | None:
        """Return the page that an address leads to; None for another site's."""
        prefix = f"{self.stage}/console"
        return location.removeprefix(prefix).removeprefix("/") if location.startswith(prefix) else None

    def request(self, method: str, path: str, form: Mapping[str, Any] | None = None, **headers: str) -> Seen:
        """Make one request, as API Gateway hands it over."""
        target = f"/console/{path}" if path and not path.startswith("?") else f"/console{path}"
        split = urlsplit(target)
        matched = RouteMatcher(list(self.site.app.routes)).match_route(split.path)
        sent = {
            "Host": self.host,
            **({"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())} if self.cookies else {}),
            **({"Content-Type": "application/x-www-form-urlencoded"} if form is not None else {}),
            **self.headers,
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        body = urlencode(form, doseq=True, errors="surrogatepass").encode() if form is not None else b""
        event = {
            "resource": matched.route,
            "path": unquote(split.path),
            "httpMethod": method,
            "headers": sent,
            "multiValueHeaders": {name: [value] for name, value in sent.items()},
            "queryStringParameters": None,
            "multiValueQueryStringParameters": parse_qs(split.query, keep_blank_values=True) or None,
            "pathParameters": {name: unquote(value) for name, value in matched.captured.items()} or None,
            "stageVariables": None,
            "requestContext": {
                "resourcePath": matched.route,
                "httpMethod": method,
                "requestId": str(uuid.uuid4()),
                "path": self.stage + split.path,
                "identity": {"sourceIp": "127.0.0.1"},
            },
            "body": base64.b64encode(body).decode() if body else None,
            "isBase64Encoded": bool(body),
        }
        answer = self.site.app(event, LambdaContext())
        self._keep(answer)
        return Seen(split.path.removeprefix("/console").removeprefix("/"), answer)

    def _keep(self, answer: Mapping[str, Any]) -> None:
        for given in (answer.get("multiValueHeaders") or {}).get("Set-Cookie", ()):
            name, _, rest = given.partition("=")
            value, _, attributes = rest.partition(";")
            if "Max-Age=0" in attributes:
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value


class Seen:
    """A page as it arrived."""

    def __init__(self, path: str, answer: Mapping[str, Any]) -> None:
        self.path = path
        self.status: int = answer["statusCode"]
        self.headers: Mapping[str, str] = answer["headers"]
        self.cookies: Sequence[str] = (answer.get("multiValueHeaders") or {}).get("Set-Cookie", [])
        self.sent = (
            base64.b64decode(answer["body"]) if answer.get("isBase64Encoded") else answer["body"].encode()
        )
        zipped = self.headers.get("Content-Encoding") == "gzip"
        self.html: str = (gzip.decompress(self.sent) if zipped else self.sent).decode()
        self.read = _Reader()
        self.read.feed(self.html)

    @property
    def text(self) -> str:
        """What the page says, without its markup."""
        return re.sub(r"\s+", " ", " ".join(self.read.texts))

    @property
    def title(self) -> str:
        """The page's title."""
        found = re.search("<title>(.*?)</title>", self.html, re.DOTALL)
        return found[1] if found else ""

    @property
    def hidden(self) -> dict[str, Any]:
        """The hidden fields of the page's main form, as they would be sent."""
        return self.read.hidden

    @property
    def links(self) -> list[str]:
        """Where the page's links lead."""
        return self.read.links


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.links: list[str] = []
        self.hidden: dict[str, str] = {}
        self.main = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note links and hidden fields."""
        given = {name: value or "" for name, value in attrs}
        self.main = self.main or tag == "main"
        if tag == "a":
            self.links.append(given["href"])
        if tag == "input" and given.get("type") == "hidden" and self.main:
            self.hidden[given["name"]] = given["value"]

    def handle_data(self, data: str) -> None:
        """Note the text."""
        self.texts.append(data)
