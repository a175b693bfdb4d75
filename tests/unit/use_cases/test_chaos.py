"""Chaos: people act while everything is lost, repeated, reordered and killed; in the end each case is driven.

What the reconciler promises, tried at random: once the court is up and time goes on, every open case waits
where it stands, every ended one is at rest, and nothing is owed to anybody.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from typing import TYPE_CHECKING

import hypothesis.strategies as st
from hypothesis import event, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from chalicelib.domain.agreement.confirmation import RejectionGround
from chalicelib.domain.agreement.errors import CodeRequestedTooSoon
from chalicelib.domain.commands import Withdraw
from chalicelib.domain.errors import CourtError, HubError, MessengerError
from chalicelib.domain.events import Channel, verify_chain
from chalicelib.domain.lifecycle import allowed_actions
from chalicelib.domain.roles import Role
from chalicelib.domain.stages import Action, Stage
from chalicelib.domain.steps import AUTOMATIC, CourtLimits
from chalicelib.use_cases.act_on_case import act_on_case
from chalicelib.use_cases.follow_up import follow_up_time
from chalicelib.use_cases.loading import context_of
from chalicelib.use_cases.on_wait_expired import on_wait_expired
from chalicelib.use_cases.reconcile import reconcile
from tests.support.builders import commands_for, insiders
from tests.support.desk import PATHS, Desk, docketed, driven, refused, rejected, reviewed, ruled
from tests.support.examples import examples
from tests.support.fakes import FakeCourt
from tests.support.gates import Crash, crashing_at, gated
from tests.unit.use_cases.plays import NUMBERS, PLAYS, check_money, unless_refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalicelib.domain.court_commands import CourtCommand
    from chalicelib.use_cases.ports import Hub
    from chalicelib.use_cases.records import CourtNotice, Receipt, Submission

PEOPLE = (Role.INSTITUTION, Role.CENTRE, Role.MEDIATOR, Role.BORROWER)
DOCUMENT = "a" * 64
CONTRACTS = ("LOAN-1", "LOAN-2")
OF_THE_SETTLEMENT = frozenset(
    {
        Action.OFFER,
        Action.ACCEPT_OFFER,
        Action.DECLINE_OFFER,
        Action.WITHDRAW_OFFER,
        Action.SETTLE,
        Action.SIGN,
        Action.REFUSE_TO_SIGN,
        Action.RECORD_REPAYMENT,
        Action.REVERSE_REPAYMENT,
        Action.RENEGOTIATE,
        Action.ENFORCE,
        Action.TRANSFER,
    }
)
"""What needs more than a command: the terms beside the case; see `tests.unit.use_cases.plays`."""
OPEN = [stage for stage in PATHS if not stage.terminal]


class StrictCourt(FakeCourt):
    """A court that keeps the contract: the same message id with another body is a conflict."""

    def submit(self, submission: Submission) -> Receipt:
        """Take a transfer over."""
        receipt = super().submit(submission)
        assert self.submissions[submission.message_id] == submission
        return receipt

    def notify(self, notice: CourtNotice) -> None:
        """Take a notice."""
        super().notify(notice)
        assert self.notices[notice.message_id] == notice


class Chaos(RuleBasedStateMachine):
    """Two cases in a hub that loses its memory of everything but the table."""

    @initialize(stages=st.tuples(st.sampled_from(OPEN), st.sampled_from(OPEN)))
    def file(self, stages: tuple[Stage, Stage]) -> None:
        """Bring both to where the storm finds them."""
        self.desk = Desk()
        self.hub = self.desk.hub
        self.hub.court = StrictCourt(self.hub.clock)
        self.names = [self.desk.reach(*entry) for entry in zip(stages, CONTRACTS, strict=True)]
        self.desk.deliver = self.deliver
        self.crash_at = 10**6
        self.twice = False

    def deliver(self, handler: Callable[[Hub], object]) -> None:
        """Deliver at least once: a handler may die before any call, or be done twice."""
        number, self.crash_at = self.crash_at, 10**6
        try:
            handler(gated(self.hub, crashing_at(number)))
        except (Crash, HubError):
            self.redeliver(handler)
        if self.twice:
            self.redeliver(handler)

    def redeliver(self, handler: Callable[[Hub], object]) -> None:
        """Deliver again; what fails for good goes to its dead-letter queue."""
        try:
            handler(self.hub)
        except (CourtError, MessengerError):
            return

    @rule(data=st.data(), which=st.sampled_from((0, 1)), runs=st.booleans())
    def somebody_acts(self, data: st.DataObject, which: int, runs: bool) -> None:
        """Somebody does something that is offered; the machinery follows, or not yet."""
        case = self.desk.case(self.names[which])
        offers = [
            (actor, action)
            for actor in insiders(case)
            if actor.role in PEOPLE
            for action in allowed_actions(case, context_of(self.hub, actor, case.court_id))
            if action not in OF_THE_SETTLEMENT | {Action.WITHDRAW}
        ]
        if not offers:
            return
        actor, action = data.draw(st.sampled_from(offers))
        fitting = [command for command in commands_for(case, CourtLimits()) if command.action is action]
        command, channel = data.draw(st.sampled_from(fitting)), data.draw(st.sampled_from(Channel))
        try:
            act_on_case(self.hub, actor, case.case_id, command, channel=channel)
        except HubError:
            return
        if runs:
            self.desk.run()

    @rule(
        which=st.sampled_from((0, 1)), play=st.sampled_from(sorted(PLAYS)), number=NUMBERS, runs=st.booleans()
    )
    def the_settlement_goes_on(self, which: int, play: str, number: int, runs: bool) -> None:
        """Somebody does something about offers, agreement or payments; the call may die or be repeated."""
        case_id = self.names[which]
        act = PLAYS[play](self.hub, case_id, number)
        self.deliver(lambda hub: unless_refused(hub, act))
        if runs:
            self.desk.run()

    @rule(which=st.sampled_from((0, 1)), ground=st.sampled_from((None, RejectionGround.CONTENT_UNCLEAR)))
    def the_court_rules(self, which: int, ground: RejectionGround | None) -> None:
        """Let the court rule on an application it has, in whatever round."""
        case = self.desk.case(self.names[which])
        about = f"{case.case_id}-C{case.round}"
        if f"{about}-submission" in self.hub.court.submissions:
            self.desk.call_back(case.case_id, ruled(about, ground))

    @rule(days=st.sampled_from((1, 3, 10, 40)))
    def days_pass(self, days: int) -> None:
        """Let days pass at once: the sweep was off, and comes back."""
        self.hub.clock.advance(days=days)
        self.deliver(reconcile)

    @rule(which=st.sampled_from((0, 1)))
    def the_institution_withdraws(self, which: int) -> None:
        """Take a case back once it is on its way to the court, where that matters most."""
        case = self.desk.case(self.names[which])
        if case.transfer is not None and not case.stage.terminal:
            self.desk.act(case.case_id, Role.INSTITUTION, Withdraw())

    @rule(which=st.sampled_from((0, 1)), news=st.sampled_from((reviewed, rejected, docketed, refused)))
    def the_court_speaks(self, which: int, news: Callable[[str], CourtCommand]) -> None:
        """Let the court say something of a transfer it has, wherever the case stands."""
        case = self.desk.case(self.names[which])
        if case.transfer and f"{case.transfer.transfer_id}-submission" in self.hub.court.submissions:
            self.desk.call_back(case.case_id, news(case.transfer.transfer_id))

    @rule(which=st.sampled_from((0, 1)))
    def a_party_asks_for_a_code(self, which: int) -> None:
        """Owe somebody a message, wherever the case stands."""
        with suppress(CodeRequestedTooSoon):
            self.hub.codes.issue(self.desk.case(self.names[which]), "r1", DOCUMENT, follow_up_time(self.hub))

    @rule(down=st.booleans())
    def the_gateway_goes_down_or_comes_up(self, down: bool) -> None:
        """Change the gateway's weather."""
        self.hub.gateway.down = down

    @rule()
    def the_machinery_runs(self) -> None:
        """Deliver what there is to deliver."""
        self.desk.run()

    @rule(number=st.integers(0, 8), twice=st.booleans())
    def something_will_die(self, number: int, twice: bool) -> None:
        """Let the next handler die before its n-th call; let all be delivered twice from now on, or not."""
        self.crash_at, self.twice = number, twice

    @rule(data=st.data())
    def messages_are_lost_or_reordered(self, data: st.DataObject) -> None:
        """Lose or shuffle what the queues to workflow, court and parties hold."""
        self.hub.relay()
        for queue in (self.hub.queues[name] for name in ("workflow", "court", "notices")):
            kept = data.draw(st.lists(st.sampled_from(queue), max_size=6)) if queue else []
            queue[:] = kept

    @rule()
    def everything_in_flight_is_lost(self) -> None:
        """Lose every execution, every message and the stream."""
        self.hub.engine.lose()
        self.hub.queues.lose()
        self.hub.memory.stream.clear()

    @rule(down=st.booleans())
    def the_court_goes_down_or_comes_up(self, down: bool) -> None:
        """Change the court's weather."""
        self.hub.court.down = down

    @rule(hours=st.integers(0, 3))
    def time_passes(self, hours: int) -> None:
        """Look after what is due by then; the reconciler may die too."""
        self.hub.clock.advance(hours=hours)
        self.deliver(reconcile)

    @rule(which=st.sampled_from((0, 1)))
    def a_limit_passes(self, which: int) -> None:
        """Let a waiting execution's timer run out, at the deadline."""
        case_id = self.names[which]
        deadline = self.desk.case(case_id).deadline
        waiting = [e for (name, _), e in self.hub.engine.executions.items() if name == case_id and e.token]
        if deadline is None or not waiting:
            return
        self.hub.clock.set(max(deadline, self.hub.clock.now()))
        arrival = self.hub.engine.time_out(case_id)
        self.deliver(lambda hub: on_wait_expired(hub, arrival))

    def teardown(self) -> None:
        """Let the storm pass: the court is up, time goes on, and nobody acts."""
        if not hasattr(self, "desk"):
            return
        for name in self.names:
            event(f"the storm ended at {self.desk.case(name).stage}")
        self.hub.gateway.down = False
        self.hub.court.down, self.twice, self.crash_at = False, False, 10**6
        for _ in range(4):
            self.hub.clock.advance(hours=2)
            reconcile(self.hub)
            self.desk.run()
        for case_id in self.names:
            self.at_rest(case_id)
        now = self.hub.clock.now()
        assert not [due for due, at in self.hub.memory.due.items() if due.consumer != "workflow" and at < now]

    def at_rest(self, case_id: str) -> None:
        """Check that a case is driven, its chain whole, and the court told what it must know."""
        case = self.desk.case(case_id)
        assert driven(self.hub, case_id) == ""
        assert case.step not in AUTOMATIC
        check_money(self.hub, case_id)
        assert verify_chain(self.hub.cases.events(case_id, 0, 10_000)) == case.last_event_hash
        assert case.stage is not Stage.TRANSFERRING
        submitted = {m.transfer_id for m in self.hub.court.submissions.values()}
        if case.stage is Stage.WITHDRAWN and case.transfer and case.transfer.transfer_id in submitted:
            told = {n.transfer_id for n in self.hub.court.notices.values()}
            assert case.transfer.transfer_id in told
        for message in self.hub.court.submissions.values():
            for entry in message.body["manifest"]:
                content = self.hub.dossier_store.get(message.transfer_id, entry["document_id"])
                assert hashlib.sha256(content).hexdigest() == entry["sha256"]


TestChaos = Chaos.TestCase
TestChaos.settings = settings(max_examples=examples(150), stateful_step_count=30, deadline=None)
