"""The ports: the contracts that the adapters fulfil for the use cases.

Promise: a use case gets one `Hub` and uses nothing else from outside. Each port's fake passes the same
contract tests as the adapter used in production. Methods that a crash may interrupt can be called again
without harm.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from chalicelib.use_cases.people_ports import ReachesPeople

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime, timedelta

    from chalicelib.domain.calendar import WorkingCalendar
    from chalicelib.domain.case import Case, Change
    from chalicelib.domain.case_deadline import CaseDeadline
    from chalicelib.domain.events import Event
    from chalicelib.domain.parties import PartyDetails
    from chalicelib.domain.roles import Actor
    from chalicelib.domain.stages import Stage
    from chalicelib.domain.steps import CourtLimits, Step
    from chalicelib.domain.talk import Entry
    from chalicelib.use_cases.court_ports import Callbacks, Court, Dispatches, DossierStore, Transfers
    from chalicelib.use_cases.money_ports import Debts, Policies, Settlements
    from chalicelib.use_cases.papers import CourtNames, Papers, Renderer
    from chalicelib.use_cases.records import (
        Arrival,
        CasePage,
        Driven,
        Due,
        Filed,
        Idempotency,
        Outgoing,
        WorkflowRecord,
    )

P = TypeVar("P")


class Cases(Protocol):
    """The case records: each write is one transaction."""

    def add(
        self, change: Change, details: Sequence[PartyDetails], idempotency: Idempotency, due_at: datetime
    ) -> Filed:
        """Store a new case with its event, details, open claim, idempotency, debt and first workflow record.

        For a key used before, its answer is returned, or IdempotencyKeyReused raised if the body differs; an
        open case for the same claim raises DuplicateFiling. In these cases nothing is stored.
        """
        ...

    def save(self, change: Change, due_at: datetime, details: Sequence[PartyDetails] = ()) -> Case:
        """Store a changed case, its event and the change's records; return the case as stored.

        The records are settlement and account, a new transfer, dispatch and notices, and when it is due. A
        case that ends releases its claim; one that reopens takes it again or raises DuplicateFiling. Events
        recorded since the case was read stay before the change's own (`Change.behind`); an act since then
        raises StaleVersion. `details` replaces the named parties' details. At `due_at` a new dispatch or
        notice is followed up.
        """
        ...

    def get(self, case_id: str) -> Case:
        """Read a case as last committed; raises CaseNotFound."""
        ...

    def with_details(self, case_id: str) -> tuple[Case, Callable[[], tuple[PartyDetails, ...]]]:
        """Read a case and its parties' sealed data at once; the call decrypts them, as `details` does."""
        ...

    def driven(self, case_ids: Sequence[str]) -> Mapping[str, Callable[[], Driven | None]]:
        """Read up to 25 cases and what drives them at once; None where nothing does.

        Each is taken out by a call of its own, which raises what `get` would: one that can't be read spoils
        no other.
        """
        ...

    def carried_out(self, case: Case, act: bytes) -> bool:
        """Tell whether a change that this very act asked for was stored (`Change.act`)."""
        ...

    def filed_anew(self, case: Case) -> bool:
        """Tell whether another open case claims an instalment of this one, so that it can't go on."""
        ...

    def details(self, case: Case) -> tuple[PartyDetails, ...]:
        """Decrypt the parties' personal data, in the order of the case's parties."""
        ...

    def events(self, case_id: str, after: int, limit: int | None = None) -> tuple[Event, ...]:
        """Read events with a sequence above `after`, oldest first; all of them without a limit."""
        ...

    def list_for(self, actor: Actor, stage: Stage | None, after: str | None, limit: int) -> CasePage:
        """List what the actor sees; the cost does not grow with the number of cases stored."""
        ...

    def next_number(self, court_id: str, year: int) -> int:
        """Return the next number of a court's cases of a year; one whose answer is lost is left out."""
        ...

    def find_by_number(self, case_number: str) -> tuple[str, ...]:
        """Return the ids of the cases with a number, however it is typed (`case_number.compared`)."""
        ...

    def find_by_id_number(self, institution_id: str, id_number: str) -> tuple[str, ...]:
        """Return the institution's cases against the holder of an id number, through its HMAC."""
        ...


class Talk(Protocol):
    """The logs of what was said and done beside the cases; capabilities add to them in their own stores."""

    def entries(self, case_id: str) -> tuple[Entry, ...]:
        """Read a case's whole log, oldest first."""
        ...


class Workflows(Protocol):
    """The record of each open case's execution; in the due index until the case has ended."""

    def get(self, case_id: str) -> WorkflowRecord | None:
        """Read the record as last committed."""
        ...

    def arrive(self, arrival: Arrival) -> bool:
        """Store its token; False if a newer generation or a later step is stored, or the case has ended.

        When the case is looked after next stays as it is.
        """
        ...

    def restart(self, case_id: str, generation: int, due_at: datetime) -> bool:
        """Replace this generation by the next, without a token; False if somebody did, or the case ended."""
        ...

    def set_follow_up(self, case_id: str, due_at: datetime) -> None:
        """Look after the case again at `due_at`."""
        ...

    def end(self, case_id: str, version: int) -> None:
        """Take a case that had ended at this version out of the due index, unless it goes on since."""
        ...


class Deadlines(Protocol):
    """The deadlines beside the cases, stored with the events that set them; each is in the due index."""

    def get(self, case_id: str, kind: str) -> CaseDeadline | None:
        """Read a deadline as last committed; None if its day was handled."""
        ...

    def handled(self, deadline: CaseDeadline) -> None:
        """Make a deadline due on its day after its reminder; after its day, take it out of the due index.

        A second time changes nothing; a deadline that replaced it in the meantime stays as it is.
        """
        ...


class Engine(Protocol):
    """The workflow engine: it waits for time limits; lost executions are started again from the table."""

    def start(self, case_id: str, generation: int, plan: Mapping[str, Any]) -> None:
        """Start an execution; starting the same generation again changes nothing."""
        ...

    def complete(self, token: str, plan: Mapping[str, Any], usual_next: Step | None = None) -> bool:
        """End a wait; False if nobody waits with this token any more.

        `usual_next` is the step the machine goes on to by itself (`Arrival.usual_next`); if the plan names
        another one, it is sent there.
        """
        ...

    def running(self, case_id: str, generation: int) -> bool:
        """Tell whether this generation's execution is running."""
        ...


class Queues(Protocol):
    """The queues; a message carries ids and codes only."""

    def send(self, queue: str, message: Mapping[str, str | int]) -> None:
        """Send a message to the consumer of that name."""
        ...

    def send_all(self, queue: str, messages: Sequence[Outgoing]) -> Sequence[int]:
        """Send up to SENT_AT_ONCE messages in one call; return the places of those that were not taken."""
        ...


class DueIndex(Protocol):
    """The index of unfinished work by the time it is due, in shards."""

    shards: int

    def overdue(self, shard: int, now: datetime) -> Iterator[Due]:
        """Yield what was due before `now`, the oldest first; pages are read as they are needed."""
        ...

    def move(self, works: Sequence[tuple[Due, Due]]) -> tuple[Due, ...]:
        """Give up to 100 works a new time: each pair is the work as it was read, and as it shall be.

        Returns those that were moved. Work that was finished or moved since it was read stays as it is.
        """
        ...


class Clock(Protocol):
    """Case time; in a local run a day may last only seconds, and only the clock knows this."""

    def now(self) -> datetime:
        """Return the present instant of case time, in UTC."""
        ...

    def seconds_until(self, at: datetime) -> int:
        """Return how many real seconds pass until this instant of case time, at least 1."""
        ...


class Metrics(Protocol):
    """Counters with a fixed, small set of dimensions."""

    def count(self, name: str, value: int = 1) -> None:
        """Add to a counter."""
        ...


class Hub(ReachesPeople, Protocol):
    """Everything a use case may need; `bootstrap` builds each part when it is first asked for."""

    @property
    def cases(self) -> Cases: ...
    @property
    def talk(self) -> Talk: ...
    @property
    def settlements(self) -> Settlements: ...
    @property
    def debts(self) -> Debts: ...
    @property
    def workflows(self) -> Workflows: ...
    @property
    def deadlines(self) -> Deadlines: ...
    @property
    def engine(self) -> Engine: ...
    @property
    def queues(self) -> Queues: ...
    @property
    def due(self) -> DueIndex: ...
    @property
    def court(self) -> Court: ...
    @property
    def dispatches(self) -> Dispatches: ...
    @property
    def transfers(self) -> Transfers: ...
    @property
    def dossier_store(self) -> DossierStore: ...
    @property
    def callbacks(self) -> Callbacks: ...
    @property
    def renderer(self) -> Renderer: ...
    @property
    def papers(self) -> Papers: ...
    @property
    def policies(self) -> Policies: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def metrics(self) -> Metrics: ...
    @property
    def calendar(self) -> WorkingCalendar: ...
    @property
    def public_url(self) -> str: ...
    @property
    def shows_api_document(self) -> bool: ...
    @property
    def shows_public_roster(self) -> bool: ...
    @property
    def follow_up_after(self) -> timedelta: ...

    def part(self, port: type[P]) -> P:
        """Return a capability's implementation of a port, or the port's own answer if there is none.

        Raises LookupError for a port without an answer of its own, which is a Protocol.
        """
        ...

    def unprintable(self, text: str) -> tuple[str, ...]:
        """Return the code points of the characters of a text that papers can't show, such as U+2A6D6."""
        ...

    def new_id(self) -> str:
        """Return a new id of a case or of something beside it."""
        ...

    def pause(self, longest: float) -> None:
        """Wait for a random time of at most so many real seconds, so that those who collided meet no more."""
        ...

    def new_salt(self) -> str:
        """Return 128 random bits as 32 hex digits, for one event or entry."""
        ...

    def limits_of(self, court_id: str) -> CourtLimits:
        """Return a court's limits; raises UnknownCourt."""
        ...

    def names_of(self, court_id: str) -> CourtNames:
        """Return the names of a court and of its mediation centre; raises UnknownCourt."""
        ...
