"""A page of a work list; `chalicelib.domain.work` says what work is, and by which rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chalicelib.domain.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkPage:
    """Work, what ends first on top; `after` is the place where the list goes on, None at its end."""

    works: tuple[Work, ...]
    after: str | None
