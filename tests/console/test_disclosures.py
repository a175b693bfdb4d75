"""Disclosures by forms: the mediator tells, each side reads it and may agree to the mediator."""

from __future__ import annotations

from typing import Final

import pytest

from tests.console.test_hearing import leads
from tests.support.browsing import Site
from tests.support.courses import APPOINTMENT, act, done, file_case
from tests.support.fakes.samples import CENTRE, INSTITUTION, MEDIATOR, borrower
from tests.support.http import Api

TEXT: Final = "本人三年前在申请机构任职。"


@pytest.fixture
def api() -> Api:
    return Api()


@pytest.fixture
def site(api: Api) -> Site:
    return Site(hub=api.hub)


def appointed(api: Api) -> str:
    case_id = file_case(api)
    done(act(api, case_id, "assignment", APPOINTMENT, CENTRE))
    return case_id


@pytest.mark.parametrize("language", ["zh", "en"])
def test_both_sides_agree_to_a_mediator_who_has_told_its_relation(
    api: Api, site: Site, language: str
) -> None:
    """TY15: only then it may accept; each page shows what was told, and in which kind of relation."""
    case_id = appointed(api)
    mediator = site.browser(MEDIATOR, language)
    asked = mediator.open(f"cases/{case_id}/disclose")
    assert mediator.send(asked).status == 422
    assert mediator.send(asked, ground="institution_link", text=TEXT).status == 200
    assert not leads(mediator, case_id, "accept")
    for reader, page, typed in (
        (borrower(case_id), "waive", {}),
        (INSTITUTION, "bank-waive", {"party_id": "a1"}),
    ):
        browser = site.browser(reader, language)
        assert leads(browser, case_id, page)
        form = browser.open(f"cases/{case_id}/{page}")
        assert TEXT in form.text
        assert {"zh": "跟银行有关联", "en": "A link to the bank"}[language] in form.text
        assert browser.send(form, **typed).status == 200
        assert not leads(browser, case_id, page)
    (relation,) = api.hub.cases.get(case_id).disclosures
    assert relation.waived_by == {"a1", "r1"}
    assert leads(mediator, case_id, "accept")


def test_the_centre_tells_it_of_whom_it_might_appoint_and_records_what_a_party_says(
    api: Api, site: Site
) -> None:
    """A waiver at the counter waits for its second record; an earlier role is offered to nobody."""
    case_id = appointed(api)
    centre = site.browser(CENTRE)
    form = centre.open(f"cases/{case_id}/record-disclosure")
    assert centre.send(form, mediator_id="m-2", ground="earlier_role", text="曾任证人。").status == 200
    assert not leads(centre, case_id, "record-waiver")
    form = centre.open(f"cases/{case_id}/record-disclosure")
    assert centre.send(form, mediator_id="m-2", ground="other_relation", text=TEXT).status == 200
    seen = centre.send(centre.open(f"cases/{case_id}/record-waiver"), party_id="r1")
    assert seen.status == 200
    case = api.hub.cases.get(case_id)
    assert [each.action for each in case.pending] == ["waive_recusal"]
    assert {each.waived_by for each in case.disclosures} == {frozenset()}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_why_this_mediator_is_told_to_each_side_and_who_else_to_the_centre_only(
    api: Api, site: Site, language: str
) -> None:
    """OL10: the criteria with their values; of who was named there is nothing to explain."""
    case_id = file_case(api)
    centre = site.browser(CENTRE, language)
    shown = centre.open(f"cases/{case_id}/recommendations?area=x")
    assert (shown.status, "林和" in shown.text) == (200, True)
    done(act(api, case_id, "assignment", {"action": "appoint", "judge_id": "j-1"}, CENTRE))
    others = {"zh": "还推荐了", "en": "Also recommended"}[language]
    for reader in (CENTRE, INSTITUTION, borrower(case_id)):
        browser = site.browser(reader, language)
        assert leads(browser, case_id, "why")
        seen = browser.open(f"cases/{case_id}/why")
        assert {"zh": "手上", "en": "cases, has"}[language] in seen.text
        assert (others in seen.text) is (reader is CENTRE)
    named = appointed_anew(api)
    assert {"zh": "不是系统推荐", "en": "the hub did not"}[language] in centre.open(f"cases/{named}/why").text


def appointed_anew(api: Api) -> str:
    case_id = file_case(api, "JC-2")
    done(act(api, case_id, "assignment", APPOINTMENT, CENTRE))
    return case_id


def test_all_cases_of_a_mediator_go_to_others_after_a_dry_run(api: Api, site: Site) -> None:
    """The first answer changes nothing; without a ground it is said beside the field."""
    case_id = appointed(api)
    centre = site.browser(CENTRE)
    asked = centre.open("roster/m-1/reassign")
    assert 'value="move"' not in asked.html
    assert (centre.send(asked, do="try").status, api.hub.cases.get(case_id).mediator_id) == (422, "m-1")
    tried = centre.send(asked, do="try", ground="unable")
    assert ("可以更换1件" in tried.text, api.hub.cases.get(case_id).mediator_id) == (True, "m-1")
    moved = centre.send(tried, do="move", ground="unable")
    assert "已更换1件" in moved.text
    assert api.hub.cases.get(case_id).mediator_id != "m-1"
