"""No input, however odd, makes the verifier do anything but admit or refuse."""

from __future__ import annotations

import string
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.adapters.identity import Principal, Refusal, Unauthorized, actor_from_context
from tests.unit.identity.support import AUDIENCE, EVERYONE, INSTITUTION, URL, World, compact

if TYPE_CHECKING:
    from chalicelib.adapters.identity.tokens import TokenVerifier

_WORLD = World()
_VERIFIER = _WORLD.verifier()
_GOOD = _WORLD.token(INSTITUTION)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
_HEADERS = st.fixed_dictionaries(
    {},
    optional={
        "alg": st.sampled_from(["ES256", "RS256", "HS256", "none"]) | _JSON,
        "kid": st.sampled_from([_WORLD.key_id("ES256"), _WORLD.key_id("RS256")]) | _JSON,
        "typ": st.just("JWT") | _JSON,
        "crit": st.just(["b64"]) | _JSON,
        "b64": _JSON,
    },
)
_CLAIMS = st.fixed_dictionaries(
    {},
    optional={
        "iss": st.just(URL) | _JSON,
        "aud": st.just(AUDIENCE) | _JSON,
        "exp": st.just(_WORLD.clock() + 60) | _JSON,
        "iat": st.just(_WORLD.clock()) | _JSON,
        "nbf": _JSON,
        "sub": _JSON,
        "role": st.sampled_from([claims["role"] for claims in EVERYONE]) | _JSON,
        "institution_id": _JSON,
        "case_ids": _JSON,
    },
)


def _outcome(token: str, verifier: TokenVerifier = _VERIFIER) -> Principal | Refusal:
    """Return the principal or the reason code; any other exception fails the test."""
    try:
        return verifier.verify(token)
    except Unauthorized as refused:
        return refused.reason


@given(st.text() | st.text(string.ascii_letters + string.digits + "-_=.", max_size=400))
def test_random_text_is_refused(token: str) -> None:
    """Random text is no token."""
    assert isinstance(_outcome(token), Refusal)


@given(_HEADERS, _CLAIMS, st.binary(max_size=80))
def test_random_parts_under_a_random_signature_are_refused(
    header: Any, claims: Any, signature: bytes
) -> None:
    """Well-formed parts of any content don't help without the key."""
    token = compact(header, claims, lambda _: signature)
    assert isinstance(_outcome(token), Refusal)


@given(st.integers(0, len(_GOOD) - 1), st.sampled_from(string.ascii_letters + string.digits + "-_=. \n"))
def test_any_character_changed_is_refused(position: int, character: str) -> None:
    """Every single character of a token counts."""
    changed = _GOOD[:position] + character + _GOOD[position + 1 :]
    assert (changed == _GOOD) is isinstance(_outcome(changed), Principal)


@given(_CLAIMS)
def test_well_signed_claims_of_any_content_are_admitted_or_refused(claims: dict[str, Any]) -> None:
    """An issuer gone wild can't make it fail otherwise, nor get past it what the context can't carry."""
    token = compact({"alg": "ES256", "kid": _WORLD.key_id()}, claims, _WORLD.sign)
    outcome = _outcome(token)
    if isinstance(outcome, Principal):
        assert actor_from_context(outcome.context) == outcome.actor


@pytest.mark.parametrize("claims", EVERYONE, ids=lambda claims: str(claims["role"]))
@given(role=st.text(), others=st.dictionaries(st.sampled_from(["institution_id", "case_ids"]), _JSON))
def test_claims_of_other_roles_change_nothing(
    claims: dict[str, Any], role: str, others: dict[str, Any]
) -> None:
    """What belongs to another role is ignored, well-formed or not."""
    foreign = {name: value for name, value in others.items() if name not in claims} | {"nickname": role}
    assert _outcome(_WORLD.token(claims | foreign)) == _outcome(_WORLD.token(claims))
