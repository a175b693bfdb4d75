"""A case on its way to the court, and what the court said of it.

Model: OASIS ECF 5 in the terms of a Chinese court: message -> receipt -> review -> docketing. A message
id is not a filing id: the court assigns the filing id, and its official filing date is not the day
on which the case was docketed (立案).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final


class Matter(StrEnum):
    """What the court is asked for."""

    SUIT = "suit"  # 起诉
    ENFORCEMENT = "enforcement"  # 申请强制执行
    CONFIRMATION = "confirmation"  # 申请司法确认


class ReviewResult(StrEnum):
    """What the court's registry says of a submission."""

    RECEIVED = "received"  # 已收件
    ACCEPTED = "accepted"  # 审核通过
    PARTIALLY_ACCEPTED = "partially_accepted"  # 部分材料需补正
    REJECTED = "rejected"  # 退回补正
    CANCELLED = "cancelled"  # 撤销

    @property
    def returns(self) -> bool:
        """Whether the institution has to correct something before the court goes on."""
        return self in {ReviewResult.PARTIALLY_ACCEPTED, ReviewResult.REJECTED, ReviewResult.CANCELLED}


class Procedure(StrEnum):
    """Under which procedure the court tries the case (民事诉讼法 arts. 160, 165)."""

    SMALL_CLAIMS = "small_claims"  # 小额诉讼程序
    SUMMARY = "summary"  # 简易程序
    ORDINARY = "ordinary"  # 普通程序


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewReason:
    """What is wrong with which document; the court's free text stays in its stored, encrypted message."""

    document_id: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Docketing:
    """The court has docketed the case (立案): the number as the court writes it, with full-width brackets.

    An enforcement (执行) has no procedure: it is carried out, not tried.
    """

    court_case_number: str
    judge_id: str
    procedure: Procedure | None
    official_filing_date: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """One attempt to hand the case to the court; a corrected case is handed over in a new attempt."""

    transfer_id: str
    attempt: int
    matter: Matter = Matter.SUIT
    receipt_id: str | None = None
    filing_id: str | None = None
    review: ReviewResult | None = None
    reasons: tuple[ReviewReason, ...] = ()
    docketing: Docketing | None = None
    refusal_code: str | None = None

    @property
    def replaces(self) -> str | None:
        """The transfer that this attempt corrects."""
        return transfer_id(self.case_id, self.attempt - 1) if self.attempt > 1 else None

    @property
    def case_id(self) -> str:
        """The case this transfer hands over."""
        return self.transfer_id.rpartition("-T")[0]


def transfer_id(case_id: str, attempt: int) -> str:
    """Return the id of a case's n-th transfer: made from these two, so that a retry can't make two."""
    return f"{case_id}-T{attempt}"


def confirmation_id(case_id: str, round_: int) -> str:
    """Return the id of the joint application of a case's n-th settlement; each has one at most."""
    return f"{case_id}-C{round_}"


class DispatchKind(StrEnum):
    """What the hub sends to the court."""

    SUBMISSION = "submission"
    CONFIRMATION = "confirmation"
    WITHDRAWN = "withdrawn"
    CORRECTED = "corrected"
    PAYMENT_RECORDED = "payment_recorded"
    PAYMENT_REVERSED = "payment_reversed"


ABOUT_PAYMENTS: Final = frozenset({DispatchKind.PAYMENT_RECORDED, DispatchKind.PAYMENT_REVERSED})
"""Messages that tell a court what was paid, and what bounced, since it was asked."""
OPENS_TRANSFER: Final = frozenset({DispatchKind.SUBMISSION, DispatchKind.CONFIRMATION})
"""Messages that the court answers by fetching a dossier and by callbacks; each has a transfer record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatch:
    """A message owed to the court: stored with the event that caused it, cleared when it is delivered."""

    dispatch_id: str
    case_id: str
    kind: DispatchKind
    transfer_id: str

    @property
    def sequence(self) -> int:
        """The event that caused it."""
        return int(self.dispatch_id.rpartition("-D")[2])


def dispatch_of(case_id: str, sequence: int, kind: DispatchKind, transfer_id_: str) -> Dispatch:
    """Return the message an event owes: its id is made from the event, so that a retry can't make two."""
    return Dispatch(
        dispatch_id=f"{case_id}-D{sequence}", case_id=case_id, kind=kind, transfer_id=transfer_id_
    )
