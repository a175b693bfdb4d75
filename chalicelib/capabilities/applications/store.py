"""Applications on the table: each under an id of its own where a case could stand, and in lists.

Promise: application, entry of its log, lists, counts, messages and deadline are written in one transaction,
on the condition that the application is as it was read; a filing that joins one writes them in its own. What
the applicant tells is sealed under its court's key; a phone is known by a keyed hash. Downside: a court's
open applications are one partition, and so are an institution's; only a step writes to them.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from pynamodb.attributes import UnicodeAttribute

from chalicelib.adapters.dynamo.attributes import Bytes, Structured, Whole, optional
from chalicelib.adapters.dynamo.due import deadline_record, notice_record
from chalicelib.adapters.dynamo.records import CounterRecord, KeyAnswerRecord, Record
from chalicelib.adapters.dynamo.structure import from_json, to_json
from chalicelib.adapters.dynamo.table import Cancelled, read
from chalicelib.adapters.dynamo.talk import DynamoTalk
from chalicelib.capabilities.applications.model import (
    ENDED,
    KEPT_SECONDS,
    MOST_FROM_ONE_SOURCE,
    OWNER,
    PHONE_SECONDS,
    SOURCE_SECONDS,
    VISIT_SECONDS,
    Application,
    ApplicationState,
    Content,
    Done,
    Visitor,
)
from chalicelib.capabilities.applications.service import AnsweredByFiling, Page
from chalicelib.domain.errors import Contended, StoreBusy

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from chalicelib.adapters.dynamo.beside import Saving
    from chalicelib.adapters.dynamo.sealing import DataKeys
    from chalicelib.adapters.dynamo.store import DynamoStore
    from chalicelib.adapters.dynamo.table import Table, Write
    from chalicelib.capabilities.applications.model import Step
    from chalicelib.use_cases.records import Idempotency

_SOURCE: Final = b"jiefen-hub source of codes v1 "
_STEP: Final = 0
"""The place of the application in the transaction of a step."""


class ApplicationRecord(Record):
    """An application; `content`, what its applicant tells, is sealed."""

    key = "CASE#{application_id}", "APPLICATION"
    version = Whole()
    application = Structured[Application](Application)
    key_id = UnicodeAttribute()
    content = Bytes()
    expires_at = optional(Whole())


class CourtApplicationRecord(Record):
    """An application in its court's list, on the shelf of the open ones or of those that have ended."""

    key = "APPLICATIONS#{court_id}", "{shelf}#{listed_at}"
    application = Structured[Application](Application)
    expires_at = optional(Whole())


class AskedApplicationRecord(Record):
    """An application in the list of the institution that is asked to answer it."""

    key = "APPLICATIONS_TO#{institution_id}", "APPLICATION#{listed_at}"
    application = Structured[Application](Application)


class ApplicantRecord(Record):
    """An application among those that came from a phone."""

    key = "APPLICANT#{mark}", "APPLICATION#{listed_at}"
    application_id = UnicodeAttribute()
    expires_at = optional(Whole())


class ApplicationFiguresRecord(Record):
    """How many applications that a court received in a month came to what."""

    key = "APPLICATIONS_IN#{court_id}#{month}", "FIGURES"
    received = optional(Whole())
    taken_up = optional(Whole())
    declined = optional(Whole())
    joined = optional(Whole())
    joined_late = optional(Whole())
    unanswered = optional(Whole())
    withdrawn = optional(Whole())


class ApplicationCounterRecord(CounterRecord):
    """How many numbers of a year's applications a court has given."""

    key = "COUNTER#{court_id}#{year}", "APPLICATIONS"


class ApplicationKeyRecord(KeyAnswerRecord):
    """Which application a key stored."""

    key = "IDEM#{caller}#{key}", "APPLICATION"
    sequence = Whole()


class ApplicantPhoneRecord(Record):
    """A phone to which a code is sent, sealed, under its mark."""

    key = "CASE#{mark}", "PHONE"
    key_id = UnicodeAttribute()
    phone = Bytes()
    expires_at = Whole()


class VisitRecord(Record):
    """A pass, under the hash of its token: the mark and the phone, sealed, that showed a code."""

    key = "VISIT#{token_sha256}", "VISIT"
    mark = UnicodeAttribute()
    key_id = UnicodeAttribute()
    phone = Bytes()
    expires_at = Whole()


class SourceRecord(Record):
    """How many codes a source has asked for in an hour; the source is a keyed hash of an address."""

    key = "SOURCE#{source}", "HOUR#{hour}"
    asked = Whole()
    expires_at = Whole()


def applications(store: DynamoStore) -> DynamoApplications:
    """Make the implementation of the port `Applications`."""
    return DynamoApplications(store)


def own_applications(_store: DynamoStore) -> AnsweredByFiling:
    """Make the answer to the core's port `OwnApplications`."""
    return AnsweredByFiling()


class DynamoApplications:
    """The port `Applications`, implemented on the table."""

    def __init__(self, store: DynamoStore) -> None:
        self._store = store

    def visitor_of(self, phone: str) -> Visitor:
        """Return the visitor with a phone. Raises StoreBusy."""
        return Visitor(mark=self._store.data_keys.for_sealing(OWNER).index_of(phone), phone=phone)

    def keep_phone(self, visitor: Visitor) -> None:
        """Keep a phone for an hour. Raises StoreBusy."""
        place = ApplicantPhoneRecord.place(mark=visitor.mark)
        sealed = self._store.data_keys.seal(OWNER, place, phone=visitor.phone)
        expires_at = self._second() + PHONE_SECONDS
        record = ApplicantPhoneRecord(*place, expires_at=expires_at, **sealed)
        self._store.table.transact([self._store.table.to_put(record)])

    def phone_of(self, mark: str) -> str | None:
        """Return a phone that is kept; raises SealBroken."""
        record = self._store.table.get(ApplicantPhoneRecord, mark=mark)
        if record is None or record.expires_at <= self._second():
            return None
        return self._store.data_keys.open(OWNER, record, "phone").decode()

    def count_source(self, source: str) -> bool:
        """Count a request of a source. Raises StoreBusy."""
        hour, key = self._second() // SOURCE_SECONDS, self._store.data_keys.for_sealing(OWNER)
        place = SourceRecord.place(source=key.mark_of(_SOURCE + source.encode()), hour=hour)
        return self._store.table.update(
            place,
            [SourceRecord.asked.add(1), SourceRecord.expires_at.set((hour + 2) * SOURCE_SECONDS)],
            SourceRecord.asked.does_not_exist() | (SourceRecord.asked < MOST_FROM_ONE_SOURCE),
        )

    def open_visit(self, visitor: Visitor, token_sha256: str) -> int:
        """Store a pass. Raises StoreBusy."""
        expires_at = self._second() + VISIT_SECONDS
        place = VisitRecord.place(token_sha256=token_sha256)
        sealed = self._store.data_keys.seal(OWNER, place, phone=visitor.phone)
        record = VisitRecord(*place, mark=visitor.mark, expires_at=expires_at, **sealed)
        self._store.table.transact([self._store.table.to_put(record)])
        return expires_at

    def visitor(self, token_sha256: str) -> Visitor | None:
        """Return who has a pass; raises SealBroken."""
        record = self._store.table.get(VisitRecord, token_sha256=token_sha256)
        if record is None or record.expires_at <= self._second():
            return None
        phone = self._store.data_keys.open(OWNER, record, "phone").decode()
        return Visitor(mark=record.mark, phone=phone)

    def next_number(self, court_id: str, year: int) -> int:
        """Return a court's next number of a year; raises StoreBusy."""
        place = ApplicationCounterRecord.place(court_id=court_id, year=year)
        return self._store.table.count_up(place, ApplicationCounterRecord.last)

    def knows(self, idempotency: Idempotency) -> bool:
        """Tell whether something was stored under a key."""
        return self._store.talk.answered(ApplicationKeyRecord, idempotency)

    def add(self, step: Step, idempotency: Idempotency, due_at: datetime) -> tuple[Application, bool]:
        """Store a new application; see the port. Raises IdempotencyKeyReused or StoreBusy."""
        application = step.after
        writes = _writes(self._store.table, self._store.data_keys, step, due_at)
        known = self._store.talk.append_once(
            application.application_id,
            step.entry_behind,
            lambda _entry: writes,
            idempotency,
            ApplicationKeyRecord,
        )
        if isinstance(known, ApplicationKeyRecord):
            found = self.find(known.case_id)
            if found is None:
                raise StoreBusy("the key's application is gone")
            return found[0], True
        return application, False

    def save(self, step: Step, due_at: datetime) -> bool:
        """Store a step; see the port. Raises StoreBusy."""
        writes = _writes(self._store.table, self._store.data_keys, step, due_at)
        try:
            self._store.talk.append(step.after.application_id, step.entry_behind, lambda _entry: writes)
        except Cancelled as cancelled:
            if cancelled.stands_against(_STEP) is not None:
                return False
            raise (Contended(str(cancelled)) if cancelled.busy else cancelled) from cancelled
        return True

    def find(self, application_id: str) -> tuple[Application, Content] | None:
        """Read an application; raises SealBroken."""
        record = self._store.table.get(ApplicationRecord, application_id=application_id)
        return None if record is None else (record.application, self._opened(record))

    def standing(self, application_id: str) -> Application | None:
        """Read an application alone."""
        record = self._store.table.get(ApplicationRecord, application_id=application_id)
        return None if record is None else record.application

    def of_visitor(self, mark: str) -> tuple[tuple[Application, Content], ...]:
        """Read what came from a phone; raises SealBroken."""
        where = ApplicantRecord.all_of(mark=mark)
        records = self._store.table.read_all(ApplicantRecord, where)
        found = (self.find(record.application_id) for record in records)
        return tuple(each for each in found if each is not None)

    def of_court(self, court_id: str, shelf: str, after: str | None, limit: int) -> Page:
        """Read a page of a court's list."""
        partition, prefix = CourtApplicationRecord.place(court_id=court_id, shelf=shelf.upper(), listed_at="")
        return self._page(CourtApplicationRecord, partition, prefix, after, limit)

    def of_institution(self, institution_id: str, after: str | None, limit: int) -> Page:
        """Read a page of an institution's list."""
        partition, prefix = AskedApplicationRecord.place(institution_id=institution_id, listed_at="")
        return self._page(AskedApplicationRecord, partition, prefix, after, limit)

    def figures(self, court_id: str, month: str) -> Mapping[str, int]:
        """Read the counts of a month."""
        record = self._store.table.get(ApplicationFiguresRecord, court_id=court_id, month=month)
        names = (*Done, "joined_late")
        counted = {} if record is None else {str(name): getattr(record, name, None) for name in names}
        return {name: count for name, count in counted.items() if count}

    def _page(
        self,
        kind: type[CourtApplicationRecord | AskedApplicationRecord],
        partition: str,
        prefix: str,
        after: str | None,
        limit: int,
    ) -> Page:
        start = {"PK": {"S": partition}, "SK": {"S": f"{prefix}{after}"}} if after else None
        where = (kind.pk == partition) & kind.sk.startswith(prefix)
        items, more = self._store.table.query(where, limit=limit, start=start)
        found = tuple(read(kind, item).application for item in items)
        return Page(applications=found, after=found[-1].listed_at if found and more else None)

    def _opened(self, record: ApplicationRecord) -> Content:
        owner = record.application.place.institution_id
        opened = json.loads(self._store.data_keys.open(owner, record, "content"))
        content: Content = from_json(Content, opened, "content")
        return content

    def _second(self) -> int:
        return int(self._store.now())


def step_writes(step: Step, saving: Saving) -> list[Write]:
    """Return the writes of a step that is stored with the filing that joins the application."""
    writes = _writes(saving.table, saving.data_keys, step, saving.due_at)
    talk = DynamoTalk(saving.table, saving.data_keys, _no_time)
    head = talk.head(step.after.application_id)
    entry = talk.writes(step.entry_behind(head), head)
    changed = step.refused or Contended("the application changed meanwhile")
    saving.refusals.extend((write, changed) for write in (writes[_STEP], *entry))
    return [*writes, *entry]


def _no_time() -> float:
    raise AssertionError("an entry of a log is stored without a key that expires")


def _writes(table: Table, data_keys: DataKeys, step: Step, due_at: datetime) -> list[Write]:
    """Return a step's writes but for its entry in the log; that of the application itself comes first."""
    before, after = step.before, step.after
    over = int(after.changed_at.timestamp()) + KEPT_SECONDS if after.state in ENDED else None
    place = ApplicationRecord.place(application_id=after.application_id)
    sealed = {} if step.content is None else _sealed(data_keys, after, step.content)
    actions = ApplicationRecord.actions(
        schema=1, version=after.version, application=after, expires_at=over, **sealed
    )
    same = (
        ApplicationRecord.pk.does_not_exist()
        if before is None
        else ApplicationRecord.version == before.version
    )
    told = [table.to_put(notice_record(each, due_at, asked_at=step.act.at)) for each in step.notices]
    deadlines = [table.to_put(deadline_record(step.deadline))] if step.deadline else []
    own = ApplicantRecord(
        *ApplicantRecord.place(mark=after.mark, listed_at=after.listed_at),
        application_id=after.application_id,
        expires_at=over,
    )
    return [
        table.to_update(place, actions, same),
        *_listed(table, step, over),
        table.to_put(own),
        *_counted(table, step),
        *told,
        *deadlines,
    ]


def _sealed(data_keys: DataKeys, application: Application, content: Content) -> dict[str, object]:
    place = ApplicationRecord.place(application_id=application.application_id)
    written = json.dumps(to_json(Content, content), ensure_ascii=False)
    return data_keys.seal(application.place.institution_id, place, content=written)


def _listed(table: Table, step: Step, over: int | None) -> list[Write]:
    after = step.after
    ended = after.state in ENDED
    at = {"court_id": after.court_id, "listed_at": after.listed_at}
    record = CourtApplicationRecord(
        *CourtApplicationRecord.place(**at, shelf="ENDED" if ended else "OPEN"),
        application=after,
        expires_at=over,
    )
    # Nothing is opened again. Reminding and silence delete nothing: the reconciler may not.
    moved = [table.to_delete(CourtApplicationRecord.place(**at, shelf="OPEN"))] if ended else []
    if after.institution_id is None:
        return [table.to_put(record), *moved]
    asked = AskedApplicationRecord.place(institution_id=after.institution_id, listed_at=after.listed_at)
    to_answer = after.state in {ApplicationState.ASKED, ApplicationState.UNANSWERED}
    asks = (
        table.to_put(AskedApplicationRecord(*asked, application=after))
        if to_answer
        else table.to_delete(asked)
    )
    return [table.to_put(record), *moved, asks]


def _counted(table: Table, step: Step) -> list[Write]:
    if not step.counts:
        return []
    place = ApplicationFiguresRecord.place(court_id=step.after.court_id, month=step.after.month)
    actions = [getattr(ApplicationFiguresRecord, name).add(1) for name in step.counts]
    return [table.to_update(place, [*actions, ApplicationFiguresRecord.schema.set(1)])]
