"""The way into a session from afar, and its invitation for a calendar."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import jwt
import pytest
import vobject

from tests.api.test_sessions import at, does, inbox, rule, schedule, scheduled
from tests.api.test_talks import two_respondents
from tests.support.courses import in_mediation
from tests.support.fakes.hub import VIDEO_KEY
from tests.support.fakes.samples import CENTRE, COURT, INSTITUTION, JUDGE, MEDIATOR, OPS, borrower
from tests.support.http import Api

if TYPE_CHECKING:
    from chalicelib.domain.roles import Actor
    from tests.support.http import Answer

UNTIL_IT_OPENS: Final = timedelta(minutes=30)


@pytest.fixture
def api() -> Api:
    """Make a hub of its own; it is day, so that messages are sent at once."""
    api = Api()
    api.hub.quiet_hours = None
    return api


def way_in(api: Api, case_id: str, session_id: str, who: Actor) -> Answer:
    """Let somebody ask how to come in."""
    return api.get(f"/v1/cases/{case_id}/sessions/{session_id}/joining", who)


def invitation(api: Api, case_id: str, session_id: str, who: Actor) -> Answer:
    """Let somebody fetch the invitation."""
    return api.get(f"/v1/cases/{case_id}/sessions/{session_id}/invitation.ics", who)


def event(api: Api, case_id: str, session_id: str, who: Actor = MEDIATOR) -> tuple[Any, Any]:
    """Return the calendar and its event, as another library reads them."""
    answer = invitation(api, case_id, session_id, who)
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/calendar")
    calendar = vobject.readOne(answer.raw.decode())
    return calendar, calendar.vevent


def reach(api: Api, moment: str, earlier: timedelta = timedelta()) -> None:
    """Wait until so long before a moment."""
    api.hub.clock.advance(
        seconds=(datetime.fromisoformat(moment) - earlier - api.hub.clock.now()).total_seconds()
    )


def claims(answer: Answer) -> dict[str, Any]:
    """Return what the token in an answer's URL says, as the video host reads it."""
    assert answer.status == 200, answer.body
    token = answer.body["url"].partition("?jwt=")[2]
    options: Any = {"verify_exp": False, "verify_nbf": False}
    return jwt.decode(token, VIDEO_KEY, algorithms=["HS256"], audience="jitsi", options=options)


def test_who_is_invited_comes_in_and_nobody_else(api: Api) -> None:
    """Each with an id of its own, another one each time; centre, judge, court and operator have no way in."""
    case_id = two_respondents(api)
    session_id = scheduled(api, case_id, invited=["r1"])
    reach(api, at(api))
    one, again = (claims(way_in(api, case_id, session_id, borrower(case_id))) for _ in range(2))
    leader = claims(way_in(api, case_id, session_id, MEDIATOR))
    assert one["room"] == again["room"] == leader["room"]
    assert len({each["context"]["user"]["id"] for each in (one, again, leader)}) == 3
    assert [each["context"]["user"]["affiliation"] for each in (one, leader)] == ["member", "owner"]
    for other in (INSTITUTION, borrower(case_id, "r2")):
        assert way_in(api, case_id, session_id, other).body["code"] == "session_not_found"
    for outsider in (CENTRE, JUDGE, COURT, OPS):
        assert way_in(api, case_id, session_id, outsider).status in {403, 404}


def test_a_token_is_given_around_its_session_only(api: Api) -> None:
    """From half an hour before until half an hour after the end, and it is valid as long."""
    case_id = in_mediation(api)
    starts = at(api)
    session_id = scheduled(api, case_id, starts_at=starts)
    party = borrower(case_id)
    reach(api, starts, UNTIL_IT_OPENS + timedelta(seconds=1))
    assert rule(way_in(api, case_id, session_id, party)) == "session_way_in_open"
    reach(api, starts, UNTIL_IT_OPENS)
    found = claims(way_in(api, case_id, session_id, party))
    began = int(datetime.fromisoformat(starts).timestamp())
    assert (found["nbf"] - began, found["exp"] - began) == (-1_800, 5_400)
    reach(api, starts, -timedelta(minutes=90))
    assert rule(way_in(api, case_id, session_id, party)) == "session_way_in_open"


def test_a_conference_s_number_may_be_noted_beforehand(api: Api) -> None:
    """It stays the same when the session moves, and is another one in another session."""
    case_id = in_mediation(api)
    session_id = scheduled(api, case_id, kind="telephone")
    first = way_in(api, case_id, session_id, borrower(case_id)).body
    assert (first["number"], first["url"]) == ("+86 10 5555 0100", None)
    assert re.fullmatch("[0-9]{9}", first["code"])
    does(api, case_id, session_id, "time", MEDIATOR, kind="telephone", starts_at=at(api, 7), minutes=60)
    assert way_in(api, case_id, session_id, INSTITUTION).body["code"] == first["code"]
    other = scheduled(api, case_id, "s-2", kind="telephone")
    assert way_in(api, case_id, other, INSTITUTION).body["code"] != first["code"]


def test_a_session_in_person_or_cancelled_has_no_way_in(api: Api) -> None:
    """One comes there, or stays at home."""
    case_id = in_mediation(api)
    session_id = scheduled(api, case_id, kind="in_person", room="room-1")
    reach(api, at(api))
    assert rule(way_in(api, case_id, session_id, MEDIATOR)) == "session_has_way_in"


def test_a_session_that_moves_to_video_gets_a_room_and_a_cancelled_one_has_none(api: Api) -> None:
    """The room is made when the session is first held by video."""
    case_id = in_mediation(api)
    session_id = scheduled(api, case_id, kind="in_person", room="room-1")
    starts = at(api)
    moved = does(api, case_id, session_id, "time", MEDIATOR, kind="video", starts_at=starts, minutes=60)
    assert moved.status == 200
    reach(api, starts)
    assert claims(way_in(api, case_id, session_id, MEDIATOR))["room"]
    does(api, case_id, session_id, "cancellation", MEDIATOR)
    assert rule(way_in(api, case_id, session_id, MEDIATOR)) == "session_has_way_in"


@pytest.mark.parametrize("kind", ["video", "telephone"])
def test_a_channel_that_is_not_configured_is_refused_by_name(api: Api, kind: str) -> None:
    """When a session is scheduled, when it is moved, and where the channel was taken away later."""
    case_id = in_mediation(api)
    kept = scheduled(api, case_id, kind=kind)
    here = scheduled(api, case_id, "s-2", kind="in_person", room="room-1", starts_at=at(api, 6))
    del api.hub.meeting_channels[kind]
    assert rule(schedule(api, case_id, "s-3", kind=kind, starts_at=at(api, 7))) == f"{kind}_offered"
    moved = does(api, case_id, here, "time", MEDIATOR, kind=kind, starts_at=at(api, 8), minutes=60)
    assert rule(moved) == f"{kind}_offered"
    reach(api, at(api))
    assert rule(way_in(api, case_id, kept, MEDIATOR)) == "session_has_way_in"


def test_the_way_in_is_told_to_the_caller_alone(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    """It is in no log line, no notice, no queue, no list, no event and no invitation; no cache keeps it."""
    case_id = in_mediation(api)
    session_id = scheduled(api, case_id)
    reach(api, at(api))
    answer = way_in(api, case_id, session_id, borrower(case_id))
    assert answer.headers["Cache-Control"] == "no-store"
    room = claims(answer)["room"]
    api.hub.run()
    assert inbox(api)[0] == "session_scheduled"  # and no values go with it: `inbox` looks
    said = [
        repr([vars(record) for record in caplog.records]),
        str(api.get(f"/v1/cases/{case_id}/sessions", MEDIATOR).body),
        str(api.get(f"/v1/cases/{case_id}/events", MEDIATOR).body),
        repr(api.hub.talk.entries(case_id)),
        invitation(api, case_id, session_id, borrower(case_id)).raw.decode(),
    ]
    assert "/joining" in said[0]
    assert not [text for text in said if room in text]


def test_an_invitation_is_read_by_another_parser(api: Api) -> None:
    """At China's time, with the zone it names; lines of at most 75 octets that end as the format has it."""
    case_id = in_mediation(api)
    session_id = scheduled(api, case_id, kind="in_person", room="room-1", starts_at=at(api, 5, 6))
    calendar, found = event(api, case_id, session_id)
    assert (calendar.version.value, calendar.method.value) == ("2.0", "REQUEST")
    assert (found.uid.value, found.sequence.value) == (session_id, "0")
    begins = found.dtstart.value
    assert begins.astimezone(UTC) == datetime.fromisoformat(at(api, 5, 6))
    assert (begins.hour, begins.utcoffset()) == (14, timedelta(hours=8))
    assert found.dtend.value - begins == timedelta(hours=1)
    assert found.location.value == "court-jc司法协同中心 room-1"
    assert "请携带身份证件" in found.description.value
    raw = invitation(api, case_id, session_id, MEDIATOR).raw
    assert b"DTSTART;TZID=Asia/Shanghai:" in raw
    assert raw.count(b"BEGIN:VTIMEZONE") == raw.count(b"TZID:Asia/Shanghai") == 1
    lines = raw.split(b"\r\n")
    assert lines[-1] == b""
    assert max(map(len, lines)) <= 75
    assert b"\n" not in b"".join(lines)
    for line in lines:
        line.decode()  # no character is cut in two: whoever shows a single line can


def test_moving_and_cancelling_update_the_same_event(api: Api) -> None:
    """The same UID, a higher SEQUENCE each time; a cancelled one says so."""
    case_id = in_mediation(api)
    session_id = scheduled(api, case_id)
    does(api, case_id, session_id, "time", MEDIATOR, kind="video", starts_at=at(api, 7), minutes=90)
    calendar, found = event(api, case_id, session_id, INSTITUTION)
    assert (calendar.method.value, found.uid.value, found.sequence.value) == ("REQUEST", session_id, "1")
    assert found.dtstart.value.astimezone(UTC) == datetime.fromisoformat(at(api, 7))
    does(api, case_id, session_id, "cancellation", CENTRE)
    calendar, found = event(api, case_id, session_id, INSTITUTION)
    assert (calendar.method.value, found.uid.value, found.sequence.value) == ("CANCEL", session_id, "2")
    assert found.status.value == "CANCELLED"


def test_an_invitation_names_nobody_and_a_private_talk_is_not_shown_to_the_other_side(api: Api) -> None:
    """Neither a party, nor a mediator, nor the case."""
    case_id = two_respondents(api)
    session_id = scheduled(api, case_id, invited=["r1"])
    own = invitation(api, case_id, session_id, borrower(case_id)).raw.decode()
    parties = api.get(f"/v1/cases/{case_id}", INSTITUTION).body["parties"]
    said = [case_id, "m-1", *(each["party_id"] for each in parties), *(each["name"] for each in parties)]
    unfolded = own.replace("\r\n ", "")
    words = set(re.findall(r"[\w-]+", unfolded))
    assert not words & set(said)
    for other in (INSTITUTION, borrower(case_id, "r2")):
        assert invitation(api, case_id, session_id, other).body["code"] == "session_not_found"
