"""What the console is given: the API for callers in this process, and what a sign-in needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.adapters.identity.sign_in import PeopleIssuers
    from chalicelib.adapters.sealing_cookies import Sealer
    from chalicelib.domain.roles import Actor
    from chalicelib.use_cases.papers import CourtNames
    from chalicelib.use_cases.ports import Clock


class Sent(Protocol):
    """An answer of the API."""

    @property
    def status(self) -> int: ...
    @property
    def headers(self) -> Mapping[str, str]: ...
    @property
    def body(self) -> bytes: ...


class Api(Protocol):
    """The API in the same process; see `chalicelib.api.inside`, which `app.py` hands over."""

    def __call__(
        self,
        method: str,
        route: str,
        *,
        caller: Mapping[str, str],
        language: str,
        request_id: str,
        path: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
        version: int | None = None,
        key: str | None = None,
        source: str = "",
    ) -> Sent:
        """Answer a request to a route as it is written in the API's document."""
        ...

    def permits(self, method: str, route: str, caller: Mapping[str, str]) -> bool:
        """Tell whether the caller's role may use a route at all."""
        ...


class EndedSessions(Protocol):
    """The sessions that were ended by signing out, for every container."""

    def end(self, session_id: str, expires_at: int) -> None:
        """Keep that a session was ended, until it expires (epoch seconds)."""
        ...

    def ended(self, session_id: str) -> bool:
        """Tell whether a session was ended."""
        ...


class Door(Protocol):
    """The parts of the hub that the console uses itself; `bootstrap.hub()` has them."""

    @property
    def people_issuers(self) -> PeopleIssuers: ...
    @property
    def sealer(self) -> Sealer: ...
    @property
    def ended_sessions(self) -> EndedSessions: ...
    @property
    def bucket_url(self) -> str: ...
    @property
    def clock(self) -> Clock: ...
    def request_sign_in_code(self, token: str) -> None:
        """Send a code for a party's link; says nothing of whether there is such a link."""
        ...

    def sign_in_by_link(self, token: str, code: str) -> Actor | None:
        """Return who comes in by a party's link and code; None if one of them is wrong."""
        ...

    def links_revoked_at(self, case_id: str, party_id: str) -> int | None:
        """Return when a party's links were last revoked, in epoch seconds; None if they never were."""
        ...

    def names_of(self, court_id: str) -> CourtNames:
        """Return the names of a court and of its mediation centre; raises UnknownCourt."""
        ...
