"""Sessions: who learns of which, whose time is held, who came how, trips, and who signs the minutes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest

from chalicelib.domain.notices import NoticeKind
from chalicelib.domain.roles import Actor, Role
from chalicelib.use_cases.reconcile import reconcile
from tests.api.test_talks import two_respondents
from tests.support.courses import in_mediation
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

PHONE: Final = "13800001234"
OTHER_PHONE: Final = "13800005678"
TEXT: Final = "机密四七一一：双方同意分十二期。"


@pytest.fixture
def api() -> Api:
    """Make a hub of its own; it is day, so that messages are sent at once."""
    api = Api()
    api.hub.quiet_hours = None
    return api


def at(api: Api, days: int = 5, hour: int = 2, minute: int = 0) -> str:
    """Return a time so many days ahead."""
    day = api.hub.clock.now().astimezone(UTC) + timedelta(days=days)
    return day.strftime(f"%Y-%m-%dT{hour:02}:{minute:02}:00Z")


def schedule(api: Api, case_id: str, key: str = "s-1", by: Actor = MEDIATOR, **body: Any) -> Answer:
    """Let somebody schedule a session by video."""
    content = {"kind": "video", "starts_at": at(api), "minutes": 60, **body}
    answer = api.post(f"/v1/cases/{case_id}/sessions", content, by, Idempotency_Key=key)
    api.hub.run()
    return answer


def scheduled(api: Api, case_id: str, key: str = "s-1", **body: Any) -> str:
    """Have a session scheduled; return its id."""
    answer = schedule(api, case_id, key, **body)
    assert answer.status == 201, answer.body
    return str(answer.body["session_id"])


def does(api: Api, case_id: str, session_id: str, what: str, by: Actor, **body: Any) -> Answer:
    """Let somebody act on a session."""
    answer = api.post(f"/v1/cases/{case_id}/sessions/{session_id}/{what}", body or None, by)
    api.hub.run()
    return answer


def signs(api: Api, case_id: str, session_id: str, by: Actor, **body: Any) -> Answer:
    """Let somebody sign the minutes that the mediator reads now."""
    read = api.get(f"/v1/cases/{case_id}/sessions/{session_id}/minutes", MEDIATOR).body["sha256"]
    return does(api, case_id, session_id, "minutes/signatures", by, **{"sha256": read, **body})


def listed(api: Api, case_id: str, reader: Actor) -> list[str]:
    """Return the sessions that somebody is shown."""
    answer = api.get(f"/v1/cases/{case_id}/sessions", reader)
    assert answer.status == 200, answer.body
    return [each["session_id"] for each in answer.body["items"]]


def attends(api: Api, case_id: str, session_id: str, **came: str) -> Answer:
    """Let the mediator record who came how."""
    attendance = [
        {"party_id": party_id, "came": how, "identity": "document_seen"} for party_id, how in came.items()
    ]
    return does(api, case_id, session_id, "attendance", MEDIATOR, attendance=attendance)


def inbox(api: Api, phone: str = PHONE) -> list[str]:
    """Return what a phone was told of sessions; nothing but the kind and the case's number goes with it."""
    found = [sent for sent in api.hub.gateway.inbox(phone) if sent.kind.startswith("session_")]
    assert all(sent.values == {} for sent in found)
    return [str(sent.kind) for sent in found]


def rule(answer: Answer) -> str:
    """Return the rule that refused."""
    assert answer.status == 409, answer.body
    return str(answer.body["rule"])


def test_everybody_is_invited_to_a_session_and_told_of_it(api: Api) -> None:
    """The case's version stays as it is; the same key again is the same session."""
    case_id = in_mediation(api)
    before = api.get(f"/v1/cases/{case_id}", MEDIATOR).headers["ETag"]
    first = schedule(api, case_id)
    assert first.body["invited"] == ["a1", "r1"]
    again = schedule(api, case_id)
    assert (again.status, again.headers["Idempotent-Replayed"]) == (201, "true")
    assert again.body == first.body
    for reader in (INSTITUTION, borrower(case_id), MEDIATOR, CENTRE):
        assert listed(api, case_id, reader) == [first.body["session_id"]]
    assert inbox(api) == ["session_scheduled"]
    assert api.get(f"/v1/cases/{case_id}", MEDIATOR).headers["ETag"] == before
    assert schedule(api, case_id, minutes=90).body["code"] == "idempotency_key_reused"


def test_a_private_talk_is_kept_from_everybody_else(api: Api) -> None:
    """Neither listed, nor told, nor known by its id, nor by an event; judge, court and operator see none."""
    case_id = two_respondents(api)
    session_id = scheduled(api, case_id, invited=["r1"])
    assert listed(api, case_id, borrower(case_id)) == [session_id]
    for other in (INSTITUTION, borrower(case_id, "r2")):
        assert listed(api, case_id, other) == []
        answer = api.get(f"/v1/cases/{case_id}/sessions/{session_id}/minutes", other)
        assert (answer.status, answer.body["code"]) == (404, "session_not_found")
        assert session_id not in str(api.get(f"/v1/cases/{case_id}/events", other).body)
    for outsider in (JUDGE, COURT, OPS):
        assert api.get(f"/v1/cases/{case_id}/sessions", outsider).status in {403, 404}
    assert (inbox(api), inbox(api, OTHER_PHONE)) == (["session_scheduled"], [])
    following = schedule(api, case_id, "s-2", starts_at=at(api, 6), continues=session_id)
    assert rule(following) == "session_invited"


def test_a_mediator_and_a_room_are_in_one_session_at_a_time(api: Api) -> None:
    """In other cases too; a session that is moved or cancelled frees its time."""
    case_id, other = in_mediation(api), in_mediation(api, "JC-2")
    here = {"kind": "in_person", "room": "room-1"}
    session_id = scheduled(api, case_id, **here)
    assert rule(schedule(api, other, "s-2", starts_at=at(api, 5, 2, 30))) == "mediator_free"
    next_to_it = scheduled(api, other, "s-3", starts_at=at(api, 5, 3))
    back = {"kind": "video", "starts_at": at(api, 5, 2, 30), "minutes": 60}
    assert rule(does(api, other, next_to_it, "time", MEDIATOR, **back)) == "mediator_free"
    moved = does(api, case_id, session_id, "time", CENTRE, **here, starts_at=at(api, 8), minutes=30)
    assert (moved.status, moved.body["moves"], moved.body["minutes"]) == (200, 1, 30)
    assert does(api, other, next_to_it, "time", MEDIATOR, **back).status == 200
    assert does(api, case_id, session_id, "cancellation", MEDIATOR).body["state"] == "cancelled"
    assert does(api, case_id, session_id, "cancellation", MEDIATOR).body["moves"] == 2
    scheduled(api, other, "s-4", starts_at=at(api, 8))
    assert inbox(api)[:3].count("session_scheduled") == 2
    assert {"session_moved", "session_cancelled"} <= set(inbox(api))


def test_a_party_is_reminded_a_day_before_of_what_still_stands(api: Api) -> None:
    """Once, at the new time; not of a cancelled session."""
    case_id = in_mediation(api)
    session_id = scheduled(api, case_id)
    cancelled = scheduled(api, case_id, "s-2", starts_at=at(api, 6))
    does(api, case_id, session_id, "time", MEDIATOR, kind="video", starts_at=at(api, 10), minutes=60)
    does(api, case_id, cancelled, "cancellation", MEDIATOR)
    api.hub.clock.advance(days=8)
    reconcile(api.hub)
    api.hub.run()
    assert "session_near" not in inbox(api)
    api.hub.clock.advance(days=1, hours=2)
    reconcile(api.hub)
    api.hub.run()
    assert inbox(api).count("session_near") == 1


@pytest.mark.parametrize(
    ("body", "refused_by"),
    [
        ({"minutes": 45}, "session_half_hours"),
        ({"kind": "in_person"}, "session_room"),
        ({"room": "room-1"}, "session_room"),
        ({"starts_at": "2020-01-01T02:00:00Z"}, "session_in_the_future"),
        ({"invited": ["r9"]}, "session_invited"),
    ],
)
def test_a_session_that_can_not_be_is_refused(api: Api, body: dict[str, Any], refused_by: str) -> None:
    """By the rule that says why."""
    assert rule(schedule(api, in_mediation(api), **body)) == refused_by


def test_m10_trips_are_counted_from_attendance(api: Api) -> None:
    """M10: two sessions of one day are one trip; who came by video or telephone made none."""
    case_id = in_mediation(api)
    here = {"kind": "in_person", "room": "room-1"}
    first = scheduled(api, case_id, **here)
    second = scheduled(api, case_id, "s-2", **here, starts_at=at(api, 5, 6))
    video = scheduled(api, case_id, "s-3", starts_at=at(api, 6))
    assert rule(attends(api, case_id, first, r1="in_person")) == "session_begun"
    api.hub.clock.advance(days=7)
    assert attends(api, case_id, first, r1="in_person", a1="online").status == 200
    assert attends(api, case_id, second, r1="in_person", a1="telephone").status == 200
    assert attends(api, case_id, video, r1="online", a1="online").status == 200
    for reader in (CENTRE, MEDIATOR, INSTITUTION, borrower(case_id)):
        answer = api.get(f"/v1/cases/{case_id}/sessions", reader)
        assert answer.body["trips"] == [{"party_id": "r1", "trips": 1}]
    assert rule(does(api, case_id, first, "cancellation", MEDIATOR)) == "session_to_come"
    assert rule(attends(api, case_id, first, r9="online")) == "session_invited"


def test_minutes_are_read_and_signed_by_those_present(api: Api) -> None:
    """A respondent by the code to its phone, the bank by its token; then they stay as they are."""
    case_id = in_mediation(api)
    session_id = scheduled(api, case_id)
    api.hub.clock.advance(days=6)
    path = f"/v1/cases/{case_id}/sessions/{session_id}/minutes"
    assert rule(does(api, case_id, session_id, "minutes", MEDIATOR, text=TEXT)) == "session_present"
    attends(api, case_id, session_id, r1="online", a1="online")
    assert rule(api.get(path, CENTRE)) == "minutes_drafted"
    assert does(api, case_id, session_id, "minutes", MEDIATOR, text="草稿").status == 200
    assert does(api, case_id, session_id, "minutes", MEDIATOR, text=TEXT).body["minutes_drafted"]
    party = borrower(case_id)
    for reader in (party, INSTITUTION, MEDIATOR, CENTRE):
        assert api.get(path, reader).body["text"] == TEXT
    sign = {"party_id": "r1"}
    assert signs(api, case_id, session_id, party, **sign, code="000000").status in {
        409,
        422,
    }
    assert does(api, case_id, session_id, "minutes/codes", party).status == 202
    code = [sent for sent in api.hub.gateway.inbox(PHONE) if sent.kind == "signing_code"][-1].values["code"]
    signed = signs(api, case_id, session_id, party, **sign, code=code)
    assert [(each["party_id"], each["counts"]) for each in signed.body["signatures"]] == [("r1", True)]
    again = signs(api, case_id, session_id, party, **sign, code=code)
    assert again.body == signed.body
    bank = signs(api, case_id, session_id, INSTITUTION, party_id="a1")
    assert len(bank.body["signatures"]) == 2
    assert rule(does(api, case_id, session_id, "minutes", MEDIATOR, text="别的")) == "minutes_open"
    assert rule(attends(api, case_id, session_id, r1="in_person")) == "minutes_open"
    assert TEXT not in repr(api.hub.talk.entries(case_id))


def test_minutes_that_were_drafted_anew_are_read_before_they_are_signed(api: Api) -> None:
    """Whoever signs names what it read; a code for the text before is none for the new one."""
    case_id = in_mediation(api)
    session_id = scheduled(api, case_id)
    api.hub.clock.advance(days=6)
    attends(api, case_id, session_id, r1="online", a1="online")
    does(api, case_id, session_id, "minutes", MEDIATOR, text="草稿")
    path = f"/v1/cases/{case_id}/sessions/{session_id}/minutes"
    before = api.get(path, borrower(case_id)).body["sha256"]
    assert does(api, case_id, session_id, "minutes/codes", borrower(case_id)).status == 202
    code = [sent for sent in api.hub.gateway.inbox(PHONE) if sent.kind == "signing_code"][-1].values["code"]
    does(api, case_id, session_id, "minutes", MEDIATOR, text=TEXT)
    bank = signs(api, case_id, session_id, INSTITUTION, party_id="a1", sha256=before)
    own = signs(api, case_id, session_id, borrower(case_id), party_id="r1", sha256=before, code=code)
    assert [rule(bank), rule(own)] == ["minutes_as_read"] * 2
    late = signs(api, case_id, session_id, borrower(case_id), party_id="r1", code=code)
    assert late.status in {409, 422}
    assert not api.get(path, MEDIATOR).body["signatures"]


def test_minutes_are_not_for_who_was_absent(api: Api) -> None:
    """An invited party that did not come neither reads nor signs them."""
    case_id = two_respondents(api)
    session_id = scheduled(api, case_id)
    api.hub.clock.advance(days=6)
    attends(api, case_id, session_id, r1="online")
    does(api, case_id, session_id, "minutes", MEDIATOR, text=TEXT)
    absent = borrower(case_id, "r2")
    assert api.get(f"/v1/cases/{case_id}/sessions/{session_id}/minutes", absent).status == 404
    assert rule(does(api, case_id, session_id, "minutes/codes", absent)) == "session_present"
    mine = signs(api, case_id, session_id, absent, party_id="r1", code="123456")
    assert rule(mine) == "own_party"
    assert rule(does(api, case_id, session_id, "minutes/codes", INSTITUTION)) == "own_party"


def test_a_signature_on_paper_counts_once_two_have_recorded_it(api: Api) -> None:
    """The second is another person of the centre's staff; nobody who came by video signs on paper."""
    case_id = two_respondents(api)
    session_id = scheduled(api, case_id, kind="in_person", room="room-1")
    api.hub.clock.advance(days=6)
    attends(api, case_id, session_id, r1="in_person", r2="online")
    does(api, case_id, session_id, "minutes", MEDIATOR, text=TEXT)

    def counts(by: Actor) -> list[bool]:
        answer = signs(api, case_id, session_id, by, party_id="r1", on_paper=True)
        return [each["counts"] for each in answer.body["signatures"]]

    def told() -> list[str]:
        api.hub.run()
        inbox = api.hub.gateway.inbox(BORROWER_DETAILS.phone)
        return [each.values["act"] for each in inbox if each.kind is NoticeKind.ACT_RECORDED]

    assert counts(CENTRE) == [False]
    assert counts(CENTRE) == [False]
    assert counts(MEDIATOR) == [False]
    assert told() == ["sign_minutes"]
    assert counts(replace(CENTRE, subject="clerk-2")) == [True]
    assert told() == ["sign_minutes", "sign_minutes"]
    online = signs(api, case_id, session_id, MEDIATOR, party_id="r2", on_paper=True)
    assert rule(online) == "minutes_on_paper"
    own = signs(api, case_id, session_id, MEDIATOR, party_id="r1")
    assert rule(own) == "minutes_on_paper"


def test_an_adjourned_session_goes_on_in_another(api: Api) -> None:
    """The next one says which it continues, and tells nobody who was not invited to the first."""
    case_id = in_mediation(api)
    first = scheduled(api, case_id)
    following = schedule(api, case_id, "s-2", starts_at=at(api, 9), continues=first)
    assert following.body["continues"] == first
    assert following.body["invited"] == ["a1", "r1"]


@pytest.mark.parametrize(
    ("what", "allowed"),
    [
        ("cancellation", {Role.MEDIATOR, Role.CENTRE}),
        ("attendance", {Role.MEDIATOR}),
        ("minutes", {Role.MEDIATOR}),
    ],
)
def test_who_may_do_what(api: Api, what: str, allowed: set[Role]) -> None:
    """Everybody else is refused before anything is read."""
    case_id = in_mediation(api)
    session_id = scheduled(api, case_id)
    bodies: dict[str, dict[str, Any]] = {
        "cancellation": {},
        "attendance": {"attendance": [{"party_id": "r1", "came": "online", "identity": "asked"}]},
        "minutes": {"text": TEXT},
    }
    for actor in (INSTITUTION, borrower(case_id), CENTRE, JUDGE, COURT, OPS, MEDIATOR):
        answer = does(api, case_id, session_id, what, actor, **bodies[what])
        assert (answer.status == 403) is (actor.role not in allowed), (actor.role, answer.body)
