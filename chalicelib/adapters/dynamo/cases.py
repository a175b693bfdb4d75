"""The case records: each change is one transaction, and the transaction is the only lock.

Promise: a filing is one TransactWriteItems that stores all of this or nothing: the case, its first event,
its sealed parties, its open claim, its debt if there is one, the answer to its idempotency key and the first
record of its workflow. A change is one that replaces only the version it was made from. A refusal brings the
item that failed the condition, so no second read is needed. Downside: each respondent adds one write.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Final, TypeVar

from chalicelib.adapters.dynamo import keys, listing, personal_data
from chalicelib.adapters.dynamo.beside import Saving, writes_of
from chalicelib.adapters.dynamo.records import (
    CaseRecord,
    EventRecord,
    IdempotencyRecord,
    OpenClaimRecord,
    PartiesRecord,
    PersonRecord,
    Record,
)
from chalicelib.adapters.dynamo.records import WorkflowRecord as Workflow
from chalicelib.adapters.dynamo.stored_case import case_of, case_record, event_record
from chalicelib.adapters.dynamo.table import Cancelled, read
from chalicelib.adapters.dynamo.talk import TalkHeadRecord
from chalicelib.adapters.dynamo.workflows import first_record, workflow_due
from chalicelib.domain.errors import (
    CaseNotFound,
    Contended,
    DuplicateFiling,
    IdempotencyKeyReused,
    StaleVersion,
)
from chalicelib.domain.events import Event
from chalicelib.observability import log_event
from chalicelib.use_cases.records import CasePage, Driven, Filed, WorkflowRecord

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from chalicelib.adapters.dynamo.data_keys import DataKeys
    from chalicelib.adapters.dynamo.table import Item, Table, Write
    from chalicelib.domain.case import Case, Change
    from chalicelib.domain.parties import PartyDetails
    from chalicelib.domain.roles import Actor
    from chalicelib.domain.stages import Stage
    from chalicelib.use_cases.records import Idempotency

R = TypeVar("R", bound=Record)

REMEMBERED_SECONDS: Final = 48 * 3600
"""How long a repeated idempotency key gets the same answer."""

# The index of these writes in a filing's transaction, and so of their reasons when it is cancelled.
_IDEMPOTENCY, _CLAIM = 0, 1
# The index of the case in a change's transaction; the claim of a reopened case has the index _CLAIM here too.
_CASE = 0
_ATTEMPTS: Final = 10
_PEOPLE_AT_ONCE: Final = 100
_EVENTS_AT_ONCE: Final = 1000


class DynamoCases:
    """`Cases` on the table; `now` is real time in epoch seconds, used only for expiry."""

    def __init__(self, table: Table, data_keys: DataKeys, now: Callable[[], float]) -> None:
        self._table = table
        self._data_keys = data_keys
        self._now = now

    def add(
        self, change: Change, details: Sequence[PartyDetails], idempotency: Idempotency, due_at: datetime
    ) -> Filed:
        """Store a new case; see the port. Raises IdempotencyKeyReused, DuplicateFiling or StoreBusy."""
        case = change.case
        filed = Filed(case_id=case.case_id, stage=case.stage, filed_at=case.filed_at, version=case.version)
        parties = personal_data.seal(case, details, self._data_keys.for_sealing(case.institution_id))
        writes = [
            self._remember(filed, idempotency),
            self._table.to_put(_claim_of(case), OpenClaimRecord.pk.does_not_exist()),
            self._table.to_put(case_record(case), CaseRecord.pk.does_not_exist()),
            self._table.to_put(event_record(change.event)),
            self._table.to_put(personal_data.parties_record(case.case_id, parties)),
            self._table.to_put(first_record(case.case_id, due_at)),
            *self._look_ups(case, personal_data.people(parties)),
            *self._beside(change, due_at),
        ]
        try:
            self._table.transact(writes)
        except Cancelled as cancelled:
            return _answer_instead(cancelled, idempotency)
        log_event(change.event)
        return filed

    def _remember(self, filed: Filed, idempotency: Idempotency) -> Write:
        now = int(self._now())
        record = IdempotencyRecord.from_value(
            keys.idempotency(idempotency.caller, idempotency.key),
            keys.IDEM,
            filed,
            body_sha256=idempotency.body_sha256,
            expires_at=now + REMEMBERED_SECONDS,
        )
        # TTL deletes items only days after they expire, so an expired item counts as deleted.
        unknown = IdempotencyRecord.pk.does_not_exist() | (IdempotencyRecord.expires_at <= now)
        return self._table.to_put(record, unknown)

    def _look_ups(self, case: Case, people: set[str]) -> list[Write]:
        return [self._table.to_put(personal_data.person_record(case, person)) for person in sorted(people)]

    def save(self, change: Change, due_at: datetime, details: Sequence[PartyDetails] = ()) -> Case:
        """Store a changed case; see the port. Raises StaleVersion, DuplicateFiling or StoreBusy."""
        for _ in range(_ATTEMPTS):
            stored = self._save(change, due_at, details)
            if stored is None:
                log_event(change.event)
                return change.case
            moved = change.behind(stored)
            if moved is None:
                raise StaleVersion(change.case.case_id)
            change = moved
        raise Contended("the record of the case grows too fast")

    def _save(self, change: Change, due_at: datetime, details: Sequence[PartyDetails]) -> Case | None:
        """Store a change, or return the stored case if another event was stored first."""
        case = change.case
        writes = [
            # The last event's hash identifies the chain on which the change was decided, and so the version.
            self._table.to_put(case_record(case), CaseRecord.last_event_hash == change.event.previous),
            self._claim(change),
            self._table.to_put(
                event_record(change.event, self._mark(case, change.act)), EventRecord.pk.does_not_exist()
            ),
            *self._beside(change, due_at),
            *self._corrected(case, details),
        ]
        try:
            self._table.transact([write for write in writes if write])
        except Cancelled as cancelled:
            between = cancelled.stands_against(_CASE)
            if between == {}:
                raise StaleVersion(case.case_id) from cancelled  # there is no such case
            if between is not None:
                return case_of(between)
            held = cancelled.stands_against(_CLAIM)
            if change.reopens and held is not None:
                raise DuplicateFiling(read(OpenClaimRecord, held).case_id) from cancelled
            raise _unexpected(cancelled) from cancelled
        return None

    def _mark(self, case: Case, act: bytes | None) -> str | None:
        return None if act is None else self._data_keys.for_sealing(case.institution_id).mark_of(act)

    def _claim(self, change: Change) -> Write | None:
        claim = _claim_of(change.case)
        mine = OpenClaimRecord.pk.does_not_exist() | (OpenClaimRecord.case_id == change.case.case_id)
        if change.ends:
            return self._table.to_delete(claim.pk, claim.sk, mine)
        return self._table.to_put(claim, mine) if change.reopens else None

    def _beside(self, change: Change, due_at: datetime) -> list[Write]:
        saving = Saving(self._table, self._data_keys, change.case, due_at)
        writes = [write for value in change.records for write in writes_of(value, saving)]
        if change.follow_up_at is not None:
            writes.append(workflow_due(self._table, change.case.case_id, change.follow_up_at))
        return writes

    def _corrected(self, case: Case, details: Sequence[PartyDetails]) -> list[Write]:
        if not details:
            return []
        # This read and write needs no condition of its own: parties change only together with their case,
        # and the case's version is checked in the same transaction.
        stored = self._parties(case).parties
        key = self._data_keys.for_sealing(case.institution_id)
        parties = personal_data.merged(stored, personal_data.seal(case, details, key))
        before, after = personal_data.people(stored), personal_data.people(parties)
        gone = [personal_data.person_record(case, person) for person in sorted(before - after)]
        return [
            self._table.to_put(personal_data.parties_record(case.case_id, parties)),
            *self._look_ups(case, after - before),
            *(self._table.to_delete(record.pk, record.sk) for record in gone),
        ]

    def get(self, case_id: str) -> Case:
        """Read a case as last committed; raises CaseNotFound."""
        items = self._table.items(keys.case(case_id), keys.CASE)
        return _case(case_id, items.get(keys.CASE), items.get(keys.TALK_HEAD))

    def driven(self, case_ids: Sequence[str]) -> Mapping[str, Callable[[], Driven | None]]:
        """Read up to 25 cases and what drives them at once; see the port. Raises StoreBusy."""
        parts = (keys.CASE, keys.TALK_HEAD, keys.WORKFLOW)
        items = self._table.items_at([(keys.case(case_id), part) for case_id in case_ids for part in parts])
        return {
            case_id: partial(_driven, case_id, *(items.get((keys.case(case_id), part)) for part in parts))
            for case_id in case_ids
        }

    def carried_out(self, case: Case, act: bytes) -> bool:
        """Tell whether an event of the case is this act's."""
        mark = self._mark(case, act)
        return any(record.act == mark for record in self._events(case.case_id, 0, _EVENTS_AT_ONCE))

    def details(self, case: Case) -> tuple[PartyDetails, ...]:
        """Decrypt the parties' personal data; raises SealBroken."""
        return personal_data.unseal(case, self._parties(case), self._data_keys)

    def events(self, case_id: str, after: int, limit: int | None = None) -> tuple[Event, ...]:
        """Read events with a sequence above `after`, oldest first; all of them without a limit."""
        if after >= keys.LAST_EVENT:
            return ()
        records = self._events(case_id, max(after, 0), limit or _EVENTS_AT_ONCE)
        return tuple(record.to_value(Event) for record in islice(records, limit))

    def _events(self, case_id: str, after: int, at_once: int) -> Iterator[EventRecord]:
        span = EventRecord.sk.between(keys.event(after + 1), keys.event(keys.LAST_EVENT))
        return self._table.read_all(
            EventRecord, (EventRecord.pk == keys.case(case_id)) & span, at_once=at_once
        )

    def list_for(self, actor: Actor, stage: Stage | None, after: str | None, limit: int) -> CasePage:
        """List what the actor sees, newest filing first."""
        scope = listing.scope_of(actor)
        if scope is None:
            return CasePage(cases=(), after=None)
        return listing.page_of(self._table, scope, stage, after, limit)

    def find_by_id_number(self, institution_id: str, id_number: str) -> tuple[str, ...]:
        """Return the institution's cases against the holder of an id number."""
        key = self._data_keys.existing(institution_id)
        if key is None:
            return ()  # an institution without a key has never filed
        where = PersonRecord.pk == keys.person(institution_id, key.index_of(id_number))
        records = self._table.read_all(PersonRecord, where, at_once=_PEOPLE_AT_ONCE)
        return tuple(record.sk.removeprefix(keys.CASE_PREFIX) for record in records)

    def _parties(self, case: Case) -> PartiesRecord:
        return self._case_part(PartiesRecord, case.case_id, keys.PARTIES)

    def _case_part(self, record: type[R], case_id: str, sk: str) -> R:
        found = self._table.get(record, keys.case(case_id), sk)
        if found is None:
            raise CaseNotFound(case_id)
        return found


def _claim_of(case: Case) -> OpenClaimRecord:
    return OpenClaimRecord(pk=keys.open_claim(*case.uniqueness), sk=keys.OPEN, case_id=case.case_id)


def _case(case_id: str, item: Item | None, talk: Item | None) -> Case:
    if item is None:
        raise CaseNotFound(case_id)
    case = case_of(item)
    return case if talk is None else replace(case, talk=read(TalkHeadRecord, talk).hash)


def _driven(case_id: str, case: Item | None, talk: Item | None, record: Item | None) -> Driven | None:
    if record is None:
        return None
    return Driven(case=_case(case_id, case, talk), record=read(Workflow, record).to_value(WorkflowRecord))


def _answer_instead(cancelled: Cancelled, idempotency: Idempotency) -> Filed:
    """Return the first answer to a repeated filing; raise for another filing under its key or a duplicate."""
    known = cancelled.stands_against(_IDEMPOTENCY)
    if known is not None:
        return _replayed(read(IdempotencyRecord, known), idempotency)
    held = cancelled.stands_against(_CLAIM)
    # If the store is busy, this same filing may hold the claim: StoreBusy lets the caller repeat it.
    if held is not None and not cancelled.busy:
        raise DuplicateFiling(read(OpenClaimRecord, held).case_id) from cancelled
    raise _unexpected(cancelled) from cancelled


def _replayed(record: IdempotencyRecord, idempotency: Idempotency) -> Filed:
    if record.body_sha256 != idempotency.body_sha256:
        raise IdempotencyKeyReused(idempotency.key)
    return record.to_value(Filed, replayed=True)


def _unexpected(cancelled: Cancelled) -> Exception:
    return Contended(str(cancelled)) if cancelled.busy else cancelled
