"""Sealing: personal data as AES-256-GCM ciphertext that opens only where it belongs.

Promise: a sealed value opens only under its owner's key, in its own record, for its own field; altered,
swapped or moved, it raises SealBroken. The look-up index of an id number is an HMAC under a key derived
from the owner's, so that two institutions' indexes can't be compared; so is what makes one-time codes,
and what an act is recognised by.
cryptography is loaded by the first call, not at import.
Downside: random 96-bit nonces bound an owner's key to some 4 billion values.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from chalicelib.adapters.dynamo.errors import SealBroken

if TYPE_CHECKING:
    from collections.abc import Sequence

_VERSION: Final = b"\x01"
_NONCE_BYTES: Final = 12
_INDEX_PURPOSE: Final = b"jiefen-hub id-number index v1"
_ACT_PURPOSE: Final = b"jiefen-hub act v1"
_CODE_PURPOSE: Final = b"jiefen-hub one-time code v1"
CODE_DIGITS: Final = 6


@dataclass(frozen=True, slots=True, repr=False)
class DataKey:
    """An owner's data key in the clear; it exists in memory only, and its repr shows nothing."""

    key_id: str
    secret: bytes

    def seal(self, text: str | bytes, place: Sequence[str]) -> bytes:
        """Seal a value for a place: the record's key and the field's name."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - see the docstring

        content = text.encode() if isinstance(text, str) else text
        nonce = os.urandom(_NONCE_BYTES)
        return _VERSION + nonce + AESGCM(self.secret).encrypt(nonce, content, self._bound_to(place))

    def open(self, sealed: bytes, place: Sequence[str]) -> bytes:
        """Open a value at its place; raises SealBroken."""
        from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - see the docstring
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - see the docstring

        version, nonce, content = sealed[:1], sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
        if version != _VERSION:
            raise SealBroken(f"{place[-1]} is not sealed in a way this release knows")
        try:
            return AESGCM(self.secret).decrypt(nonce, content, self._bound_to(place))
        except (InvalidTag, ValueError) as error:
            raise SealBroken(f"{place[-1]} does not open here") from error

    def index_of(self, id_number: str) -> str:
        """Return the look-up index of an id number, however it was typed: 64 hex digits."""
        index_key = self._derived(_INDEX_PURPOSE)
        return hmac.digest(index_key, normalised(id_number).encode(), hashlib.sha256).hex()

    def mark_of(self, act: bytes) -> str:
        """Return what an act is recognised by when it comes again: 64 hex digits."""
        return hmac.digest(self._derived(_ACT_PURPOSE), act, hashlib.sha256).hex()

    def one_time_code(self, bound_to: Sequence[str], number: int) -> str:
        """Return the digits of the code of this number, for what it is bound to alone."""
        # JSON holds no zero byte: purpose and binding can't run into each other.
        return hotp(self._derived(_CODE_PURPOSE + b"\x00" + json.dumps([*bound_to]).encode()), number)

    def _derived(self, purpose: bytes) -> bytes:
        # HKDF-Expand (RFC 5869), first block; a data key is uniformly random, so it needs no Extract.
        return hmac.digest(self.secret, purpose + b"\x01", hashlib.sha256)

    def _bound_to(self, place: Sequence[str]) -> bytes:
        # JSON keeps the parts apart: ("a", "bc") and ("ab", "c") are different places.
        return json.dumps([*place, self.key_id]).encode()


def hotp(key: bytes, number: int) -> str:
    """Return an HOTP value (RFC 4226) of six digits."""
    from cryptography.hazmat.primitives.hashes import SHA1  # noqa: PLC0415 - see the docstring
    from cryptography.hazmat.primitives.twofactor.hotp import HOTP  # noqa: PLC0415 - see the docstring

    # SHA-1 is what RFC 4226 is defined with; within an HMAC its collisions don't matter.
    return HOTP(key, CODE_DIGITS, SHA1()).generate(number).decode()  # noqa: S303 - see above


def normalised(id_number: str) -> str:
    """Write an id number in one way: half-width, upper case, without spaces."""
    return "".join(unicodedata.normalize("NFKC", id_number).split()).upper()
