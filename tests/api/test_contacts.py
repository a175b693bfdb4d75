"""Contacts over HTTP: who sees them, only for a purpose, and never without a record of the look."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from chalicelib.capabilities.contacts.model import Purpose
from chalicelib.capabilities.contacts.service import Looks
from chalicelib.domain.errors import StoreBusy
from chalicelib.domain.roles import Actor, Role
from chalicelib.domain.talk import verify_talk
from tests.support.bodies import OTHER_NUMBER, filing
from tests.support.courses import APPOINTMENT, act, done, file_case, in_mediation
from tests.support.fakes.samples import (
    CENTRE,
    COURT,
    DATA_PROTECTION,
    INSTITUTION,
    INSTITUTION_ID,
    JUDGE,
    MEDIATOR,
    OPS,
    borrower,
)
from tests.support.http import Api

if TYPE_CHECKING:
    from tests.support.http import Answer

NAME, PHONE, ADDRESS = "张试", "13800001234", "福建省宁德市蕉城区样例村8号"
PURPOSES: Final = {
    "arrange_mediation",
    "verify_identity",
    "serve_papers",
    "follow_up_performance",
    "correct_details",
    "answer_a_complaint",
}
"""Published, and stored for three years: none is renamed."""


@pytest.fixture
def api() -> Api:
    """Make a hub of its own."""
    return Api()


def contacts(api: Api, case_id: str, actor: Actor, purpose: str = "arrange_mediation") -> Answer:
    """Look at the contacts of a case."""
    return api.get(f"/v1/cases/{case_id}/contacts?purpose={purpose}", actor)


def looks(api: Api, case_id: str) -> list[dict[str, object]]:
    """Return the looks at a case as data protection reads them."""
    answer = api.get(f"/v1/cases/{case_id}/contact-looks", DATA_PROTECTION)
    assert answer.status == 200, answer.raw
    items: list[dict[str, object]] = answer.body["items"]
    return items


def test_the_purposes_are_those_written_out_here() -> None:
    assert {purpose.value for purpose in Purpose} == PURPOSES


@pytest.mark.parametrize("actor", [INSTITUTION, MEDIATOR, CENTRE], ids=lambda actor: str(actor.role))
def test_who_handles_the_case_sees_names_phones_and_addresses(api: Api, actor: Actor) -> None:
    """Whole, and no number of a paper or an account; nothing of it may be kept on the way."""
    case_id = in_mediation(api)
    answer = contacts(api, case_id, actor)
    assert answer.status == 200
    (party,) = [each for each in answer.body["items"] if each["party_id"] == "r1"]
    details = filing()["respondents"][0]
    assert {name: party[name] for name in ("name", "phone", "address")} == {
        name: details[name] for name in ("name", "phone", "address")
    }
    assert details["id_number"] not in answer.raw.decode()
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "actor", [JUDGE, COURT, OPS, DATA_PROTECTION, borrower("C-0001")], ids=lambda actor: str(actor.role)
)
def test_nobody_else_does(api: Api, actor: Actor) -> None:
    """A debtor does not ring a guarantor by the hub; and nothing is recorded, for nothing was shown."""
    case_id = in_mediation(api)
    assert contacts(api, case_id, actor).code == "not_permitted"
    assert looks(api, case_id) == []


def test_a_mediator_of_another_case_and_an_agent_do_not(api: Api) -> None:
    """Only who handles this case; a bank's lawyer has its party's word for it."""
    first, other = in_mediation(api), file_case(api, "JC-2")
    assert contacts(api, other, MEDIATOR).status == 404
    lawyer = Actor(
        role=Role.INSTITUTION,
        subject="lawyer",
        institution_id=INSTITUTION_ID,
        agent_of=frozenset({f"{first}:a1:g1"}),
    )
    assert contacts(api, first, lawyer).code == "not_permitted"


def test_each_look_is_on_record_and_is_no_event_of_the_case(api: Api) -> None:
    """Who, what for and which fields; the case, its version and its events stay as they are."""
    case_id = in_mediation(api)
    before = api.get(f"/v1/cases/{case_id}", CENTRE)
    events = api.get(f"/v1/cases/{case_id}/events", CENTRE).body
    contacts(api, case_id, MEDIATOR, "serve_papers")
    contacts(api, case_id, INSTITUTION, "verify_identity")
    assert [(look["role"], look["subject"], look["purpose"]) for look in looks(api, case_id)] == [
        ("mediator", "mediator-1", "serve_papers"),
        ("institution", "clerk-1", "verify_identity"),
    ]
    assert looks(api, case_id)[0]["fields"] == [
        "name",
        "phone",
        "address",
        "representatives",
        "earlier_phones",
    ]
    assert looks(api, case_id)[0]["parties"] == ["a1", "r1"]
    after = api.get(f"/v1/cases/{case_id}", CENTRE)
    assert (after.body, after.headers["ETag"]) == (before.body, before.headers["ETag"])
    assert api.get(f"/v1/cases/{case_id}/events", CENTRE).body == events


def test_a_look_stands_in_the_cases_log_of_talk(api: Api) -> None:
    """So that one that is taken away shows; the log tells neither the purpose nor anything that was seen."""
    case_id = in_mediation(api)
    contacts(api, case_id, MEDIATOR, "serve_papers")
    contacts(api, case_id, MEDIATOR, "serve_papers")
    log = api.hub.talk.entries(case_id)
    verify_talk(log)
    assert [entry.kind for entry in log] == ["look", "look"]
    assert log[0].data["look"] != log[1].data["look"]
    assert not {"serve_papers", PHONE, NAME} & set(repr(log).replace("'", " ").split())


@pytest.mark.parametrize(
    "asked", ["", "?purpose=", "?purpose=curiosity", "?purpose=serve_papers&reason=张试"]
)
def test_without_a_purpose_of_the_list_nothing_is_shown(api: Api, asked: str) -> None:
    """Nor for one that is made up; free text has no place in an address."""
    case_id = in_mediation(api)
    answer = api.get(f"/v1/cases/{case_id}/contacts{asked}", MEDIATOR)
    assert answer.status in {400, 422}, answer.raw
    text = answer.raw.decode()
    assert PHONE not in text
    assert ADDRESS not in text
    assert "curiosity" not in text
    assert looks(api, case_id) == []


def test_if_the_look_cant_be_recorded_nothing_is_shown(api: Api) -> None:
    """The caller may try again."""

    class Full:
        """A store that takes no record."""

        def add(self, *_: object) -> None:
            raise StoreBusy("no room")

    case_id = in_mediation(api)
    api.hub.parts[Looks] = Full()
    answer = contacts(api, case_id, MEDIATOR)
    assert answer.status == 503
    text = answer.raw.decode()
    assert PHONE not in text
    assert NAME not in text


def test_data_protection_reads_the_looks_of_a_day_and_nothing_else(api: Api) -> None:
    """In pages, of its own court; it sees no case, no party and no event."""
    first, second = in_mediation(api), in_mediation(api, "JC-2")
    for case_id in (first, second, first):
        contacts(api, case_id, MEDIATOR)
    page = api.get("/v1/contact-looks?limit=2", DATA_PROTECTION).body
    rest = api.get(f"/v1/contact-looks?limit=2&cursor={page['next']}", DATA_PROTECTION).body
    assert [look["case_id"] for look in page["items"] + rest["items"]] == [first, second, first]
    assert rest["next"] is None
    assert api.get("/v1/contact-looks?on=2026-03-01", DATA_PROTECTION).body["items"] == []
    other = Actor(role=Role.DATA_PROTECTION, subject="dp-2", court_id="court-2")
    assert api.get("/v1/contact-looks", other).body["items"] == []
    assert api.get(f"/v1/cases/{first}/contact-looks", other).status == 404
    for path in (
        "",
        "/events",
        "/contacts?purpose=answer_a_complaint",
        "/notes",
        "/documents",
        "/settlement",
    ):
        assert api.get(f"/v1/cases/{first}{path}", DATA_PROTECTION).code == "not_permitted"
    assert api.get("/v1/cases", DATA_PROTECTION).code == "not_permitted"


@pytest.mark.parametrize(
    "actor", [INSTITUTION, MEDIATOR, CENTRE, OPS, COURT], ids=lambda each: str(each.role)
)
def test_who_looks_does_not_read_the_record_of_looks(api: Api, actor: Actor) -> None:
    """Nor do operators."""
    case_id = in_mediation(api)
    assert api.get(f"/v1/cases/{case_id}/contact-looks", actor).code == "not_permitted"
    assert api.get("/v1/contact-looks", actor).code == "not_permitted"


def test_a_cursor_of_another_list_is_refused(api: Api) -> None:
    """Also one that was made up."""
    case_id = in_mediation(api)
    for _ in range(2):
        contacts(api, case_id, MEDIATOR)
    cursor = api.get("/v1/contact-looks?limit=1", DATA_PROTECTION).body["next"]
    answer = api.get(f"/v1/cases/{case_id}/contact-looks?cursor={cursor}", DATA_PROTECTION)
    assert answer.code == "cursor_refused"


def test_a_party_sees_itself_whole_and_the_others_masked(api: Api) -> None:
    """In the case as it reads it; everybody else sees all parties masked."""
    case_id = in_mediation(api)
    rows = {
        actor.role: {
            each["party_id"]: each for each in api.get(f"/v1/cases/{case_id}", actor).body["parties"]
        }
        for actor in (borrower(case_id), INSTITUTION, MEDIATOR, CENTRE)
    }
    details = filing()["respondents"][0]
    own = rows[Role.BORROWER]["r1"]
    assert [own[name] for name in ("name", "id_number", "phone", "address")] == [
        details[name] for name in ("name", "id_number", "phone", "address")
    ]
    assert rows[Role.BORROWER]["a1"]["phone"] == "139****1234"
    assert rows[Role.INSTITUTION]["a1"]["phone"] == "13900001234"
    for role in (Role.INSTITUTION, Role.MEDIATOR, Role.CENTRE):
        shown = rows[role]["r1"]
        assert (shown["name"], shown["phone"], shown["address"]) == ("张*", "138****1234", None)


def test_an_agent_of_a_party_sees_everybody_masked(api: Api) -> None:
    """It is not the party."""
    agents = [{"name": "吴试", "authority": "special"}]
    body = filing(respondents__0__agents=agents)
    assert api.post("/v1/filings", body, Idempotency_Key="one").status == 201
    api.hub.run()
    confirmed = {"action": "confirm", "party_id": "r1", "agent_id": "g1"}
    done(act(api, "C-0001", "agents", confirmed, borrower("C-0001")))
    done(act(api, "C-0001", "assignment", APPOINTMENT, CENTRE))
    lawyer = Actor(role=Role.BORROWER, subject="lawyer", agent_of=frozenset({"C-0001:r1:g1"}))
    parties = api.get("/v1/cases/C-0001", lawyer).body["parties"]
    assert [each["phone"] for each in parties] == ["139****1234", "138****1234"]
    (shown,) = [each for each in contacts(api, "C-0001", CENTRE).body["items"] if each["party_id"] == "r1"]
    assert shown["representatives"][0]["name"] == "吴试"


def test_one_respondent_sees_another_masked(api: Api) -> None:
    """A guarantor is not told the borrower's telephone."""
    second = filing()["respondents"][0] | {"id_number": OTHER_NUMBER, "name": "李试", "phone": "13800009999"}
    body = filing(respondents=[filing()["respondents"][0], second])
    assert api.post("/v1/filings", body, Idempotency_Key="two").status == 201
    for party_id, phones in (
        ("r1", ["139****1234", "13800001234", "138****9999"]),
        ("r2", ["139****1234", "138****1234", "13800009999"]),
    ):
        parties = api.get("/v1/cases/C-0001", borrower("C-0001", party_id)).body["parties"]
        assert [each["phone"] for each in parties] == phones
