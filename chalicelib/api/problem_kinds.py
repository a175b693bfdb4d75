"""The shape of a row in the tables of problems."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from chalicelib.api.languages import Words

_UNAUTHENTICATED: Final = 401


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem: its status, its title, what the caller should do, and how soon (seconds)."""

    status: int
    title: Words
    detail: Words
    retry_after: int | None = None

    @property
    def headers(self) -> dict[str, str]:
        """The headers this kind sends: when to come back, and which scheme proves the caller (RFC 9110)."""
        headers = {} if self.retry_after is None else {"Retry-After": str(self.retry_after)}
        if self.status == _UNAUTHENTICATED:
            headers["WWW-Authenticate"] = "Bearer"
        return headers
