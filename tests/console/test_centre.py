"""The centre's counter by clicks, and a bank's policy: what is typed becomes the API's entry, once."""

from __future__ import annotations

import pytest

from chalicelib.capabilities.calls.model import OVER, OWED
from chalicelib.console.views.centre import OFFICES
from chalicelib.console.views.policies import COMPONENTS
from chalicelib.console.wording import words
from chalicelib.domain.loan.components import Component
from chalicelib.domain.notices import NoticeKind, Outcome, call_for, notice_of
from tests.support.browsing import Browser, Site
from tests.support.courses import APPOINTMENT, act, done, file_case, in_mediation
from tests.support.deals import day
from tests.support.fakes.samples import BORROWER_DETAILS, CENTRE, INSTITUTION, MEDIATOR, borrower
from tests.support.http import Api

HOSTILE = '"><script>alert(1)</script>'
BANK = {
    "institution_id": "bank-new",
    "name": "样例农商行",
    "unified_social_credit_code": "91350100M000100Y43",
    "courts:list": "court-jc",
    "reason": "签订入驻协议",
}


@pytest.fixture
def api() -> Api:
    return Api()


@pytest.fixture
def site(api: Api) -> Site:
    return Site(hub=api.hub)


@pytest.fixture
def centre(site: Site) -> Browser:
    return site.browser(CENTRE)


def owed_calls(api: Api, number: int) -> list[str]:
    """File a case whose borrower no message reaches; return the calls' ids."""
    case_id = file_case(api)
    case = api.hub.cases.get(case_id)
    ids = []
    for sequence in range(20, 20 + number):
        notice = notice_of(case_id, sequence, "r1", NoticeKind.INVITED, {})
        api.hub.memory.owe(notice, api.hub.clock.now())
        call = call_for(notice, "r1", case.court_id, "调〔2026〕1号", api.hub.clock.now())
        api.hub.notices.ended(notice, {"r1": Outcome.NOT_REACHABLE}, (call,), api.hub.clock.now())
        ids.append(call.call_id)
    return ids


def test_the_day_shows_what_nobody_took_up_and_what_is_overdue(api: Api, centre: Browser) -> None:
    """Each figure is the count of a list; the chart has a table beside it."""
    untaken = file_case(api, "JC-1")
    waiting = file_case(api, "JC-2")
    done(act(api, waiting, "assignment", APPOINTMENT, CENTRE))
    taken = in_mediation(api, "JC-3")
    seen = centre.open("today")
    assert "尚未有人承办：2 件" in seen.text
    assert "已超过期限：0 件" in seen.text
    assert "共 3 件" in seen.text
    assert {f"/console/cases/{each}" in seen.links for each in (untaken, waiting)} == {True}
    assert f"/console/cases/{taken}" not in seen.links
    assert "/console/cases?stage=in_mediation" in seen.links
    assert "<svg" in seen.html
    assert " style=" not in seen.html
    api.hub.clock.advance(days=400)
    assert "已超过期限：3 件" in centre.open("today").text


def test_people_are_rung_and_leave_the_list(api: Api, centre: Browser) -> None:
    """The list holds no number; it leads to the contacts, where the look is on record."""
    first, second = owed_calls(api, 2)
    seen = centre.open("calls")
    assert "张*" in seen.text
    assert "邀请参加调解" in seen.text
    assert "13800001234" not in seen.html
    assert "已登记" in centre.send(seen, call_id=first).text
    left = api.get("/v1/calls", CENTRE).body["items"]
    assert [each["call_id"] for each in left] == [second]
    assert centre.send(seen, call_id="?").status == 422


def test_the_centre_reads_who_was_told_what_and_what_did_not_arrive(
    api: Api, site: Site, centre: Browser
) -> None:
    """Led to from the case, without text or number; others are led to no such page."""
    case_id = file_case(api)
    owed = notice_of(case_id, 30, "r1", NoticeKind.CONSENT_LAPSING, {"until": "2026-04-20"})
    missed = notice_of(case_id, 31, "r1", NoticeKind.OFFER_MADE, {"until": "2026-04-20"})
    for notice in (owed, missed):
        api.hub.memory.owe(notice, api.hub.clock.now())
    api.hub.notices.ended(missed, {"r1": Outcome.NOT_REACHABLE}, (), api.hub.clock.now())
    assert f"/console/cases/{case_id}/notices" in centre.open(f"cases/{case_id}").links
    seen = centre.open(f"cases/{case_id}/notices")
    assert seen.status == 200
    for shown in ("邀请参加调解 · 张*", "已发送", "待发送", "没有送到，需要打电话"):
        assert shown in seen.text, shown
    assert BORROWER_DETAILS.phone not in seen.html
    assert "It did not arrive: to be rung" in centre.open(f"cases/{case_id}/notices?lang=en").text
    for actor in (INSTITUTION, borrower(case_id)):
        assert f"/console/cases/{case_id}/notices" not in site.browser(actor).open(f"cases/{case_id}").links


@pytest.mark.parametrize("state", [OWED, OVER, *Outcome])
def test_what_came_of_a_message_has_words_in_both_languages(state: str) -> None:
    assert all(words()[f"told.state.{state}"])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_mediators_profile_is_edited_by_its_form(api: Api, site: Site, language: str) -> None:
    """M3, M13: trainings with their expiry, absences, limit and links; an empty line is none."""
    centre = site.browser(CENTRE, language)
    person = {"person_id": "m-2", "name": "陈睦", "role": "mediator", "state": "active", "reason": "完善名册"}
    typed = {
        "profile.organisation": "court_invited",
        "profile.qualifications:list": ["law"],
        "profile.expertise:list": ["financial_loan_contract", "credit_card"],
        "profile.areas.0": "蕉城",
        "profile.areas.1": "霞浦",
        "profile.institutions.0": "bank-1",
        "profile.limit:int": "7",
        "profile.credentials.0.kind": "annual_training",
        "profile.credentials.0.valid_until": "2026-12-31",
        "profile.absences.0.first": "2026-05-01",
        "profile.absences.0.last": "2026-05-03",
    }
    assert "profile.areas.0" not in centre.open("roster/new").html
    entry = centre.open("roster/m-2")
    assert centre.request("POST", "roster/m-2", {**entry.hidden, **person, **typed}).status in {200, 302, 303}
    profile = api.get("/v1/roster/m-2", CENTRE).body["profile"]
    assert profile == {
        "organisation": "court_invited",
        "qualifications": ["law"],
        "expertise": ["credit_card", "financial_loan_contract"],
        "areas": ["蕉城", "霞浦"],
        "languages": [],
        "institutions": ["bank-1"],
        "limit": 7,
        "credentials": [{"kind": "annual_training", "valid_until": "2026-12-31"}],
        "absences": [{"first": "2026-05-01", "last": "2026-05-03"}],
    }
    again = centre.open("roster/m-2").html
    for shown in ('name="profile.areas.1" type="text" value="霞浦"', 'name="profile.areas.2"', "2026-12-31"):
        assert shown in again
    assert "profile.areas.3" not in again
    listed = centre.open("roster").text
    assert {"zh": "年度培训", "en": "Yearly training"}[language] in listed
    bad = {**typed, "profile.credentials.0.valid_until": "", "profile.absences.0.last": ""}
    wrong = centre.request("POST", "roster/m-2", {**centre.open("roster/m-2").hidden, **person, **bad})
    assert (wrong.status, "#f-profile-credentials-0-valid_until" in wrong.links) == (422, True)


def test_somebody_is_entered_on_the_roster_and_changed(api: Api, centre: Browser) -> None:
    asked = centre.open("roster/new")
    person = {"person_id": "m-9", "name": HOSTILE, "role": "mediator", "state": "active", "reason": "新聘"}
    bad = centre.send(asked, **{**person, "reason": ""})
    assert (bad.status, "#f-reason" in bad.links, "m-9" in bad.html) == (422, True, True)
    assert "名册已更新" in centre.send(asked, **person).text
    assert "<script>" not in centre.open("roster").html
    entry = centre.open("roster/m-9")
    assert (entry.hidden["version"], 'value="mediator" checked' in entry.html) == ("1", True)
    centre.send(entry, **{**person, "name": "林新", "state": "suspended"})
    assert api.get("/v1/roster/m-9", CENTRE).body["state"] == "suspended"
    stale = centre.send(entry, **{**person, "name": "林旧"})
    assert (stale.status, 'value="林旧"' in stale.html) == (412, True)


def test_an_institution_is_enrolled_and_suspended(api: Api, centre: Browser) -> None:
    """An account is added by a button; what is stored stays when one thing changes."""
    asked = centre.open("institutions/new")
    seen = centre.send(asked, **BANK, do="accounts")
    assert 'name="accounts.0.number"' in seen.html
    assert 'value="样例农商行"' in seen.html
    unknown = centre.send(seen, **{**BANK, "courts:list": "nowhere"})
    assert (unknown.status, "#f-courts" in unknown.links) == (422, True)
    account = {
        "accounts.0.holder": "样例农商行",
        "accounts.0.number": "6217000000000000004",
        "accounts.0.bank": "测试支行",
    }
    bad = centre.send(seen, **BANK, **{**account, "accounts.0.number": "x"})
    assert (bad.status, "#f-accounts-0-number" in bad.links) == (422, True)
    assert "已登记" in centre.send(seen, **BANK, **account).text
    entry = centre.open("institutions/bank-new")
    assert entry.hidden["version"] == "1"
    assert 'value="6217000000000000004"' in entry.html
    assert 'value="active" checked' in entry.html
    again = {**BANK, **account, "state": "suspended", "reason": "暂停"}
    assert centre.send(entry, **again).status == 200
    stored = api.get("/v1/institutions/bank-new", CENTRE).body
    assert (stored["state"], len(stored["accounts"])) == ("suspended", 1)


def test_lists_go_on_page_by_page(api: Api, centre: Browser) -> None:
    for number in range(60):
        body = {"person_id": f"x-{number:02}", "name": "林", "role": "mediator", "reason": "新聘"}
        assert api.post("/v1/roster", body, CENTRE, If_Match='"0"').status == 201
    first = centre.open("roster")
    (following,) = [link for link in first.links if "cursor=" in link]
    assert "/console/roster/x-59" in centre.open(centre.inside(following) or "").links
    assert 400 <= centre.open("roster?cursor=x").status < 500


@pytest.mark.parametrize("path", ["today", "calls", "roster", "institutions", "roster/new", "roster/m-1"])
def test_the_counter_is_the_centres(site: Site, path: str) -> None:
    """A bank's clerk is not led there, and gets nothing there."""
    clerk = site.browser(INSTITUTION)
    assert f"/console/{path}" not in clerk.open().links
    if not path.endswith("new"):
        assert clerk.open(path).status in {403, 404}


def test_nobody_of_that_id_is_no_page(centre: Browser) -> None:
    assert centre.open("roster/nobody").status == 404
    assert centre.open("institutions/nobody").status == 404


def test_a_bank_tries_its_policy_out(site: Site) -> None:
    clerk = site.browser(INSTITUTION)
    asked = clerk.open("policy")
    debt = {"owed.principal:money": "100,000", "owed.penalty_interest:money": "5,830.21"}
    form = {"tier": "lump_sum", "repayment": "lump_sum", "days:int": "10", "payments:int": "1", **debt}
    assert "5,830.21 元" in clerk.send(asked, **form).text
    bad = clerk.send(asked, **{**form, "days:int": "x"})
    assert (bad.status, "#f-days" in bad.links, 'value="100,000"' in bad.html) == (422, True, True)


def test_a_bank_publishes_the_next_version(api: Api, site: Site) -> None:
    """The form begins with the version in force; a tier is added by a button; twice is once."""
    clerk = site.browser(INSTITUTION)
    asked = clerk.open("policy/new")
    assert 'name="tiers.1.name"' in asked.html
    tier: dict[str, str] = {"tiers.0.name": "spring", "tiers.0.repayment": "lump_sum"}
    tier |= {f"tiers.0.waivers.{number}.percent": "0" for number in range(len(COMPONENTS))}
    tier |= {f"tiers.1.{name.partition('tiers.0.')[2]}": value for name, value in tier.items()}
    tier |= {"tiers.1.name": "summer", "tiers.0.waivers.2.percent": "100", "valid_from": day(api, 1)}
    more = clerk.send(asked, **tier, do="tiers")
    assert ('name="tiers.2.name"' in more.html, 'value="spring"' in more.html) == (True, True)
    bad = clerk.send(asked, **{**tier, "tiers.0.waivers.2.percent": "101"})
    assert (bad.status, "#f-tiers-0-waivers-2-percent" in bad.links) == (422, True)
    for _ in range(2):
        assert "新版本已发布" in clerk.send(asked, **tier).text
    book = api.get("/v1/institutions/bank-1/concession-policy", INSTITUTION).body
    assert book["latest_version"] == 2
    (waiver,) = [each for each in book["versions"][-1]["tiers"][0]["waivers"] if each["percent"] != "0"]
    assert (waiver["component"], waiver["percent"]) == ("penalty_interest", "100")


def test_a_policy_is_the_banks(site: Site) -> None:
    assert "/console/policy" not in site.browser(MEDIATOR).open().links


def test_every_office_and_component_is_offered() -> None:
    assert set(COMPONENTS) == set(Component)
    assert OFFICES == ("mediator", "centre", "judge")
