"""The attack with one mediator's token, everything in person: it fails at its second step."""

from typing import Any

from chalicelib.domain.notices import NoticeKind
from chalicelib.domain.roles import Actor
from tests.support.courses import APPOINTMENT, act, done, file_case
from tests.support.deals import offer, offers
from tests.support.fakes.samples import BORROWER_DETAILS, CENTRE, INSTITUTION, MEDIATOR, borrower
from tests.support.http import Answer, Api


def told(api: Api) -> list[str]:
    """Return the acts that the borrower was told of, oldest first."""
    api.hub.run()
    inbox = api.hub.gateway.inbox(BORROWER_DETAILS.phone)
    return [message.values["act"] for message in inbox if message.kind is NoticeKind.ACT_RECORDED]


def appointed(api: Api) -> str:
    """Bring a new case to a mediator who has accepted."""
    case_id = file_case(api)
    done(act(api, case_id, "assignment", APPOINTMENT, CENTRE))
    done(act(api, case_id, "assignment", {"action": "accept"}, MEDIATOR))
    return case_id


def consents(api: Api, case_id: str, actor: Actor, **more: Any) -> Answer:
    """Record the borrower's consent in person."""
    body = {"party_id": "r1", "given": True, "online": True, "channel": "in_person", **more}
    return act(api, case_id, "consents", body, actor)


def test_a_mediators_token_alone_makes_no_title() -> None:
    """The consent it records is pending, so mediation does not begin; the bank's offer is refused."""
    api = Api()
    case_id = appointed(api)
    case = done(consents(api, case_id, MEDIATOR))
    assert (case["stage"], case["consents"]) == ("assigned", ["a1"])
    assert [(each["action"], each["party_id"]) for each in case["pending"]] == [("consent", "r1")]
    assert told(api) == ["consent"]
    body = offer(api, channel="in_person")
    assert act(api, case_id, "offers", body, MEDIATOR).code == "action_not_available"
    for _ in range(3):
        assert done(consents(api, case_id, MEDIATOR))["stage"] == "assigned"
    api.hub.clock.advance(hours=25)
    assert api.get(f"/v1/cases/{case_id}").body["pending"] == []


def test_nor_does_it_in_a_mediation_that_has_begun() -> None:
    """It offers for no bank; what it accepts for the borrower is no acceptance, and that one hears of it."""
    api = Api()
    case_id = appointed(api)
    owner = borrower(case_id)
    done(act(api, case_id, "consents", {"party_id": "r1", "given": True, "online": True}, owner))
    refused = act(api, case_id, "offers", offer(api, channel="in_person"), MEDIATOR)
    assert (refused.status, refused.body["rule"]) == (409, "own_side")
    done(offers(api, case_id))
    reply = {"side": "respondent", "reply": "accepted", "channel": "in_person"}
    case = done(act(api, case_id, "offers/1/answers", reply, MEDIATOR))
    assert (case["offer"]["accepted"], case["offer"]["awaits"]) == (False, ["r1"])
    assert told(api) == ["accept_offer"]
    assert api.get(f"/v1/cases/{case_id}", MEDIATOR).body["stage"] == "in_mediation"
    shown = api.get(f"/v1/cases/{case_id}/events", INSTITUTION).body["items"][-1]
    assert (shown["type"], shown["subject"]) == ("act_recorded", MEDIATOR.subject)


def test_the_borrowers_code_confirms_what_the_mediator_recorded() -> None:
    """The code is for this act: it comes to the borrower's phone, and another code does not fit."""
    api = Api()
    case_id = appointed(api)
    done(consents(api, case_id, MEDIATOR))
    api.hub.run()
    asked = api.post(f"/v1/cases/{case_id}/signing-codes", {"party_id": "r1"}, MEDIATOR)
    assert asked.status == 202, asked.raw.decode()
    api.hub.run()
    inbox = api.hub.gateway.inbox(BORROWER_DETAILS.phone)
    (code,) = [each.values["code"] for each in inbox if each.kind is NoticeKind.SIGNING_CODE]
    wrong = "000000" if code != "000000" else "000001"
    assert consents(api, case_id, MEDIATOR, code=wrong).code == "code_not_verified"
    different = act(
        api,
        case_id,
        "consents",
        {"party_id": "r1", "given": True, "online": False, "channel": "in_person", "code": code},
        MEDIATOR,
    )
    assert different.code == "code_of_another_text"
    case = done(consents(api, case_id, MEDIATOR, code=code))
    assert (case["stage"], case["pending"]) == ("in_mediation", [])
    assert told(api) == ["consent", "consent"]


def test_nobody_asks_for_the_code_of_anothers_act() -> None:
    """Not the bank for the borrower's."""
    api = Api()
    case_id = appointed(api)
    done(consents(api, case_id, MEDIATOR))
    answer = api.post(f"/v1/cases/{case_id}/signing-codes", {"party_id": "r1"}, INSTITUTION)
    assert (answer.status, answer.body["rule"]) == (409, "own_party")
