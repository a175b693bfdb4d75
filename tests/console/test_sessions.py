"""Sessions, and where a form may come from."""

from __future__ import annotations

import base64

import pytest

from chalicelib.adapters.sealing_cookies import Sealer, new_key
from tests.support.browsing import Site
from tests.support.courses import file_case
from tests.support.fakes.samples import CENTRE
from tests.support.http import Api

TO_SIGN_IN = "/console/sign-in"


@pytest.fixture
def site() -> Site:
    return Site()


def test_a_page_without_a_session_leads_to_the_sign_in_and_back(site: Site) -> None:
    """The page that was asked for is named, so that the person arrives there afterwards."""
    browser = site.browser()
    assert browser.request("GET", "").headers["Location"] == TO_SIGN_IN
    asked = browser.request("GET", "cases/C-1/appoint")
    assert (asked.status, asked.headers["Location"]) == (303, f"{TO_SIGN_IN}?next=cases%2FC-1%2Fappoint")


def test_a_session_ends_after_half_an_hour_without_a_page(site: Site) -> None:
    browser = site.browser(CENTRE)
    site.later(minutes=29)
    assert browser.request("GET", "").status == 200
    site.later(minutes=29)
    assert browser.request("GET", "").status == 200
    site.later(minutes=31)
    assert browser.request("GET", "").headers["Location"] == TO_SIGN_IN


def test_a_session_ends_eight_hours_after_the_sign_in(site: Site) -> None:
    """However busy its person is."""
    browser = site.browser(CENTRE)
    for _ in range(23):
        site.later(minutes=20)
        assert browser.request("GET", "").status == 200
    site.later(minutes=19)
    assert browser.request("GET", "").status == 200
    site.later(minutes=2)
    assert browser.request("GET", "").headers["Location"] == TO_SIGN_IN


def test_an_old_copy_of_a_cookie_that_was_renewed_since_still_ends(site: Site) -> None:
    """Somebody who copied it gains nothing by its owner's being busy."""
    browser, thief = site.browser(CENTRE), site.browser()
    thief.cookies["session"] = browser.cookies["session"]
    for _ in range(2):
        site.later(minutes=20)
        assert browser.request("GET", "").status == 200
    assert thief.request("GET", "").headers["Location"] == TO_SIGN_IN


def test_signing_out_ends_the_session_on_every_container(site: Site) -> None:
    """A copy of the cookie is worth nothing on another one either."""
    browser = site.browser(CENTRE)
    copied = dict(browser.cookies)
    home = browser.open()
    out = browser.send(home, at="sign-out", csrf=_token(home.html))
    assert "您已退出" in out.text
    assert "session" not in browser.cookies
    site.app = site.container()
    browser.cookies = copied
    assert browser.request("GET", "").headers["Location"] == TO_SIGN_IN


def test_an_ended_session_is_kept_as_ended_until_it_would_have_ended(site: Site) -> None:
    browser = site.browser(CENTRE)
    home = browser.open()
    browser.send(home, at="sign-out", csrf=_token(home.html))
    assert list(site.ended.sessions.values()) == [int(site.now.timestamp()) + 8 * 3600]


def test_a_rotated_key_signs_nobody_out(site: Site) -> None:
    """The newest key seals, every key in the secret opens."""
    browser = site.browser(CENTRE)
    before = site.keys.stored
    site.keys.stored = site.keys.read = (new_key(), *before)
    site.later(minutes=2)
    assert browser.request("GET", "").status == 200
    site.keys.stored = site.keys.read = site.keys.stored[:1]
    assert browser.request("GET", "").status == 200


def test_a_container_that_missed_a_rotation_reads_the_secret_again(site: Site) -> None:
    """A cookie that another container sealed with the newest key is opened."""
    old = site.keys.stored
    site.keys.stored = site.keys.read = (new_key(), *old)
    browser = site.browser(CENTRE)
    site.keys.read = old
    assert browser.request("GET", "").status == 200


def test_a_key_that_was_taken_away_ends_its_sessions(site: Site) -> None:
    browser = site.browser(CENTRE)
    site.keys.stored = site.keys.read = (new_key(),)
    assert browser.request("GET", "").headers["Location"] == TO_SIGN_IN


@pytest.mark.parametrize("value", ["", "x", "é", "A" * 9000, base64.b64encode(b"\0" * 80).decode()])
def test_a_cookie_that_is_no_session_is_none(site: Site, value: str) -> None:
    browser = site.browser()
    browser.cookies["session"] = value
    assert browser.request("GET", "").headers["Location"] == TO_SIGN_IN


def test_what_was_sealed_for_a_sign_in_is_no_session(site: Site) -> None:
    """A purpose is bound to what is sealed."""
    sealer = Sealer(site.keys)
    assert sealer.open("session 1", sealer.seal("sign-in", {"a": 1})) is None
    assert sealer.open("sign-in", sealer.seal("sign-in", {"a": 1})) == {"a": 1}


def test_the_cookie_is_bound_to_the_host_where_there_is_tls(site: Site) -> None:
    """`__Host-`, Secure, HttpOnly and SameSite; on loopback without the prefix and Secure."""
    browser = site.browser(CENTRE)
    site.later(minutes=2)
    (local,) = browser.request("GET", "").cookies
    assert local.startswith("session=")
    assert local.endswith("; Path=/; HttpOnly; SameSite=Lax")
    browser.host, browser.headers = "hub.example", {"X-Forwarded-Proto": "https"}
    browser.cookies["__Host-session"] = browser.cookies.pop("session")
    site.later(minutes=2)
    (given,) = browser.request("GET", "").cookies
    assert given.startswith("__Host-session=")
    assert given.endswith("; Path=/; HttpOnly; SameSite=Lax; Secure")


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:8001"},
    ],
)
def test_a_form_from_elsewhere_is_refused(headers: dict[str, str]) -> None:
    """Also with the right token: the browser's own word is asked first. Nothing is done."""
    api = Api()
    site, case_id = Site(hub=api.hub), file_case(api)
    browser = site.browser(CENTRE)
    asked = browser.open(f"cases/{case_id}/appoint")
    form = {**asked.hidden, "mediator_id": "m-1", "judge_id": "j-1"}
    refused = browser.request("POST", asked.path, form, **headers)
    assert (refused.status, api.hub.cases.get(case_id).mediator_id) == (403, None)
    assert "没有办理任何事项" in refused.text


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec_Fetch_Site": "same-origin", "Origin": "http://127.0.0.1:8000"},
        {"Origin": "http://127.0.0.1:8000"},
    ],
)
def test_a_form_from_here_is_taken(headers: dict[str, str]) -> None:
    """Also of an old browser that names no origin, by the token alone."""
    api = Api()
    site, case_id = Site(hub=api.hub), file_case(api)
    browser = site.browser(CENTRE)
    asked = browser.open(f"cases/{case_id}/appoint")
    form = {**asked.hidden, "mediator_id": "m-1", "judge_id": "j-1"}
    assert browser.request("POST", asked.path, form, **headers).status == 303
    assert api.hub.cases.get(case_id).mediator_id == "m-1"


def test_a_form_needs_the_token_of_its_session() -> None:
    """None, a wrong one and another session's are refused alike, and nothing is done."""
    api = Api()
    site, case_id = Site(hub=api.hub), file_case(api)
    browser, other = site.browser(CENTRE), site.browser(CENTRE)
    asked = browser.open(f"cases/{case_id}/appoint")
    form = {**asked.hidden, "mediator_id": "m-1", "judge_id": "j-1"}
    foreign = other.open(asked.path).hidden["csrf"]
    for token in ("", "x", "é", "AAAA", foreign, foreign[:-2]):
        refused = browser.request("POST", asked.path, {**form, "csrf": token})
        assert (refused.status, refused.title.partition(" – ")[0]) == (403, "这份表单已经失效")
    assert api.hub.cases.get(case_id).mediator_id is None


def test_the_token_looks_different_on_each_page(site: Site) -> None:
    """Answers are compressed: what stayed the same could be guessed by their length."""
    browser = site.browser(CENTRE)
    assert _token(browser.open().html) != _token(browser.open().html)


def test_a_form_without_a_session_is_answered_by_what_to_do(site: Site) -> None:
    """No redirect, which would lose what was typed without a word."""
    refused = site.browser().request("POST", "cases/C-1/appoint", {"mediator_id": "m-1"})
    assert (refused.status, "请重新登录" in refused.text) == (401, True)


def _token(html: str) -> str:
    return html.partition('name="csrf" value="')[2].partition('"')[0]
