"""What a case waits for, and until when, by the court's limits and the official calendar."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import given

from chalicelib.adapters.calendar import load_calendar
from chalicelib.domain import lifecycle
from chalicelib.domain.calendar import CHINA, end_of
from chalicelib.domain.commands import Accept, Appoint, Command, Extend, GiveConsent, RefuseConsent, Screen
from chalicelib.domain.deadlines import deadline_of, step_of, steps_at
from chalicelib.domain.parties import Side
from chalicelib.domain.roles import SYSTEM, Actor, Role
from chalicelib.domain.stages import Stage
from chalicelib.domain.steps import AUTOMATIC, CourtLimits, Step
from tests.support.atlas import atlas
from tests.support.builders import CASE_ID, COURT_ID, FILER, START, context_of, court_limits, filed, instants

if TYPE_CHECKING:
    from chalicelib.domain.case import Case

OFFICIAL: Final = load_calendar()
CENTRE: Final = Actor(role=Role.CENTRE, subject="centre-1", court_id=COURT_ID)
MEDIATOR: Final = Actor(role=Role.MEDIATOR, subject="m", mediator_id="m1", court_id=COURT_ID)
BORROWER: Final = Actor(role=Role.BORROWER, subject="b", case_ids=frozenset({f"{CASE_ID}:r1"}))


def at(month: int, day: int) -> datetime:
    """Return ten in the morning of a day of 2026 in China."""
    return datetime(2026, month, day, 10, tzinfo=CHINA)


def act(case: Case, command: Command, actor: Actor, when: datetime) -> Case:
    """Apply a command under the official calendar."""
    return lifecycle.apply(case, command, context_of(actor, when, calendar=OFFICIAL)).case


def test_a_mediation_over_the_spring_festival_keeps_every_limit() -> None:
    """A case filed before the holidays of 2026: each limit as a clerk would count it."""
    case = replace(filed().case, filed_at=at(1, 5))
    case = act(case, Screen(), SYSTEM, at(1, 5))
    assert case.deadline == end_of(date(2026, 1, 8))  # 3 working days to appoint
    case = act(case, Appoint(mediator_id="m1", judge_id="j1"), CENTRE, at(1, 8))
    assert case.deadline == end_of(date(2026, 1, 13))  # 3 working days to accept: Friday, Monday, Tuesday
    case = act(case, Accept(), MEDIATOR, at(1, 12))
    assert case.step is Step.CONSENT
    assert case.deadline == end_of(date(2026, 1, 19))  # 7 days to consent
    case = act(case, GiveConsent(party_id="r1", online=True), BORROWER, at(1, 15))
    assert case.step is Step.MEDIATION
    assert case.deadline == end_of(date(2026, 2, 11))  # 30 days from acceptance, not from the consent
    case = act(case, Extend(side=Side.APPLICANT, days=5), FILER, at(2, 9))
    assert case.deadline == end_of(date(2026, 2, 11))  # one side alone moves nothing
    case = act(case, Extend(side=Side.RESPONDENT, days=5), BORROWER, at(2, 10))
    assert case.deadline == end_of(date(2026, 2, 24))  # 35 days end on 02-16, in the Spring Festival
    assert case.extended_days == 5


def test_consent_before_the_appointment_lets_acceptance_begin_the_mediation() -> None:
    """Whoever comes last begins it; the clock is the acceptance's."""
    case = act(filed().case, GiveConsent(party_id="r1", online=False), BORROWER, START)
    case = act(case, Screen(), SYSTEM, START)
    case = act(case, Appoint(mediator_id="m1", judge_id="j1"), CENTRE, START)
    case = act(case, Accept(), MEDIATOR, at(3, 3))
    assert (case.stage, case.online) == (Stage.IN_MEDIATION, False)
    assert case.deadline == end_of(date(2026, 4, 2))


def test_refused_consent_leaves_the_decision_to_the_institution() -> None:
    """15 days to insist or not [limits]."""
    case = act(filed().case, RefuseConsent(party_id="r1"), BORROWER, at(3, 2))
    assert (case.step, case.deadline) == (Step.DECISION, end_of(date(2026, 3, 17)))


@given(court_limits, instants)
def test_every_limit_lies_ahead(limits: CourtLimits, when: datetime) -> None:
    """A step entered now never expires at once, whatever the court's limits."""
    for case in atlas().states:
        if case.step is Step.PERFORMANCE or case.held_until:
            continue  # when to look again is for the settlement to say; a hold has its own instant
        entered = replace(case, accepted_at=when if case.accepted_at else None)
        deadline = deadline_of(entered, when, limits, OFFICIAL)
        assert (deadline is None) == case.stage.terminal
        assert deadline is None or deadline > when


@pytest.mark.parametrize("limit", [f.name for f in fields(CourtLimits) if f.name.endswith("_days")])
def test_every_limit_of_a_court_counts(limit: str) -> None:
    """Each limit can be configured, and a longer one gives somebody more time."""
    longer = replace(CourtLimits(), **{limit: getattr(CourtLimits(), limit) + 30})
    if limit in {
        "extension_cap_days",
        "objection_working_days",
        "choice_working_days",
        "application_answer_working_days",
    }:
        # These move no step of a case by themselves; see test_case_histories, test_objections, test_choice,
        # test_application_lives.
        return
    moved = [
        case.step
        for case in atlas().states
        if (later := deadline_of(case, START, longer, OFFICIAL)) is not None
        and (now := deadline_of(case, START, CourtLimits(), OFFICIAL)) is not None
        and later >= now + timedelta(days=28)
    ]
    # The court has the same time for a suit and for an application, whose agreement is in force or broken.
    # An objection stops a case wherever it stands.
    many = {"court_review_days": 3, "objection_decision_working_days": 9}
    assert len(set(moved)) == many.get(limit, 1)


def test_every_open_stage_waits_for_something() -> None:
    """The state machine needs one waiting state for each step, and the atlas visits them all."""
    assert {step_of(case) for case in atlas().states} == set(Step)
    for stage in Stage:
        waits = {step_of(case) for case in atlas().states if case.stage is stage}
        assert waits == set(steps_at(stage))


def test_the_hub_takes_its_own_steps_only() -> None:
    """An automatic step is one in which the hub itself has something to do beside expiring."""
    for case in atlas().states:
        own = lifecycle.allowed_actions(case, context_of(SYSTEM, START))
        commands = {str(action) for action in own} & {"screen", "retransfer"}
        assert bool(commands) == (case.step in AUTOMATIC)
