"""An issuer's public keys (RFC 7517): fetched when needed and kept; an attacker can't cause many fetches.

Promise: a known key costs no request while the set is fresh; unknown key ids cause at most one fetch per
cool-down, however many arrive; if the issuer is down, the last set is used until it is too old. Only
public keys that an allowed algorithm can use enter the set: no shared secrets, no short RSA keys.
Downside: a rotated key is refused until the cool-down has passed, and a withdrawn one is still accepted
until the set is fetched anew, or for `max_stale` seconds if the issuer is down.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

import jwt
import urllib3

from chalicelib.adapters.identity.refusals import IssuerUnreachable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chalicelib.adapters.identity.issuers import Issuer

_LOG: Final = logging.getLogger(__name__)
_HTTP_OK: Final = 200
_FORM_TYPE: Final = "application/x-www-form-urlencoded"
_RSA_BITS: Final = range(2048, 8193)  # shorter is weak (NIST SP 800-131A), longer makes every request slow
# The members of a public key of the algorithm; everything else in a JWK is left out.
_KEY_TYPES: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "ES256": ("EC", ("crv", "x", "y")),
    "RS256": ("RSA", ("n", "e")),
}


class FetchFailedError(Exception):
    """The key set could not be fetched or read; the message is a short code without contents."""


@dataclass(frozen=True, slots=True)
class HttpsFetch:
    """One request, limited in time and size, also for a slow server: no redirects, no retries."""

    timeout_seconds: float = 3.0
    max_bytes: int = 65_536

    def __call__(self, url: str, /, form: Mapping[str, str] | None = None) -> bytes:
        """Get the document at `url`, or what answers a form that is posted to it. Raises FetchFailedError."""
        deadline = time.monotonic() + self.timeout_seconds
        try:
            with (
                urllib3.PoolManager(timeout=self.timeout_seconds, retries=False) as pool,
                pool.request(
                    "GET" if form is None else "POST",
                    url,
                    headers={} if form is None else {"Content-Type": _FORM_TYPE},
                    body=None if form is None else urlencode(form),
                    redirect=False,
                    preload_content=False,
                ) as response,
            ):
                if response.status != _HTTP_OK:
                    raise FetchFailedError(f"status_{response.status}")
                return self._read(response, deadline)
        except urllib3.exceptions.HTTPError as error:
            raise FetchFailedError(type(error).__name__) from error

    def _read(self, response: urllib3.BaseHTTPResponse, deadline: float) -> bytes:
        # A socket's time-out starts again with every byte that arrives; the deadline does not.
        body = bytearray()
        while chunk := response.read1(self.max_bytes + 1):
            body += chunk
            if len(body) > self.max_bytes:
                raise FetchFailedError("too_large")
            if time.monotonic() > deadline:
                raise FetchFailedError("too_slow")
        return bytes(body)


@dataclass(frozen=True, slots=True)
class Freshness:
    """All in seconds. `retry_delay` replaces `cool_down` as long as there is no usable set."""

    fresh_for: float = 600.0
    cool_down: float = 30.0
    retry_delay: float = 3.0
    max_stale: float = 6 * 3600.0


@dataclass(frozen=True, slots=True)
class _Snapshot:
    keys: Mapping[str, jwt.PyJWK]
    fetched_at: float


class KeySet:
    """The keys of one issuer by key id; safe to share among threads."""

    def __init__(
        self,
        issuer: Issuer,
        *,
        fetch: Callable[[str], bytes],
        now: Callable[[], float],
        freshness: Freshness,
    ) -> None:
        """Make it without fetching; `fetch` gets the document at a URL or raises FetchFailedError."""
        self._issuer = issuer
        self._fetch = fetch
        self._now = now
        self._freshness = freshness
        self._lock = threading.Lock()
        self._snapshot = _Snapshot({}, fetched_at=float("-inf"))
        self._next_attempt = float("-inf")
        self._last_attempt_failed = False

    def find(self, key_id: str) -> jwt.PyJWK | None:
        """Return the key, or None if the issuer has none. Raises IssuerUnreachable if it can't be asked."""
        snapshot = self._snapshot
        if self._age(snapshot) < self._freshness.fresh_for and key_id in snapshot.keys:
            return snapshot.keys[key_id]
        with self._lock:  # while one thread fetches, the others wait for what it gets
            return self._find_anew(key_id)

    def _find_anew(self, key_id: str) -> jwt.PyJWK | None:
        if self._now() >= self._next_attempt:
            self._refresh()
        usable = self._is_usable()
        key = self._snapshot.keys.get(key_id) if usable else None
        if not usable or (key is None and self._last_attempt_failed):
            # The issuer may have a new key that can't be fetched now, so the token is not refused.
            raise IssuerUnreachable(self._issuer.jwks_uri)
        return key

    def _refresh(self) -> None:
        started = self._now()
        try:
            keys = usable_keys(self._fetch(self._issuer.jwks_uri), self._issuer.algorithms)
        except FetchFailedError as error:
            self._last_attempt_failed = True
            _LOG.warning("jwks_fetch_failed", extra={"jwks_uri": self._issuer.jwks_uri, "why": str(error)})
        else:
            self._last_attempt_failed = False
            self._snapshot = _Snapshot(keys, fetched_at=started)
        pause = self._freshness.cool_down if self._is_usable() else self._freshness.retry_delay
        self._next_attempt = self._now() + pause

    def _is_usable(self) -> bool:
        return self._age(self._snapshot) <= self._freshness.max_stale

    def _age(self, snapshot: _Snapshot) -> float:
        return self._now() - snapshot.fetched_at


def usable_keys(document: bytes, algorithms: tuple[str, ...]) -> dict[str, jwt.PyJWK]:
    """Read a JWK Set without the keys that can't be used here. Raises FetchFailedError if it is none."""
    try:
        entries = json.loads(document)["keys"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise FetchFailedError("not_a_jwk_set") from error
    if not isinstance(entries, list):
        raise FetchFailedError("not_a_jwk_set")
    keys = {}
    for entry in entries:
        key = _verification_key(entry, algorithms) if isinstance(entry, dict) else None
        if key is not None:
            keys[str(entry["kid"])] = key
    return keys


def _verification_key(entry: Mapping[str, Any], algorithms: tuple[str, ...]) -> jwt.PyJWK | None:
    if not isinstance(entry.get("kid"), str) or entry.get("use", "sig") != "sig":
        return None
    for algorithm in algorithms:
        key_type, members = _KEY_TYPES[algorithm]
        if entry.get("kty") == key_type and entry.get("alg", algorithm) == algorithm:
            return _public_key(entry, algorithm, members)
    return None


def _public_key(entry: Mapping[str, Any], algorithm: str, members: tuple[str, ...]) -> jwt.PyJWK | None:
    numbers = {name: entry.get(name) for name in members}
    if algorithm == "ES256" and numbers["crv"] != "P-256":
        return None
    try:
        key = jwt.PyJWK({"kty": entry["kty"], **numbers}, algorithm=algorithm)
    except jwt.PyJWTError:
        return None
    return key if algorithm != "RS256" or key.key.key_size in _RSA_BITS else None
