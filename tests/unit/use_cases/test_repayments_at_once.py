"""Repayments at once: each counts once, in every order, however often it is tried."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

import pytest

from chalicelib.domain.errors import Contended, OutcomeUnknown, StoreBusy
from chalicelib.domain.money import ZERO, Money
from chalicelib.use_cases.record_repayment import record_repayment
from tests.support.desk import Desk, driven
from tests.support.fakes.samples import INSTITUTION
from tests.support.gates import Crash, calls_of, crashing_at, gated, interleaved, schedules
from tests.support.settling import INSTALMENTS, pays
from tests.unit.use_cases.agreements import (
    events_of,
    in_force,
    kinds_of,
    performance_of,
    position_of,
)
from tests.unit.use_cases.test_repayments import payment, reverses

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalicelib.use_cases.ports import Hub

PART: Final = Money(INSTALMENTS.fen // 3)
FIRST_DUE: Final = date(2026, 3, 22)
_CALLS: Final = 3
RENEGOTIATED_ON: Final = date(2026, 3, 2)


def recording(desk: Desk, case_id: str, reference: str, amount: Money = PART) -> Callable[[Hub], None]:
    """Return a process that records a payment."""
    made = payment(desk, amount, reference)

    def process(hub: Hub) -> None:
        record_repayment(hub, INSTITUTION, case_id, made)

    return process


def test_two_payments_at_once_both_count_in_every_order() -> None:
    """Who comes second decides anew; together they perform the agreement."""
    for schedule in schedules(_CALLS, _CALLS):
        desk, case_id = in_force()
        half = Money(INSTALMENTS.fen // 2)
        rest = INSTALMENTS - half
        interleaved(
            desk.hub,
            schedule,
            recording(desk, case_id, "PAY-1", half),
            recording(desk, case_id, "PAY-2", rest),
        )
        assert position_of(desk.hub, case_id).remaining == ZERO, schedule
        assert kinds_of(desk.hub, case_id)[-2:] == ["repayment_recorded", "agreement_performed"], schedule


def test_a_record_makes_three_calls() -> None:
    """As many as the orders below are made of: case, settlement, save."""
    desk, case_id = in_force()
    made = calls_of(desk.hub, recording(desk, case_id, "PAY-1"))
    assert made == ["cases.get", "settlements.get", "cases.save"]
    assert len(made) == _CALLS


def test_the_same_payment_twice_at_once_is_one_event_in_every_order() -> None:
    """Also when it performs the agreement: nobody gets an error for a retry."""
    for amount in (PART, INSTALMENTS):
        for schedule in schedules(_CALLS, _CALLS):
            desk, case_id = in_force()
            events = len(events_of(desk.hub, case_id))
            process = recording(desk, case_id, "PAY-1", amount)
            interleaved(desk.hub, schedule, process, process)
            assert len(events_of(desk.hub, case_id)) == events + 1, schedule
            assert position_of(desk.hub, case_id).paid == amount


def test_a_record_that_never_gets_through_says_so() -> None:
    """Ten times somebody was faster: the caller, who named no version, is told to come back."""
    desk, case_id = in_force()
    number = [0]

    def before(call: str) -> None:
        if call == "cases.save":
            number[0] += 1
            pays(desk.hub, case_id, Money(1), f"OTHER-{number[0]}")

    with pytest.raises(Contended):
        recording(desk, case_id, "PAY-1")(gated(desk.hub, before))
    assert number == [10]
    assert position_of(desk.hub, case_id).paid == Money(10)
    assert desk.hub.pauses == [0.05, 0.1, 0.2, 0.4, 0.8, 1.0, 1.0, 1.0, 1.0]


def test_a_contended_record_is_tried_again() -> None:
    """Two transactions that meet may both be sent back: neither caller has to know."""
    desk, case_id = in_force()
    left = [2]

    def before(call: str) -> None:
        if call == "cases.save" and left[0]:
            left[0] -= 1
            raise Contended("TransactionConflict")

    recording(desk, case_id, "PAY-1")(gated(desk.hub, before))
    assert position_of(desk.hub, case_id).paid == PART


@pytest.mark.parametrize("kind", [StoreBusy, OutcomeUnknown])
def test_a_busy_store_is_not_asked_again(kind: type[StoreBusy]) -> None:
    """The caller is told: what gave no answer once may take all the time there is."""
    desk, case_id = in_force()

    def before(call: str) -> None:
        if call == "cases.save":
            raise kind("no answer")

    with pytest.raises(kind):
        recording(desk, case_id, "PAY-1")(gated(desk.hub, before))
    assert desk.hub.pauses == []


def test_a_payment_and_its_reversal_at_once() -> None:
    """A reversal that loses against another payment is decided anew."""
    desk, case_id = in_force()
    pays(desk.hub, case_id, PART, "PAY-1")

    def before(call: str) -> None:
        if call == "cases.save" and "PAY-2" not in performance_of(desk.hub, case_id).recorded:
            pays(desk.hub, case_id, PART, "PAY-2")

    reverses(gated(desk.hub, before), case_id)
    assert [p.reference for p in performance_of(desk.hub, case_id).payments] == ["PAY-2"]


def test_a_record_that_dies_anywhere_is_made_good_by_its_retry() -> None:
    """Its one write is all or nothing."""
    desk, case_id = in_force()
    before, number = desk.case(case_id), 0
    while True:
        try:
            recording(desk, case_id, "PAY-1")(gated(desk.hub, crashing_at(number)))
        except Crash:
            assert desk.case(case_id) == before
            number += 1
            continue
        break
    assert number >= 3
    assert position_of(desk.hub, case_id).paid == PART
    assert driven(desk.hub, case_id) == ""
