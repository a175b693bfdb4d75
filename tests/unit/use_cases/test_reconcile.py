"""The reconciler: whatever was lost, wherever the case stands, it goes on from there."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from chalicelib import registry
from chalicelib.domain.case_deadline import CaseDeadline
from chalicelib.domain.commands import RequestTransfer, Withdraw
from chalicelib.domain.deadlines import steps_at
from chalicelib.domain.roles import Role
from chalicelib.domain.stages import Stage
from chalicelib.domain.steps import WATCHED
from chalicelib.registry import Capability
from chalicelib.use_cases.on_case_changed import on_case_changed
from chalicelib.use_cases.reconcile import reconcile
from chalicelib.use_cases.records import Due
from tests.support.desk import PATHS, Desk, docketed, driven
from tests.support.fakes import FakeHub
from tests.support.gates import Crash, calls_of, crashing_at, gated

if TYPE_CHECKING:
    from chalicelib.use_cases.ports import Hub
    from chalicelib.use_cases.records import WorkflowRecord

OPEN = [stage for stage in PATHS if not stage.terminal]
DRIVEN = [stage for stage in OPEN if not WATCHED.intersection(steps_at(stage))]
ENDED = [stage for stage in PATHS if stage.terminal]


def later(desk: Desk) -> int:
    """Let the time pass after which the reconciler looks after things; return how many it found."""
    desk.hub.clock.advance(hours=2)
    return reconcile(desk.hub)


def record_of(desk: Desk, case_id: str) -> WorkflowRecord:
    """Read the case's workflow record."""
    record = desk.hub.workflows.get(case_id)
    assert record is not None
    return record


def lose_everything(hub: FakeHub) -> None:
    """Forget every execution and every message."""
    hub.engine.lose()
    hub.queues.lose()
    hub.memory.stream.clear()


@pytest.mark.parametrize("stage", [Stage.FILED, *DRIVEN])
def test_a_lost_execution_is_replaced_where_the_case_stands(stage: Stage) -> None:
    """A new generation waits in the very step, until the very deadline."""
    desk = Desk()
    case_id = desk.file() if stage is Stage.FILED else desk.reach(stage)
    desk.hub.court.down = stage is Stage.TRANSFERRING
    lose_everything(desk.hub)
    before = desk.case(case_id)
    later(desk)
    assert record_of(desk, case_id).generation == 2
    desk.run()
    assert driven(desk.hub, case_id) == ""
    assert desk.hub.metrics.counts["ExecutionsRestarted"] == 1
    if stage is not Stage.FILED:  # which the hub takes on by itself
        assert desk.case(case_id) == before


@pytest.mark.parametrize("stage", OPEN)
def test_a_case_that_is_driven_is_left_alone(stage: Stage) -> None:
    """Nothing to mend: the check is put off, the generation stays."""
    desk = Desk()
    case_id = desk.reach(stage)
    for _ in range(3):
        later(desk)
        desk.run()
    assert record_of(desk, case_id).generation == 1
    assert driven(desk.hub, case_id) == ""


def test_nothing_is_due_before_its_time() -> None:
    """Right after a change nobody is looked after."""
    desk = Desk()
    desk.reach(Stage.SCREENED)
    assert reconcile(desk.hub) == 0
    assert later(desk) == 1


@pytest.mark.parametrize("stage", [Stage.SCREENED, Stage.IN_MEDIATION, Stage.SUBMITTED])
def test_a_lost_event_message_is_made_up_for(stage: Stage) -> None:
    """The execution waits in a step that the case has left: the kept token ends that wait."""
    desk = Desk()
    case_id = desk.reach(stage)
    leaving = next(
        steps[len(PATHS[stage])]
        for steps in PATHS.values()
        if steps[: len(PATHS[stage])] == PATHS[stage] != steps
    )
    desk.play(case_id, leaving)
    desk.hub.relay()
    desk.deliver_callbacks()
    desk.hub.memory.stream.clear()
    desk.hub.queues["workflow"].clear()
    later(desk)
    desk.run()
    assert driven(desk.hub, case_id) == ""


def test_a_kept_token_is_used_before_a_new_execution_is_started() -> None:
    """A lost event costs no generation."""
    desk = Desk()
    case_id = desk.reach(Stage.SCREENED)
    desk.play(case_id, PATHS[Stage.ASSIGNED][0])
    desk.hub.memory.stream.clear()
    later(desk)
    desk.run()
    assert (record_of(desk, case_id).generation, driven(desk.hub, case_id)) == (1, "")


def test_what_has_just_moved_is_given_time() -> None:
    """Its messages may still be on their way: nothing is completed or restarted yet."""
    desk = Desk()
    case_id = desk.reach(Stage.SCREENED)
    desk.hub.clock.advance(hours=2)
    desk.play(case_id, PATHS[Stage.ASSIGNED][0])
    waiting = desk.hub.engine.executions[case_id, 1].token
    reconcile(desk.hub)
    assert desk.hub.engine.executions[case_id, 1].token == waiting
    assert record_of(desk, case_id).generation == 1


def test_a_lost_arrival_is_replaced_by_a_new_execution() -> None:
    """The execution waits, but nobody has its token: a new one takes over, the old one is told to end."""
    desk = Desk()
    case_id = desk.file()
    on_case_changed(desk.hub, case_id, 1)
    desk.hub.memory.stream.clear()
    (lost,) = desk.hub.engine.arrivals()
    later(desk)
    desk.run()
    assert record_of(desk, case_id).generation == 2
    assert driven(desk.hub, case_id) == ""
    desk.deliver_arrival(lost)
    assert not desk.hub.engine.executions[case_id, 1].running
    assert driven(desk.hub, case_id) == ""


def test_a_lost_timer_is_made_up_for() -> None:
    """The limit passed a while ago and the execution still waits: a new one finds it passed at once."""
    desk = Desk()
    case_id = desk.reach(Stage.IN_MEDIATION)
    deadline = desk.case(case_id).deadline
    assert deadline is not None
    desk.hub.clock.set(deadline)
    reconcile(desk.hub)
    desk.run()
    assert record_of(desk, case_id).generation == 1, "the timer's own message may be on its way"
    later(desk)
    desk.run()
    assert record_of(desk, case_id).generation == 2
    assert desk.hub.engine.executions[case_id, 2].plan["timeout_seconds"] == 1
    desk.let_expire(case_id)
    assert desk.case(case_id).stage is Stage.UNRESOLVED
    assert driven(desk.hub, case_id) == ""


def test_a_reconciler_that_dies_anywhere_is_made_good_by_the_next() -> None:
    """Also between the new generation and its start, when nobody drives the case."""
    desk = Desk()
    case_id = desk.reach(Stage.IN_MEDIATION)
    lose_everything(desk.hub)
    desk.hub.clock.advance(hours=2)
    total = len(calls_of(desk.hub, reconcile))
    for number in range(total):
        desk = Desk()
        case_id = desk.reach(Stage.IN_MEDIATION)
        lose_everything(desk.hub)
        desk.hub.clock.advance(hours=2)
        with pytest.raises(Crash):
            reconcile(gated(desk.hub, crashing_at(number)))
        later(desk)
        desk.run()
        assert driven(desk.hub, case_id) == "", number


def test_two_reconcilers_at_once_start_one_execution() -> None:
    """Who is second finds that somebody else restarted the case already."""
    desk = Desk()
    case_id = desk.reach(Stage.IN_MEDIATION)
    lose_everything(desk.hub)
    desk.hub.clock.advance(hours=2)

    def before(call: str) -> None:
        if call == "workflows.restart":
            reconcile(desk.hub)

    reconcile(gated(desk.hub, before))
    desk.run()
    assert list(desk.hub.engine.executions) == [(case_id, 2)]
    assert desk.hub.metrics.counts["ExecutionsRestarted"] == 1
    assert driven(desk.hub, case_id) == ""


# An agreement's execution had ended long before the agreement was performed.
@pytest.mark.parametrize("stage", [stage for stage in ENDED if stage is not Stage.PERFORMED])
@pytest.mark.parametrize("token_kept", [True, False])
def test_an_ended_case_with_a_living_execution_is_ended(stage: Stage, token_kept: bool) -> None:
    """The last event was lost: the wait is completed if its token is known, and the case leaves the index."""
    desk = Desk()
    rests = max(
        (s for s in OPEN if s is not Stage.TRANSFERRING and PATHS[stage][: len(PATHS[s])] == PATHS[s]),
        key=lambda s: len(PATHS[s]),
    )
    case_id = desk.reach(rests)
    for step in PATHS[stage][len(PATHS[rests]) :]:
        desk.play(case_id, step)
        desk.hub.relay()
        desk.deliver_callbacks()
    desk.hub.memory.stream.clear()
    if not token_kept:
        assert desk.hub.workflows.restart(case_id, 1, desk.hub.clock.now())
    later(desk)
    assert driven(desk.hub, case_id) == ""
    assert desk.hub.engine.executions[case_id, 1].running is not token_kept


def test_a_due_case_without_record_is_left_to_whoever_made_it() -> None:
    """The index may name what this deployment does not drive."""
    desk = Desk()
    case_id = desk.reach(Stage.SCREENED)
    del desk.hub.memory.workflows[case_id]
    assert later(desk) == 1
    assert desk.hub.metrics.counts["ExecutionsRestarted"] == 0


def test_an_overdue_dispatch_is_asked_for_again() -> None:
    """The message was lost, or its queue gave up: it is queued and looked after again later."""
    desk = Desk()
    case_id = desk.reach(Stage.UNRESOLVED)
    case = desk.act(case_id, Role.INSTITUTION, RequestTransfer())
    lose_everything(desk.hub)
    later(desk)
    assert desk.hub.queues["court"] == [{"case_id": case_id, "dispatch_id": f"{case_id}-D{case.version}"}]
    due = Due(consumer="court", ids=(case_id, f"{case_id}-D{case.version}"))
    assert desk.hub.memory.due[due] == desk.hub.clock.now() + desk.hub.follow_up_after
    desk.run()
    assert desk.case(case_id).stage is Stage.SUBMITTED
    assert due not in desk.hub.memory.due


def test_an_overdue_callback_is_applied_after_all() -> None:
    """It was stored and acknowledged; its message was lost."""
    desk = Desk()
    case_id = desk.reach(Stage.SUBMITTED)
    name = desk.call_back(case_id, docketed(f"{case_id}-T1"))
    lose_everything(desk.hub)
    later(desk)
    assert desk.hub.queues["callbacks"] == [{"callback_id": name}]
    desk.run()
    assert desk.case(case_id).stage is Stage.DOCKETED
    assert driven(desk.hub, case_id) == ""


def test_a_withdrawn_case_needs_nothing_more() -> None:
    """After the last check nothing of it is due."""
    desk = Desk()
    case_id = desk.reach(Stage.SUBMITTED)
    desk.act(case_id, Role.INSTITUTION, Withdraw())
    desk.run()
    desk.hub.clock.advance(days=30)  # until the last reminder's day
    later(desk)
    desk.run()
    assert desk.hub.memory.due == {}


CALLED: list[CaseDeadline] = []
"""The deadlines that `remember` was called with."""


def remember(_hub: Hub, deadline: CaseDeadline) -> None:
    """Stand for what a capability does when its deadline is due."""
    CALLED.append(deadline)


def fail(_hub: Hub, _deadline: CaseDeadline) -> None:
    """Stand for what a capability can't do."""
    raise RuntimeError("not today")


def replace_it(hub: Hub, deadline: CaseDeadline) -> None:
    """Stand for a capability that sets the next deadline of the kind on the day of one."""
    assert isinstance(hub, FakeHub)
    hub.memory.set_deadline(replace(deadline, due_at=deadline.due_at + timedelta(days=30)))


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> FakeHub:
    """Make a hub whose only capability declares three kinds of deadlines."""
    CALLED.clear()
    kinds = {"evidence": "remember", "failing": "fail", "repeated": "replace_it"}
    declared = Capability(
        name="trials",
        zh="试验",
        en="trials",
        deadlines={kind: f"{__name__}:{handler}" for kind, handler in kinds.items()},
    )
    monkeypatch.setattr(registry, "capabilities", lambda: (declared,))
    return FakeHub()


def in_days(hub: FakeHub, kind: str, days: int, remind_in: int | None = None) -> CaseDeadline:
    """Set a deadline for so many days from now."""
    now = hub.clock.now()
    deadline = CaseDeadline(
        case_id="C-1",
        kind=kind,
        rule="TY15",
        due_at=now + timedelta(days=days),
        remind_at=None if remind_in is None else now + timedelta(days=remind_in),
    )
    hub.memory.set_deadline(deadline)
    return deadline


def next_of(hub: FakeHub, kind: str) -> timedelta:
    """Return how long it is until a deadline is looked after."""
    return hub.memory.due[Due(consumer="deadline", ids=("C-1", kind))] - hub.clock.now()


def test_a_deadline_calls_its_capability_for_the_reminder_and_for_the_day(hub: FakeHub) -> None:
    """Once each, at their times; then it is over."""
    deadline = in_days(hub, "evidence", 10, remind_in=7)
    hub.clock.advance(days=6)
    assert reconcile(hub) == 0
    hub.clock.advance(days=2)
    assert reconcile(hub) == 1
    assert [deadline] == CALLED
    assert reconcile(hub) == 0
    hub.clock.advance(days=3)
    assert reconcile(hub) == 1
    assert [deadline, replace(deadline, reminded=True)] == CALLED
    hub.clock.advance(days=99)
    assert reconcile(hub) == 0


def test_a_deadline_that_comes_up_too_early_is_left_alone(hub: FakeHub) -> None:
    """The index is read late: it may still show the time of a reminder that was handled just now."""
    in_days(hub, "evidence", 10)
    hub.memory.due[Due(consumer="deadline", ids=("C-1", "evidence"))] = hub.clock.now() - timedelta(days=1)
    assert reconcile(hub) == 1
    assert CALLED == []
    assert hub.deadlines.get("C-1", "evidence") is not None


def test_a_deadline_that_was_handled_meanwhile_is_left_alone(hub: FakeHub) -> None:
    """Another sweep was faster: nothing is called, and it does not come back."""
    deadline = in_days(hub, "evidence", 1)
    hub.clock.advance(days=2)

    def before(call: str) -> None:
        if call == "deadlines.get":
            hub.deadlines.handled(deadline)

    reconcile(gated(hub, before))
    assert CALLED == []
    assert hub.memory.due == {}


def test_a_deadline_that_nobody_declares_waits_and_is_counted(hub: FakeHub) -> None:
    """A newer release set it before it was rolled back: it stops nobody and is not lost."""
    deadline = in_days(hub, "unheard_of", 1)
    known = in_days(hub, "evidence", 1)
    hub.clock.advance(days=2)
    assert reconcile(hub) == 2
    assert [known] == CALLED
    assert hub.metrics.counts["DeadlinesUnknown"] == 1
    assert next_of(hub, "unheard_of") == hub.follow_up_after
    assert hub.deadlines.get("C-1", "unheard_of") == deadline


def test_a_deadline_whose_capability_fails_is_tried_again_later(hub: FakeHub) -> None:
    """It keeps nobody waiting, and does not come first in every round."""
    deadline = in_days(hub, "failing", 1)
    known = in_days(hub, "evidence", 1)
    hub.clock.advance(days=2)
    assert reconcile(hub) == 2
    assert [known] == CALLED
    assert next_of(hub, "failing") == timedelta(hours=1) / 64
    assert hub.deadlines.get("C-1", "failing") == deadline


def test_a_deadline_may_set_the_next_of_its_kind(hub: FakeHub) -> None:
    """What is called on the day replaces it; the new one stays."""
    first = in_days(hub, "repeated", 1)
    hub.clock.advance(days=2)
    assert reconcile(hub) == 1
    assert next_of(hub, "repeated") == timedelta(days=29)
    assert hub.deadlines.get("C-1", "repeated") == replace(first, due_at=first.due_at + timedelta(days=30))


def test_a_reminder_comes_before_its_deadline() -> None:
    """Another is a mistake of whoever sets it."""
    at = FakeHub().clock.now()
    with pytest.raises(ValueError, match="before its deadline"):
        CaseDeadline(case_id="C-1", kind="evidence", rule="TY15", due_at=at, remind_at=at)
