"""Ways into a meeting: what the video host's token claims, and the number and code of a conference."""

from __future__ import annotations

import base64
import hmac
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from chalicelib.adapters.meetings import TelephoneConference, VideoRooms

if TYPE_CHECKING:
    from chalicelib.use_cases.people_ports import MeetingChannel, WayIn

KEY: Final = "a key of forty characters, made for tests"
ROOM: Final = "0f" * 16
PERSON: Final = "3c" * 16
OPENS: Final = datetime(2026, 3, 9, 6, 0, tzinfo=UTC)
CLOSES: Final = datetime(2026, 3, 9, 8, 0, tzinfo=UTC)


def enters(channel: MeetingChannel, *, leads: bool = False) -> WayIn:
    """Return somebody's way in."""
    found = channel.way_in(ROOM, PERSON, leads=leads, opens_at=OPENS, closes_at=CLOSES)
    assert found is not None
    return found


def parts(way_in: WayIn) -> tuple[str, list[str]]:
    """Return a URL's part before the token, and the three parts of the token."""
    assert way_in.url is not None
    page, _, token = way_in.url.partition("?jwt=")
    return page, token.split(".")


def opened(text: str) -> object:
    """Return what a part of a token says."""
    return json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))


def test_the_token_holds_room_expiry_random_id_and_role_and_nothing_else() -> None:
    """Literally these claims: it stands in a URL, so it names nobody. Jitsi reads them as they are."""
    page, (header, claims, _) = parts(enters(VideoRooms("meet.test", lambda: (KEY,))))
    assert page == "https://meet.test/0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f"
    assert opened(header) == {"alg": "HS256", "typ": "JWT"}
    assert opened(claims) == {
        "iss": "jiefen-hub",
        "aud": "jitsi",
        "sub": "meet.test",
        "room": "0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f",
        "nbf": 1_773_036_000,
        "exp": 1_773_043_200,
        "context": {"user": {"id": "3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c", "affiliation": "member"}},
    }


def test_who_leads_is_the_owner_of_the_room() -> None:
    """The mediator may mute, and end the meeting."""
    _, (_, claims, _) = parts(enters(VideoRooms("meet.test", lambda: (KEY,)), leads=True))
    assert '"affiliation": "owner"' in json.dumps(opened(claims))


def test_the_token_is_signed_with_the_newest_of_the_shared_keys() -> None:
    """By HMAC-SHA-256 over header and claims (RFC 7515)."""
    _, (header, claims, signature) = parts(enters(VideoRooms("meet.test", lambda: (KEY, "x" * 40))))
    expected = hmac.digest(KEY.encode(), f"{header}.{claims}".encode(), "sha256")
    assert base64.urlsafe_b64decode(signature + "=") == expected


def test_a_video_host_without_a_key_takes_nobody_in() -> None:
    """Neither a room nor a way in."""
    without = VideoRooms("meet.test", tuple)
    assert without.new_line(ROOM) is None
    assert without.way_in(ROOM, PERSON, leads=False, opens_at=OPENS, closes_at=CLOSES) is None


def test_a_conference_has_a_number_and_a_code_of_nine_digits() -> None:
    """Made of the random digits, the same length each time."""
    conference = TelephoneConference("+86 10 5555 0100")
    assert conference.new_line("0" * 31 + "7") == "000000007"
    assert conference.new_line("f" * 32) == "768211455"
    way_in = enters(conference)
    assert (way_in.number, way_in.code, way_in.url) == ("+86 10 5555 0100", ROOM, None)


def test_a_way_in_does_not_show_itself() -> None:
    """So that no log has it by accident."""
    assert ROOM not in repr(enters(VideoRooms("meet.test", lambda: (KEY,))))
