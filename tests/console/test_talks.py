"""The mediator's pages: what is said in person becomes the API's act; what talks need is shown as text."""

from __future__ import annotations

import pytest

from chalicelib.capabilities.contacts.model import Purpose
from chalicelib.console.views.talks import PURPOSES
from chalicelib.domain.notices import NoticeKind
from tests.support.bodies import filing
from tests.support.browsing import Browser, Site
from tests.support.courses import APPOINTMENT, act, done, file_case, in_mediation
from tests.support.deals import accepted, day, offers, settled
from tests.support.fakes.samples import BORROWER_DETAILS, CENTRE, DATA_PROTECTION, INSTITUTION, MEDIATOR
from tests.support.http import Api

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def api() -> Api:
    return Api()


@pytest.fixture
def site(api: Api) -> Site:
    return Site(hub=api.hub)


def code_on_the_phone(api: Api, browser: Browser, case_id: str) -> str:
    """Have a code sent by the page, and read it on the borrower's phone."""
    seen = browser.send(browser.open(f"cases/{case_id}/codes"), party_id="r1")
    assert "验证码已发送" in seen.text
    api.hub.run()
    sent = api.hub.gateway.inbox(BORROWER_DETAILS.phone)
    return [each for each in sent if each.kind is NoticeKind.SIGNING_CODE][-1].values["code"]


def recorded(api: Api, browser: Browser, path: str, **typed: str) -> None:
    """Record an act in the borrower's name, then once more with its code."""
    case_id = path.split("/")[1]
    first = browser.send(browser.open(path), party_id="r1", **typed)
    assert (first.status, len(api.hub.cases.get(case_id).pending)) == (200, 1), first.text
    code = code_on_the_phone(api, browser, case_id)
    second = browser.send(browser.open(path), party_id="r1", code=code, **typed)
    assert (second.status, api.hub.cases.get(case_id).pending) == (200, ()), second.text
    api.hub.run()


def test_a_consent_given_in_person_counts_with_the_code(api: Api, site: Site) -> None:
    case_id = file_case(api)
    done(act(api, case_id, "assignment", APPOINTMENT, CENTRE))
    done(act(api, case_id, "assignment", {"action": "accept"}, MEDIATOR))
    recorded(api, site.browser(MEDIATOR), f"cases/{case_id}/record-consent", online__bool="true")
    assert api.hub.cases.get(case_id).stage == "in_mediation"


def test_a_refusal_in_person_counts_with_a_second_record_of_the_centre(api: Api, site: Site) -> None:
    case_id = file_case(api)
    done(act(api, case_id, "assignment", APPOINTMENT, CENTRE))
    done(act(api, case_id, "assignment", {"action": "accept"}, MEDIATOR))
    for actor in (MEDIATOR, CENTRE):
        browser = site.browser(actor)
        browser.send(browser.open(f"cases/{case_id}/record-refusal"), party_id="r1")
        api.hub.run()
    assert api.hub.cases.get(case_id).failure == "party_refuses"


def test_an_offer_in_person_asks_first_how_it_is_paid(api: Api, site: Site) -> None:
    """Then for the tier and the day; each tier shows what it gives."""
    case_id = in_mediation(api)
    browser = site.browser(MEDIATOR)
    path = f"cases/{case_id}/record-offer"
    first = browser.open(path)
    assert "?kind=lump_sum" in first.links
    assert "107,330.56 元" in first.text
    asked = browser.open(f"{path}?kind=lump_sum")
    typed = {"tier": "lump_sum", "schedule.by": day(api, 10), "valid_days:int": "3", "party_id": "r1"}
    seen = browser.send(asked, **{**typed, "schedule.by": ""})
    assert (seen.status, "#f-schedule-by" in seen.links) == (422, True)
    assert 'value="lump_sum" checked' in seen.html
    browser.send(asked, **typed)
    assert api.hub.cases.get(case_id).pending[0].action == "offer"


def test_monthly_payments_and_a_plan_of_ones_own_are_offered(api: Api, site: Site) -> None:
    browser = site.browser(MEDIATOR)
    monthly = in_mediation(api)
    asked = browser.open(f"cases/{monthly}/record-offer?kind=equal_principal")
    typed = {
        "tier": "instalments",
        "schedule.count:int": "6",
        "schedule.year:int": "2026",
        "schedule.month:int": "4",
        "schedule.day:int": "20",
        "valid_days:int": "3",
        "party_id": "r1",
    }
    assert browser.send(asked, **typed).status == 200
    own = in_mediation(api, "JC-2")
    asked = browser.open(f"cases/{own}/record-offer?kind=custom")
    typed = {
        "tier": "instalments",
        "schedule.parts.0.on": day(api, 20),
        "schedule.parts.0.amount:money": "60,000",
        "schedule.parts.1.on": day(api, 40),
        "schedule.parts.1.amount:money": "50,459.35元",
        "valid_days:int": "3",
        "party_id": "r1",
    }
    seen = browser.send(asked, **typed)
    assert seen.status == 200, seen.text


def test_an_offer_is_accepted_in_person(api: Api, site: Site) -> None:
    case_id = in_mediation(api)
    done(offers(api, case_id))
    recorded(api, site.browser(MEDIATOR), f"cases/{case_id}/record-acceptance", number="1")
    assert "已接受" in site.browser(MEDIATOR).open(f"cases/{case_id}/settlement").text


def test_an_offer_that_is_not_chosen_is_told(api: Api, site: Site) -> None:
    case_id = in_mediation(api)
    done(offers(api, case_id))
    browser = site.browser(MEDIATOR)
    seen = browser.send(browser.open(f"cases/{case_id}/record-decline"), party_id="r1")
    assert (seen.status, "#f-number" in seen.links) == (422, True)
    assert api.hub.cases.get(case_id).pending == ()


def test_the_agreement_is_drawn_up_read_and_signed(api: Api, site: Site) -> None:
    """What is signed is what the page showed, amounts in capitals."""
    case_id = accepted(api)
    browser = site.browser(MEDIATOR)
    asked = browser.open(f"cases/{case_id}/settle")
    typed = {
        "account.holder": "海滨测试银行",
        "account.number": "6217000000000000004",
        "account.bank": "测试支行",
        "confirmation_wanted:bool": "true",
        "default_clause.grace_days:int": "3",
        "default_clause.clawback:bool": "true",
        "default_clause.acceleration:bool": "true",
    }
    seen = browser.send(asked, **{**typed, "account.bank": ""})
    assert (seen.status, "#f-account-bank" in seen.links) == (422, True)
    assert 'value="海滨测试银行"' in seen.html
    assert "协议已起草" in browser.send(asked, **typed).text
    api.hub.run()
    assert "壹拾万柒仟叁佰叁拾元伍角陆分" in browser.open(f"cases/{case_id}/record-signature").text
    recorded(api, browser, f"cases/{case_id}/record-signature")
    assert "r1" in api.hub.cases.get(case_id).signatures


def test_a_refusal_to_sign_is_recorded(api: Api, site: Site) -> None:
    case_id = settled(api)
    recorded(api, site.browser(MEDIATOR), f"cases/{case_id}/record-signing-refusal")
    assert api.hub.cases.get(case_id).failure == "refuses_to_sign"


def test_a_note_is_kept_once_and_shown_as_text(api: Api, site: Site) -> None:
    case_id = in_mediation(api)
    browser = site.browser(MEDIATOR)
    asked = browser.open(f"cases/{case_id}/notes")
    form = {**asked.hidden, "text": HOSTILE, "shared:bool": "true"}
    for _ in range(2):
        assert browser.request("POST", asked.path, form).status == 303
    seen = browser.open(asked.path)
    assert seen.html.count("&lt;script&gt;") == 1
    assert HOSTILE not in seen.html
    seen = browser.send(asked, text="", **{"shared:bool": "true"})
    assert (seen.status, "#f-text" in seen.links) == (422, True)
    assert 'value="true" checked' in seen.html


def test_contacts_are_shown_for_a_purpose_only(api: Api, site: Site) -> None:
    """The look is on record; a hostile name is text."""
    body = filing(contract_number="JC-9")
    body["respondents"][0]["name"] = HOSTILE
    case_id = api.post("/v1/filings", body, INSTITUTION, Idempotency_Key="k").body["case_id"]
    api.hub.run()
    browser = site.browser(CENTRE)
    asked = browser.open(f"cases/{case_id}/contacts")
    seen = browser.send(asked, purpose="")
    assert (seen.status, "#f-purpose" in seen.links) == (422, True)
    assert "&lt;script&gt;" not in seen.html
    seen = browser.send(asked, purpose="serve_papers")
    assert (seen.status, "&lt;script&gt;" in seen.html, HOSTILE in seen.html) == (200, True, False)
    looks = api.get(f"/v1/cases/{case_id}/contact-looks", DATA_PROTECTION).body["items"]
    assert [each["purpose"] for each in looks] == ["serve_papers"]


def test_a_statement_that_there_is_none_of_says_so(api: Api, site: Site) -> None:
    case_id = in_mediation(api)
    assert "没有明细" in site.browser(MEDIATOR).open(f"cases/{case_id}/statement").text


@pytest.mark.parametrize("page", ["statement", "settlement", "contacts", "notes", "codes", "record-offer"])
def test_anothers_case_is_the_same_404_as_no_case(api: Api, site: Site, page: str) -> None:
    case_id = file_case(api)
    browser = site.browser(MEDIATOR)
    mine, none = (browser.open(f"cases/{each}/{page}") for each in (case_id, "no-such-case"))
    assert (mine.status, none.status) == (404, 404)
    assert mine.title == none.title


def test_every_purpose_of_the_api_is_offered() -> None:
    assert set(PURPOSES) == set(Purpose)
