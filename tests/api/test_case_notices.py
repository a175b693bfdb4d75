"""Who was told of what: the centre reads all of it, a party what it was told itself, and never a text."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.bodies import OTHER_NUMBER, filing
from tests.support.courses import APPOINTMENT, act, done
from tests.support.fakes.samples import CENTRE, COURT, INSTITUTION, JUDGE, MEDIATOR, OPS, borrower
from tests.support.http import Api

if TYPE_CHECKING:
    from chalicelib.domain.roles import Actor

PATH = "/v1/cases/C-0001/notices"


@pytest.fixture
def api() -> Api:
    """File a case against two, one of whom has a landline only; the mediator is appointed."""
    api = Api()
    first = filing()["respondents"][0]
    second = first | {"name": "李四测", "id_number": OTHER_NUMBER, "phone": "0593-2881234"}
    second["liability"] = {"kind": "joint_guarantor"}
    body = {**filing(), "respondents": [first, second]}
    assert api.post("/v1/filings", body, INSTITUTION, Idempotency_Key="k").status == 201
    api.hub.run()
    done(act(api, "C-0001", "assignment", APPOINTMENT, CENTRE))
    return api


def read(api: Api, reader: Actor) -> list[dict[str, Any]]:
    """Return what a reader is shown."""
    answer = api.get(PATH, reader)
    assert answer.status == 200, answer.body
    items: list[dict[str, Any]] = answer.body["items"]
    return items


def test_the_centre_reads_who_was_told_by_role_channel_time_and_state(api: Api) -> None:
    """Whether it was sent, is still owed, or reached nobody."""
    api.hub.run()
    shown = [(each["kind"], each["party_id"], each["side"], each["liability"]) for each in read(api, CENTRE)]
    assert shown == [
        ("invited", "r1", "respondent", "borrower"),
        ("invited", "r2", "respondent", "joint_guarantor"),
        ("mediator_appointed", "r1", "respondent", "borrower"),
        ("mediator_appointed", "r2", "respondent", "joint_guarantor"),
    ]
    states = {(each["party_id"], each["state"]) for each in read(api, CENTRE)}
    assert states == {("r1", "sent"), ("r2", "not_reachable")}
    now = api.hub.clock.now().isoformat()
    for each in read(api, CENTRE):
        assert (each["channel"], each["asked_at"], each["ended_at"]) == ("sms", now, now)


def test_what_is_held_back_is_owed_and_has_no_time_of_sending(api: Api) -> None:
    """At night the gateway is asked nothing; when its hour has come, the time of that is on record."""
    api.hub.clock.advance(hours=14)
    asked = api.hub.clock.now()
    done(act(api, "C-0001", "assignment", {"action": "accept"}, MEDIATOR))
    (notice,) = [each for each in read(api, borrower("C-0001")) if each["kind"] == "consent_asked"]
    assert (notice["state"], notice["asked_at"], notice["ended_at"]) == ("owed", asked.isoformat(), None)


def test_no_text_phone_code_or_link_is_shown(api: Api) -> None:
    """Nor the case's or the gateway's own numbers."""
    names = {
        "kind",
        "party_id",
        "side",
        "liability",
        "channel",
        "state",
        "asked_at",
        "not_before",
        "ended_at",
    }
    answer = api.get(PATH, CENTRE)
    assert {frozenset(each) for each in answer.body["items"]} == {frozenset(names)}
    assert "13800001234" not in answer.raw.decode()
    assert "0593" not in answer.raw.decode()


def test_a_party_reads_what_it_was_told_itself(api: Api) -> None:
    """A bank nothing of what respondents were told."""
    for party_id in ("r1", "r2"):
        assert {each["party_id"] for each in read(api, borrower("C-0001", party_id))} == {party_id}
    assert read(api, INSTITUTION) == []


@pytest.mark.parametrize("reader", [MEDIATOR, JUDGE, COURT, OPS], ids=lambda reader: str(reader.role))
def test_nobody_else_reads_who_was_told(api: Api, reader: Actor) -> None:
    """A message may be about an offer."""
    assert api.get(PATH, reader).code == "not_permitted"


def test_a_stranger_does_not_find_the_case(api: Api) -> None:
    assert api.get(PATH, replace(CENTRE, court_id="court-2")).code == "case_not_found"
    assert api.get(PATH, borrower("C-9999")).code == "case_not_found"


def test_messages_are_read_page_by_page(api: Api) -> None:
    """In the order of their times; a cursor of another list is refused."""
    first = api.get(f"{PATH}?limit=3", CENTRE).body
    rest = api.get(f"{PATH}?limit=3&cursor={first['next']}", CENTRE).body
    assert [*first["items"], *rest["items"]] == read(api, CENTRE)
    assert (len(first["items"]), rest["next"]) == (3, None)
    assert api.get(f"{PATH}?cursor=x", CENTRE).code == "cursor_refused"
