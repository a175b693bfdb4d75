"""The parties choose their mediator: each by its own word, all the same, within the court's days."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from chalicelib.domain import lifecycle
from chalicelib.domain.choice import NameMediator, OpenChoice
from chalicelib.domain.commands import Screen
from chalicelib.domain.deadlines import deadline_of
from chalicelib.domain.roles import SYSTEM
from chalicelib.domain.steps import CourtLimits
from tests.support.builders import START, context_of, filed, insiders

if TYPE_CHECKING:
    from chalicelib.domain.case import Case


def opened(*party_ids: str, limits: CourtLimits | None = None) -> Case:
    case = lifecycle.apply(filed(*party_ids).case, Screen(), context_of(SYSTEM, START)).case
    context = context_of(insiders(case)[2], START, limits=limits)
    return lifecycle.apply(case, OpenChoice(judge_id="j1", recommended=("m1",)), context).case


def test_the_centres_days_begin_when_the_parties_are_over() -> None:
    """A longer choice moves both; a delay that is recorded later does not bring the deadline back."""
    usual, longer = opened(), opened(limits=replace(CourtLimits(), choice_working_days=32))
    assert usual.choice is not None
    assert longer.choice is not None
    assert longer.choice.until > usual.choice.until + timedelta(days=28)
    assert usual.deadline is not None
    assert usual.deadline > usual.choice.until
    context = context_of(SYSTEM, START)
    late = usual.deadline + timedelta(days=1)
    again = deadline_of(usual, late, context.limits, context.calendar)
    assert again is not None
    assert again > late


def test_all_parties_have_to_name_the_same() -> None:
    """Of three, two are not enough; whoever named another one may change its word."""
    case = opened("a1", "r1", "r2")
    for party_id, mediator_id, done in (
        ("a1", "m1", False),
        ("r1", "m2", False),
        ("r2", "m1", False),
        ("r1", "m1", True),
    ):
        command = NameMediator(party_id=party_id, mediator_id=mediator_id)
        assert command.completes(case) is done
        if not done:
            fields = command.changes(case, context_of(SYSTEM, START))
            case = replace(case, **fields)


def test_nobody_is_named_before_a_choice_is_open() -> None:
    """The table never offers it; called past it, it fails loudly."""
    with pytest.raises(LookupError, match="while the parties choose"):
        NameMediator(party_id="a1", mediator_id="m1").changes(filed().case, context_of(SYSTEM, START))
