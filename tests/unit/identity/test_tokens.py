"""Which tokens are let in, and that every other one is refused for a reason that has a code."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import TYPE_CHECKING, Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from chalicelib.adapters.identity import Issuer, Refusal, Unauthorized
from chalicelib.adapters.identity.tokens import LEEWAY_SECONDS, MAX_TOKEN_LENGTH, TokenVerifier
from chalicelib.domain.roles import Role
from tests.unit.identity.support import (
    AUDIENCE,
    EVERYONE,
    INSTITUTION,
    URL,
    World,
    compact,
    segment,
    sign_raw,
    signed,
)

if TYPE_CHECKING:
    from collections.abc import Callable

_STRANGER = ec.generate_private_key(ec.SECP256R1())
_NESTED = segment(b"[" * 2900 + b"]" * 2900)


def _unsigned(world: World) -> str:
    return compact({"alg": "none", "kid": world.key_id()}, world.claims(), lambda _: b"")


def _hmac_with_the_public_key(world: World, algorithm: str = "ES256") -> str:
    public_key = jwt.PyJWK(world.public_jwk(algorithm)).key
    secret = public_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    header = {"alg": "HS256", "kid": world.key_id(algorithm)}
    return compact(header, world.claims(), lambda text: hmac.new(secret, text, hashlib.sha256).digest())


def _tampered(world: World) -> str:
    header, payload, signature = world.token(INSTITUTION).split(".")
    claims = json.loads(jwt.utils.base64url_decode(payload))
    return f"{header}.{segment({**claims, 'institution_id': 'bank-2'})}.{signature}"


def _by_a_stranger(world: World) -> str:
    return jwt.encode(world.claims(), _STRANGER, "ES256", headers={"kid": world.key_id()})


def _without_key_id(world: World) -> str:
    return jwt.encode(world.claims(), _STRANGER, "ES256")


FORGERIES: list[tuple[str, Refusal, Callable[[World], str]]] = [
    ("over-long", Refusal.TOO_LONG, lambda w: w.token(INSTITUTION, padding="x" * MAX_TOKEN_LENGTH)),
    ("empty", Refusal.MALFORMED, lambda _: ""),
    ("not a JWS", Refusal.MALFORMED, lambda _: "a.b.c"),
    ("a lone surrogate", Refusal.MALFORMED, lambda _: "\ud800"),
    ("payload not an object", Refusal.MALFORMED, lambda w: sign_raw(w, ["iss", URL])),
    ("nested header", Refusal.MALFORMED, lambda _: f"{_NESTED}.e30.e30"),
    ("nested payload", Refusal.MALFORMED, lambda _: f"e30.{_NESTED}.e30"),
    ("unknown critical header", Refusal.MALFORMED, lambda w: signed(w, {"crit": ["x"], "x": 1})),
    ("a detached payload", Refusal.MALFORMED, lambda w: signed(w, {"crit": ["b64"], "b64": False})),
    ("a logout token", Refusal.TYPE_REFUSED, lambda w: signed(w, {"typ": "logout+jwt"})),
    ("typ not a string", Refusal.TYPE_REFUSED, lambda w: signed(w, {"typ": ["JWT"]})),
    ("wrong issuer", Refusal.ISSUER_UNKNOWN, lambda w: signed(w, iss="https://elsewhere.example")),
    ("issuer with a slash more", Refusal.ISSUER_UNKNOWN, lambda w: signed(w, iss=f"{URL}/")),
    ("issuer missing", Refusal.ISSUER_UNKNOWN, lambda w: signed(w, iss=None)),
    ("several issuers", Refusal.ISSUER_UNKNOWN, lambda w: signed(w, iss=[URL])),
    ("alg none", Refusal.ALGORITHM_REFUSED, _unsigned),
    ("HS256 with the EC public key", Refusal.ALGORITHM_REFUSED, _hmac_with_the_public_key),
    (
        "HS256 with the RSA public key",
        Refusal.ALGORITHM_REFUSED,
        lambda w: _hmac_with_the_public_key(w, "RS256"),
    ),
    ("alg missing", Refusal.ALGORITHM_REFUSED, lambda w: signed(w, {"alg": None})),
    ("alg a list", Refusal.ALGORITHM_REFUSED, lambda w: signed(w, {"alg": ["ES256"]})),
    (
        "a key of another algorithm",
        Refusal.ALGORITHM_REFUSED,
        lambda w: signed(w, {"kid": w.key_id("RS256")}),
    ),
    ("kid missing", Refusal.KEY_ID_MISSING, _without_key_id),
    ("kid empty", Refusal.KEY_ID_MISSING, lambda w: signed(w, {"kid": ""})),
    ("kid over-long", Refusal.KEY_ID_MISSING, lambda w: signed(w, {"kid": "k" * 257})),
    ("kid a number", Refusal.MALFORMED, lambda w: signed(w, {"kid": 7})),
    ("unknown kid", Refusal.KEY_UNKNOWN, lambda w: signed(w, {"kid": "nobody"})),
    (
        "key smuggled in the header",
        Refusal.KEY_UNKNOWN,
        lambda w: signed(w, {"kid": "mine", "jwk": {"kty": "EC"}}),
    ),
    ("wrong key", Refusal.SIGNATURE_WRONG, _by_a_stranger),
    ("tampered payload", Refusal.SIGNATURE_WRONG, _tampered),
    ("signature cut", Refusal.SIGNATURE_WRONG, lambda w: w.token(INSTITUTION).rpartition(".")[0] + "."),
    ("wrong audience", Refusal.AUDIENCE_WRONG, lambda w: signed(w, aud="another-api")),
    ("audience missing", Refusal.AUDIENCE_WRONG, lambda w: signed(w, aud=None)),
    ("audience an object", Refusal.AUDIENCE_WRONG, lambda w: signed(w, aud={AUDIENCE: 1})),
    ("a life too long", Refusal.LIFE_TOO_LONG, lambda w: signed(w, exp=w.clock() + 86_401)),
    ("expired", Refusal.EXPIRED, lambda w: signed(w, exp=w.clock() - LEEWAY_SECONDS)),
    ("never expires", Refusal.TIMES_MALFORMED, lambda w: signed(w, exp=None)),
    ("expires when time ends", Refusal.TIMES_MALFORMED, lambda w: signed(w, exp=float("inf"))),
    ("expires never and always", Refusal.TIMES_MALFORMED, lambda w: signed(w, exp=float("nan"))),
    ("exp a string", Refusal.TIMES_MALFORMED, lambda w: signed(w, exp="9999999999")),
    ("exp a truth value", Refusal.TIMES_MALFORMED, lambda w: signed(w, exp=True)),
    ("exp immense", Refusal.TIMES_MALFORMED, lambda w: signed(w, exp=10**400)),
    ("iat missing", Refusal.TIMES_MALFORMED, lambda w: signed(w, iat=None)),
    ("nbf null", Refusal.TIMES_MALFORMED, lambda w: sign_raw(w, {**w.claims(), "nbf": None})),
    ("not yet valid", Refusal.NOT_YET_VALID, lambda w: signed(w, nbf=w.clock() + LEEWAY_SECONDS + 1)),
    ("issued in the future", Refusal.NOT_YET_VALID, lambda w: signed(w, iat=w.clock() + LEEWAY_SECONDS + 1)),
    (
        "issued in the future, yet valid already",
        Refusal.NOT_YET_VALID,
        lambda w: signed(w, nbf=w.clock(), iat=w.clock() + LEEWAY_SECONDS + 1),
    ),
    ("subject missing", Refusal.SUBJECT_MALFORMED, lambda w: signed(w, sub=None)),
    ("subject with a key separator", Refusal.SUBJECT_MALFORMED, lambda w: signed(w, sub="a#b")),
    ("role missing", Refusal.ROLE_REFUSED, lambda w: signed(w, role=None)),
    ("role system", Refusal.ROLE_REFUSED, lambda w: signed(w, role="system")),
    ("role unknown", Refusal.ROLE_REFUSED, lambda w: signed(w, role="admin")),
    ("several roles", Refusal.ROLE_REFUSED, lambda w: signed(w, role=["institution"])),
    ("own claim missing", Refusal.ROLE_CLAIM_MALFORMED, lambda w: signed(w, institution_id=None)),
    ("a comma in an id", Refusal.ROLE_CLAIM_MALFORMED, lambda w: signed(w, institution_id="bank-1,bank-2")),
]


@pytest.mark.parametrize("claims", EVERYONE, ids=lambda claims: str(claims["role"]))
@pytest.mark.parametrize("algorithm", ["ES256", "RS256"])
def test_a_good_token_proves_its_bearer(world: World, claims: dict[str, Any], algorithm: str) -> None:
    """Every role gets in with either algorithm, as the actor its claims describe."""
    principal = world.verifier().verify(world.token(claims, alg=algorithm))
    assert (principal.actor.role, principal.actor.subject) == (Role(claims["role"]), claims["sub"])
    assert principal.issuer == URL


@pytest.mark.parametrize(("refusal", "forge"), [f[1:] for f in FORGERIES], ids=[f[0] for f in FORGERIES])
def test_a_bad_token_is_refused(world: World, refusal: Refusal, forge: Callable[[World], str]) -> None:
    """Whatever is wrong, the caller sees "Unauthorized" and the log gets a code that names the fault."""
    with pytest.raises(Unauthorized) as caught:
        world.verifier().verify(forge(world))
    assert (caught.value.reason, str(caught.value)) == (refusal, "Unauthorized")
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_every_reason_code_has_a_forgery() -> None:
    """No reason code goes untested; two belong elsewhere: to the header, and to a bounded issuer's tests."""
    elsewhere = {Refusal.NOT_BEARER, Refusal.BEYOND_ISSUER}
    assert {refusal for _, refusal, _ in FORGERIES} == set(Refusal) - elsewhere


def test_an_algorithm_is_refused_where_this_issuer_does_not_use_it(world: World) -> None:
    """The allow-list is per issuer: an RS256 token of an ES256 issuer is refused, though well signed."""
    with pytest.raises(Unauthorized) as caught:
        world.verifier("ES256").verify(world.token(INSTITUTION, alg="RS256"))
    assert caught.value.reason is Refusal.ALGORITHM_REFUSED


def test_clocks_may_differ_by_the_leeway(world: World) -> None:
    """A token just expired and one just not yet valid are accepted within the leeway."""
    verifier, now = world.verifier(), world.clock()
    verifier.verify(signed(world, exp=now - LEEWAY_SECONDS + 1))
    verifier.verify(signed(world, nbf=now + LEEWAY_SECONDS, iat=now + LEEWAY_SECONDS))


def test_one_audience_of_several_is_enough(world: World) -> None:
    """`aud` may be a list (RFC 7519 section 4.1.3), and `typ` may say access token (RFC 9068)."""
    world.verifier().verify(signed(world, {"typ": "at+JWT"}, aud=["another-api", AUDIENCE]))


def test_a_token_is_judged_by_its_own_issuers_keys() -> None:
    """With two issuers trusted, one can't sign in the other's name."""
    first, second = World(), World()
    keys = {f"{URL}/jwks.json": first, "https://second.example/jwks.json": second}
    verifier = TokenVerifier(
        [
            Issuer(URL, f"{URL}/jwks.json", AUDIENCE, ("ES256",)),
            Issuer("https://second.example", "https://second.example/jwks.json", AUDIENCE, ("ES256",)),
        ],
        now=first.clock,
        fetch=lambda url: json.dumps(keys[url].issuer.jwks()).encode(),
    )
    assert verifier.verify(signed(second, iss="https://second.example")).issuer == "https://second.example"
    with pytest.raises(Unauthorized) as caught:
        verifier.verify(signed(second, iss=URL))
    assert caught.value.reason is Refusal.KEY_UNKNOWN


@pytest.mark.parametrize("count", [0, 2])
def test_issuers_are_configured_and_configured_once(world: World, count: int) -> None:
    """A hub that trusts nobody, or one issuer in two ways, is a mistake that stops it at start."""
    trusted = Issuer(URL, f"{URL}/jwks.json", AUDIENCE, ("ES256",))
    with pytest.raises(ValueError, match="at least one"):
        TokenVerifier([trusted] * count, now=world.clock)
