"""Correcting details: what is stored, what shows of it, and what a refusal leaves behind."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib.domain.commands import Correct
from chalicelib.domain.errors import CaseNotFound, NotPermitted, RuleViolated, StaleVersion
from chalicelib.domain.reasons import CorrectionReason
from chalicelib.domain.roles import Actor, Role
from chalicelib.domain.stages import Stage
from chalicelib.use_cases.act_on_case import act_on_case
from chalicelib.use_cases.correct_details import Corrected, correct_details
from tests.support.desk import Desk
from tests.support.fakes.samples import BORROWER_DETAILS, CENTRE, INSTITUTION, MEDIATOR

WHY = CorrectionReason.WRONG_AT_FILING
PHONE = Corrected(values={"phone": "13900139000"})


@pytest.fixture
def desk() -> Desk:
    """Return a desk with a case in mediation."""
    desk = Desk()
    desk.reach(Stage.IN_MEDIATION)
    return desk


def test_a_repr_shows_nothing_of_what_is_right() -> None:
    assert "139" not in repr(PHONE)


def test_a_correction_is_one_event_and_leaves_step_and_deadline(desk: Desk) -> None:
    """The workflow waits as before; nobody is sent anything."""
    before = desk.case("C-0001")
    desk.run()
    after = correct_details(desk.hub, CENTRE, "C-0001", "r1", PHONE, WHY, expected_version=before.version)
    assert (after.step, after.deadline, after.stage) == (before.step, before.deadline, before.stage)
    assert (after.version, after.sequence) == (before.version + 1, before.sequence + 1)
    assert desk.hub.cases.details(after)[1] == replace(
        BORROWER_DETAILS, phone="13900139000", former_phone=BORROWER_DETAILS.phone
    )


def told(desk: Desk, phone: str) -> list[str | None]:
    """Return the links of the messages about a correction that a phone got."""
    desk.run()
    return [each.link for each in desk.hub.gateway.inbox(phone) if each.kind == "details_corrected"]


def test_another_number_is_told_to_the_old_one_too(desk: Desk) -> None:
    """Whoever has it now gets no link to the case; a later correction of something else is not told there."""
    desk.hub.link_base = "https://hub.test/go"
    correct_details(desk.hub, CENTRE, "C-0001", "r1", PHONE, WHY)
    assert told(desk, BORROWER_DETAILS.phone) == [None]
    (link,) = told(desk, "13900139000")
    assert link is not None
    correct_details(desk.hub, CENTRE, "C-0001", "r1", Corrected(values={"address": "某处"}), WHY)
    first, again = told(desk, "13900139000")
    assert first == link
    assert again is not None
    assert again != link
    assert len(told(desk, BORROWER_DETAILS.phone)) == 1


def test_who_is_reached_only_at_the_old_number_is_rung(desk: Desk) -> None:
    """The old number may be a stranger's, so the party counts as not reached."""
    landline = Corrected(values={"phone": "0593-2881234"})
    correct_details(desk.hub, CENTRE, "C-0001", "r1", landline, WHY)
    assert len(told(desk, BORROWER_DETAILS.phone)) == 1
    assert [(call.party_id, call.kind) for call in desk.hub.memory.calls.values()] == [
        ("r1", "details_corrected")
    ]


def test_a_correction_that_the_court_asked_for_is_told_too(desk: Desk) -> None:
    """A number replaced on the way to the court is told to the old one as well."""
    returned = Desk()
    case_id = returned.reach(Stage.RETURNED)
    corrected = replace(BORROWER_DETAILS, phone="13900139000")
    act_on_case(returned.hub, INSTITUTION, case_id, Correct(details=(corrected,)))
    assert len(told(returned, BORROWER_DETAILS.phone)) == len(told(returned, "13900139000")) == 1
    assert told(desk, BORROWER_DETAILS.phone) == []


def test_who_read_an_older_version_corrects_nothing(desk: Desk) -> None:
    """Two corrections of one page don't undo each other."""
    version = desk.case("C-0001").version
    correct_details(desk.hub, CENTRE, "C-0001", "r1", PHONE, WHY, expected_version=version)
    late = Corrected(values={"name": "某"})
    with pytest.raises(StaleVersion):
        correct_details(desk.hub, INSTITUTION, "C-0001", "r1", late, WHY, expected_version=version)
    assert desk.hub.cases.details(desk.case("C-0001"))[1].name == BORROWER_DETAILS.name


def test_strangers_and_mediators_correct_nothing(desk: Desk) -> None:
    """A stranger does not learn that there is such a case."""
    other = Actor(role=Role.CENTRE, subject="s", court_id="court-2")
    with pytest.raises(CaseNotFound):
        correct_details(desk.hub, other, "C-0001", "r1", PHONE, WHY)
    with pytest.raises(NotPermitted):
        correct_details(desk.hub, MEDIATOR, "C-0001", "r1", PHONE, WHY)


@pytest.mark.parametrize("party_id", ["r9", ""])
def test_nobody_of_the_case_has_no_details(desk: Desk, party_id: str) -> None:
    with pytest.raises(RuleViolated) as refused:
        correct_details(desk.hub, CENTRE, "C-0001", party_id, PHONE, WHY)
    assert refused.value.rule == "known_party"
