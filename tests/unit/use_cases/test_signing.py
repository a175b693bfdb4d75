"""Signing: each party the very document, with a code if online; the last signature puts it in force."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from chalicelib.domain.agreement.confirmation import Confirmation
from chalicelib.domain.agreement.errors import CodeNotVerified, DocumentDiffers, SignedTooLate
from chalicelib.domain.agreement.position import position
from chalicelib.domain.calendar import morning_of
from chalicelib.domain.errors import (
    ActionNotAvailable,
    CaseNotFound,
    HubError,
    NotPermitted,
    RuleViolated,
    StaleVersion,
)
from chalicelib.domain.events import Channel
from chalicelib.domain.money import ZERO
from chalicelib.domain.notices import NoticeKind
from chalicelib.domain.reasons import FailureReason
from chalicelib.domain.stages import EventType, Stage
from chalicelib.domain.steps import Step
from chalicelib.use_cases.loading import settlement_of
from chalicelib.use_cases.request_signing_code import request_signing_code
from chalicelib.use_cases.sign_agreement import refuse_to_sign, sign_agreement
from tests.support.desk import Desk, driven
from tests.support.fakes.samples import CENTRE, COURT, INSTITUTION, MEDIATOR, borrower
from tests.support.gates import Crash, calls_of, crashing_at, gated
from tests.support.settling import agrees, agrees_on_the_spot, all_sign, code_of, signs
from tests.unit.use_cases.agreements import due_at, events_of, nothing_personal

if TYPE_CHECKING:
    from typing import Any

    from chalicelib.domain.case import Case
    from chalicelib.domain.roles import Actor
    from chalicelib.use_cases.ports import Hub


def to_sign() -> tuple[Desk, str]:
    """Bring a case to where the parties are to sign."""
    desk = Desk()
    return desk, desk.reach(Stage.SETTLED)


def sign(desk: Desk, case_id: str, actor: Actor, party_id: str, **changes: Any) -> Case:
    """Sign with what is right unless changed; in person unless a code is given."""
    case = desk.case(case_id)
    code = changes.get("code")
    return sign_agreement(
        changes.get("hub", desk.hub),
        actor,
        case_id,
        party_id,
        changes.get("document", case.agreement_sha256 or ""),
        code=code,
        expected_version=changes.get("version", case.version),
        channel=changes.get("channel", Channel.ONLINE if code else Channel.IN_PERSON),
    )


def seen(desk: Desk, case_id: str) -> object:
    """Return what a refusal must leave as it was."""
    case = desk.case(case_id)
    return case, settlement_of(desk.hub, case), len(events_of(desk.hub, case_id))


def test_the_last_signature_puts_the_agreement_in_force() -> None:
    """The window to confirm opens, the first look is due by the index, and the execution ends."""
    desk, case_id = to_sign()
    assert signs(desk.hub, case_id, "a1").stage is Stage.SETTLED
    before = desk.case(case_id)
    assert (before.signatures, before.confirmation, before.follow_up_on) == (frozenset({"a1"}), None, None)
    signs(desk.hub, case_id, "r1")
    case = desk.case(case_id)
    assert (case.stage, case.step) == (Stage.PERFORMING, Step.PERFORMANCE)
    assert case.confirmation == Confirmation(in_force_at=desk.hub.clock.now())
    assert case.follow_up_on == date(2026, 3, 5), "seven days before the lump sum is due on 12 March"
    assert case.deadline == morning_of(date(2026, 3, 5)) == due_at(desk.hub, case_id)
    settlement = settlement_of(desk.hub, case)
    assert settlement.signing is not None
    assert settlement.signing.in_force_at == desk.hub.clock.now()
    assert [(s.party_id, s.channel, s.code_verified) for s in settlement.signing.signatures] == [
        ("a1", Channel.ONLINE, True),
        ("r1", Channel.ONLINE, True),
    ]
    told = events_of(desk.hub, case_id)[-2:]
    assert [dict(event.facts) for event in told] == [{"party_id": "a1"}, {"party_id": "r1"}]
    desk.run()
    assert not desk.hub.engine.running(case_id, 1)
    assert driven(desk.hub, case_id) == ""
    nothing_personal(desk.hub, case_id)


def test_what_was_paid_on_the_spot_is_paid_with_the_last_signature() -> None:
    """No window opens and nothing is watched."""
    desk = Desk()
    case_id = desk.reach(Stage.IN_MEDIATION)
    agrees_on_the_spot(desk.hub, case_id)
    assert settlement_of(desk.hub, desk.case(case_id)).entries == (), "not before it is in force"
    all_sign(desk.hub, case_id)
    desk.run()
    case = desk.case(case_id)
    assert (case.stage, case.confirmation, case.follow_up_on) == (Stage.PAID, None, None)
    assert position(settlement_of(desk.hub, case).performance).remaining == ZERO
    assert driven(desk.hub, case_id) == ""


def test_a_signature_in_person_needs_a_second_record() -> None:
    """Mediator and centre saw it; neither alone, nobody else, and an institution only by its own token."""
    desk, case_id = to_sign()
    with pytest.raises(HubError):
        sign(desk, case_id, borrower(case_id), "r1")
    for actor in (INSTITUTION, MEDIATOR, CENTRE):
        with pytest.raises(HubError):
            sign(desk, case_id, actor, "a1")
    signs(desk.hub, case_id, "a1")
    before = settlement_of(desk.hub, desk.case(case_id))
    for _ in range(2):
        assert sign(desk, case_id, MEDIATOR, "r1").signatures == {"a1"}
        assert settlement_of(desk.hub, desk.case(case_id)) == before
    assert sign(desk, case_id, CENTRE, "r1").stage is Stage.PERFORMING
    signing = settlement_of(desk.hub, desk.case(case_id)).signing
    assert signing is not None
    assert [(each.party_id, each.code_verified) for each in signing.signatures] == [
        ("a1", True),
        ("r1", False),
    ]


def test_a_code_in_the_room_is_a_second_record() -> None:
    """The mediator has it sent; the signature counts at once, and is known to be verified."""
    desk, case_id = to_sign()
    request_signing_code(desk.hub, MEDIATOR, case_id, "r1")
    desk.run()
    code = code_of(desk.hub, "r1")
    case = sign(desk, case_id, MEDIATOR, "r1", code=code, channel=Channel.IN_PERSON)
    assert case.signatures == {"r1"}
    assert not case.pending
    signing = settlement_of(desk.hub, case).signing
    assert signing is not None
    assert [each.code_verified for each in signing.signatures] == [True]


def test_online_a_code_is_needed_and_only_the_right_one() -> None:
    """No code, a code of another party, a wrong one, one used before: nothing changes."""
    desk, case_id = to_sign()
    request_signing_code(desk.hub, borrower(case_id), case_id, "r1")
    request_signing_code(desk.hub, INSTITUTION, case_id, "a1")
    desk.run()
    before = seen(desk, case_id)
    theirs, mine = code_of(desk.hub, "a1"), code_of(desk.hub, "r1")
    with pytest.raises(CodeNotVerified):
        sign(desk, case_id, borrower(case_id), "r1", channel=Channel.ONLINE)
    wrong = "000000" if mine != "000000" else "111111"
    for code in (wrong, theirs if theirs != mine else wrong):
        with pytest.raises(HubError):
            sign(desk, case_id, borrower(case_id), "r1", code=code)
    assert seen(desk, case_id) == before
    assert sign(desk, case_id, borrower(case_id), "r1", code=mine).signatures == {"r1"}
    with pytest.raises(RuleViolated):
        sign(desk, case_id, borrower(case_id), "r1", code=mine)


def test_nobody_uses_up_the_attempts_of_another_party() -> None:
    """Who may not sign for a party does not get as far as its code."""
    desk, case_id = to_sign()
    request_signing_code(desk.hub, borrower(case_id), case_id, "r1")
    desk.run()
    for _ in range(10):
        with pytest.raises(HubError):
            sign(desk, case_id, INSTITUTION, "r1", code="000000")
    assert sign(desk, case_id, borrower(case_id), "r1", code=code_of(desk.hub, "r1")).signatures == {"r1"}


def test_another_document_is_not_signed() -> None:
    """In person, and online with a code for the right one."""
    desk, case_id = to_sign()
    before = seen(desk, case_id)
    with pytest.raises(DocumentDiffers):
        sign(desk, case_id, MEDIATOR, "r1", document="ab" * 32)
    request_signing_code(desk.hub, borrower(case_id), case_id, "r1")
    desk.run()
    with pytest.raises(HubError):
        sign(desk, case_id, borrower(case_id), "r1", code=code_of(desk.hub, "r1"), document="ab" * 32)
    assert seen(desk, case_id) == before


def test_a_party_signs_once_and_is_bound() -> None:
    """Neither signing again nor refusing afterwards."""
    desk, case_id = to_sign()
    signs(desk.hub, case_id, "a1")
    before = seen(desk, case_id)
    with pytest.raises(RuleViolated):
        sign(desk, case_id, INSTITUTION, "a1", code="123456")
    with pytest.raises(HubError):
        refusing(desk, case_id, INSTITUTION, "a1")
    with pytest.raises(RuleViolated):
        request_signing_code(desk.hub, INSTITUTION, case_id, "a1")
    assert seen(desk, case_id) == before


def refusing(
    desk: Desk, case_id: str, actor: Actor, party_id: str, channel: Channel = Channel.ONLINE
) -> Case:
    """Refuse on the page just read."""
    version = desk.case(case_id).version
    return refuse_to_sign(desk.hub, actor, case_id, party_id, expected_version=version, channel=channel)


def test_a_refusal_ends_the_mediation_for_all() -> None:
    """Even for who has signed; the agreement is void, the refusal on record (OL25)."""
    desk, case_id = to_sign()
    signs(desk.hub, case_id, "a1")
    case = refusing(desk, case_id, borrower(case_id), "r1")
    assert (case.stage, case.failure) == (Stage.UNRESOLVED, FailureReason.REFUSES_TO_SIGN)
    assert (case.outcome, case.agreement_sha256, case.ended_at) == (None, None, desk.hub.clock.now())
    signing = settlement_of(desk.hub, case).signing
    assert signing is not None
    assert signing.refusal is not None
    assert signing.refusal.party_id == "r1"
    assert dict(events_of(desk.hub, case_id)[-1].facts) == {"party_id": "r1"}
    with pytest.raises(ActionNotAvailable):
        sign(desk, case_id, MEDIATOR, "r1")
    desk.run()
    assert driven(desk.hub, case_id) == ""


def test_after_the_last_day_nobody_signs() -> None:
    """A lump sum due on 12 March is signed on that day at the latest, although the step is still open."""
    desk, case_id = to_sign()
    signs(desk.hub, case_id, "a1")
    deadline = desk.case(case_id).deadline
    assert deadline is not None
    desk.hub.clock.advance(days=11)
    assert desk.hub.clock.now() < deadline
    before = seen(desk, case_id)
    with pytest.raises(SignedTooLate, match="else the mediator ends the mediation"):
        sign(desk, case_id, MEDIATOR, "r1")
    with pytest.raises(RuleViolated, match="signed_in_time"):
        request_signing_code(desk.hub, borrower(case_id), case_id, "r1")
    assert seen(desk, case_id) == before
    desk.let_expire(case_id)
    case = desk.case(case_id)
    assert (case.stage, case.failure) == (Stage.UNRESOLVED, FailureReason.REFUSES_TO_SIGN)


def test_who_may_not_sign_is_refused_before_anything_is_read() -> None:
    """Courts; and strangers find no case."""
    desk, case_id = to_sign()

    def refused(hub: Hub) -> None:
        with pytest.raises(NotPermitted):
            sign(desk, case_id, COURT, "r1", hub=hub)
        with pytest.raises(NotPermitted):
            refuse_to_sign(hub, COURT, case_id, "r1", expected_version=1)
        with pytest.raises(NotPermitted):
            request_signing_code(hub, COURT, case_id, "r1")

    assert calls_of(desk.hub, refused) == []
    for act in (
        lambda: sign(desk, case_id, borrower("C-9"), "r1", code="1"),
        lambda: request_signing_code(desk.hub, borrower("C-9"), case_id, "r1"),
        lambda: sign(desk, case_id, replace(INSTITUTION, institution_id="bank-2"), "a1", code="1"),
    ):
        with pytest.raises(CaseNotFound):
            act()


def test_an_old_page_signs_and_refuses_nothing() -> None:
    """Somebody signed meanwhile."""
    desk, case_id = to_sign()
    version = desk.case(case_id).version
    signs(desk.hub, case_id, "a1")
    with pytest.raises(StaleVersion):
        sign(desk, case_id, MEDIATOR, "r1", version=version)
    with pytest.raises(StaleVersion):
        refuse_to_sign(desk.hub, borrower(case_id), case_id, "r1", expected_version=version)


def test_two_parties_sign_at_once() -> None:
    """One is stale and signs anew: both signatures count, and the agreement comes into force once."""
    desk, case_id = to_sign()

    def before(call: str) -> None:
        if call == "cases.save":
            signs(desk.hub, case_id, "a1")

    sign(desk, case_id, MEDIATOR, "r1")
    with pytest.raises(StaleVersion):
        sign(desk, case_id, CENTRE, "r1", hub=gated(desk.hub, before))
    assert desk.case(case_id).signatures == {"a1"}
    assert sign(desk, case_id, CENTRE, "r1").stage is Stage.PERFORMING
    assert [event.type for event in events_of(desk.hub, case_id)].count(EventType.AGREEMENT_SIGNED) == 1


def test_a_signature_that_dies_anywhere_is_given_once() -> None:
    """Until its one write nothing is stored; given again it is the last one."""
    desk, case_id = to_sign()
    signs(desk.hub, case_id, "a1")
    sign(desk, case_id, MEDIATOR, "r1")
    before, number = seen(desk, case_id), 0
    while True:
        try:
            sign(desk, case_id, CENTRE, "r1", hub=gated(desk.hub, crashing_at(number)))
        except Crash:
            assert seen(desk, case_id) == before
            number += 1
            continue
        break
    assert number >= 3
    desk.run()
    assert desk.case(case_id).stage is Stage.PERFORMING
    assert driven(desk.hub, case_id) == ""


def test_a_code_is_for_the_document_that_is_to_be_signed() -> None:
    """It is announced with its number only; the event chain knows nothing of it."""
    desk, case_id = to_sign()
    events = len(events_of(desk.hub, case_id))
    issued = request_signing_code(desk.hub, borrower(case_id), case_id, "r1")
    assert issued.number == 1
    owed = [n for n in desk.hub.memory.notices.values() if n.kind is NoticeKind.SIGNING_CODE]
    assert [(n.party_id, dict(n.values)) for n in owed] == [("r1", {"number": "1"})]
    assert len(events_of(desk.hub, case_id)) == events
    assert desk.hub.metrics.counts["SigningCodesIssued"] == 1


def test_nobody_signs_what_is_not_drawn_up_or_in_force_already() -> None:
    """The stage decides before any code is sent."""
    for stage in (Stage.IN_MEDIATION, Stage.PERFORMING):
        desk = Desk()
        case_id = desk.reach(stage)
        with pytest.raises(ActionNotAvailable):
            request_signing_code(desk.hub, borrower(case_id), case_id, "r1")
        with pytest.raises(ActionNotAvailable):
            sign(desk, case_id, MEDIATOR, "r1")
        with pytest.raises(ActionNotAvailable):
            refusing(desk, case_id, borrower(case_id), "r1")


def test_a_second_agreement_is_another_document() -> None:
    """Drawn up again on another day, it has another hash; an old signature would not fit."""
    hashes = set()
    for days in (0, 1):
        desk = Desk()
        case_id = desk.reach(Stage.IN_MEDIATION)
        desk.hub.clock.advance(days=days)
        hashes.add(agrees(desk.hub, case_id).agreement_sha256)
        assert desk.hub.clock.now() - timedelta(days=days) == Desk().hub.clock.now()
    assert len(hashes) == 2
