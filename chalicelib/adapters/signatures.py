"""Signs what the hub sends and verifies what a court sends, by the Standard Webhooks specification 1.0.

Promise: `sign` makes the three headers any conforming receiver accepts; `verify` returns the message id of
an authentic, fresh message and otherwise raises `BadSignature` with a reason that quotes nothing of it.
Both take several keys, so a key is rotated by overlapping the old and the new one, without an outage.
Why not the standardwebhooks package: its `verify` reads its own clock, both its calls take text where a
signature covers bytes, and it has no ed25519. The tests compare this module with it in both directions.
Downside: nothing here checks whether a message id was seen before; the store of callbacks refuses replays.
"""

from __future__ import annotations

import base64
import hmac
import re
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol

from chalicelib.domain.errors import HubError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ID_HEADER = "webhook-id"
TIMESTAMP_HEADER = "webhook-timestamp"
SIGNATURE_HEADER = "webhook-signature"

SHARED_PREFIX = "whsec_"  # HMAC-SHA256, scheme v1: the same key signs and verifies
PRIVATE_PREFIX = "whsk_"  # ed25519 seed, scheme v1a: signs
PUBLIC_PREFIX = "whpk_"  # ed25519 public key, scheme v1a: verifies

TOLERANCE = timedelta(minutes=5)

_SHARED_BYTES = range(24, 65)  # the specification's bounds for an HMAC key
_SEED_BYTES = 32
_MOST_SIGNATURES = 16  # bounds the work one request can ask for; a rotation needs two or three
# No full stop: it separates the signed parts. No other sign either: the id becomes part of a storage key.
_MESSAGE_ID = re.compile(r"[A-Za-z0-9_-]{1,128}")
_TIMESTAMP = re.compile(r"[0-9]{1,11}")

Reason = Literal["missing_header", "malformed_header", "expired", "no_match"]


class BadSignature(HubError):
    """The message is not authentic or not fresh; `reason` says which check failed and quotes nothing."""

    code = "bad_signature"

    def __init__(self, reason: Reason) -> None:
        super().__init__(f"signature refused: {reason}")
        self.reason = reason


class BadKey(ValueError):
    """A configured key can't be used; the message names the fault, never the key."""


class _Key(Protocol):
    """One key of one scheme."""

    @property
    def scheme(self) -> str: ...

    def matches(self, content: bytes, signature: bytes) -> bool: ...


def sign(message_id: str, timestamp: datetime, body: bytes, keys: Sequence[str]) -> dict[str, str]:
    """Return the three headers for `body`, signed once with each key (`whsec_` or `whsk_`), in that order.

    Raises BadKey without a usable key, ValueError on an id or a time the scheme can't carry.
    """
    if not keys:
        raise BadKey("no key to sign with")
    if not _MESSAGE_ID.fullmatch(message_id):
        raise ValueError("a message id is 1 to 128 letters, digits, hyphens or underscores")
    if timestamp.tzinfo is None:
        raise ValueError("a timestamp needs a time zone")
    seconds = str(int(timestamp.timestamp()))
    content = _signed_content(message_id, seconds, body)
    return {
        ID_HEADER: message_id,
        TIMESTAMP_HEADER: seconds,
        SIGNATURE_HEADER: " ".join(_signature(key, content) for key in keys),
    }


def verify(headers: Mapping[str, str], body: bytes, keys: Sequence[str], now: datetime) -> str:
    """Return the message id if a signature fits a key (`whsec_` or `whpk_`) and its time is within 5 minutes.

    `now` is the real time, with its zone. Raises BadSignature; BadKey if a configured key is unusable.
    """
    message_id, seconds, signatures = _read(headers)
    if abs(now.timestamp() - int(seconds)) > TOLERANCE.total_seconds():
        raise BadSignature("expired")
    content = _signed_content(message_id, seconds, body)
    matched = False
    for key in [_verifier(key) for key in keys]:
        for scheme, signature in signatures:
            # No early exit: the time taken must not tell which key or signature fitted.
            matched |= scheme == key.scheme and key.matches(content, signature)
    if not matched:
        raise BadSignature("no_match")
    return message_id


def new_shared_key() -> str:
    """Make a random HMAC key (`whsec_`) for both sides."""
    return SHARED_PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def new_key_pair() -> tuple[str, str]:
    """Make a random ed25519 pair: (`whsk_` for the signer, `whpk_` for the verifier)."""
    seed = secrets.token_bytes(_SEED_BYTES)
    private = PRIVATE_PREFIX + base64.b64encode(seed).decode()
    return private, public_key_of(private)


def public_key_of(private: str) -> str:
    """Derive the `whpk_` key that verifies what this `whsk_` key signs. Raises BadKey."""
    return PUBLIC_PREFIX + base64.b64encode(_private_key(private).public_key().public_bytes_raw()).decode()


def _read(headers: Mapping[str, str]) -> tuple[str, str, list[tuple[str, bytes]]]:
    found = {name.lower(): value for name, value in headers.items()}
    message_id, seconds, signatures = (
        found.get(name, "") for name in (ID_HEADER, TIMESTAMP_HEADER, SIGNATURE_HEADER)
    )
    if not (message_id and seconds and signatures):
        raise BadSignature("missing_header")
    offered = signatures.split(" ")
    if (
        not _MESSAGE_ID.fullmatch(message_id)
        or not _TIMESTAMP.fullmatch(seconds)
        or len(offered) > _MOST_SIGNATURES
    ):
        raise BadSignature("malformed_header")
    return message_id, seconds, [_parse_signature(one) for one in offered]


def _parse_signature(text: str) -> tuple[str, bytes]:
    scheme, _, encoded = text.partition(",")
    try:
        return scheme, base64.b64decode(encoded, validate=True)
    except ValueError:
        return "", b""  # another scheme may use another encoding; this signature then matches no key


def _signed_content(message_id: str, seconds: str, body: bytes) -> bytes:
    return f"{message_id}.{seconds}.".encode() + body


def _signature(key: str, content: bytes) -> str:
    if key.startswith(SHARED_PREFIX):
        scheme, raw = "v1", hmac.digest(_shared_key(key), content, "sha256")
    elif key.startswith(PRIVATE_PREFIX):
        scheme, raw = "v1a", _private_key(key).sign(content)
    else:
        raise BadKey(f"a signing key begins with {SHARED_PREFIX} or {PRIVATE_PREFIX}")
    return f"{scheme},{base64.b64encode(raw).decode()}"


class _SharedVerifier(NamedTuple):
    key: bytes
    scheme: str = "v1"

    def matches(self, content: bytes, signature: bytes) -> bool:
        return hmac.compare_digest(hmac.digest(self.key, content, "sha256"), signature)


class _PublicVerifier(NamedTuple):
    key: bytes
    scheme: str = "v1a"

    def matches(self, content: bytes, signature: bytes) -> bool:
        # Loading OpenSSL's bindings takes longer than the rest of this package; HMAC does not need them.
        from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - see above
        from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415 - see above

        try:
            ed25519.Ed25519PublicKey.from_public_bytes(self.key).verify(signature, content)
        except InvalidSignature:
            return False
        return True


def _verifier(key: str) -> _Key:
    if key.startswith(SHARED_PREFIX):
        return _SharedVerifier(_shared_key(key))
    if key.startswith(PUBLIC_PREFIX):
        raw = _decoded(key, PUBLIC_PREFIX)
        if len(raw) != _SEED_BYTES:
            raise BadKey(f"a {PUBLIC_PREFIX} key has {_SEED_BYTES} bytes")
        return _PublicVerifier(raw)
    raise BadKey(f"a verifying key begins with {SHARED_PREFIX} or {PUBLIC_PREFIX}")


def _shared_key(key: str) -> bytes:
    raw = _decoded(key, SHARED_PREFIX)
    if len(raw) not in _SHARED_BYTES:
        raise BadKey(f"a {SHARED_PREFIX} key has {_SHARED_BYTES.start} to {_SHARED_BYTES.stop - 1} bytes")
    return raw


def _private_key(key: str) -> Ed25519PrivateKey:
    from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415 - as in _PublicVerifier

    raw = _decoded(key, PRIVATE_PREFIX)
    # Some key tools write seed and public key together; the seed comes first.
    if len(raw) not in {_SEED_BYTES, 2 * _SEED_BYTES}:
        raise BadKey(f"a {PRIVATE_PREFIX} key has {_SEED_BYTES} bytes")
    private = ed25519.Ed25519PrivateKey.from_private_bytes(raw[:_SEED_BYTES])
    if raw[_SEED_BYTES:] not in {b"", private.public_key().public_bytes_raw()}:
        raise BadKey(f"the two halves of a {PRIVATE_PREFIX} key don't belong together")
    return private


def _decoded(key: str, prefix: str) -> bytes:
    text = key.removeprefix(prefix)
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except ValueError:
        # `from None`: the codec's error text may quote the key.
        raise BadKey(f"a {prefix} key is base64 after its prefix") from None
