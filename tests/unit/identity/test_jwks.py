"""How an issuer's keys are fetched, kept, renewed and doubted: counted in fetches."""

from __future__ import annotations

import json
import threading
import time
from typing import TYPE_CHECKING, Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from chalicelib.adapters.identity import Issuer, IssuerUnreachable, Refusal, Unauthorized
from chalicelib.adapters.identity.jwks import FetchFailedError, KeySet, usable_keys
from tests.unit.identity.support import AUDIENCE, FRESHNESS, INSTITUTION, URL, World

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalicelib.adapters.identity.tokens import TokenVerifier


def _with_key_id(world: World, key_id: str) -> str:
    stranger = ec.generate_private_key(ec.SECP256R1())
    return jwt.encode(world.claims(), stranger, "ES256", headers={"kid": key_id})


def _refusal(verifier: TokenVerifier, token: str) -> Refusal:
    with pytest.raises(Unauthorized) as caught:
        verifier.verify(token)
    return caught.value.reason


def test_keys_are_fetched_once_while_they_are_fresh(fresh_world: World) -> None:
    """Building a verifier fetches nothing; a hundred tokens cost one fetch; then one per freshness period."""
    verifier = fresh_world.verifier()
    assert fresh_world.fetches == 0
    for _ in range(100):
        verifier.verify(fresh_world.token(INSTITUTION))
    assert fresh_world.fetches == 1
    fresh_world.clock.pass_(FRESHNESS.fresh_for)
    verifier.verify(fresh_world.token(INSTITUTION))
    assert fresh_world.fetches == 2


def test_random_key_ids_cause_one_fetch_per_cool_down(fresh_world: World) -> None:
    """Three cool-downs of attack cost the issuer three fetches, however many tokens are sent."""
    verifier = fresh_world.verifier()
    verifier.verify(fresh_world.token(INSTITUTION))
    for attempt in range(3 * int(FRESHNESS.cool_down)):
        fresh_world.clock.pass_(1)
        for name in ("a", "b"):
            token = _with_key_id(fresh_world, f"random-{attempt}-{name}")
            assert _refusal(verifier, token) is Refusal.KEY_UNKNOWN
    assert fresh_world.fetches == 1 + 3


def test_a_rotated_key_is_picked_up_after_the_cool_down(fresh_world: World) -> None:
    """Within the cool-down the new key is unknown; after it, it is fetched, and the old one still serves."""
    verifier, old = fresh_world.verifier(), fresh_world.token(INSTITUTION, ttl_seconds=3600)
    verifier.verify(old)
    fresh_world.issuer.rotate()
    assert _refusal(verifier, fresh_world.token(INSTITUTION)) is Refusal.KEY_UNKNOWN
    fresh_world.clock.pass_(FRESHNESS.cool_down)
    verifier.verify(fresh_world.token(INSTITUTION))
    verifier.verify(old)
    assert fresh_world.fetches == 2


def test_a_withdrawn_key_is_refused_once_the_keys_are_fetched_anew(fresh_world: World) -> None:
    """Two rotations withdraw a key; it is accepted until the set is renewed, and no longer."""
    verifier, old = fresh_world.verifier(), fresh_world.token(INSTITUTION, ttl_seconds=3600)
    verifier.verify(old)
    fresh_world.issuer.rotate()
    fresh_world.issuer.rotate()
    verifier.verify(old)
    fresh_world.clock.pass_(FRESHNESS.fresh_for)
    assert _refusal(verifier, old) is Refusal.KEY_UNKNOWN


def test_the_last_keys_serve_while_the_issuer_is_down_but_not_for_ever(fresh_world: World) -> None:
    """A stale set is used, and asked to be renewed once per cool-down; past its bound nobody is judged."""
    verifier, token = fresh_world.verifier(), fresh_world.token(INSTITUTION, ttl_seconds=86_400)
    verifier.verify(token)
    fresh_world.down = True
    fresh_world.clock.pass_(FRESHNESS.max_stale)
    for _ in range(10):
        verifier.verify(token)
    assert fresh_world.fetches == 2
    fresh_world.clock.pass_(1)
    with pytest.raises(IssuerUnreachable):
        verifier.verify(token)
    fresh_world.down = False
    fresh_world.clock.pass_(FRESHNESS.cool_down)
    verifier.verify(token)


def test_without_any_keys_an_issuer_that_is_down_is_not_the_callers_fault(fresh_world: World) -> None:
    """Cold and unreachable: an error to retry, asked for again after a short delay only."""
    verifier, token = fresh_world.verifier(), fresh_world.token(INSTITUTION)
    fresh_world.down = True
    for _ in range(10):
        with pytest.raises(IssuerUnreachable, match=r"issuer\.example/jwks\.json"):
            verifier.verify(token)
    assert fresh_world.fetches == 1
    fresh_world.down = False
    fresh_world.clock.pass_(FRESHNESS.retry_delay)
    verifier.verify(token)
    assert fresh_world.fetches == 2


def test_an_unknown_key_of_an_issuer_that_is_down_is_not_refused(fresh_world: World) -> None:
    """The issuer may have rotated just before it went down, so the token can't be judged."""
    verifier = fresh_world.verifier()
    verifier.verify(fresh_world.token(INSTITUTION))
    fresh_world.issuer.rotate()
    fresh_world.down = True
    fresh_world.clock.pass_(FRESHNESS.cool_down)
    for _ in range(10):
        with pytest.raises(IssuerUnreachable):
            verifier.verify(fresh_world.token(INSTITUTION))
    assert fresh_world.fetches == 2
    fresh_world.down = False
    fresh_world.clock.pass_(FRESHNESS.cool_down)
    verifier.verify(fresh_world.token(INSTITUTION))
    assert _refusal(verifier, _with_key_id(fresh_world, "random")) is Refusal.KEY_UNKNOWN


def test_a_failed_fetch_is_logged_without_contents(
    fresh_world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """Operators learn which key set failed and by which code."""
    fresh_world.down = True
    with pytest.raises(IssuerUnreachable):
        fresh_world.verifier().verify(fresh_world.token(INSTITUTION))
    (record,) = caplog.records
    assert record.getMessage() == "jwks_fetch_failed"
    assert vars(record)["jwks_uri"] == f"{URL}/jwks.json"
    assert vars(record)["why"] == "down"


def test_many_threads_at_a_cold_start_share_one_fetch(fresh_world: World) -> None:
    """While one thread fetches, the others wait for its result instead of failing or fetching too."""
    started = threading.Barrier(8)

    def slow_fetch(url: str) -> bytes:
        document = fresh_world.fetch(url)
        time.sleep(0.2)  # long enough for every other thread to arrive
        return document

    trusted = Issuer(URL, f"{URL}/jwks.json", AUDIENCE, ("ES256",))
    keys = KeySet(trusted, fetch=slow_fetch, now=fresh_world.clock, freshness=FRESHNESS)
    found: list[jwt.PyJWK | None] = []

    def find() -> None:
        started.wait(5)
        found.append(keys.find(fresh_world.key_id()))

    threads = [threading.Thread(target=find) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(5)
    assert len(found) == 8
    assert None not in found
    assert fresh_world.fetches == 1


def _jwk(world: World, algorithm: str = "ES256", **changes: Any) -> dict[str, Any]:
    entry = {**world.public_jwk(algorithm), "kid": "k", **changes}
    return {name: value for name, value in entry.items() if value is not None}


def _other_jwk(key: ec.EllipticCurvePublicKey | rsa.RSAPublicKey) -> dict[str, Any]:
    if isinstance(key, rsa.RSAPublicKey):
        return {**jwt.algorithms.RSAAlgorithm.to_jwk(key, as_dict=True), "kid": "k"}
    return {**jwt.algorithms.ECAlgorithm.to_jwk(key, as_dict=True), "kid": "k"}


USELESS: dict[str, Callable[[World], Any]] = {
    "not an object": lambda _: "key",
    "without a key id": lambda w: _jwk(w, kid=None),
    "for encryption": lambda w: _jwk(w, use="enc"),
    "for another algorithm": lambda w: _jwk(w, "RS256", alg="PS256"),
    "of another type than its algorithm": lambda w: _jwk(w, "RS256", alg="ES256"),
    "a shared secret": lambda _: {"kty": "oct", "kid": "k", "k": "c2VjcmV0", "alg": "HS256"},
    "a shared secret that claims ES256": lambda _: {
        "kty": "oct",
        "kid": "k",
        "k": "c2VjcmV0",
        "alg": "ES256",
    },
    "a point off the curve": lambda w: _jwk(w, y="A" * 43),
    "a coordinate that is a number": lambda w: _jwk(w, x=1),
    "a coordinate missing": lambda w: _jwk(w, x=None),
    "on another curve": lambda _: _other_jwk(ec.generate_private_key(ec.SECP384R1()).public_key()),
    # A modulus made up: no private key of this length needs to exist.
    "a short RSA key": lambda _: _other_jwk(rsa.RSAPublicNumbers(65537, 2**1023 + 1).public_key()),
    "an even RSA exponent": lambda w: _jwk(w, "RS256", e="Ag"),
    "no base64": lambda w: _jwk(w, "RS256", n="\u8d37\u6b3e"),
}


@pytest.mark.parametrize("make", USELESS.values(), ids=USELESS)
def test_a_useless_key_is_left_out_and_the_others_stay(world: World, make: Callable[[World], Any]) -> None:
    """One bad entry, or one of a kind the hub does not use, does not spoil the set."""
    document = {"keys": [make(world), _jwk(world, kid="good")]}
    assert set(usable_keys(json.dumps(document).encode(), ("ES256", "RS256"))) == {"good"}


@pytest.mark.parametrize("algorithm", ["ES256", "RS256"])
def test_a_key_need_not_say_what_it_is_for(world: World, algorithm: str) -> None:
    """`alg` and `use` are optional (RFC 7517 section 4): the key's type decides."""
    document = {"keys": [_jwk(world, algorithm, alg=None, use=None)]}
    (key,) = usable_keys(json.dumps(document).encode(), ("ES256", "RS256")).values()
    assert key.algorithm_name == algorithm


def test_a_private_key_published_by_mistake_is_used_as_a_public_one(world: World) -> None:
    """Only the public members are read, whatever else an issuer publishes."""
    document = {"keys": [_jwk(world, d="AAAA")]}
    (key,) = usable_keys(json.dumps(document).encode(), ("ES256",)).values()
    assert isinstance(key.key, ec.EllipticCurvePublicKey)


@pytest.mark.parametrize(
    "document",
    [b"", b"[]", b"{}", b"null", b'{"keys": {}}', b"\xff\xfe\xfd", b"[" * 50_000, b"<html>"],
    ids=lambda document: repr(document[:12]),
)
def test_what_is_no_key_set_counts_as_a_failed_fetch(document: bytes) -> None:
    """A broken answer must not replace the good keys of before."""
    with pytest.raises(FetchFailedError, match="not_a_jwk_set"):
        usable_keys(document, ("ES256",))


def test_an_empty_key_set_is_an_answer() -> None:
    """An issuer that withdraws every key is taken at its word."""
    assert usable_keys(b'{"keys": []}', ("ES256",)) == {}
