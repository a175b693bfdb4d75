"""The case records: each change is one transaction, and the transaction is the only lock.

Promise: a filing is one TransactWriteItems that stores all of this or nothing: the case, its first event, its
sealed parties, its claim to instalments of a contract, its debt if there is one, the answer to its
idempotency key and the first record of its workflow. A change is one that replaces only the version it
was made from. A refusal brings the item that failed the condition, so no second read is needed. Downside:
each respondent adds one write.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Final

from chalicelib.adapters.dynamo import contracts, keys, listing, personal_data
from chalicelib.adapters.dynamo.beside import OnTable, Saving, writes_of
from chalicelib.adapters.dynamo.due import first_record, workflow_due, workflow_reopened
from chalicelib.adapters.dynamo.idempotency import remember, remembered
from chalicelib.adapters.dynamo.records import (
    LAST_SEQUENCE,
    CaseNumberRecord,
    CaseRecord,
    CounterRecord,
    EventRecord,
    IdempotencyRecord,
    OpenClaimRecord,
    PartiesRecord,
    PersonRecord,
)
from chalicelib.adapters.dynamo.records import WorkflowRecord as Workflow
from chalicelib.adapters.dynamo.stored_case import case_of, case_record, event_record
from chalicelib.adapters.dynamo.table import Cancelled, read
from chalicelib.adapters.dynamo.talk import TalkHeadRecord
from chalicelib.adapters.dynamo.work import work_writes
from chalicelib.domain.case_number import compared
from chalicelib.domain.errors import (
    CaseNotFound,
    Contended,
    DuplicateFiling,
    StaleVersion,
)
from chalicelib.domain.events import Event
from chalicelib.observability import log_event
from chalicelib.use_cases.records import CasePage, Driven, Filed, WorkflowRecord

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from chalicelib.adapters.dynamo.contracts import Seen
    from chalicelib.adapters.dynamo.table import Item, Write
    from chalicelib.domain.case import Case, Change
    from chalicelib.domain.contract_filings import ContractFilings
    from chalicelib.domain.errors import HubError
    from chalicelib.domain.parties import PartyDetails
    from chalicelib.domain.roles import Actor
    from chalicelib.domain.stages import Stage
    from chalicelib.use_cases.records import Idempotency

# The index of these writes in a filing's transaction, and so of their reasons when it is cancelled.
_IDEMPOTENCY, _CLAIM, _CONTRACT, _FIRST_OF_THE_REST = range(4)
# The index of the case in a change's transaction; a reopened case's claims have their indexes here too.
_CASE = 0
_ATTEMPTS: Final = 10


class DynamoCases(OnTable):
    """`Cases` on the table; real time is used only for expiry."""

    def add(
        self, change: Change, details: Sequence[PartyDetails], idempotency: Idempotency, due_at: datetime
    ) -> Filed:
        """Store a new case; see the port. Raises IdempotencyKeyReused, DuplicateFiling or StoreBusy."""
        seen = contracts.UNSEEN
        write = self._filing(change, details, idempotency, due_at)
        for _ in range(_ATTEMPTS):
            filings = seen.filings.claiming(contracts.claimed_by(change.case), self._is_over)
            found = write(filings, seen)
            if isinstance(found, Filed):
                return found
            seen = found
        raise Contended("this contract is filed too often at once")

    def _filing(
        self, change: Change, details: Sequence[PartyDetails], idempotency: Idempotency, due_at: datetime
    ) -> Callable[[ContractFilings, Seen], Filed | Seen]:
        """Return what stores a filing, or returns the contract's record if it is not as it was read."""
        case = change.case
        parties = personal_data.seal(case, details, self._data_keys.for_sealing(case.institution_id))
        claim, *as_written = [
            self._table.to_put(each, OpenClaimRecord.pk.does_not_exist()) for each in _claims_of(case)
        ]
        saving = Saving(self._table, self._data_keys, case, due_at)
        rest = [
            self._table.to_put(case_record(case), CaseRecord.pk.does_not_exist()),
            self._table.to_put(event_record(change.event)),
            self._table.to_put(first_record(case.case_id, due_at)),
            *personal_data.writes(self._table, case, parties),
            *self._beside(change, saving),
            *as_written,
        ]
        refusals = [(_FIRST_OF_THE_REST + rest.index(write), error) for write, error in saving.refusals]

        def write(filings: ContractFilings, seen: Seen) -> Filed | Seen:
            answer = {name: getattr(case, name) for name in ("case_id", "stage", "filed_at", "version")}
            before = filings.before(case.instalment_scope)
            told = tuple(map(contracts.entry_of, before)) or None
            key = remember(self._table, IdempotencyRecord, idempotency, self._now(), before=told, **answer)
            try:
                contract = contracts.to_write(self._table, case, filings, seen)
                self._table.transact([key, claim, contract, *rest])
            except Cancelled as cancelled:
                return _found_instead(cancelled, case, idempotency, -1 if as_written else _CLAIM, refusals)
            log_event(change.event)
            return Filed(before=before, **answer)

        return write

    def filed_anew(self, case: Case) -> bool:
        """Tell whether another open case claims an instalment of this one, by the contract or as filed."""
        try:
            contracts.stored(self._table, case).filings.claiming(contracts.claimed_by(case), self._is_over)
        except DuplicateFiling:
            return True
        # What an earlier release filed stands in no contract's record.
        institution_id, number, scope = case.uniqueness
        claim = self._table.get(
            OpenClaimRecord, institution_id=institution_id, contract_number=number, instalment_scope=scope
        )
        return claim is not None and claim.case_id != case.case_id

    def _is_over(self, case_id: str) -> bool:
        return self.get(case_id).stage.terminal

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
        write = self._table.to_rewrite if case.as_stored else self._table.to_put
        claim, contract, *as_written = self._claims(change)
        saving = Saving(self._table, self._data_keys, case, due_at)
        writes = [
            # The last event's hash identifies the chain on which the change was decided, and so the version.
            write(case_record(case), CaseRecord.last_event_hash == change.event.previous),
            claim,
            contract,
            self._table.to_put(
                event_record(change.event, self._mark(case, change.act), moves=change.moves),
                EventRecord.pk.does_not_exist(),
            ),
            *self._beside(change, saving),
            *self._numbered(change),
            *self._corrected(case, details),
            *as_written,
        ]
        made = [write for write in writes if write]
        try:
            self._table.transact(made)
        except Cancelled as cancelled:
            between = cancelled.stands_against(_CASE)
            if between == {}:
                raise StaleVersion(case.case_id) from cancelled  # there is no such case
            if between is not None:
                return case_of(between)
            if change.reopens:
                _refuse_duplicate(cancelled, case, -1 if as_written else _CLAIM)
                if cancelled.stands_against(_CONTRACT) is not None:
                    raise Contended("another case of the contract was stored meanwhile") from cancelled
            for refused, error in saving.refusals:
                if cancelled.stands_against(made.index(refused)) is not None:
                    raise error from cancelled
            raise _unexpected(cancelled) from cancelled
        return None

    def _mark(self, case: Case, act: bytes | None) -> str | None:
        return None if act is None else self._data_keys.for_sealing(case.institution_id).mark_of(act)

    def _claims(self, change: Change) -> list[Write | None]:
        """Return the writes of the claim, the contract and the claim as written, if it ends or reopens."""
        if not (change.ends or change.reopens):
            return [None, None]
        case = change.case
        mine = OpenClaimRecord.pk.does_not_exist() | (OpenClaimRecord.case_id == case.case_id)
        claims = _claims_of(case)
        if change.ends:
            first, *others = [self._table.to_delete((claim.pk, claim.sk), mine) for claim in claims]
            return [first, contracts.to_end(self._table, case), *others]
        first, *others = [self._table.to_rewrite(claim, mine) for claim in claims]
        return [first, self._reclaimed(case), *others]

    def _reclaimed(self, case: Case) -> Write:
        seen = contracts.stored(self._table, case)
        filings = seen.filings.claiming(contracts.claimed_by(case), self._is_over)
        return contracts.to_write(self._table, case, filings, seen)

    def _beside(self, change: Change, saving: Saving) -> list[Write]:
        writes = [write for value in change.records for write in writes_of(value, saving)]
        if change.follow_up_at is not None:
            workflow_write = workflow_reopened if change.reopens else workflow_due
            writes.append(workflow_write(self._table, change.case, change.follow_up_at))
        return [*writes, *work_writes(self._table, change.before, change.case)]

    def _numbered(self, change: Change) -> list[Write]:
        number = change.case.case_number
        if number is None or (change.before and change.before.case_number):
            return []
        place = CaseNumberRecord.place(case_number=compared(number), case_id=change.case.case_id)
        return [self._table.to_put(CaseNumberRecord(*place))]

    def _corrected(self, case: Case, details: Sequence[PartyDetails]) -> list[Write]:
        if not details:
            return []
        # This read and write needs no condition of its own: parties change only together with their case,
        # and the case's version is checked in the same transaction.
        stored = self._parties(case).parties
        key = self._data_keys.for_sealing(case.institution_id)
        parties = personal_data.merged(stored, personal_data.seal(case, details, key))
        return personal_data.writes(self._table, case, parties, before=stored)

    def get(self, case_id: str) -> Case:
        """Read a case as last committed; raises CaseNotFound."""
        items = self._table.items(*CaseRecord.place(case_id=case_id))
        return _case(case_id, *(items.get(kind.key[1]) for kind in (CaseRecord, TalkHeadRecord)))

    def with_details(self, case_id: str) -> tuple[Case, Callable[[], tuple[PartyDetails, ...]]]:
        """Read a case and its parties at once, which saves a call; see the port. Raises StoreBusy."""
        places = [kind.place(case_id=case_id) for kind in (CaseRecord, TalkHeadRecord, PartiesRecord)]
        case, talk, parties = map(self._table.items_at(places).get, places)
        found = _case(case_id, case, talk)

        def details() -> tuple[PartyDetails, ...]:
            if parties is None:
                raise CaseNotFound(case_id)
            return personal_data.unseal(found, read(PartiesRecord, parties), self._data_keys)

        return found, details

    def driven(self, case_ids: Sequence[str]) -> Mapping[str, Callable[[], Driven | None]]:
        """Read up to 25 cases and what drives them at once; see the port. Raises StoreBusy."""
        kinds = (CaseRecord, TalkHeadRecord, Workflow)
        places = {case_id: [kind.place(case_id=case_id) for kind in kinds] for case_id in case_ids}
        items = self._table.items_at([place for each in places.values() for place in each])
        return {case_id: partial(_driven, case_id, *map(items.get, each)) for case_id, each in places.items()}

    def carried_out(self, case: Case, act: bytes) -> bool:
        """Tell whether an event of the case is this act's."""
        mark = self._mark(case, act)
        return any(record.act == mark for record in self._events(case.case_id, 0))

    def details(self, case: Case) -> tuple[PartyDetails, ...]:
        """Decrypt the parties' personal data; raises SealBroken."""
        return personal_data.unseal(case, self._parties(case), self._data_keys)

    def events(self, case_id: str, after: int, limit: int | None = None) -> tuple[Event, ...]:
        """Read events with a sequence above `after`, oldest first; all of them without a limit."""
        if after >= LAST_SEQUENCE:
            return ()
        records = self._events(case_id, max(after, 0), limit)
        return tuple(record.to_value(Event) for record in islice(records, limit))

    def _events(self, case_id: str, after: int, at_once: int | None = None) -> Iterator[EventRecord]:
        where = EventRecord.all_above(after, case_id=case_id)
        return self._table.read_all(EventRecord, where, at_once=at_once)

    def list_for(self, actor: Actor, stage: Stage | None, after: str | None, limit: int) -> CasePage:
        """List what the actor sees, newest filing first."""
        return listing.page_of(self._table, actor, stage, after, limit)

    def next_number(self, court_id: str, year: int) -> int:
        """Return a court's next number of a year; raises StoreBusy."""
        return self._table.count_up(CounterRecord.place(court_id=court_id, year=year), CounterRecord.last)

    def find_by_number(self, case_number: str) -> tuple[str, ...]:
        """Return the ids of the cases with a number."""
        where = CaseNumberRecord.all_of(case_number=compared(case_number))
        records = self._table.read_all(CaseNumberRecord, where)
        return tuple(record.sk.removeprefix(keys.CASE_PREFIX) for record in records)

    def find_by_id_number(self, institution_id: str, id_number: str) -> tuple[str, ...]:
        """Return the institution's cases against the holder of an id number."""
        key = self._data_keys.existing(institution_id)
        if key is None:
            return ()  # an institution without a key has never filed
        where = PersonRecord.all_of(institution_id=institution_id, id_index=key.index_of(id_number))
        records = self._table.read_all(PersonRecord, where)
        return tuple(record.sk.removeprefix(keys.CASE_PREFIX) for record in records)

    def _parties(self, case: Case) -> PartiesRecord:
        return self._table.known(PartiesRecord, CaseNotFound(case.case_id), case_id=case.case_id)


def _claims_of(case: Case) -> list[OpenClaimRecord]:
    """Return the claim under the contract's number as it is compared, and as it is written if that differs.

    An earlier release knows the written one alone, and cases that it stored hold no other.
    """
    compared = case.uniqueness
    written = (case.institution_id, case.contract_number, case.instalment_scope)
    claims = []
    for institution_id, number, scope in dict.fromkeys((compared, written)):
        key = OpenClaimRecord.place(
            institution_id=institution_id, contract_number=number, instalment_scope=scope
        )
        claims.append(OpenClaimRecord(*key, case_id=case.case_id))
    return claims


def _case(case_id: str, item: Item | None, talk: Item | None) -> Case:
    if item is None:
        raise CaseNotFound(case_id)
    case = case_of(item)
    return case if talk is None else replace(case, talk=read(TalkHeadRecord, talk).hash)


def _driven(case_id: str, case: Item | None, talk: Item | None, record: Item | None) -> Driven | None:
    if record is None:
        return None
    return Driven(case=_case(case_id, case, talk), record=read(Workflow, record).to_value(WorkflowRecord))


def _found_instead(
    cancelled: Cancelled,
    case: Case,
    idempotency: Idempotency,
    as_written: int,
    refusals: Sequence[tuple[int, HubError]],
) -> Filed | Seen:
    """Return the first answer to a repeated filing, or the contract's record if it is not as it was read.

    Raises for another filing under the key, for a duplicate, and what a record beside the case says.
    The key is looked at first: a filing that is
    repeated finds its own claim open, too.
    """
    known = cancelled.stands_against(_IDEMPOTENCY)
    if known is not None:
        answer = remembered(IdempotencyRecord, known, idempotency)
        before = tuple(map(contracts.claimed_in, answer.before or ()))
        return answer.to_value(Filed, before=before, replayed=True)
    if cancelled.busy:
        # This same filing may hold the claim, still under way: Contended lets the caller repeat it.
        raise _unexpected(cancelled) from cancelled
    _refuse_duplicate(cancelled, case, as_written)
    for index, error in refusals:
        if cancelled.stands_against(index) is not None:
            raise error from cancelled
    contract = cancelled.stands_against(_CONTRACT)
    if contract is None:
        raise _unexpected(cancelled) from cancelled
    return contracts.seen(contract)


def _refuse_duplicate(cancelled: Cancelled, case: Case, as_written: int) -> None:
    held = cancelled.stands_against(_CLAIM) or cancelled.stands_against(as_written)
    if held:
        existing = read(OpenClaimRecord, held).case_id
        raise DuplicateFiling(existing, case.instalment_scope) from cancelled


def _unexpected(cancelled: Cancelled) -> Exception:
    return Contended(str(cancelled)) if cancelled.busy else cancelled
