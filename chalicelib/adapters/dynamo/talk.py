"""The logs of talk: one for each case; its entries and its head are records beside the case.

Promise: an entry, the writes it is about and the log's new head are stored in one transaction, or none of
them is; if another entry was stored first, the entry is made again to follow it. The case's own record is
not written, so acts and talk never wait for each other. Downside: an entry costs two writes more.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, TypeVar

from pynamodb.attributes import UnicodeAttribute

from chalicelib.adapters.dynamo.attributes import Code, Instant, Structured, Whole
from chalicelib.adapters.dynamo.beside import OnTable
from chalicelib.adapters.dynamo.idempotency import remember, remembered
from chalicelib.adapters.dynamo.records import KeyAnswerRecord, Record
from chalicelib.adapters.dynamo.table import Cancelled
from chalicelib.domain.errors import StoreBusy
from chalicelib.domain.roles import Role
from chalicelib.domain.talk import Entry, Head

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from chalicelib.adapters.dynamo.table import Write
    from chalicelib.use_cases.records import Idempotency

A = TypeVar("A", bound=KeyAnswerRecord)

# If twenty write at the same time, one succeeds at each try, so the last needs about twenty tries.
_ATTEMPTS: Final = 25


class TalkHeadRecord(Record):
    """The last entry's sequence and hash; its key begins like the case's, so that one query reads both."""

    key = "CASE#{case_id}", "CASE#TALK"
    sequence = Whole()
    hash = UnicodeAttribute()


class TalkRecord(Record):
    """One entry; `data` is JSON of ids, codes and digests."""

    key = "CASE#{case_id}", "TALK#{sequence:08}"
    sequence = Whole()
    kind = UnicodeAttribute()
    at = Instant()
    role = Code(Role)
    subject = UnicodeAttribute()
    data = Structured[Mapping[str, Any]](Mapping[str, Any])
    salt = UnicodeAttribute()
    previous = UnicodeAttribute()
    log_version = Whole()
    hash = UnicodeAttribute()


class DynamoTalk(OnTable):
    """The logs on the table."""

    def append(
        self,
        case_id: str,
        entry_behind: Callable[[Head], Entry],
        writes_of: Callable[[Entry], Sequence[Write]],
    ) -> Entry:
        """Store an entry with its writes; raises StoreBusy, or Cancelled if one of the writes is refused.

        The writes stand first in the transaction, in their order.
        """
        for _ in range(_ATTEMPTS):
            head = self.head(case_id)
            entry = entry_behind(head)
            writes = writes_of(entry)
            try:
                self._table.transact([*writes, *self.writes(entry, head)])
            except Cancelled as cancelled:
                refused = any(cancelled.stands_against(index) is not None for index in range(len(writes)))
                if refused or not (cancelled.busy or cancelled.stands_against(len(writes)) is not None):
                    raise
                continue
            return entry
        raise StoreBusy("the case's talk grows too fast")

    def append_once(
        self,
        case_id: str,
        entry_behind: Callable[[Head], Entry],
        writes_of: Callable[[Entry], Sequence[Write]],
        idempotency: Idempotency,
        answer: type[A],
        **told: Any,
    ) -> Entry | A:
        """As `append`, but once under an idempotency key: what is stored under it before is returned instead.

        The key's record of the type `answer` holds the entry's number as `sequence`, and `told`. Raises
        IdempotencyKeyReused for another body too.
        """

        def writes(entry: Entry) -> Sequence[Write]:
            answered = {"case_id": case_id, "sequence": entry.sequence, **told}
            key = remember(self._table, answer, idempotency, self._now(), **answered)
            return [key, *writes_of(entry)]

        try:
            return self.append(case_id, entry_behind, writes)
        except Cancelled as cancelled:
            known = cancelled.stands_against(0)
            if known is None:
                raise
            return remembered(answer, known, idempotency)

    def answered(self, answer: type[KeyAnswerRecord], idempotency: Idempotency) -> bool:
        """Tell whether something was stored under an idempotency key, and its answer still holds."""
        known = self._table.get(answer, caller=idempotency.caller, key=idempotency.key)
        return known is not None and known.expires_at > self._now()

    def follows(self, case_id: str, entry_behind: Callable[[Head], Entry], write: Write) -> bool:
        """Store an entry with one write; False if the write is refused. Raises StoreBusy."""
        try:
            self.append(case_id, entry_behind, lambda _entry: [write])
        except Cancelled:
            return False
        return True

    def head(self, case_id: str) -> Head:
        """Read the head of a case's log: its last entry's sequence and hash."""
        found = self._table.get(TalkHeadRecord, case_id=case_id)
        return Head() if found is None else Head(found.sequence, found.hash)

    def entries(self, case_id: str) -> tuple[Entry, ...]:
        """Read a case's whole log, oldest first."""
        records = self._table.read_all(TalkRecord, TalkRecord.all_of(case_id=case_id))
        return tuple(record.to_value(Entry, case_id=case_id) for record in records)

    def writes(self, entry: Entry, head: Head) -> list[Write]:
        """Return the writes of an entry behind the log's head; they fail if the log has grown since."""
        unchanged = TalkHeadRecord.hash == head.hash if head.sequence else TalkHeadRecord.pk.does_not_exist()
        return [
            self._table.to_rewrite(TalkHeadRecord.from_value(entry), unchanged),
            self._table.to_put(TalkRecord.from_value(entry), TalkRecord.pk.does_not_exist()),
        ]
