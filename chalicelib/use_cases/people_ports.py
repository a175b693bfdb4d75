"""The ports to people: messages owed to parties, the message gateway, one-time codes.

Promise: each is a part of `ports.Hub`; its fake and its adapter pass the same contract tests. They are in a
module of their own because only they are about a party's telephone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from chalicelib.domain.case import Case
    from chalicelib.domain.notices import NoticeKind, Outcome, PartyNotice, PhoneCall, QuietHours
    from chalicelib.domain.own_place import OwnPlace
    from chalicelib.use_cases.records import IssuedCode


class Notices(Protocol):
    """Messages owed to parties, each in the due index until delivered."""

    def get(self, case_id: str, notice_id: str) -> PartyNotice | None:
        """Read a notice that is still owed; None once it is delivered."""
        ...

    def put_off(self, case_id: str, notice_id: str, until: datetime) -> None:
        """Let the reconciler send it then; one that is no longer owed stays so."""
        ...

    def failed(self, notice: PartyNotice) -> None:
        """Record that the gateway refused it; it stays owed."""
        ...

    def ended(
        self, notice: PartyNotice, outcomes: Mapping[str, Outcome], calls: Sequence[PhoneCall], at: datetime
    ) -> None:
        """Record what came of it by party and when, and owe the calls, in one transaction; once.

        Raises StoreBusy.
        """
        ...


class Messenger(Protocol):
    """The gateway for short messages; a notice id sent twice reaches the person once."""

    def send(
        self,
        notice_id: str,
        phone: str,
        kind: NoticeKind,
        values: Mapping[str, str],
        case_number: str | None = None,
        link: str | None = None,
    ) -> None:
        """Hand a message over; raises MessengerUnavailable (transient) or MessengerRefused (permanent)."""
        ...


class Codes(Protocol):
    """One-time codes: bound to case, holder and document, good for minutes of real time.

    The holder is a party for its signatures, or a person's `domain.links.code_holder` for signing in; the
    document is what is signed, or the link. No code is stored: it can be made again from its number with the
    institution's key. The caller must check first that the party belongs to the case and may act.
    """

    def issue(
        self,
        case: Case | OwnPlace,
        holder: str,
        document_sha256: str,
        due_at: datetime,
        told: Callable[[int], PartyNotice] | None = None,
    ) -> IssuedCode:
        """Issue a new code, which replaces the one before, and store its notice in the same transaction.

        `told` makes the notice for the code's number; without it, it is the one for signing. Raises
        CodeRequestedTooSoon. At `due_at` the notice is looked after if it is still unsent.
        """
        ...

    def verify(
        self, case: Case | OwnPlace, holder: str, document_sha256: str, code: str, *, once: bool = False
    ) -> None:
        """Count an attempt and compare; raises CodeNotVerified, CodeExpired or CodesExhausted.

        A right code stays right until it expires, so a caller can repeat the act if something failed later;
        with `once` it is used up: of two who have it, one gets in.
        """
        ...

    def on_paper(self, case: Case | OwnPlace, holder: str, document_sha256: str) -> str | None:
        """Issue a code that is printed instead of sent, once for its document, and return its digits.

        Called again it returns the same digits; None once they are used, expired or out of attempts. Raises
        CodeRequestedTooSoon.
        """
        ...

    def code_of(self, case: Case | OwnPlace, holder: str, number: int) -> str | None:
        """Return a code's digits for its message; None if it is replaced, expired or out of attempts."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class WayIn:
    """How one person comes into a meeting: a URL, or a number with a code; no `repr` shows it, so no log."""

    url: str | None = None
    number: str | None = None
    code: str | None = None


class MeetingChannel(Protocol):
    """Where people meet who are in different places."""

    def new_line(self, random: str) -> str | None:
        """Return the room or code of a meeting, made of 32 random hex digits; None if that is of no use."""
        ...

    def way_in(
        self, line: str, person: str, *, leads: bool, opens_at: datetime, closes_at: datetime
    ) -> WayIn | None:
        """Return one person's way in; None while it can't be used.

        `person` is a random id, made for this way in. `leads` is whether the person moderates. What is secret
        in it opens nothing before `opens_at` or after `closes_at`.
        """
        ...


class ReachesPeople(Protocol):
    """The part of a `Hub` that reaches people."""

    @property
    def notices(self) -> Notices:
        """The messages owed to parties."""
        ...

    @property
    def messenger(self) -> Messenger | None:
        """The gateway; None if none is configured, and then no notice is sent."""
        ...

    @property
    def quiet_hours(self) -> QuietHours | None:
        """When people are left in peace; None for never."""
        ...

    @property
    def link_base(self) -> str:
        """The beginning of the links in messages; empty if messages have none."""
        ...

    @property
    def codes(self) -> Codes:
        """One-time codes."""
        ...

    @property
    def meeting_channels(self) -> Mapping[str, MeetingChannel]:
        """The channels that are configured: `video`, `telephone`."""
        ...
