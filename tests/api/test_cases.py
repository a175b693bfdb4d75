"""Reading cases: what each role sees, page by page, and the chain of events."""

import base64
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import quote

import pytest

from chalicelib.adapters.dynamo.errors import RecordTooNew, RecordUnreadable
from chalicelib.domain.events import Channel, Event, verify_chain
from chalicelib.domain.roles import Actor, Role
from chalicelib.domain.stages import EventType
from tests.support.bodies import NAME, PERSON_NUMBER, PHONE
from tests.support.courses import act, done, file_case, in_mediation
from tests.support.deals import settled, signs
from tests.support.fakes.samples import CENTRE, COURT, INSTITUTION, JUDGE, MEDIATOR, OPS
from tests.support.http import Api

OTHER_BANK = Actor(role=Role.INSTITUTION, subject="clerk-9", institution_id="bank-9")
COLLEAGUE = Actor(role=Role.INSTITUTION, subject="clerk-2", institution_id="bank-1")


@pytest.fixture
def api() -> Api:
    return Api()


def pages(api: Api, url: str, actor: Actor = INSTITUTION) -> Iterator[Any]:
    cursor = ""
    while True:
        body = api.get(f"{url}{cursor}", actor).body
        yield body["items"]
        if body["next"] is None:
            return
        cursor = f"&cursor={body['next']}"


@pytest.mark.parametrize("role", ["institution", "mediator", "centre", "judge", "court"])
def test_parties_are_masked_for_whoever_may_see_them(api: Api, role: str) -> None:
    """Name, number, phone and account in the masked forms of domain §8; the address not at all.

    A party sees itself whole: see `test_contacts`.
    """
    case_id = in_mediation(api)
    actors = {
        "institution": INSTITUTION,
        "mediator": MEDIATOR,
        "centre": CENTRE,
        "judge": JUDGE,
        "court": COURT,
    }
    answer = api.get(f"/v1/cases/{case_id}", actors[role])
    assert answer.body["parties"][1] == {
        "party_id": "r1",
        "side": "respondent",
        "kind": "person",
        "liability": "borrower",
        "agents": [],
        "identified": False,
        "name": "张*",
        "id_number": "110105********002X",
        "id_document": "resident_id",
        "phone": "138****1234",
        "account": "***************0004",
        "address": None,
        "representatives": None,
        **dict.fromkeys(("sex", "birth_date")),
        **dict.fromkeys(("ethnicity", "employer", "position", "residence", "entity_type", "registered_at")),
    }
    text = answer.raw.decode()
    assert not any(secret in text for secret in (NAME, PERSON_NUMBER, PHONE, "样例村"))


def test_operators_see_no_names(api: Api) -> None:
    """Who keeps the machinery running needs none."""
    case_id = file_case(api)
    for party in api.get(f"/v1/cases/{case_id}", OPS).body["parties"]:
        assert [party[name] for name in ("name", "id_number", "phone", "account")] == [None] * 4


def test_lists_and_acts_open_no_personal_data(api: Api) -> None:
    """They are answered without the parties' details, not even masked."""
    case_id = file_case(api)
    (listed,) = api.get("/v1/cases").body["items"]
    for case in (listed, done(act(api, case_id, "withdrawal", {}))):
        assert case["case_id"] == case_id
        assert [party["name"] for party in case["parties"]] == [None, None]


def test_allowed_actions_are_the_readers(api: Api) -> None:
    """The same case offers each role its own."""
    case_id = file_case(api)
    institution, centre, ops = (
        api.get(f"/v1/cases/{case_id}", actor).body["allowed_actions"] for actor in (INSTITUTION, CENTRE, OPS)
    )
    assert institution == ["withdraw", "record_repayment", "correct_details", "record_agent"]
    assert "appoint" in centre
    assert ops == []


def test_a_list_is_read_page_by_page_newest_first(api: Api) -> None:
    """Every case once, in order, with a cursor that says nothing to its reader."""
    filed = []
    for number in range(5):
        filed.append(file_case(api, f"JC-{number}"))
        api.hub.clock.advance(minutes=1)
    listed = [[case["case_id"] for case in page] for page in pages(api, "/v1/cases?limit=2")]
    assert listed == [filed[:2:-1], filed[2:0:-1], filed[:1]]


@pytest.mark.parametrize("error", [RecordTooNew, RecordUnreadable])
def test_a_case_that_cannot_be_read_is_named_in_its_page(
    api: Api, error: type[RecordTooNew | RecordUnreadable]
) -> None:
    """The rest of the page is shown; the case itself is refused by the same name; it is counted."""
    kept, spoiled = file_case(api, "JC-1"), file_case(api, "JC-2")
    version = api.hub.cases.get(spoiled).version
    api.hub.memory.unreadable[spoiled] = error
    answer = api.get("/v1/cases", INSTITUTION)
    assert answer.status == 200
    assert [item["case_id"] for item in answer.body["items"]] == [kept]
    assert answer.body["unreadable"] == [{"case_id": spoiled, "code": error.code}]
    assert api.hub.metrics.counts["CasesUnreadable"] == 1
    for refused in (
        api.get(f"/v1/cases/{spoiled}", INSTITUTION),
        api.post(f"/v1/cases/{spoiled}/withdrawal", {}, INSTITUTION, If_Match=f'"{version}"'),
    ):
        assert (refused.status, refused.code) == (500, error.code)


def test_a_case_is_found_by_its_number(api: Api) -> None:
    """From screening on, with the brackets of the reader's keyboard; nobody finds another bank's."""
    case_id = file_case(api)
    assert api.get(f"/v1/cases/{case_id}").body["case_number"] == "调〔2026〕1号"
    query = quote("调(2026)第1号")
    (listed,) = api.get(f"/v1/cases?case_number={query}").body["items"]
    assert (listed["case_id"], listed["case_number"]) == (case_id, "调〔2026〕1号")
    assert api.get(f"/v1/cases?case_number={query}&stage=paid").body["items"] == []
    assert api.get(f"/v1/cases?case_number={query}", OTHER_BANK).body["items"] == []


def test_a_list_is_filtered_by_stage(api: Api) -> None:
    """A filter holds over all pages."""
    gone, stays = file_case(api, "JC-1"), file_case(api, "JC-2")
    done(act(api, gone, "withdrawal", {}))
    assert [case["case_id"] for case in api.get("/v1/cases?stage=withdrawn").body["items"]] == [gone]
    assert [case["case_id"] for case in api.get("/v1/cases?stage=screened").body["items"]] == [stays]


@pytest.mark.parametrize(
    ("query", "pointer", "code"),
    [
        ("limit=0", "/limit", "too_small"),
        ("limit=101", "/limit", "too_large"),
        ("limit=1000", "/limit", "too_large"),
        ("limit=" + "9" * 5000, "/limit", "too_large"),
        ("limit=-1", "/limit", "too_small"),
        ("limit=00", "/limit", "too_small"),
        ("limit=5.0", "/limit", "limit_format"),
        ("limit=abc", "/limit", "limit_format"),
        ("limit=", "/limit", "limit_format"),
        ("limit=%EF%BC%91%EF%BC%90", "/limit", "limit_format"),
        ("limit=1&limit=2", "/limit", "parameter_repeated"),
        ("stage=gone", "/stage", "not_an_option"),
        ("cursor=%00", "/cursor", "cursor_format"),
        ("page=2", "/page", "unknown_parameter"),
    ],
)
def test_a_wrong_query_is_told(api: Api, query: str, pointer: str, code: str) -> None:
    """A misspelt filter is refused instead of ignored."""
    answer = api.get(f"/v1/cases?{query}")
    assert (answer.status, answer.faults) == (422, {pointer: code})
    assert answer.body["errors"][0]["in"] == "query"


def cursor_of(api: Api, url: str, actor: Actor = INSTITUTION) -> str:
    return str(api.get(url, actor).body["next"])


@pytest.mark.parametrize(
    ("url", "actor"),
    [
        ("/v1/cases?limit=1", OTHER_BANK),
        ("/v1/cases?limit=1", COLLEAGUE),
        ("/v1/cases?limit=1", CENTRE),
        ("/v1/cases?limit=1&stage=screened", INSTITUTION),
        ("/v1/cases/C-0001/events?limit=1", INSTITUTION),
    ],
)
def test_a_cursor_stays_with_its_caller_and_its_list(api: Api, url: str, actor: Actor) -> None:
    """Another caller, filter or resource makes it worthless."""
    file_case(api, "JC-1")
    file_case(api, "JC-2")
    cursor = cursor_of(api, "/v1/cases?limit=1")
    answer = api.get(f"{url}&cursor={cursor}", actor)
    assert (answer.status, answer.code) == (400, "cursor_refused")
    assert api.get(f"/v1/cases?limit=1&cursor={cursor}").status == 200


@pytest.mark.parametrize(
    "forged", ["x", "____", base64.urlsafe_b64encode(b"[1, 2]").decode(), "W" * 1000, "bnVsbA"]
)
def test_a_forged_cursor_is_refused(api: Api, forged: str) -> None:
    """Whatever it decodes to."""
    file_case(api)
    assert api.get(f"/v1/cases?cursor={forged.rstrip('=')}").code == "cursor_refused"


def test_a_cursor_with_a_bent_place_is_refused(api: Api) -> None:
    """A place that is no text, or no number where events are counted."""
    case_id = file_case(api)
    url = f"/v1/cases/{case_id}/events?limit=1"
    binding, _ = json.loads(base64.urlsafe_b64decode(cursor_of(api, url) + "=="))
    for place in ("", 1, None, "x", "-1", "²"):
        text = json.dumps([binding, place]).encode()
        forged = base64.urlsafe_b64encode(text).decode().rstrip("=")
        assert api.get(f"{url}&cursor={forged}").code == "cursor_refused"


def test_events_verify_from_what_the_api_shows(api: Api) -> None:
    """Whoever reads all pages can check the chain without asking the hub."""
    case_id = in_mediation(api)
    shown = [event for page in pages(api, f"/v1/cases/{case_id}/events?limit=2") for event in page]
    chain = [
        Event(
            case_id=case_id,
            sequence=entry["sequence"],
            type=EventType(entry["type"]),
            at=datetime.fromisoformat(entry["at"]),
            role=Role(entry["role"]),
            subject=entry["subject"],
            channel=Channel(entry["channel"]),
            facts=entry["facts"],
            previous=entry["previous"],
            chain_version=entry["chain_version"],
            salt=entry["salt"],
            talk=entry["talk"],
            hash=entry["hash"],
        )
        for entry in shown
    ]
    assert verify_chain(chain) == api.hub.cases.get(case_id).last_event_hash
    assert len(chain) == api.hub.cases.get(case_id).version


def test_the_court_does_not_learn_of_an_agreement_that_is_not_in_force(api: Api) -> None:
    """TY22: what was agreed and not signed stays inside the mediation; once signed it is no secret."""
    case_id = settled(api)
    seen = api.get(f"/v1/cases/{case_id}", COURT).body
    assert (seen["outcome"], seen["agreement_sha256"], seen["offer"]) == (None, None, None)
    assert api.get(f"/v1/cases/{case_id}", INSTITUTION).body["outcome"] == "lump_sum"
    assert "lump_sum" not in api.get(f"/v1/cases/{case_id}/events", COURT).raw.decode()
    told = api.get(f"/v1/cases/{case_id}/events", INSTITUTION).raw.decode()
    assert "lump_sum" not in told, "no event holds it: its hash, which the court sees, would give it away"
    for party in ("a1", "r1"):
        done(signs(api, case_id, party))
    assert api.get(f"/v1/cases/{case_id}", COURT).body["outcome"] == "lump_sum"
