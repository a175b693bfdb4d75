"""Being heard by forms: objections, challenges, the end of talks, defences; what each becomes."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest

from chalicelib.console.wording import words
from chalicelib.domain.objections import RESTS
from tests.console.test_party_pages import OFFICIALESE
from tests.support.bodies import OTHER_NUMBER, filing
from tests.support.browsing import Browser, Seen, Site
from tests.support.courses import APPOINTMENT, act, done, file_case, in_mediation
from tests.support.fakes.samples import CENTRE, COURT, INSTITUTION, JUDGE, MEDIATOR, borrower
from tests.support.http import Api

if TYPE_CHECKING:
    from chalicelib.domain.roles import Actor

OTHER: Final = replace(CENTRE, subject="centre-9")
"""Who has recorded nothing."""
HOSTILE: Final = "<script>alert(1)</script>"


@pytest.fixture
def api() -> Api:
    return Api()


@pytest.fixture
def site(api: Api) -> Site:
    return Site(hub=api.hub)


def refused_in_its_name(api: Api) -> str:
    """Let mediator and centre record that the borrower ends the mediation."""
    case_id = in_mediation(api)
    for recorder in (MEDIATOR, CENTRE):
        done(act(api, case_id, "refusals", {"party_id": "r1", "channel": "in_person"}, recorder))
    return case_id


def objected(api: Api, site: Site) -> str:
    """Let the borrower object by its page."""
    case_id = refused_in_its_name(api)
    browser = site.browser(borrower(case_id))
    number = str(api.hub.cases.get(case_id).recorded[-1].number)
    assert browser.send(browser.open(f"cases/{case_id}/object"), act__int=number).status == 200
    return case_id


def of_two_respondents(api: Api) -> str:
    """File a case against two people."""
    respondents = filing()["respondents"]
    other = {**respondents[0], "name": "李四测", "id_number": OTHER_NUMBER, "phone": "13800005678"}
    body = {**filing(), "respondents": [*respondents, other]}
    answer = api.post("/v1/filings", body, INSTITUTION, Idempotency_Key="two")
    assert answer.status == 201, answer.body
    case_id: str = answer.body["case_id"]
    return case_id


def consented_in_their_names(api: Api) -> str:
    """Let mediator and centre record that two people consent, one a day after the other."""
    case_id = of_two_respondents(api)
    api.hub.run()
    done(act(api, case_id, "assignment", APPOINTMENT, CENTRE))
    done(act(api, case_id, "assignment", {"action": "accept"}, MEDIATOR))
    for party_id in ("r1", "r2"):
        for recorder in (MEDIATOR, CENTRE):
            said = {"party_id": party_id, "given": True, "channel": "in_person"}
            done(act(api, case_id, "consents", said, recorder))
        api.hub.clock.advance(days=1)
    return case_id


def choices(seen: Seen) -> list[str]:
    """Return the numbers of the acts that a page lets choose from."""
    return re.findall(r'type="radio"[^>]* name="act:int" value="([^"]*)"', seen.html)


def leads(browser: Browser, case_id: str, page: str, at: str | None = None) -> bool:
    """Tell whether the case's page, or another one, leads to a page of the case."""
    place = f"cases/{case_id}" if at is None else at
    return f"/console/cases/{case_id}/{page}" in browser.open(place).links


def test_a_party_objects_to_what_was_recorded_in_its_name(api: Api, site: Site) -> None:
    """It chooses among its own acts; none chosen is told beside the field."""
    case_id = refused_in_its_name(api)
    browser = site.browser(borrower(case_id))
    assert leads(browser, case_id, "object")
    asked = browser.open(f"cases/{case_id}/object")
    assert "不愿继续调解 · " in asked.text
    wrong = browser.send(asked)
    assert (wrong.status, "#f-act" in wrong.links) == (422, True)
    (recorded,) = api.hub.cases.get(case_id).recorded
    seen = browser.send(asked, act__int=str(recorded.number))
    assert (seen.status, seen.path) == (200, f"cases/{case_id}")
    assert "案件先停下来" in seen.text
    objection = api.hub.cases.get(case_id).objection
    assert objection is not None
    assert objection.act == recorded


def test_an_act_that_nobody_recorded_is_not_taken(api: Api, site: Site) -> None:
    """What was chosen stays, and the page says why."""
    case_id = refused_in_its_name(api)
    browser = site.browser(borrower(case_id))
    seen = browser.send(browser.open(f"cases/{case_id}/object"), act__int="99")
    assert seen.status in {409, 422}
    assert 'role="alert"' in seen.html
    assert api.hub.cases.get(case_id).objection is None


def with_agents_of_the_bank(api: Api) -> str:
    """File a case in which the bank names two agents of its borrower, and let it be screened."""
    agents = [{"name": "吴试", "authority": "special"}, {"name": "林试", "authority": "general"}]
    answer = api.post("/v1/filings", filing(respondents__0__agents=agents), Idempotency_Key="one")
    api.hub.run()
    case_id: str = answer.body["case_id"]
    return case_id


def acting(api: Api, case_id: str) -> dict[str, bool]:
    """Return the borrower's agents, and which of them act."""
    (_, respondent) = api.hub.cases.get(case_id).parties
    return {each.agent_id: each.acts for each in respondent.agents}


def test_a_party_says_who_of_those_whom_the_bank_named_acts_for_it(api: Api, site: Site) -> None:
    """It reads their names, confirms one and rejects the other; then there is nothing left to say."""
    case_id = with_agents_of_the_bank(api)
    browser = site.browser(borrower(case_id))
    assert leads(browser, case_id, "confirm-agent")
    asked = browser.open(f"cases/{case_id}/confirm-agent")
    assert "吴试 · 特别授权" in asked.text
    assert "林试 · 一般授权" in asked.text
    wrong = browser.send(asked)
    assert (wrong.status, "#f-agent_id" in wrong.links) == (422, True)
    assert "已经确认" in browser.send(asked, agent_id="g2").text
    assert acting(api, case_id) == {"g1": False, "g2": True}
    reject = browser.open(f"cases/{case_id}/reject-agent")
    assert "林试" not in reject.text
    assert "不能替您办事" in browser.send(reject, agent_id="g1").text
    assert acting(api, case_id) == {"g2": True}
    for page in ("confirm-agent", "reject-agent"):
        assert not leads(browser, case_id, page)
        assert browser.open(f"cases/{case_id}/{page}").status == 409


def test_the_centre_records_that_a_party_confirms_an_agent(api: Api, site: Site) -> None:
    """With a second record, as whatever is said before it."""
    case_id = with_agents_of_the_bank(api)
    for recorder, expected in ((CENTRE, False), (OTHER, True)):
        browser = site.browser(recorder)
        asked = browser.open(f"cases/{case_id}/record-agent-confirmation")
        assert "g1 · 特别授权" in asked.text
        assert browser.send(asked, party_id="r1", agent_id="g1").status == 200
        assert acting(api, case_id)["g1"] is expected


def test_a_party_chooses_among_its_own_acts(api: Api, site: Site) -> None:
    """What was recorded for another is not on its page."""
    case_id = consented_in_their_names(api)
    first, second = api.hub.cases.get(case_id).recorded
    seen = site.browser(borrower(case_id)).open(f"cases/{case_id}/object")
    assert (choices(seen), second.party_id) == ([str(first.number)], "r2")


def test_an_act_whose_days_are_over_is_not_to_choose(api: Api, site: Site) -> None:
    case_id = consented_in_their_names(api)
    first, second = api.hub.cases.get(case_id).recorded
    assert first.until < second.until
    api.hub.clock.advance(seconds=(first.until - api.hub.clock.now()).total_seconds())
    seen = site.browser(CENTRE).open(f"cases/{case_id}/record-objection")
    assert choices(seen) == [str(second.number)]


def test_the_days_over_nothing_is_offered(api: Api, site: Site) -> None:
    case_id = refused_in_its_name(api)
    api.hub.clock.advance(days=10)
    browser = site.browser(borrower(case_id))
    assert not leads(browser, case_id, "object")
    assert browser.open(f"cases/{case_id}/object").status == 409


@pytest.mark.parametrize(
    ("reason", "stage"), [("not_said", "in_mediation"), ("recorded_rightly", "unresolved")]
)
def test_the_centre_decides_an_objection_from_its_day(api: Api, site: Site, reason: str, stage: str) -> None:
    """The list leads to the act; without a reason the field says so; the decision is the API's."""
    case_id = objected(api, site)
    centre = site.browser(OTHER)
    assert leads(centre, case_id, "decide-objection", "today")
    assert leads(centre, case_id, "decide-objection")
    asked = centre.open(f"cases/{case_id}/decide-objection")
    assert "不愿继续调解" in asked.text
    wrong = centre.send(asked)
    assert (wrong.status, "#f-reason" in wrong.links) == (422, True)
    assert centre.send(asked, reason=reason).status == 200
    case = api.hub.cases.get(case_id)
    assert (str(case.stage), case.objection) == (stage, None)
    assert not leads(centre, case_id, "decide-objection", "today")


def test_who_recorded_the_act_is_not_led_to_the_decision(api: Api, site: Site) -> None:
    """The day shows the case, without the act."""
    case_id = objected(api, site)
    centre = site.browser(CENTRE)
    assert f"/console/cases/{case_id}" in centre.open("today").links
    assert not leads(centre, case_id, "decide-objection", "today")
    assert centre.open(f"cases/{case_id}/decide-objection").status == 409


def test_everybody_on_the_case_is_told_that_it_stands_still(api: Api, site: Site) -> None:
    case_id = objected(api, site)
    for reader in (INSTITUTION, MEDIATOR, CENTRE):
        assert "对代为登记的“不愿继续调解”提出异议" in site.browser(reader).open(f"cases/{case_id}").text
    assert "调解中心正在核实" in site.browser(borrower(case_id)).open(f"cases/{case_id}").text
    assert "异议，等待中心决定" not in site.browser(JUDGE).open(f"cases/{case_id}").text


def test_the_centre_records_an_objection_made_in_person(api: Api, site: Site) -> None:
    case_id = refused_in_its_name(api)
    centre = site.browser(CENTRE)
    number = str(api.hub.cases.get(case_id).recorded[-1].number)
    asked = centre.open(f"cases/{case_id}/record-objection")
    wrong = centre.send(asked, act__int=number)
    assert (wrong.status, "#f-party_id" in wrong.links) == (422, True)
    assert f'value="{number}" checked' in wrong.html
    assert centre.send(asked, act__int=number, party_id="r1").status == 200
    assert api.hub.cases.get(case_id).objection is not None


def test_a_party_asks_for_another_mediator_for_a_reason(api: Api, site: Site) -> None:
    """Once it waits, the page says so and does not offer it again."""
    case_id = in_mediation(api)
    browser = site.browser(borrower(case_id))
    asked = browser.open(f"cases/{case_id}/challenge")
    wrong = browser.send(asked)
    assert (wrong.status, "#f-ground" in wrong.links) == (422, True)
    seen = browser.send(asked, ground="near_relative")
    assert (seen.status, seen.path) == (200, f"cases/{case_id}")
    assert "有人要求换调解员" in seen.text
    challenge = api.hub.cases.get(case_id).challenge
    assert challenge is not None
    assert (challenge.party_id, challenge.ground) == ("r1", "near_relative")
    assert not leads(browser, case_id, "challenge")


@pytest.mark.parametrize(
    ("actor", "page", "party_id"),
    [(INSTITUTION, "bank-challenge", "a1"), (CENTRE, "record-challenge", "r1")],
    ids=["bank", "centre"],
)
def test_bank_and_centre_name_whose_challenge_it_is(
    api: Api, site: Site, actor: Actor, page: str, party_id: str
) -> None:
    case_id = in_mediation(api)
    browser = site.browser(actor)
    asked = browser.open(f"cases/{case_id}/{page}")
    wrong = browser.send(asked, ground="other_relation")
    assert (wrong.status, "#f-party_id" in wrong.links) == (422, True)
    assert 'value="other_relation" checked' in wrong.html
    assert browser.send(asked, ground="other_relation", party_id=party_id).status == 200
    challenge = api.hub.cases.get(case_id).challenge
    assert challenge is not None
    assert challenge.party_id == party_id


def test_an_upheld_challenge_waits_for_another_appointment(api: Api, site: Site) -> None:
    """Before the mediator has accepted; the day leads to the decision."""
    case_id = file_case(api)
    done(act(api, case_id, "assignment", APPOINTMENT, CENTRE))
    party = site.browser(borrower(case_id))
    party.send(party.open(f"cases/{case_id}/challenge"), ground="interest_in_dispute")
    centre = site.browser(CENTRE)
    assert leads(centre, case_id, "decide-challenge", "today")
    asked = centre.open(f"cases/{case_id}/decide-challenge")
    assert "跟调解员自己有利害关系" in asked.text
    assert centre.send(asked, reason="ground_exists").status == 200
    assert (api.hub.cases.get(case_id).stage, api.hub.cases.get(case_id).mediator_id) == ("screened", None)


def test_the_centre_replaces_a_mediator_by_form(api: Api, site: Site) -> None:
    """By name, with a ground; without one the page says what is missing."""
    case_id = in_mediation(api)
    centre = site.browser(CENTRE)
    assert leads(centre, case_id, "replace")
    asked = centre.open(f"cases/{case_id}/replace")
    assert "陈睦" in asked.text
    assert centre.send(asked, mediator_id="m-2").status == 422
    assert centre.send(asked, mediator_id="m-2", ground="unable").status == 200
    case = api.hub.cases.get(case_id)
    assert (case.stage, case.mediator_id) == ("assigned", "m-2")


def test_a_party_ends_the_talks(api: Api, site: Site) -> None:
    case_id = in_mediation(api)
    browser = site.browser(borrower(case_id))
    asked = browser.open(f"cases/{case_id}/end-talks")
    assert "不能再恢复" in asked.text
    assert browser.send(asked).status == 200
    assert api.hub.cases.get(case_id).stage == "unresolved"
    assert not leads(browser, case_id, "end-talks")


def test_a_party_states_its_defence_once_and_all_who_may_read_it_do(api: Api, site: Site) -> None:
    """As text, with its lines; sent twice it is kept once; whether the court gets it is shown."""
    case_id = in_mediation(api)
    browser = site.browser(borrower(case_id))
    assert leads(browser, case_id, "defences")
    asked = browser.open(f"cases/{case_id}/defences")
    form = {**asked.hidden, "text": f"{HOSTILE}\r\n还过五千元", "for_court:bool": "true"}
    for _ in range(2):
        assert browser.request("POST", asked.path, form).status == 303
    for reader in (borrower(case_id), INSTITUTION, MEDIATOR, CENTRE):
        reading = site.browser(reader)
        assert leads(reading, case_id, "defences")
        seen = reading.open(asked.path)
        assert seen.html.count("&lt;script&gt;alert(1)&lt;/script&gt;\n还过五千元") == 1
        assert HOSTILE not in seen.html
        assert "起诉的话，交给法院" in seen.text


def test_a_defence_without_a_word_is_told_beside_its_field(api: Api, site: Site) -> None:
    """What was chosen stays; too much text stays too, with its fault."""
    case_id = in_mediation(api)
    browser = site.browser(borrower(case_id))
    asked = browser.open(f"cases/{case_id}/defences")
    empty = browser.send(asked, text="", for_court__bool="true")
    assert (empty.status, "#f-text" in empty.links) == (422, True)
    assert 'value="true" checked' in empty.html
    long = browser.send(asked, text="长" * 5001)
    assert (long.status, "#f-text" in long.links, "长" * 5001 in long.html) == (422, True, True)
    assert api.get(f"/v1/cases/{case_id}/defences", CENTRE).body["items"] == []


def test_the_court_gets_it_only_if_the_party_says_so(api: Api, site: Site) -> None:
    case_id = in_mediation(api)
    browser = site.browser(borrower(case_id))
    browser.send(browser.open(f"cases/{case_id}/defences"), text="还过五千元")
    (stated,) = api.get(f"/v1/cases/{case_id}/defences", CENTRE).body["items"]
    assert (stated["text"], stated["for_court"]) == ("还过五千元", False)


@pytest.mark.parametrize("reader", [INSTITUTION, MEDIATOR, CENTRE], ids=lambda reader: str(reader.role))
def test_nobody_writes_a_defence_for_a_party(api: Api, site: Site, reader: Actor) -> None:
    """They read it, without a form; sent all the same, the API refuses it."""
    case_id = in_mediation(api)
    browser = site.browser(reader)
    seen = browser.open(f"cases/{case_id}/defences")
    assert (seen.status, "textarea" in seen.html) == (200, False)
    token = browser.open(f"cases/{case_id}/notes").hidden["csrf"]
    assert browser.request("POST", seen.path, {"csrf": token, "key": "k", "text": "x"}).status == 403


def test_another_respondents_defence_is_not_shown(api: Api, site: Site) -> None:
    case_id = of_two_respondents(api)
    second = site.browser(borrower(case_id, "r2"))
    second.send(second.open(f"cases/{case_id}/defences"), text="我只是保证人")
    assert "我只是保证人" in second.open(f"cases/{case_id}/defences").text
    assert "我只是保证人" not in site.browser(borrower(case_id)).open(f"cases/{case_id}/defences").text


@pytest.mark.parametrize("actor", [JUDGE, COURT], ids=lambda actor: str(actor.role))
def test_the_courts_people_are_led_to_no_defence(api: Api, site: Site, actor: Actor) -> None:
    case_id = in_mediation(api)
    browser = site.browser(actor)
    assert not leads(browser, case_id, "defences")
    assert browser.open(f"cases/{case_id}/defences").status == 403


@pytest.mark.parametrize("page", ["object", "challenge", "end-talks", "defences"])
def test_anothers_case_is_the_same_404_as_no_case(api: Api, site: Site, page: str) -> None:
    case_id = in_mediation(api)
    browser = site.browser(borrower("C-else"))
    mine, none = (browser.open(f"cases/{each}/{page}") for each in (case_id, "no-such-case"))
    assert (mine.status, none.status) == (404, 404)
    assert mine.title == none.title


def test_a_party_is_spoken_to_in_plain_words(api: Api, site: Site) -> None:
    """On each of its pages of being heard, before and after."""
    case_id = in_mediation(api)
    browser = site.browser(borrower(case_id))
    seen = [browser.open(f"cases/{case_id}/{page}") for page in ("challenge", "end-talks", "defences")]
    seen.append(browser.send(browser.open(f"cases/{case_id}/challenge"), ground="near_relative"))
    for recorder in (MEDIATOR, CENTRE):
        done(act(api, case_id, "refusals", {"party_id": "r1", "channel": "in_person"}, recorder))
    seen.append(asked := browser.open(f"cases/{case_id}/object"))
    number = str(api.hub.cases.get(case_id).recorded[-1].number)
    seen.append(browser.send(asked, act__int=number))
    assert {page.status for page in seen} == {200}
    assert {word: page.path for page in seen for word in OFFICIALESE if word in page.text} == {}


def test_every_act_that_can_be_objected_to_has_words() -> None:
    assert {f"recorded_act.{action}" for action in RESTS} <= words().keys()


def test_the_parties_choose_their_mediator_by_form(api: Api, site: Site) -> None:
    """The centre asks them, each sees the names of the three, and whom both name is appointed."""
    case_id = file_case(api)
    centre = site.browser(CENTRE)
    asked = centre.open(f"cases/{case_id}/open-choice")
    assert centre.send(asked, judge_id="j-1", area="", language="").status == 200
    assert leads(centre, case_id, "record-choice")
    bank, party = site.browser(INSTITUTION), site.browser(borrower(case_id))
    asked = bank.open(f"cases/{case_id}/bank-choose")
    assert "陈睦" in asked.text
    assert bank.send(asked, party_id="a1", mediator_id="m-002").status == 200
    assert leads(party, case_id, "choose")
    assert party.send(party.open(f"cases/{case_id}/choose"), mediator_id="m-002").status == 200
    assert api.hub.cases.get(case_id).mediator_id == "m-002"
