"""Write messages, read those one may read, open the joint thread, and mark who has to be rung."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from chalicelib.capabilities.talks.declaration import (
    MARK_NEED,
    OPEN_JOINT_THREAD,
    READ_MESSAGES,
    WRITE_MESSAGE,
)
from chalicelib.capabilities.talks.model import (
    JOINT,
    OWN_THREAD,
    Done,
    Message,
    Salts,
    ThreadAct,
    Threads,
    readable,
    reader_of,
    threads_of,
)
from chalicelib.domain.permissions import authorise, authorise_on
from chalicelib.domain.roles import Role
from chalicelib.domain.rules import KNOWN_PARTY
from chalicelib.use_cases.follow_up import follow_up_time

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from chalicelib.capabilities.talks.model import Need
    from chalicelib.domain.case import Case
    from chalicelib.domain.roles import Actor
    from chalicelib.use_cases.ports import Hub
    from chalicelib.use_cases.records import Idempotency


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """A stored message; a repeated key gets the same one with `replayed` set."""

    message: Message
    replayed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagePage:
    """Messages by their numbers, oldest first; `after` continues the list, although a page may be short."""

    messages: Mapping[int, Message]
    after: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A page as one reader sees it: by which name it reads, where it may write, and how far the threads are.

    `threads` are as they were before this page was shown.
    """

    page: MessagePage
    reader: str
    may_write_in: tuple[str, ...]
    threads: Threads

    def is_new(self, sequence: int) -> bool:
        """Tell whether the reader was not shown this message before, and did not write it."""
        own = self.page.messages[sequence].author == self.reader
        return not own and sequence > self.threads.read.get(self.reader, 0)


class Messages(Protocol):
    """The stored messages; each stands in the case's log of talk."""

    def add(
        self, case: Case, message: Message, salts: Salts, idempotency: Idempotency, due_at: datetime
    ) -> Added:
        """Store a message, with its entry in the log and with who is told of it, in one transaction.

        A key used before returns its message, or raises IdempotencyKeyReused for another body. Raises
        RuleViolated. At `due_at` a notice that is still unsent is looked after.
        """
        ...

    def page(self, case: Case, after: int, limit: int) -> MessagePage:
        """Read at most `limit` messages that come after the place `after`; 0 starts with the first one."""
        ...

    def threads(self, case_id: str) -> Threads:
        """Read how far a case's threads are."""
        ...

    def shown(self, case_id: str, reader: str, sequence: int) -> None:
        """Keep that a reader was shown a message; a smaller number than before changes nothing."""
        ...

    def act(self, case_id: str, act: ThreadAct, salt: str) -> Threads:
        """Store an act with its entry in the log; one that changes nothing stores nothing."""
        ...


def write_message(
    hub: Hub, actor: Actor, case_id: str, thread: str | None, text: str, idempotency: Idempotency
) -> Added:
    """Write a message in a thread, by default in a party's own; the case's version stays as it is.

    A mediator has no thread of its own, and says to whom. Raises NotPermitted, CaseNotFound, RuleViolated or
    IdempotencyKeyReused.
    """
    authorise(actor, WRITE_MESSAGE)
    case = hub.cases.get(case_id)
    authorise_on(actor, WRITE_MESSAGE, case)
    own = threads_of(actor, case)
    if actor.role is not Role.MEDIATOR:
        thread = thread or own[0]
    if thread not in own:
        raise OWN_THREAD.refusal()
    message = Message(
        message_id=hub.new_id(),
        thread=thread,
        author=reader_of(actor, case_id),
        at=hub.clock.now(),
        role=actor.role,
        subject=actor.subject,
        text=text,
    )
    salts = Salts(hub.new_salt(), hub.new_salt())
    return hub.part(Messages).add(case, message, salts, idempotency, follow_up_time(hub))


def read_messages(hub: Hub, actor: Actor, case_id: str, after: int, limit: int) -> Shown:
    """Return a page of the messages that the reader may read, and keep that it was shown them.

    Raises NotPermitted or CaseNotFound.
    """
    authorise(actor, READ_MESSAGES)
    case = hub.cases.get(case_id)
    authorise_on(actor, READ_MESSAGES, case)
    stored, reader = hub.part(Messages), reader_of(actor, case_id)
    threads, page = stored.threads(case_id), stored.page(case, after, limit)
    seen = {number: each for number, each in page.messages.items() if readable(each, actor, case_id)}
    if seen and threads.shown(reader, max(seen)):
        stored.shown(case_id, reader, max(seen))
    return Shown(
        page=MessagePage(messages=seen, after=page.after),
        reader=reader,
        may_write_in=_open(actor, case, threads),
        threads=threads,
    )


def open_joint_thread(hub: Hub, actor: Actor, case_id: str, *, opened: bool) -> Threads:
    """Open the thread that all parties read, or close it again; what was written stays readable.

    Raises NotPermitted or CaseNotFound.
    """
    authorise(actor, OPEN_JOINT_THREAD)
    authorise_on(actor, OPEN_JOINT_THREAD, hub.cases.get(case_id))
    done = Done.JOINT_OPENED if opened else Done.JOINT_CLOSED
    act = ThreadAct(done=done, at=hub.clock.now(), role=actor.role, subject=actor.subject)
    return hub.part(Messages).act(case_id, act, hub.new_salt())


def mark_need(hub: Hub, actor: Actor, case_id: str, party_id: str, need: Need | None) -> Threads:
    """Mark why a respondent is rung instead of getting a message to its phone; None removes the mark.

    Raises NotPermitted, CaseNotFound, or RuleViolated for who is no respondent.
    """
    authorise(actor, MARK_NEED)
    case = hub.cases.get(case_id)
    authorise_on(actor, MARK_NEED, case)
    if party_id not in case.respondent_ids:
        raise KNOWN_PARTY.refusal()
    act = ThreadAct(
        done=Done.NEED_MARKED if need else Done.NEED_REMOVED,
        at=hub.clock.now(),
        role=actor.role,
        subject=actor.subject,
        party_id=party_id,
        need=need,
    )
    return hub.part(Messages).act(case_id, act, hub.new_salt())


def _open(actor: Actor, case: Case, threads: Threads) -> tuple[str, ...]:
    writes = actor.role in WRITE_MESSAGE.roles
    return tuple(name for name in threads_of(actor, case) if writes and (name != JOINT or threads.joint_open))
