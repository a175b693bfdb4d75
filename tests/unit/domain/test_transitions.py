"""The transition table, judged over the atlas of all states: nothing here lists what the table holds."""

from __future__ import annotations

from collections import Counter
from typing import Final

import pytest

from chalicelib.domain import (
    choice,
    commands,
    confirmation_commands,
    court_commands,
    disclosure,
    objection_commands,
    party_commands,
    settlement_commands,
)
from chalicelib.domain.errors import ActionNotAvailable, CaseNotFound, HubError, NotPermitted, RuleViolated
from chalicelib.domain.roles import SYSTEM
from chalicelib.domain.stages import Action, EventType, Stage
from chalicelib.domain.transfer import Dispatch
from chalicelib.domain.transitions import TRANSITIONS, Transition, agreement, is_open, mediation, objection
from tests.support.atlas import LIMITS, Step, atlas
from tests.support.builders import attempt, commands_for, context_of, court_messages, filed

DESIGN: Final = """
filed -> screened withdrawn unresolved
screened -> assigned withdrawn unresolved
assigned -> in_mediation screened withdrawn unresolved
in_mediation -> settled unresolved withdrawn assigned screened
settled -> paid performing unresolved withdrawn in_mediation assigned
performing -> performed defaulted in_mediation transferring settled assigned
defaulted -> performed performing transferring closed settled in_mediation assigned
unresolved -> closed transferring withdrawn settled in_mediation assigned screened filed
transferring -> submitted returned docketed refused withdrawn settled in_mediation assigned screened filed
submitted -> docketed returned refused withdrawn
returned -> corrected withdrawn
corrected -> transferring withdrawn
paid -> performing
performed -> performing defaulted
"""
"""The diagram of the intent, with what its arrows imply: consent may be refused before an appointment.

From `paid` and `performed` leads the reversal of a payment (decision 17); what leads back to before an act is
an upheld objection (decision 34).
"""


def name_of(row: Transition) -> str:
    """Return a readable test id."""
    return f"{row.source}-{row.action}-{row.event}-{row.target}"


def taken_by(row: Transition) -> list[Step]:
    """Return the atlas's steps that took this row."""
    return [
        step
        for step in atlas().steps
        if (step.before.stage, step.move.command.action, step.change.event.type, step.change.case.stage)
        == (row.source, row.action, row.event, row.target)
    ]


def test_the_table_draws_the_diagram_of_the_intent() -> None:
    """Its rows lead where the design says, everywhere the design says and nowhere else."""
    drawn = {
        (Stage(source), Stage(target))
        for line in DESIGN.strip().splitlines()
        for source, targets in [line.split(" -> ")]
        for target in targets.split()
    }
    assert {(row.source, row.target) for row in TRANSITIONS if row.source is not row.target} == drawn


def test_a_row_is_known_by_its_source_action_event_and_target() -> None:
    """No two rows tell the same story; an upheld objection alone leads to several stages."""
    assert max(Counter(map(name_of, TRANSITIONS)).values()) == 1
    several = Counter((row.source, row.action, row.event) for row in TRANSITIONS)
    assert {event for (_, _, event), count in several.items() if count > 1} == {EventType.OBJECTION_UPHELD}


def test_every_event_has_its_row() -> None:
    """But for the filing's, and for that of an act that waits for its second record."""
    others = {EventType.CASE_FILED, EventType.ACT_RECORDED}
    assert {row.event for row in TRANSITIONS} | others == set(EventType)


@pytest.mark.parametrize("row", TRANSITIONS, ids=name_of)
def test_every_row_can_be_taken(row: Transition) -> None:
    """Some case, actor and command take the row; stage, step and message to the court follow from it."""
    steps = taken_by(row)
    assert steps
    for step in steps:
        after = step.change.case
        assert after.stage is row.target
        assert is_open(row, step.before, step.move.context())
        owed = [dispatch.kind for dispatch in step.change.of(Dispatch)]
        held = after.held_until is not None
        assert owed == ([row.dispatches] if row.dispatches and not held else [])
        entered = row.renews or after.step is not step.before.step
        assert after.entered_at_version == (after.version if entered else step.before.entered_at_version)
        assert entered or after.deadline == step.before.deadline


@pytest.mark.parametrize("row", [row for row in TRANSITIONS if row.branch], ids=name_of)
def test_a_fork_has_another_way(row: Transition) -> None:
    """Behind a row with a condition stands, last, one without, so that the action never dead-ends."""
    rest = TRANSITIONS[TRANSITIONS.index(row) + 1 :]
    behind = [other.branch for other in rest if (other.source, other.action) == (row.source, row.action)]
    assert behind[-1] is None
    assert None not in behind[:-1]


def test_an_unconditional_row_hides_no_later_one() -> None:
    """After a row without a condition no other row for the same stage and action can ever be taken."""
    ends = Counter((row.source, row.action) for row in TRANSITIONS if row.branch is None)
    assert set(ends.values()) == {1}


def test_every_rule_refuses_something() -> None:
    """A rule that never refuses would be decoration."""
    used = {rule.name for row in TRANSITIONS for rule in (*row.case_guards, *row.command_guards)}
    assert used == atlas().rules - {""}


def test_every_rule_says_where_it_is_written_and_what_it_says() -> None:
    """A refusal can be explained in both languages, with its source; names are unique."""
    every = {rule for row in TRANSITIONS for rule in (*row.case_guards, *row.command_guards)}
    assert len({rule.name for rule in every}) == len(every)
    for rule in every:
        assert all((rule.name, rule.article, rule.summary, rule.summary_zh)), rule.name
        told = rule.refusal()
        assert (told.rule, told.article, told.summary, told.summary_zh) == (
            rule.name,
            rule.article,
            rule.summary,
            rule.summary_zh,
        )
        assert rule.article in str(told)


def test_offers_are_sound_and_complete() -> None:
    """In every state each actor is offered exactly those actions for which some command is accepted."""
    assert atlas().unsound == []


def test_the_domain_refuses_in_four_ways() -> None:
    """Commands are refused by these errors and no others."""
    assert set(atlas().refusals) == {CaseNotFound, NotPermitted, ActionNotAvailable, RuleViolated}


def test_every_command_is_tried() -> None:
    """The builders know a command for each action that a row is for, and every command class there is."""
    tried = list(commands_for(filed().case, LIMITS))
    assert {command.action for command in tried} == {row.action for row in TRANSITIONS}
    written = {
        kind
        for module in (
            choice,
            commands,
            confirmation_commands,
            court_commands,
            disclosure,
            objection_commands,
            party_commands,
            settlement_commands,
        )
        for kind in vars(module).values()
        if isinstance(kind, type) and "action" in vars(kind) and kind is not commands.Command
    }
    assert {type(command) for command in tried} == written


def test_actions_that_change_a_case_are_the_rows_actions() -> None:
    """What stands before EXPIRE in the vocabulary changes a case; filing alone has no case yet."""
    ordered = list(Action)
    changing = set(ordered[: ordered.index(Action.EXPIRE) + 1])
    assert {row.action for row in TRANSITIONS} == changing - {Action.FILE}


def test_terminal_cases_never_change_unless_a_payment_that_ended_them_bounces() -> None:
    """No other row leaves a terminal stage, every other stage has a way out; the atlas reached them all."""
    leaving = {(row.source, row.action) for row in TRANSITIONS if row.source.terminal and not _stays(row)}
    assert leaving == {(stage, Action.REVERSE_REPAYMENT) for stage in (Stage.PAID, Stage.PERFORMED)}
    staying = {row.action for row in TRANSITIONS if row.source.terminal and _stays(row)}
    assert staying == {Action.RECORD_REPAYMENT, Action.REVERSE_REPAYMENT}
    going_on = {row.source for row in TRANSITIONS if not row.source.terminal and not _stays(row)}
    assert going_on == {stage for stage in Stage if not stage.terminal}
    assert {case.stage for case in atlas().states} == set(Stage)


def _stays(row: Transition) -> bool:
    return row.source is row.target


def test_every_refusal_leaves_a_terminal_case_as_it_was() -> None:
    """Whoever asks what of a terminal case is refused."""
    for case in (case for case in atlas().states if case.stage.terminal):
        for command in commands_for(case, LIMITS):
            assert isinstance(attempt(case, command, context_of(SYSTEM, case.updated_at)), HubError)


def test_every_state_leads_to_an_end() -> None:
    """From every stage a terminal one can be reached without the institution's withdrawal."""
    leads = {stage for stage in Stage if stage.terminal}
    rows = [row for row in TRANSITIONS if row.action is not Action.WITHDRAW]
    while True:
        more = {row.source for row in rows if row.target in leads} - leads
        if not more:
            break
        leads |= more
    assert leads == set(Stage)


def test_a_condition_is_false_for_commands_it_does_not_speak_of() -> None:
    """A fork about signatures, days or results is never taken by a command without them."""
    case = filed().case
    forks = {row.branch for row in TRANSITIONS if row.branch} - {
        mediation.ACCEPTED_ALREADY,
        mediation.CONSENTS_COMPLETE,
        mediation.ACCEPTED_AND_CONSENTS_COMPLETE,
        agreement.BEFORE_THE_COURT,
        objection.OBJECTED,
        objection.HELD,
    }
    assert len(forks) >= 8
    for fork in forks:
        assert not fork.holds(case, commands.Screen())


@pytest.mark.parametrize("row", [row for row in TRANSITIONS if row.command_guards], ids=name_of)
def test_rules_fail_closed(row: Transition) -> None:
    """A row's rules refuse a command they were not written for, and the court's words on a case it lacks."""
    case = filed().case
    about_nothing = [rule.accepts(case, commands.Screen(), context_of()) for rule in row.command_guards]
    assert not all(about_nothing)
    for command in court_messages("C-9-T1"):
        about_another_case = [rule.accepts(case, command, context_of()) for rule in row.command_guards]
        assert not all(about_another_case)
