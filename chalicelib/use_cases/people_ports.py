"""What the use cases need to reach people: messages owed to parties, their gateway, one-time codes.

Promise: as `ports`, whose `Hub` has these parts; they stand apart because they are the only ones that know
that a party has a telephone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from chalicelib.domain.case import Case
    from chalicelib.domain.notices import NoticeKind, PartyNotice
    from chalicelib.use_cases.records import IssuedCode


class Notices(Protocol):
    """Messages owed to parties, each in the due index until delivered."""

    def get(self, case_id: str, notice_id: str) -> PartyNotice | None:
        """Read a notice that is still owed; None once it is delivered."""
        ...

    def delivered(self, case_id: str, notice_id: str) -> None:
        """Take it out of the due index; doing so twice is fine."""
        ...


class Messenger(Protocol):
    """The gateway for short messages; the same notice id again reaches the person once."""

    def send(self, notice_id: str, phone: str, kind: NoticeKind, values: Mapping[str, str]) -> None:
        """Hand a message over; raises MessengerUnavailable (transient) or MessengerRefused (permanent)."""
        ...


class Codes(Protocol):
    """One-time codes for signing: bound to case, party and document, good for minutes of real time.

    Nobody stores a code: whoever may use the institution's key can make it again from its number. Whether
    the party is one of the case, and may act, is the caller's to ask first.
    """

    def issue(self, case: Case, party_id: str, document_sha256: str, due_at: datetime) -> IssuedCode:
        """Start a new code, which ends the one before, and owe the party its message in one transaction.

        Raises CodeRequestedTooSoon. `due_at` is when the message is looked after.
        """
        ...

    def verify(self, case: Case, party_id: str, document_sha256: str, code: str) -> None:
        """Count an attempt and compare; raises CodeNotVerified, CodeExpired or CodesExhausted.

        A code that fitted still fits while it lasts, so that a caller can repeat what failed afterwards.
        """
        ...

    def code_of(self, case: Case, party_id: str, number: int) -> str | None:
        """Return a code's digits for its message; None once it is of no use: replaced, expired, spent."""
        ...


class ReachesPeople(Protocol):
    """The part of a `Hub` that reaches people."""

    @property
    def notices(self) -> Notices:
        """What is owed to parties."""
        ...

    @property
    def messenger(self) -> Messenger | None:
        """The gateway; None where none is configured, and then nobody is told anything."""
        ...

    @property
    def codes(self) -> Codes:
        """One-time codes."""
        ...
