"""What an issuer's tokens may say is bounded by its configuration."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.adapters.identity import Issuer, Refusal, Unauthorized
from chalicelib.adapters.identity.tokens import TokenVerifier
from tests.unit.identity.support import AUDIENCE, CENTRE, INSTITUTION, URL, World


def verifier(world: World, **bounds: Any) -> TokenVerifier:
    issuer = Issuer(URL, f"{URL}/jwks.json", AUDIENCE, ("ES256", "RS256"), **bounds)
    return TokenVerifier([issuer], now=world.clock, fetch=world.fetch)


@pytest.mark.parametrize(
    ("bounds", "claims"),
    [
        ({"roles": ("institution",)}, CENTRE),
        ({"roles": ("institution",), "institution_ids": ("bank-2",)}, INSTITUTION),
        ({"institution_ids": ("bank-2", "bank-3")}, INSTITUTION),
    ],
)
def test_a_bank_s_own_issuer_speaks_for_nobody_else(
    bounds: dict[str, tuple[str, ...]], claims: dict[str, object]
) -> None:
    world = World()
    with pytest.raises(Unauthorized) as caught:
        verifier(world, **bounds).verify(world.token(claims))
    assert caught.value.reason is Refusal.BEYOND_ISSUER


@pytest.mark.parametrize(
    ("bounds", "claims"),
    [
        ({}, INSTITUTION),
        ({"roles": ("institution",), "institution_ids": ("bank-1",)}, INSTITUTION),
        ({"institution_ids": ("bank-2",)}, CENTRE),
    ],
)
def test_what_it_is_trusted_with_is_let_in(
    bounds: dict[str, tuple[str, ...]], claims: dict[str, object]
) -> None:
    world = World()
    principal = verifier(world, **bounds).verify(world.token(claims))
    assert principal.actor.role == claims["role"]


@pytest.mark.parametrize("longest", [0, -1, 3600.0, "3600", True])
def test_the_longest_life_of_a_token_is_a_whole_number_of_seconds(longest: Any) -> None:
    with pytest.raises(ValueError, match="longest_life_seconds"):
        Issuer(URL, f"{URL}/jwks.json", AUDIENCE, ("ES256",), longest_life_seconds=longest)


def test_an_issuers_longest_life_is_kept() -> None:
    world = World()
    with pytest.raises(Unauthorized) as caught:
        verifier(world, longest_life_seconds=600).verify(world.token(CENTRE, ttl_seconds=601))
    assert caught.value.reason is Refusal.LIFE_TOO_LONG
    verifier(world, longest_life_seconds=600).verify(world.token(CENTRE, ttl_seconds=600))
