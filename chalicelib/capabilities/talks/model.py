"""A message (书面沟通) in a thread of a case, and what stands beside a case's threads.

Promise: who may read a message is decided here and nowhere else: the mediator, the centre, and whose thread
it is; the joint thread is for all parties. A party's phone is told once, until the party has read. A message
has a type of its own, which no dossier has a place for (TY22). Downside: what an agent has read counts as
read by its party, and a message can't be changed or taken back.
"""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - a store reads the fields by their types
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from chalicelib.domain.hashing import salted_digest
from chalicelib.domain.notices import NoticeKind, call_for, notice_of, notice_to
from chalicelib.domain.roles import Role
from chalicelib.domain.rules import Rule
from chalicelib.domain.talk import Entry

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.domain.case import Case
    from chalicelib.domain.errors import RuleViolated
    from chalicelib.domain.notices import PartyNotice, PhoneCall
    from chalicelib.domain.roles import Actor
    from chalicelib.domain.talk import Head

LONGEST_TEXT: Final = 2000
"""Characters of a message."""
MOST_MESSAGES: Final = 2000
"""Messages of a case."""
KIND: Final = "message"
"""What a message is called in the log of talk."""
ACT_KIND: Final = "message_act"
"""What opening the joint thread, or marking a party, is called there."""
APPLICANT: Final = "applicant"
"""The thread of the institution's side, and the name of its readers; a respondent's is its party id."""
JOINT: Final = "joint"
"""The thread of all parties."""

OWN_THREAD: Final = Rule(
    "own_thread",
    "TY22",
    "a party writes in its own thread or in the joint one, the mediator in any thread of the case",
    "当事人只能在本方对话或共同对话中留言，调解员可在本案任一对话中留言",
)
JOINT_THREAD_OPEN: Final = Rule(
    "joint_thread_open",
    "TY22",
    "the mediator has opened the thread that all parties read",
    "共同对话须由调解员开启",
)
ROOM_FOR_MESSAGES: Final = Rule(
    "room_for_messages",
    "[policy]",
    f"a case has at most {MOST_MESSAGES} messages",
    f"每案留言不超过{MOST_MESSAGES}条",
)


class Need(StrEnum):
    """Why a party is rung instead of getting a message to its phone."""

    CANNOT_READ = "cannot_read"  # 不识字或阅读困难
    DIALECT = "dialect"  # 需用方言沟通
    NO_MOBILE = "no_mobile"  # 没有可收短信的手机


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What somebody wrote in a thread. Its repr shows no text, so that it can't get into a log.

    `author` is the mediator, the applicant's side, or a respondent's party id.
    """

    message_id: str
    thread: str
    author: str
    at: datetime
    role: Role
    subject: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True, repr=False)
class Salts:
    """Two salts of 128 random bits, in hex: one for the message's entry, one for its text's digest."""

    entry: str
    text: str


class Done(StrEnum):
    """What was done about a case's threads."""

    JOINT_OPENED = "joint_opened"  # 已开启共同对话
    JOINT_CLOSED = "joint_closed"  # 已关闭共同对话
    NEED_MARKED = "need_marked"  # 已标注
    NEED_REMOVED = "need_removed"  # 已取消标注


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadAct:
    """An act of mediator or centre about the threads; `party_id` and `need` are those of a marked party."""

    done: Done
    at: datetime
    role: Role
    subject: str
    party_id: str | None = None
    need: Need | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """A case's threads once a message is stored, and who is told of it: by message or by a call."""

    threads: Threads
    notice: PartyNotice | None
    calls: tuple[PhoneCall, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Threads:
    """How far a case's threads are.

    `version` counts the changes, `messages` the messages. `read` holds, by reader, the number of the last
    message that it was shown; `told`, by party, the number of the message that its phone was told of;
    `calls`, by party, the last call about a message; `needs` why a party is rung instead.
    """

    version: int = 0
    messages: int = 0
    joint_open: bool = False
    read: Mapping[str, int] = field(default_factory=dict)
    told: Mapping[str, int] = field(default_factory=dict)
    calls: Mapping[str, str] = field(default_factory=dict)
    needs: Mapping[str, Need] = field(default_factory=dict)

    def refusal(self, message: Message) -> RuleViolated | None:
        """Return why a message can't be stored now; None if it can."""
        if message.thread == JOINT and not self.joint_open:
            return JOINT_THREAD_OPEN.refusal()
        return ROOM_FOR_MESSAGES.refusal() if self.messages >= MOST_MESSAGES else None

    def written(self, case: Case, message: Message, sequence: int, rung: frozenset[str]) -> Writing:
        """Store a message as entry `sequence` of the talk; `rung` are the parties with a call still to make.

        Who has been told of a message and has not read since is not told again.
        """
        written_to = addressed(case, message)
        unread = frozenset(each for each in written_to if self.told.get(each, 0) > self.read.get(each, 0))
        told = written_to - unread - self.needs.keys()
        ring = sorted((written_to & self.needs.keys()) - rung)
        kind = NoticeKind.MESSAGE_WRITTEN
        calls = {each: _call(case, message, sequence, each) for each in ring}
        following = replace(
            self,
            version=self.version + 1,
            messages=self.messages + 1,
            told={**self.told, **dict.fromkeys(told, sequence)},
            calls={**self.calls, **{party_id: call.call_id for party_id, call in calls.items()}},
        )
        return Writing(
            threads=following,
            notice=notice_to(case.case_id, sequence, told, kind, {}),
            calls=tuple(calls.values()),
        )

    def read_by(self, message: Message, sequence: int) -> tuple[str, ...]:
        """Return who else was shown a message since it was written."""
        readers = (name for name, until in self.read.items() if until >= sequence)
        return tuple(sorted(name for name in readers if name != message.author and _reads(name, message)))

    def shown(self, reader: str, sequence: int) -> Threads | None:
        """Return the threads once a reader was shown a message; None if that changes nothing."""
        if self.read.get(reader, 0) >= sequence:
            return None
        return replace(self, version=self.version + 1, read={**self.read, reader: sequence})

    def after(self, act: ThreadAct) -> Threads | None:
        """Return the threads once an act is done; None if that changes nothing."""
        needs = {name: need for name, need in self.needs.items() if name != act.party_id}
        if act.party_id and act.need:
            needs[act.party_id] = act.need
        opened = {Done.JOINT_OPENED: True, Done.JOINT_CLOSED: False}.get(act.done, self.joint_open)
        changed = replace(self, joint_open=opened, needs=needs)
        return None if changed == self else replace(changed, version=self.version + 1)


def addressed(case: Case, message: Message) -> frozenset[str]:
    """Return the respondents to whom a message is written; an institution reads the API."""
    respondents = case.respondent_ids
    return (respondents if message.thread == JOINT else respondents & {message.thread}) - {message.author}


def reader_of(actor: Actor, case_id: str) -> str:
    """Return under which name somebody who handles the case reads and writes."""
    if actor.role is Role.INSTITUTION:
        return APPLICANT
    return actor.party_in(case_id) or "" if actor.role is Role.BORROWER else str(actor.role)


def threads_of(actor: Actor, case: Case) -> tuple[str, ...]:
    """Return the threads in which somebody may write, its own first."""
    if actor.role is Role.MEDIATOR:
        return (APPLICANT, *sorted(case.respondent_ids), JOINT)
    return (reader_of(actor, case.case_id), JOINT)


def readable(message: Message, actor: Actor, case_id: str) -> bool:
    """Tell whether somebody who sees the case may read this: never a judge, a court or an operator."""
    return actor.role in _READERS and _reads(reader_of(actor, case_id), message)


_WHO_MEDIATES: Final = frozenset({str(Role.MEDIATOR), str(Role.CENTRE)})
_READERS: Final = frozenset({Role.INSTITUTION, Role.BORROWER, Role.MEDIATOR, Role.CENTRE})


def _reads(name: str, message: Message) -> bool:
    return name in _WHO_MEDIATES or message.thread in {name, JOINT}


def _call(case: Case, message: Message, sequence: int, party_id: str) -> PhoneCall:
    notice = notice_of(case.case_id, sequence, party_id, NoticeKind.MESSAGE_WRITTEN, {})
    return call_for(notice, party_id, case.court_id, case.case_number, message.at)


def entry_of(case_id: str, message: Message, head: Head, salts: Salts) -> Entry:
    """Return the message's entry in the log of talk, behind its `head`.

    It holds a digest of the text with a salt that is sealed together with the text, as that of a note.
    """
    return Entry(
        case_id=case_id,
        sequence=head.sequence + 1,
        kind=KIND,
        at=message.at,
        role=message.role,
        subject=message.subject,
        data={
            "message_id": message.message_id,
            "thread": message.thread,
            "text": salted_digest(salts.text, {"text": message.text}),
        },
        salt=salts.entry,
        previous=head.hash,
    ).sealed()


def act_entry_of(case_id: str, act: ThreadAct, head: Head, salt: str) -> Entry:
    """Return an act's entry in the log of talk, behind its `head`."""
    party = {"party_id": act.party_id} if act.party_id else {}
    need = {"need": act.need} if act.need else {}
    return Entry(
        case_id=case_id,
        sequence=head.sequence + 1,
        kind=ACT_KIND,
        at=act.at,
        role=act.role,
        subject=act.subject,
        data={"done": act.done, **party, **need},
        salt=salt,
        previous=head.hash,
    ).sealed()
