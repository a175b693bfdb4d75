"""The judge's room on pages, and the party that lets the judge see the draft."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.support import settling
from tests.support.browsing import Browser, Site
from tests.support.courses import in_mediation
from tests.support.fakes.samples import (
    BORROWER_DETAILS,
    CENTRE,
    COURT,
    INSTITUTION,
    JUDGE,
    MEDIATOR,
    borrower,
)
from tests.support.http import Api

QUESTION = "保证期间届满后，保证人自愿还款的，能否反悔？"


class People:
    """Mediator, judge and parties of a case in mediation."""

    def __init__(self, language: str = "zh") -> None:
        self.api = Api()
        self.case_id = in_mediation(self.api)
        self.case = f"cases/{self.case_id}"
        self.page = f"{self.case}/guidance"
        self.site = Site(hub=self.api.hub)
        self.judge: Browser = self.site.browser(JUDGE, language)
        self.mediator = self.site.browser(MEDIATOR, language)
        self.borrower = self.site.browser(borrower(self.case_id), language)
        self.bank = self.site.browser(INSTITUTION, language)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_m15_a_judge_comes_from_the_start_page_to_a_question_and_advises(language: str) -> None:
    """The mediator reads the advice on the same page; the list is empty then."""
    people = People(language)
    people.mediator.send(people.mediator.open(people.page), text=QUESTION)
    assert "/console/questions" in people.judge.open().links
    listed = people.judge.open("questions")
    assert f"/console/{people.page}" in listed.links
    asked = people.judge.open(people.page)
    assert QUESTION in asked.text
    people.judge.send(asked, text="不能反悔。")
    assert "不能反悔。" in people.mediator.open(people.page).text
    assert f"/console/{people.page}" not in people.judge.open("questions").links


@pytest.mark.parametrize(
    ("language", "found"), [("zh", "内容中有：电话号码"), ("en", "holds: a phone number")]
)
def test_a_text_that_names_a_party_says_what_was_found(language: str, found: str) -> None:
    """And keeps what was typed."""
    people = People(language)
    text = f"{BORROWER_DETAILS.phone} 能否反悔？"
    seen = people.mediator.send(people.mediator.open(people.page), text=text)
    assert seen.status == 422
    assert found in seen.text
    assert text in seen.html


def test_nobody_else_has_the_pages() -> None:
    """Neither parties nor the centre nor the court are led there."""
    people = People()
    for actor in (INSTITUTION, borrower(people.case_id), CENTRE, COURT):
        browser = people.site.browser(actor)
        assert f"/console/{people.page}" not in browser.open(people.case).links
        for page in (people.page, "questions", f"{people.page}/draft"):
            assert browser.open(page).status == 403


def test_the_judge_opens_the_draft_once_both_sides_agree() -> None:
    """Each by its own page, which is there as soon as the agreement is drawn up; both can take it back."""
    people = People()
    draft = f"{people.case}/draft"
    for party in (people.borrower, people.bank):
        assert f"/console/{draft}" not in party.open(people.case).links
        assert "现在没有协议草案。" in party.open(draft).text
    settling.agrees(people.api.hub, people.case_id)
    assert "没有可以查看的草案。" in people.judge.open(people.page).text
    for party in (people.borrower, people.bank):
        assert f"/console/{draft}" in party.open(people.case).links
        assert "您已经同意。" in party.send(party.open(draft)).text
    seen = people.judge.open(people.page)
    assert f"/console/{people.page}/draft" in seen.links
    paper = people.judge.request("GET", f"{people.page}/draft")
    assert (paper.status, paper.headers["Content-Type"]) == (200, "application/pdf")
    assert "法官看过草案。" in people.mediator.open(people.page).text
    assert "您还没有同意。" in people.borrower.send(people.borrower.open(draft)).text
    assert "尚未同意" in people.mediator.open(people.page).text
    assert people.judge.request("GET", f"{people.page}/draft").status == 409


def test_the_centre_replaces_the_judge_by_form() -> None:
    """The new one has the question on its list."""
    people = People()
    people.mediator.send(people.mediator.open(people.page), text=QUESTION)
    centre = people.site.browser(CENTRE)
    asked = centre.open(f"{people.case}/replace-judge")
    assert "周明" in asked.text
    assert "已更换。" in centre.send(asked, judge_id="j-2", ground="conflict").text
    other = people.site.browser(replace(JUDGE, subject="j-2", judge_id="j-2"))
    assert f"/console/{people.page}" in other.open("questions").links
    assert f"/console/{people.page}" not in people.judge.open("questions").links
