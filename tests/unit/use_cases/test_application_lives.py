"""Lives of applications: whatever happens in whatever order, twice or late, each step is taken once."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.capabilities.applications import service
from chalicelib.capabilities.applications.model import (
    APPLICANT,
    ENDED,
    Application,
    ApplicationState,
    Ask,
    Content,
    DeclineGround,
)
from chalicelib.capabilities.applications.service import Applications, on_deadline
from chalicelib.domain.errors import (
    ApplicationNotFound,
    DuplicateFiling,
    MessengerRefused,
    RuleViolated,
    StaleVersion,
)
from chalicelib.domain.notices import NoticeKind, notice_of
from chalicelib.domain.talk import verify_talk
from chalicelib.use_cases.capability_ports import OwnApplications
from chalicelib.use_cases.file_dispute import file_dispute
from chalicelib.use_cases.reconcile import reconcile
from chalicelib.use_cases.records import Idempotency
from chalicelib.use_cases.send_notice import send_notice
from tests.support.fakes import COURT_ID, FakeHub
from tests.support.fakes.samples import CENTRE, INSTITUTION, filing

if TYPE_CHECKING:
    from collections.abc import Callable

CONTENT: Final = Content(
    name="张试",
    id_number="11010519491231002X",
    phone="13800001234",
    lender="海滨测试银行",
    asks=(Ask.OTHER,),
)
FOLLOWS: Final = {
    ApplicationState.RECEIVED: {"asked", "declined", "withdrawn"},
    ApplicationState.ASKED: {"asked", "unanswered", "joined", "withdrawn"},
    ApplicationState.UNANSWERED: {"joined", "withdrawn"},
    ApplicationState.JOINED: set[str](),
    ApplicationState.DECLINED: set[str](),
    ApplicationState.WITHDRAWN: set[str](),
}
REFUSALS: Final = (RuleViolated, StaleVersion, ApplicationNotFound, DuplicateFiling)


class Life:
    """One application at the counter, and what people do about it."""

    def __init__(self) -> None:
        self.hub = FakeHub()
        self.hub.quiet_hours = None
        self.id = service.enter(self.hub, CENTRE, CONTENT, "k-1", "b").application.application_id
        self.filed = 0

    @property
    def state(self) -> ApplicationState:
        """Where it stands."""
        return self.stored[0].state

    @property
    def stored(self) -> tuple[Application, Content]:
        """What is stored."""
        found = self.hub.part(Applications).find(self.id)
        assert found is not None
        return found

    def take_up(self) -> None:
        """Ask the bank."""
        service.take_up(self.hub, CENTRE, self.id, "bank-1", self.stored[0].version)

    def take_up_as_first_read(self) -> None:
        """Ask it on what was read long ago."""
        service.take_up(self.hub, CENTRE, self.id, "bank-1", 1)

    def decline(self) -> None:
        """Decline it."""
        service.decline(
            self.hub, CENTRE, self.id, DeclineGround.OTHER, "请到窗口说明", self.stored[0].version
        )

    def withdraw(self) -> None:
        """Take it back."""
        service.withdraw(self.hub, CENTRE, self.id)

    def file(self) -> None:
        """File another contract that answers it."""
        self.filed += 1
        command = replace(filing(f"LOAN-{self.filed}"), application_id=self.id)
        self._file(command, self.filed)

    def file_again(self) -> None:
        """Send the first filing again."""
        self._file(replace(filing("LOAN-1"), application_id=self.id), 1)

    def _file(self, command: object, number: int) -> None:
        key = Idempotency(caller="bank-1", key=f"f-{number}", body_sha256=f"{number:064}")
        file_dispute(self.hub, INSTITUTION, command, key)  # type: ignore[arg-type]

    def wait(self) -> None:
        """Let six days pass."""
        for _ in range(6):
            self.hub.clock.advance(days=1)
            reconcile(self.hub)
            self.hub.run()

    def sweep_twice(self) -> None:
        """Let the deadline's handler run once more than it should."""
        deadline = self.hub.deadlines.get(self.id, "application_answer")
        if deadline is not None:
            on_deadline(self.hub, deadline)


ACTS: Final[tuple[Callable[[Life], None], ...]] = (
    Life.take_up,
    Life.take_up_as_first_read,
    Life.decline,
    Life.withdraw,
    Life.file,
    Life.file_again,
    Life.wait,
    Life.sweep_twice,
)


@given(st.lists(st.sampled_from(ACTS), max_size=12))
@settings(deadline=None)
def test_each_step_follows_from_the_one_before_and_is_taken_once(acts: list[Callable[[Life], None]]) -> None:
    """Refusals change nothing; what is stored, listed, counted and logged agrees at any time."""
    life = Life()
    for act in acts:
        before, logged = life.stored, len(life.hub.talk.entries(life.id))
        with suppress(*REFUSALS):
            act(life)
        after = life.stored
        steps = after[0].version - before[0].version
        assert len(life.hub.talk.entries(life.id)) == logged + steps
        if steps == 0:
            assert after == before
        elif steps == 1:
            assert after[0].state in FOLLOWS[before[0].state]
    _agrees(life)


def _agrees(life: Life) -> None:
    application, _ = life.stored
    part, over = life.hub.part(Applications), application.state in ENDED
    listed = {
        shelf: [each.application_id for each in part.of_court(COURT_ID, shelf, None, 9).applications]
        for shelf in ("open", "ended")
    }
    assert listed == {"open": [] if over else [life.id], "ended": [life.id] if over else []}
    asked = application.state in {ApplicationState.ASKED, ApplicationState.UNANSWERED}
    assert bool(part.of_institution("bank-1", None, 9).applications) == asked
    entries = life.hub.talk.entries(life.id)
    assert verify_talk(entries)
    done = Counter(entry.kind.removeprefix("application_") for entry in entries)
    assert all(count == 1 for count in done.values())
    counted = dict(part.figures(COURT_ID, application.month))
    assert counted.pop("joined_late", 0) == int("unanswered" in done and "joined" in done)
    assert counted == {name: count for name, count in done.items() if name != "reminded"}
    joined = [case for case in life.hub.memory.cases.values() if case.way_in == "own_application"]
    assert [case.case_id for case in joined] == ([application.joined_by] if application.joined_by else [])


def test_without_the_capability_no_filing_answers_anything() -> None:
    """A filing that names an application is refused; no message about one is sent."""
    hub, absent = FakeHub(), OwnApplications()
    hub.parts[OwnApplications] = absent
    command = replace(filing(), application_id="A-1")
    key = Idempotency(caller="bank-1", key="f-1", body_sha256="0" * 64)
    with pytest.raises(ApplicationNotFound):
        file_dispute(hub, INSTITUTION, command, key)
    assert file_dispute(hub, INSTITUTION, filing(), key).case_id in hub.memory.cases
    notice = notice_of("A-1", 1, APPLICANT, NoticeKind.APPLICATION_RECEIVED, {"application": "2026-000001"})
    assert absent.told(hub, notice) is None


def test_a_message_that_is_not_true_any_more_is_not_sent() -> None:
    """What was withdrawn before its turn came, and a code whose phone is kept no longer."""
    life = Life()
    life.take_up()
    life.withdraw()
    life.hub.run()
    assert {outcome for told in life.hub.memory.told.values() for outcome in told.values()} == {"lapsed"}
    service.request_code(life.hub, "13800001234", "")
    life.hub.clock.advance(hours=2)
    life.hub.run()
    assert life.hub.gateway.sent == {}


def test_whom_no_message_reaches_is_known_to_the_centre() -> None:
    """A landline, and an institution that named no contact; nobody is put on the list of calls."""
    hub = FakeHub()
    hub.quiet_hours = None
    shown = service.enter(hub, CENTRE, replace(CONTENT, phone="0593-2881234"), "k-1", "b")
    application_id = shown.application.application_id
    hub.gateway.refuses = MessengerRefused(422, "number_refused")
    service.take_up(hub, CENTRE, application_id, "bank-1", 1)
    hub.run()
    told = service.read(hub, CENTRE, application_id).notices
    assert {each.state for each in told} == {"not_reachable"}
    assert hub.memory.calls == {}


def test_a_code_that_was_replaced_is_not_sent() -> None:
    """Only the newest is good."""
    hub = FakeHub()
    service.request_code(hub, "13800001234", "")
    hub.clock.advance(minutes=2)
    service.request_code(hub, "13800001234", "")
    hub.run()
    assert len(hub.gateway.inbox("13800001234")) == 1


def test_a_deadline_of_what_is_gone_changes_nothing() -> None:
    """As after three years."""
    life = Life()
    life.take_up()
    deadline = life.hub.deadlines.get(life.id, "application_answer")
    assert deadline is not None
    life.hub.memory.applications.clear()
    on_deadline(life.hub, deadline)
    send_notice(life.hub, life.id, next(iter(life.hub.memory.notices))[1])
