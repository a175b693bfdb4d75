"""The roster: who enters people, who reads them, and where their names stand."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tests.support import bodies
from tests.support.courses import APPOINTMENT, act, done, file_case, in_mediation, submitted
from tests.support.fakes.papers import UNSHOWABLE
from tests.support.fakes.roster import NAMES
from tests.support.fakes.samples import (
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
    from collections.abc import Mapping

    from chalicelib.domain.roles import Actor
    from tests.support.http import Answer

NEW = {
    "person_id": "m-7",
    "name": "吴•新",
    "role": "mediator",
    "state": "active",
    "reason": "新聘调解员",
}
OTHER_CENTRE = replace(CENTRE, court_id="court-2")


@pytest.fixture
def api() -> Api:
    """Make a hub of its own, whose second court's roster is empty."""
    return Api()


def enter(api: Api, version: int = 0, actor: Actor = CENTRE, **changes: Any) -> Answer:
    """Enter somebody, or change the entry."""
    return api.post("/v1/roster", {**NEW, **changes}, actor, If_Match=f'"{version}"')


def appoint(api: Api, case_id: str, **changes: str) -> Answer:
    """Appoint mediator and judge."""
    return act(api, case_id, "assignment", {**APPOINTMENT, **changes}, CENTRE)


def test_the_centre_enters_somebody_and_gives_a_case(api: Api) -> None:
    """The name is kept with the dot that papers print, and the case shows it to everybody who sees it."""
    entered = enter(api)
    assert (entered.status, entered.headers["ETag"]) == (201, '"1"')
    assert (entered.body["name"], entered.body["court_id"]) == ("吴·新", "court-jc")
    case_id = file_case(api)
    done(appoint(api, case_id, mediator_id="m-7"))
    mediator = replace(MEDIATOR, mediator_id="m-7")
    for reader in (INSTITUTION, mediator, CENTRE, JUDGE, COURT, borrower(case_id)):
        case = api.get(f"/v1/cases/{case_id}", reader).body
        assert (case["mediator_id"], case["mediator_name"]) == ("m-7", "吴·新")
        assert (case["judge_id"], case["judge_name"]) == ("j-1", "周正")
    (listed,) = api.get("/v1/cases", INSTITUTION).body["items"]
    assert (listed["mediator_name"], listed["judge_name"]) == ("吴·新", "周正")


def test_an_operator_reads_no_names(api: Api) -> None:
    """It needs none; the ids are enough for its work."""
    case_id = in_mediation(api)
    for case in (api.get(f"/v1/cases/{case_id}", OPS).body, api.get("/v1/cases", OPS).body["items"][0]):
        assert (case["mediator_id"], case["mediator_name"], case["judge_name"]) == ("m-1", None, None)


def test_the_trying_judge_is_named_if_the_roster_knows_it(api: Api) -> None:
    """The court's answer is recorded whoever the judge is; only the name is missing then."""
    for number, (judge_id, name) in enumerate({"j-001": "周正", "judge-of-the-court": None}.items()):
        case_id = submitted(api, f"LOAN-{number}")
        said = bodies.docketed(f"{case_id}-T1")
        said["data"]["judge_id"] = judge_id
        assert api.call_back(said, f"msg-{number}").status == 202
        api.hub.run()
        case = api.get(f"/v1/cases/{case_id}").body
        docketing = case["transfer"]["docketing"]
        assert (case["stage"], docketing["judge_id"], docketing["judge_name"]) == ("docketed", judge_id, name)


@pytest.mark.parametrize(
    ("appointed", "field", "code"),
    [
        ({"mediator_id": "m-9"}, "/mediator_id", "mediator_not_eligible"),
        ({"mediator_id": "m-2"}, "/mediator_id", "mediator_not_eligible"),
        ({"mediator_id": "j-1"}, "/mediator_id", "mediator_not_eligible"),
        ({"mediator_id": "centre-1"}, "/mediator_id", "mediator_not_eligible"),
        ({"mediator_id": "m-8"}, "/mediator_id", "mediator_not_eligible"),
        ({"judge_id": "ghost"}, "/judge_id", "judge_not_eligible"),
        ({"judge_id": "j-001"}, "/judge_id", "judge_not_eligible"),
        ({"judge_id": "m-1"}, "/judge_id", "judge_not_eligible"),
        ({"mediator_id": "m-1", "judge_id": "m-1"}, "/judge_id", "judge_not_eligible"),
    ],
)
def test_who_is_unknown_suspended_or_of_another_role_is_not_appointed(
    api: Api, appointed: dict[str, str], field: str, code: str
) -> None:
    """Nor who stands on another court's roster only; the refusal names field and remedy."""
    for person_id, role in (("m-2", "mediator"), ("j-001", "judge")):
        done(enter(api, 1, person_id=person_id, role=role, state="suspended", reason="请假"))
    assert enter(api, 0, OTHER_CENTRE, person_id="m-8").status == 201
    case_id = file_case(api)
    before = api.hub.cases.get(case_id)
    refused = appoint(api, case_id, **appointed)
    assert (refused.status, refused.code, refused.faults) == (409, code, {field: code})
    assert "/v1/roster" in refused.body["detail"]
    assert refused.body["errors"][0]["message"].startswith("name somebody")
    assert api.hub.cases.get(case_id) == before


def test_a_suspension_ends_and_cases_under_way_go_on(api: Api) -> None:
    """The mediator of a case acts on it as before; a new case is given after the suspension only."""
    case_id = file_case(api)
    done(appoint(api, case_id))
    done(act(api, case_id, "assignment", {"action": "accept"}, MEDIATOR))
    done(enter(api, 1, person_id="m-1", state="suspended", reason="休假"))
    done(act(api, case_id, "consents", {"party_id": "r1", "given": True, "online": True}, borrower(case_id)))
    done(act(api, case_id, "failure", {"reason": "differences_too_large"}, MEDIATOR))
    other = file_case(api, "LOAN-2")
    assert appoint(api, other).code == "mediator_not_eligible"
    done(enter(api, 2, person_id="m-1", reason="休假结束"))
    done(appoint(api, other))


def test_who_was_suspended_before_accepting_accepts_nothing(api: Api) -> None:
    """The appointment stays as it is: it may be declined, lapses in time, or is accepted later."""
    case_id = file_case(api)
    done(appoint(api, case_id))
    done(enter(api, 1, person_id="m-1", state="suspended", reason="休假"))
    before = api.hub.cases.get(case_id)
    refused = act(api, case_id, "assignment", {"action": "accept"}, MEDIATOR)
    assert (refused.status, refused.body["code"]) == (409, "mediator_not_eligible")
    assert api.hub.cases.get(case_id) == before
    done(enter(api, 2, person_id="m-1", reason="休假结束"))
    assert done(act(api, case_id, "assignment", {"action": "accept"}, MEDIATOR))["accepted_at"] is not None


def test_a_change_is_made_once_and_on_the_version_that_was_read(api: Api) -> None:
    """The same again gets the first answer; another clerk's on the same version is refused."""
    first = enter(api)
    again = enter(api)
    assert (again.status, again.body) == (first.status, first.body)
    stale = enter(api, name="别人")
    assert (stale.status, stale.code) == (412, "stale_person")
    assert enter(api, 0, replace(CENTRE, subject="centre-9")).code == "stale_person"
    changed = enter(api, 1, name="吴新", reason="更正姓名")
    assert (changed.status, changed.body["version"], changed.headers["ETag"]) == (200, 2, '"2"')
    assert enter(api).body == first.body  # a repeat that comes late
    shown = api.get("/v1/roster/m-7", CENTRE)
    assert (shown.body["name"], shown.headers["ETag"]) == ("吴新", '"2"')
    assert [(each["name"], each["reason"], each["changed_by"]) for each in shown.body["versions"]] == [
        ("吴·新", "新聘调解员", "centre-1"),
        ("吴新", "更正姓名", "centre-1"),
    ]


def test_without_the_version_nothing_is_changed(api: Api) -> None:
    """As for every change: 428."""
    assert api.post("/v1/roster", NEW, CENTRE).code == "if_match_required"


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"name": ""}, "/name", "too_short"),
        ({"name": "吴\u202e新"}, "/name", "text_format"),
        ({"role": "borrower"}, "/role", "not_an_option"),
        ({"state": "retired"}, "/state", "not_an_option"),
        ({"person_id": "m#7"}, "/person_id", "identifier_format"),
        ({"reason": None}, "/reason", "string_expected"),
        ({"court_id": "court-2"}, "/court_id", "unknown_field"),
    ],
)
def test_a_faulty_entry_is_refused_by_field(
    api: Api, change: dict[str, Any], pointer: str, code: str
) -> None:
    """And nobody is entered."""
    assert enter(api, **change).faults == {pointer: code}
    assert api.get("/v1/roster/m-7", CENTRE).status == 404


def test_a_name_that_papers_can_not_print_is_taken_and_told(api: Api) -> None:
    """As of a party: nobody's name is refused."""
    entered = enter(api, name=f"{UNSHOWABLE}和")
    assert (entered.status, entered.body["name"]) == (201, f"{UNSHOWABLE}和")
    (warning,) = entered.body["warnings"]
    assert (warning["pointer"], warning["code"]) == ("/name", "not_printable")
    assert "U+2A6D6" in warning["message"]
    assert enter(api, person_id="m-8").body["warnings"] == []


def test_a_reason_is_asked_for(api: Api) -> None:
    """Also by whoever enters somebody for the first time."""
    body = {name: value for name, value in NEW.items() if name != "reason"}
    assert api.post("/v1/roster", body, CENTRE, If_Match='"0"').faults == {"/reason": "missing"}


def test_everybody_but_the_centre_reads_its_own_entry_at_most(api: Api) -> None:
    """Who asks for another's learns no more than for an id that nobody has."""
    for reader, own, other in ((MEDIATOR, "m-1", "m-2"), (JUDGE, "j-1", "m-1")):
        assert api.get(f"/v1/roster/{own}", reader).body["name"] == NAMES[own]
        refused, unknown = (api.get(f"/v1/roster/{each}", reader) for each in (other, "m-99"))
        for answer in (refused, unknown):
            assert (answer.status, answer.code) == (404, "person_not_found")
        assert api.get("/v1/roster", reader).code == "not_permitted"
        assert enter(api, 0, reader).code == "not_permitted"
    for reader in (INSTITUTION, COURT, OPS, borrower("C-1")):
        assert api.get("/v1/roster/m-1", reader).code == "not_permitted"


def test_another_courts_roster_is_not_seen(api: Api) -> None:
    """Neither as a list nor by an id that is in use there; a namesake there is somebody else."""
    assert api.get("/v1/roster", OTHER_CENTRE).body == {"items": [], "next": None}
    assert api.get("/v1/roster/m-1", OTHER_CENTRE).code == "person_not_found"
    assert api.get("/v1/roster/m-1", replace(MEDIATOR, court_id="court-2")).code == "person_not_found"
    assert enter(api, 0, OTHER_CENTRE, person_id="m-1", name="同号").status == 201
    assert api.get("/v1/roster/m-1", CENTRE).body["name"] == "林和"


def test_the_roster_is_listed_in_pages(api: Api) -> None:
    """By id; a cursor that is no place in it is refused."""
    found, url = [], "/v1/roster?limit=4"
    while True:
        page = api.get(url, CENTRE).body
        found += [each["person_id"] for each in page["items"]]
        if page["next"] is None:
            break
        url = f"/v1/roster?limit=4&cursor={page['next']}"
    assert found == sorted(NAMES)
    cursor = api.get("/v1/cases?limit=1", CENTRE).body["next"] or "AAAA"
    assert api.get(f"/v1/roster?cursor={cursor}", CENTRE).code == "cursor_refused"


@pytest.mark.parametrize("person_id", ["m-1%2300000001", "x" * 2000, "%ED%A0%80", "%E6%9E%97"])
def test_what_can_be_nobodys_id_is_nobody(api: Api, person_id: str) -> None:
    """However long, and whatever is in it."""
    assert api.get(f"/v1/roster/{person_id}", CENTRE).status == 404


def test_names_stand_neither_in_events_nor_in_the_queues(api: Api) -> None:
    """There, ids are enough."""
    told: list[str] = []
    send = api.hub.queues.send

    def noted(queue: str, message: Mapping[str, str | int]) -> None:
        told.append(repr(message))
        send(queue, message)

    api.hub.queues.send = noted  # type: ignore[method-assign]
    enter(api)
    case_id = submitted(api)
    for name in {"吴·新", *NAMES.values()}:
        assert name not in repr(api.hub.cases.events(case_id, 0))
        assert name not in repr(told)
    assert told
    assert "吴" not in repr(api.hub.memory.roster["court-jc", "m-7"])


def test_events_and_notes_show_the_name_of_who_did_it(api: Api) -> None:
    """Of the court's people, by the subject of their tokens; nothing but the subject is stored."""
    case_id = in_mediation(api)
    itself = replace(MEDIATOR, subject="m-1")
    for number, author in enumerate((CENTRE, itself, INSTITUTION)):
        note = {"text": "已电话联系", "shared": True}
        api.post(f"/v1/cases/{case_id}/notes", note, author, Idempotency_Key=f"n-{number}")
    shown = api.get(f"/v1/cases/{case_id}/notes", borrower(case_id)).body["items"]
    assert [(each["subject"], each["name"]) for each in shown] == [
        ("centre-1", "吴敏"),
        ("m-1", "林和"),
        ("clerk-1", None),
    ]
    events = api.get(f"/v1/cases/{case_id}/events", INSTITUTION).body["items"]
    by_the_centre = {each["name"] for each in events if each["role"] == "centre"}
    assert by_the_centre == {"吴敏"}
    assert {each["name"] for each in events if each["role"] in {"institution", "borrower"}} == {None}
    assert "吴敏" not in str(api.hub.cases.events(case_id, 0, 100))


def test_another_roles_namesake_and_operators_get_no_name(api: Api) -> None:
    """A bank numbers its clerks itself, and who runs the system needs no names."""
    namesake = replace(INSTITUTION, subject="centre-1")
    answer = api.post("/v1/filings", bodies.filing(), namesake, Idempotency_Key="k")
    case_id = answer.body["case_id"]
    api.hub.run()
    done(appoint(api, case_id))
    events = api.get(f"/v1/cases/{case_id}/events", CENTRE).body["items"]
    assert [(each["type"], each["name"]) for each in events if each["subject"] == "centre-1"] == [
        ("case_filed", None),
        ("mediator_appointed", "吴敏"),
    ]
    hidden = api.get(f"/v1/cases/{case_id}/events", OPS).body["items"]
    assert {each.get("name") for each in hidden} == {None}
