"""The attacks with one token each: the mediator's, the bank's, the centre's; each needs another person."""

from dataclasses import replace
from typing import Any

from chalicelib.domain.notices import NoticeKind
from chalicelib.domain.roles import Actor
from tests.support.courses import APPOINTMENT, act, done, file_case
from tests.support.deals import code_for, offer, offers, settled, signature
from tests.support.fakes.samples import BORROWER_DETAILS, CENTRE, INSTITUTION, MEDIATOR, borrower
from tests.support.http import Answer, Api

OF_THE_ATTACKER = "13900000666"
COLLEAGUE = replace(CENTRE, subject="centre-colleague")


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


def the_banks_phone(api: Api, case_id: str, actor: Actor) -> None:
    """Put a number of one's own on record for the borrower."""
    body = {"party_id": "r1", "reason": "changed_since", "phone": OF_THE_ATTACKER}
    done(act(api, case_id, "party-corrections", body, actor))
    api.hub.run()


def checks(api: Api, case_id: str, actor: Actor) -> Answer:
    """Say that one has seen who the borrower is."""
    return act(api, case_id, "identity-checks", {"party_id": "r1", "how": "video"}, actor)


def signs_as_borrower(api: Api, case_id: str, actor: Actor) -> Answer:
    """Sign online as whoever has the borrower's link and phone."""
    case = api.get(f"/v1/cases/{case_id}", CENTRE).body
    body = {"party_id": "r1", "document_sha256": case["agreement_sha256"], "code": "000000"}
    return act(api, case_id, "signatures", body, actor)


def allowed(api: Api, case_id: str, actor: Actor) -> list[str]:
    """Return what an actor is told that it can do."""
    actions: list[str] = api.get(f"/v1/cases/{case_id}", actor).body["allowed_actions"]
    return actions


def test_a_banks_token_alone_makes_no_title() -> None:
    """Links and codes come to the number that it set; it can't sign, nor get a code for it."""
    api = Api()
    case_id = settled(api)
    done(checks(api, case_id, MEDIATOR))
    the_banks_phone(api, case_id, INSTITUTION)
    at_the_banks = borrower(case_id)
    refused = signs_as_borrower(api, case_id, at_the_banks)
    assert (refused.status, refused.body["rule"]) == (409, "identity_checked")
    assert {"sign"} & set(allowed(api, case_id, at_the_banks)) == set()
    code = api.post(f"/v1/cases/{case_id}/signing-codes", {"party_id": "r1"}, at_the_banks)
    assert (code.status, code.body["rule"]) == (409, "identity_checked")
    assert checks(api, case_id, INSTITUTION).status == 403
    told_before = [each.kind for each in api.hub.gateway.inbox(BORROWER_DETAILS.phone)]
    assert told_before[-1] is NoticeKind.DETAILS_CORRECTED


def test_nor_does_one_clerk_of_the_centre_who_sets_the_number() -> None:
    """Who put the number on record can't say whose it is; a colleague can."""
    api = Api()
    case_id = settled(api)
    the_banks_phone(api, case_id, CENTRE)
    refused = checks(api, case_id, CENTRE)
    assert (refused.status, refused.body["rule"]) == (409, "not_its_phone")
    assert "check_identity" not in allowed(api, case_id, CENTRE)
    assert signs_as_borrower(api, case_id, borrower(case_id)).body["rule"] == "identity_checked"
    assert "check_identity" in allowed(api, case_id, COLLEAGUE)
    done(checks(api, case_id, COLLEAGUE))
    assert "sign" in allowed(api, case_id, borrower(case_id))


def test_nor_does_one_who_hands_itself_a_link_on_paper() -> None:
    """Whoever came in by it is known to nobody but the clerk who issued it; to a mediator it may be."""
    api = Api()
    case_id = settled(api)
    done(checks(api, case_id, CENTRE))
    by_paper = replace(borrower(case_id), let_in_by=CENTRE.subject)
    assert signs_as_borrower(api, case_id, by_paper).body["rule"] == "identity_checked"
    assert "sign" not in allowed(api, case_id, by_paper)
    assert "sign" in allowed(api, case_id, borrower(case_id))
    done(checks(api, case_id, MEDIATOR))
    assert "sign" in allowed(api, case_id, by_paper)
    issuer_unknown = replace(by_paper, let_in_by="unknown")
    assert "sign" not in allowed(api, case_id, issuer_unknown)


def test_whoever_has_yet_to_be_checked_is_named() -> None:
    """An act that comes too early says whose identity and signatures it waits for; checked, one signs."""
    api = Api()
    case_id = settled(api)
    early = act(api, case_id, "confirmation", {"side": "respondent", "party_id": "r1"}, borrower(case_id))
    assert early.body["missing"] == ["identity:r1", "signature:a1", "signature:r1"]
    body = signature(api, case_id, "r1", code=code_for(api, case_id, "r1"))
    assert done(act(api, case_id, "signatures", body, borrower(case_id)))["signatures"] == ["r1"]


def test_who_recorded_a_challenge_does_not_decide_it() -> None:
    """Another of the centre's staff does."""
    api = Api()
    case_id = appointed(api)
    body = {"party_id": "r1", "ground": "near_relative", "channel": "in_person"}
    done(act(api, case_id, "challenges", body, CENTRE))
    refused = act(api, case_id, "challenge-decisions", {"reason": "not_shown"}, CENTRE)
    assert (refused.status, refused.body["rule"]) == (409, "challenge_decided_by_another")
    assert "decide_challenge" not in allowed(api, case_id, CENTRE)
    assert "decide_challenge" in allowed(api, case_id, COLLEAGUE)
    done(act(api, case_id, "challenge-decisions", {"reason": "not_shown"}, COLLEAGUE))


def test_who_recorded_an_objection_does_not_decide_it() -> None:
    """Nor do the two who recorded what it is about; until somebody else decides, the case stands still."""
    api = Api()
    case_id = appointed(api)
    for recorder in (MEDIATOR, COLLEAGUE):
        done(consents(api, case_id, recorder))
    (recorded,) = api.get(f"/v1/cases/{case_id}", CENTRE).body["recorded"]
    third, fourth = (replace(CENTRE, subject=f"centre-{name}") for name in ("third", "fourth"))
    body = {"party_id": "r1", "act": recorded["number"], "channel": "in_person"}
    done(act(api, case_id, "objections", body, third))
    assert told(api)[-1] == "object"
    for decider in (third, COLLEAGUE):
        for finding in ("recorded_rightly", "not_said"):
            refused = act(api, case_id, "objection-decisions", {"reason": finding}, decider)
            assert (refused.status, refused.body["rule"]) == (409, "decided_by_another")
        assert "decide_objection" not in allowed(api, case_id, decider)
    assert done(act(api, case_id, "objection-decisions", {"reason": "not_said"}, fourth))["consents"] == [
        "a1"
    ]
