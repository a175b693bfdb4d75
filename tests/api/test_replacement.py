"""A mediator is replaced after the acceptance: by the centre, or because a challenge is upheld."""

from dataclasses import replace
from typing import Any

from tests.support.courses import APPOINTMENT, act, done, in_mediation
from tests.support.deals import SETTLEMENT, answers, offers
from tests.support.fakes.samples import CENTRE, INSTITUTION, MEDIATOR, borrower
from tests.support.http import Api

NEXT = replace(MEDIATOR, subject="mediator-2", mediator_id="m-2")


def replaced(api: Api, case_id: str, mediator_id: str = "m-2") -> Any:
    body = {"mediator_id": mediator_id, "ground": "unable"}
    return act(api, case_id, "replacement", body, CENTRE)


def test_the_talks_go_on_with_another_mediator() -> None:
    """What was offered before is accepted and agreed after; the first mediator sees the case no more."""
    api = Api()
    case_id = in_mediation(api)
    done(offers(api, case_id))
    case = done(replaced(api, case_id))
    assert (case["stage"], case["mediator_id"], case["accepted_at"]) == ("assigned", "m-2", None)
    assert case["interruption"]["began"] <= case["interruption"]["since"]
    assert api.get(f"/v1/cases/{case_id}", MEDIATOR).status == 404
    assert api.get("/v1/cases", MEDIATOR).body["items"] == []
    assert [each["case_id"] for each in api.get("/v1/cases", NEXT).body["items"]] == [case_id]
    done(act(api, case_id, "assignment", {"action": "accept"}, NEXT))
    done(answers(api, case_id, "accepted"))
    assert done(act(api, case_id, "settlement", SETTLEMENT, NEXT))["stage"] == "settled"
    events = [each["type"] for each in api.get(f"/v1/cases/{case_id}/events").body["items"]]
    assert events[-5:] == [
        "offer_made",
        "mediator_replaced",
        "mediation_begun",
        "offer_accepted",
        "settlement_reached",
    ]


def test_an_upheld_challenge_leads_to_another_appointment_after_the_acceptance_too() -> None:
    """The borrower is told that it is upheld, and who mediates then."""
    api = Api()
    case_id = in_mediation(api)
    ground = {"party_id": "r1", "ground": "near_relative"}
    done(act(api, case_id, "challenges", ground, borrower(case_id)))
    case = done(act(api, case_id, "challenge-decisions", {"reason": "ground_exists"}, CENTRE))
    assert (case["stage"], case["mediator_id"], case["challenge"]) == ("screened", None, None)
    done(act(api, case_id, "assignment", APPOINTMENT | {"mediator_id": "m-2"}, CENTRE))
    case = done(act(api, case_id, "assignment", {"action": "accept"}, NEXT))
    assert (case["stage"], case["interruption"]) == ("in_mediation", None)


def test_who_may_not_be_given_a_case_takes_none_over() -> None:
    """Somebody unknown to the roster is refused at the field, and nothing is changed."""
    api = Api()
    case_id = in_mediation(api)
    refused = replaced(api, case_id, "m-unknown")
    assert (refused.status, refused.body["code"]) == (409, "mediator_not_eligible")
    assert refused.body["errors"][0]["pointer"] == "/mediator_id"
    assert api.get(f"/v1/cases/{case_id}", INSTITUTION).body["mediator_id"] == "m-1"


def test_a_party_may_refuse_the_next_mediator() -> None:
    """Who refuses the one appointed refuses the mediation (TY12)."""
    api = Api()
    case_id = in_mediation(api)
    done(replaced(api, case_id))
    case = done(act(api, case_id, "consents", {"party_id": "r1", "given": False}, borrower(case_id)))
    assert (case["stage"], case["failure"]) == ("unresolved", "party_refuses")
