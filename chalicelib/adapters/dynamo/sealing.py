"""Sealing: personal data as AES-256-GCM ciphertext, bound to its record and field, under its owner's key.

Promise: a sealed value opens only under its owner's key, in its own record, for its own field; if it was
altered, swapped or moved, SealBroken is raised. The look-up index of an id number is an HMAC under a key
derived from the owner's, so that two institutions' indexes can't be compared; the keys of one-time codes and
of the hashes that acts are recognised by are derived in the same way. cryptography is loaded by the first
call, not at import.
Downside: with random 96-bit nonces, an owner's key should seal no more than some 4 billion values.

There is one data key for each owner, wrapped by KMS, stored in the same table as the data. Promise: an owner
has exactly one key, even if two writers need the first one at the same time: the first conditional put wins
and the other writer uses the winner's key. An unwrapped key stays in memory for at most an hour, and no more
than `capacity` of them. KMS is asked with the owner as encryption context, so its log shows whose key was
unwrapped. Downside: within that hour a revoked grant still works. The first filing of an institution costs
one read and one write more than later ones.
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
from typing import TYPE_CHECKING, Any, Final

from chalicelib.adapters.aws import calling
from chalicelib.adapters.dynamo.errors import SealBroken
from chalicelib.adapters.dynamo.kept import Kept
from chalicelib.adapters.dynamo.records import KeyRecord
from chalicelib.adapters.dynamo.table import read
from chalicelib.domain.errors import StoreBusy

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from mypy_boto3_kms.client import KMSClient

    from chalicelib.adapters.dynamo.records import Key
    from chalicelib.adapters.dynamo.table import Item, Table

_VERSION: Final = b"\x01"
_NONCE_BYTES: Final = 12
_INDEX_PURPOSE: Final = b"jiefen-hub id-number index v1"
_ACT_PURPOSE: Final = b"jiefen-hub act v1"
_CODE_PURPOSE: Final = b"jiefen-hub one-time code v1"
CODE_DIGITS: Final = 6
LONGEST_KEPT_SECONDS: Final = 3600.0


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


class DataKeys:
    """The owners' keys; `kms` makes the client when it is first needed, `now` is real epoch seconds."""

    def __init__(
        self,
        table: Table,
        kms: Callable[[], KMSClient],
        kms_key_id: str,
        now: Callable[[], float],
        *,
        capacity: int = 256,
    ) -> None:
        self._table = table
        self._kms = kms
        self._kms_key_id = kms_key_id
        self._kept = Kept[DataKey](now, seconds=LONGEST_KEPT_SECONDS, capacity=capacity)

    def for_sealing(self, owner: str) -> DataKey:
        """Return the owner's key; make and store one if there is none yet. Raises StoreBusy."""
        return self.existing(owner) or self._kept.keep(owner, self._made(owner))

    def for_opening(self, owner: str, key_id: str) -> DataKey:
        """Return the key that sealed something; raises SealBroken if the owner's key is another one."""
        key = self.existing(owner)
        if key is None or key.key_id != key_id:
            raise SealBroken("sealed under a key the owner does not have")
        return key

    def seal(self, owner: str, place: Key, **fields: str | bytes) -> dict[str, Any]:
        """Return the attributes of the record at this place: its fields sealed, and the id of their key."""
        key = self.for_sealing(owner)
        sealed = {name: key.seal(value, (*place, name)) for name, value in fields.items()}
        return {"key_id": key.key_id, **sealed}

    def open(self, owner: str, record: Any, field: str) -> bytes:
        """Open a field of a record; raises SealBroken."""
        key = self.for_opening(owner, record.key_id)
        return key.open(getattr(record, field), (record.pk, record.sk, field))

    def existing(self, owner: str) -> DataKey | None:
        """Return the owner's key, or None if the owner never had one. Raises StoreBusy."""
        kept = self._kept.find(owner)
        if kept is not None:
            return kept
        record = self._table.get(KeyRecord, owner=owner)
        return self._kept.keep(owner, self._unwrapped(owner, record)) if record else None

    def beside(self, owner: str, place: Key) -> Item | None:
        """Read what stands at a place, and the owner's key in the same call if it is not in memory.

        Raises StoreBusy.
        """
        of_the_key = KeyRecord.place(owner=owner)
        kept = self._kept.find(owner)
        items = self._table.items_at([place] if kept else [place, of_the_key])
        if of_the_key in items:
            self._kept.keep(owner, self._unwrapped(owner, read(KeyRecord, items[of_the_key])))
        return items.get(place)

    def _made(self, owner: str) -> DataKey:
        kms = self._kms()
        with calling():
            made = kms.generate_data_key(
                KeyId=self._kms_key_id, KeySpec="AES_256", EncryptionContext=_context(owner)
            )
        wrapped = made["CiphertextBlob"]
        key_id = hashlib.sha256(wrapped).hexdigest()[:16]
        record = KeyRecord(*KeyRecord.place(owner=owner), key_id=key_id, wrapped=wrapped)
        if self._table.put(record, KeyRecord.pk.does_not_exist()):
            return DataKey(record.key_id, made["Plaintext"])
        winner = self._table.get(KeyRecord, owner=owner)
        if winner is None:
            raise StoreBusy("the owner's key was there and is gone")
        return self._unwrapped(owner, winner)

    def _unwrapped(self, owner: str, record: KeyRecord) -> DataKey:
        kms = self._kms()
        try:
            with calling():
                answer = kms.decrypt(
                    KeyId=self._kms_key_id, CiphertextBlob=record.wrapped, EncryptionContext=_context(owner)
                )
        except kms.exceptions.InvalidCiphertextException as error:
            raise SealBroken("the wrapped key is not this owner's") from error
        return DataKey(record.key_id, answer["Plaintext"])


def _context(owner: str) -> dict[str, str]:
    return {"institution_id": owner}
