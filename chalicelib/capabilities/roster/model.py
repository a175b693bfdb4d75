"""A person of a court's roster: name, role, and whether cases may be given to it.

Promise: each change is a version that says who made it and why; none is ever changed or removed, so a name
that stands on a paper can be found later. Downside: an id names one person of a court, whatever its role, so
the issuer of tokens must not give a mediator and a judge of a court the same id.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from chalicelib.domain.appointment import Candidate, Obstacle, Profile

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.domain.roles import Role
    from chalicelib.use_cases.capability_ports import Who


class PersonState(StrEnum):
    """Whether cases may be given to a person."""

    ACTIVE = "active"  # 在任
    SUSPENDED = "suspended"  # 暂停


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """How many cases a mediator was ever given, and how many are in its hands now."""

    given: int | None
    open: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A version of a person's entry. Its repr shows no name and no reason, so neither gets into a log.

    `person_id` is the `mediator_id` or `judge_id` of the person's token, or a clerk's subject.
    """

    court_id: str
    person_id: str
    version: int
    name: str = field(repr=False)
    role: Role
    state: PersonState
    reason: str = field(repr=False)
    changed_by: str
    changed_at: datetime
    profile: Profile = field(default_factory=Profile)

    @property
    def who(self) -> Who:
        """The court, and the id in it."""
        return self.court_id, self.person_id

    def obstacle_as(self, role: Role) -> Obstacle | None:
        """Return why no case may be given to this person in the role, whatever the case; None if it may."""
        if self.role is not role:
            return Obstacle.OTHER_ROLE
        return None if self.state is PersonState.ACTIVE else Obstacle.SUSPENDED

    def as_candidate(self, load: Load | None) -> Candidate:
        """Return the person as an appointment looks at it."""
        return Candidate(
            person_id=self.person_id,
            version=self.version,
            active=self.state is PersonState.ACTIVE,
            profile=self.profile,
            given=load.given if load else None,
            open=load.open if load else 0,
        )
