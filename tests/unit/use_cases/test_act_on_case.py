"""Acting: the version the caller read, the details a correction brings, and nothing half-done."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib.domain.commands import Accept, Appoint, Correct, GiveConsent, Withdraw
from chalicelib.domain.errors import (
    ActionNotAvailable,
    CaseNotFound,
    NotPermitted,
    RuleViolated,
    StaleVersion,
)
from chalicelib.domain.events import Channel, verify_chain
from chalicelib.domain.parties import FormerPhone, PartyDetails
from chalicelib.domain.roles import Role
from chalicelib.domain.stages import Stage
from chalicelib.use_cases.act_on_case import act_on_case
from tests.support.desk import PATHS, Desk
from tests.support.fakes.samples import BORROWER_DETAILS, CENTRE, INSTITUTION, MEDIATOR, borrower
from tests.support.gates import gated

APPOINT = Appoint(mediator_id="m-1", judge_id="j-1")


def test_the_stored_case_is_returned() -> None:
    """What the caller gets is what the next reader will."""
    desk = Desk()
    case_id = desk.reach(Stage.SCREENED)
    case = act_on_case(desk.hub, CENTRE, case_id, APPOINT, expected_version=2)
    assert case == desk.case(case_id)
    assert case.version == 3


@pytest.mark.parametrize("version", [0, 1, 3])
def test_another_version_than_the_one_read_is_stale(version: int) -> None:
    """Nothing changes; the caller has to read and decide again."""
    desk = Desk()
    case_id = desk.reach(Stage.SCREENED)
    with pytest.raises(StaleVersion):
        act_on_case(desk.hub, CENTRE, case_id, APPOINT, expected_version=version)
    assert desk.case(case_id).version == 2


def test_two_at_once_are_one_after_the_other() -> None:
    """Somebody saves between our read and our write: ours is refused, theirs stands."""
    desk = Desk()
    case_id = desk.reach(Stage.SCREENED)

    def before(call: str) -> None:
        if call == "cases.save":
            act_on_case(desk.hub, INSTITUTION, case_id, Withdraw())

    with pytest.raises(StaleVersion):
        act_on_case(gated(desk.hub, before), CENTRE, case_id, APPOINT)
    assert desk.case(case_id).stage is Stage.WITHDRAWN


def test_refusals_leave_the_case_as_it_is() -> None:
    """Unknown case, another tenant's, another role, another stage, a rule."""
    desk = Desk()
    case_id = desk.reach(Stage.SCREENED)
    before = desk.case(case_id)
    with pytest.raises(CaseNotFound):
        act_on_case(desk.hub, CENTRE, "C-9999", APPOINT)
    with pytest.raises(CaseNotFound):
        act_on_case(desk.hub, MEDIATOR, case_id, Accept())
    with pytest.raises(NotPermitted):
        act_on_case(desk.hub, INSTITUTION, case_id, APPOINT)
    with pytest.raises(ActionNotAvailable) as refused:
        act_on_case(desk.hub, INSTITUTION, case_id, Correct())
    assert (refused.value.stage, refused.value.action) == ("screened", "correct")
    with pytest.raises(RuleViolated):
        act_on_case(desk.hub, borrower(case_id), case_id, GiveConsent(party_id="a1", online=True))
    assert desk.case(case_id) == before


def test_the_channel_is_kept_for_the_count_of_trips() -> None:
    """In person counts as a trip (M10); nothing said means online."""
    desk = Desk()
    case_id = desk.reach(Stage.SCREENED)
    act_on_case(desk.hub, CENTRE, case_id, GiveConsent(party_id="r1", online=True), channel=Channel.IN_PERSON)
    act_on_case(desk.hub, CENTRE, case_id, APPOINT)
    channels = [event.channel for event in desk.hub.cases.events(case_id, 2, 10)]
    assert channels == [Channel.IN_PERSON, Channel.ONLINE]


def test_a_correction_brings_new_details() -> None:
    """They replace the party's, beside the case; the case and its events hold none of them."""
    desk = Desk()
    case_id = desk.reach(Stage.RETURNED)
    moved = PartyDetails(
        party_id="r1", name="张试", id_number="11010519491231002X", phone="13900005678", address="新址"
    )
    case = act_on_case(desk.hub, INSTITUTION, case_id, Correct(details=(moved,)))
    replaced = FormerPhone(phone=BORROWER_DETAILS.phone, since=case.sequence, by=case.sequence)
    assert desk.hub.cases.details(case)[1] == replace(moved, former_phones=(replaced,))
    assert "13900005678" not in repr((case, desk.hub.cases.events(case_id, 0, 100)))


@pytest.mark.parametrize("stage", PATHS)
def test_every_history_of_the_desk_verifies(stage: Stage) -> None:
    """The chain stored beside the case ends at the head the case keeps."""
    desk = Desk()
    case_id = desk.reach(stage)
    case = desk.case(case_id)
    events = desk.hub.cases.events(case_id, 0, 1000)
    assert verify_chain(events) == case.last_event_hash
    assert len(events) == case.version
    assert all(case.filed_at <= event.at <= case.updated_at for event in events)
    assert {event.role for event in events} <= set(Role)
