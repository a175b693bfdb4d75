"""Extending a mediation: both sides must agree (TY27, OL24)."""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.domain.parties import Side


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionProposal:
    """One side's agreement to extend; it takes effect when the other side agrees to the same days."""

    side: Side
    days: int
