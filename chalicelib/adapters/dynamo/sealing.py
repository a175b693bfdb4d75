"""Sealing: personal data as AES-256-GCM ciphertext, bound to its record and field.

Promise: a sealed value opens only under its owner's key, in its own record, for its own field; if it was
altered, swapped or moved, SealBroken is raised. The look-up index of an id number is an HMAC under a key
derived from the owner's, so that two institutions' indexes can't be compared; the keys of one-time codes and
of the hashes that acts are recognised by are derived in the same way. cryptography is loaded by the first
call, not at import.
Downside: with random 96-bit nonces, an owner's key should seal no more than some 4 billion values.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from json.encoder import encode_basestring_ascii
from typing import TYPE_CHECKING, Final

from chalicelib.adapters.dynamo.errors import SealBroken

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_VERSION: Final = b"\x01"
_NONCE_BYTES: Final = 12
_INDEX_PURPOSE: Final = b"jiefen-hub id-number index v1"
_ACT_PURPOSE: Final = b"jiefen-hub act v1"
_CODE_PURPOSE: Final = b"jiefen-hub one-time code v1"
CODE_DIGITS: Final = 6


@dataclass(frozen=True, repr=False)
class DataKey:
    """An owner's unwrapped data key; it exists only in memory, and its repr shows nothing of it."""

    key_id: str
    secret: bytes

    def seal(self, text: str | bytes, place: Sequence[str]) -> bytes:
        """Seal a value for a place: the record's key and the field's name."""
        content = text.encode() if isinstance(text, str) else text
        nonce = os.urandom(_NONCE_BYTES)
        return _VERSION + nonce + self._cipher.encrypt(nonce, content, self._bound_to(place))

    def open(self, sealed: bytes, place: Sequence[str]) -> bytes:
        """Open a value at its place; raises SealBroken."""
        from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - see the docstring

        version, nonce, content = sealed[:1], sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
        if version != _VERSION:
            raise SealBroken(f"{place[-1]} is not sealed in a way this release knows")
        try:
            return self._cipher.decrypt(nonce, content, self._bound_to(place))
        except (InvalidTag, ValueError) as error:
            raise SealBroken(f"{place[-1]} does not open here") from error

    def index_of(self, id_number: str) -> str:
        """Return the look-up index of an id number, which is normalised first: 64 hex digits."""
        index_key = self._derived(_INDEX_PURPOSE)
        return hmac.digest(index_key, normalised(id_number).encode(), hashlib.sha256).hex()

    def mark_of(self, act: bytes) -> str:
        """Return the keyed hash by which an act is recognised when it is sent again: 64 hex digits."""
        return hmac.digest(self._derived(_ACT_PURPOSE), act, hashlib.sha256).hex()

    def one_time_code(self, bound_to: Sequence[str], number: int) -> str:
        """Return the digits of the code of this number; another `bound_to` gives other digits."""
        # JSON holds no zero byte, so the zero byte separates purpose and binding.
        return hotp(self._derived(_CODE_PURPOSE + b"\x00" + json.dumps([*bound_to]).encode()), number)

    @cached_property
    def _cipher(self) -> AESGCM:
        # Kept as long as the key: made anew for each value, it would be a fifth of sealing.
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - see the docstring

        return AESGCM(self.secret)

    def _derived(self, purpose: bytes) -> bytes:
        # HKDF-Expand (RFC 5869), first block; a data key is uniformly random, so it needs no Extract.
        return hmac.digest(self.secret, purpose + b"\x01", hashlib.sha256)

    def _bound_to(self, place: Sequence[str]) -> bytes:
        # JSON keeps the parts apart: ("a", "bc") and ("ab", "c") are different places. Written as json.dumps
        # writes a list of text, in a third of the time: each sealed value needs one.
        return f"[{', '.join(map(encode_basestring_ascii, (*place, self.key_id)))}]".encode()


def hotp(key: bytes, number: int) -> str:
    """Return an HOTP value (RFC 4226) of six digits."""
    from cryptography.hazmat.primitives.hashes import SHA1  # noqa: PLC0415 - see the docstring
    from cryptography.hazmat.primitives.twofactor.hotp import HOTP  # noqa: PLC0415 - see the docstring

    # RFC 4226 is defined with SHA-1; its collisions don't matter in an HMAC.
    return HOTP(key, CODE_DIGITS, SHA1()).generate(number).decode()  # noqa: S303 - see above


def normalised(id_number: str) -> str:
    """Write an id number in one way: half-width, upper case, without spaces."""
    return "".join(unicodedata.normalize("NFKC", id_number).split()).upper()
