"""Data keys: one for each owner of personal data, wrapped by KMS, stored in the same table as the data.

Promise: an owner has exactly one key, even if two writers need the first one at the same time: the first
conditional put wins and the other writer uses the winner's key. An unwrapped key stays in memory for at
most an hour, and no more than `capacity` of them. KMS is asked with the owner as encryption context, so
its log shows whose key was unwrapped. Downside: within that hour a revoked grant still works.

The first filing of an institution costs one read and one write more than later ones.
"""

from __future__ import annotations

import hashlib
import threading
from typing import TYPE_CHECKING, Final

from chalicelib.adapters.aws import calling
from chalicelib.adapters.dynamo.errors import SealBroken
from chalicelib.adapters.dynamo.records import KeyRecord
from chalicelib.adapters.dynamo.sealing import DataKey
from chalicelib.domain.errors import StoreBusy

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_kms.client import KMSClient

    from chalicelib.adapters.dynamo.table import Table

LONGEST_KEPT_SECONDS: Final = 3600.0


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
        self._now = now
        self._capacity = capacity
        self._kept: dict[str, tuple[float, DataKey]] = {}  # the one that was used last stands last
        self._lock = threading.Lock()

    def for_sealing(self, owner: str) -> DataKey:
        """Return the owner's key; make and store one if there is none yet. Raises StoreBusy."""
        return self.existing(owner) or self._keep(owner, self._made(owner))

    def for_opening(self, owner: str, key_id: str) -> DataKey:
        """Return the key that sealed something; raises SealBroken if the owner's key is another one."""
        key = self.existing(owner)
        if key is None or key.key_id != key_id:
            raise SealBroken("sealed under a key the owner does not have")
        return key

    def existing(self, owner: str) -> DataKey | None:
        """Return the owner's key, or None if the owner never had one. Raises StoreBusy."""
        kept = self._find(owner)
        if kept is not None:
            return kept
        record = self._table.get(KeyRecord, owner=owner)
        return self._keep(owner, self._unwrapped(owner, record)) if record else None

    def _find(self, owner: str) -> DataKey | None:
        with self._lock:
            since, key = self._kept.pop(owner, (0.0, None))
            if key is None or self._now() - since > LONGEST_KEPT_SECONDS:
                return None
            self._kept[owner] = (since, key)
            return key

    def _keep(self, owner: str, key: DataKey) -> DataKey:
        with self._lock:
            self._kept.pop(owner, None)
            self._kept[owner] = (self._now(), key)
            while len(self._kept) > self._capacity:
                del self._kept[next(iter(self._kept))]
        return key

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


class OnTable:
    """The base of the stores; `now` is real time in epoch seconds, never compressed."""

    def __init__(self, table: Table, data_keys: DataKeys, now: Callable[[], float]) -> None:
        self._table = table
        self._data_keys = data_keys
        self._now = now


def _context(owner: str) -> dict[str, str]:
    return {"institution_id": owner}
