"""What each has to do next: one request, only one's own, without a name, in the reader's language."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.domain.roles import Actor, Role
from tests.support.courses import act, done, file_case, in_mediation
from tests.support.fakes.samples import (
    BORROWER_DETAILS,
    CENTRE,
    COURT,
    INSTITUTION,
    JUDGE,
    MEDIATOR,
    OPS,
    borrower,
)
from tests.support.http import Api

if TYPE_CHECKING:
    from tests.support.http import Answer

APPOINTMENT = {"action": "appoint", "mediator_id": "m-1", "judge_id": "j-1"}
CHALLENGE = {"party_id": "r1", "ground": "near_relative"}


@pytest.fixture
def api() -> Api:
    """Make a hub of its own."""
    return Api()


def listed(api: Api, reader: Actor, query: str = "") -> list[dict[str, Any]]:
    """Return a page of a reader's list."""
    answer = api.get(f"/v1/work{query}", reader)
    assert answer.status == 200, answer.body
    items: list[dict[str, Any]] = answer.body["items"]
    return items


def asked(api: Api, reader: Actor) -> list[str]:
    """Return what a reader is asked for."""
    return [each["kind"] for each in listed(api, reader)]


def test_each_is_asked_in_its_turn(api: Api) -> None:
    """From the appointment to the decision on a suit."""
    case_id = file_case(api)
    assert asked(api, CENTRE) == ["appoint_mediator"]
    done(act(api, case_id, "assignment", APPOINTMENT, CENTRE))
    assert (asked(api, CENTRE), asked(api, MEDIATOR)) == ([], ["accept_appointment"])
    done(act(api, case_id, "assignment", {"action": "accept"}, MEDIATOR))
    assert asked(api, MEDIATOR) == ["obtain_consents"]
    done(act(api, case_id, "consents", {"party_id": "r1", "given": True, "online": True}, borrower(case_id)))
    assert asked(api, MEDIATOR) == ["conclude_talks"]
    done(act(api, case_id, "failure", {"reason": "other"}, MEDIATOR))
    assert (asked(api, MEDIATOR), asked(api, INSTITUTION)) == ([], ["decide_on_suit"])
    done(act(api, case_id, "withdrawal", {}, INSTITUTION))
    assert asked(api, INSTITUTION) == []


def test_an_entry_says_what_until_when_and_by_which_rule(api: Api) -> None:
    """In words and in the reader's language; it names the case by its number and nobody by a name."""
    case_id = file_case(api)
    case = api.get(f"/v1/cases/{case_id}", CENTRE).body
    (entry,) = listed(api, CENTRE)
    assert entry == {
        "kind": "appoint_mediator",
        "title": "appoint a mediator",
        "case_id": case_id,
        "case_number": case["case_number"],
        "due_at": case["deadline"],
        "waits_since": None,
        "overdue": False,
        "basis": "OL10",
        "about": None,
    }
    chinese = api.get("/v1/work", CENTRE, Accept_Language="zh-CN").body["items"][0]
    assert chinese["title"] == "指派调解员"
    api.hub.clock.advance(days=30)
    assert listed(api, CENTRE)[0]["overdue"] is True
    assert BORROWER_DETAILS.name not in str(chinese)


def test_what_has_no_term_says_since_when_it_waits(api: Api) -> None:
    """A challenge; until then the mediator goes on."""
    case_id = in_mediation(api)
    done(act(api, case_id, "challenges", CHALLENGE, borrower(case_id)))
    (entry,) = listed(api, CENTRE)
    assert (entry["kind"], entry["due_at"], entry["overdue"]) == ("decide_challenge", None, False)
    assert entry["waits_since"] == api.hub.cases.get(case_id).updated_at.isoformat()


def test_what_has_lapsed_is_asked_of_nobody(api: Api) -> None:
    """A second record comes within 24 hours or not at all."""
    case_id = in_mediation(api)
    done(
        act(
            api,
            case_id,
            "extension",
            {"side": "respondent", "party_id": "r1", "days": 5, "channel": "in_person"},
            MEDIATOR,
        )
    )
    (entry,) = listed(api, CENTRE)
    assert (entry["kind"], entry["about"]) == ("confirm_act", "extend.r1")
    api.hub.clock.advance(days=2)
    assert listed(api, CENTRE) == []


def test_a_list_is_read_page_by_page(api: Api) -> None:
    """A cursor is its caller's and this list's."""
    ids = [file_case(api, f"JC-{number}") for number in range(3)]
    page = api.get("/v1/work?limit=2", CENTRE).body
    rest = api.get(f"/v1/work?limit=2&cursor={page['next']}", CENTRE).body
    assert [each["case_id"] for each in (*page["items"], *rest["items"])] == ids
    assert rest["next"] is None
    other = replace(CENTRE, subject="centre-2")
    for path in ("/v1/work", "/v1/calls"):
        reader = other if path == "/v1/work" else CENTRE
        assert refused(api.get(f"{path}?cursor={page['next']}", reader)) == (400, "cursor_refused")


def refused(answer: Answer) -> tuple[int, str]:
    """Return status and code of a refusal."""
    return answer.status, answer.body["code"]


@pytest.mark.parametrize(
    "stranger",
    [
        Actor(role=Role.CENTRE, subject="s", court_id="court-9"),
        Actor(role=Role.MEDIATOR, subject="s", court_id="court-jc", mediator_id="m-9"),
        Actor(role=Role.MEDIATOR, subject="s", court_id="court-9", mediator_id="m-1"),
        Actor(role=Role.JUDGE, subject="s", court_id="court-9", judge_id="j-1"),
        Actor(role=Role.INSTITUTION, subject="s", institution_id="bank-9"),
    ],
    ids=lambda actor: f"{actor.role}-{actor.court_id}",
)
def test_a_stranger_has_nothing_to_do_here(api: Api, stranger: Actor) -> None:
    """Of another court, person or institution."""
    file_case(api, "JC-1")
    in_mediation(api, "JC-2")
    failed = in_mediation(api, "JC-3")
    done(act(api, failed, "failure", {"reason": "other"}, MEDIATOR))
    assert listed(api, stranger) == []


@pytest.mark.parametrize("reader", [COURT, OPS, borrower("C-0001")], ids=lambda actor: actor.role)
def test_who_has_no_list_reads_none(api: Api, reader: Actor) -> None:
    """Neither a court's machine, an operator nor a party."""
    assert refused(api.get("/v1/work", reader)) == (403, "not_permitted")


@pytest.mark.parametrize(
    "nobody",
    [
        replace(CENTRE, court_id=None),
        replace(MEDIATOR, mediator_id=None),
        replace(MEDIATOR, court_id=None),
        replace(JUDGE, judge_id=None),
        replace(INSTITUTION, institution_id=None),
        replace(INSTITUTION, agent_of=frozenset({"C-0001:a1:g1"})),
    ],
    ids=lambda actor: f"{actor.role}-{actor.subject}",
)
def test_a_token_that_does_not_say_whose_list_gets_none(api: Api, nobody: Actor) -> None:
    """Nor does an institution's agent for one case."""
    assert api.get("/v1/work", nobody).status in {401, 403}


def test_a_judge_is_asked_what_the_mediator_wants_to_know(api: Api) -> None:
    """Until it has answered."""
    case_id = in_mediation(api)
    path = f"/v1/cases/{case_id}/guidance"
    api.post(path, {"text": "保证期间届满后，能否反悔？"}, MEDIATOR, Idempotency_Key="q")
    assert asked(api, JUDGE) == ["answer_question"]
    api.post(path, {"text": "不能。"}, JUDGE, Idempotency_Key="a")
    assert asked(api, JUDGE) == []
