"""A page of calls that a centre has to make; what a call is made of stands with the notices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chalicelib.domain.notices import PhoneCall


@dataclass(frozen=True, slots=True, kw_only=True)
class CallPage:
    """Calls, the oldest first; `after` is the place where the list continues, None at its end."""

    calls: tuple[PhoneCall, ...]
    after: str | None
