"""The settlement as a whole: nothing is lost between rounds, and no default is missed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from chalicelib.domain.agreement.confirmation import (
    Application,
    Confirmation,
    last_day,
    window_reminders,
)
from chalicelib.domain.agreement.default import declare_default, demandable, line_in_default
from chalicelib.domain.agreement.draft import DefaultClause
from chalicelib.domain.agreement.negotiation import Negotiation
from chalicelib.domain.agreement.performance import record, reverse
from chalicelib.domain.agreement.position import position, remaining_by_component
from chalicelib.domain.agreement.reminders import next_action, reminders
from chalicelib.domain.agreement.schedules import CustomInstalments, DatedAmount, LumpSum
from chalicelib.domain.agreement.settlement import (
    PayeeAccount,
    Settlement,
    claimable,
    handled_until,
    next_follow_up,
    owed_again,
    put_in_force,
    reopened,
)
from chalicelib.domain.loan.components import STATUTORY_ORDER, Amounts
from chalicelib.domain.money import ZERO
from chalicelib.domain.parties import Side
from chalicelib.domain.settlement_outcome import SettlementOutcome
from tests.support.examples import examples
from tests.unit.domain.agreement.support import (
    CALENDAR,
    NOON,
    OWED,
    SIGNED,
    agreed,
    agreements,
    day,
    paid,
    payment_lists,
    yuan,
)

if TYPE_CHECKING:
    from chalicelib.domain.agreement.draft import Agreement
    from chalicelib.domain.loan.payments import Payment

IN_FORCE: Final = Confirmation(in_force_at=NOON)
APPLIED: Final = replace(
    IN_FORCE, applications=tuple(Application(side=side, party_id="p", at=NOON) for side in Side)
)
_DAY: Final = timedelta(days=1)


def settled(agreement: Agreement | None = None, *payments: Payment) -> Settlement:
    """Return a round whose agreement is in force, with these payments recorded long afterwards."""
    made = agreement or agreed()
    settlement = put_in_force(
        Settlement(negotiation=Negotiation(owed=made.kept + made.waived), agreement=made)
    )
    performance = settlement.performance
    for payment in payments:
        performance = record(performance, payment, date.max)
    return settlement.with_performance(performance)


@st.composite
def rounds(draw: st.DrawFn) -> Settlement:
    """Draw a round in force: any agreement, any payments, some taken back, perhaps a default declared."""
    agreement = draw(agreements())
    settlement = settled(agreement, *draw(payment_lists(agreement)))
    performance = settlement.performance
    for reference in sorted(performance.recorded):
        if draw(st.integers(0, 4)) == 0:
            performance = reverse(performance, reference, SIGNED + timedelta(days=500))
    on = SIGNED + timedelta(days=draw(st.integers(0, 500)))
    if draw(st.booleans()) and line_in_default(performance, on, CALENDAR):
        performance = declare_default(performance, on, CALENDAR)
    return settlement.with_performance(performance)


days: Final = st.integers(0, 900).map(lambda count: SIGNED + timedelta(days=count))


@given(rounds())
def test_what_is_owed_again_and_what_was_paid_are_the_original_debt(settlement: Settlement) -> None:
    """To the fen, unless more was paid than was ever owed; no component is negative or above its original."""
    performance = settlement.performance
    original = performance.agreement.kept + performance.agreement.waived
    owed, total_paid = owed_again(settlement, SIGNED), position(performance).paid
    assert owed.total + min(total_paid, original.total) == original.total
    for component in STATUTORY_ORDER:
        assert ZERO <= owed[component] <= original[component]


@given(rounds())
def test_payments_went_to_the_components_in_the_statutory_order(settlement: Settlement) -> None:
    """Before anything of a component is paid, everything before it is (民法典 561)."""
    performance = settlement.performance
    original = performance.agreement.kept + performance.agreement.waived
    owed = owed_again(settlement, SIGNED)
    there = [component for component in STATUTORY_ORDER if original[component] > ZERO]
    touched = [owed[component] < original[component] for component in there]
    open_still = [owed[component] > ZERO for component in there]
    for earlier_open, later_touched in zip(open_still, touched[1:], strict=False):
        assert not (earlier_open and later_touched)


@given(rounds(), days)
def test_what_can_be_claimed_is_what_can_be_demanded(settlement: Settlement, on: date) -> None:
    """By component it is never more than what remains of that component."""
    performance = settlement.performance
    claimed, remaining = claimable(settlement, on), remaining_by_component(performance)
    assert claimed.total == demandable(performance, on)
    for component in STATUTORY_ORDER:
        assert ZERO <= claimed[component] <= remaining[component]


def test_with_acceleration_everything_is_claimed_and_without_it_what_fell_due() -> None:
    """Twelve parts, the first of them missed: all of it with the waiver, or the waiver and one part."""
    later = day("2026-04-22")
    for acceleration, clawback in ((True, True), (False, True), (False, False), (True, False)):
        clause = DefaultClause(grace_days=5, clawback=clawback, acceleration=acceleration)
        settlement = settled(agreed(default_clause=clause))
        agreement = settlement.performance.agreement
        late = settlement.with_performance(declare_default(settlement.performance, later, CALENDAR))
        waived = agreement.waived.total if clawback else ZERO
        due = agreement.plan.total if acceleration else agreement.plan.lines[0].amount
        assert claimable(late, later).total == due + waived
        assert claimable(settlement, later).total == agreement.plan.lines[0].amount, "no default, no waiver"
        if acceleration:
            assert claimable(late, later) == remaining_by_component(late.performance)


def test_a_part_of_the_debt_is_claimed_from_costs_and_interest_first() -> None:
    """What fell due without acceleration stands where payments would have gone."""
    clause = DefaultClause(grace_days=5, clawback=False, acceleration=False)
    agreement = agreed(default_clause=clause)
    claimed = claimable(settled(agreement), agreement.plan.first_due)
    assert claimed == Amounts(
        compound_interest=agreement.kept.compound_interest,
        penalty_interest=agreement.kept.penalty_interest,
        interest=claimed.total - agreement.kept.compound_interest - agreement.kept.penalty_interest,
    )
    assert claimed.total == agreement.plan.lines[0].amount


@given(rounds(), days, st.booleans())
def test_the_next_look_is_later_than_the_last(settlement: Settlement, after: date, applied: bool) -> None:
    """It is there while the agreement is performed, and never later than the next reminder or default."""
    confirmation = APPLIED if applied else IN_FORCE
    look = next_follow_up(settlement, confirmation, after, CALENDAR)
    action = next_action(settlement.performance, after, CALENDAR)
    wanted = settlement.performance.agreement.confirmation_wanted
    window = [on for on in window_reminders(confirmation, CALENDAR) if on > after] if wanted else []
    assert look == min([on for on in (action, *window) if on is not None], default=None)
    assert look is None or look > after
    assert look is not None or action is None


def test_the_window_is_looked_at_only_if_confirmation_is_wanted_and_not_applied_for() -> None:
    """A far due date, so that nothing else is to be looked for."""
    far = LumpSum(SIGNED + timedelta(days=100))
    closes = last_day(IN_FORCE, CALENDAR)
    wanted, unwanted = settled(agreed(far)), settled(agreed(far, confirmation_wanted=False))
    assert next_follow_up(wanted, IN_FORCE, SIGNED, CALENDAR) == closes - timedelta(days=15)
    assert next_follow_up(wanted, IN_FORCE, closes - _DAY, CALENDAR) == closes
    first = reminders(wanted.performance)[0].on
    assert next_follow_up(wanted, IN_FORCE, closes, CALENDAR) == first
    assert next_follow_up(wanted, APPLIED, SIGNED, CALENDAR) == first
    assert next_follow_up(unwanted, IN_FORCE, SIGNED, CALENDAR) == first


def test_nothing_is_looked_for_in_what_is_performed() -> None:
    """But the window to confirm, which a full payment does not close."""
    settlement = settled(agreed(confirmation_wanted=False), paid("2026-03-05", "1000000.00"))
    assert next_follow_up(settlement, IN_FORCE, SIGNED, CALENDAR) is None


def swept(settlement: Settlement, payments: list[Payment], down: frozenset[int]) -> tuple[date, date] | None:
    """Play day by day a sweep in the morning that looks only on the days named, then the day's payments.

    Return when looking every day finds a default, and when the sweep does; None without a default.
    """
    last = settlement.performance.agreement.plan.last_due + timedelta(days=60)
    today, looked_for = SIGNED, next_follow_up(settlement, IN_FORCE, SIGNED, CALENDAR)
    while today <= last:
        today += _DAY
        works = (today - SIGNED).days not in down
        there = works and line_in_default(settlement.performance, today, CALENDAR)
        looks = works and looked_for is not None and looked_for <= today
        if there:
            return today, today if looks else date.max
        if looks:
            looked_for = next_follow_up(settlement, IN_FORCE, today, CALENDAR)
        for payment in payments:
            if payment.on == today:
                settlement = settlement.with_performance(record(settlement.performance, payment, today))
                after = handled_until(looked_for, today)
                looked_for = next_follow_up(settlement, IN_FORCE, after, CALENDAR)
    return None


@settings(max_examples=examples(60))
@given(agreements(), st.data(), st.frozensets(st.integers(1, 300), max_size=60))
def test_a_sweep_on_the_named_days_misses_no_default(
    agreement: Agreement, data: st.DataObject, down: frozenset[int]
) -> None:
    """It finds a default when looking every day would; after days off, on the first day it is back."""
    assume(agreement.plan.last_due < SIGNED + timedelta(days=250))
    payments = data.draw(payment_lists(agreement, most=4))
    found = swept(settled(agreement), payments, down)
    assert found is None or found[0] == found[1]


def test_a_sweep_that_was_off_finds_the_default_when_it_comes_back() -> None:
    """One sum, due on 31 March, five days of grace, the last rolled to Monday 6 April; then weeks off."""
    settlement = settled(agreed(LumpSum(day("2026-03-31"))))
    in_time, found = swept(settlement, [], frozenset()) or (None, None)
    assert in_time == found == day("2026-04-07")
    off = frozenset(range(20, 60))
    back = SIGNED + timedelta(days=60)
    assert swept(settlement, [], off) == (back, back)


def test_what_was_to_be_looked_at_and_was_not_is_not_handled() -> None:
    """Everything up to today is, unless the sweep is late; what is in the future is not."""
    today = day("2026-04-10")
    assert handled_until(None, today) == today
    assert handled_until(day("2026-04-20"), today) == today
    assert handled_until(day("2026-04-11"), today) == today
    assert handled_until(today, today) == day("2026-04-09"), "the sweep of today has still to come"
    assert handled_until(day("2026-04-01"), today) == day("2026-03-31"), "it was missed on that day"


def test_paid_on_the_spot_is_paid() -> None:
    """The receipt is the payment; nothing remains and nothing is owed again but the waiver."""
    settlement = settled(
        agreed(
            LumpSum(SIGNED),
            outcome=SettlementOutcome.PAID_ON_THE_SPOT,
            receipt_ref="RECEIPT-1",
            default_clause=None,
            confirmation_wanted=False,
        )
    )
    agreement = settlement.performance.agreement
    assert [payment.reference for payment in settlement.performance.payments] == ["RECEIPT-1"]
    assert position(settlement.performance).remaining == ZERO
    assert owed_again(settlement, SIGNED).total == agreement.waived.total
    assert next_follow_up(settlement, IN_FORCE, SIGNED, CALENDAR) is None


def test_without_an_agreement_there_is_no_performance() -> None:
    """Asking for it is a fault of the caller's."""
    with pytest.raises(LookupError, match="nothing was agreed"):
        _ = Settlement(negotiation=Negotiation(owed=OWED)).performance
    with pytest.raises(LookupError, match="nothing was drawn up"):
        _ = Settlement(negotiation=Negotiation(owed=OWED)).to_sign


def test_the_next_round_is_about_what_is_owed_again_and_remembers_every_payment() -> None:
    """Payments of all rounds are carried, in order; those taken back are not; nothing else is."""
    first = settled(None, paid("2026-03-10", "100.00", "p1"), paid("2026-03-11", "50.00", "p2"))
    first = first.with_performance(reverse(first.performance, "p2", day("2026-03-12")))
    second = reopened(first, owed_again(first, SIGNED))
    assert second == Settlement(
        negotiation=Negotiation(owed=owed_again(first, SIGNED)), carried=(paid("2026-03-10", "100.00", "p1"),)
    )
    assert second.negotiation.owed.total == OWED.total - yuan("100.00")
    again = replace(settled(None, paid("2026-03-20", "1.00", "p3")), carried=second.carried)
    assert [payment.reference for payment in reopened(again, owed_again(again, SIGNED)).carried] == [
        "p1",
        "p3",
    ]


def test_two_lines_may_fall_due_within_a_week() -> None:
    """Then one day's look has two reminders of one kind."""
    first, total = yuan("60459.35"), agreed().kept.total
    parts = (DatedAmount(day("2026-04-10"), first), DatedAmount(day("2026-04-14"), total - first))
    settlement = settled(agreed(CustomInstalments(parts)))
    on = [reminder.line for reminder in reminders(settlement.performance) if reminder.on == day("2026-04-07")]
    assert on == [1, 2]


def test_nothing_confidential_is_shown() -> None:
    """Neither of the round nor of the account."""
    account = PayeeAccount(holder="海滨测试银行", number="6217000000000000004", bank="测试支行")
    assert repr(account) == "PayeeAccount(...)"
    assert repr(settled()) == "Settlement(...)"
