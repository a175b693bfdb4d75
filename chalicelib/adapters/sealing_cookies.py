"""Seals what a browser keeps for the hub: AES-256-GCM under keys that rotate.

Promise: nobody without a key can read or alter what was sealed, or use it for another purpose; the newest
key seals, all of them open, so a rotation signs nobody out. Downside: what was sealed can't be taken back;
whoever opens it has to judge its age.
"""

from __future__ import annotations

import base64
import binascii
import json
import secrets
from typing import TYPE_CHECKING, Any, Final, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

if TYPE_CHECKING:
    from collections.abc import Mapping

_NONCE_BYTES: Final = 12
_LONGEST: Final = 8192


class NoKeyError(Exception):
    """There is no key to seal with: an operator has to put one into the secret."""


class Keys(Protocol):
    """Where the keys are: base64 of 32 random bytes each, the newest first."""

    def console(self, *, again: bool = False) -> tuple[str, ...]:
        """Return the keys; `again` looks for newer ones."""
        ...


class Sealer:
    """Seals and opens JSON objects; `purpose` is bound to what is sealed."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    def seal(self, purpose: str, content: Mapping[str, Any]) -> str:
        """Return the sealed text, fit for a cookie. Raises NoKeyError."""
        keys = self._keys.console()
        if not keys:
            raise NoKeyError("the secret has no console.seal")
        nonce = secrets.token_bytes(_NONCE_BYTES)
        plain = json.dumps(content, separators=(",", ":")).encode()
        sealed = nonce + _cipher(keys[0]).encrypt(nonce, plain, purpose.encode())
        return base64.urlsafe_b64encode(sealed).decode().rstrip("=")

    def open(self, purpose: str, text: str) -> dict[str, Any] | None:
        """Return what was sealed for this purpose; None for anything else."""
        if not text or len(text) > _LONGEST:
            return None
        try:
            sealed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        except (binascii.Error, ValueError):
            return None
        known = self._keys.console()
        opened = _opened(known, purpose, sealed)
        if opened is None and (newer := self._keys.console(again=True)) != known:
            opened = _opened(newer, purpose, sealed)
        return opened


def new_key() -> str:
    """Return a new key."""
    return base64.b64encode(secrets.token_bytes(32)).decode()


def _cipher(key: str) -> AESGCM:
    return AESGCM(base64.b64decode(key))


def _opened(keys: tuple[str, ...], purpose: str, sealed: bytes) -> dict[str, Any] | None:
    for key in keys:
        try:
            plain = _cipher(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], purpose.encode())
        except (InvalidTag, ValueError):
            continue
        content: dict[str, Any] = json.loads(plain)
        return content
    return None
