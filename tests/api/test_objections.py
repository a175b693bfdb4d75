"""A person objects to what was recorded in its name; a party refuses to go on, or wants another mediator."""

from dataclasses import replace
from typing import Any, Final

from chalicelib.domain.roles import Actor
from tests.support.courses import APPOINTMENT, act, done, file_case, in_mediation
from tests.support.desk import Desk
from tests.support.fakes.samples import CENTRE, INSTITUTION, MEDIATOR, borrower
from tests.support.http import Api

OTHER: Final = replace(CENTRE, subject="centre-9")
"""Who has recorded nothing."""
REFUSED: Final = {"party_id": "r1", "channel": "in_person"}


def seen(api: Api, case_id: str, reader: Actor = INSTITUTION) -> dict[str, Any]:
    """Return the case as somebody reads it."""
    body: dict[str, Any] = api.get(f"/v1/cases/{case_id}", reader).body
    return body


def refused_in_its_name(api: Api) -> str:
    """Let mediator and centre record that the borrower ends the mediation."""
    case_id = in_mediation(api)
    done(act(api, case_id, "refusals", REFUSED, MEDIATOR))
    done(act(api, case_id, "refusals", REFUSED, CENTRE))
    return case_id


def objects(api: Api, case_id: str) -> dict[str, Any]:
    """Let the borrower object to the last act in its name."""
    number = seen(api, case_id)["recorded"][-1]["number"]
    body = {"party_id": "r1", "act": number}
    shown: dict[str, Any] = done(act(api, case_id, "objections", body, borrower(case_id)))
    return shown


def decides(api: Api, case_id: str, reason: str) -> dict[str, Any]:
    """Let somebody of the centre decide who has recorded nothing."""
    shown: dict[str, Any] = done(act(api, case_id, "objection-decisions", {"reason": reason}, OTHER))
    return shown


def transfers_told(api: Api, case_id: str) -> int:
    """Return how often the borrower is told that its case went to the court; at night it is owed."""
    listed = api.get(f"/v1/cases/{case_id}/notices", CENTRE).body["items"]
    return [each["kind"] for each in listed].count("transferred")


def test_what_rests_on_the_act_leaves_for_the_court_after_three_working_days() -> None:
    """The bank insists at once; nothing is sent before, and the submission's limit starts then."""
    api = Api()
    case_id = refused_in_its_name(api)
    until = seen(api, case_id)["recorded"][0]["until"]
    case = done(act(api, case_id, "transfer", {"insists": True}))
    api.hub.run()
    assert (case["stage"], case["held_until"], case["deadline"]) == ("transferring", until, until)
    assert api.hub.court.submissions == {}
    assert transfers_told(api, case_id) == 0
    Desk(api.hub).let_expire(case_id)
    assert seen(api, case_id)["held_until"] is None
    assert len(api.hub.court.submissions) == 1
    assert transfers_told(api, case_id) == 1


def test_an_upheld_objection_leads_back_and_nothing_goes_to_the_court() -> None:
    """The mediation goes on where it stood before the refusal; every step is on record."""
    api = Api()
    case_id = refused_in_its_name(api)
    done(act(api, case_id, "transfer", {"insists": True}))
    case = objects(api, case_id)
    assert (case["stage"], case["objection"]["act"]["action"]) == ("transferring", "end_mediation")
    assert seen(api, case_id)["allowed_actions"][0] == "withdraw"
    case = decides(api, case_id, "not_said")
    assert (case["stage"], case["failure"], case["transfer"], case["objection"]) == (
        "in_mediation",
        None,
        None,
        None,
    )
    api.hub.run()
    assert api.hub.court.submissions == {}
    told = [each["type"] for each in api.get(f"/v1/cases/{case_id}/events", INSTITUTION).body["items"]]
    assert told[-2:] == ["objection_raised", "objection_upheld"]


def test_a_dismissed_objection_lets_the_case_go_on() -> None:
    """Nobody else may object any more, so that the suit leaves at once."""
    api = Api()
    case_id = refused_in_its_name(api)
    done(act(api, case_id, "transfer", {"insists": True}))
    objects(api, case_id)
    assert decides(api, case_id, "recorded_rightly")["recorded"] == []
    api.hub.run()
    Desk(api.hub).let_expire(case_id)
    assert len(api.hub.court.submissions) == 1


def messages(api: Api, case_id: str) -> list[tuple[str, str | None]]:
    """Return what the borrower's telephone got about decisions, in order."""
    api.hub.run()
    (phone,) = [
        each.phone for each in api.hub.cases.details(api.hub.cases.get(case_id)) if each.party_id == "r1"
    ]
    decided = [each for each in api.hub.gateway.inbox(phone) if each.kind.endswith("_decided")]
    return [(str(each.kind), each.values.get("decision")) for each in decided]


def test_the_borrower_is_told_by_message_how_the_centre_decided() -> None:
    """Once each: of an objection and of a challenge."""
    api = Api()
    case_id = refused_in_its_name(api)
    objects(api, case_id)
    assert messages(api, case_id) == []
    decides(api, case_id, "not_said")
    assert messages(api, case_id) == [("objection_decided", "upheld")]
    done(act(api, case_id, "challenges", {"party_id": "r1", "ground": "near_relative"}, borrower(case_id)))
    done(act(api, case_id, "challenge-decisions", {"reason": "not_shown"}, CENTRE))
    assert messages(api, case_id)[1:] == [("challenge_decided", "dismissed")]


def test_who_recorded_the_act_does_not_decide() -> None:
    """The refusal names the rule; while nobody decides, the delay is recorded and nothing moves."""
    api = Api()
    case_id = refused_in_its_name(api)
    objects(api, case_id)
    answer = act(api, case_id, "objection-decisions", {"reason": "recorded_rightly"}, CENTRE)
    assert (answer.status, answer.body["rule"]) == (409, "decided_by_another")
    answer = act(api, case_id, "transfer", {"insists": True})
    assert (answer.status, answer.body["rule"]) == (409, "no_objection_waits")
    api.hub.run()
    Desk(api.hub).let_expire(case_id)
    case = seen(api, case_id)
    assert (case["stage"], case["objection"] is not None) == ("unresolved", True)
    events = api.get(f"/v1/cases/{case_id}/events", INSTITUTION).body["items"]
    assert events[-1]["type"] == "objection_overdue"


def test_an_objection_comes_within_its_days_and_from_whom_it_concerns() -> None:
    """After them, or to another act, it is refused by name."""
    api = Api()
    case_id = refused_in_its_name(api)
    number = seen(api, case_id)["recorded"][0]["number"]
    for late, named in ((0, number + 1), (7, number)):
        api.hub.clock.advance(hours=24 * late)
        body = {"party_id": "r1", "act": named}
        answer = act(api, case_id, "objections", body, borrower(case_id))
        assert (answer.status, answer.body["rule"]) == (409, "objects_to_its_act")


def test_a_party_refuses_to_go_on() -> None:
    """By its own token the mediation ends at once."""
    api = Api()
    case_id = in_mediation(api)
    case = done(act(api, case_id, "refusals", {"party_id": "r1"}, borrower(case_id)))
    assert (case["stage"], case["failure"], case["recorded"]) == ("unresolved", "party_refuses", [])


def test_a_challenged_mediator_is_replaced_before_the_acceptance() -> None:
    """Upheld, the case waits for another appointment; dismissed, it goes on."""
    api = Api()
    case_id = file_case(api)
    done(act(api, case_id, "assignment", APPOINTMENT, CENTRE))
    body = {"party_id": "r1", "ground": "near_relative"}
    case = done(act(api, case_id, "challenges", body, borrower(case_id)))
    assert case["challenge"]["ground"] == "near_relative"
    case = done(act(api, case_id, "challenge-decisions", {"reason": "ground_exists"}, CENTRE))
    assert (case["stage"], case["mediator_id"], case["challenge"]) == ("screened", None, None)
    other = Api()
    case_id = in_mediation(other)
    done(act(other, case_id, "challenges", body, borrower(case_id)))
    case = done(act(other, case_id, "challenge-decisions", {"reason": "not_shown"}, CENTRE))
    assert (case["stage"], case["challenge"]) == ("in_mediation", None)
