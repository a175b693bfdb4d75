"""Leaving an agreement: one new execution, in every order, whatever is lost or dies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import pytest

from chalicelib.domain.agreement.draft import DefaultClause
from chalicelib.domain.errors import (
    Conflict,
)
from chalicelib.domain.money import Money
from chalicelib.domain.stages import Stage
from chalicelib.use_cases.driving import watch_on
from chalicelib.use_cases.on_case_changed import on_case_changed
from chalicelib.use_cases.on_wait_started import on_wait_started
from chalicelib.use_cases.reconcile import reconcile
from chalicelib.use_cases.record_repayment import reverse_repayment
from tests.support.desk import Desk, copies, driven
from tests.support.fakes.samples import INSTITUTION
from tests.support.gates import Crash, crashing_at, gated, interleaved, schedules
from tests.support.settling import INSTALMENTS, pays, signs
from tests.unit.use_cases.agreements import (
    defaulted,
    due_at,
    in_force,
    kinds_of,
    rejected_in,
    ruled_on,
)
from tests.unit.use_cases.test_leaving_agreements import enforces, mediates_anew, sues
from tests.unit.use_cases.test_rendezvous import on_the_way

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalicelib.domain.case import Case
    from chalicelib.use_cases.ports import Hub

    Process = Callable[[Hub], None]

PART: Final = Money(INSTALMENTS.fen // 3)
BARE: Final = DefaultClause(grace_days=3, clawback=False, acceleration=False)


@dataclass(frozen=True)
class Way:
    """How a case comes to where it can be left, and who leaves it."""

    begin: Callable[[], tuple[Desk, str]]
    leave: Callable[[Desk, str, Hub | None], Case]


def defaulted_and_ruled_on() -> tuple[Desk, str]:
    """Bring a confirmed case to a default."""
    desk, case_id = defaulted()
    ruled_on(desk, case_id)
    return desk, case_id


def rejected() -> tuple[Desk, str]:
    """Bring a case to a rejection."""
    desk, case_id = in_force()
    rejected_in(desk, case_id)
    return desk, case_id


WAYS: Final = {
    "sued": Way(defaulted, sues),
    "enforced": Way(defaulted_and_ruled_on, enforces),
    "reopened": Way(rejected, mediates_anew),
}


def executions(desk: Desk) -> list[int]:
    """Return the generations started."""
    return [generation for _, generation in desk.hub.engine.executions]


def acting(leave: Callable[[Desk, str, Hub | None], Case], desk: Desk, case_id: str) -> Process:
    """Return a process: somebody leaves; whoever is too late is too late."""

    def process(hub: Hub) -> None:
        leave(desk, case_id, hub)

    return process


def telling(case: Case) -> Process:
    """Return a process: the case's last event comes to the workflow."""
    return lambda hub: on_case_changed(hub, case.case_id, case.version)


def looking(hub: Hub) -> None:
    """Sweep; what fails on a version is looked at again."""
    for _ in range(3):
        reconcile(hub)


@pytest.mark.parametrize("way", WAYS)
def test_telling_and_sweeping_in_every_order_leave_one_execution(way: str) -> None:
    """The event's message and the sweep that finds the case due at once: whoever is first starts it.

    A sweep that had taken the case before, and reads it between the other's restart and start, restarts it
    once more; the execution between them then ends as superseded.
    """
    leave, (desk, case_id) = WAYS[way].leave, WAYS[way].begin()
    case = leave(desk, case_id, None)
    desk.hub.clock.advance(seconds=1)
    another = copies(desk)
    for schedule in schedules(5, 7):
        desk = another()
        interleaved(desk.hub, schedule, telling(case), looking)
        desk.hub.memory.stream.clear()
        desk.run()
        assert sorted(executions(desk)) in ([1, 2], [1, 2, 3]), schedule
        running = [number for number in executions(desk) if desk.hub.engine.running(case_id, number)]
        assert running == [max(executions(desk))], schedule
        assert driven(desk.hub, case_id) == "", schedule


@pytest.mark.parametrize("way", WAYS)
def test_leaving_while_the_sweep_looks_is_never_lost(way: str) -> None:
    """The sweep puts off what it has read, somebody leaves, the message is lost: found all the same."""
    leave, (desk, case_id) = WAYS[way].leave, WAYS[way].begin()
    desk.hub.workflows.set_follow_up(case_id, desk.hub.clock.now() - timedelta(hours=1))
    another = copies(desk)
    for schedule in schedules(3, 6):
        desk = another()
        interleaved(desk.hub, schedule, acting(leave, desk, case_id), looking)
        desk.hub.memory.stream.clear()
        desk.hub.queues.lose()
        desk.hub.clock.advance(hours=2)
        reconcile(desk.hub)
        desk.run()
        assert executions(desk) == [1, 2], schedule
        assert driven(desk.hub, case_id) == "", schedule


@pytest.mark.parametrize("way", WAYS)
def test_a_lost_message_is_made_up_for_by_the_next_sweep(way: str) -> None:
    """Nothing drives the case after it has left; it is due at once."""
    desk, case_id = WAYS[way].begin()
    WAYS[way].leave(desk, case_id, None)
    assert due_at(desk.hub, case_id) == desk.hub.clock.now()
    desk.hub.memory.stream.clear()
    desk.hub.queues.lose()
    desk.hub.clock.advance(seconds=1)
    reconcile(desk.hub)
    assert executions(desk) == [1, 2]
    desk.hub.clock.advance(hours=2)
    reconcile(desk.hub)
    desk.run()
    assert driven(desk.hub, case_id) == ""


@pytest.mark.parametrize("way", WAYS)
def test_a_leaving_that_dies_anywhere_is_made_good(way: str) -> None:
    """Both the act itself and the telling of it."""
    leave, another = WAYS[way].leave, copies(WAYS[way].begin())
    number, done = 0, False
    while not done:
        desk, case_id = another()
        before = desk.case(case_id)
        try:
            leave(desk, case_id, gated(desk.hub, crashing_at(number)))
            done = True
        except Crash:
            assert desk.case(case_id) == before
            leave(desk, case_id, None)
        case = desk.case(case_id)
        try:
            on_case_changed(gated(desk.hub, crashing_at(number)), case_id, case.version)
        except Crash:
            on_case_changed(desk.hub, case_id, case.version)
        desk.run()
        desk.hub.clock.advance(hours=2)
        reconcile(desk.hub)
        desk.run()
        assert driven(desk.hub, case_id) == "", number
        number += 1


@pytest.mark.parametrize(
    ("look", "moment"),
    [
        (watch_on, "workflows.set_follow_up"),
        (lambda hub, _case: reconcile(hub), "due.move"),
    ],
    ids=["the last signature's late message", "a sweep that came too early"],
)
def test_who_has_read_the_case_before_it_moved_does_not_put_off_its_next_look(
    look: Callable[[Hub, Case], object], moment: str
) -> None:
    """A reversal moved the next look nearer meanwhile: the nearer day stays."""
    desk, case_id = in_force()
    pays(desk.hub, case_id, PART, "PAY-1")
    far = desk.case(case_id).follow_up_on
    read: list[str] = []

    def before(call: str) -> None:
        read.append(call)
        held = moment == "due.move" and read.count(moment) < 2  # the first puts off what is looked after
        if call == moment and not held and len(kinds_of(desk.hub, case_id)) == events:
            reverse_repayment(desk.hub, INSTITUTION, case_id, "PAY-1")

    events = len(kinds_of(desk.hub, case_id))
    desk.hub.workflows.set_follow_up(case_id, desk.hub.clock.now() - timedelta(hours=1))
    look(gated(desk.hub, before), desk.case(case_id))
    case = desk.case(case_id)
    assert len(kinds_of(desk.hub, case_id)) == events + 1
    assert case.follow_up_on != far
    desk.hub.clock.advance(seconds=1)
    reconcile(desk.hub)
    assert driven(desk.hub, case_id) == ""


def test_two_ways_at_once_one_is_stale() -> None:
    """Sued on one page, mediated anew on another."""
    desk, case_id = in_force()
    rejected_in(desk, case_id)

    def before(call: str) -> None:
        if call == "cases.save" and desk.case(case_id).stage is Stage.PERFORMING:
            sues(desk, case_id)

    with pytest.raises(Conflict):
        mediates_anew(desk, case_id, gated(desk.hub, before))
    desk.run()
    assert (desk.case(case_id).stage, driven(desk.hub, case_id)) == (Stage.SUBMITTED, "")
    assert executions(desk) == [1, 2]


def test_an_arrival_read_after_the_last_signature_leaves_the_look_on_its_day() -> None:
    """The execution had just come to the signing: it ends, and the index has the agreement's own day."""
    desk, case_id, arrival = on_the_way(Stage.SETTLED)
    for party_id in ("a1", "r1"):
        signs(desk.hub, case_id, party_id)
    on_wait_started(desk.hub, arrival)
    assert due_at(desk.hub, case_id) == desk.case(case_id).deadline
    assert driven(desk.hub, case_id) == ""
