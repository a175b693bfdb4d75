"""The session of a person who signed in: a sealed cookie, and the token that its forms carry.

Promise: a session ends 8 hours after the sign-in, after 30 minutes without a page, and with a sign-out on
every container; one that began with a party's link ends when the centre revokes the party's links. Its forms
are accepted from its own pages only. The cookie holds what the sign-in proved, the ids of the person's role,
and nothing of any case.
Downside: a role that the issuer takes away stays until the session ends.
"""

from __future__ import annotations

import base64
import hmac
import secrets
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.adapters.sealing_cookies import Sealer
    from chalicelib.console.asked import Asked
    from chalicelib.console.ports import EndedSessions

LONGEST_SECONDS: Final = 8 * 3600
IDLE_SECONDS: Final = 30 * 60
LONGEST_COOKIE: Final = 4000
"""Browsers keep no cookie of more than 4,096 bytes, its name and attributes included."""
_SEEN_AGAIN_AFTER: Final = 60
BY_LINK: Final = "link"
"""The issuer of who came in by a party's link; those of people with an account are URLs."""
_PURPOSE: Final = "session 1"  # another number when what it holds changes
_CSRF_BYTES: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Who signed in, with the context that the API's authorizer would have made of it; times in seconds."""

    session_id: str
    caller: Mapping[str, str]
    csrf: str = field(repr=False)
    begun: int
    seen: int

    @classmethod
    def begin(cls, caller: Mapping[str, str], now: int) -> Session:
        """Begin a session; nothing of an earlier one is taken over."""
        return cls(
            session_id=secrets.token_hex(16),
            caller={name: value for name, value in caller.items() if value},
            csrf=secrets.token_hex(_CSRF_BYTES),
            begun=now,
            seen=now,
        )

    @property
    def ends_at(self) -> int:
        """When it ends at the latest, in epoch seconds."""
        return self.begun + LONGEST_SECONDS

    def lives(self, now: int) -> bool:
        """Tell whether it is neither too old nor idle for too long."""
        return now < self.ends_at and now < self.seen + IDLE_SECONDS

    @property
    def link_of(self) -> tuple[str, str] | None:
        """Case and party of the link that it began with; None for who has an account."""
        if self.caller.get("issuer") != BY_LINK:
            return None
        case_id, party_id = (self.caller.get("agent_of") or self.caller["case_ids"]).split(":")[:2]
        return case_id, party_id

    def form_token(self) -> str:
        """Return the token for a form: the secret under a pad that is new each time.

        Answers are compressed: a secret that was the same in each of them could be guessed by their length.
        """
        pad = secrets.token_bytes(_CSRF_BYTES)
        return base64.urlsafe_b64encode(pad + _xor(pad, bytes.fromhex(self.csrf))).decode().rstrip("=")

    def accepts(self, token: str) -> bool:
        """Tell whether a form's token is of this session."""
        try:
            raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        except ValueError:
            return False
        pad, hidden = raw[:_CSRF_BYTES], raw[_CSRF_BYTES:]
        whole = len(pad) == len(hidden) == _CSRF_BYTES
        return whole and hmac.compare_digest(_xor(pad, hidden), bytes.fromhex(self.csrf))


def _xor(first: bytes, second: bytes) -> bytes:
    return bytes(one ^ other for one, other in zip(first, second, strict=True))


def sealed(session: Session, sealer: Sealer) -> str:
    """Return the cookie's value."""
    content = {name: getattr(session, name) for name in ("session_id", "csrf", "begun", "seen")}
    return sealer.seal(_PURPOSE, {**content, "caller": dict(session.caller)})


def session_of(asked: Asked, sealer: Sealer, ended: EndedSessions, now: int) -> Session | None:
    """Return the session of a request's cookie; None if there is none, or it has ended."""
    content = sealer.open(_PURPOSE, asked.cookies.get(cookie_name(asked, "session"), ""))
    if content is None:
        return None
    session = Session(**content)
    return session if session.lives(now) and not ended.ended(session.session_id) else None


def seen_again(session: Session, now: int) -> Session | None:
    """Return the session as seen now; None if that need not be written yet."""
    return replace(session, seen=now) if now - session.seen >= _SEEN_AGAIN_AFTER else None


def cookie_name(asked: Asked, name: str) -> str:
    """Return a cookie's name: with the prefix that binds it to this host, where it is served over https."""
    return name if asked.on_loopback else f"__Host-{name}"


def cookie(asked: Asked, name: str, value: str, seconds: int | None = None) -> str:
    """Return a `Set-Cookie` header; 0 seconds deletes it, None keeps it until the browser is closed.

    No script reads it, and no other site's form sends it.
    """
    life = "" if seconds is None else f"; Max-Age={seconds}"
    secure = "" if asked.on_loopback else "; Secure"
    return f"{cookie_name(asked, name)}={value}; Path=/{life}; HttpOnly; SameSite=Lax{secure}"


def comes_from_here(asked: Asked) -> bool:
    """Tell whether a form was sent by a page of the hub, as far as the browser says.

    `Sec-Fetch-Site` is asked first, which no page can set; a browser that sends neither header is old, and
    the form's token alone has to do.
    """
    site = asked.headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}  # none: the person reloads a page that answered a form
    origin = asked.headers.get("origin")
    return origin is None or origin == asked.origin


def begun_of(asked: Asked, sealer: Sealer) -> dict[str, Any]:
    """Return what the browser kept of a sign-in that it began; empty if it kept nothing."""
    return sealer.open("sign-in", asked.cookies.get(cookie_name(asked, "sign-in"), "")) or {}
