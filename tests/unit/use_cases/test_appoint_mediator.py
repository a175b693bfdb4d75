"""The hub appoints: whoever takes the last place meanwhile, the next look finds another; versions count."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.domain.appointment import Obstacle
from chalicelib.domain.errors import ActionNotAvailable, MediatorNotEligible, StaleVersion
from chalicelib.domain.stages import Stage
from chalicelib.use_cases.appoint_mediator import appoint_mediator, open_choice
from tests.support.desk import Desk
from tests.support.fakes.samples import CENTRE

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalicelib.domain.case import Case


class Crowded:
    """Cases of a hub in which somebody else takes the mediator's last place so many times."""

    def __init__(self, cases: Any, times: int) -> None:
        self._cases, self.times = cases, times

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cases, name)

    def save(self, *given: Any) -> Case:
        """Refuse as a transaction does whose limit is reached."""
        self.times -= 1
        if self.times >= 0:
            raise MediatorNotEligible("m-1", Obstacle.AT_LIMIT)
        saved: Case = self._cases.save(*given)
        return saved


def appoint(
    desk: Desk, case_id: str, version: int | None = None, act: Callable[..., Case] = appoint_mediator
) -> Case:
    version = desk.case(case_id).version if version is None else version
    return act(desk.hub, CENTRE, case_id, "j-1", area=None, language=None, expected_version=version)


def test_who_was_filled_meanwhile_is_looked_at_again() -> None:
    """A few times; then the refusal says that the limit is reached."""
    desk = Desk()
    case_id = desk.reach(Stage.SCREENED)
    desk.hub.cases = Crowded(desk.hub.cases, 4)  # type: ignore[assignment]
    assert appoint(desk, case_id).stage == "assigned"
    desk = Desk()
    case_id = desk.reach(Stage.SCREENED)
    desk.hub.cases = Crowded(desk.hub.cases, 5)  # type: ignore[assignment]
    with pytest.raises(MediatorNotEligible, match="at_limit"):
        appoint(desk, case_id)


@pytest.mark.parametrize("act", [appoint_mediator, open_choice])
def test_a_case_that_changed_meanwhile_is_not_appointed_to(act: Callable[..., Case]) -> None:
    """Nor one at another stage."""
    desk = Desk()
    case_id = desk.reach(Stage.SCREENED)
    with pytest.raises(StaleVersion):
        appoint(desk, case_id, 1, act)
    case_id = desk.reach(Stage.IN_MEDIATION, "LOAN-2")
    with pytest.raises(ActionNotAvailable):
        appoint(desk, case_id, act=act)
