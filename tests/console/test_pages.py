"""What every page has: headers, language, addresses, and what is shown as text."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from chalicelib.adapters.calendar import load_calendar
from chalicelib.domain.roles import Actor
from tests.support.bodies import filing
from tests.support.browsing import Browser, Site
from tests.support.courses import act, done, file_case
from tests.support.fakes.samples import CENTRE, COURT, INSTITUTION, JUDGE, MEDIATOR, OPS
from tests.support.http import Api

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; "
    "form-action 'self' https://documents.example; frame-ancestors 'none'; base-uri 'none'"
)


@pytest.fixture
def api() -> Api:
    return Api()


@pytest.fixture
def site(api: Api) -> Site:
    return Site(hub=api.hub)


def test_every_page_brings_the_headers_that_keep_it_safe(site: Site) -> None:
    """A refusal and a redirect too: no script, no frame, no cache, no type but its own."""
    browser = site.browser(CENTRE)
    seen = [browser.request("GET", path) for path in ("", "sign-in", "nowhere", "cases/C-9", "?lang=en")]
    assert [each.status for each in seen] == [200, 200, 404, 404, 303]
    for each in seen:
        assert each.headers["Content-Security-Policy"] == POLICY
        assert each.headers["Cache-Control"] == "no-store"
        assert each.headers["Referrer-Policy"] == "same-origin"
        assert each.headers["X-Content-Type-Options"] == "nosniff"
        assert each.headers["Content-Type"] == "text/html; charset=utf-8"


def test_pages_have_no_script_no_style_of_their_own_and_nothing_from_elsewhere(api: Api, site: Site) -> None:
    case_id = file_case(api)
    browser = site.browser(CENTRE)
    for path in ("", f"cases/{case_id}", f"cases/{case_id}/appoint", "sign-in"):
        html = browser.open(path).html
        assert not re.search(r"<script|<style|\sstyle=|\son[a-z]+=|javascript:", html)
        assert not re.search(r"""(?:src|href|action)=["']?(?:https?:)?//""", html)


def test_the_style_sheet_is_named_by_its_hash_and_kept_for_ever(site: Site) -> None:
    """A name that is not the present one is answered too, for another release's page, but not kept."""
    browser = site.browser()
    name = re.search(r'href="/console/(assets/console\.[0-9a-f]{16}\.css)"', browser.open("sign-in").html)
    assert name
    sheet = browser.request("GET", name[1])
    assert (sheet.status, sheet.headers["Content-Type"]) == (200, "text/css; charset=utf-8")
    assert sheet.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert browser.request("GET", "assets/console.0.css").headers["Cache-Control"] == "no-store"
    assert browser.request("GET", "assets/other.js").status == 404


@pytest.mark.parametrize(
    ("accepted", "coding"), [("gzip, deflate, br", "gzip"), ("GZIP;q=1.0", "gzip"), ("br", None), ("", None)]
)
def test_a_page_is_compressed_for_whoever_takes_it(site: Site, accepted: str, coding: str | None) -> None:
    """Its cookies and headers are the same; a redirect stays as it is."""
    browser = site.browser(CENTRE)
    site.later(minutes=2)
    seen = browser.request("GET", "", Accept_Encoding=accepted)
    assert (seen.headers.get("Content-Encoding"), len(seen.cookies)) == (coding, 1)
    assert seen.headers["Vary"] == "Accept-Encoding"
    assert "我的案件" in seen.text
    assert "Content-Encoding" not in browser.request("GET", "?lang=en", Accept_Encoding="gzip").headers


def test_a_first_visit_is_small(api: Api, site: Site) -> None:
    """A start page with twenty cases and its style sheet: two requests, far below 100 KB on the way."""
    for number in range(20):
        file_case(api, f"JC-{number}")
    browser = site.browser(CENTRE)
    page = browser.request("GET", "", Accept_Encoding="gzip")
    loaded = re.findall(r'<(?:link|img|script)[^>]*(?:href|src)="(/[^"]*)"', page.html)
    assert len(loaded) == 1
    sheet = browser.request("GET", loaded[0].removeprefix("/console/"), Accept_Encoding="gzip")
    assert sheet.status == 200
    assert len(page.sent) + len(sheet.sent) < 10_000


def test_links_stand_on_the_path_where_the_hub_is_served(api: Api, site: Site) -> None:
    """Without a domain of its own that begins with the stage's name."""
    case_id = file_case(api)
    browser = site.browser(CENTRE)
    browser.stage = "/prod"
    seen = browser.open(f"cases/{case_id}")
    assert f"/prod/console/cases/{case_id}/appoint" in seen.links
    assert all(link.startswith(("/prod/console", "#")) for link in seen.links)
    sent = browser.request(
        "POST", f"cases/{case_id}/appoint", {**browser.open(f"cases/{case_id}/appoint").hidden}
    )
    assert sent.status == 422
    assert browser.request("GET", "?lang=en").headers["Location"] == "/prod/console"


def test_the_language_is_chinese_until_another_is_chosen_and_then_stays(site: Site) -> None:
    browser = site.browser(CENTRE)
    del browser.cookies["language"]
    assert 'lang="zh-CN"' in browser.open().html
    english = browser.open("?lang=en")
    assert 'lang="en"' in english.html
    assert browser.open().title == "My cases – Jiefen Hub"
    assert browser.open("?lang=xx").title == "My cases – Jiefen Hub"
    assert browser.open("?lang=zh").title == "我的案件 – 解纷枢纽"


def test_choosing_a_language_keeps_the_page_and_its_query(site: Site) -> None:
    seen = site.browser().request("GET", "sign-in?next=cases%2FC-1&lang=en")
    assert seen.headers["Location"] == "/console/sign-in?next=cases%2FC-1"


@pytest.mark.parametrize("segment", ["%0d%0aX-Evil:1", "..", "<b>", "a b", "案件", "%00", "x" * 3000])
def test_a_strange_address_is_not_found_and_no_header_of_its_own(site: Site, segment: str) -> None:
    """Neither for whoever signed in nor on the way to the sign-in."""
    for browser in (site.browser(CENTRE), site.browser()):
        for path in (f"cases/{segment}", segment, f"cases/{segment}/appoint", f"cases/{segment}?lang=en"):
            seen = browser.request("GET", path)
            assert seen.status in {303, 404}
            assert not re.search(r"[\r\n]", seen.headers.get("Location", ""))


def test_anothers_case_is_the_page_of_no_case(api: Api, site: Site) -> None:
    """Word for word, on each of its addresses."""
    case_id = file_case(api)
    stranger = site.browser(
        Actor(role=MEDIATOR.role, subject="m", mediator_id="m-9", court_id=MEDIATOR.court_id)
    )
    for path in ("cases/{}", "cases/{}/appoint", "cases/{}/accept", "cases/{}/nothing"):
        others = stranger.request("GET", path.format(case_id))
        nobodys = stranger.request("GET", path.format("C-9999"))
        assert (others.status, nobodys.status) == (404, 404)
        assert _same(others.html, case_id) == _same(nobodys.html, "C-9999")
        posted = stranger.request("POST", path.format(case_id), {**_token(stranger), "version": "2"})
        assert posted.status in {404, 405}


def test_hostile_names_are_shown_as_text(api: Api, site: Site) -> None:
    """What a bank wrote about a debtor runs nowhere."""
    name = "<script>alert(1)</script>"
    body = filing(contract_number="JC-1<b>'\"&")
    body["respondents"][0]["name"] = name
    answer = api.post("/v1/filings", body, INSTITUTION, Idempotency_Key="k-1")
    assert answer.status == 201, answer.raw
    api.hub.run()
    html = site.browser(INSTITUTION).open(f"cases/{answer.body['case_id']}").html
    assert "<script" not in html
    assert "JC-1&lt;b&gt;&#39;&#34;&amp;" in html


@pytest.mark.parametrize(
    "actor", [CENTRE, INSTITUTION, MEDIATOR, JUDGE, COURT, OPS], ids=lambda who: who.role
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_role_finds_its_case_on_the_start_page_and_can_read_it(
    api: Api, site: Site, actor: Actor, language: str
) -> None:
    case_id = file_case(api)
    appointment = {"action": "appoint", "mediator_id": "m-1", "judge_id": "j-1"}
    done(act(api, case_id, "assignment", appointment, CENTRE))
    browser = site.browser(actor, language)
    assert f"/console/cases/{case_id}" in browser.open().links
    seen = browser.open(f"cases/{case_id}")
    assert seen.status == 200
    for each in ("案件情况", "办理经过") if language == "zh" else ("About the case", "What happened"):
        assert each in seen.text


def test_the_start_page_has_the_case_on_top_whose_time_ends_first(api: Api, site: Site) -> None:
    first = file_case(api, "JC-1")
    done(
        act(api, first, "assignment", {"action": "appoint", "mediator_id": "m-1", "judge_id": "j-1"}, CENTRE)
    )
    done(act(api, first, "assignment", {"action": "accept"}, MEDIATOR))
    second = file_case(api, "JC-2")
    links = site.browser(CENTRE).open().links
    assert links.index(f"/console/cases/{second}") < links.index(f"/console/cases/{first}")


def test_a_page_is_opened_by_the_methods_it_has(site: Site) -> None:
    browser = site.browser(CENTRE)
    assert browser.request("GET", "sign-out").status == 405
    assert browser.request("POST", "sign-in", {}).status == 405


def test_a_form_of_any_size_gets_a_page(site: Site) -> None:
    """Too many bytes or fields are refused; what is no form is an empty one."""
    browser = site.browser(CENTRE)
    assert browser.request("POST", "cases/C-1/appoint", {"a": "x" * 300_000}).status == 413
    assert browser.request("POST", "cases/C-1/appoint", {"a": ["x"] * 3_000}).status == 413
    assert browser.request("POST", "cases/C-1/appoint", None).status == 403


def _token(browser: Browser) -> dict[str, str]:
    return {"csrf": browser.open().html.partition('name="csrf" value="')[2].partition('"')[0]}


def _same(html: str, case_id: str) -> str:
    return re.sub(r'name="csrf" value="[^"]*"', "", html.replace(case_id, "CASE"))


@pytest.mark.parametrize(("month", "day", "provisional"), [(6, 1, False), (12, 30, True)])
def test_a_deadline_in_a_year_without_its_holidays_is_shown_as_provisional(
    api: Api, site: Site, month: int, day: int, provisional: bool
) -> None:
    """Three working days to appoint from 30 December 2026 end in 2027, whose holidays are not out yet."""
    api.hub.calendar = load_calendar()
    api.hub.clock.set(datetime(2026, month, day, 2, tzinfo=UTC))
    case_id = file_case(api)
    seen = site.browser(CENTRE).open(f"cases/{case_id}")
    assert ("放假安排尚未公布" in seen.text) is provisional
