"""Talks in writing on pages: who writes to whom, who has read it, who is rung."""

from __future__ import annotations

import pytest

from tests.support.browsing import Browser, Site
from tests.support.courses import in_mediation
from tests.support.fakes.samples import CENTRE, COURT, INSTITUTION, JUDGE, MEDIATOR, OPS, borrower
from tests.support.http import Api

TEXT = "请问可以分十二期还吗？"


class People:
    """Everybody of a case in mediation, each in front of its page of messages."""

    def __init__(self, language: str = "zh") -> None:
        self.api = Api()
        self.case_id = in_mediation(self.api)
        self.page = f"cases/{self.case_id}/messages"
        site = Site(hub=self.api.hub)
        self.borrower: Browser = site.browser(borrower(self.case_id), language)
        self.bank = site.browser(INSTITUTION, language)
        self.mediator = site.browser(MEDIATOR, language)
        self.centre = site.browser(CENTRE, language)
        self.others = [site.browser(each, language) for each in (JUDGE, COURT, OPS)]


@pytest.mark.parametrize(("language", "read"), [("zh", "已读：调解员"), ("en", "read by the mediator")])
def test_a_party_and_the_mediator_write_to_each_other(language: str, read: str) -> None:
    """The party is told who has read it; the bank's page does not have it."""
    people = People(language)
    seen = people.borrower.send(people.borrower.open(people.page), text=TEXT)
    assert TEXT in seen.text
    assert read not in seen.text
    asked = people.mediator.open(people.page)
    assert TEXT in asked.text
    people.mediator.send(asked, thread="r1", text="可以，我先问银行。")
    answered = people.borrower.open(people.page)
    assert "可以，我先问银行。" in answered.text
    assert read in answered.text
    assert TEXT not in people.bank.open(people.page).text
    assert TEXT in people.centre.open(people.page).text


def test_the_case_leads_to_its_messages_and_nobody_else_is_led_there() -> None:
    """Judges, courts and operators have no such page."""
    people = People()
    for browser in (people.borrower, people.bank, people.mediator, people.centre):
        assert f"/console/{people.page}" in browser.open(f"cases/{people.case_id}").links
    for browser in people.others:
        assert f"/console/{people.page}" not in browser.open(f"cases/{people.case_id}").links
        assert browser.open(people.page).status == 403


def test_the_mediator_opens_the_thread_of_all_parties_and_closes_it() -> None:
    """The parties may choose it only then."""
    people = People()
    assert "写给谁？" not in people.borrower.open(people.page).text
    asked = people.mediator.open(people.page)
    people.mediator.send(asked, at=f"{people.page}/joint", open__bool="true")
    people.borrower.send(people.borrower.open(people.page), thread="joint", text=TEXT)
    assert TEXT in people.bank.open(people.page).text
    people.mediator.send(asked, at=f"{people.page}/joint", open__bool="false")
    assert "写给谁？" not in people.borrower.open(people.page).text
    assert TEXT in people.bank.open(people.page).text


def test_the_centre_marks_who_has_to_be_rung() -> None:
    """Its list of calls then has the person, with what it is about; a parties' page shows no mark."""
    people = People()
    at = f"{people.page}/needs/r1"
    seen = people.centre.send(people.centre.open(people.page), at=at, need="dialect")
    assert "取消标注" in seen.text
    people.mediator.send(people.mediator.open(people.page), thread="r1", text=TEXT)
    people.api.hub.run()
    assert "有人给当事人留言，请代为转告" in people.centre.open("calls").text
    assert "需要讲方言" not in people.borrower.open(people.page).text
    seen = people.centre.send(people.centre.open(people.page), at=at)
    assert "取消标注" not in seen.text


def test_what_is_wrong_stands_beside_the_field() -> None:
    """What was typed stays; the mediator has to say to whom."""
    people = People()
    seen = people.borrower.send(people.borrower.open(people.page), text="")
    assert (seen.status, "#f-text" in seen.links) == (422, True)
    seen = people.mediator.send(people.mediator.open(people.page), text=TEXT)
    assert seen.status == 409
    assert TEXT in seen.html


def test_a_form_sent_twice_writes_once() -> None:
    """The page's key is the message's."""
    people = People()
    asked = people.borrower.open(people.page)
    people.borrower.send(asked, text=TEXT)
    seen = people.borrower.send(asked, text=TEXT)
    assert seen.text.count(TEXT) == 1
