"""What all storage fakes share: one store under one lock, and the stream of what was added to it."""

import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from chalicelib.adapters.dynamo.errors import RecordTooNew, RecordUnreadable
from chalicelib.capabilities.applications.model import Application, Content
from chalicelib.capabilities.defences.model import Defence
from chalicelib.capabilities.guidance.model import Consultation
from chalicelib.capabilities.institutions.model import Enrolment
from chalicelib.capabilities.roster.model import Load, Person
from chalicelib.capabilities.sessions.model import Session
from chalicelib.domain.agreement.codes import Code
from chalicelib.domain.agreement.settlement import PayeeAccount, Settlement
from chalicelib.domain.appointment import Appointed
from chalicelib.domain.case import Case
from chalicelib.domain.case_deadline import CaseDeadline
from chalicelib.domain.contract_filings import ContractFilings
from chalicelib.domain.disclosure import DisclosedFact
from chalicelib.domain.events import Event
from chalicelib.domain.links import PartyLink
from chalicelib.domain.loan.debt import Debt
from chalicelib.domain.notices import Outcome, PartyNotice, PhoneCall
from chalicelib.domain.parties import PartyDetails
from chalicelib.domain.talk import Entry
from chalicelib.domain.transfer import Dispatch
from chalicelib.registry import consumer
from chalicelib.use_cases.capability_ports import Who
from chalicelib.use_cases.records import (
    DEADLINE,
    CourtCallback,
    Due,
    Filed,
    StoredTransfer,
    WorkflowRecord,
)
from tests.support.fakes.lock import Lock

SHARDS = 4


@dataclass(frozen=True)
class Answer:
    """The answer to an idempotency key, and until when (epoch seconds) it is remembered."""

    body_sha256: str
    filed: Filed
    expires_at: float


@dataclass
class Memory:
    """Everything stored; whoever reads or writes more than one thing holds the lock."""

    lock: Lock = field(default_factory=Lock)
    cases: dict[str, Case] = field(default_factory=dict)
    events: dict[str, list[Event]] = field(default_factory=dict)
    acts: set[tuple[str, bytes]] = field(default_factory=set)
    """By case, what asked for its changes."""
    details: dict[str, dict[str, PartyDetails]] = field(default_factory=dict)
    disclosed: dict[str, list[DisclosedFact]] = field(default_factory=dict)
    appointed: dict[str, list[Appointed]] = field(default_factory=dict)
    loads: dict[Who, Load] = field(default_factory=dict)
    settlements: dict[tuple[str, int], Settlement] = field(default_factory=dict)
    accounts: dict[tuple[str, int], PayeeAccount] = field(default_factory=dict)
    debts: dict[str, Debt] = field(default_factory=dict)
    workflows: dict[str, WorkflowRecord] = field(default_factory=dict)
    answers: dict[tuple[str, str], Answer] = field(default_factory=dict)
    reopened: dict[str, int] = field(default_factory=dict)
    defences: dict[str, dict[int, Defence]] = field(default_factory=dict)
    """By case, statements under the numbers of their entries of talk."""
    sessions: dict[tuple[str, str], Session] = field(default_factory=dict)
    """By case and id."""
    consultations: dict[str, Consultation] = field(default_factory=dict)
    """By case, where its guidance stands."""
    contracts: dict[tuple[str, str], ContractFilings] = field(default_factory=dict)
    """By institution and number as it is compared."""
    dispatches: dict[tuple[str, str], Dispatch] = field(default_factory=dict)
    transfers: dict[str, StoredTransfer] = field(default_factory=dict)
    callbacks: dict[str, CourtCallback] = field(default_factory=dict)
    outcomes: dict[str, str] = field(default_factory=dict)
    due: dict[Due, datetime] = field(default_factory=dict)
    failures: dict[Due, int] = field(default_factory=dict)
    """By what is due: how many looks at it failed since its time was last set by anybody else."""
    numbers: Counter[tuple[str, int]] = field(default_factory=Counter)
    """By court and year: how many case numbers were given."""
    deadlines: dict[tuple[str, str], CaseDeadline] = field(default_factory=dict)
    """By case and kind."""
    notices: dict[tuple[str, str], PartyNotice] = field(default_factory=dict)
    told: dict[str, dict[str, Outcome]] = field(default_factory=dict)
    """By notice: what came of it, by party."""
    asked_at: dict[str, datetime] = field(default_factory=dict)
    """By notice: when what caused it happened."""
    ended_at: dict[str, datetime] = field(default_factory=dict)
    """By notice: when it was sent, or given up."""
    calls: dict[tuple[str, str], PhoneCall] = field(default_factory=dict)
    """By court and id: whom the centre has to ring."""
    codes: dict[tuple[str, str], Code] = field(default_factory=dict)
    """By case and party."""
    links: dict[str, PartyLink] = field(default_factory=dict)
    applications: dict[str, tuple[Application, Content]] = field(default_factory=dict)
    application_figures: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    """By court, month and what it came to: how many applications."""
    links_revoked: dict[tuple[str, str], int] = field(default_factory=dict)
    link_acts: dict[str, list[Any]] = field(default_factory=dict)
    talk: dict[str, list[Entry]] = field(default_factory=dict)
    institutions: dict[str, list[Enrolment]] = field(default_factory=dict)
    """By id: every version."""
    roster: dict[Who, list[Person]] = field(default_factory=dict)
    """By court and id: the versions of a person's entry, the oldest first."""
    unreadable: dict[str, type[RecordTooNew | RecordUnreadable]] = field(default_factory=dict)
    """By case: its log."""
    stream: list[tuple[str, dict[str, str | int]]] = field(default_factory=list)
    """What the relay has yet to send: queue and message."""

    def tell(self, queue: str, *ids: str | int) -> None:
        """Put a message about a stored record on the stream."""
        self.stream.append((queue, consumer(queue).message(*ids)))

    def follow_up(self, due: Due, at: datetime) -> None:
        """Put something into the due index."""
        self.due[due] = at
        self.failures.pop(due, None)

    def owe(self, notice: PartyNotice, at: datetime) -> None:
        """Store a message owed to a party, with its due entry and its stream record."""
        self.notices[notice.case_id, notice.notice_id] = notice
        due = Due(consumer="notices", ids=(notice.case_id, notice.notice_id))
        self.follow_up(due, notice.not_before or at)
        if notice.not_before is None:
            self.tell("notices", notice.case_id, notice.notice_id)

    def set_deadline(self, deadline: CaseDeadline) -> None:
        """Set a deadline beside a case, or replace the one of its kind."""
        self.deadlines[deadline.case_id, deadline.kind] = deadline
        self.follow_up(Due(consumer=DEADLINE, ids=(deadline.case_id, deadline.kind)), deadline.follow_up_at)

    def set_follow_up(self, due: Due, at: datetime) -> None:
        """Change an entry's time in the due index; an entry that has left it stays out."""
        with self.lock:
            if due in self.due:
                self.follow_up(due, at)

    def finish(self, due: Due) -> bool:
        """Take something out of the due index; False if it was out already."""
        with self.lock:
            return self.due.pop(due, None) is not None


def shard_of(key: str) -> int:
    """Spread keys over the shards."""
    return zlib.crc32(key.encode()) % SHARDS


class FakeDueIndex:
    """What is overdue, in shards."""

    shards = SHARDS

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def overdue(self, shard: int, now: datetime) -> Iterator[Due]:
        """Yield what was due before `now`, the oldest first."""
        with self._memory.lock:
            late = sorted(
                ((at, due) for due, at in self._memory.due.items() if at < now),
                key=lambda entry: (entry[0], str(entry[1].ids[-1])),
            )
        for at, due in late:
            if shard_of(str(due.ids[0])) == shard:
                yield replace(due, at=at, failures=self._memory.failures.get(due, 0))

    def move(self, works: Sequence[tuple[Due, Due]]) -> tuple[Due, ...]:
        """Move each that is due as it was read."""
        return tuple(to for read, to in works if self._moved(read, to))

    def _moved(self, read: Due, to: Due) -> bool:
        with self._memory.lock:
            now = self._memory.due.get(read), self._memory.failures.get(read, 0)
            if now != (read.at, read.failures):
                return False
            self._memory.follow_up(to, to.at)
            self._memory.failures[to] = to.failures
            return True
