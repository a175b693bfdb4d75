"""One record per contract of an institution: the cases that claim its instalments.

Promise: a filing writes the record in its own transaction, only if it stands as it was read; so two filings
that share an instalment can't both be stored. The first filing of a contract reads nothing. Downside: two
filings of other instalments of one contract at the same time meet, and one of them is tried again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from chalicelib.adapters.dynamo.records import ContractRecord
from chalicelib.adapters.dynamo.table import read
from chalicelib.domain.calendar import local_date
from chalicelib.domain.contract_filings import Claimed, ContractFilings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pynamodb.expressions.update import Action

    from chalicelib.adapters.dynamo.records import Key
    from chalicelib.adapters.dynamo.table import Item, Table, Write
    from chalicelib.domain.case import Case


@dataclass(frozen=True, slots=True)
class Seen:
    """A contract's filings as they were read; `changes` counts the writes: 0, there is no record."""

    filings: ContractFilings
    changes: int


UNSEEN: Final = Seen(ContractFilings(), 0)


def place_of(case: Case) -> Key:
    """Return the key of the record of a case's contract, by the number as it is compared."""
    institution_id, contract_number, _ = case.uniqueness
    return ContractRecord.place(institution_id=institution_id, contract_number=contract_number)


def claimed_by(case: Case) -> Claimed:
    """Return what a case claims of its contract."""
    return Claimed(local_date(case.filed_at), case.instalment_scope, case.case_id)


def seen(item: Item) -> Seen:
    """Read a contract's record that stood against a write; an item without attributes is not there."""
    return _seen(read(ContractRecord, item) if item else None)


def stored(table: Table, case: Case) -> Seen:
    """Read the record of a case's contract as last committed."""
    institution_id, contract_number, _ = case.uniqueness
    return _seen(table.get(ContractRecord, institution_id=institution_id, contract_number=contract_number))


def _seen(record: ContractRecord | None) -> Seen:
    if record is None:
        return UNSEEN
    return Seen(ContractFilings(_read(record.open), _read(record.ended)), record.changes)


def to_write(table: Table, case: Case, filings: ContractFilings, before: Seen) -> Write:
    """Return the write of a contract's filings, made only if the record stands as it was read."""
    record = ContractRecord(
        *place_of(case),
        open=_written(filings.open) or None,
        ended=_written(filings.ended) or None,
        changes=before.changes + 1,
    )
    as_seen = (
        ContractRecord.changes == before.changes if before.changes else ContractRecord.pk.does_not_exist()
    )
    return table.to_rewrite(record, as_seen)


def to_end(table: Table, case: Case) -> Write:
    """Return the write that says that a case is over; a case of an earlier release has no entry yet."""
    entry = _written([claimed_by(case)])
    moved: list[Action] = [ContractRecord.open.delete(entry), ContractRecord.ended.add(entry)]
    return table.to_update(
        place_of(case), [*moved, ContractRecord.changes.add(1), ContractRecord.schema.set(1)]
    )


def _written(cases: Iterable[Claimed]) -> set[str]:
    return set(map(entry_of, cases))


def _read(entries: Iterable[str] | None) -> frozenset[Claimed]:
    return frozenset(map(claimed_in, entries or ()))


def entry_of(case: Claimed) -> str:
    """Return a case as it is stored."""
    return f"{case.filed_on.isoformat()}={case.instalment_scope}={case.case_id}"


def claimed_in(text: str) -> Claimed:
    """Read what `entry_of` wrote; raises ValueError."""
    # A scope that an earlier release stored may hold any sign; neither a day nor an id holds a "=".
    filed_on, _, rest = text.partition("=")
    instalment_scope, _, case_id = rest.rpartition("=")
    return Claimed(date.fromisoformat(filed_on), instalment_scope, case_id)
