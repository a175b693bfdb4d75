"""The one mechanism of forms: what is wrong stands beside its field, what was typed stays, twice is once."""

from __future__ import annotations

import re

import pytest

from tests.support.browsing import Site
from tests.support.courses import APPOINTMENT, act, done, file_case, in_mediation
from tests.support.fakes.samples import CENTRE, MEDIATOR, borrower
from tests.support.http import Api


@pytest.fixture
def api() -> Api:
    return Api()


@pytest.fixture
def site(api: Api) -> Site:
    return Site(hub=api.hub)


def test_what_is_missing_is_said_beside_its_field_and_on_top(api: Api, site: Site) -> None:
    """The summary leads to the field, the field names its fault, the title begins with the word."""
    case_id = file_case(api)
    browser = site.browser(CENTRE)
    seen = browser.send(browser.open(f"cases/{case_id}/appoint"), mediator_id="m-1", judge_id="")
    assert (seen.status, seen.title) == (422, "错误：指派调解员 – 解纷枢纽")
    assert "#f-judge_id" in seen.links
    assert "#f-mediator_id" not in seen.links
    assert "指导法官：请填写或者选择" in seen.text
    (field,) = re.findall(r'<select id="f-judge_id"[^>]*>', seen.html)
    assert 'aria-describedby=" f-judge_id-fault"' in field
    assert 'aria-invalid="true"' in field
    assert 'id="f-judge_id-fault"' in seen.html


def test_what_was_chosen_stays(api: Api, site: Site) -> None:
    case_id = file_case(api)
    browser = site.browser(CENTRE)
    seen = browser.send(browser.open(f"cases/{case_id}/appoint"), mediator_id="m-1", judge_id="")
    assert re.search(r'<option value="m-1" selected>', seen.html)
    assert api.hub.cases.get(case_id).mediator_id is None


def test_a_refusal_of_the_roster_stands_beside_the_field(api: Api, site: Site) -> None:
    """In the API's words, for they are for people."""
    case_id = file_case(api)
    browser = site.browser(CENTRE, "en")
    seen = browser.send(browser.open(f"cases/{case_id}/appoint"), mediator_id="m-unknown", judge_id="j-1")
    assert seen.status in {409, 422}
    assert "#f-mediator_id" in seen.links
    assert api.hub.cases.get(case_id).mediator_id is None


def test_a_form_sent_twice_is_done_once_and_answered_alike(api: Api, site: Site) -> None:
    """A double click, or a lost answer."""
    case_id = file_case(api)
    browser = site.browser(CENTRE)
    asked = browser.open(f"cases/{case_id}/appoint")
    form = {**asked.hidden, "mediator_id": "m-1", "judge_id": "j-1"}
    first, second = (browser.request("POST", asked.path, form) for _ in range(2))
    assert (first.status, first.headers["Location"]) == (second.status, second.headers["Location"])
    assert first.headers["Location"] == f"/console/cases/{case_id}?done=appoint"
    events = [event.type for event in api.hub.cases.events(case_id, 0, 100)]
    assert events.count("mediator_appointed") == 1  # type: ignore[arg-type, comparison-overlap, unused-ignore]


def test_a_declined_appointment_sent_twice_leads_home_both_times(api: Api, site: Site) -> None:
    """The mediator sees the case no more, and is told so."""
    case_id = file_case(api)
    done(act(api, case_id, "assignment", APPOINTMENT, CENTRE))
    browser = site.browser(MEDIATOR)
    asked = browser.open(f"cases/{case_id}/decline")
    form = {**asked.hidden, "reason": "workload"}
    answers = [browser.request("POST", asked.path, form) for _ in range(2)]
    assert [each.headers["Location"] for each in answers] == ["/console?done=decline"] * 2
    assert "已谢绝" in browser.open("?done=decline").text
    assert browser.open(f"cases/{case_id}").status == 404


def test_somebody_who_changed_the_case_meanwhile_is_told_of_and_what_was_typed_stays(
    api: Api, site: Site
) -> None:
    """Sent once more, on the case as it is now, it is taken."""
    case_id = in_mediation(api)
    browser = site.browser(MEDIATOR)
    asked = browser.open(f"cases/{case_id}/fail")
    done(act(api, case_id, "extension", {"side": "applicant", "days": 5}))
    seen = browser.send(asked, reason="differences_too_large")
    assert (seen.status, seen.title) == (412, "错误：结束调解（没有达成） – 解纷枢纽")
    assert "有人刚刚更新了这个案件" in seen.text
    assert re.search(r'value="differences_too_large" checked', seen.html)
    assert api.hub.cases.get(case_id).stage == "in_mediation"
    again = browser.send(seen, reason="differences_too_large")
    assert (again.status, api.hub.cases.get(case_id).failure) == (200, "differences_too_large")


def test_an_act_that_is_no_longer_possible_says_so(api: Api, site: Site) -> None:
    """Somebody was quicker."""
    case_id = file_case(api)
    browser, other = site.browser(CENTRE), site.browser(CENTRE)
    asked = browser.open(f"cases/{case_id}/appoint")
    other.send(other.open(asked.path), mediator_id="m-1", judge_id="j-1")
    seen = browser.send(asked, mediator_id="m-2", judge_id="j-1")
    assert (seen.status, "案件已有变化" in seen.text) == (409, True)
    assert browser.open(asked.path).status == 409


@pytest.mark.parametrize("version", ["", "x", "-1", "99999999999999999999", "²"])
def test_a_version_that_no_page_showed_is_an_old_one(api: Api, site: Site, version: str) -> None:
    case_id = file_case(api)
    browser = site.browser(CENTRE)
    asked = browser.open(f"cases/{case_id}/appoint")
    seen = browser.send(asked, version=version, mediator_id="m-1", judge_id="j-1")
    assert (seen.status, api.hub.cases.get(case_id).mediator_id) == (412, None)


def test_an_act_that_is_not_ones_own_is_no_page(api: Api, site: Site) -> None:
    """The centre can't accept in the mediator's place, by no address and no form."""
    case_id = file_case(api)
    done(act(api, case_id, "assignment", APPOINTMENT, CENTRE))
    browser = site.browser(CENTRE)
    assert browser.open(f"cases/{case_id}/accept").status == 409
    token = browser.open(f"cases/{case_id}").html.partition('name="csrf" value="')[2].partition('"')[0]
    form = {"csrf": token, "version": str(api.hub.cases.get(case_id).version)}
    seen = browser.request("POST", f"cases/{case_id}/accept", form)
    assert (seen.status, api.hub.cases.get(case_id).accepted_at) == (403, None)


def test_what_is_fixed_can_not_be_typed_over(api: Api, site: Site) -> None:
    """A form of the decline accepts nothing, whatever was added to it."""
    case_id = file_case(api)
    done(act(api, case_id, "assignment", APPOINTMENT, CENTRE))
    browser = site.browser(MEDIATOR)
    browser.send(browser.open(f"cases/{case_id}/decline"), action="accept", reason="workload")
    assert api.hub.cases.get(case_id).accepted_at is None


def test_a_field_that_no_form_has_is_told_in_the_summary(api: Api, site: Site) -> None:
    case_id = file_case(api)
    browser = site.browser(CENTRE)
    asked = browser.open(f"cases/{case_id}/appoint")
    seen = browser.send(asked, mediator_id="m-1", judge_id="j-1", surprise="x")
    assert (seen.status, "表单有误" in seen.text) == (422, True)


def test_a_mediator_ends_the_mediation_with_a_reason(api: Api, site: Site) -> None:
    """Without one the page says so; what only the hub records is not offered."""
    case_id = in_mediation(api)
    browser = site.browser(MEDIATOR)
    asked = browser.open(f"cases/{case_id}/fail")
    assert 'value="time_limit"' not in asked.html
    assert browser.send(asked).status == 422
    assert "调解已结束" in browser.send(asked, reason="party_unreachable").text
    assert api.hub.cases.get(case_id).failure == "party_unreachable"


def test_a_borrower_extends_for_itself_and_a_mediator_records_it_in_person(api: Api, site: Site) -> None:
    """The party's form asks for the days; the mediator's also in whose name, and awaits a second record."""
    case_id = in_mediation(api)
    own = site.browser(borrower(case_id))
    asked = own.open(f"cases/{case_id}/extend")
    assert "party_id" not in asked.html
    own.send(asked, days__int="5")
    extension = api.hub.cases.get(case_id).extension
    assert extension is not None
    assert (extension.days, extension.side) == (5, "respondent")
    other = in_mediation(api, "JC-2")
    mediator = site.browser(MEDIATOR)
    seen = mediator.send(mediator.open(f"cases/{other}/extend"), party_id="r1", days__int="7")
    assert "等待复核" in seen.text
    (pending,) = api.hub.cases.get(other).pending
    assert (pending.action, pending.party_id) == ("extend", "r1")


@pytest.mark.parametrize("days", ["", "x", "0", "-1", "1.5", "400", "１２", "99999999999999999999"])
def test_a_number_that_is_none_is_told_beside_the_field(api: Api, site: Site, days: str) -> None:
    case_id = in_mediation(api)
    browser = site.browser(borrower(case_id))
    seen = browser.send(browser.open(f"cases/{case_id}/extend"), days__int=days)
    assert (seen.status, "#f-days" in seen.links) == (422, True)
    assert f'name="days:int" type="text" value="{days}"' in seen.html


def test_a_party_finds_its_case_on_its_start_page(api: Api, site: Site) -> None:
    case_id = in_mediation(api)
    assert f"/console/cases/{case_id}" in site.browser(borrower(case_id)).open().links
