"""Verifies bearer tokens (RFC 7519) as RFC 8725 advises.

Promise: `verify` returns a principal or raises `Unauthorized`, or `IssuerUnreachable` if it can't check
the token; no input makes it raise anything else. The issuer's configuration, never the token, decides which
algorithms are acceptable, and a key verifies only by its own algorithm. PyJWT checks the signature; the
claims are checked here, because PyJWT reads the wall clock and the hub's time is an argument.
Downside: a token stays good until it expires, after a day at most; there is no revocation list.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import jwt

from chalicelib.adapters.identity.issuers import KNOWN_ALGORITHMS, Issuer
from chalicelib.adapters.identity.jwks import Freshness, HttpsFetch, KeySet
from chalicelib.adapters.identity.principal import Principal, actor_from_claims
from chalicelib.adapters.identity.refusals import Refusal, Unauthorized

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

MAX_TOKEN_LENGTH: Final = 8192  # API Gateway refuses headers of more than 10,240 bytes in total
LEEWAY_SECONDS: Final = 30.0
_MAX_KEY_ID_LENGTH: Final = 256
_LAST_SECOND: Final = 253_402_300_799  # the last second of the year 9999; no date is later
_TOKEN_TYPES: Final = frozenset({"jwt", "at+jwt", "application/at+jwt"})


class TokenVerifier:
    """Trusts a fixed set of issuers; one instance serves all requests of a process, threads included."""

    def __init__(
        self,
        issuers: Sequence[Issuer],
        *,
        now: Callable[[], float],
        fetch: Callable[[str], bytes] | None = None,
        freshness: Freshness | None = None,
    ) -> None:
        """Trust `issuers`; `now` gives epoch seconds. Raises ValueError for no issuer or one named twice."""
        if not issuers or len({issuer.issuer for issuer in issuers}) != len(issuers):
            raise ValueError("configure at least one issuer, and each of them once")
        self._now = now
        self._jws = jwt.PyJWS(algorithms=sorted(KNOWN_ALGORITHMS))
        fetch, freshness = fetch or HttpsFetch(), freshness or Freshness()
        self._trusted = {
            issuer.issuer: (issuer, KeySet(issuer, fetch=fetch, now=now, freshness=freshness))
            for issuer in issuers
        }

    def verify(self, token: str) -> Principal:
        """Return the token's principal. Raises Unauthorized, or IssuerUnreachable if it can't be checked."""
        header, claims = self._parse(token)
        issuer, keys = self._trust(claims.get("iss"))
        algorithm = _algorithm(header, issuer)
        key = keys.find(_key_id(header))
        if key is None:
            raise Unauthorized(Refusal.KEY_UNKNOWN)
        if key.algorithm_name != algorithm:
            raise Unauthorized(Refusal.ALGORITHM_REFUSED)
        self._check_signature(token, key)
        _check_audience(claims.get("aud"), issuer.audience)
        _check_times(claims, self._now(), issuer.longest_life_seconds)
        actor = actor_from_claims(claims)
        if not issuer.may_say(actor.role, actor.institution_id):
            raise Unauthorized(Refusal.BEYOND_ISSUER)
        return Principal(actor=actor, issuer=issuer.issuer)

    def _parse(self, token: str) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
        """Split the token into header and claims, which are not verified yet."""
        if len(token) > MAX_TOKEN_LENGTH:
            raise Unauthorized(Refusal.TOO_LONG)
        try:
            parts = self._jws.decode_complete(token, options={"verify_signature": False})
            claims = json.loads(parts["payload"])
        except (jwt.PyJWTError, ValueError, RecursionError):
            # `from None`: the parsers' errors quote the token, and Lambda logs chained errors.
            raise Unauthorized(Refusal.MALFORMED) from None
        if not isinstance(claims, dict):
            raise Unauthorized(Refusal.MALFORMED)
        header: dict[str, Any] = parts["header"]
        if str(header.get("typ", "JWT")).lower() not in _TOKEN_TYPES:
            raise Unauthorized(Refusal.TYPE_REFUSED)
        return header, claims

    def _trust(self, issuer: object) -> tuple[Issuer, KeySet]:
        trusted = self._trusted.get(issuer) if isinstance(issuer, str) else None
        if trusted is None:
            raise Unauthorized(Refusal.ISSUER_UNKNOWN)
        return trusted

    def _check_signature(self, token: str, key: jwt.PyJWK) -> None:
        try:
            self._jws.decode_complete(token, key=key, algorithms=[key.algorithm_name])
        except jwt.PyJWTError:
            raise Unauthorized(Refusal.SIGNATURE_WRONG) from None


def _algorithm(header: Mapping[str, Any], issuer: Issuer) -> str:
    algorithm = header.get("alg")
    if not isinstance(algorithm, str) or algorithm not in issuer.algorithms:
        raise Unauthorized(Refusal.ALGORITHM_REFUSED)
    return algorithm


def _key_id(header: Mapping[str, Any]) -> str:
    key_id = header.get("kid")
    if not isinstance(key_id, str) or not 0 < len(key_id) <= _MAX_KEY_ID_LENGTH:
        raise Unauthorized(Refusal.KEY_ID_MISSING)
    return key_id


def _check_audience(value: object, audience: str) -> None:
    if audience not in (value if isinstance(value, list) else [value]):
        raise Unauthorized(Refusal.AUDIENCE_WRONG, "aud")


def _check_times(claims: Mapping[str, Any], now: float, longest_life: float) -> None:
    expires, issued = _seconds(claims, "exp"), _seconds(claims, "iat")
    begins = _seconds(claims, "nbf") if "nbf" in claims else issued
    if expires - issued > longest_life:
        raise Unauthorized(Refusal.LIFE_TOO_LONG, "exp")
    if now >= expires + LEEWAY_SECONDS:
        raise Unauthorized(Refusal.EXPIRED)
    if max(begins, issued) > now + LEEWAY_SECONDS:
        raise Unauthorized(Refusal.NOT_YET_VALID)


def _seconds(claims: Mapping[str, Any], name: str) -> float:
    value = claims.get(name)
    # A bool is an int in Python, so it is refused first; NaN fails every comparison.
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _LAST_SECOND:
        raise Unauthorized(Refusal.TIMES_MALFORMED, name)
    return float(value)
