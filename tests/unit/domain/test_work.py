"""What a case asks of whom: written out from the law, and over every state that a case can be in."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest

from chalicelib.adapters.dynamo.work import place_of, work_record
from chalicelib.domain.lifecycle import allowed_actions
from chalicelib.domain.parties import Side
from chalicelib.domain.pending_act import Challenge, MediatorChoice, Named, Objection, PendingAct, RecordedAct
from chalicelib.domain.roles import Role
from chalicelib.domain.settlement_outcome import OfferStanding
from chalicelib.domain.stages import Action, Stage
from chalicelib.domain.steps import CourtLimits
from chalicelib.domain.work import (
    KINDS,
    Owner,
    WorkKind,
    asks_beside,
    made,
    moves_what_is_beside,
    owner_in,
    work_of,
)
from tests.support.atlas import LIMITS, atlas
from tests.support.builders import START as AT
from tests.support.builders import context_of, filed, insiders

if TYPE_CHECKING:
    from chalicelib.domain.case import ExtensionProposal

SOON, LATER = AT + timedelta(days=3), AT + timedelta(days=30)
CASE: Final = replace(
    filed("a1", "r1", "r2").case, mediator_id="m-1", judge_id="j-1", deadline=LATER, accepted_at=AT
)
OFFER: Final = OfferStanding(
    number=1, side=Side.RESPONDENT, expires_at=SOON, made_by=frozenset({"r1"}), awaits=frozenset({"a1", "r2"})
)
CHOICE: Final = MediatorChoice(until=SOON, judge_id="j-1", recommended=("m-1", "m-2"))
ACT: Final = RecordedAct(
    number=2, action=Action.CONSENT, party_id="r1", stage=Stage.ASSIGNED, at=AT, until=SOON
)
PENDING: Final = PendingAct(
    action=Action.SIGN,
    party_id="r1",
    fingerprint="f",
    role=Role.MEDIATOR,
    subject="mediator-1",
    at=AT,
    expires_at=SOON,
)
EVERYBODY: Final = frozenset({"a1", "r1", "r2"})
DOES: Final[dict[WorkKind, tuple[str, ...]]] = {
    WorkKind.APPOINT_MEDIATOR: ("appoint", "replace_mediator"),
    WorkKind.DECIDE_OBJECTION: ("decide_objection",),
    WorkKind.DECIDE_CHALLENGE: ("decide_challenge",),
    WorkKind.ACCEPT_APPOINTMENT: ("accept",),
    WorkKind.OBTAIN_CONSENTS: ("consent",),
    WorkKind.CONCLUDE_TALKS: ("fail",),
    WorkKind.DRAW_UP_AGREEMENT: ("settle", "fail"),
    WorkKind.OBTAIN_SIGNATURES: ("sign", "refuse_to_sign", "check_identity"),
    WorkKind.NAME_MEDIATOR: ("name_mediator",),
    WorkKind.ANSWER_OFFER: ("accept_offer", "decline_offer"),
    WorkKind.ANSWER_EXTENSION: ("extend",),
    WorkKind.SIGN_AGREEMENT: ("sign", "refuse_to_sign"),
    WorkKind.DECIDE_ON_SUIT: ("transfer", "drop"),
    WorkKind.DECIDE_ON_DEFAULT: ("transfer", "enforce", "drop"),
    WorkKind.CORRECT_FILING: ("correct",),
}
"""By which action the owner does it, or says that it won't come."""


def extension(side: Side, *agreed: str) -> ExtensionProposal:
    """Make a proposal of more time."""
    from chalicelib.domain.case import ExtensionProposal  # noqa: PLC0415 - a value of the case's own module

    return ExtensionProposal(side=side, days=10, agreed=frozenset(agreed))


@pytest.mark.parametrize(
    ("stage", "changes", "asked"),
    [
        # OL10: nobody is appointed yet, or nobody any more.
        (Stage.SCREENED, {"mediator_id": None}, {"centre appoint_mediator LATER"}),
        (
            Stage.SETTLED,
            {"mediator_id": None, "signatures": EVERYBODY},
            {"centre appoint_mediator LATER"},
        ),
        # OL10: the parties choose first; an institution that has named one has done its part.
        (
            Stage.SCREENED,
            {"mediator_id": None, "choice": CHOICE},
            {"centre appoint_mediator LATER", "institution name_mediator SOON"},
        ),
        (
            Stage.SCREENED,
            {
                "mediator_id": None,
                "choice": replace(CHOICE, named=(Named(party_id="a1", mediator_id="m-2"),)),
            },
            {"centre appoint_mediator LATER"},
        ),
        # OL12, TY11: the mediator accepts, then the parties consent.
        (Stage.ASSIGNED, {"accepted_at": None}, {"mediator accept_appointment LATER"}),
        (Stage.ASSIGNED, {}, {"mediator obtain_consents LATER"}),
        # TY27: within the time; an accepted offer is drawn up.
        (Stage.IN_MEDIATION, {}, {"mediator conclude_talks LATER"}),
        (Stage.IN_MEDIATION, {"offer": replace(OFFER, accepted=True)}, {"mediator draw_up_agreement LATER"}),
        # Who is asked answers, until the offer lapses; so is the other side of an earlier release's offer.
        (
            Stage.IN_MEDIATION,
            {"offer": OFFER},
            {"mediator conclude_talks LATER", "institution answer_offer SOON"},
        ),
        (
            Stage.IN_MEDIATION,
            {"offer": replace(OFFER, awaits=frozenset({"r2"}))},
            {"mediator conclude_talks LATER"},
        ),
        (
            Stage.IN_MEDIATION,
            {"offer": OfferStanding(number=1, side=Side.RESPONDENT, expires_at=SOON)},
            {"mediator conclude_talks LATER", "institution answer_offer SOON"},
        ),
        (
            Stage.IN_MEDIATION,
            {"offer": OfferStanding(number=1, side=Side.APPLICANT, expires_at=SOON)},
            {"mediator conclude_talks LATER"},
        ),
        # TY27, OL24: both sides agree to more time; an earlier release's proposal says only the side.
        (
            Stage.IN_MEDIATION,
            {"extension": extension(Side.RESPONDENT, "r1")},
            {"mediator conclude_talks LATER", "institution answer_extension LATER"},
        ),
        (
            Stage.IN_MEDIATION,
            {"extension": extension(Side.APPLICANT, "a1")},
            {"mediator conclude_talks LATER"},
        ),
        (Stage.IN_MEDIATION, {"extension": extension(Side.APPLICANT)}, {"mediator conclude_talks LATER"}),
        # OL19: the agreement is signed by all whom it binds.
        (
            Stage.SETTLED,
            {},
            {"mediator obtain_signatures LATER", "institution sign_agreement LATER"},
        ),
        (Stage.SETTLED, {"signatures": frozenset({"a1"})}, {"mediator obtain_signatures LATER"}),
        (
            Stage.SETTLED,
            {"signatures": frozenset({"a1", "r1"}), "offer": replace(OFFER, left_out=frozenset({"r2"}))},
            set(),
        ),
        # What follows a failure, a default, a return.
        (Stage.UNRESOLVED, {}, {"institution decide_on_suit LATER"}),
        (Stage.DEFAULTED, {}, {"institution decide_on_default LATER"}),
        (Stage.RETURNED, {}, {"institution correct_filing LATER"}),
        # The centre hears the parties; while an objection waits the case stands still.
        (
            Stage.IN_MEDIATION,
            {"challenge": Challenge(party_id="r1", ground="near_relative", at=AT)},
            {"mediator conclude_talks LATER", "centre decide_challenge AT"},
        ),
        (Stage.IN_MEDIATION, {"objection": Objection(act=ACT, at=AT)}, {"centre decide_objection LATER"}),
        (
            Stage.SETTLED,
            {"pending": (PENDING, replace(PENDING, party_id="r2")), "signatures": frozenset({"a1"})},
            {
                "mediator obtain_signatures LATER",
                "centre confirm_act SOON sign.r1",
                "centre confirm_act SOON sign.r2",
            },
        ),
        # The hub's own steps, and cases that are over, ask nobody.
        (Stage.FILED, {"mediator_id": None}, set()),
        (Stage.PERFORMING, {}, set()),
        (Stage.TRANSFERRING, {}, set()),
        (Stage.SUBMITTED, {}, set()),
        (Stage.DOCKETED, {"deadline": None}, set()),
        (Stage.PAID, {"deadline": None}, set()),
    ],
)
def test_what_a_case_asks_of_whom(stage: Stage, changes: dict[str, Any], asked: set[str]) -> None:
    """Who, what, and until when."""
    names = {AT: "AT", SOON: "SOON", LATER: "LATER"}
    found = work_of(replace(CASE, stage=stage, **changes))
    shown = {f"{each.owner.role} {each.kind} {names[each.due_at]} {each.about}".strip() for each in found}
    assert shown == asked
    assert {each.case_id for each in found} <= {CASE.case_id}


def test_each_list_is_one_person_s() -> None:
    """A mediator "m-1" of another court is somebody else; nobody has the work of who is not appointed."""
    assert owner_in(CASE, Role.CENTRE) == Owner(role=Role.CENTRE, court_id=CASE.court_id)
    assert owner_in(CASE, Role.INSTITUTION) == Owner(role=Role.INSTITUTION, person_id=CASE.institution_id)
    assert owner_in(CASE, Role.JUDGE) == Owner(role=Role.JUDGE, court_id=CASE.court_id, person_id="j-1")
    assert made(replace(CASE, mediator_id=None), WorkKind.HOLD_SESSION, AT) == ()


def test_what_lapses_can_t_be_done_from_its_time_on() -> None:
    """An offer can't be answered afterwards; a suit is still to be decided on."""
    offered, decided = made(CASE, WorkKind.ANSWER_OFFER, AT), made(CASE, WorkKind.DECIDE_ON_SUIT, AT)
    assert [each.possible(AT - timedelta(seconds=1)) for each in (*offered, *decided)] == [True, True]
    assert [each.possible(AT) for each in (*offered, *decided)] == [False, True]


def test_the_centre_appoints_once_the_parties_time_to_choose_is_over() -> None:
    """OL10: they have two working days."""
    case = replace(CASE, stage=Stage.SCREENED, mediator_id=None, choice=CHOICE)
    (appoints,) = (work for work in work_of(case) if work.kind is WorkKind.APPOINT_MEDIATOR)
    assert [appoints.possible(at) for at in (SOON - timedelta(seconds=1), SOON)] == [False, True]


def test_what_stands_beside_moves_with_mediator_and_judge_and_ends_with_the_mediation() -> None:
    """Only where the log of talk has an entry, without which there is neither session nor question."""
    case = replace(CASE, stage=Stage.IN_MEDIATION, talk="head")
    assert asks_beside(case)
    assert not asks_beside(replace(case, stage=Stage.TRANSFERRING))
    for changes in ({"mediator_id": "m-2"}, {"judge_id": "j-2"}, {"stage": Stage.WITHDRAWN}):
        assert moves_what_is_beside(case, replace(case, **changes))
        silent = replace(case, talk=None)
        assert not moves_what_is_beside(silent, replace(silent, **changes))
    assert not moves_what_is_beside(case, replace(case, stage=Stage.SETTLED))


def test_every_kind_has_words_and_a_source() -> None:
    """In both languages."""
    assert KINDS.keys() == set(WorkKind)
    for kind in KINDS.values():
        assert kind.source
        assert not kind.zh.isascii()
        assert kind.en.isascii()


@pytest.mark.xdist_group("atlas")
def test_in_every_state_who_is_asked_can_do_it() -> None:
    """Each work that follows from a case leads to an action that its owner has there, before its time."""
    stuck = set()
    for case in atlas().states:
        for work in work_of(case):
            passed = work.of_kind.limited and work.due_at <= case.updated_at
            if work.kind is WorkKind.CONFIRM_ACT or passed or not work.possible(case.updated_at):
                continue
            own = [each for each in insiders(case) if each.role is work.owner.role]
            contexts = (context_of(each, case.updated_at, limits=LIMITS) for each in own)
            offered = frozenset(action for each in contexts for action in allowed_actions(case, each))
            if not offered & set(DOES[work.kind]):
                stuck.add((case.stage, work.kind, offered))
    assert stuck == set()


@pytest.mark.xdist_group("atlas")
def test_after_every_act_the_lists_hold_what_the_case_asks_now() -> None:
    """The difference of what was asked before and after an act leaves the rest, and no two share a place."""
    for step in atlas().steps:
        before, after = work_of(step.before), work_of(step.change.case)
        for works in (before, after):
            assert len({place_of(work) for work in works}) == len(works)
        table = {place_of(work): work for work in before}
        for work in frozenset(before) - frozenset(after):
            del table[place_of(work)]
        table |= {place_of(work): work for work in frozenset(after) - frozenset(before)}
        assert set(table.values()) == set(after)


def test_what_lapses_leaves_the_table_by_itself() -> None:
    """A day after its time; what has no term stays."""
    (offered,) = made(CASE, WorkKind.ANSWER_OFFER, AT)
    (decided,) = made(CASE, WorkKind.DECIDE_ON_SUIT, AT)
    assert work_record(offered).expires_at == int((AT + timedelta(days=1)).timestamp())
    assert work_record(decided).expires_at is None
    assert CourtLimits().second_record_hours == 24
