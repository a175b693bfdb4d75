"""Institutions on the table: the latest version under one key, and every version for ever.

Promise: a version and the latest one are written in one transaction, on the condition that the version before
is the latest. Contacts and accounts are sealed under the institution's
key. All latest versions are in one partition, which is listed by one query, and written only by enrolments. A
filing reads its institution together with the data key it needs anyway, in one call, and keeps it in memory.
Downside: another process sees a suspension up to KEPT_SECONDS later.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from pynamodb.attributes import UnicodeAttribute

from chalicelib.adapters.dynamo.attributes import Bytes, Instant, Structured, Whole
from chalicelib.adapters.dynamo.kept import Kept
from chalicelib.adapters.dynamo.records import Record
from chalicelib.adapters.dynamo.structure import from_json, to_json
from chalicelib.adapters.dynamo.table import Cancelled, read
from chalicelib.capabilities.institutions.model import Enrolment, Institution, Private
from chalicelib.capabilities.institutions.service import (
    AsksTheRoll,
    InstitutionPage,
    Known,
    Listed,
)
from chalicelib.domain.errors import Contended

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chalicelib.adapters.dynamo.store import DynamoStore
    from chalicelib.capabilities.institutions.model import Account

KEPT_SECONDS: Final = 60.0
"""How long a filing may rely on what was read of its institution."""
_LATEST: Final = 0
"""The place of the latest version in the transaction."""


class InstitutionRecord(Record):
    """What is enrolled of an institution now; `private` (contacts, accounts) is sealed."""

    key = "INSTITUTIONS", "INSTITUTION#{institution_id}"
    version = Whole()
    reason = UnicodeAttribute()
    by = UnicodeAttribute()
    at = Instant()
    institution = Structured[Institution](Institution)
    key_id = UnicodeAttribute()
    private = Bytes()


class InstitutionVersionRecord(InstitutionRecord):
    """A version of it."""

    key = "INSTITUTION#{institution_id}", "V#{version:08}"


def institutions(store: DynamoStore) -> DynamoInstitutions:
    """Make the implementation of the port `Institutions`."""
    return DynamoInstitutions(store)


def enrolled(store: DynamoStore) -> AsksTheRoll:
    """Make the answer to the core's port `EnrolledInstitution`."""
    return AsksTheRoll(DynamoRoll(store))


class DynamoInstitutions:
    """The port `Institutions`, implemented on the table."""

    def __init__(self, store: DynamoStore) -> None:
        self._store = store

    def store(self, enrolment: Enrolment) -> bool:
        """Store the next version; see the port. Raises StoreBusy."""
        table = self._store.table
        follows = InstitutionRecord.version == enrolment.version - 1
        latest, version = (
            self._record(kind, enrolment) for kind in (InstitutionRecord, InstitutionVersionRecord)
        )
        first = InstitutionRecord.pk.does_not_exist()
        try:
            table.transact(
                [table.to_put(latest, first if enrolment.version == 1 else follows), table.to_put(version)]
            )
        except Cancelled as cancelled:
            if cancelled.stands_against(_LATEST) is not None:
                return False
            raise (Contended(str(cancelled)) if cancelled.busy else cancelled) from cancelled
        return True

    def versions(self, institution_id: str) -> tuple[Enrolment, ...]:
        """Read every version; raises SealBroken."""
        where = InstitutionVersionRecord.all_of(institution_id=institution_id)
        records = self._store.table.read_all(InstitutionVersionRecord, where)
        return tuple(self._opened(record) for record in records)

    def latest(self, institution_id: str) -> Enrolment | None:
        """Read the version in force; raises SealBroken."""
        record = self._store.table.get(InstitutionRecord, institution_id=institution_id)
        return None if record is None else self._opened(record)

    def page(self, after: str, limit: int) -> InstitutionPage:
        """Read a page of the latest versions."""
        _, start = InstitutionRecord.place(institution_id=after)
        where = (InstitutionRecord.pk == InstitutionRecord.key[0]) & (InstitutionRecord.sk > start)
        items, more = self._store.table.query(where, limit=limit)
        listed = tuple(read(InstitutionRecord, item).to_value(Listed) for item in items)
        return InstitutionPage(
            institutions=listed, after=listed[-1].institution.institution_id if more and listed else None
        )

    def _record(self, kind: type[InstitutionRecord], enrolment: Enrolment) -> InstitutionRecord:
        institution_id = enrolment.institution.institution_id
        place = kind.place(institution_id=institution_id, version=enrolment.version)
        private = json.dumps(to_json(Private, enrolment.private), ensure_ascii=False)
        sealed = self._store.data_keys.seal(institution_id, place, private=private)
        return kind.from_value(enrolment, place, **sealed)

    def _opened(self, record: InstitutionRecord) -> Enrolment:
        return record.to_value(Enrolment, private=opened(self._store, record))


class DynamoRoll:
    """The port `Roll`: the latest versions, kept in memory for at most KEPT_SECONDS."""

    def __init__(self, store: DynamoStore) -> None:
        self._store = store
        self._kept = Kept[Known](store.now, seconds=KEPT_SECONDS)

    def kept(self, institution_id: str) -> Known | None:
        """Return what is in memory."""
        return self._kept.find(institution_id)

    def read(self, institution_id: str) -> Known | None:
        """Read the latest version, and with it the institution's data key if that is not in memory."""
        place = InstitutionRecord.place(institution_id=institution_id)
        item = self._store.data_keys.beside(institution_id, place)
        if item is None:
            return None
        record = read(InstitutionRecord, item)

        def accounts() -> Sequence[Account]:
            return opened(self._store, record).accounts

        return self._kept.keep(institution_id, Known(institution=record.institution, accounts=accounts))


def opened(store: DynamoStore, record: InstitutionRecord) -> Private:
    """Return what of an enrolment is sealed; raises SealBroken."""
    content = store.data_keys.open(record.institution.institution_id, record, "private")
    private: Private = from_json(Private, json.loads(content), "private")
    return private
