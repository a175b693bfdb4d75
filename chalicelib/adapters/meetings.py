"""Where people meet who are in different places: a video host (Jitsi) and a telephone conference.

Promise: nobody needs an account, and what stands in a URL names nobody: the room is random, and so is the
id of who comes in, a new one each time. The token opens one room, and only around the time of its session.
Downside: the hosts are the deployment's own. The video host has to check tokens, and the conference has to
open one for any code that is dialled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import jwt

from chalicelib.use_cases.people_ports import WayIn

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

_ISSUER: Final = "jiefen-hub"
"""The `app_id` that the video host knows the hub by."""
_AUDIENCE: Final = "jitsi"
_CODE_DIGITS: Final = 9


class VideoRooms:
    """The port `MeetingChannel`, implemented by a Jitsi host that takes signed tokens (JWT, HS256)."""

    def __init__(self, host: str, keys: Callable[[], tuple[str, ...]]) -> None:
        self._host = host
        self._keys = keys

    def new_line(self, random: str) -> str | None:
        """Return a room's name; None while there is no key to sign with."""
        return random if self._keys() else None

    def way_in(
        self, line: str, person: str, *, leads: bool, opens_at: datetime, closes_at: datetime
    ) -> WayIn | None:
        """Return the room's URL with a token of one's own; see the port."""
        keys = self._keys()
        if not keys:
            return None
        claims = {
            "iss": _ISSUER,
            "aud": _AUDIENCE,
            "sub": self._host,
            "room": line,
            "nbf": int(opens_at.timestamp()),
            "exp": int(closes_at.timestamp()),
            "context": {"user": {"id": person, "affiliation": "owner" if leads else "member"}},
        }
        token = jwt.encode(claims, keys[0], algorithm="HS256")
        return WayIn(url=f"https://{self._host}/{line}?jwt={token}")


class TelephoneConference:
    """The port `MeetingChannel`, implemented by a conference that is reached with a number and a code."""

    def __init__(self, number: str) -> None:
        self._number = number

    def new_line(self, random: str) -> str | None:
        """Return a code of nine digits."""
        return f"{int(random, 16) % 10**_CODE_DIGITS:0{_CODE_DIGITS}}"

    def way_in(
        self, line: str, person: str, *, leads: bool, opens_at: datetime, closes_at: datetime
    ) -> WayIn | None:
        """Return the number to ring and the code: the same for everybody, at any time."""
        del person, leads, opens_at, closes_at
        return WayIn(number=self._number, code=line)
