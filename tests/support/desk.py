"""The desk: plays the people of a case, and the queues and timers around a fake hub.

Promise: each delivery goes through `deliver`, which a test may replace by one that crashes or repeats;
`driven` says whether a case has the workflow or due entry that it needs. Downside: one case's people only,
of one institution and one court.
"""

from __future__ import annotations

from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from chalicelib.domain.agreement.confirmation import RejectionGround, Ruling
from chalicelib.domain.commands import (
    Accept,
    Appoint,
    Correct,
    Drop,
    Fail,
    GiveConsent,
    RequestTransfer,
    Withdraw,
)
from chalicelib.domain.court_commands import RecordDocketing, RecordRefusal, RecordReview, RecordRuling
from chalicelib.domain.errors import CourtError, MessengerError
from chalicelib.domain.reasons import FailureReason
from chalicelib.domain.roles import Actor, Role
from chalicelib.domain.stages import Stage
from chalicelib.domain.steps import WATCHED, Step
from chalicelib.domain.transfer import Docketing, Procedure, ReviewReason, ReviewResult
from chalicelib.registry import consumer, consumers
from chalicelib.use_cases.act_on_case import act_on_case
from chalicelib.use_cases.file_dispute import file_dispute
from chalicelib.use_cases.on_wait_expired import on_wait_expired
from chalicelib.use_cases.on_wait_started import on_wait_started
from chalicelib.use_cases.records import CourtCallback, Due
from chalicelib.use_cases.store_callback import store_callback
from tests.support.fakes import COURT_ID, FakeHub
from tests.support.fakes.samples import CENTRE, COURT, INSTITUTION, MEDIATOR, borrower, claim, filing, key
from tests.support.settling import agrees, agrees_on_the_spot, all_sign, misses_everything, pays_everything

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalicelib.consumers import Consumer
    from chalicelib.domain.case import Case
    from chalicelib.domain.commands import Command
    from chalicelib.domain.court_commands import CourtCommand
    from chalicelib.use_cases.ports import Hub
    from chalicelib.use_cases.records import Arrival

_MOST_ROUNDS: Final = 500
T = TypeVar("T")


class Desk:
    """One fake hub, its people and its deliveries."""

    def __init__(self, hub: FakeHub | None = None) -> None:
        self.hub = hub or FakeHub()
        self.deliver: Callable[[Callable[[Hub], object]], None] = self._deliver
        self._callbacks = 0

    def _deliver(self, handler: Callable[[Hub], object]) -> None:
        handler(self.hub)

    def file(self, contract: str = "LOAN-1") -> str:
        """File a dispute and return the case's id."""
        return file_dispute(self.hub, INSTITUTION, filing(contract), key(contract, contract)).case_id

    def case(self, case_id: str) -> Case:
        """Read a case."""
        return self.hub.cases.get(case_id)

    def actor(self, role: Role, case_id: str) -> Actor:
        """Return who acts in this role."""
        people = {
            Role.INSTITUTION: INSTITUTION,
            Role.CENTRE: CENTRE,
            Role.MEDIATOR: MEDIATOR,
            Role.COURT: COURT,
        }
        return borrower(case_id) if role is Role.BORROWER else people[role]

    def act(self, case_id: str, role: Role, command: Command) -> Case:
        """Let a role act; nothing is delivered yet."""
        return act_on_case(self.hub, self.actor(role, case_id), case_id, command)

    def call_back(self, case_id: str, command: CourtCommand, **changes: Any) -> str:
        """Let the court send a callback; return its id."""
        self._callbacks += 1
        callback = CourtCallback(
            callback_id=f"CB-{self._callbacks}",
            court_id=COURT_ID,
            transfer_id=command.transfer_id,
            occurred_at=self.hub.clock.now(),
            command=command,
            raw=b"{}",
        )
        callback = replace(callback, **changes)
        store_callback(self.hub, COURT, callback)
        assert case_id in callback.transfer_id
        return callback.callback_id

    def run(self) -> None:
        """Deliver everything, oldest first, until nothing moves; time stands still."""
        for _ in range(_MOST_ROUNDS):
            self.hub.relay()
            if not self._one():
                return
        raise AssertionError("still moving")

    def _one(self) -> bool:
        for row in consumers():
            if self.hub.queues[row.name]:
                self._deliver_next(row)
                return True
        arrivals = self.hub.engine.arrivals()
        for arrival in arrivals:
            self.deliver_arrival(arrival)
        return bool(arrivals)

    def _deliver_next(self, row: Consumer) -> None:
        handle, message = row.load(), self.hub.queues[row.name].pop(0)
        with suppress(CourtError, MessengerError):  # it stays in the due index; the reconciler sends it again
            self.deliver(lambda hub: handle(hub, **message))

    def deliver_arrival(self, arrival: Arrival) -> None:
        """Deliver one arrival, late or not."""
        self.deliver(lambda hub: on_wait_started(hub, arrival))

    def deliver_callbacks(self) -> None:
        """Apply what the court sent, and nothing else."""
        while self.hub.queues["callbacks"]:
            self._deliver_next(consumer("callbacks"))

    def let_expire(self, case_id: str) -> None:
        """Let the limit of the case's step pass, then deliver all that follows."""
        case = self.case(case_id)
        assert case.deadline is not None
        self.hub.clock.set(max(case.deadline, self.hub.clock.now()))
        arrival = self.hub.engine.time_out(case_id)
        self.deliver(lambda hub: on_wait_expired(hub, arrival))
        self.run()

    def reach(self, stage: Stage, contract: str = "LOAN-1") -> str:
        """Play a case up to a stage in which it waits, with its workflow running; return its id."""
        case_id = self.file(contract)
        self.run()
        for step in PATHS[stage]:
            self.hub.court.down = stage is Stage.TRANSFERRING
            self.play(case_id, step)
            self.run()
        assert self.case(case_id).stage is stage
        return case_id

    def play(self, case_id: str, step: Act) -> None:
        """Carry out one step of a path; nothing is delivered yet."""
        if isinstance(step, Play):
            step.do(self.hub, case_id)
            return
        role, command = step
        if role is Role.COURT:
            self.call_back(case_id, cast("CourtCommand", command(case_id)))
        else:
            self.act(case_id, role, command(case_id))


def copies(prepared: T) -> Callable[[], T]:
    """Return a maker of copies of a desk with its case: who tries many orders plays the beginning once."""
    return lambda: deepcopy(prepared)


@dataclass(frozen=True, slots=True)
class Play:
    """A step that takes more than a command: what is done, and to which case."""

    do: Callable[[FakeHub, str], object]


Act = tuple[Role, "Callable[[str], Command]"] | Play
_BEGIN: Final[tuple[Act, ...]] = (
    (Role.CENTRE, lambda _: Appoint(mediator_id="m-1", judge_id="j-1")),
    (Role.MEDIATOR, lambda _: Accept()),
    (Role.BORROWER, lambda _: GiveConsent(party_id="r1", online=True)),
)
_AGREE: Final[tuple[Act, ...]] = (*_BEGIN, Play(agrees))
_FAIL: Final[tuple[Act, ...]] = (
    *_BEGIN,
    (Role.MEDIATOR, lambda _: Fail(reason=FailureReason.DIFFERENCES_TOO_LARGE)),
)
_INSIST: Final[tuple[Act, ...]] = (*_FAIL, (Role.INSTITUTION, lambda _: RequestTransfer()))
PATHS: Final[dict[Stage, tuple[Act, ...]]] = {
    Stage.SCREENED: (),
    Stage.ASSIGNED: _BEGIN[:1],
    Stage.IN_MEDIATION: _BEGIN,
    Stage.SETTLED: _AGREE,
    Stage.PAID: (*_BEGIN, Play(agrees_on_the_spot), Play(all_sign)),
    Stage.PERFORMING: (*_AGREE, Play(all_sign)),
    Stage.PERFORMED: (*_AGREE, Play(all_sign), Play(pays_everything)),
    Stage.DEFAULTED: (*_AGREE, Play(all_sign), Play(misses_everything)),
    Stage.UNRESOLVED: _FAIL,
    Stage.CLOSED: (*_FAIL, (Role.INSTITUTION, lambda _: Drop())),
    Stage.WITHDRAWN: (*_BEGIN, (Role.INSTITUTION, lambda _: Withdraw())),
    Stage.TRANSFERRING: _INSIST,
    Stage.SUBMITTED: _INSIST,
    Stage.RETURNED: (*_INSIST, (Role.COURT, lambda case_id: rejected(f"{case_id}-T1"))),
    Stage.DOCKETED: (*_INSIST, (Role.COURT, lambda case_id: docketed(f"{case_id}-T1"))),
    Stage.REFUSED: (*_INSIST, (Role.COURT, lambda case_id: refused(f"{case_id}-T1"))),
}
"""Who does what, from `screened` on, to bring a case to a stage in which it waits."""


def rejected(transfer_id: str) -> RecordReview:
    """Return the review by which the registry sends a transfer back."""
    reasons = (ReviewReason(document_id="complaint", code="claim_unclear"),)
    return RecordReview(
        transfer_id=transfer_id, result=ReviewResult.REJECTED, filing_id="F-1", reasons=reasons
    )


def reviewed(transfer_id: str, result: ReviewResult = ReviewResult.ACCEPTED) -> RecordReview:
    """Return the registry's review of a transfer."""
    return RecordReview(transfer_id=transfer_id, result=result, filing_id="F-1")


def docketed(transfer_id: str) -> RecordDocketing:
    """Return the court's docketing of a transfer."""
    docketing = Docketing(
        court_case_number="（2026）闽0902民初123号",
        judge_id="j-1",
        procedure=Procedure.SUMMARY,
        official_filing_date=date(2026, 3, 9),
    )
    return RecordDocketing(transfer_id=transfer_id, filing_id="F-1", docketing=docketing)


def refused(transfer_id: str) -> RecordRefusal:
    """Return the court's refusal of the suit."""
    return RecordRefusal(transfer_id=transfer_id, filing_id="F-1", code="no_jurisdiction")


def ruled(transfer_id: str, ground: RejectionGround | None = None) -> RecordRuling:
    """Return the court's ruling on an application for judicial confirmation."""
    return RecordRuling(
        transfer_id=transfer_id,
        filing_id="F-2",
        court_case_number="（2026）闽0902诉前调确12号",
        judge_id="j-1",
        ruling=Ruling(on=date(2026, 3, 9), rejected_for=ground),
    )


def corrected() -> Correct:
    """Return a correction of the claim."""
    return Correct(claim=claim("90000.00"))


def driven(hub: FakeHub, case_id: str) -> str:
    """Return "" if the case is driven as its step needs, else what is wrong."""
    case, record = hub.cases.get(case_id), hub.workflows.get(case_id)
    if record is None:
        return "no workflow record"
    due = Due(consumer="workflow", ids=(case_id,)) in hub.memory.due
    if case.step in WATCHED:
        looked_at = hub.memory.due.get(Due(consumer="workflow", ids=(case_id,)))
        return "" if looked_at == case.deadline else f"watched, but looked at {looked_at}"
    execution = hub.engine.executions.get((case_id, record.generation))
    if case.stage.terminal:
        alive = execution is not None and execution.running
        return "ended, but still due" if due else "ended, but still waited for" if alive else ""
    if not due:
        return "open, but nobody looks after it"
    if execution is None or execution.token is None or execution.token != record.token:
        return "open, but its execution does not wait with the token that is kept"
    stands = (case.step, case.entered_at_version)
    waits = (Step(execution.plan["step"]), execution.plan["since"])
    return "" if stands == waits == (record.step, record.since) else f"stands at {stands}, waits at {waits}"
