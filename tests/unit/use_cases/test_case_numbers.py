"""Case numbers: given at screening, one series for each court and year, found by whoever sees the case."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from chalicelib.domain.errors import ActionNotAvailable, StaleVersion
from chalicelib.domain.roles import Actor, Role
from chalicelib.domain.stages import EventType, Stage
from chalicelib.use_cases.driving import take_own_step
from chalicelib.use_cases.list_cases import list_cases
from chalicelib.use_cases.send_notice import send_notice
from tests.support.builders import strangers
from tests.support.desk import Desk
from tests.support.fakes.samples import CENTRE, INSTITUTION, MEDIATOR

if TYPE_CHECKING:
    from chalicelib.domain.case import Case


def found(desk: Desk, actor: Actor, case_number: str, stage: Stage | None = None) -> list[str]:
    """Return the ids of the cases that the actor finds."""
    page = list_cases(desk.hub, actor, stage, None, 10, case_number=case_number)
    return [case.case_id for case in page.cases]


def screened(desk: Desk, contract: str) -> Case:
    """File a case and let the hub screen it."""
    case_id = desk.file(contract)
    desk.run()
    return desk.case(case_id)


def test_a_court_counts_its_cases_of_a_year() -> None:
    """In the order of screening; the year is China's, which begins eight hours before UTC's."""
    desk = Desk()
    assert [screened(desk, name).case_number for name in ("L-1", "L-2")] == ["调〔2026〕1号", "调〔2026〕2号"]
    desk.hub.clock.set(datetime(2026, 12, 31, 16, 30, tzinfo=UTC))
    assert screened(desk, "L-3").case_number == "调〔2027〕1号"


def test_the_event_of_the_screening_records_the_number() -> None:
    desk = Desk()
    case = screened(desk, "L-1")
    (event,) = [e for e in desk.hub.cases.events(case.case_id, 0) if e.type is EventType.CASE_SCREENED]
    assert event.facts == {"case_number": "调〔2026〕1号"}


def test_a_screening_that_fails_leaves_a_gap() -> None:
    """Its number is not given again: what counts it up is no part of the case's transaction."""
    desk = Desk()
    case_id = desk.file("L-1")
    filed = desk.case(case_id)
    take_own_step(desk.hub, filed)
    with pytest.raises((StaleVersion, ActionNotAvailable)):
        take_own_step(desk.hub, filed)
    desk.run()
    assert desk.case(case_id).case_number == "调〔2026〕1号"
    assert screened(desk, "L-2").case_number == "调〔2026〕3号"


def test_a_case_keeps_its_number_to_the_court() -> None:
    desk = Desk()
    case_id = desk.reach(Stage.DOCKETED)
    assert desk.case(case_id).case_number == "调〔2026〕1号"
    (submission,) = desk.hub.court.submissions.values()
    assert submission.body["case_number"] == "调〔2026〕1号"


def test_whoever_sees_the_case_finds_it_by_its_number() -> None:
    """However its brackets are typed; at another stage it is not listed."""
    desk = Desk()
    case_id = desk.reach(Stage.IN_MEDIATION)
    for actor in (INSTITUTION, MEDIATOR, CENTRE):
        assert found(desk, actor, "调(2026)第1号") == [case_id]
    assert found(desk, CENTRE, "调〔2026〕1号", Stage.IN_MEDIATION) == [case_id]
    assert found(desk, CENTRE, "调〔2026〕1号", Stage.PAID) == []
    assert found(desk, CENTRE, "调〔2026〕2号") == []
    assert found(desk, CENTRE, "〔〕") == []


def test_a_stranger_finds_nothing_by_a_number() -> None:
    desk = Desk()
    case = desk.case(desk.reach(Stage.IN_MEDIATION))
    others = [actor for actor in strangers(case) if actor.role is not Role.BORROWER]
    assert others
    for actor in others:
        assert found(desk, actor, "调〔2026〕1号") == []


def test_a_message_says_which_case_it_is_about() -> None:
    desk = Desk()
    desk.reach(Stage.DEFAULTED)
    for key in list(desk.hub.memory.notices):
        send_notice(desk.hub, *key)
    assert desk.hub.gateway.sent
    assert {message.case_number for message in desk.hub.gateway.sent.values()} == {"调〔2026〕1号"}
