"""Correcting details: what is stored, what shows of it, and what a refusal leaves behind."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from typing import TYPE_CHECKING

import pytest

from chalicelib.domain.commands import Correct
from chalicelib.domain.errors import CaseNotFound, NotPermitted, RuleViolated, StaleVersion
from chalicelib.domain.parties import FormerPhone, remembering_phone
from chalicelib.domain.reasons import CorrectionReason
from chalicelib.domain.representatives import Authority, Representative, RepresentativeKind
from chalicelib.domain.roles import Actor, Role
from chalicelib.domain.stages import Stage
from chalicelib.use_cases.act_on_case import act_on_case
from chalicelib.use_cases.correct_details import Corrected, correct_details
from chalicelib.use_cases.record_agent import record_agent
from chalicelib.use_cases.send_notice import send_notice
from tests.support.desk import Desk
from tests.support.fakes.samples import BORROWER_DETAILS, CENTRE, INSTITUTION, MEDIATOR, borrower

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    replaced = FormerPhone(phone=BORROWER_DETAILS.phone, since=after.sequence, by=after.sequence)
    assert desk.hub.cases.details(after)[1] == replace(
        BORROWER_DETAILS, phone="13900139000", former_phones=(replaced,)
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


NUMBERS = ("13900000001", "13900000002", "13900000003")


def corrected(desk: Desk, phones: Sequence[str]) -> list[str]:
    """Let the centre put these numbers on record, one after the other; return the notices, not sent."""
    notices = []
    for phone in phones:
        case = correct_details(desk.hub, CENTRE, "C-0001", "r1", Corrected(values={"phone": phone}), WHY)
        notices.append(f"C-0001-N{case.sequence}-r1-details_corrected")
    return notices


def heard(desk: Desk) -> dict[str, list[str]]:
    """Return by phone the messages that it got about a correction as a number that was replaced."""
    sent = desk.hub.gateway.sent.items()
    at_former = [(each.phone, number) for number, each in sent if number.endswith("-former")]
    return {phone: [number for at, number in at_former if at == phone] for phone, _ in at_former}


@pytest.mark.parametrize("several", [2, 3])
def test_every_number_hears_once_that_it_was_replaced_however_late_the_messages_are(several: int) -> None:
    """In any order and repeated; nothing was sent before the last correction."""
    for order in permutations(range(several)):
        desk = Desk()
        desk.reach(Stage.IN_MEDIATION)
        desk.run()
        notices = corrected(desk, NUMBERS[:several])
        for turn in (*order, *order):
            send_notice(desk.hub, "C-0001", notices[turn])
        before = (BORROWER_DETAILS.phone, *NUMBERS[: several - 1])
        assert heard(desk) == {
            phone: [f"{notice}-r1-former"] for phone, notice in zip(before, notices, strict=True)
        }
        assert desk.hub.memory.calls == {}


def test_a_number_that_is_on_record_again_hears_of_each_replacement_once(desk: Desk) -> None:
    """It was replaced twice; between the two it is the party's own."""
    desk.run()
    first, second, third = corrected(desk, (NUMBERS[0], BORROWER_DETAILS.phone, NUMBERS[1]))
    for notice in (third, first, second, first):
        send_notice(desk.hub, "C-0001", notice)
    assert heard(desk) == {
        BORROWER_DETAILS.phone: [f"{third}-r1-former", f"{first}-r1-former"],
        NUMBERS[0]: [f"{second}-r1-former"],
    }


def test_a_number_that_an_earlier_release_remembered_is_told_of_what_happened_then(desk: Desk) -> None:
    """It did not keep by which event: a later correction of something else is not told there."""
    desk.run()
    case = desk.case("C-0001")
    old = replace(BORROWER_DETAILS, phone="13900139000", former_phone=BORROWER_DETAILS.phone)
    assert old.phone_before(5) == old.phone_before(99) == BORROWER_DETAILS.phone
    again = remembering_phone(old, replace(old, address="某处"), 9)
    assert (again.former_phone, again.phone_before(8), again.phone_before(9)) == (
        None,
        old.former_phone,
        None,
    )
    moved = remembering_phone(old, replace(old, phone=NUMBERS[0]), 9)
    assert [moved.phone_before(n) for n in (8, 9, 10)] == [BORROWER_DETAILS.phone, "13900139000", None]
    assert moved.earlier_phones == (BORROWER_DETAILS.phone, "13900139000")
    assert "139" not in repr(moved.former_phones)
    assert case.parties[1].phone_since is None


@pytest.mark.parametrize(
    ("number_before", "number_after"),
    [("0593-2881234", "13900139000"), ("13900139000", "0593-2881234"), ("0593-2881234", "0593-2881235")],
)
def test_whom_a_replaced_landline_leaves_without_word_the_centre_rings(
    desk: Desk, number_before: str, number_after: str
) -> None:
    """Somebody else may have replaced it; that an agent's telephone was reached makes no difference."""
    desk.run()
    (early,) = corrected(desk, (number_before,))
    send_notice(desk.hub, "C-0001", early)
    desk.hub.memory.calls.clear()
    own = borrower("C-0001")
    agent = Representative(kind=RepresentativeKind.AGENT, name="吴试", letter_number="8", phone="13900000008")
    record_agent(desk.hub, own, "C-0001", "r1", agent, Authority.SPECIAL)
    (notice,) = corrected(desk, (number_after,))
    for _ in range(2):
        send_notice(desk.hub, "C-0001", notice)
    calls = [(call.party_id, call.kind) for call in desk.hub.memory.calls.values()]
    assert calls == [("r1", "details_corrected")]
    assert desk.hub.cases.details(desk.case("C-0001"))[1].earlier_phones[-1] == number_before


def test_a_mobile_number_replaced_by_another_needs_no_call(desk: Desk) -> None:
    desk.run()
    (notice,) = corrected(desk, NUMBERS[:1])
    send_notice(desk.hub, "C-0001", notice)
    assert desk.hub.memory.calls == {}


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
