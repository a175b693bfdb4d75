"""The claim: nothing negative, and a total that is the sum."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.claim import Claim, Track
from chalicelib.domain.commands import Screen
from chalicelib.domain.money import ZERO, Money
from chalicelib.domain.steps import CourtLimits
from tests.support.builders import claims, context_of, filed

COMPONENTS = [entry.name for entry in fields(Claim) if entry.name != "as_of"]


def with_component(claim: Claim, name: str, amount: Money) -> Claim:
    """Return the claim with one component changed."""
    changes: dict[str, Any] = {name: amount}
    return replace(claim, **changes)


@given(claims)
def test_the_total_is_the_sum_of_the_components(claim: Claim) -> None:
    """Each component counts once."""
    assert claim.total.fen == sum(getattr(claim, name).fen for name in COMPONENTS)


@given(claims, st.sampled_from(COMPONENTS), st.integers(1, 10**12))
def test_no_component_is_negative(claim: Claim, name: str, fen: int) -> None:
    """Not even by a fen."""
    with pytest.raises(ValueError, match="negative"):
        with_component(claim, name, Money(-fen))
    assert with_component(claim, name, ZERO).total <= claim.total


@given(claims, st.integers(-1, 1))
def test_the_track_turns_at_the_courts_ceiling(claim: Claim, beyond: int) -> None:
    """A claim of exactly the ceiling is still one of inclusive finance (M2)."""
    case = replace(filed().case, claim=claim)
    limits = CourtLimits(inclusive_finance_ceiling=Money(claim.total.fen - beyond))
    track = Screen().changes(case, context_of(limits=limits))["track"]
    assert (track is Track.ORDINARY) == (beyond > 0)
