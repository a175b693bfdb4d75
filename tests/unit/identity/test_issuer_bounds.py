"""What an issuer's tokens may say is bounded by its configuration."""

from __future__ import annotations

import pytest

from chalicelib.adapters.identity import Issuer, Refusal, Unauthorized
from chalicelib.adapters.identity.tokens import TokenVerifier
from tests.unit.identity.support import AUDIENCE, CENTRE, INSTITUTION, URL, World


def verifier(world: World, **bounds: tuple[str, ...]) -> TokenVerifier:
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
