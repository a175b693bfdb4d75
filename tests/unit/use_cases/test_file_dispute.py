"""Filing: once in effect, whatever is repeated, and nothing stored when it is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from chalicelib.domain.errors import (
    DuplicateFiling,
    HubError,
    IdempotencyKeyReused,
    NotPermitted,
    UnknownCourt,
)
from chalicelib.domain.roles import Role
from chalicelib.domain.stages import Stage
from chalicelib.use_cases.file_dispute import file_dispute
from tests.support.desk import PATHS, Desk
from tests.support.fakes import FakeHub
from tests.support.fakes.samples import CENTRE, INSTITUTION, filing, key

if TYPE_CHECKING:
    from chalicelib.domain.commands import FileDispute
    from chalicelib.domain.roles import Actor
    from chalicelib.use_cases.records import Idempotency

ENDS = [stage for stage in PATHS if stage.terminal]


def test_a_filing_is_stored_with_all_that_belongs_to_it() -> None:
    """Case, first event, details, and somebody to look after it."""
    hub = FakeHub()
    filed = file_dispute(hub, INSTITUTION, filing(), key())
    case = hub.cases.get(filed.case_id)
    assert (filed.stage, filed.filed_at, filed.version, filed.replayed) == (
        Stage.FILED,
        hub.clock.now(),
        1,
        False,
    )
    assert hub.cases.details(case) == filing().details
    assert [event.sequence for event in hub.cases.events(case.case_id, 0, 10)] == [1]
    assert list(hub.memory.due.values()) == [hub.clock.now() + hub.follow_up_after]
    assert hub.metrics.counts["CasesFiled"] == 1


def test_the_same_key_and_body_get_the_same_answer() -> None:
    """Even after the case has moved on: the answer is what it was."""
    hub = FakeHub()
    first = file_dispute(hub, INSTITUTION, filing(), key())
    hub.run()
    again = file_dispute(hub, INSTITUTION, filing(), key())
    assert again == replace(first, replayed=True)
    assert hub.metrics.counts["CasesFiled"] == 1
    assert len(hub.memory.cases) == 1


@pytest.mark.parametrize(
    ("actor", "command", "idempotency", "refusal"),
    [
        (CENTRE, filing(), key("k2"), NotPermitted),
        (replace(INSTITUTION, institution_id="bank-2"), filing(), key("k2"), NotPermitted),
        (INSTITUTION, filing("LOAN-2", court_id="court-nowhere"), key("k2"), UnknownCourt),
        (INSTITUTION, filing("LOAN-2"), key("LOAN-1", "another body"), IdempotencyKeyReused),
        (INSTITUTION, filing("LOAN-1"), key("k2"), DuplicateFiling),
    ],
)
def test_a_refused_filing_stores_nothing(
    actor: Actor, command: FileDispute, idempotency: Idempotency, refusal: type[HubError]
) -> None:
    """Neither case nor event nor key nor claim; the memory is as before."""
    desk = Desk()
    desk.file("LOAN-1")
    memory = desk.hub.memory
    before = (dict(memory.cases), dict(memory.answers), dict(memory.contracts), dict(memory.due))
    with pytest.raises(refusal):
        file_dispute(desk.hub, actor, command, idempotency)
    assert (memory.cases, memory.answers, memory.contracts, memory.due) == before
    assert desk.hub.metrics.counts["CasesFiled"] == 1


def test_an_open_claim_names_its_case_and_another_scope_is_another_claim() -> None:
    """409 names the existing case; the next instalments may be filed beside it."""
    hub = FakeHub()
    case_id = file_dispute(hub, INSTITUTION, filing(instalment_scope="1-6"), key("k1")).case_id
    with pytest.raises(DuplicateFiling) as refused:
        file_dispute(hub, INSTITUTION, filing(instalment_scope="6-8"), key("k2"))
    assert refused.value.existing_case_id == case_id
    other = file_dispute(hub, INSTITUTION, filing(instalment_scope="7-8"), key("k3"))
    assert (other.case_id != case_id, other.before) == (True, ())


@pytest.mark.parametrize("stage", ENDS)
def test_a_closed_claim_may_be_filed_again(stage: Stage) -> None:
    """Whatever way the case ended, its claim is free."""
    desk = Desk()
    case_id = desk.reach(stage)
    again = file_dispute(desk.hub, INSTITUTION, filing("LOAN-1"), key("second"))
    assert again.case_id != case_id
    assert [before.case_id for before in again.before] == [case_id]


def test_the_institution_is_the_only_role_that_files() -> None:
    """Whatever ids the caller carries."""
    for role in Role:
        if role is not Role.INSTITUTION:
            with pytest.raises(NotPermitted):
                file_dispute(FakeHub(), replace(INSTITUTION, role=role), filing(), key())
