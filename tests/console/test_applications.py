"""Somebody without an account applies on its phone, the centre decides, and the bank's filing answers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pytest

from tests.console.test_party_pages import OFFICIALESE
from tests.support.bodies import NAME, PERSON_NUMBER, PHONE
from tests.support.browsing import Site
from tests.support.fakes import COURT_ID
from tests.support.fakes.samples import CENTRE, INSTITUTION, MEDIATOR

if TYPE_CHECKING:
    from tests.support.browsing import Browser, Seen

HOME: Final = f"apply/{COURT_ID}"
ANSWERS: Final = (
    {"name": NAME, "id_number": PERSON_NUMBER},
    {"lender": "海滨测试银行", "contract_number": "JC-2026-000123", "amount:money": "80,000"},
    {"asks:list": ["instalments", "more_time"], "monthly:money": "1500"},
    {"hardship": "harvest", "reason": "今年遭了灾，\n希望分期还。"},
)


class Applicant:
    """Somebody with a phone, in front of the public pages; every page that it sees is kept."""

    def __init__(self, language: str = "zh") -> None:
        self.site = Site()
        self.site.hub.quiet_hours = None
        self.site.now = self.site.hub.clock.now()
        self.browser: Browser = self.site.browser(None, language)
        self.seen: list[Seen] = []

    def keep(self, seen: Seen) -> Seen:
        """Remember a page."""
        self.seen.append(seen)
        return seen

    def come_in(self) -> Seen:
        """Show a code."""
        self.keep(self.browser.open(HOME))
        page = self.keep(self.browser.open(f"{HOME}/phone"))
        page = self.keep(self.browser.send(page, phone=PHONE))
        self.site.hub.run()
        code = self.site.hub.gateway.inbox(PHONE)[-1].values["code"]
        return self.keep(self.browser.send(page, code=f" {code} "))

    def answer(self, seen: Seen) -> Seen:
        """Answer every question; returns the page that shows the answers."""
        for answers in ANSWERS:
            seen = self.keep(self.browser.send(seen, do="next", **answers))
        return seen

    def apply(self) -> Seen:
        """Go the whole way."""
        check = self.answer(self.come_in())
        sent = self.keep(self.browser.send(check, do="send"))
        self.site.hub.run()
        return sent


def the_one(site: Site) -> str:
    """Return the id of the only application."""
    (application_id,) = site.hub.memory.applications
    return application_id


def test_m6_a_borrower_applies_on_its_phone_and_the_banks_filing_joins_it() -> None:
    """M1, M6: from the first page to the case, without an account and without JavaScript."""
    applicant = Applicant()
    sent = applicant.apply()
    assert (sent.status, sent.path) == (200, f"{HOME}/yours")
    assert "2026-000001" in sent.text
    site, application_id = applicant.site, the_one(applicant.site)
    centre = site.browser(CENTRE)
    assert "借款人的申请" in centre.open().text
    page = centre.open(f"applications/{application_id}")
    assert "张*" in page.text
    assert NAME not in page.text
    done = centre.send(page, at=f"applications/{application_id}/taking-up", institution_id="bank-1")
    assert (done.status, done.path) == (200, "applications")
    bank = site.browser(INSTITUTION)
    page = bank.open(f"applications/{application_id}")
    form = bank.send(page, at=f"applications/{application_id}/filing")
    assert (form.status, PERSON_NUMBER in form.html, NAME in form.html) == (200, True, True)
    filled = {
        "case_type": "financial_loan_contract",
        "instalment_scope": "whole",
        "online:bool": "true",
        "applicant.name": "海滨测试银行",
        "applicant.unified_social_credit_code": "91350100M000100Y43",
        "applicant.phone": "13900001234",
        "applicant.address": "测试路1号",
        "court_id": COURT_ID,
        "contract_number": "JC-2026-000123",
        "respondents.0.kind": "person",
        "respondents.0.name": NAME,
        "respondents.0.id_number": PERSON_NUMBER,
        "respondents.0.phone": PHONE,
        "respondents.0.address": "样例村8号",
        "claim.principal:money": "100000",
        "claim.interest:money": "7330.56",
        "claim.penalty_interest:money": "5830.21",
        "claim.compound_interest:money": "427.39",
        "claim.as_of": "2026-02-28",
    }
    filed = bank.send(form, at="file", **filled)
    assert filed.status == 200, filed.text
    site.hub.run()
    application, _ = site.hub.memory.applications[application_id]
    assert application.joined_by is not None
    assert site.hub.cases.get(application.joined_by).way_in == "own_application"
    assert "银行已经答复" in applicant.browser.open(f"{HOME}/yours").text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_public_pages_speak_plainly_and_ask_one_thing_a_page(language: str) -> None:
    """No word that no farmer says, a title of its own for each page, and no field without a label."""
    applicant = Applicant(language)
    applicant.apply()
    assert {seen.status for seen in applicant.seen} == {200}
    found = {word: seen.path for seen in applicant.seen for word in OFFICIALESE if word in seen.text}
    assert found == {}
    for seen in applicant.seen:
        labelled = set(re.findall(r'<label for="([^"]+)"', seen.html))
        inputs = re.findall(r'<(?:input|textarea|select) id="([^"]+)"', seen.html)
        assert set(inputs) <= labelled
    titles = [re.search(r"<h1>(.*?)</h1>", seen.html) for seen in applicant.seen]
    assert len({each[1] for each in titles if each}) == 9


def test_what_is_wrong_is_shown_on_the_page_of_its_question() -> None:
    """With what was typed, and a summary on top; nothing is stored."""
    applicant = Applicant()
    page = applicant.come_in()
    wrong = ({**ANSWERS[0], "id_number": "110105194912310021"}, *ANSWERS[1:])
    for answers in wrong:
        page = applicant.browser.send(page, do="next", **answers)
    refused = applicant.browser.send(page, do="send")
    assert refused.status == 422
    assert 'role="alert"' in refused.html
    assert 'href="#f-id_number"' in refused.html
    assert "110105194912310021" in refused.html
    again = refused
    for answers in ANSWERS:
        again = applicant.browser.send(again, do="next", **answers)
    assert applicant.browser.send(again, do="send").path == f"{HOME}/yours"
    assert len(applicant.site.hub.memory.applications) == 1


def test_a_form_sent_twice_makes_one_application() -> None:
    """The key in the form is the same."""
    applicant = Applicant()
    check = applicant.answer(applicant.come_in())
    for _ in range(2):
        assert applicant.browser.send(check, do="send").path == f"{HOME}/yours"
    assert len(applicant.site.hub.memory.applications) == 1


def test_back_keeps_what_was_answered() -> None:
    """Each page shows its own answer again."""
    applicant = Applicant()
    page = applicant.browser.send(applicant.come_in(), do="next", **ANSWERS[0])
    back = applicant.browser.send(page, do="back", lender="某行")
    assert f'value="{NAME}"' in back.html
    assert 'name="lender" value="某行"' in back.html


def test_a_wrong_code_and_a_landline_say_what_to_do() -> None:
    """Beside the field, or on top."""
    applicant = Applicant()
    page = applicant.browser.open(f"{HOME}/phone")
    landline = applicant.browser.send(page, phone="0593-2881234")
    assert (landline.status, 'role="alert"' in landline.html) == (409, True)
    page = applicant.browser.send(page, phone=PHONE)
    wrong = applicant.browser.send(page, code="000000")
    assert (wrong.status, 'role="alert"' in wrong.html) == (409, True)


def test_nothing_of_a_person_stands_in_an_address() -> None:
    """Phone, number and answers travel in forms and in a sealed cookie."""
    applicant = Applicant()
    applicant.apply()
    for seen in applicant.seen:
        assert not any(secret in seen.path for secret in (PHONE, NAME, PERSON_NUMBER))
    kept = applicant.browser.cookies["applying"]
    assert PHONE not in kept


def test_a_form_of_another_browser_or_without_its_token_is_refused() -> None:
    """Nobody applies in another's name by a link."""
    applicant = Applicant()
    check = applicant.answer(applicant.come_in())
    stranger = applicant.site.browser()
    assert stranger.send(check, do="send").status == 403
    assert applicant.browser.send(check, do="send", csrf="x").status == 403
    elsewhere = applicant.browser.request(
        "POST", f"{HOME}/form", {**check.hidden, "do": "send"}, Sec_Fetch_Site="cross-site"
    )
    assert elsewhere.status == 403
    assert applicant.site.hub.memory.applications == {}


def test_after_half_an_hour_a_code_is_shown_anew() -> None:
    """The page says so, and what was written in one's own words is not lost."""
    applicant = Applicant()
    check = applicant.answer(applicant.come_in())
    applicant.site.later(minutes=31)
    applicant.site.hub.clock.advance(minutes=31)
    over = applicant.browser.send(check, do="send")
    assert (over.status, "请重新验证手机" in over.text) == (403, True)
    assert applicant.browser.open(f"{HOME}/yours").path == f"{HOME}/phone"
    assert applicant.browser.open(f"{HOME}/form").path == f"{HOME}/phone"


def test_another_court_has_no_such_page() -> None:
    """What the hub does not serve is not found."""
    assert Site().browser().open("apply/court-none").status == 404


def test_an_applicant_takes_its_application_back() -> None:
    """By a button beside it."""
    applicant = Applicant()
    sent = applicant.apply()
    gone = applicant.browser.send(sent, at=f"{HOME}/withdrawal", application_id=the_one(applicant.site))
    assert (gone.status, "您已经撤回" in gone.text) == (200, True)
    assert "撤回</button>" not in gone.html


def test_the_centre_declines_and_the_applicant_reads_why() -> None:
    """A reason is needed, by code and in words."""
    applicant = Applicant()
    applicant.apply()
    place = f"applications/{the_one(applicant.site)}"
    centre = applicant.site.browser(CENTRE)
    wrong = centre.send(centre.open(place), at=f"{place}/declining", ground="not_enrolled", because="")
    assert (wrong.status, 'href="#f-because"' in wrong.html) == (422, True)
    words = {"ground": "not_enrolled", "because": "这家公司没有参加，请直接和它商量。"}
    done = centre.send(centre.open(place), at=f"{place}/declining", **words)
    assert done.path == "applications"
    assert words["because"] in applicant.browser.open(f"{HOME}/yours").text
    assert "不予受理" in centre.open("applications?shelf=ended").text


def test_the_counter_enters_one_and_looks_at_it() -> None:
    """A mediator has no such pages."""
    site = Site()
    centre = site.browser(CENTRE)
    page = centre.open("applications/new")
    typed = {"name": NAME, "id_number": PERSON_NUMBER, "phone": "0593-2881234", "lender": "某行"}
    wrong = centre.send(page, **typed)
    assert (wrong.status, 'href="#f-asks"' in wrong.html) == (422, True)
    done = centre.send(page, **typed, asks__list="other")
    assert done.path == "applications"
    place = f"applications/{the_one(site)}"
    looked = centre.send(centre.open(place), at=f"{place}/look", purpose="verify_identity")
    assert PERSON_NUMBER in looked.text
    gone = centre.send(centre.open(place), at=f"{place}/withdrawal")
    assert "已撤回" in gone.text
    assert site.browser(MEDIATOR).open("applications").status == 403
