"""A whole hub in memory."""

from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from chalicelib.adapters.meetings import TelephoneConference, VideoRooms
from chalicelib.capabilities.applications.service import Applications
from chalicelib.capabilities.calls.service import Calls
from chalicelib.capabilities.contacts.service import Looks
from chalicelib.capabilities.defences.service import Defences
from chalicelib.capabilities.guidance.service import Guidance
from chalicelib.capabilities.institutions.service import Institutions
from chalicelib.capabilities.links.service import Links
from chalicelib.capabilities.notes.service import Notes
from chalicelib.capabilities.roster.service import Roster
from chalicelib.capabilities.sessions.service import Sessions
from chalicelib.capabilities.talks.service import Messages
from chalicelib.capabilities.worklists.service import WorkLists
from chalicelib.consumers import Consumer
from chalicelib.domain.calendar import WorkingCalendar
from chalicelib.domain.errors import CourtError, MessengerError, UnknownCourt
from chalicelib.domain.notices import QuietHours
from chalicelib.domain.steps import CourtLimits
from chalicelib.registry import absent, consumers
from chalicelib.use_cases.capability_ports import (
    DefencesForCourt,
    DraftsSeen,
    EligibleMediator,
    EnrolledInstitution,
    NamesOfPeople,
    OwnApplications,
    PartyLinks,
)
from chalicelib.use_cases.on_wait_started import on_wait_started
from chalicelib.use_cases.papers import CourtNames
from tests.support.fakes.applications import FakeApplications, fake_own_applications
from tests.support.fakes.calls import FakeCalls
from tests.support.fakes.cases import FakeCases, FakeDebts, FakeSettlements
from tests.support.fakes.clock import FakeClock
from tests.support.fakes.court import FakeCourt
from tests.support.fakes.defences import FakeDefences, fake_for_court
from tests.support.fakes.driving import (
    FakeCallbacks,
    FakeDeadlines,
    FakeDispatches,
    FakeTransfers,
    FakeWorkflows,
)
from tests.support.fakes.engine import FakeEngine
from tests.support.fakes.guidance import FakeGuidance, fake_drafts_seen
from tests.support.fakes.institutions import FakeInstitutions, fake_enrolled
from tests.support.fakes.institutions import well_known as institutions
from tests.support.fakes.links import FakePartyLinks
from tests.support.fakes.looks import FakeLooks
from tests.support.fakes.machinery import FakeDossierStore, FakeMetrics, FakeQueues
from tests.support.fakes.memory import FakeDueIndex, Memory
from tests.support.fakes.notes import FakeNotes, FakeTalk
from tests.support.fakes.papers import UNSHOWABLE, FakePapers, FakeRenderer
from tests.support.fakes.people import FakeCodes, FakeMessenger, FakeNotices
from tests.support.fakes.policies import FakePolicies
from tests.support.fakes.roster import FakeRoster, fake_eligible, fake_names, well_known
from tests.support.fakes.sessions import FakeSessions
from tests.support.fakes.talks import FakeMessages
from tests.support.fakes.worklists import FakeWorkLists

if TYPE_CHECKING:
    from chalicelib.use_cases.people_ports import MeetingChannel

P = TypeVar("P")
FAKE_PARTS: dict[type, Any] = {
    Applications: FakeApplications,
    OwnApplications: fake_own_applications,
    Calls: FakeCalls,
    Defences: FakeDefences,
    DefencesForCourt: fake_for_court,
    Guidance: FakeGuidance,
    DraftsSeen: fake_drafts_seen,
    Institutions: FakeInstitutions,
    EnrolledInstitution: fake_enrolled,
    Looks: FakeLooks,
    Messages: FakeMessages,
    Notes: FakeNotes,
    Roster: FakeRoster,
    Sessions: FakeSessions,
    EligibleMediator: fake_eligible,
    NamesOfPeople: fake_names,
    Links: FakePartyLinks,
    PartyLinks: FakePartyLinks,
    WorkLists: FakeWorkLists,
}
"""By port: the fake of a capability's part."""
VIDEO_KEY = "the video host and the hub share this key"
COURT_ID = "court-jc"
"""The court every fake hub serves."""

_MOST_ROUNDS = 1000


class FakeHub:
    """Implements `Hub`; each part is the fake itself, so that a test can look inside."""

    def __init__(self, clock: FakeClock | None = None, *, court_ids: tuple[str, ...] = (COURT_ID,)) -> None:
        self.memory = Memory(institutions=institutions(court_ids), roster=well_known(court_ids))
        self.clock = clock or FakeClock()
        self.cases = FakeCases(self.memory, self.clock.epoch)
        self.talk = FakeTalk(self.memory)
        self.settlements = FakeSettlements(self.memory)
        self.debts = FakeDebts(self.memory)
        self.workflows = FakeWorkflows(self.memory)
        self.deadlines = FakeDeadlines(self.memory)
        self.engine = FakeEngine()
        self.queues = FakeQueues()
        self.due = FakeDueIndex(self.memory)
        self.court = FakeCourt(self.clock)
        self.dispatches = FakeDispatches(self.memory)
        self.transfers = FakeTransfers(self.memory)
        self.dossier_store = FakeDossierStore()
        self.callbacks = FakeCallbacks(self.memory)
        self.renderer = FakeRenderer()
        self.papers = FakePapers()
        self.policies = FakePolicies()
        self.notices = FakeNotices(self.memory)
        self.codes = FakeCodes(self.memory, self.clock.epoch)
        self.gateway = FakeMessenger()
        self.messenger: FakeMessenger | None = self.gateway
        self.quiet_hours: QuietHours | None = QuietHours()
        self.link_base = ""
        self.meeting_channels: dict[str, MeetingChannel] = {
            "video": VideoRooms("meet.test", lambda: (VIDEO_KEY,)),
            "telephone": TelephoneConference("+86 10 5555 0100"),
        }
        self.metrics = FakeMetrics()
        self.calendar = WorkingCalendar()
        self.public_url = "https://hub.test"
        self.shows_api_document = True
        self.shows_public_roster = True
        self.follow_up_after = timedelta(hours=1)
        self.court_limits: dict[str, CourtLimits] = {court_id: CourtLimits() for court_id in court_ids}
        self.parts: dict[type, Any] = {}
        self.pauses: list[float] = []
        self._ids = 0
        self._salts = 0

    def part(self, port: type[P]) -> P:
        """Return the fake of a capability's part, or the port's `absent` answer."""
        if port not in self.parts:
            make = FAKE_PARTS.get(port)
            self.parts[port] = make(self.memory, self.clock.epoch) if make else absent(port)
        part: P = self.parts[port]
        return part

    def unprintable(self, text: str) -> tuple[str, ...]:
        """Return the one character that no typeface of the hub has, if it is there."""
        return (f"U+{ord(UNSHOWABLE):04X}",) if UNSHOWABLE in text else ()

    def new_id(self) -> str:
        """Return C-0001, C-0002 ..."""
        self._ids += 1
        return f"C-{self._ids:04}"

    def pause(self, longest: float) -> None:
        """Keep how long it would have been at most."""
        self.pauses.append(longest)

    def new_salt(self) -> str:
        """Return another salt each time."""
        self._salts += 1
        return f"{self._salts:032x}"

    def limits_of(self, court_id: str) -> CourtLimits:
        """Return a court's limits; raises UnknownCourt."""
        try:
            return self.court_limits[court_id]
        except KeyError as error:
            raise UnknownCourt(court_id) from error

    def names_of(self, court_id: str) -> CourtNames:
        """Return names made of the court's id; raises UnknownCourt."""
        self.limits_of(court_id)
        return CourtNames(court=f"{court_id}人民法院", organisation=f"{court_id}司法协同中心")

    def relay(self) -> None:
        """Act as the stream: send the queues what was stored since the last call."""
        told, self.memory.stream[:] = list(self.memory.stream), []
        for queue, message in told:
            self.queues.send(queue, message)

    def run(self) -> None:
        """Let stream, queues and executions run until nothing moves any more; the clock stands still.

        A message that court or gateway does not take now is dropped, as if it waited in its queue: the
        reconciler or the next message sends it again.
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
            on_wait_started(self, arrival)
        return bool(arrivals)

    def _deliver(self, row: Consumer, message: dict[str, str | int]) -> None:
        with suppress(CourtError, MessengerError):
            row.load()(self, **message)
