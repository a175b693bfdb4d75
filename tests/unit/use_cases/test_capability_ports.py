"""What the core asks of capabilities: a refusal leaves everything as it was, and evidence is bound once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from chalicelib.domain.agreement.negotiation import Reply
from chalicelib.domain.commands import Appoint, GiveConsent, RequestTransfer
from chalicelib.domain.dossier import DossierDocument
from chalicelib.domain.errors import CourtUnavailable, NotPermitted
from chalicelib.domain.events import Channel
from chalicelib.domain.parties import Side
from chalicelib.domain.roles import Role
from chalicelib.domain.stages import Stage
from chalicelib.use_cases.act_on_case import act_on_case
from chalicelib.use_cases.answer_offer import answer_offer
from chalicelib.use_cases.capability_ports import (
    CourtEvidence,
    DefencesForCourt,
    DraftsSeen,
    EligibleMediator,
    EnrolledInstitution,
    SecondRecord,
)
from chalicelib.use_cases.dispatch_to_court import dispatch_to_court
from chalicelib.use_cases.file_dispute import file_dispute
from chalicelib.use_cases.make_offer import make_offer
from tests.support.desk import Desk
from tests.support.fakes import FakeHub
from tests.support.fakes.samples import CENTRE, INSTITUTION, MEDIATOR, filing, key
from tests.support.settling import lump_sum

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chalicelib.domain.case import Case


class Refusing:
    """A part that refuses, and remembers what it was asked about."""

    def __init__(self) -> None:
        self.asked: list[tuple[object, ...]] = []

    def check(self, *asked: object) -> None:
        """Refuse."""
        self.asked.append(asked)
        raise NotPermitted("anybody", "do this")

    def beside(self, _moved: object) -> None:
        """Store nothing with a change."""


class Bundle:
    """Evidence for the court: one document whose content changes with each call."""

    def __init__(self) -> None:
        self.calls = 0

    def documents(self, _case: Case) -> Iterable[DossierDocument]:
        """Return the document."""
        self.calls += 1
        content = f"call {self.calls}".encode()
        return [
            DossierDocument(document_id="ev-1", kind="evidence", media_type="text/plain", content=content)
        ]


def refusing(desk: Desk, port: type) -> Refusing:
    """Let a port refuse from now on."""
    part = desk.hub.parts[port] = Refusing()
    return part


def test_who_is_not_enrolled_files_nothing() -> None:
    """The roll is asked about the filing, and no case comes into being."""
    hub = FakeHub()
    part = hub.parts[EnrolledInstitution] = Refusing()
    with pytest.raises(NotPermitted):
        file_dispute(hub, INSTITUTION, filing(), key())
    assert part.asked == [(filing(),)]
    assert not hub.memory.due


def test_who_is_not_eligible_is_not_appointed() -> None:
    """The roster is asked about mediator and judge of the act, and of no other act."""
    desk = Desk()
    case_id = desk.reach(Stage.SCREENED)
    part = refusing(desk, EligibleMediator)
    desk.act(case_id, Role.BORROWER, GiveConsent(party_id="r1", online=True))
    before = desk.case(case_id)
    with pytest.raises(NotPermitted):
        act_on_case(desk.hub, CENTRE, case_id, Appoint(mediator_id="med-7", judge_id="judge-1"))
    assert [asked[:2] for asked in part.asked] == [("med-7", "judge-1")]
    assert desk.case(case_id) == before


def test_an_act_in_a_persons_name_may_need_a_second_record() -> None:
    """Asked of what is recorded in person, by whatever way the act goes, and of nothing done online."""
    desk = Desk()
    case_id = desk.reach(Stage.SCREENED)
    part = refusing(desk, SecondRecord)
    before = desk.case(case_id)
    consent = GiveConsent(party_id="r1", online=True)
    with pytest.raises(NotPermitted):
        act_on_case(desk.hub, CENTRE, case_id, consent, channel=Channel.IN_PERSON)
    assert desk.case(case_id) == before
    desk.act(case_id, Role.BORROWER, consent)
    assert [asked[1] for asked in part.asked] == ["consent"]


def test_an_offer_is_not_answered_in_a_persons_name_without_a_second_record() -> None:
    """Acts on a settlement are asked about like the others."""
    desk = Desk()
    case_id = desk.reach(Stage.IN_MEDIATION)
    make_offer(
        desk.hub,
        INSTITUTION,
        case_id,
        Side.APPLICANT,
        lump_sum(desk.hub),
        valid_days=3,
        expected_version=desk.case(case_id).version,
    )
    refusing(desk, SecondRecord)
    before = desk.case(case_id)
    with pytest.raises(NotPermitted):
        answer_offer(
            desk.hub,
            MEDIATOR,
            case_id,
            Side.RESPONDENT,
            1,
            Reply.ACCEPTED,
            expected_version=before.version,
            channel=Channel.IN_PERSON,
        )
    assert desk.case(case_id) == before


def test_evidence_goes_to_the_court_as_it_was_first_bound() -> None:
    """It stands in the manifest with its hash; a dossier that is fixed asks for it no second time."""
    desk = Desk()
    desk.hub.parts[CourtEvidence] = bundle = Bundle()
    case_id = desk.reach(Stage.UNRESOLVED)
    case = desk.act(case_id, Role.INSTITUTION, RequestTransfer())
    desk.hub.court.down = True
    with pytest.raises(CourtUnavailable):
        dispatch_to_court(desk.hub, case_id, f"{case_id}-D{case.version}")
    desk.hub.court.down = False
    dispatch_to_court(desk.hub, case_id, f"{case_id}-D{case.version}")
    (submission,) = desk.hub.court.submissions.values()
    entries = {entry["document_id"]: entry["kind"] for entry in submission.body["manifest"]}
    assert entries["ev-1"] == "evidence"
    assert bundle.calls == 1


def test_where_nobody_keeps_defences_none_goes_to_the_court() -> None:
    """The port's own answer is that there are none."""
    desk = Desk()
    desk.hub.parts[DefencesForCourt] = DefencesForCourt()
    case_id = desk.reach(Stage.UNRESOLVED)
    case = desk.act(case_id, Role.INSTITUTION, RequestTransfer())
    dispatch_to_court(desk.hub, case_id, f"{case_id}-D{case.version}")
    (submission,) = desk.hub.court.submissions.values()
    assert "defence" not in {entry["kind"] for entry in submission.body["manifest"]}


def test_where_nobody_guides_no_judge_has_seen_a_draft() -> None:
    """The message to the court does not have the field then."""
    desk = Desk()
    desk.hub.parts[DraftsSeen] = DraftsSeen()
    case_id = desk.reach(Stage.UNRESOLVED)
    case = desk.act(case_id, Role.INSTITUTION, RequestTransfer())
    dispatch_to_court(desk.hub, case_id, f"{case_id}-D{case.version}")
    (submission,) = desk.hub.court.submissions.values()
    assert "draft_seen_by" not in submission.body


def test_without_a_roll_or_a_roster_there_is_nothing_to_choose_from() -> None:
    """No table has columns of its own, and nobody is a candidate."""
    hub = FakeHub()
    case = hub.cases.get(file_dispute(hub, INSTITUTION, filing(), key()).case_id)
    assert EnrolledInstitution().columns(case, "platform-loans") == ()
    assert EligibleMediator().candidates(case.court_id) == ()
