"""Agents after filing: an act that waits for its second record stores nothing of the agent."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib.domain.errors import RuleViolated
from chalicelib.domain.events import Channel
from chalicelib.domain.representatives import Authority, Representative, RepresentativeKind
from chalicelib.domain.stages import Stage
from chalicelib.use_cases.record_agent import record_agent, revoke_agent
from tests.support.desk import Desk
from tests.support.fakes.samples import CENTRE, INSTITUTION, borrower

LAWYER = Representative(kind=RepresentativeKind.AGENT, name="吴试", letter_number="8")
COLLEAGUE = replace(CENTRE, subject="centre-2")


@pytest.fixture
def desk() -> Desk:
    """Return a desk with a case in mediation."""
    desk = Desk()
    desk.reach(Stage.IN_MEDIATION)
    return desk


def beside(desk: Desk, party: int = 1) -> list[tuple[str, str | None]]:
    """Return who stands beside a party."""
    details = desk.hub.cases.details(desk.case("C-0001"))[party]
    return [(each.name, each.agent_id) for each in details.representatives]


def test_an_agent_is_recorded_and_revoked_by_its_party(desk: Desk) -> None:
    """With its number in the case and in the details alike."""
    own = borrower("C-0001")
    record_agent(desk.hub, own, "C-0001", "r1", LAWYER, Authority.SPECIAL)
    assert beside(desk) == [("吴试", "g1")]
    assert desk.case("C-0001").parties[1].agents[0].authority is Authority.SPECIAL
    revoke_agent(desk.hub, own, "C-0001", "r1", "g1")
    assert (beside(desk), desk.case("C-0001").parties[1].agents) == ([], ())


def test_before_the_centre_both_wait_for_a_second_record(desk: Desk) -> None:
    """The first request stores that it waits, and nothing else."""
    for actor, expected in ((CENTRE, []), (COLLEAGUE, [("吴试", "g1")])):
        record_agent(desk.hub, actor, "C-0001", "r1", LAWYER, Authority.GENERAL, channel=Channel.IN_PERSON)
        assert beside(desk) == expected
    for actor, expected in ((COLLEAGUE, [("吴试", "g1")]), (CENTRE, [])):
        revoke_agent(desk.hub, actor, "C-0001", "r1", "g1", channel=Channel.IN_PERSON)
        assert beside(desk) == expected


def test_an_agent_of_the_bank_is_not_the_debtors(desk: Desk) -> None:
    """民法典 168; the refused record leaves the case as it was."""
    record_agent(desk.hub, INSTITUTION, "C-0001", "a1", LAWYER, Authority.GENERAL)
    before = desk.case("C-0001")
    with pytest.raises(RuleViolated) as refused:
        record_agent(desk.hub, borrower("C-0001"), "C-0001", "r1", LAWYER, Authority.GENERAL)
    assert refused.value.rule == "agent_of_one_side"
    assert desk.case("C-0001") == before


@pytest.mark.parametrize("agent_id", ["g1", "g0", ""])
def test_who_is_no_agent_can_not_be_revoked(desk: Desk, agent_id: str) -> None:
    with pytest.raises(RuleViolated) as refused:
        revoke_agent(desk.hub, borrower("C-0001"), "C-0001", "r1", agent_id)
    assert refused.value.rule == "known_agent"
