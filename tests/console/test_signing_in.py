"""Signing in at an issuer, with everything that can be wrong on the way back."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest

from chalicelib.adapters.identity import Issuer
from chalicelib.adapters.identity.jwks import FetchFailedError
from chalicelib.adapters.identity.sign_in import PeopleIssuers
from infra.local.issuer import BadRequestError, LocalIssuer
from tests.support.browsing import Browser, Seen, Site
from tests.support.fakes import COURT_ID

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ISSUER = "https://login.example"
CLIENT = "console"
PEOPLE = [
    ("吴敏", {"role": "centre", "sub": "centre-1", "court_id": COURT_ID}),
    ("无名", {"role": "nobody", "sub": "x-1"}),
    ("甲", {"role": "borrower", "sub": "b-1"}),
]


@dataclass
class Login:
    """The local issuer without HTTP; `spoil` alters what it answers, by the end of its address."""

    site: Site
    spoil: dict[str, Callable[[Any], Any]] = field(default_factory=dict)
    down: bool = False

    def __post_init__(self) -> None:
        self.issuer = LocalIssuer(ISSUER, audience="hub", now=self.site.seconds, people=PEOPLE)
        trusted = Issuer(ISSUER, f"{ISSUER}/jwks.json", "hub", ("ES256",), client_id=CLIENT)
        other = Issuer("https://bank.example", "https://bank.example/jwks", "hub", ("ES256",))
        self.site.door.people_issuers = PeopleIssuers(
            [other, trusted], now=self.site.seconds, fetch=self.fetch
        )

    def fetch(self, url: str, form: Mapping[str, str] | None = None) -> bytes:
        """Answer what the hub asks the issuer."""
        if self.down:
            raise FetchFailedError("ConnectTimeoutError")
        path = urlsplit(url).path
        answers: dict[str, Callable[[], Any]] = {
            "/.well-known/openid-configuration": self.issuer.discovery,
            "/jwks.json": self.issuer.jwks,
            "/token": lambda: self.issuer.exchanged(form or {}),
        }
        try:
            answer = answers[path]()
        except BadRequestError as refused:
            raise FetchFailedError("status_400") from refused
        spoilt = self.spoil.get(path, lambda same: same)(answer)
        return spoilt if isinstance(spoilt, bytes) else json.dumps(spoilt).encode()

    def choose(self, browser: Browser, person: int = 0, path: str = "sign-in/0?next=") -> str:
        """Begin to sign in and choose a person; return the address to which the issuer sends one back."""
        asked = parse_qsl(urlsplit(browser.request("GET", path).headers["Location"]).query)
        # The local issuer sends browsers to loopback only, where this console is.
        self.issuer.login_page(dict(asked))
        return self.issuer.code_for({**dict(asked), "person": str(person)})


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
def login(site: Site) -> Login:
    return Login(site)


def back(browser: Browser, address: str, **changed: str) -> Seen:
    """Come back from the issuer, with some of the query changed."""
    query = {**dict(parse_qsl(urlsplit(address).query)), **changed}
    return browser.request("GET", "sign-in/back?" + "&".join(f"{k}={v}" for k, v in query.items()))


def test_whoever_signs_in_arrives_at_the_page_that_was_asked_for(site: Site, login: Login) -> None:
    """As who the issuer says, in this browser alone."""
    browser = site.browser()
    page = browser.open("cases/C-1/appoint")
    (way,) = [link for link in page.links if "sign-in/0" in link]
    address = login.choose(browser, path=way.removeprefix("/console/"))
    seen = back(browser, address)
    assert (seen.status, seen.headers["Location"]) == (303, "/console/cases/C-1/appoint")
    assert "退出（调解中心）" in browser.open().text
    assert "sign-in" not in browser.cookies


def test_the_issuer_gets_a_challenge_and_never_the_verifier(site: Site, login: Login) -> None:
    """PKCE with S256; state, nonce and verifier are new each time and sealed in the browser's cookie."""
    browser = site.browser()
    queries = [
        parse_qs(urlsplit(browser.request("GET", "sign-in/0").headers["Location"]).query) for _ in range(2)
    ]
    for query in queries:
        assert query["code_challenge_method"] == ["S256"]
        assert query["redirect_uri"] == ["http://127.0.0.1:8000/console/sign-in/back"]
        assert query["client_id"] == [CLIENT]
        assert not any("verifier" in name for name in query)
    for name in ("state", "nonce", "code_challenge"):
        assert queries[0][name] != queries[1][name]
    assert login.issuer.url == ISSUER


@pytest.mark.parametrize(
    "following",
    [
        "//evil.example",
        "https://evil.example",
        "/evil",
        "..%2F..",
        "sign-out",
        "cases/%0d%0aX:1",
        "a/b/c/d/e/f/g/h",
    ],
)
def test_nobody_is_sent_elsewhere_after_signing_in(site: Site, login: Login, following: str) -> None:
    browser = site.browser()
    address = login.choose(browser, path=f"sign-in/0?next={following}")
    assert back(browser, address).headers["Location"] == "/console"


@pytest.mark.parametrize("changed", [{"state": "x"}, {"state": ""}, {"state": "é"}])
def test_another_state_is_refused(site: Site, login: Login, changed: dict[str, str]) -> None:
    """Somebody else's sign-in can't be finished here."""
    browser = site.browser()
    assert _refused(browser, back(browser, login.choose(browser), **changed)) == (400, "登录没有完成")


def test_another_browser_can_not_finish_a_sign_in(site: Site, login: Login) -> None:
    address = login.choose(site.browser())
    thief = site.browser()
    assert _refused(thief, back(thief, address)) == (400, "登录没有完成")
    login.choose(thief)
    assert _refused(thief, back(thief, address)) == (400, "登录没有完成")


def test_a_code_is_taken_once(site: Site, login: Login) -> None:
    browser = site.browser()
    cookies = None
    address = login.choose(browser)
    cookies = dict(browser.cookies)
    assert back(browser, address).status == 303
    again = site.browser()
    again.cookies = cookies
    assert _refused(again, back(again, address)) == (400, "登录没有完成")


def test_a_sign_in_that_took_too_long_begins_anew(site: Site, login: Login) -> None:
    browser = site.browser()
    address = login.choose(browser)
    site.later(minutes=11)
    assert _refused(browser, back(browser, address)) == (400, "登录没有完成")


def test_whoever_cancels_is_told_what_to_do(site: Site, login: Login) -> None:
    browser = site.browser()
    address = login.choose(browser)
    assert _refused(browser, back(browser, address, error="access_denied")) == (403, "登录被取消")


@pytest.mark.parametrize("person", [1, 2])
def test_an_account_without_a_role_of_the_hub_is_refused(site: Site, login: Login, person: int) -> None:
    """And so is a role without the ids that it needs."""
    browser = site.browser()
    address = login.choose(browser, person)
    assert _refused(browser, back(browser, address)) == (403, "这个账号不能使用本网站")


@pytest.mark.parametrize(
    ("path", "spoil", "status"),
    [
        ("/token", lambda answer: {**answer, "id_token": answer["access_token"]}, 403),  # of another audience
        ("/token", lambda answer: {**answer, "id_token": answer["id_token"][:-8] + "AAAAAAAA"}, 403),
        ("/token", lambda answer: {**answer, "id_token": 5}, 400),
        ("/token", lambda _: {"error": "invalid_grant"}, 400),
        ("/token", lambda _: b"<html>", 503),
        ("/token", lambda _: [], 503),
        (
            "/.well-known/openid-configuration",
            lambda answer: {**answer, "token_endpoint": "http://x.y/"},
            503,
        ),
    ],
)
def test_what_an_issuer_gets_wrong_is_a_page_that_says_what_to_do(
    site: Site, login: Login, path: str, spoil: Callable[[Any], Any], status: int
) -> None:
    login.spoil[path] = spoil
    browser = site.browser()
    seen = back(browser, login.choose(browser))
    assert (seen.status, "session" in browser.cookies) == (status, False)
    assert seen.headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda answer: {**answer, "issuer": "https://other.example"},
        lambda answer: {**answer, "authorization_endpoint": "javascript:alert(1)"},
        lambda answer: {k: v for k, v in answer.items() if k != "authorization_endpoint"},
        lambda _: b"",
    ],
)
def test_a_discovery_document_that_is_not_the_issuers_leads_nowhere(
    site: Site, login: Login, spoil: Callable[[Any], Any]
) -> None:
    login.spoil["/.well-known/openid-configuration"] = spoil
    assert site.browser().request("GET", "sign-in/0").status == 503


def test_an_issuer_that_is_down_is_told_of(site: Site, login: Login) -> None:
    """Before and after the person was there; another try then works."""
    login.down = True
    browser = site.browser()
    assert _refused(browser, browser.request("GET", "sign-in/0")) == (503, "登录服务暂时连不上")
    login.down = False
    address = login.choose(browser)
    login.down = True
    assert _refused(browser, back(browser, address)) == (503, "登录服务暂时连不上")


def test_a_token_with_another_nonce_is_refused(site: Site, login: Login) -> None:
    """An id token that was made for another sign-in."""
    browser = site.browser()
    address = login.choose(browser)
    other = login.issuer.token({**PEOPLE[0][1], "aud": CLIENT, "nonce": "another"})["access_token"]
    login.spoil["/token"] = lambda answer: {**answer, "id_token": other}
    assert _refused(browser, back(browser, address)) == (403, "这个账号不能使用本网站")


def test_without_a_key_the_page_says_whom_to_tell(site: Site, login: Login) -> None:
    """An operator has forgotten the secret: nobody can sign in, and nothing fails silently."""
    assert login.issuer.url == ISSUER
    site.keys.stored = site.keys.read = ()
    seen = site.browser().request("GET", "sign-in/0")
    assert (seen.status, "会话密钥" in seen.text) == (503, True)


def test_only_issuers_with_a_client_id_are_for_people(site: Site, login: Login) -> None:
    """A bank's issuer for machines is not offered."""
    assert login.site.door.people_issuers.names == (ISSUER,)
    for number in ("1", "9", "x", "²"):
        assert site.browser().request("GET", f"sign-in/{number}").status == 404


def test_a_form_may_lead_to_the_issuers(site: Site, login: Login) -> None:
    """The policy names them: a browser stops a form whose answer leads elsewhere."""
    assert login.issuer.url == ISSUER
    policy = site.browser().open("sign-in").headers["Content-Security-Policy"]
    assert f"form-action 'self' {ISSUER} https://documents.example;" in policy


def test_a_session_does_not_outlive_a_new_sign_in_in_its_cookie(site: Site, login: Login) -> None:
    """Whoever signs in gets a session of its own, whatever cookie the browser had."""
    browser = site.browser()
    back(browser, login.choose(browser))
    first = browser.cookies["session"]
    back(browser, login.choose(browser))
    sealer = site.door.sealer
    opened = [sealer.open("session 1", each) or {} for each in (first, browser.cookies["session"])]
    assert opened[0]["session_id"] != opened[1]["session_id"]
    assert opened[0]["csrf"] != opened[1]["csrf"]


def _refused(browser: Browser, seen: Seen) -> tuple[int, str]:
    """Return a refusal's status and title; nobody is signed in then, and a link leads on."""
    assert "session" not in browser.cookies
    assert "/console/sign-in" in seen.links
    return seen.status, seen.title.partition(" – ")[0]
