"""Limitation (诉讼时效): until when a debt can be claimed before a court, and what moved that day.

Promise: every interruption names its evidence, and the answer shows what each one did.
Our reading of the Civil Code:
- 188, 189: three years from the day on which the last instalment was due; that day is not counted (201) and
  the last day is the corresponding one (202).
- 203: a last day on a day off moves to the next working day. It stands in the general chapter on periods
  and excludes none, so it applies to limitation.
- 195: an interruption restarts the period on its day, a procedure (suit, mediation) when it ends; during a
  procedure no period runs, and another interruption then has no effect.
- 192 and 法释〔2020〕17号 art. 19: once the period has passed, a demand changes nothing; a promise to pay
  renounces the defence and a new period runs. A part payment after that day does not count as a promise
  for the rest: this is the cautious reading for a creditor.
Downside: suspension in the last six months (194) and the outer limit of twenty years (188) are not modelled.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from chalicelib.domain.loan import checks
from chalicelib.domain.loan.dates import years_after
from chalicelib.domain.loan.errors import EndUnexpected, EvidenceMissing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chalicelib.domain.calendar import WorkingCalendar
    from chalicelib.domain.loan.payments import Payment

LIMITATION_YEARS: Final = 3


class InterruptionKind(StrEnum):
    """What interrupts limitation (Civil Code 195; 法释〔2020〕17号)."""

    DEMAND = "demand"  # 权利人向义务人提出履行请求
    PROMISE = "promise"  # 义务人同意履行义务
    PART_PAYMENT = "part_payment"  # 部分履行
    LAWSUIT = "lawsuit"  # 提起诉讼或者申请仲裁
    MEDIATION = "mediation"  # 向依法有权解决纠纷的组织申请调解

    @property
    def goes_on(self) -> bool:
        """Whether it is a procedure; the period restarts when the procedure ends."""
        return self in {InterruptionKind.LAWSUIT, InterruptionKind.MEDIATION}


class Effect(StrEnum):
    """What an interruption did."""

    RESTARTED = "restarted"  # 时效中断，重新计算
    HELD = "held"  # 程序进行中，时效不计算
    WITHIN_PROCEDURE = "within_procedure"  # 程序进行期间，不另行中断
    TOO_EARLY = "too_early"  # 时效尚未起算
    TOO_LATE = "too_late"  # 时效已届满
    RENOUNCED = "renounced"  # 时效届满后同意履行，放弃时效抗辩


@dataclass(frozen=True, slots=True, kw_only=True)
class Interruption:
    """What happened on a day, the reference of its evidence and, for a procedure, when it ended."""

    kind: InterruptionKind
    on: date
    evidence: str
    ended_on: date | None = None

    def __post_init__(self) -> None:
        if not self.evidence.strip():
            raise EvidenceMissing("interruptions.evidence", f"a {self.kind} needs evidence")
        if self.ended_on is not None:
            checks.no_earlier("interruptions.ended_on", self.ended_on, self.on)
            if not self.kind.goes_on:
                raise EndUnexpected("interruptions.ended_on", f"a {self.kind} is no procedure that ends")

    @property
    def restarts_on(self) -> date | None:
        """The day from which the period runs again; None while a procedure goes on."""
        return self.ended_on if self.kind.goes_on else self.on


def by_payment(payment: Payment) -> Interruption:
    """Return the interruption by a part payment; its evidence is the payment's reference."""
    return Interruption(kind=InterruptionKind.PART_PAYMENT, on=payment.on, evidence=payment.reference)


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitationStep:
    """An interruption, what it did, and the last day of the period after it (None: no period runs)."""

    interruption: Interruption
    effect: Effect
    last_day: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Limitation:
    """The period as it stands: since when it runs, its last day, and how this came about.

    `provisional` says that the calendar of the last day's year is not published yet.
    """

    due_on: date
    runs_from: date | None
    last_day: date | None
    provisional: bool
    steps: tuple[LimitationStep, ...]

    def lapsed(self, on: date) -> bool:
        """Tell whether the borrower could refuse on this day because the period has passed (192)."""
        return self.last_day is not None and on > self.last_day


def limitation(
    due_on: date,
    interruptions: Sequence[Interruption],
    calendar: WorkingCalendar,
    years: int = LIMITATION_YEARS,
) -> Limitation:
    """Return until when a debt whose last instalment was due on `due_on` can be claimed."""

    def last_day_of(runs_from: date | None) -> date | None:
        return None if runs_from is None else calendar.roll(years_after(runs_from, years))

    runs_from: date | None = due_on
    steps: list[LimitationStep] = []
    for each in sorted(interruptions, key=lambda each: (each.on, each.kind, each.evidence)):
        effect = _effect(each, due_on, runs_from, last_day_of(runs_from))
        if effect in {Effect.RESTARTED, Effect.HELD, Effect.RENOUNCED}:
            runs_from = each.restarts_on
        steps.append(LimitationStep(interruption=each, effect=effect, last_day=last_day_of(runs_from)))
    last_day = last_day_of(runs_from)
    return Limitation(
        due_on=due_on,
        runs_from=runs_from,
        last_day=last_day,
        provisional=last_day is not None and not calendar.knows(last_day),
        steps=tuple(steps),
    )


def _effect(each: Interruption, due_on: date, runs_from: date | None, last_day: date | None) -> Effect:
    restarts_on = each.restarts_on
    if restarts_on is not None and restarts_on <= due_on:
        return Effect.TOO_EARLY
    if runs_from is None or last_day is None:
        return Effect.WITHIN_PROCEDURE
    if each.on > last_day:
        return Effect.RENOUNCED if each.kind is InterruptionKind.PROMISE else Effect.TOO_LATE
    if restarts_on is None:
        return Effect.HELD
    return Effect.RESTARTED if restarts_on > runs_from else Effect.WITHIN_PROCEDURE
