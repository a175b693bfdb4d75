"""Institutions on the table: the latest version under one key, and every version for ever.

Promise: a version, the latest one and the answer to the idempotency key are written in one transaction, on
the condition that the version before is the latest. Contacts and accounts are sealed under the institution's
key. All latest versions are in one partition, which is listed by one query, and written only by enrolments. A
filing reads its institution together with the data key it needs anyway, in one call, and keeps it in memory.
Downside: another process sees a suspension up to KEPT_SECONDS later.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from pynamodb.attributes import UnicodeAttribute

from chalicelib.adapters.dynamo.attributes import Bytes, Instant, Structured, Whole
from chalicelib.adapters.dynamo.cases import remember, remembered
from chalicelib.adapters.dynamo.kept import Kept
from chalicelib.adapters.dynamo.records import KeyAnswerRecord, Record
from chalicelib.adapters.dynamo.structure import from_json, to_json
from chalicelib.adapters.dynamo.table import Cancelled, read
from chalicelib.capabilities.institutions.model import Enrolment, Institution, Private
from chalicelib.capabilities.institutions.service import (
    AsksTheRoll,
    Enrolled,
    InstitutionPage,
    Known,
    Listed,
)
from chalicelib.domain.errors import Contended, StaleInstitution

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chalicelib.adapters.dynamo.store import DynamoStore
    from chalicelib.capabilities.institutions.model import Account
    from chalicelib.use_cases.records import Idempotency

KEPT_SECONDS: Final = 60.0
"""How long a filing may rely on what was read of its institution."""
# The places of the key's record and of the latest version in the transaction.
_IDEMPOTENCY, _LATEST = 0, 1


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


class InstitutionKeyRecord(KeyAnswerRecord):
    """Which version a key stored."""

    key = "IDEM#{caller}#{key}", "INSTITUTION"
    institution_id = UnicodeAttribute()
    version = Whole()


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

    def store(self, enrolment: Enrolment, idempotency: Idempotency) -> Enrolled:
        """Store the next version; see the port. Raises StoreBusy."""
        table, institution_id = self._store.table, enrolment.institution.institution_id
        ids: dict[str, Any] = {"institution_id": institution_id, "version": enrolment.version}
        known = InstitutionRecord.version == enrolment.version - 1
        latest, kept = (
            self._record(InstitutionRecord, enrolment),
            self._record(InstitutionVersionRecord, enrolment),
        )
        try:
            table.transact(
                [
                    remember(table, InstitutionKeyRecord, idempotency, self._store.now(), **ids),
                    table.to_put(
                        latest, InstitutionRecord.pk.does_not_exist() if enrolment.version == 1 else known
                    ),
                    table.to_put(kept),
                ]
            )
        except Cancelled as cancelled:
            answer = cancelled.stands_against(_IDEMPOTENCY)
            if answer is not None:
                first = remembered(InstitutionKeyRecord, answer, idempotency)
                return Enrolled(enrolment=self._version(first), replayed=True)
            if cancelled.stands_against(_LATEST) is not None:
                raise StaleInstitution(institution_id) from cancelled
            raise (Contended(str(cancelled)) if cancelled.busy else cancelled) from cancelled
        return Enrolled(enrolment=enrolment)

    def versions(self, institution_id: str) -> tuple[Enrolment, ...]:
        """Read every version; raises SealBroken."""
        where = InstitutionVersionRecord.all_of(institution_id=institution_id)
        records = self._store.table.read_all(InstitutionVersionRecord, where)
        return tuple(self._opened(record) for record in records)

    def page(self, after: str, limit: int) -> InstitutionPage:
        """Read a page of the latest versions."""
        _, start = InstitutionRecord.place(institution_id=after)
        where = (InstitutionRecord.pk == InstitutionRecord.key[0]) & (InstitutionRecord.sk > start)
        items, more = self._store.table.query(where, limit=limit)
        listed = tuple(read(InstitutionRecord, item).to_value(Listed) for item in items)
        return InstitutionPage(
            institutions=listed, after=listed[-1].institution.institution_id if more and listed else None
        )

    def _version(self, answer: InstitutionKeyRecord) -> Enrolment:
        ids: dict[str, Any] = {"institution_id": answer.institution_id, "version": answer.version}
        missing = LookupError("a version that was stored is gone")
        return self._opened(self._store.table.known(InstitutionVersionRecord, missing, **ids))

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
