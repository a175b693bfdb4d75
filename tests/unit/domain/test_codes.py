"""Open codes: what this release does not know can still be read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from chalicelib.domain.permissions import may, shown
from chalicelib.domain.roles import Actor, Role
from chalicelib.domain.stages import Action, EventType
from tests.support.atlas import atlas

if TYPE_CHECKING:
    from chalicelib.domain.codes import OpenCode
    from chalicelib.domain.events import Event


@pytest.mark.parametrize("codes", [EventType, Action])
def test_an_unknown_code_is_read_as_it_stands(codes: type[OpenCode]) -> None:
    """It equals its text, is the same object each time, and is no member that a table could iterate."""
    code = codes("of_a_later_release")
    assert code == "of_a_later_release"
    assert code is codes("of_a_later_release")
    assert not code.declared
    assert code not in list(codes)


@pytest.mark.parametrize("codes", [EventType, Action])
def test_own_codes_are_known(codes: type[OpenCode]) -> None:
    """Reading an own code gives the member that the tables use."""
    for code in codes:
        assert code.declared
        assert codes(str(code)) is code


@pytest.mark.parametrize("value", ["", None, 7])
def test_what_is_no_code_is_refused(value: object) -> None:
    """Neither nothing nor a number is a code."""
    with pytest.raises(ValueError, match="is not a valid"):
        EventType(value)  # type: ignore[arg-type]


def test_a_declared_action_is_for_its_roles_alone() -> None:
    """A capability's action is as closed as the case's own."""
    act = Action.declare("test_wave", frozenset({Role.MEDIATOR}))
    assert may(Actor(role=Role.MEDIATOR, subject="m"), act)
    assert not may(Actor(role=Role.JUDGE, subject="j"), act)


def test_an_action_that_nobody_declared_is_nobodys() -> None:
    """A misspelt action permits nothing."""
    action = Action("test_never_declared")
    assert not any(may(Actor(role=role, subject="s"), action) for role in Role)


def test_a_code_is_declared_once() -> None:
    """The same declaration may be read again; another one, or that of an own code, is refused."""
    roles = frozenset({Role.CENTRE})
    assert Action.declare("test_twice", roles) is Action.declare("test_twice", roles)
    with pytest.raises(ValueError, match="declared already"):
        Action.declare("test_twice", frozenset(Role))
    with pytest.raises(ValueError, match="declared already"):
        Action.declare("drop", frozenset({Role.MEDIATOR}))
    with pytest.raises(ValueError, match="declared already"):
        EventType.declare("case_filed", ())


@pytest.mark.parametrize("role", Role)
def test_an_event_that_nobody_declared_is_shown_to_nobody(role: Role) -> None:
    """After a rollback the release can't know whether it is confidential."""
    event = _event_of(EventType("test_of_a_later_release"))
    assert shown(event, Actor(role=role, subject="s")) == event.stub()


def test_a_declared_event_is_hidden_from_the_roles_it_names() -> None:
    """Whoever else sees the case sees it."""
    event = _event_of(EventType.declare("test_seen", {Role.COURT}))
    assert shown(event, Actor(role=Role.COURT, subject="c")) == event.stub()
    assert shown(event, Actor(role=Role.JUDGE, subject="j")) is event


def _event_of(kind: EventType) -> Event:
    return replace(atlas().steps[0].change.event, type=kind).sealed()
