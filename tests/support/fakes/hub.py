"""A whole hub in memory."""

from contextlib import suppress
from datetime import timedelta

from chalicelib.consumers import Consumer, consumers
from chalicelib.domain.calendar import WorkingCalendar
from chalicelib.domain.errors import CourtError, MessengerError, UnknownCourt
from chalicelib.domain.steps import Policy
from chalicelib.use_cases.arrive_at_step import arrive_at_step
from chalicelib.use_cases.papers import CourtNames
from tests.support.fakes.cases import FakeCases, FakeDebts, FakeSettlements
from tests.support.fakes.clock import FakeClock
from tests.support.fakes.court import FakeCourt
from tests.support.fakes.driving import FakeCallbacks, FakeDispatches, FakeTransfers, FakeWorkflows
from tests.support.fakes.engine import FakeEngine
from tests.support.fakes.machinery import FakeDocuments, FakeMetrics, FakeQueues
from tests.support.fakes.memory import FakeDueIndex, Memory
from tests.support.fakes.papers import FakeCaseDocuments, FakePapers
from tests.support.fakes.people import FakeCodes, FakeMessenger, FakeNotices
from tests.support.fakes.policies import FakePolicies

COURT_ID = "court-jc"
"""The court every fake hub serves."""

_MOST_ROUNDS = 1000


class FakeHub:
    """Implements `Hub`; each part is the fake itself, so that a test can look inside."""

    def __init__(self, clock: FakeClock | None = None, *, court_ids: tuple[str, ...] = (COURT_ID,)) -> None:
        self.memory = Memory()
        self.clock = clock or FakeClock()
        self.cases = FakeCases(self.memory, self.clock.epoch)
        self.settlements = FakeSettlements(self.memory)
        self.debts = FakeDebts(self.memory)
        self.workflows = FakeWorkflows(self.memory)
        self.engine = FakeEngine()
        self.queues = FakeQueues()
        self.due = FakeDueIndex(self.memory)
        self.court = FakeCourt(self.clock)
        self.dispatches = FakeDispatches(self.memory)
        self.transfers = FakeTransfers(self.memory)
        self.documents = FakeDocuments()
        self.callbacks = FakeCallbacks(self.memory)
        self.papers = FakePapers()
        self.case_documents = FakeCaseDocuments()
        self.policies = FakePolicies()
        self.notices = FakeNotices(self.memory)
        self.codes = FakeCodes(self.memory, self.clock.epoch)
        self.gateway = FakeMessenger()
        self.messenger: FakeMessenger | None = self.gateway
        self.metrics = FakeMetrics()
        self.calendar = WorkingCalendar()
        self.public_url = "https://hub.test"
        self.check_after = timedelta(hours=1)
        self.court_policies: dict[str, Policy] = {court_id: Policy() for court_id in court_ids}
        self._ids = 0

    def new_id(self) -> str:
        """Return C-0001, C-0002 ..."""
        self._ids += 1
        return f"C-{self._ids:04}"

    def policy_of(self, court_id: str) -> Policy:
        """Return a court's limits; raises UnknownCourt."""
        try:
            return self.court_policies[court_id]
        except KeyError as error:
            raise UnknownCourt(court_id) from error

    def names_of(self, court_id: str) -> CourtNames:
        """Return names made of the court's id; raises UnknownCourt."""
        self.policy_of(court_id)
        return CourtNames(court=f"{court_id}人民法院", organisation=f"{court_id}司法协同中心")

    def relay(self) -> None:
        """Do the stream's part: tell the queues what was stored since the last call."""
        told, self.memory.stream[:] = list(self.memory.stream), []
        for queue, message in told:
            self.queues.send(queue, message)

    def run(self) -> None:
        """Let stream, queues and executions run until nothing moves any more, time standing still.

        A message that court or gateway does not take now is dropped, as if it waited in its queue: the
        reconciler or the next message brings it back.
        """
        for _ in range(_MOST_ROUNDS):
            self.relay()
            if not self._step():
                return
        raise AssertionError(f"still moving after {_MOST_ROUNDS} rounds")

    def _step(self) -> bool:
        for row in consumers():
            if self.queues[row.name]:
                self._deliver(row, self.queues[row.name].pop(0))
                return True
        arrivals = self.engine.arrivals()
        for arrival in arrivals:
            arrive_at_step(self, arrival)
        return bool(arrivals)

    def _deliver(self, row: Consumer, message: dict[str, str | int]) -> None:
        with suppress(CourtError, MessengerError):
            row.load()(self, **message)
