"""A party comes in by a link and a code, and whatever is wrong with either is answered alike."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pytest

from chalicelib.domain.notices import NoticeKind
from tests.support.browsing import Site
from tests.support.courses import APPOINTMENT, act, done, file_case
from tests.support.fakes.samples import CENTRE, MEDIATOR
from tests.support.http import Api
from tests.support.settling import agrees

if TYPE_CHECKING:
    from tests.support.browsing import Browser, Seen

BASE: Final = "https://hub.example/console/p"


@dataclass
class Invited:
    """A case whose borrower was asked for consent, and the borrower's phone."""

    site: Site
    api: Api
    case_id: str

    @property
    def token(self) -> str:
        """The token in the latest message with a link."""
        links = [each.link for each in self.api.hub.gateway.sent.values() if each.link]
        return links[-1].removeprefix(f"{BASE}/")

    @property
    def codes(self) -> list[str]:
        """The sign-in codes that reached the phone, the oldest first."""
        sent = self.api.hub.gateway.sent.values()
        return [each.values["code"] for each in sent if each.kind is NoticeKind.SIGN_IN_CODE]

    def ask(self, browser: Browser, token: str | None = None) -> Seen:
        """Have a code sent by a link; returns the page that asks for it."""
        place = f"p/{token or self.token}"
        seen = browser.send(browser.open(place), at=f"{place}/code")
        self.api.hub.run()
        return seen

    def enter(self, browser: Browser, code: str, token: str | None = None) -> Seen:
        """Type a code."""
        place = f"p/{token or self.token}"
        return browser.send(browser.open(f"{place}/code"), at=place, code=code)


def invited() -> Invited:
    """Bring a case to where its borrower is asked for consent."""
    api = Api()
    api.hub.link_base = BASE
    case_id = file_case(api)
    done(act(api, case_id, "assignment", APPOINTMENT, CENTRE))
    done(act(api, case_id, "assignment", {"action": "accept"}, MEDIATOR))
    return Invited(Site(hub=api.hub, now=api.hub.clock.now()), api, case_id)


def wrong(code: str) -> str:
    """Return another code."""
    return f"{(int(code) + 1) % 10**6:06}"


def anonymous(seen: Seen, token: str) -> str:
    """Return a page without what differs by its address and time."""
    return re.sub(r"\s+", " ", seen.html.replace(token, "TOKEN"))


def test_a_party_comes_from_its_message_to_its_consent() -> None:
    """Link, code, case, yes: no account and no password."""
    party = invited()
    browser = party.site.browser()
    assert party.ask(browser).status == 200
    seen = party.enter(browser, party.codes[-1])
    assert (seen.status, seen.path) == (200, f"cases/{party.case_id}")
    assert f"/console/cases/{party.case_id}/consent" in seen.links
    asked = browser.open(f"cases/{party.case_id}/consent")
    assert "您的权利" in asked.text
    seen = browser.send(asked, given__bool="true", online__bool="true")
    assert "您的答复已经记下" in seen.text
    assert party.api.hub.cases.get(party.case_id).consents == {"a1", "r1"}


def test_the_session_is_of_that_case_and_party_only() -> None:
    """Another case of the same borrower is the same 404 as no case."""
    party = invited()
    other = file_case(party.api, "JC-2")
    browser = party.site.browser()
    party.ask(browser, party.token)
    first = next(each.link for each in party.api.hub.gateway.sent.values() if each.link)
    token = first.removeprefix(f"{BASE}/")
    party.site.later(seconds=61)
    party.api.hub.clock.advance(seconds=61)
    party.ask(browser, token)
    party.enter(browser, party.codes[-1], token)
    assert browser.open(f"cases/{party.case_id}").status == 200
    assert browser.open(f"cases/{other}").status == 404
    assert browser.open("cases/C-none").status == 404


def test_before_the_code_every_link_shows_the_same_pages() -> None:
    """A good link, one that never was, one that is over and one that was revoked can't be told apart."""
    party = invited()
    good, never = party.token, "a" * 24
    browser = party.site.browser()
    seen = [
        (anonymous(browser.open(f"p/{token}"), token), anonymous(party.ask(browser, token), token))
        for token in (good, never)
    ]
    party.api.hub.clock.advance(seconds=61)
    party.api.hub.memory.links_revoked[party.case_id, "r1"] = int(party.api.hub.clock.epoch())
    seen.append((anonymous(browser.open(f"p/{good}"), good), anonymous(party.ask(browser, good), good)))
    party.api.hub.memory.links_revoked.clear()
    party.api.hub.clock.advance(days=31)
    seen.append((anonymous(browser.open(f"p/{good}"), good), anonymous(party.ask(browser, good), good)))
    assert len(set(seen)) == 1
    assert len(party.codes) == 1
    assert party.case_id not in seen[0][0] + seen[0][1]


def test_who_comes_in_by_a_paper_acts_but_signs_only_once_another_person_has_checked_who_it_is() -> None:
    """Link and code from the centre's paper, typed by hand; who handed it over can't be who checks."""
    party = invited()
    api, case_id = party.api, party.case_id
    place = f"/v1/cases/{case_id}"
    paper = api.post(f"{place}/links", {"party_id": "r1"}, CENTRE, Idempotency_Key="paper").body
    browser = party.site.browser()
    assert browser.open(f"p/{paper['token'].upper()}/code").status == 200
    seen = party.enter(browser, paper["code"], paper["token"])
    assert (seen.status, seen.path) == (200, f"cases/{case_id}")
    asked = browser.open(f"cases/{case_id}/consent")
    assert "您的答复已经记下" in browser.send(asked, given__bool="true", online__bool="true").text
    # The paper's code opened once; nobody comes in by it again.
    again = party.enter(party.site.browser(), paper["code"], paper["token"])
    assert again.status == 422

    agrees(api.hub, case_id)
    sign = f"/console/cases/{case_id}/sign"
    check = {"party_id": "r1", "how": "in_person"}
    assert sign not in browser.open(f"cases/{case_id}").links
    assert browser.open(f"cases/{case_id}/sign").status == 409
    done(act(api, case_id, "identity-checks", check, CENTRE))
    assert sign not in browser.open(f"cases/{case_id}").links
    assert browser.open(f"cases/{case_id}/sign").status == 409
    assert api.hub.cases.get(case_id).signatures == frozenset()
    done(act(api, case_id, "identity-checks", check, MEDIATOR))
    assert sign in browser.open(f"cases/{case_id}").links
    assert browser.open(f"cases/{case_id}/sign").status == 200


@pytest.mark.parametrize(
    "case", ["wrong", "expired", "foreign", "replayed", "revoked", "too_many", "no_link"]
)
def test_whatever_is_wrong_has_one_refusal(case: str) -> None:
    """The page says what to do, and no session begins."""
    party = invited()
    browser, stranger = party.site.browser(), party.site.browser()
    token = party.token
    party.ask(browser, token)
    code = party.codes[-1]
    if case == "wrong":
        code = wrong(code)
    elif case == "expired":
        party.api.hub.clock.advance(minutes=11)
    elif case == "foreign":  # the code was sent for another of the person's links
        sent = [each.link for each in party.api.hub.gateway.sent.values() if each.link]
        token = sent[0].removeprefix(f"{BASE}/")
        assert token != party.token
    elif case == "replayed":
        assert party.enter(stranger, code, token).status == 200
    elif case == "revoked":
        party.api.hub.memory.links_revoked[party.case_id, "r1"] = int(party.api.hub.clock.epoch())
    elif case == "too_many":
        for _ in range(5):
            party.enter(browser, wrong(code), token)
    else:
        token = "b" * 24
    seen = party.enter(browser, code, token)
    assert seen.status == 422
    assert "session" not in browser.cookies
    reference = party.enter(browser, "x", "c" * 24)
    assert anonymous(seen, token) == anonymous(reference, "c" * 24)
    assert "请核对验证码，或者重新发一个" in seen.text


def test_a_form_from_another_site_is_refused() -> None:
    """Nobody else's page has codes sent, or signs a person in to a stranger's case."""
    party = invited()
    browser = party.site.browser()
    for place in (f"p/{party.token}/code", f"p/{party.token}"):
        seen = browser.request("POST", place, {"code": "1"}, Sec_Fetch_Site="cross-site")
        assert seen.status == 403
    assert party.codes == []


def test_a_link_sends_one_code_a_minute_and_ten_a_day() -> None:
    """More is not sent, and the page looks the same."""
    party = invited()
    browser = party.site.browser()
    first = party.ask(browser)
    again = party.ask(browser)
    assert anonymous(first, party.token) == anonymous(again, party.token)
    assert len(party.codes) == 1
    for _ in range(12):
        party.api.hub.clock.advance(seconds=61)
        party.ask(browser)
    assert len(party.codes) == 10


def test_the_centre_hands_over_a_sheet_and_revokes_links() -> None:
    """The sheet brings the party in once; the page shows who did what, and neither link nor code."""
    party = invited()
    centre = party.site.browser(CENTRE)
    assert f"/console/cases/{party.case_id}/links" in centre.open(f"cases/{party.case_id}").links
    page = centre.open(f"cases/{party.case_id}/links")
    sheet = centre.send(page, at=f"cases/{party.case_id}/links/paper", party_id="r1")
    token = re.search(r"/console/p/([a-z0-9]{24})", sheet.text)
    code = re.search(r"填上验证码： (\d{6})", sheet.text)
    assert token is not None
    assert code is not None
    assert sheet.headers["Cache-Control"] == "no-store"
    assert party.enter(party.site.browser(), code[1], token[1]).path == f"cases/{party.case_id}"
    assert party.enter(party.site.browser(), code[1], token[1]).status == 422
    page = centre.open(f"cases/{party.case_id}/links")
    assert "签发了纸质链接" in page.text
    assert token[1] not in page.html
    soon = centre.send(page, at=f"cases/{party.case_id}/links/paper", party_id="r1")
    assert soon.status == 429
    done = centre.send(page, at=f"cases/{party.case_id}/links/revoked", party_id="r1")
    assert "撤销了全部链接" in done.text
    assert party.site.browser(MEDIATOR).open(f"cases/{party.case_id}/links").status == 403


def test_who_came_in_is_shut_out_when_the_links_are_revoked() -> None:
    """A lost phone shows nothing more; who comes in by a new sheet afterwards stays in."""
    party = invited()
    lost, elsewhere = party.site.browser(), party.site.browser()
    party.ask(lost)
    party.enter(lost, party.codes[-1])
    centre = party.site.browser(CENTRE)
    page = centre.open(f"cases/{party.case_id}/links")
    centre.send(page, at=f"cases/{party.case_id}/links/revoked", party_id="r1")
    seen = lost.open(f"cases/{party.case_id}")
    assert seen.path == "sign-in"
    party.site.later(seconds=61)
    party.api.hub.clock.advance(seconds=61)
    sheet = centre.send(page, at=f"cases/{party.case_id}/links/paper", party_id="r1")
    token = re.search(r"/console/p/([a-z0-9]{24})", sheet.text)
    code = re.search(r"填上验证码： (\d{6})", sheet.text)
    assert token is not None
    assert code is not None
    assert party.enter(elsewhere, code[1], token[1]).path == f"cases/{party.case_id}"
    assert elsewhere.open(f"cases/{party.case_id}").status == 200


def test_no_log_line_holds_a_token(caplog: pytest.LogCaptureFixture) -> None:
    """The page's line has the address's pattern."""
    party = invited()
    browser = party.site.browser()
    with caplog.at_level("INFO"):
        party.ask(browser)
        party.enter(browser, party.codes[-1])
    told = [str(record.__dict__) for record in caplog.records]
    assert any("p/{token}" in line for line in told)
    assert not [line for line in told if party.token in line or party.codes[-1] in line]
