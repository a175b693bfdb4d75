"""The bank's clerk by forms: filing, lists, search, and its acts from the offer to the last payment."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.domain.notices import NoticeKind
from chalicelib.domain.stages import Stage
from tests.console.test_submitting import flat
from tests.support.bodies import OTHER_NUMBER, PERSON_NUMBER, filing
from tests.support.browsing import Browser, Seen, Site
from tests.support.courses import act, done, file_case, in_mediation
from tests.support.deals import day, in_force, offers, pays, settled
from tests.support.fakes.samples import BANK_DETAILS, CENTRE, INSTITUTION, MEDIATOR, borrower
from tests.support.http import Api

if TYPE_CHECKING:
    from chalicelib.domain.roles import Actor

OTHER_CODE = "91350200M000200Y1N"
HOSTILE = "<img src=x onerror=alert(1)>"
LOAN = {
    "debt.contract.agreed_amount:money": "100,000",
    "debt.contract.disbursements.0.on": "2021-03-22",
    "debt.contract.disbursements.0.amount:money": "100,000",
    "debt.contract.maturity": "2022-03-21",
    "debt.contract.day_count": "act/360",
    "debt.contract.rates.0.kind": "fixed",
    "debt.contract.rates.0.starts": "2021-03-22",
    "debt.contract.rates.0.annual_percent": "7.25",
    "debt.contract.overdue_markup_percent": "50",
    "debt.contract.interest_due.kind": "explicit",
}

FLOATING = {
    "debt.contract.kind": "loan",
    "debt.contract.rates.0.kind": "lpr",
    "debt.contract.rates.0.priced_on": "2021-03-22",
    "debt.contract.rates.0.tenor": "1Y",
    "debt.contract.rates.0.spread_bp:int": "340",
    "debt.contract.rates.0.reset": "never",
    "debt.contract.rates.0.lookback_days:int": "0",
}
CARD = {
    "debt.contract.kind": "card",
    "debt.contract.daily_percent": "0.05",
    "debt.contract.statement_day:int": "5",
    "debt.contract.day_count": "act/365",
    "debt.contract.compounding:bool": "false",
    "debt.contract.breach_fee_percent": "5",
    "debt.contract.overdrafts.0.posted": "2025-06-01",
    "debt.contract.overdrafts.0.due": "2025-06-25",
    "debt.contract.overdrafts.0.amount:money": "10,000",
}


@pytest.fixture
def api() -> Api:
    return Api()


@pytest.fixture
def site(api: Api) -> Site:
    return Site(hub=api.hub)


@pytest.fixture
def clerk(site: Site) -> Browser:
    return site.browser(INSTITUTION)


def typed(**changes: Any) -> dict[str, str]:
    """Return a filing as a clerk types it: amounts with thousands parted."""
    form = {name: values[0] for name, values in flat(filing(**changes)).items()}
    amounts = [name for name in form if name.startswith("claim.") and name != "claim.as_of"]
    for name in amounts:
        whole, _, cents = form.pop(name).partition(".")
        form[f"{name}:money"] = f"{int(whole):,}.{cents}"
    return form


def sent(clerk: Browser, seen: Seen, form: dict[str, str], **more: str) -> Seen:
    """Send the filing's form."""
    return clerk.follow(clerk.request("POST", "file", {**seen.hidden, **form, **more}))


def test_a_filing_by_form_is_one_case_however_often_it_is_sent(api: Api, clerk: Browser) -> None:
    seen = clerk.open("file")
    assert 'value="海滨测试银行"' in seen.html
    for _ in range(2):
        assert sent(clerk, seen, typed()).status == 200
    (case,) = api.hub.memory.cases.values()
    assert str(case.claim.principal) == "100000.00"


def test_what_is_wrong_stands_beside_its_field_and_the_rest_is_kept(clerk: Browser) -> None:
    form = typed(respondents__0__id_number="110105194912310021", respondents__0__name=HOSTILE)
    seen = sent(clerk, clerk.open("file"), form)
    assert (seen.status, "#f-respondents-0-id_number" in seen.links) == (422, True)
    assert HOSTILE not in seen.html
    assert "&lt;img src=x onerror=alert(1)&gt;" in seen.html
    assert 'value="100,000.00"' in seen.html
    assert seen.hidden["key"] == clerk_key(seen)


def clerk_key(seen: Seen) -> str:
    """Return the key that stands in the page."""
    return seen.html.partition('name="key" value="')[2].partition('"')[0]


def test_another_respondent_is_added_and_what_was_typed_stays(api: Api, clerk: Browser) -> None:
    """With the same key, and without JavaScript; a guarantor is filed beside the borrower."""
    first = clerk.open("file")
    seen = sent(clerk, first, typed(), do="respondents")
    assert seen.status == 200
    assert seen.hidden["key"] == first.hidden["key"]
    assert f'value="{PERSON_NUMBER}"' in seen.html
    assert 'name="respondents.1.name"' in seen.html
    assert api.hub.memory.cases == {}
    guarantor = {
        "respondents.1.kind": "entity",
        "respondents.1.liability.kind": "joint_guarantor",
        "respondents.1.name": "样例担保公司",
        "respondents.1.id_number": "91350100M000100Y43",
        "respondents.1.phone": "13900005678",
        "respondents.1.address": "福建省宁德市蕉城区样例路2号",
        "respondents.1.entity_type": "有限责任公司",
        "respondents.0.employer": "样例合作社",
    }
    seen = sent(clerk, seen, {**typed(), **guarantor})
    assert (seen.status, "#f-respondents-1-id_number" in seen.links) == (422, True)
    seen = sent(clerk, seen, {**typed(), **guarantor, "respondents.1.id_number": OTHER_CODE})
    assert seen.status == 200, seen.text
    (case,) = api.hub.memory.cases.values()
    assert [str(each.liability) for each in case.parties] == ["None", "None", "joint_guarantor"]
    _, debtor, company = api.hub.cases.details(case)
    assert (debtor.employer, company.entity_type) == ("样例合作社", "有限责任公司")


def test_the_contract_is_added_and_the_claim_stands_beside_what_it_comes_to(api: Api, clerk: Browser) -> None:
    form = typed(claim__as_of="2022-09-30")
    seen = sent(clerk, clerk.open("file"), form, do="debt")
    assert seen.hidden["debt.contract.kind"] == "loan"
    computed = sent(clerk, seen, {**form, **LOAN}, do="calculate")
    assert computed.status == 200, computed.text
    assert "在允许范围内" in computed.text
    assert "7,330.56 元" in computed.text
    wrong = sent(clerk, seen, {**form, **LOAN, "claim.interest:money": "9,330.56"}, do="calculate")
    assert ("超出允许范围" in wrong.text, "2,000.00 元" in wrong.text) == (True, True)
    refused = sent(clerk, seen, {**form, **LOAN, "claim.interest:money": "9,330.56"})
    assert (refused.status, api.hub.memory.cases) == (422, {})
    assert sent(clerk, computed, {**form, **LOAN}).status == 200
    (case_id,) = api.hub.memory.cases
    assert "逐项明细" in clerk.open(f"cases/{case_id}/statement").text


def test_a_payment_is_added(clerk: Browser) -> None:
    seen = sent(clerk, clerk.open("file"), typed(), do="debt")
    seen = sent(clerk, seen, {**typed(), **LOAN}, do="debt.payments")
    assert 'name="debt.payments.0.reference"' in seen.html
    assert 'value="7.25"' in seen.html


def test_a_card_is_asked_for_as_one_and_computed(clerk: Browser) -> None:
    """Overdrafts, missed minimum payments and costs are lists that grow."""
    form = {**typed(claim__as_of="2025-12-31"), "case_type": "credit_card"}
    seen = sent(clerk, clerk.open("file"), form, do="debt")
    assert (seen.hidden["debt.contract.kind"], "透支 1" in seen.text) == ("card", True)
    seen = sent(clerk, seen, {**form, **CARD}, do="debt.contract.missed_minimums")
    assert 'name="debt.contract.missed_minimums.0.reference"' in seen.html
    seen = sent(clerk, seen, {**form, **CARD}, do="debt.costs")
    assert 'name="debt.costs.0.amount:money"' in seen.html
    costs = {
        "debt.costs.0.on": "2025-12-30",
        "debt.costs.0.amount:money": "50",
        "debt.costs.0.reference": "C-1",
    }
    computed = sent(clerk, seen, {**form, **CARD, **costs}, do="calculate")
    assert (computed.status, "核算结果" in computed.text) == (200, True), computed.text


def test_a_cards_pages_speak_of_a_card(api: Api, site: Site, clerk: Browser) -> None:
    """透支本金 and 违约金 for bank and holder, 罚息 for nobody; its rate is one of a day."""
    form = {**typed(claim__as_of="2025-12-31"), "case_type": "credit_card"}
    claimed = {
        "claim.principal:money": "1000",
        "claim.interest:money": "5",
        "claim.penalty_interest:money": "5",
    }
    none = {"claim.compound_interest:money": "0", "claim.fees:money": "0"}
    missed = {
        "debt.contract.missed_minimums.0.due": "2025-06-25",
        "debt.contract.missed_minimums.0.unpaid:money": "100",
        "debt.contract.missed_minimums.0.reference": "feb",
    }
    seen = sent(clerk, clerk.open("file"), form, do="debt")
    computed = sent(clerk, seen, {**form, **CARD, **claimed, **none, **missed}, do="calculate")
    filed = sent(clerk, computed, {**form, **CARD, **claimed, **none, **missed})
    assert filed.status == 200, filed.text
    (case_id,) = api.hub.memory.cases
    for seen in (
        clerk.open(f"cases/{case_id}"),
        clerk.open(f"cases/{case_id}/statement"),
        site.browser(borrower(case_id)).open(f"cases/{case_id}/claim"),
    ):
        assert ("透支本金" in seen.text, "违约金" in seen.text, "罚息" in seen.text) == (True, True, False)
    assert "日利率 0.05%" in seen.text
    assert "年利率" not in seen.text
    assert "违约金" in computed.text.partition("核算结果")[2].partition("请求的金额")[0]


def test_a_floating_rate_is_computed_from_what_was_published(clerk: Browser) -> None:
    """The quotes are a list; a rate on the LPR without one is refused at that list."""
    form = {**typed(claim__as_of="2022-09-30"), **LOAN, **FLOATING}
    del form["debt.contract.rates.0.annual_percent"]
    seen = sent(clerk, clerk.open("file"), form, do="debt.lpr")
    assert 'name="debt.lpr.0.one_year"' in seen.html
    quote = {"debt.lpr.0.on": "2021-03-20", "debt.lpr.0.one_year": "3.85", "debt.lpr.0.five_years": "4.65"}
    computed = sent(clerk, seen, {**form, **quote}, do="calculate")
    assert computed.status == 200, computed.text
    assert "7,330.56 元" in computed.text, "3.85 and 340 basis points are the fixed rate of the other test"


def test_guarantors_heirs_and_agents_are_filed_with_their_terms(api: Api, clerk: Browser) -> None:
    seen = sent(clerk, clerk.open("file"), typed(), do="respondents")
    seen = sent(clerk, seen, typed(), do="applicant.agents")
    assert 'name="applicant.agents.0.letter_number"' in seen.html
    more = {
        "applicant.agents.0.name": "林某",
        "applicant.agents.0.authority": "special",
        "respondents.1.kind": "person",
        "respondents.1.name": "李四测",
        "respondents.1.id_number": OTHER_NUMBER,
        "respondents.1.phone": "13900005678",
        "respondents.1.address": "福建省宁德市蕉城区样例路2号",
        "respondents.1.liability.kind": "mortgagor",
        "respondents.1.liability.thing": "",
    }
    wrong = sent(clerk, seen, {**typed(), **more})
    assert (wrong.status, "#f-respondents-1-liability-thing" in wrong.links) == (422, True)
    thing = {
        "respondents.1.liability.thing": "样例路2号房屋",
        "respondents.1.liability.registered:bool": "true",
    }
    assert sent(clerk, seen, {**typed(), **more, **thing}).status == 200
    (case,) = api.hub.memory.cases.values()
    assert [each.agents != () for each in case.parties] == [True, False, False]
    (details,) = [each for each in api.hub.cases.details(case) if each.party_id == "r2"]
    assert details.liability is not None
    assert (details.liability.thing, details.liability.registered) == ("样例路2号房屋", True)


def test_a_fault_after_an_entry_left_empty_stands_beside_its_own_field(clerk: Browser) -> None:
    """The first respondent's form was left empty, so the API knows the second as the first."""
    form = {name: value for name, value in typed().items() if not name.startswith("respondents.")}
    own = {name.replace(".0.", ".1."): value for name, value in typed().items() if "respondents" in name}
    seen = sent(clerk, clerk.open("file"), {**form, **own, "respondents.1.id_number": "12"})
    assert (seen.status, "#f-respondents-1-id_number" in seen.links) == (422, True)


def test_a_computation_without_a_day_is_told(clerk: Browser) -> None:
    seen = sent(clerk, clerk.open("file"), typed(), do="debt")
    form = {**typed(), **LOAN, "claim.as_of": ""}
    assert sent(clerk, seen, form, do="calculate").status == 422


def test_the_list_is_of_one_stage_and_goes_on(api: Api, clerk: Browser) -> None:
    one, other = file_case(api), in_mediation(api, "JC-2")
    seen = clerk.open("cases?stage=in_mediation")
    assert f"/console/cases/{other}" in seen.links
    assert f"/console/cases/{one}" not in seen.links
    for number in range(3, 55):
        file_case(api, f"JC-{number}")
    first = clerk.open("cases")
    (following,) = [link for link in first.links if "cursor=" in link]
    second = clerk.open(clerk.inside(following) or "")
    assert (f"/console/cases/{one}" in first.links, f"/console/cases/{one}" in second.links) == (False, True)


@pytest.mark.parametrize("query", ["stage=nonsense", "cursor=x"])
def test_a_list_that_can_not_be_is_refused_by_a_page(clerk: Browser, query: str) -> None:
    seen = clerk.open(f"cases?{query}")
    assert 400 <= seen.status < 500
    assert "/console" in seen.links


def test_a_person_is_found_by_a_number_that_no_address_holds(api: Api, clerk: Browser) -> None:
    case_id = file_case(api)
    asked = clerk.open("search")
    answered = clerk.request("POST", "search", {**asked.hidden, "id_number": PERSON_NUMBER})
    assert (answered.status, f"/console/cases/{case_id}" in answered.links) == (200, True)
    assert PERSON_NUMBER not in "".join(answered.links)
    assert "没有找到" in clerk.send(asked, id_number="350902199003070016").text
    wrong = clerk.send(asked, id_number="12")
    assert (wrong.status, 'value="12"' in wrong.html) == (422, True)


def test_an_offer_is_made_and_taken_back(api: Api, clerk: Browser) -> None:
    case_id = in_mediation(api)
    asked = clerk.open(f"cases/{case_id}/bank-offer?kind=lump_sum")
    form = {"tier": "lump_sum", "schedule.by": day(api, 10), "valid_days:int": "3"}
    assert "方案已提出" in clerk.send(asked, **form).text
    seen = clerk.send(clerk.open(f"cases/{case_id}/bank-revocation"), number="1")
    assert "方案已撤销" in seen.text
    seen = clerk.send(clerk.open(asked.path + "?kind=lump_sum"), **{**form, "schedule.by": day(api, 400)})
    assert (seen.status, f'value="{day(api, 400)}"' in seen.html) == (422, True)


def test_a_borrowers_offer_is_answered(api: Api, clerk: Browser) -> None:
    case_id = in_mediation(api)
    done(offers(api, case_id, party_id="r1"))
    seen = clerk.send(clerk.open(f"cases/{case_id}/bank-acceptance"), number="1")
    assert "已接受" in seen.text


def test_the_bank_signs_with_its_code(api: Api, clerk: Browser) -> None:
    case_id = settled(api)
    clerk.send(clerk.open(f"cases/{case_id}/codes"), party_id="a1")
    api.hub.run()
    sent_codes = api.hub.gateway.inbox(BANK_DETAILS.phone)
    code = [each for each in sent_codes if each.kind is NoticeKind.SIGNING_CODE][-1].values["code"]
    asked = clerk.open(f"cases/{case_id}/bank-signature")
    wrong = clerk.send(asked, party_id="a1", code="x")
    assert (wrong.status, "#f-code" in wrong.links) == (422, True)
    assert "已签署" in clerk.send(asked, party_id="a1", code=code).text
    assert "a1" in api.hub.cases.get(case_id).signatures


def test_payments_are_recorded_and_reversed(api: Api, clerk: Browser) -> None:
    case_id = in_force(api)
    asked = clerk.open(f"cases/{case_id}/repayment")
    assert "107,330.56 元" in asked.text
    form = {"reference": "PAY-1", "on": day(api, 0), "amount:money": "10,000"}
    bad = clerk.send(asked, **{**form, "amount:money": "ten"})
    assert (bad.status, "#f-amount" in bad.links, 'value="PAY-1"' in bad.html) == (422, True, True)
    for _ in range(2):
        assert "还款已登记" in clerk.send(asked, **form).text
    seen = clerk.open(f"cases/{case_id}/settlement")
    assert "97,330.56 元" in seen.text
    assert "已冲正" in clerk.send(clerk.open(f"cases/{case_id}/reversal"), reference="PAY-1").text
    assert "97,330.56 元" not in clerk.open(f"cases/{case_id}/settlement").text


def test_the_bank_sues_or_does_not(api: Api, clerk: Browser) -> None:
    for number, (name, stage) in enumerate([("suit", "submitted"), ("no-suit", "closed")]):
        case_id = in_mediation(api, f"JC-{number}")
        done(act(api, case_id, "failure", {"reason": "party_refuses"}, MEDIATOR))
        assert clerk.send(clerk.open(f"cases/{case_id}/{name}")).status == 200
        api.hub.run()
        assert api.hub.cases.get(case_id).stage == stage


def test_a_case_is_withdrawn(api: Api, clerk: Browser) -> None:
    case_id = file_case(api)
    assert "申请已撤回" in clerk.send(clerk.open(f"cases/{case_id}/withdrawal")).text
    assert api.hub.cases.get(case_id).stage == "withdrawn"


def test_details_are_corrected_by_bank_or_centre(api: Api, site: Site) -> None:
    case_id = in_mediation(api)
    for actor, phone in ((INSTITUTION, "13800001235"), (CENTRE, "13800001236")):
        browser = site.browser(actor)
        asked = browser.open(f"cases/{case_id}/details")
        wrong = browser.send(asked, party_id="r1", reason="changed_since", phone="1")
        assert (wrong.status, "#f-phone" in wrong.links) == (422, True)
        assert "已更正" in browser.send(asked, party_id="r1", reason="changed_since", phone=phone).text
        (details,) = [e for e in api.hub.cases.details(api.hub.cases.get(case_id)) if e.party_id == "r1"]
        assert details.phone == phone


@pytest.mark.parametrize("page", ["", "/statement", "/settlement", "/notes", "/codes", "/bank-offer"])
def test_anothers_case_is_the_same_404_as_no_case(api: Api, site: Site, page: str) -> None:
    case_id = file_case(api)
    other = site.browser(replace(INSTITUTION, institution_id="bank-2"))
    answers = [other.open(f"cases/{each}{page}") for each in (case_id, "C-9999")]
    assert [each.status for each in answers] == [404, 404]
    assert answers[0].text.split("请求编号")[0] == answers[1].text.split("请求编号")[0]


def test_a_default_is_paid_off_by_a_payment_of_the_rest(api: Api, clerk: Browser) -> None:
    """More than is owed is refused beside the field, until it is said so."""
    case_id = in_force(api)
    done(pays(api, case_id, "100000.00"))
    asked = clerk.open(f"cases/{case_id}/repayment")
    form = {"reference": "PAY-2", "on": day(api, 0), "amount:money": "7,331.56", "overpayment:money": ""}
    seen = clerk.send(asked, **form)
    assert (seen.status, "#f-overpayment" in seen.links) == (422, True)
    assert clerk.send(asked, **{**form, "overpayment:money": "1"}).status == 200


@pytest.mark.parametrize("actor", [INSTITUTION, MEDIATOR], ids=["bank", "mediator"])
def test_an_old_case_that_waits_stands_above_all_newer_ones(api: Api, site: Site, actor: Actor) -> None:
    """However many were filed since: the start page has all that waits for the reader, by its time."""
    old = in_mediation(api, "JC-1")
    if actor is INSTITUTION:
        done(act(api, old, "failure", {"reason": "other"}, MEDIATOR))
    for number in range(2, 104):
        api.post(
            "/v1/filings", filing(contract_number=f"JC-{number}"), INSTITUTION, Idempotency_Key=f"{number}"
        )
    if actor is MEDIATOR:
        for case_id, case in api.hub.memory.cases.items():
            if case_id != old:
                appointed = replace(case, mediator_id="m-1", stage=Stage.CLOSED, deadline=None)
                api.hub.memory.cases[case_id] = appointed
    seen = site.browser(actor).open()
    assert seen.status == 200
    assert f"/console/cases/{old}" in seen.links
