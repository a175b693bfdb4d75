"""Repayments: each counts once by its reference, whatever comes twice, late or at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

import pytest

from chalicelib.domain.agreement.draft import DefaultClause
from chalicelib.domain.agreement.errors import (
    OverpaymentDiffers,
    PaymentDateImpossible,
    PaymentDeducted,
    PaymentUnknown,
    ReferenceReused,
)
from chalicelib.domain.calendar import morning_of
from chalicelib.domain.errors import ActionNotAvailable, CaseNotFound, NotPermitted
from chalicelib.domain.loan.payments import Payment
from chalicelib.domain.money import ZERO, Money
from chalicelib.domain.notices import NoticeKind
from chalicelib.domain.stages import Stage
from chalicelib.use_cases.reconcile import reconcile
from chalicelib.use_cases.record_repayment import record_repayment, reverse_repayment
from chalicelib.use_cases.renegotiate import renegotiate
from tests.support.desk import Desk, driven
from tests.support.fakes.samples import CENTRE, COURT, INSTITUTION, MEDIATOR, borrower
from tests.support.gates import calls_of
from tests.support.settling import INSTALMENTS, lump_sum, pays, pays_everything, today
from tests.unit.use_cases.agreements import (
    again,
    day_after_day,
    defaulted,
    due_at,
    events_of,
    in_force,
    kinds_of,
    nothing_personal,
    notices_of,
    performance_of,
    position_of,
    rejected_in,
)

if TYPE_CHECKING:
    from chalicelib.domain.case import Case
    from chalicelib.use_cases.ports import Hub

PART: Final = Money(INSTALMENTS.fen // 3)
FIRST_DUE: Final = date(2026, 3, 22)
_CALLS: Final = 3
RENEGOTIATED_ON: Final = date(2026, 3, 2)


def payment(desk: Desk, amount: Money = PART, reference: str = "PAY-1") -> Payment:
    """Make a payment of today."""
    return Payment(on=today(desk.hub), amount=amount, reference=reference)


def reverses(hub: Hub, case_id: str, reference: str = "PAY-1") -> None:
    """Let the institution take a payment back."""
    reverse_repayment(hub, INSTITUTION, case_id, reference)


def test_a_payment_is_recorded_once_however_often_it_is_sent() -> None:
    """The same again changes nothing: no event, no version; another content is refused."""
    desk, case_id = in_force()
    case = record_repayment(desk.hub, INSTITUTION, case_id, payment(desk))
    assert case.version == desk.case(case_id).version
    for _ in range(2):
        assert record_repayment(desk.hub, INSTITUTION, case_id, payment(desk)) == case
    with pytest.raises(ReferenceReused):
        record_repayment(desk.hub, INSTITUTION, case_id, payment(desk, Money(1)))
    assert desk.case(case_id) == case
    assert position_of(desk.hub, case_id).paid == PART
    told = events_of(desk.hub, case_id)[-1]
    assert (told.type, dict(told.facts)) == (
        "repayment_recorded",
        {"reference": "PAY-1", "amount": str(PART), "on": today(desk.hub).isoformat()},
    )
    nothing_personal(desk.hub, case_id)


def test_a_payment_moves_the_next_look() -> None:
    """The first part is paid: the next reminder is the second part's, and the index knows."""
    desk, case_id = in_force()
    assert desk.case(case_id).follow_up_on == FIRST_DUE - timedelta(days=7)
    pays(desk.hub, case_id, PART, "PAY-1")
    case = desk.case(case_id)
    assert case.follow_up_on == date(2026, 3, 17), "fifteen days before the window to confirm closes"
    assert case.deadline == morning_of(date(2026, 3, 17)) == due_at(desk.hub, case_id)


def test_a_look_of_today_is_not_skipped_by_a_payment_before_it() -> None:
    """At night a payment is recorded; the reminder of nine o'clock still goes out on what is open."""
    desk, case_id = in_force()
    desk.hub.clock.set(morning_of(FIRST_DUE - timedelta(days=7)) - timedelta(hours=5))
    pays(desk.hub, case_id, Money(100), "PAY-1")
    assert desk.case(case_id).follow_up_on == FIRST_DUE - timedelta(days=7) == today(desk.hub)
    desk.hub.clock.advance(hours=6)
    reconcile(desk.hub)
    assert desk.case(case_id).follow_up_on == date(2026, 3, 17)


def test_the_last_payment_performs_the_agreement_and_a_repeat_finds_it_performed() -> None:
    """Early payoff in full; a retry is answered with the case as it is, another payment is refused."""
    desk, case_id = in_force()
    pays(desk.hub, case_id, PART, "PAY-1")
    case = pays_everything(desk.hub, case_id)
    assert (case.stage, case.follow_up_on, case.deadline) == (Stage.PERFORMED, None, None)
    assert position_of(desk.hub, case_id).remaining == ZERO
    assert pays_everything_again(desk, case_id).stage is Stage.PERFORMED
    assert record_repayment(desk.hub, INSTITUTION, case_id, payment(desk)) == desk.case(case_id)
    with pytest.raises(ReferenceReused):
        record_repayment(desk.hub, INSTITUTION, case_id, payment(desk, Money(1)))
    with pytest.raises(ActionNotAvailable):
        record_repayment(desk.hub, INSTITUTION, case_id, payment(desk, Money(1), "PAY-9"))
    desk.run()
    desk.hub.clock.advance(hours=2)
    reconcile(desk.hub)
    assert driven(desk.hub, case_id) == ""
    assert kinds_of(desk.hub, case_id)[-2:] == ["repayment_recorded", "agreement_performed"]


def pays_everything_again(desk: Desk, case_id: str) -> Case:
    """Send the last payment once more."""
    last = performance_of(desk.hub, case_id).recorded[f"PAY-ALL-{case_id}"]
    return record_repayment(desk.hub, INSTITUTION, case_id, last)


def test_a_payment_in_the_future_is_impossible_and_one_of_long_ago_counts() -> None:
    """Who paid before the agreement and is found out later paid nevertheless."""
    desk, case_id = in_force()
    before = desk.case(case_id)
    with pytest.raises(PaymentDateImpossible):
        pays(desk.hub, case_id, PART, "PAY-1", today(desk.hub) + timedelta(days=1))
    assert desk.case(case_id) == before
    assert performance_of(desk.hub, case_id).entries == ()
    pays(desk.hub, case_id, PART, "PAY-1", today(desk.hub) - timedelta(days=400))
    assert position_of(desk.hub, case_id).paid == PART


def test_a_payment_recorded_late_lifts_the_default_and_its_reversal_brings_it_back() -> None:
    """Nobody loses a waiver by the institution's delay; without the payment the default stands again."""
    desk, case_id = defaulted()
    line = position_of(desk.hub, case_id).default
    assert line is not None
    waived = performance_of(desk.hub, case_id).agreement.waived.total
    assert position_of(desk.hub, case_id).clawback == waived > ZERO
    case = pays(desk.hub, case_id, PART, "PAY-1", FIRST_DUE)
    assert (case.stage, kinds_of(desk.hub, case_id)[-1]) == (Stage.PERFORMING, "default_lifted")
    assert position_of(desk.hub, case_id).clawback == ZERO
    assert case.follow_up_on is not None
    assert case.follow_up_on > today(desk.hub)
    desk.run()
    assert driven(desk.hub, case_id) == ""
    reverses(desk.hub, case_id)
    case = desk.case(case_id)
    assert (case.stage, kinds_of(desk.hub, case_id)[-1]) == (Stage.DEFAULTED, "default_declared")
    assert (position_of(desk.hub, case_id).clawback, case.follow_up_on) == (waived, None)
    desk.run()
    assert driven(desk.hub, case_id) == ""
    assert pays(desk.hub, case_id, PART, "PAY-2", FIRST_DUE).stage is Stage.PERFORMING


def test_a_payment_made_too_late_does_not_lift_the_default() -> None:
    """Made after the default, it only lowers the remaining sum; taken back, the sum is as before."""
    desk, case_id = defaulted()
    desk.hub.clock.advance(days=1)
    before = position_of(desk.hub, case_id)
    case = pays(desk.hub, case_id, PART, "PAY-1")
    assert (case.stage, kinds_of(desk.hub, case_id)[-1]) == (Stage.DEFAULTED, "repayment_recorded")
    assert position_of(desk.hub, case_id).remaining == before.remaining - PART
    reverses(desk.hub, case_id)
    assert (desk.case(case_id).stage, position_of(desk.hub, case_id)) == (Stage.DEFAULTED, before)
    desk.run()
    assert driven(desk.hub, case_id) == ""


def test_after_a_default_everything_can_still_be_paid() -> None:
    """What the default brought back included."""
    desk, case_id = defaulted()
    desk.hub.clock.advance(days=1)
    remaining = position_of(desk.hub, case_id).remaining
    assert pays(desk.hub, case_id, remaining - Money(1), "PAY-1").stage is Stage.DEFAULTED
    assert pays(desk.hub, case_id, Money(1), "PAY-2").stage is Stage.PERFORMED
    desk.run()
    assert position_of(desk.hub, case_id).remaining == ZERO


def test_a_reversal_counts_once_and_only_what_was_recorded() -> None:
    """Its reference stays used; the corrected payment has one of its own."""
    desk, case_id = in_force()
    with pytest.raises(PaymentUnknown):
        reverses(desk.hub, case_id)
    pays(desk.hub, case_id, PART, "PAY-1")
    reverses(desk.hub, case_id)
    case = desk.case(case_id)
    reverses(desk.hub, case_id)
    assert desk.case(case_id) == case
    assert (case.stage, position_of(desk.hub, case_id).paid) == (Stage.PERFORMING, ZERO)
    assert case.follow_up_on == FIRST_DUE - timedelta(days=7), "the first part is open again"
    assert dict(events_of(desk.hub, case_id)[-1].facts) == {
        "reference": "PAY-1",
        "amount": str(PART),
        "on": today(desk.hub).isoformat(),
    }
    assert record_repayment(desk.hub, INSTITUTION, case_id, payment(desk)) == case, "it was recorded once"
    assert position_of(desk.hub, case_id).paid == ZERO
    pays(desk.hub, case_id, PART, "PAY-2")
    assert position_of(desk.hub, case_id).paid == PART


def test_a_reversal_of_an_old_payment_leaves_a_default_to_the_next_look() -> None:
    """The first part is open after all, its grace long over: the sweep finds it, on the next day."""
    desk, case_id = in_force()
    pays(desk.hub, case_id, PART, "PAY-1")
    day_after_day(desk.hub, FIRST_DUE + timedelta(days=8))
    reverses(desk.hub, case_id)
    case = desk.case(case_id)
    assert (case.stage, case.follow_up_on) == (Stage.PERFORMING, today(desk.hub) + timedelta(days=1))
    day_after_day(desk.hub, today(desk.hub) + timedelta(days=2))
    assert desk.case(case_id).stage is Stage.DEFAULTED


def test_payments_of_an_earlier_round_keep_their_references() -> None:
    """Repeated in the next round they are known, with another content refused; the debt is less by them."""
    desk, case_id = in_force()
    pays(desk.hub, case_id, PART, "PAY-1")
    rejected_in(desk, case_id)
    before = performance_of(desk.hub, case_id).agreement
    renegotiated(desk, case_id)
    assert pays(desk.hub, case_id, PART, "PAY-1", RENEGOTIATED_ON).round == 2, "known before any agreement"
    desk.hub.clock.advance(days=1)
    again(desk, case_id, lump_sum(desk.hub))
    case = desk.case(case_id)
    assert pays(desk.hub, case_id, PART, "PAY-1", RENEGOTIATED_ON) == case
    with pytest.raises(ReferenceReused):
        pays(desk.hub, case_id, Money(1), "PAY-1")
    with pytest.raises(PaymentDeducted):
        reverses(desk.hub, case_id)
    now = performance_of(desk.hub, case_id).agreement
    assert now.kept.total + now.waived.total == before.kept.total + before.waived.total - PART
    assert position_of(desk.hub, case_id).paid == ZERO


def renegotiated(desk: Desk, case_id: str) -> None:
    """Let the parties mediate again."""
    renegotiate(desk.hub, MEDIATOR, case_id, expected_version=desk.case(case_id).version)
    desk.run()


def test_who_may_not_record_is_refused_before_anything_is_read() -> None:
    """Only the institution knows its account; another bank finds no case."""
    desk, case_id = in_force()

    def refused(hub: Hub) -> None:
        for actor in (MEDIATOR, CENTRE, COURT, borrower(case_id)):
            with pytest.raises(NotPermitted):
                record_repayment(hub, actor, case_id, payment(desk))
            with pytest.raises(NotPermitted):
                reverse_repayment(hub, actor, case_id, "PAY-1")

    assert calls_of(desk.hub, refused) == []
    stranger = replace(INSTITUTION, institution_id="bank-2")
    with pytest.raises(CaseNotFound):
        record_repayment(desk.hub, stranger, case_id, payment(desk))
    with pytest.raises(CaseNotFound):
        reverse_repayment(desk.hub, stranger, case_id, "PAY-1")


def test_a_payment_on_the_spot_that_bounced_is_watched_like_any_other() -> None:
    """The agreement is to be performed; the next look finds that it is in default."""
    desk = Desk()
    case_id = desk.reach(Stage.PAID)
    (reference,) = performance_of(desk.hub, case_id).recorded
    reverses(desk.hub, case_id, reference)
    case = desk.case(case_id)
    assert (case.stage, kinds_of(desk.hub, case_id)[-1]) == (Stage.PERFORMING, "agreement_reopened")
    assert case.confirmation is not None
    assert case.deadline == due_at(desk.hub, case_id) == morning_of(today(desk.hub) + timedelta(days=1))
    day_after_day(desk.hub, today(desk.hub) + timedelta(days=10))
    assert desk.case(case_id).stage is Stage.DEFAULTED


def test_a_default_that_was_paid_off_stands_again_when_the_payment_bounces() -> None:
    desk, case_id = defaulted()
    assert pays_everything(desk.hub, case_id).stage is Stage.PERFORMED
    reverses(desk.hub, case_id, f"PAY-ALL-{case_id}")
    assert desk.case(case_id).stage is Stage.DEFAULTED
    assert position_of(desk.hub, case_id).default is not None
    first, again = [n for n in notices_of(desk.hub, case_id) if n.kind is NoticeKind.DEFAULT_DECLARED]
    assert (first.values["line"], again.party_ids) == (again.values["line"], ("r1",))
    assert again.values["remaining"] == str(position_of(desk.hub, case_id).remaining)


def test_what_is_paid_in_full_without_a_payment_stays_paid() -> None:
    """Of an overpayment that was meant, the part beyond is taken back: the case stays ended."""
    desk, case_id = in_force()
    pays(desk.hub, case_id, PART, "PAY-1")
    pays(desk.hub, case_id, INSTALMENTS, "PAY-2", overpayment=PART)
    before = desk.case(case_id)
    reverses(desk.hub, case_id, "PAY-1")
    case = desk.case(case_id)
    assert (before.stage, case.stage, case.deadline) == (Stage.PERFORMED, Stage.PERFORMED, None)
    assert (position_of(desk.hub, case_id).overpaid, case.repayments) == (ZERO, 1)


@pytest.mark.parametrize("stage", [Stage.PAID, Stage.PERFORMED])
def test_nothing_more_is_paid_on_what_is_paid(stage: Stage) -> None:
    """Who paid everything owes nothing: a further payment belongs to no debt."""
    desk = Desk()
    case_id = desk.reach(stage)
    before = desk.case(case_id)
    with pytest.raises(ActionNotAvailable):
        record_repayment(desk.hub, INSTITUTION, case_id, payment(desk, reference="PAY-99"))
    assert desk.case(case_id) == before


def test_an_overpayment_is_kept_on_record() -> None:
    """More than everything performs the agreement; the balance tells what is to be paid back."""
    desk, case_id = in_force()
    with pytest.raises(OverpaymentDiffers):
        pays(desk.hub, case_id, INSTALMENTS + Money(5), "PAY-1")
    paid = pays(desk.hub, case_id, INSTALMENTS + Money(5), "PAY-1", overpayment=Money(5))
    assert paid.stage is Stage.PERFORMED
    assert position_of(desk.hub, case_id).overpaid == Money(5)


def test_without_clawback_a_default_takes_nothing_back() -> None:
    """The agreement says so."""
    clause = DefaultClause(grace_days=3, clawback=False, acceleration=True)
    desk, case_id = defaulted(clause=clause)
    assert position_of(desk.hub, case_id).remaining == INSTALMENTS
