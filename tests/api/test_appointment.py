"""The hub chooses a mediator: recommendations, the appointment, why this one, and each refusal by name."""

from collections import Counter
from typing import Any

import pytest

from chalicelib.domain.stages import EventType
from tests.support.courses import APPOINTMENT, act, done, file_case, in_mediation
from tests.support.fakes.samples import CENTRE, INSTITUTION, JUDGE, MEDIATOR, borrower
from tests.support.http import Answer, Api

CHOOSES = {"action": "appoint", "judge_id": "j-1"}
KNOWS: dict[str, Any] = {"expertise": ["financial_loan_contract"], "areas": ["蕉城"], "languages": ["宁德话"]}


def widen(api: Api, person_id: str, version: int = 1, **profile: Any) -> Answer:
    body = {
        "person_id": person_id,
        "name": "林和",
        "role": "mediator",
        "reason": "完善名册",
        "profile": profile,
    }
    return api.post("/v1/roster", body, CENTRE, If_Match=f'"{version}"')


def test_the_hub_appoints_who_is_recommended_first_and_says_why() -> None:
    """M3: by expertise, area and language; parties learn the criteria, the centre also who else it was."""
    api = Api()
    done(widen(api, "m-2", **KNOWS))
    done(widen(api, "m-3", institutions=["bank-1"]))
    case_id = file_case(api)
    url = f"/v1/cases/{case_id}/recommendations"
    shown = api.get(f"{url}?area=%E8%95%89%E5%9F%8E", CENTRE).body
    assert (shown["area"], shown["language"]) == ("蕉城", None)
    assert [each["person_id"] for each in shown["recommended"]] == ["m-2", "m-001", "m-002"]
    assert shown["excluded"] == [{"person_id": "m-3", "why": "institution_link"}]
    case = done(act(api, case_id, "assignment", CHOOSES | {"area": "蕉城", "language": "宁德话"}, CENTRE))
    assert (case["stage"], case["mediator_id"], case["judge_id"]) == ("assigned", "m-2", "j-1")
    url = f"/v1/cases/{case_id}/appointments"
    (why,) = api.get(url, borrower(case_id)).body["items"]
    assert why["chosen"] == {
        "person_id": "m-2",
        "expertise": True,
        "area": True,
        "language": True,
        "given": 0,
        "open": 0,
        "waived": False,
    }
    assert (why["recommended"], why["excluded"], why["considered"]) == ([], [], [])
    (all_of_it,) = api.get(url, CENTRE).body["items"]
    assert [each["person_id"] for each in all_of_it["recommended"]] == ["m-2", "m-001", "m-002"]
    assert {"person_id": "m-2", "version": 2, "given": None, "open": 0} in all_of_it["considered"]


def test_cases_go_round() -> None:
    """Of those alike each is given one before anybody is given two."""
    api = Api()
    chosen = [
        done(act(api, file_case(api, f"JC-{number}"), "assignment", CHOOSES, CENTRE))["mediator_id"]
        for number in range(6)
    ]
    assert sorted(chosen) == ["m-001", "m-002", "m-003", "m-1", "m-2", "m-3"]


@pytest.mark.parametrize(
    ("profile", "why"),
    [
        ({"institutions": ["bank-1"]}, "institution_link"),
        ({"credentials": [{"kind": "annual_training", "valid_until": "2025-12-31"}]}, "expired"),
        ({"absences": [{"first": "2026-01-01", "last": "2026-12-31"}]}, "absent"),
        ({"organisation": "court_invited"}, "credential_missing"),
    ],
)
def test_a_named_mediator_is_refused_by_the_same_checks(profile: dict[str, Any], why: str) -> None:
    """The refusal says what keeps it from the case, also from one that it shall take over."""
    api = Api()
    done(widen(api, "m-1", **profile))
    case_id = file_case(api)
    refused = act(api, case_id, "assignment", APPOINTMENT, CENTRE)
    assert (refused.status, refused.code, refused.body["why"]) == (409, "mediator_not_eligible", why)
    done(act(api, case_id, "assignment", APPOINTMENT | {"mediator_id": "m-2"}, CENTRE))
    refused = act(api, case_id, "replacement", {"mediator_id": "m-1", "ground": "other"}, CENTRE)
    assert (refused.status, refused.body["why"]) == (409, why)


def test_the_limit_of_open_cases_holds_until_one_is_over() -> None:
    """Named or chosen; who has as many as it may is given the next when one has left its hands."""
    api = Api()
    done(widen(api, "m-1", limit=1, **KNOWS))
    first, second = (file_case(api, number) for number in ("JC-1", "JC-2"))
    done(act(api, first, "assignment", CHOOSES, CENTRE))
    refused = act(api, second, "assignment", APPOINTMENT, CENTRE)
    assert (refused.status, refused.body["why"]) == (409, "at_limit")
    done(act(api, first, "withdrawal", {}, INSTITUTION))
    assert done(act(api, second, "assignment", CHOOSES, CENTRE))["mediator_id"] == "m-1"


def test_who_was_related_to_the_case_is_not_appointed_to_it_again() -> None:
    """Neither who declined for that, nor who was challenged for it with success."""
    api = Api()
    case_id = file_case(api)
    done(act(api, case_id, "assignment", APPOINTMENT, CENTRE))
    done(act(api, case_id, "assignment", {"action": "decline", "reason": "near_relative"}, MEDIATOR))
    refused = act(api, case_id, "assignment", APPOINTMENT, CENTRE)
    assert (refused.status, refused.body["why"]) == (409, "recused")
    assert done(act(api, case_id, "assignment", CHOOSES, CENTRE))["mediator_id"] == "m-001"


def test_where_nobody_may_be_given_the_case_the_refusal_says_so() -> None:
    """Then the centre widens its roster."""
    api = Api()
    for person_id in ("m-1", "m-2", "m-3", "m-001", "m-002", "m-003"):
        done(widen(api, person_id, institutions=["bank-1"]))
    refused = act(api, file_case(api), "assignment", CHOOSES, CENTRE)
    assert (refused.status, refused.body["why"]) == (409, "nobody")


def test_a_change_without_a_profile_leaves_it() -> None:
    """So a form that does not show it loses nothing."""
    api = Api()
    done(widen(api, "m-1", limit=3, **KNOWS))
    body = {"person_id": "m-1", "name": "林和", "role": "mediator", "reason": "更正"}
    entry = done(api.post("/v1/roster", body, CENTRE, If_Match='"2"'))
    assert (entry["version"], entry["profile"]["limit"], entry["profile"]["areas"]) == (3, 3, ["蕉城"])


def test_a_judge_reads_no_reasons_and_a_clerk_no_recommendations() -> None:
    """Whom it could have been is the centre's; a stranger learns nothing."""
    api = Api()
    case_id = file_case(api)
    assert api.get(f"/v1/cases/{case_id}/recommendations", INSTITUTION).status == 403
    assert api.get(f"/v1/cases/{case_id}/appointments", JUDGE).status == 403


def caseload(api: Api, number: int) -> list[str]:
    """Give m-1 cases: the first two in mediation, the others appointed."""
    cases = [in_mediation(api, f"JC-{n}") for n in range(2)]
    for n in range(2, number):
        cases.append(file_case(api, f"JC-{n}"))
        done(act(api, cases[-1], "assignment", APPOINTMENT, CENTRE))
    return cases


def reassigned(api: Api, **body: Any) -> Any:
    answer = api.post("/v1/roster/m-1/reassignments", {"ground": "suspended", **body}, CENTRE)
    return done(answer)


def test_all_cases_of_a_mediator_go_to_others_some_at_a_time() -> None:
    """A dry run changes nothing; a run that was cut off is begun again, and no case is moved twice."""
    api = Api()
    cases = caseload(api, 7)
    told = reassigned(api, dry_run=True)
    assert (len(told["moved"]), told["left"], told["next"]) == (7, [], None)
    assert {api.hub.cases.get(each).mediator_id for each in cases} == {"m-1"}
    first = reassigned(api, limit=3)
    assert (len(first["moved"]), first["next"] is not None) == (3, True)
    again = [*first["moved"], *reassigned(api)["moved"]]
    assert sorted(each["case_id"] for each in again) == sorted(cases)
    for each in again:
        case = api.hub.cases.get(each["case_id"])
        assert (case.mediator_id, case.stage) == (each["mediator_id"], "assigned")
        events = [event.type for event in api.hub.cases.events(case.case_id, after=0)]
        assert events.count(EventType.MEDIATOR_REPLACED) == 1
    assert max(Counter(each["mediator_id"] for each in again).values()) == 2
    assert reassigned(api) == {"moved": [], "left": [], "next": None}


def test_what_can_not_be_moved_is_named_and_stays() -> None:
    """Where nobody may be given the case; ended cases are not spoken of."""
    api = Api()
    cases = caseload(api, 3)
    done(act(api, cases[2], "withdrawal", {}, INSTITUTION))
    for person_id in ("m-2", "m-3", "m-001", "m-002", "m-003"):
        done(widen(api, person_id, institutions=["bank-1"]))
    found = reassigned(api)
    assert found["moved"] == []
    assert sorted((each["case_id"], each["why"]) for each in found["left"]) == [
        (cases[0], "nobody"),
        (cases[1], "nobody"),
    ]
    assert api.hub.cases.get(cases[0]).mediator_id == "m-1"


RECOMMENDS = {"action": "recommend", "judge_id": "j-1"}


def chooses(api: Api, case_id: str, party_id: str, mediator_id: str) -> Answer:
    body = {"action": "choose", "party_id": party_id, "mediator_id": mediator_id}
    return act(api, case_id, "assignment", body, INSTITUTION if party_id == "a1" else borrower(case_id))


def test_the_parties_choose_their_mediator_together() -> None:
    """M4: once both have named the same it is appointed; until then each may name another."""
    api = Api()
    done(widen(api, "m-3", **KNOWS))
    case_id = file_case(api)
    case = done(act(api, case_id, "assignment", RECOMMENDS, CENTRE))
    assert (case["stage"], case["choice"]["named"]) == ("screened", {})
    shown = api.get(f"/v1/cases/{case_id}", borrower(case_id)).body["choice"]
    assert shown["recommended"][0] == {"mediator_id": "m-3", "mediator_name": "林和"}
    assert len(shown["recommended"]) == 3
    assert {notice.kind for notice in api.hub.memory.notices.values()} >= {"mediator_choice"}
    assert done(chooses(api, case_id, "a1", "m-3"))["choice"]["named"] == {"a1": "m-3"}
    assert done(chooses(api, case_id, "r1", "m-2"))["stage"] == "screened"
    case = done(chooses(api, case_id, "a1", "m-2"))
    assert (case["stage"], case["mediator_id"], case["judge_id"]) == ("assigned", "m-2", "j-1")
    assert case["choice"] is None


def test_the_centre_appoints_when_the_days_to_choose_are_over() -> None:
    """Not before, and within three working days after; then nobody chooses any more."""
    api = Api()
    case_id = file_case(api)
    case = done(act(api, case_id, "assignment", RECOMMENDS, CENTRE))
    done(chooses(api, case_id, "a1", "m-2"))
    early = act(api, case_id, "assignment", APPOINTMENT, CENTRE)
    assert (early.status, early.body["rule"]) == (409, "choice_over")
    assert case["deadline"] > case["choice"]["until"]
    api.hub.clock.set(api.hub.cases.get(case_id).choice.until)  # type: ignore[union-attr]
    late = chooses(api, case_id, "r1", "m-2")
    assert (late.status, late.body["rule"]) == (409, "choice_open")
    assert done(act(api, case_id, "assignment", CHOOSES, CENTRE))["stage"] == "assigned"


def test_nobody_is_named_whom_something_keeps_from_the_case() -> None:
    """A party's word is checked as an appointment is; and nobody is asked to choose from nobody."""
    api = Api()
    done(widen(api, "m-2", institutions=["bank-1"]))
    case_id = file_case(api)
    done(act(api, case_id, "assignment", RECOMMENDS, CENTRE))
    refused = chooses(api, case_id, "r1", "m-2")
    assert (refused.status, refused.body["why"]) == (409, "institution_link")
    for person_id in ("m-1", "m-3", "m-001", "m-002", "m-003"):
        done(widen(api, person_id, institutions=["bank-1"]))
    other = file_case(api, "JC-2")
    refused = act(api, other, "assignment", RECOMMENDS, CENTRE)
    assert (refused.status, refused.body["why"]) == (409, "nobody")
