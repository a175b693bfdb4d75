"""Judicial confirmation (司法确认, 民事诉讼法 205-206): applied for jointly, in time, ruled on once.

Promise: the 30 days are counted by law: the first day does not count, and a last day on a holiday moves to
the next working day (art. 85). Each party applies for itself; the application exists when all have. A ruling
is recorded even if it comes before the transfer's receipt; the same ruling again changes nothing.
Downside: what the court examines is not checked here; `RejectionGround` only names its possible grounds.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from chalicelib.domain.agreement.errors import (
    AlreadyApplied,
    ApplicationIncomplete,
    ConfirmationWindowClosed,
    RulingContradicts,
)
from chalicelib.domain.calendar import local_date
from chalicelib.domain.parties import Side

if TYPE_CHECKING:
    from chalicelib.domain.calendar import WorkingCalendar

WINDOW_DAYS: Final = 30
"""民事诉讼法 205: within 30 days of the agreement taking effect."""
REMINDED_BEFORE: Final = (15, 7, 3, 1, 0)
"""How many days before the window's last day the parties are reminded of it [policy]."""


class ConfirmationState(StrEnum):
    """Where the confirmation stands."""

    NONE = "none"  # 未申请
    APPLIED = "applied"  # 已共同申请
    TRANSFERRED = "transferred"  # 已移送法院
    CONFIRMED = "confirmed"  # 裁定有效
    REJECTED = "rejected"  # 裁定驳回


class RejectionGround(StrEnum):
    """Why a court rejects an application (民诉法解释 358)."""

    AGAINST_MANDATORY_LAW = "against_mandatory_law"  # 违反法律强制性规定
    HARMS_OTHERS = "harms_others"  # 损害国家利益、社会公共利益、他人合法权益
    AGAINST_PUBLIC_ORDER = "against_public_order"  # 违背公序良俗
    NOT_VOLUNTARY = "not_voluntary"  # 违反自愿原则
    CONTENT_UNCLEAR = "content_unclear"  # 内容不明确
    OTHER = "other"  # 其他不能进行司法确认的情形


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """A party's application: of which side, which party, when."""

    side: Side
    party_id: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """The court's ruling, with its ground if it rejects."""

    on: date
    rejected_for: RejectionGround | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """The confirmation of an agreement that took effect at `in_force_at`.

    `parties` are those of the agreement, who apply together; an application that was complete
    before they were recorded has one of either side.
    """

    in_force_at: datetime
    applications: tuple[Application, ...] = ()
    transfer_id: str | None = None
    transferred_at: datetime | None = None
    ruling: Ruling | None = None
    court_case_number: str | None = None
    parties: frozenset[str] = frozenset()

    @property
    def applied_by(self) -> frozenset[Side]:
        """The sides of which somebody has applied."""
        return frozenset(application.side for application in self.applications)

    @property
    def applicants(self) -> frozenset[str]:
        """The parties that have applied."""
        return frozenset(application.party_id for application in self.applications)

    @property
    def joint(self) -> bool:
        """Whether all have applied."""
        return self.parties <= self.applicants if self.parties else self.applied_by == set(Side)

    @property
    def state(self) -> ConfirmationState:
        """The state; an application by some of the parties alone counts as NONE."""
        if self.ruling is not None:
            return ConfirmationState.REJECTED if self.ruling.rejected_for else ConfirmationState.CONFIRMED
        if self.transferred_at is not None:
            return ConfirmationState.TRANSFERRED
        return ConfirmationState.APPLIED if self.joint else ConfirmationState.NONE

    @property
    def before_the_court(self) -> bool:
        """Whether all have applied and the court has not ruled."""
        return self.state in {ConfirmationState.APPLIED, ConfirmationState.TRANSFERRED}


def last_day(confirmation: Confirmation, calendar: WorkingCalendar) -> date:
    """Return the last day on which the parties can apply."""
    return calendar.roll(local_date(confirmation.in_force_at) + timedelta(days=WINDOW_DAYS))


def days_left(confirmation: Confirmation, today: date, calendar: WorkingCalendar) -> int:
    """Return the days left after today: 0 on the last day, negative when the window is closed."""
    return (last_day(confirmation, calendar) - today).days


def window_reminders(
    confirmation: Confirmation, calendar: WorkingCalendar, before: tuple[int, ...] = REMINDED_BEFORE
) -> tuple[date, ...]:
    """Return the days on which to remind of the closing window; none once all have applied."""
    if confirmation.state is not ConfirmationState.NONE:
        return ()
    closes = last_day(confirmation, calendar)
    return tuple(sorted(closes - timedelta(days=days) for days in set(before)))


def ruling_overdue(confirmation: Confirmation, today: date, days: int) -> bool:
    """Tell whether the court has not ruled within so many days of the application's receipt, or of it."""
    if not confirmation.before_the_court:
        return False
    asked = confirmation.transferred_at or confirmation.applications[-1].at
    return today >= local_date(asked) + timedelta(days=days)


def apply_for(
    confirmation: Confirmation,
    application: Application,
    calendar: WorkingCalendar,
    transfer_id: str | None = None,
) -> Confirmation:
    """Apply for one party; raises AlreadyApplied or ConfirmationWindowClosed.

    `transfer_id`, the transfer that takes the application to the court, is kept once all have applied.
    """
    if application.party_id in confirmation.applicants:
        raise AlreadyApplied
    if days_left(confirmation, local_date(application.at), calendar) < 0:
        raise ConfirmationWindowClosed
    applied = replace(confirmation, applications=(*confirmation.applications, application))
    complete = applied.state is ConfirmationState.APPLIED
    return replace(applied, transfer_id=transfer_id) if complete else applied


def transferred(confirmation: Confirmation, at: datetime) -> Confirmation:
    """Record that the application went to the court; a second time or after the ruling nothing changes."""
    if confirmation.transferred_at is not None or confirmation.ruling is not None:
        return confirmation
    _check_joint(confirmation)
    return replace(confirmation, transferred_at=at)


def ruled(confirmation: Confirmation, ruling: Ruling, court_case_number: str | None = None) -> Confirmation:
    """Record the ruling with the court's case number; the same ruling again changes nothing.

    Raises ApplicationIncomplete or RulingContradicts; the same ruling under another number contradicts too.
    """
    if confirmation.ruling is not None:
        if (confirmation.ruling, confirmation.court_case_number) != (ruling, court_case_number):
            raise RulingContradicts
        return confirmation
    _check_joint(confirmation)
    return replace(confirmation, ruling=ruling, court_case_number=court_case_number)


def _check_joint(confirmation: Confirmation) -> None:
    if not confirmation.joint:
        raise ApplicationIncomplete
