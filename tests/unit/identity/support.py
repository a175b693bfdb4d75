"""A verifier, its issuer and its clock, wired without a socket, and tools to forge tokens."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

from chalicelib.adapters.identity import Issuer
from chalicelib.adapters.identity.jwks import FetchFailedError, Freshness
from chalicelib.adapters.identity.tokens import TokenVerifier
from infra.local.issuer import LocalIssuer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

URL = "https://issuer.example"
AUDIENCE = "jiefen-hub"
FRESHNESS = Freshness(fresh_for=600, cool_down=30, retry_delay=3, max_stale=3600)

INSTITUTION = {"role": "institution", "sub": "bank-client", "institution_id": "bank-1"}
MEDIATOR = {"role": "mediator", "sub": "m-1", "mediator_id": "m-1", "court_id": "court-1"}
CENTRE = {"role": "centre", "sub": "c-1", "court_id": "court-1"}
JUDGE = {"role": "judge", "sub": "j-1", "judge_id": "j-1", "court_id": "court-1"}
COURT = {"role": "court", "sub": "court-system", "court_id": "court-1"}
BORROWER = {"role": "borrower", "sub": "b-1", "case_ids": ["case-1:r1", "case-2:r2"]}
OPS = {"role": "ops", "sub": "o-1", "court_id": "court-1"}
EVERYONE = (INSTITUTION, MEDIATOR, CENTRE, JUDGE, COURT, BORROWER, OPS)


@dataclass
class Clock:
    """Time that stands until it is moved."""

    seconds: float = 1_750_000_000.0

    def __call__(self) -> float:
        """Return the epoch seconds."""
        return self.seconds

    def pass_(self, seconds: float) -> None:
        """Let `seconds` go by."""
        self.seconds += seconds


@dataclass
class World:
    """One issuer, its clock, and how often its keys were fetched; `down` makes fetching fail."""

    clock: Clock = field(default_factory=Clock)
    fetches: int = 0
    down: bool = False

    def __post_init__(self) -> None:
        self.issuer = LocalIssuer(URL, now=self.clock)

    def fetch(self, url: str) -> bytes:
        """Count, and answer with the issuer's key set or fail."""
        assert url == f"{URL}/jwks.json"
        self.fetches += 1
        if self.down:
            raise FetchFailedError("down")
        return json.dumps(self.issuer.jwks()).encode()

    def verifier(self, *algorithms: str) -> TokenVerifier:
        """Return a verifier with an empty cache that trusts this issuer's `algorithms` (both, if none)."""
        trusted = Issuer(URL, f"{URL}/jwks.json", AUDIENCE, algorithms or ("ES256", "RS256"))
        return TokenVerifier([trusted], now=self.clock, fetch=self.fetch, freshness=FRESHNESS)

    def token(self, claims: Mapping[str, Any], **more: Any) -> str:
        """Let the issuer sign a token in the regular way."""
        return str(self.issuer.token({**claims, **more})["access_token"])

    def public_jwk(self, algorithm: str = "ES256") -> dict[str, Any]:
        """Return the published key of the algorithm in use."""
        keys: list[dict[str, Any]] = self.issuer.jwks()["keys"]
        return next(key for key in keys if key["alg"] == algorithm)

    def key_id(self, algorithm: str = "ES256") -> str:
        """Return the id of the key in use."""
        return str(self.public_jwk(algorithm)["kid"])

    def sign(self, signing_input: bytes) -> bytes:
        """Sign anything with the issuer's own ES256 key, as only the issuer gone wrong could."""
        key = self.issuer._current["ES256"].private_key  # noqa: SLF001 - the issuer offers no such thing
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        return jwt.algorithms.ECAlgorithm(jwt.algorithms.ECAlgorithm.SHA256).sign(signing_input, key)

    def claims(self, **more: Any) -> dict[str, Any]:
        """Return claims of a good token for a forger to alter; they hold for a minute."""
        now = self.clock()
        return {**INSTITUTION, "iss": URL, "aud": AUDIENCE, "iat": now, "exp": now + 60, **more}


def segment(value: Any) -> str:
    """Encode one part of a compact JWS: bytes as they are, anything else as JSON."""
    content = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def compact(header: Mapping[str, Any], payload: Any, sign: Callable[[bytes], bytes]) -> str:
    """Put a compact JWS together from parts of any content."""
    signing_input = f"{segment(header)}.{segment(payload)}"
    return f"{signing_input}.{segment(sign(signing_input.encode()))}"


def signed(world: World, header: Mapping[str, Any] | None = None, **claims: Any) -> str:
    """Sign whatever is asked for with the issuer's own key; a claim of None is left out."""
    payload = {name: value for name, value in world.claims(**claims).items() if value is not None}
    return sign_raw(world, payload, header)


def sign_raw(world: World, payload: Any, header: Mapping[str, Any] | None = None) -> str:
    """Sign any payload with the issuer's own key."""
    return compact({"alg": "ES256", "kid": world.key_id(), **(header or {})}, payload, world.sign)
