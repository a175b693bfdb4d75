"""The rendezvous: an execution arrives, a case moves, a timer runs out; in any order nothing is lost."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

import pytest

from chalicelib.domain.commands import Fail, Withdraw
from chalicelib.domain.errors import CaseNotFound, Conflict
from chalicelib.domain.reasons import FailureReason
from chalicelib.domain.roles import Role
from chalicelib.domain.stages import Stage
from chalicelib.domain.steps import Step
from chalicelib.use_cases.act_on_case import act_on_case
from chalicelib.use_cases.driving import SUPERSEDED
from chalicelib.use_cases.on_case_changed import on_case_changed
from chalicelib.use_cases.on_wait_expired import on_wait_expired
from chalicelib.use_cases.on_wait_started import on_wait_started
from chalicelib.use_cases.reconcile import reconcile
from chalicelib.use_cases.records import Arrival
from tests.support.desk import PATHS, Desk, Play, copies, driven
from tests.support.gates import Crash, calls_of, crashing_at, gated, interleaved, schedules

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from chalicelib.domain.case import Case
    from chalicelib.domain.commands import Command
    from chalicelib.use_cases.ports import Hub

    Process = Callable[[Hub], None]
    Steps = tuple[tuple[Role, Callable[[str], Command]] | Play, ...]


def _next_steps(path: Steps) -> Iterator[tuple[Role, Callable[[str], Command]]]:
    for steps in PATHS.values():
        if steps[: len(path)] == path != steps and not isinstance(step := steps[len(path)], Play):
            yield step


LEAVES: Final = {
    **{stage: step for stage, path in PATHS.items() for step in [next(_next_steps(path), None)] if step},
    Stage.SETTLED: (Role.MEDIATOR, lambda _: Fail(reason=FailureReason.REFUSES_TO_SIGN)),
}
"""For each stage in which a case can rest and go on: who does what to leave it."""


def arriving(arrival: Arrival) -> Process:
    """Return a process: the waiting state's message is handled, again if it failed."""
    return delivered(lambda hub: on_wait_started(hub, arrival))


def expiring(arrival: Arrival) -> Process:
    """Return a process: the expiry state's message is handled, again if it failed."""
    return delivered(lambda hub: on_wait_expired(hub, arrival))


def delivered(handler: Process) -> Process:
    """Return a process that is delivered again while it fails, as a queue's message is."""

    def process(hub: Hub) -> None:
        for _ in range(3):
            try:
                handler(hub)
            except Conflict:
                continue
            return
        handler(hub)

    return process


def leaving(desk: Desk, case_id: str, stage: Stage) -> Process:
    """Return a process: somebody acts, and the event comes to the workflow; too late is too late."""
    role, command = LEAVES[stage]

    def process(hub: Hub) -> None:
        try:
            case = act_on_case(hub, desk.actor(role, case_id), case_id, command(case_id))
        except (Conflict, CaseNotFound):  # a mediator who lost the case does not see it any more
            return
        on_case_changed(hub, case_id, case.version)

    return process


def started(stage: Stage) -> tuple[Desk, str, Arrival]:
    """Bring a case to a stage and start its execution anew: its arrival at the first wait is sent."""
    desk = Desk()
    case_id = desk.reach(stage)
    desk.hub.engine.lose()
    desk.hub.clock.advance(hours=2)
    reconcile(desk.hub)
    desk.hub.queues.lose()
    (arrival,) = desk.hub.engine.arrivals()
    return desk, case_id, arrival


def on_the_way(stage: Stage) -> tuple[Desk, str, Arrival]:
    """Bring a case to a stage whose execution is on its way: its arrival is sent, nobody has read it."""
    desk, case_id, arrival = started(stage)
    return desk, case_id, led_on(desk, case_id, arrival)


def led_on(desk: Desk, case_id: str, arrival: Arrival) -> Arrival:
    """Return the arrival where the case stands: an execution begins with the first wait, wherever that is."""
    if arrival.step is not desk.case(case_id).step:
        on_wait_started(desk.hub, arrival)
        (arrival,) = desk.hub.engine.arrivals()
    return arrival


def timed_out(stage: Stage) -> tuple[Desk, str, Arrival]:
    """Bring a case to a stage whose limit has just passed: the expiry is sent, nobody has read it."""
    desk = Desk()
    case_id = desk.reach(stage)
    deadline = desk.case(case_id).deadline
    assert deadline is not None
    desk.hub.clock.set(deadline)
    return desk, case_id, desk.hub.engine.time_out(case_id)


def settle(desk: Desk) -> None:
    """Let executions reach their steps; no event is told twice, and no reconciler helps."""
    desk.hub.memory.stream.clear()
    desk.run()


@pytest.mark.parametrize("prepare", [started, on_the_way])
@pytest.mark.parametrize("stage", LEAVES)
def test_arriving_and_leaving_in_every_order(
    stage: Stage, prepare: Callable[[Stage], tuple[Desk, str, Arrival]]
) -> None:
    """However the calls of an arrival and of an act interleave, the execution waits where the case stands."""
    another = copies(prepare(stage))
    for schedule in schedules(4, 6):
        desk, case_id, arrival = another()
        interleaved(desk.hub, schedule, arriving(arrival), leaving(desk, case_id, stage))
        settle(desk)
        assert driven(desk.hub, case_id) == "", schedule


@pytest.mark.parametrize("stage", LEAVES)
def test_expiring_and_leaving_in_every_order(stage: Stage) -> None:
    """The limit passes while somebody acts: one of the two counts, and the workflow knows which."""
    orders = schedules(6, 6)
    if stage is not Stage.UNRESOLVED:  # the one stage whose limit ends the case; of the others every fifth
        orders = islice(orders, None, None, 5)
    another = copies(timed_out(stage))
    for schedule in orders:
        desk, case_id, arrival = another()
        before = desk.case(case_id)
        interleaved(desk.hub, schedule, expiring(arrival), leaving(desk, case_id, stage))
        settle(desk)
        assert desk.case(case_id).version > before.version
        assert driven(desk.hub, case_id) == "", schedule


@pytest.mark.parametrize("stage", LEAVES)
def test_a_message_delivered_twice_at_once(stage: Stage) -> None:
    """Two workers handle the same arrival; the wait is the same."""
    another = copies(on_the_way(stage))
    for schedule in schedules(3, 3):
        desk, case_id, arrival = another()
        interleaved(desk.hub, schedule, arriving(arrival), arriving(arrival))
        assert driven(desk.hub, case_id) == "", schedule


@pytest.mark.parametrize("stage", LEAVES)
def test_a_handler_that_dies_anywhere_is_made_good_by_its_second_run(stage: Stage) -> None:
    """Between any two calls: arrival, leaving and expiry end as if nothing had happened."""
    for prepare, make in ((started, arriving), (on_the_way, arriving), (timed_out, expiring)):
        desk, case_id, arrival = prepare(stage)
        for number in range(len(calls_of(desk.hub, make(arrival))) + 1):
            desk, case_id, arrival = prepare(stage)
            crash_then_repeat(desk, make(arrival), number)
            settle(desk)
            assert driven(desk.hub, case_id) == "", (make, number)


@pytest.mark.parametrize("stage", LEAVES)
def test_an_event_whose_handling_dies_anywhere_is_told_again(stage: Stage) -> None:
    """Leaving a step is idempotent too."""
    for number in range(6):
        desk = Desk()
        case_id = desk.reach(stage)
        role, command = LEAVES[stage]
        case = act_on_case(desk.hub, desk.actor(role, case_id), case_id, command(case_id))
        crash_then_repeat(desk, telling(case), number)
        settle(desk)
        assert driven(desk.hub, case_id) == "", number


def telling(case: Case) -> Process:
    """Return a process: the case's last event comes to the workflow."""
    return lambda hub: on_case_changed(hub, case.case_id, case.version)


def crash_then_repeat(desk: Desk, handler: Process, number: int) -> None:
    """Run a handler that dies before its n-th call, if it gets there, and then run it again."""
    try:
        handler(gated(desk.hub, crashing_at(number)))
    except Crash:
        handler(desk.hub)


@pytest.mark.parametrize("event", [None, "withdraw"])
def test_the_hub_takes_its_own_steps_in_every_order(event: str | None) -> None:
    """Screening on arrival, while the institution withdraws: one of them counts first, both are kept.

    Only the execution of a filing whose first event was lost arrives at the screening.
    """
    for schedule in schedules(6, 6):
        desk = Desk()
        case_id = desk.file()
        desk.hub.memory.stream.clear()
        desk.hub.clock.advance(hours=2)
        reconcile(desk.hub)
        arrival = led_on(desk, case_id, *desk.hub.engine.arrivals())
        assert arrival.step is Step.SCREENING
        other = withdrawing(desk, case_id) if event else arriving(arrival)
        interleaved(desk.hub, schedule, arriving(arrival), other)
        settle(desk)
        expected = Stage.WITHDRAWN if event else Stage.SCREENED
        assert desk.case(case_id).stage is expected
        assert driven(desk.hub, case_id) == "", schedule


@pytest.mark.parametrize("stage", LEAVES)
def test_an_execution_begins_with_the_first_wait(stage: Stage) -> None:
    """A case that stands at another one is found there after one answer."""
    desk, case_id, first = started(stage)
    assert first.step is Step.ASSIGNMENT
    assert led_on(desk, case_id, first).step is desk.case(case_id).step


@pytest.mark.parametrize("event", [None, "withdraw"])
def test_a_filing_is_screened_before_its_execution_starts_in_every_order(event: str | None) -> None:
    """Told twice at once, or while the institution withdraws: one execution, where the case stands."""
    for schedule in schedules(5, 6):
        desk = Desk()
        case_id = desk.file()
        first = delivered(lambda hub, filed=case_id: on_case_changed(hub, filed, 1))  # type: ignore[misc]
        interleaved(desk.hub, schedule, first, withdrawing(desk, case_id) if event else first)
        settle(desk)
        assert desk.case(case_id).stage is (Stage.WITHDRAWN if event else Stage.SCREENED), schedule
        assert set(desk.hub.engine.executions) <= {(case_id, 1)}
        assert driven(desk.hub, case_id) == "", schedule


def test_a_filing_whose_screening_dies_anywhere_is_screened_by_the_next_run() -> None:
    for number in range(8):
        desk = Desk()
        case_id = desk.file()
        crash_then_repeat(desk, telling(desk.case(case_id)), number)
        settle(desk)
        assert desk.case(case_id).stage is Stage.SCREENED
        assert driven(desk.hub, case_id) == "", number


def withdrawing(desk: Desk, case_id: str) -> Process:
    """Return a process: the institution withdraws, however often its page has to be loaded anew."""

    def process(hub: Hub) -> None:
        case = act_on_case(hub, desk.actor(Role.INSTITUTION, case_id), case_id, Withdraw())
        on_case_changed(hub, case_id, case.version)

    return delivered(process)


def test_a_filing_starts_one_execution_however_often_it_is_told() -> None:
    """The first event starts the execution; told again before or after the arrival, it starts none."""
    desk = Desk()
    case_id = desk.file()
    for _ in range(2):
        on_case_changed(desk.hub, case_id, 1)
    desk.run()
    on_case_changed(desk.hub, case_id, 1)
    assert list(desk.hub.engine.executions) == [(case_id, 1)]
    assert driven(desk.hub, case_id) == ""


def test_a_late_filing_event_makes_up_for_a_lost_one() -> None:
    """The first event, told again when the case has moved on and nobody was told, ends the old wait."""
    desk = Desk()
    case_id = desk.reach(Stage.SCREENED)
    role, command = LEAVES[Stage.SCREENED]
    desk.act(case_id, role, command(case_id))
    desk.hub.memory.stream.clear()
    on_case_changed(desk.hub, case_id, 1)
    settle(desk)
    assert driven(desk.hub, case_id) == ""


def test_an_event_of_a_case_without_workflow_record_is_nobodys() -> None:
    """A case that another deployment drives, say, is left alone."""
    desk = Desk()
    case_id = desk.file()
    del desk.hub.memory.workflows[case_id]
    on_case_changed(desk.hub, case_id, 1)
    assert desk.hub.engine.executions == {}


def test_an_older_generation_is_told_to_end() -> None:
    """Its arrival and its expiry are both answered with `superseded`, and change nothing."""
    for handler in (on_wait_started, on_wait_expired):
        desk = Desk()
        case_id = desk.reach(Stage.SCREENED)
        old = desk.hub.engine.executions[case_id, 1]
        assert desk.hub.workflows.restart(case_id, 1, desk.hub.clock.now())
        case = desk.case(case_id)
        assert old.token is not None
        stale = Arrival(
            case_id=case_id,
            generation=1,
            step=case.step,
            since=case.entered_at_version,
            token=old.token,
            usual_next=old.usual_next,
        )
        handler(desk.hub, stale)
        assert old.plan["step"] == SUPERSEDED
        assert not old.running
        assert desk.case(case_id) == case
        record = desk.hub.workflows.get(case_id)
        assert record is not None
        assert (record.generation, record.token) == (2, None)


def test_a_timer_that_runs_out_early_waits_again() -> None:
    """The limit was extended meanwhile, or a clock is ahead: the step is entered anew, nothing expires."""
    desk = Desk()
    case_id = desk.reach(Stage.IN_MEDIATION)
    before = desk.case(case_id)
    arrival = desk.hub.engine.time_out(case_id)
    on_wait_expired(desk.hub, arrival)
    settle(desk)
    assert desk.case(case_id) == before
    assert desk.hub.metrics.counts["StepsExpired"] == 0
    assert driven(desk.hub, case_id) == ""


def test_a_limit_that_ends_the_case_ends_the_workflow() -> None:
    """An institution silent for the decision closes the case, and nobody looks after it any more."""
    desk = Desk()
    case_id = desk.reach(Stage.UNRESOLVED)
    desk.let_expire(case_id)
    assert desk.case(case_id).stage is Stage.CLOSED
    assert desk.hub.metrics.counts["StepsExpired"] == 1
    assert driven(desk.hub, case_id) == ""


def test_a_plan_holds_ids_codes_and_seconds_only() -> None:
    """What a wait is completed with is what the next one needs; an ended case needs no time."""
    desk = Desk()
    case_id = desk.reach(Stage.SCREENED)
    deadline = desk.case(case_id).deadline
    assert deadline is not None
    assert desk.hub.engine.executions[case_id, 1].plan == {
        "case_id": case_id,
        "generation": 1,
        "step": "assignment",
        "since": 2,
        "timeout_seconds": (deadline - desk.hub.clock.now()).total_seconds(),
    }
    ended = Desk()
    case_id = ended.reach(Stage.PAID)
    plan = ended.hub.engine.executions[case_id, 1].plan
    assert (plan["step"], plan["timeout_seconds"]) == (Step.ENDED, 1)
