"""The court's own signing, which on purpose shares no code with the hub's.

Promise: if the hub and this simulator accept each other's signatures, the hub follows the Standard Webhooks
specification and not only its own code: HMAC comes from the reference library, ed25519 from `cryptography`.
"""

from __future__ import annotations

import base64
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from standardwebhooks import Webhook, WebhookVerificationError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_TOLERANCE_SECONDS = 300


def sign(message_id: str, body: bytes, keys: Sequence[str]) -> dict[str, str]:
    """Return the Standard Webhooks headers for this moment, one signature per key."""
    now = datetime.now(UTC).replace(microsecond=0)
    seconds = str(int(now.timestamp()))
    signatures = []
    for key in keys:
        if key.startswith("whsk_"):
            private = Ed25519PrivateKey.from_private_bytes(base64.b64decode(key.removeprefix("whsk_"))[:32])
            raw = private.sign(f"{message_id}.{seconds}.".encode() + body)
            signatures.append("v1a," + base64.b64encode(raw).decode())
        else:
            signatures.append(Webhook(key).sign(message_id, now, body.decode()))
    return {
        "webhook-id": message_id,
        "webhook-timestamp": seconds,
        "webhook-signature": " ".join(signatures),
    }


def authentic(headers: Mapping[str, str], body: bytes, keys: Sequence[str]) -> bool:
    """Return whether a key fits and the message's time is within five minutes of now."""
    try:
        return any(_fits(headers, body, key) for key in keys)
    except ValueError:
        return False


def _fits(headers: Mapping[str, str], body: bytes, key: str) -> bool:
    try:
        if not key.startswith("whpk_"):
            Webhook(key).verify(body, dict(headers), json_parse=False)
            return True
        if abs(time.time() - int(headers["webhook-timestamp"])) > _TOLERANCE_SECONDS:
            return False
        public = Ed25519PublicKey.from_public_bytes(base64.b64decode(key.removeprefix("whpk_")))
        content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        return any(_verifies(public, one, content) for one in headers["webhook-signature"].split(" "))
    except (WebhookVerificationError, KeyError):
        return False


def _verifies(public: Ed25519PublicKey, signature: str, content: bytes) -> bool:
    scheme, _, encoded = signature.partition(",")
    try:
        public.verify(base64.b64decode(encoded), content)
    except InvalidSignature:
        return False
    return scheme == "v1a"
