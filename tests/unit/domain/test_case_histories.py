"""Any sequence of commands by anybody keeps the invariants; no example here was chosen by hand."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import hypothesis.strategies as st
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from chalicelib.domain import lifecycle, permissions
from chalicelib.domain.errors import ActionNotAvailable, CaseNotFound, HubError, NotPermitted, RuleViolated
from chalicelib.domain.events import Channel
from chalicelib.domain.stages import Action
from tests.support.atlas import LIMITS, atlas
from tests.support.builders import (
    CASE_ID,
    FILER,
    attempt,
    commands_for,
    context_of,
    court_limits,
    details_of,
    filings,
    insiders,
    instants,
    strangers,
)
from tests.support.examples import examples
from tests.support.invariants import check_history, check_step

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.domain.case import Case, Change, Context
    from chalicelib.domain.commands import FileDispute
    from chalicelib.domain.roles import Actor
    from chalicelib.domain.steps import CourtLimits


class History(RuleBasedStateMachine):
    """A case in the hands of people who try anything at any time."""

    changes: list[Change]

    @initialize(filing=filings, limits=court_limits, at=instants)
    def file(self, filing: FileDispute, limits: CourtLimits, at: datetime) -> None:
        """Somebody files."""
        self.limits, self.details = limits, filing.details
        self.changes = [lifecycle.file(filing, CASE_ID, context_of(FILER, at, limits=limits))]

    @property
    def case(self) -> Case:
        """The case as it stands."""
        return self.changes[-1].case

    @rule(data=st.data(), channel=st.sampled_from(Channel), late=st.booleans())
    def anybody_tries_anything(self, data: st.DataObject, channel: Channel, late: bool) -> None:
        """Whoever it is and whatever is asked, it is one event or one of four refusals."""
        actor = data.draw(st.sampled_from(insiders(self.case) + strangers(self.case)), "actor")
        command = data.draw(st.sampled_from(list(commands_for(self.case, self.limits))), "command")
        context = self._context(actor, channel, late=late)
        answer = attempt(self.case, command, context)
        if not permissions.sees(actor, self.case):
            assert isinstance(answer, CaseNotFound)
        elif not permissions.may(actor, command.action):
            assert isinstance(answer, NotPermitted)
        elif command.action not in lifecycle.allowed_actions(self.case, context):
            assert isinstance(answer, ActionNotAvailable | RuleViolated)
        self._record(answer)

    @rule(data=st.data(), late=st.booleans())
    def somebody_does_what_is_offered(self, data: st.DataObject, late: bool) -> None:
        """Keep an offer: some command of the offered action is accepted."""
        offers = [
            (actor, action)
            for actor in insiders(self.case)
            for action in lifecycle.allowed_actions(
                self.case, self._context(actor, Channel.ONLINE, late=late)
            )
            if action is not Action.WITHDRAW
        ]
        if not offers:
            return
        actor, action = data.draw(st.sampled_from(offers), "offer")
        answers = [
            attempt(self.case, command, self._context(actor, channel, late=late))
            for command in commands_for(self.case, self.limits)
            if command.action is action
            for channel in Channel
        ]
        accepted = [answer for answer in answers if not isinstance(answer, HubError)]
        assert accepted
        self._record(data.draw(st.sampled_from(accepted), "change"))

    def teardown(self) -> None:
        """Check every invariant, of each step of the history."""
        if hasattr(self, "changes"):
            check_history(self.changes, self.limits, self.details)

    @invariant()
    def strangers_are_offered_nothing(self) -> None:
        """Who may not know of the case can do nothing to it."""
        for stranger in strangers(self.case):
            assert (
                lifecycle.allowed_actions(self.case, self._context(stranger, Channel.ONLINE, late=True)) == ()
            )

    def _context(self, actor: Actor, channel: Channel, *, late: bool) -> Context:
        soon = self.case.updated_at + timedelta(hours=1)
        at = self.case.deadline if late and self.case.deadline else soon
        return context_of(actor, at, channel=channel, limits=self.limits)

    def _record(self, answer: Change | HubError) -> None:
        if not isinstance(answer, HubError):
            self.changes.append(answer)


TestHistory = History.TestCase
TestHistory.settings = settings(max_examples=examples(100), stateful_step_count=30, deadline=None)


def test_every_step_of_the_atlas_keeps_the_invariants() -> None:
    """Whatever can be done in any state leaves a case of which every invariant holds."""
    details = [details_of(party_id) for party_id in ("a1", "r1", "r2")]
    for step in atlas().steps:
        check_step(step.before, step.change, LIMITS, details)


def test_an_institution_of_another_tenant_never_learns_of_a_case() -> None:
    """In every state, for every command, it gets the answer that an unknown case gets."""
    for case in atlas().states:
        one_of_each = {command.action: command for command in commands_for(case, LIMITS)}.values()
        for stranger in strangers(case):
            context = context_of(stranger, case.updated_at)
            for command in one_of_each:
                answer = attempt(case, command, context)
                assert isinstance(answer, CaseNotFound)
                assert str(answer) == case.case_id
