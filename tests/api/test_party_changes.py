"""Corrections of a party's details and agents recorded after filing, over HTTP, at open stages."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.domain.id_documents import IdDocument, Sex
from chalicelib.domain.roles import Actor, Role
from chalicelib.domain.transfer import Matter
from chalicelib.use_cases.build_submission import build_submission
from tests.support.bodies import OTHER_NUMBER, PERSON_NUMBER, filing, reviewed
from tests.support.courses import APPOINTMENT, act, done, file_case, in_mediation, submitted
from tests.support.deals import (
    accepted,
    applies,
    code_for,
    identified,
    in_force,
    offers,
    settled,
    signature,
    signs,
)
from tests.support.fakes.samples import CENTRE, COURT, INSTITUTION, INSTITUTION_ID, MEDIATOR, borrower
from tests.support.http import Api
from tests.support.settling import agrees

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.http import Answer

NEW_PHONE = "13900139000"
COLLEAGUE = Actor(role=Role.CENTRE, subject="centre-2", court_id=CENTRE.court_id)
AGENT = {
    "action": "record",
    "party_id": "r1",
    "name": "吴试",
    "firm": "样例律师事务所",
    "authority": "special",
    "letter_number": "（2026）样律委字第8号",
}

REVOKED = {"action": "revoke", "party_id": "r1", "agent_id": "g1"}


@pytest.fixture
def api() -> Api:
    """Make a hub of its own."""
    return Api()


def correct(api: Api, case_id: str, actor: Actor = CENTRE, /, **changes: Any) -> Answer:
    """Correct the debtor."""
    body = {"party_id": "r1", "reason": "told_by_the_party", **changes}
    return act(api, case_id, "party-corrections", body, actor)


def details(api: Api, case_id: str, party_id: str = "r1") -> Any:
    """Return what is on record of a party."""
    case = api.hub.cases.get(case_id)
    return next(entry for entry in api.hub.cases.details(case) if entry.party_id == party_id)


def lawyer(place: str, role: Role = Role.BORROWER) -> Actor:
    """Make an agent of a party of the first case."""
    bank = INSTITUTION_ID if role is Role.INSTITUTION else None
    return Actor(role=role, subject="lawyer", institution_id=bank, agent_of=frozenset({f"C-0001:{place}"}))


def assigned(api: Api) -> str:
    """Appoint a mediator, who has not answered yet."""
    case_id = file_case(api)
    done(act(api, case_id, "assignment", APPOINTMENT, CENTRE))
    return case_id


STAGES: dict[str, Callable[[Api], str]] = {
    "screened": file_case,
    "assigned": assigned,
    "in_mediation": in_mediation,
    "settled": settled,
    "submitted": submitted,
}


@pytest.mark.parametrize("actor", [INSTITUTION, CENTRE], ids=lambda each: str(each.role))
@pytest.mark.parametrize("stage", STAGES)
def test_details_are_corrected_at_every_open_stage(api: Api, stage: str, actor: Actor) -> None:
    """Name, phone, address and account; the case stays where it is, and what is left out stays as it was."""
    case_id = STAGES[stage](api)
    before = details(api, case_id)
    assert "correct_details" in api.get(f"/v1/cases/{case_id}", actor).body["allowed_actions"]
    corrected = done(
        correct(api, case_id, actor, name="张更正", phone="139 0013 9000", account="4420 1501 1000 5250 1234")
    )
    after = details(api, case_id)
    assert corrected["stage"] == stage
    assert (after.name, after.phone, after.account) == ("张更正", NEW_PHONE, "44201501100052501234")
    assert (after.address, after.id_number) == (before.address, before.id_number)


@pytest.mark.parametrize("actor", [MEDIATOR, COURT, borrower("C-0001")], ids=lambda each: str(each.role))
def test_nobody_else_corrects(api: Api, actor: Actor) -> None:
    in_mediation(api)
    assert correct(api, "C-0001", actor, name="张更正").code == "not_permitted"
    assert details(api, "C-0001").name == "张试"


def test_an_ended_case_is_not_corrected(api: Api) -> None:
    """What was done under it is done."""
    case_id = file_case(api)
    done(act(api, case_id, "withdrawal", {}))
    assert correct(api, case_id, name="张更正").code == "action_not_available"


def test_the_parties_see_that_a_correction_happened(api: Api) -> None:
    """Whose, which fields, why and by whom; no value is in the event."""
    case_id = in_mediation(api)
    done(correct(api, case_id, name="张更正", phone=NEW_PHONE))
    for reader in (borrower(case_id), INSTITUTION, MEDIATOR):
        answer = api.get(f"/v1/cases/{case_id}/events", reader)
        event = answer.body["items"][-1]
        assert (event["type"], event["role"]) == ("details_corrected", "centre")
        assert event["facts"] == {
            "party_id": "r1",
            "fields": ["name", "phone"],
            "reason": "told_by_the_party",
        }
        assert NEW_PHONE not in answer.raw.decode()
        assert "张更正" not in answer.raw.decode()


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"id_number": "11010519491231002Y"}, "/id_number", "id_number_format"),
        ({"id_number": "E12345678"}, "/id_number", "id_number_format"),
        ({"id_document": "passport"}, "/id_number", "missing"),
        ({"reason": "because"}, "/reason", "not_an_option"),
        ({"phone": "12"}, "/phone", "phone_format"),
        ({"representative": {"name": "陈试"}}, "/representative", "representative_of_a_person"),
        ({"agents": []}, "/agents", "unknown_field"),
        ({"entity_type": "有限责任公司"}, "/entity_type", "of_entities_only"),
        ({"party_id": "a1", "employer": "样例合作社"}, "/employer", "of_persons_only"),
    ],
)
def test_a_wrong_correction_names_its_field(
    api: Api, changes: dict[str, Any], pointer: str, code: str
) -> None:
    """And nothing is stored."""
    case_id = in_mediation(api)
    before = api.hub.cases.get(case_id)
    answer = correct(api, case_id, **changes)
    assert (answer.status, answer.faults) == (422, {pointer: code})
    assert api.hub.cases.get(case_id) == before


@pytest.mark.parametrize("changes", [{}, {"name": "张试"}, {"relatives": []}])
def test_a_correction_changes_something(api: Api, changes: dict[str, Any]) -> None:
    """What is on record already is no correction, and no event."""
    case_id = in_mediation(api)
    assert correct(api, case_id, **changes).body["rule"] == "corrects_something"


def test_what_the_forms_ask_is_corrected_field_by_field(api: Api) -> None:
    """What is left out of a correction stays."""
    case_id = in_mediation(api)
    done(correct(api, case_id, employer="样例合作社", residence="福州市样例路9号"))
    done(correct(api, case_id, employer="另一家合作社"))
    debtor = details(api, case_id)
    assert (debtor.employer, debtor.residence) == ("另一家合作社", "福州市样例路9号")
    done(correct(api, case_id, party_id="a1", entity_type="股份有限公司"))
    assert details(api, case_id, "a1").entity_type == "股份有限公司"
    events = api.get(f"/v1/cases/{case_id}/events").body["items"]
    assert [event["facts"]["fields"] for event in events[-3:]] == [
        ["employer", "residence"],
        ["employer"],
        ["entity_type"],
    ]


def test_a_correction_of_nobody_is_refused(api: Api) -> None:
    case_id = in_mediation(api)
    answer = correct(api, case_id, party_id="r9", name="张更正")
    assert (answer.status, answer.body["rule"]) == (409, "known_party")


def test_a_corrected_number_is_found_and_the_wrong_one_is_not(api: Api) -> None:
    """The claim stays the same claim, and the party's token stays its token."""
    case_id = in_mediation(api)

    def found(number: str) -> list[str]:
        return list(api.post("/v1/case-searches", {"id_number": number}).body["case_ids"])

    done(correct(api, case_id, INSTITUTION, id_number=OTHER_NUMBER))
    assert (found(OTHER_NUMBER), found(PERSON_NUMBER)) == ([case_id], [])
    again = api.post("/v1/filings", filing(contract_number="JC-1"), Idempotency_Key="again")
    assert (again.code, again.body["existing_case_id"]) == ("duplicate_filing", case_id)
    assert api.get(f"/v1/cases/{case_id}", borrower(case_id)).body["parties"][1]["id_number"] == OTHER_NUMBER


def test_a_number_brings_its_paper(api: Api) -> None:
    """A passport, then a resident's card again; a paper that the number does not need is not kept."""
    case_id = in_mediation(api)
    done(correct(api, case_id, id_number="E12345678", id_document="passport"))
    assert details(api, case_id).id_document is IdDocument.PASSPORT
    done(correct(api, case_id, id_number=PERSON_NUMBER))
    assert details(api, case_id).id_document is None


def test_sex_and_birth_are_corrected_where_the_number_does_not_tell_them(api: Api) -> None:
    """They stay when only the passport is renewed, and go when a resident's card says them."""
    case_id = in_mediation(api)
    born = {"sex": "male", "birth_date": "1979-08-01"}
    assert correct(api, case_id, **born).faults == {
        "/sex": "sex_differs",
        "/birth_date": "birth_date_differs",
    }
    done(correct(api, case_id, id_number="E12345678", id_document="passport", **born))
    done(correct(api, case_id, id_number="E87654321", id_document="passport"))
    done(correct(api, case_id, birth_date="1979-08-02"))
    assert (details(api, case_id).sex, details(api, case_id).birth_date) == (Sex.MALE, date(1979, 8, 2))
    done(correct(api, case_id, id_number=PERSON_NUMBER))
    assert (details(api, case_id).sex, details(api, case_id).birth_date) == (None, None)
    assert correct(api, case_id, birth_date="1979-08-01").faults == {"/birth_date": "birth_date_differs"}


def test_nobody_becomes_its_own_opponent(api: Api) -> None:
    """Nor a party twice."""
    second = filing()["respondents"][0] | {"id_number": OTHER_NUMBER, "name": "李试"}
    body = filing(respondents=[filing()["respondents"][0], second])
    assert api.post("/v1/filings", body, Idempotency_Key="two").status == 201
    api.hub.run()
    answer = correct(api, "C-0001", id_number=OTHER_NUMBER)
    assert (answer.status, answer.body["rule"]) == (409, "number_of_one_party")
    assert details(api, "C-0001").id_number == PERSON_NUMBER


def test_nobody_else_becomes_the_applicant(api: Api) -> None:
    """A bank is corrected to what the centre enrolled, and not to another one; its phone can be anything."""
    case_id = in_mediation(api)
    answer = correct(api, case_id, INSTITUTION, party_id="a1", name="另一家银行")
    assert (answer.status, answer.faults) == (422, {"/name": "applicant_not_enrolled"})
    assert details(api, case_id, "a1").name == "海滨测试银行"
    del api.hub.memory.institutions[INSTITUTION_ID]
    refused = correct(api, case_id, INSTITUTION, party_id="a1", name="另一家银行")
    assert refused.code == "institution_not_enrolled"
    done(correct(api, case_id, INSTITUTION, party_id="a1", phone=NEW_PHONE))


def test_a_code_goes_to_the_new_number_and_the_old_code_is_void(api: Api) -> None:
    """Whoever has the wrong telephone can't sign with what it was sent."""
    case_id = settled(api)
    old = code_for(api, case_id, "r1")
    done(correct(api, case_id, phone=NEW_PHONE))
    refused = act(api, case_id, "signatures", signature(api, case_id, "r1", code=old), borrower(case_id))
    assert refused.code == "code_of_another_text"
    api.hub.clock.advance(seconds=61)
    assert api.post(f"/v1/cases/{case_id}/signing-codes", {"party_id": "r1"}, borrower(case_id)).status == 202
    api.hub.run()
    inbox = api.hub.gateway.inbox(NEW_PHONE)
    (new,) = [sent.values["code"] for sent in inbox if sent.kind == "signing_code"]
    done(act(api, case_id, "signatures", signature(api, case_id, "r1", code=new), borrower(case_id)))


def test_a_signed_agreement_stays_as_it_was(api: Api) -> None:
    """Its document, its hash and who signed it; asking for it again draws no other."""
    case_id = settled(api)
    signs(api, case_id, "a1")
    before = api.get(f"/v1/cases/{case_id}").body
    listed = api.get(f"/v1/cases/{case_id}/documents").body["items"]
    api.hub.clock.advance(days=1)
    done(correct(api, case_id, name="张更正"))
    after = api.get(f"/v1/cases/{case_id}").body
    for name in ("agreement_sha256", "signatures", "outcome", "stage"):
        assert after[name] == before[name]
    made = api.post(f"/v1/cases/{case_id}/documents", {"kind": "mediation_agreement"})
    assert made.body["document_id"] == before["agreement_sha256"]
    assert api.get(f"/v1/cases/{case_id}/documents").body["items"] == listed


def test_who_set_the_number_cant_confirm_by_a_code_to_it(api: Api) -> None:
    """Or one person of the centre would act alone in a party's name: own telephone, own code."""
    case_id = in_mediation(api)
    done(correct(api, case_id, CENTRE, phone=NEW_PHONE))
    offers(api, case_id)
    body = {"side": "respondent", "reply": "accepted", "channel": "in_person"}
    pending = done(act(api, case_id, "offers/1/answers", body, CENTRE))
    assert [each["action"] for each in pending["pending"]] == ["accept_offer"]
    assert api.post(f"/v1/cases/{case_id}/signing-codes", {"party_id": "r1"}, CENTRE).status == 202
    api.hub.run()
    code = api.hub.gateway.inbox(NEW_PHONE)[-1].values["code"]
    still = done(act(api, case_id, "offers/1/answers", body | {"code": code}, CENTRE))
    assert not still["offer"]["accepted"]
    assert done(act(api, case_id, "offers/1/answers", body, COLLEAGUE))["offer"]["awaits"] == []


def test_representatives_are_corrected_by_their_kind(api: Api) -> None:
    """The head of an entity and relatives; agents and the others stay."""
    agents = [{"name": "林试", "authority": "general"}]
    head = {"name": "陈试", "position": "行长"}
    body = filing(applicant__agents=agents, applicant__representative=head)
    assert api.post("/v1/filings", body, Idempotency_Key="one").status == 201
    api.hub.run()
    new = {"kind": "person_in_charge", "name": "郑试"}
    done(correct(api, "C-0001", INSTITUTION, party_id="a1", representative=new))
    done(correct(api, "C-0001", INSTITUTION, relatives=[{"name": "李试", "relation": "配偶"}]))
    kept = [(each.kind, each.name) for each in details(api, "C-0001", "a1").representatives]
    assert sorted(kept) == [("agent", "林试"), ("person_in_charge", "郑试")]
    assert [each.name for each in details(api, "C-0001").representatives] == ["李试"]


# --- agents ----------------------------------------------------------------------------------------


def test_a_party_records_its_agent_whose_token_reaches_the_case_from_then_on(api: Api) -> None:
    """As far as its authority, and no more; its name stands with the details and on later papers."""
    case_id = in_mediation(api)
    agent = lawyer("r1:g1")
    assert api.get(f"/v1/cases/{case_id}", agent).status == 404
    shown = done(act(api, case_id, "agents", AGENT | {"authority": "general"}, borrower(case_id)))
    assert shown["parties"][1]["agents"] == [{"agent_id": "g1", "authority": "general", "acts": True}]
    assert api.get(f"/v1/cases/{case_id}", agent).status == 200
    offers(api, case_id)
    answer = act(api, case_id, "offers/1/answers", {"side": "respondent", "reply": "accepted"}, agent)
    assert (answer.status, answer.body["rule"]) == (409, "within_authority")
    done(act(api, case_id, "agents", AGENT | {"name": "郑试"}, borrower(case_id)))
    done(act(api, case_id, "offers/1/answers", {"side": "respondent", "reply": "accepted"}, lawyer("r1:g2")))
    (first, second) = details(api, case_id).representatives
    assert (first.agent_id, second.agent_id) == ("g1", "g2")
    assert second.letter_number == "（2026）样律委字第8号"
    event = api.get(f"/v1/cases/{case_id}/events").body["items"][-2]
    assert (event["type"], event["facts"]) == (
        "agent_recorded",
        {"party_id": "r1", "authority": "special"},
    )


def test_a_revoked_agent_reaches_nothing_and_its_number_is_never_given_again(api: Api) -> None:
    """Or the old token would fit the next agent."""
    case_id = in_mediation(api)
    done(act(api, case_id, "agents", AGENT, borrower(case_id)))
    done(
        act(
            api,
            case_id,
            "agents",
            {"action": "revoke", "party_id": "r1", "agent_id": "g1"},
            borrower(case_id),
        )
    )
    assert api.get(f"/v1/cases/{case_id}", lawyer("r1:g1")).status == 404
    assert details(api, case_id).representatives == ()
    shown = done(act(api, case_id, "agents", AGENT, borrower(case_id)))
    assert [each["agent_id"] for each in shown["parties"][1]["agents"]] == ["g2"]
    assert api.get(f"/v1/cases/{case_id}", lawyer("r1:g1")).status == 404
    assert api.get(f"/v1/cases/{case_id}", lawyer("r1:g2")).status == 200


def test_a_bank_records_its_own_lawyer_and_nobody_elses(api: Api) -> None:
    """A side authorises its own agents; an agent authorises none."""
    case_id = in_mediation(api)
    done(act(api, case_id, "agents", AGENT | {"party_id": "a1"}, INSTITUTION))
    agent = lawyer("a1:g1", Role.INSTITUTION)
    assert api.get(f"/v1/cases/{case_id}", agent).status == 200
    assert act(api, case_id, "agents", AGENT, INSTITUTION).body["rule"] == "own_party"
    assert (
        act(api, case_id, "agents", AGENT | {"party_id": "a1"}, borrower(case_id)).body["rule"] == "own_party"
    )
    assert act(api, case_id, "agents", AGENT | {"party_id": "a1"}, agent).code == "not_permitted"
    assert act(api, case_id, "agents", AGENT, MEDIATOR).code == "not_permitted"


def test_nobody_is_an_agent_of_both_sides(api: Api) -> None:
    """民法典 168; known by name and phone."""
    case_id = in_mediation(api)
    done(act(api, case_id, "agents", AGENT | {"party_id": "a1"}, INSTITUTION))
    answer = act(api, case_id, "agents", AGENT, borrower(case_id))
    assert (answer.status, answer.body["rule"]) == (409, "agent_of_one_side")


def test_a_party_has_two_agents_at_most(api: Api) -> None:
    """民事诉讼法 61; what can't be done is not offered."""
    case_id = in_mediation(api)
    for name in ("吴试", "郑试"):
        assert "record_agent" in api.get(f"/v1/cases/{case_id}", borrower(case_id)).body["allowed_actions"]
        done(act(api, case_id, "agents", AGENT | {"name": name}, borrower(case_id)))
    answer = act(api, case_id, "agents", AGENT | {"name": "林试"}, borrower(case_id))
    assert answer.body["rule"] == "two_agents_at_most"
    assert "record_agent" not in api.get(f"/v1/cases/{case_id}", borrower(case_id)).body["allowed_actions"]


def test_the_centre_records_a_respondents_agent_only_with_a_second_record(api: Api) -> None:
    """Or whoever works there could settle in anybody's name by a lawyer of its own."""
    case_id = in_mediation(api)
    body = AGENT | {"channel": "in_person"}
    assert act(api, case_id, "agents", AGENT, CENTRE).body["rule"] == "own_party"
    pending = done(act(api, case_id, "agents", body, CENTRE))
    assert [each["action"] for each in pending["pending"]] == ["record_agent"]
    assert pending["parties"][1]["agents"] == []
    assert details(api, case_id).representatives == ()
    assert api.get(f"/v1/cases/{case_id}", lawyer("r1:g1")).status == 404
    other = done(act(api, case_id, "agents", body | {"authority": "general"}, COLLEAGUE))
    assert other["parties"][1]["agents"] == [], "of another authority: another act"
    shown = done(act(api, case_id, "agents", body, COLLEAGUE))
    assert [each["agent_id"] for each in shown["parties"][1]["agents"]] == ["g1"]
    assert [each.name for each in details(api, case_id).representatives] == ["吴试"]


def test_the_centre_does_not_record_a_banks_agent(api: Api) -> None:
    """An institution acts through its own token."""
    case_id = in_mediation(api)
    answer = act(api, case_id, "agents", AGENT | {"party_id": "a1", "channel": "in_person"}, CENTRE)
    assert answer.body["rule"] == "own_party"


def test_a_change_sent_again_is_answered_as_done(api: Api) -> None:
    """Its first answer was lost; no second agent is recorded."""
    case_id = in_mediation(api)
    version = f'"{api.hub.cases.get(case_id).version}"'
    url = f"/v1/cases/{case_id}/agents"
    first = api.post(url, AGENT, borrower(case_id), If_Match=version)
    again = api.post(url, AGENT, borrower(case_id), If_Match=version)
    assert (first.status, again.status) == (200, 200)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert len(again.body["parties"][1]["agents"]) == 1
    assert api.post(url, AGENT | {"name": "郑试"}, borrower(case_id), If_Match=version).status == 412


def test_an_agents_wrong_letter_is_named(api: Api) -> None:
    """An agent recorded after filing has a letter with a number."""
    case_id = in_mediation(api)
    body = {name: value for name, value in AGENT.items() if name != "letter_number"}
    answer = act(api, case_id, "agents", body, borrower(case_id))
    assert (answer.status, answer.faults) == (422, {"/letter_number": "missing"})


def test_an_agent_of_special_authority_settles_and_signs(api: Api) -> None:
    """From a filing without any agent to an agreement that the agent signed."""
    case_id = in_mediation(api)
    done(act(api, case_id, "agents", AGENT, borrower(case_id)))
    agrees(api.hub, case_id)
    identified(api, case_id)
    agent = lawyer("r1:g1")
    assert api.post(f"/v1/cases/{case_id}/signing-codes", {"party_id": "r1"}, agent).status == 202


def test_a_case_that_was_accepted_can_be_corrected_before_it_is_drawn_up(api: Api) -> None:
    """The agreement that is drawn up then has the right name."""
    case_id = accepted(api)
    done(correct(api, case_id, name="张更正"))
    assert api.get(f"/v1/cases/{case_id}").body["offer"]["accepted"]


def test_an_application_that_the_court_has_keeps_its_details(api: Api) -> None:
    """What was sent is sent again as it was; the corrected name is in what is made later."""
    case_id = in_force(api)
    for party_id in ("a1", "r1"):
        done(applies(api, case_id, party_id))
    (before,) = api.hub.court.submissions.values()
    sealed = dict(api.hub.dossier_store.stored)
    done(correct(api, case_id, name="张更正"))
    again = build_submission(api.hub, api.hub.cases.get(case_id), Matter.CONFIRMATION)
    assert (again.message_id, again.body) == (before.message_id, before.body)
    assert api.hub.dossier_store.stored == sealed


def test_a_return_is_answered_for_a_party_whose_agent_came_later(api: Api) -> None:
    """The whole party has its agent in it, under the number that the case gave it."""
    case_id = submitted(api)
    for name in ("吴试", "郑试"):
        done(act(api, case_id, "agents", AGENT | {"name": name}, borrower(case_id)))
    done(act(api, case_id, "agents", REVOKED, borrower(case_id)))
    assert api.call_back(reviewed(f"{case_id}-T1", "rejected"), "m-1").status == 202
    api.hub.run()
    whole = filing()["respondents"][0] | {"party_id": "r1", "name": "张更正"}
    without = act(api, case_id, "corrections", {"parties": [whole]})
    assert without.faults == {"/parties/0/agents": "agents_differ"}
    agents = [{"name": "郑试", "authority": "special"}]
    done(act(api, case_id, "corrections", {"parties": [whole | {"agents": agents}]}))
    assert [(each.agent_id, each.name) for each in details(api, case_id).representatives] == [("g2", "郑试")]
