"""The result of a run of mutation testing.

Promise: the rate is the mutants noticed (a test failed, or ran into the time limit) over all mutants made,
including those that can't be noticed. A module, which may be small, is held to the same rate of those that
are not accepted. Each survivor is identified by its function and its changed line, not by a number that may
shift, and each accepted one has its reason.
Downside: two equal lines in one function are accepted together.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

FLOOR_PERCENT: Final = 95
NOTICED: Final = ("killed", "timeout")
_UNTRIED: Final = ("not checked", "check was interrupted by user", "skipped")


@dataclass(frozen=True, slots=True)
class Change:
    """What a mutant changed: the function, its lines before and after."""

    function: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """A mutant that no test can notice, and why."""

    change: Change
    reason: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """The outcome of a run: the status of each mutant, by module, and what each survivor changed."""

    modules: Mapping[str, Mapping[str, str]]
    survivors: Mapping[str, Change]
    accepted: tuple[Accepted, ...]

    @property
    def statuses(self) -> dict[str, str]:
        """The status of each mutant."""
        return {mutant: status for of_module in self.modules.values() for mutant, status in of_module.items()}

    @property
    def noticed(self) -> int:
        """How many mutants made a test fail or never end."""
        return sum(status in NOTICED for status in self.statuses.values())

    @property
    def percent(self) -> float:
        """The percentage of all mutants that was noticed."""
        return 100 * self.noticed / len(self.statuses) if self.statuses else 0.0

    @property
    def untried(self) -> int:
        """How many mutants were not tried, or not to the end."""
        return sum(status in _UNTRIED for status in self.statuses.values())

    @property
    def explained(self) -> dict[str, Accepted]:
        """The survivors that are accepted."""
        reasons = {entry.change: entry for entry in self.accepted}
        return {mutant: reasons[change] for mutant, change in self.survivors.items() if change in reasons}

    @property
    def unexplained(self) -> tuple[Change, ...]:
        """The survivors that no reason is given for."""
        return tuple(change for mutant, change in self.survivors.items() if mutant not in self.explained)

    @property
    def stale(self) -> tuple[Accepted, ...]:
        """What is accepted but did not survive, or is no longer made."""
        return tuple(entry for entry in self.accepted if entry.change not in self.survivors.values())

    @property
    def below(self) -> tuple[str, ...]:
        """The modules of which too few were noticed of those that are not accepted."""
        return tuple(name for name, statuses in self.modules.items() if self._below(statuses))

    def _below(self, statuses: Mapping[str, str]) -> bool:
        counted = [status in NOTICED for mutant, status in statuses.items() if mutant not in self.explained]
        return 100 * sum(counted) < FLOOR_PERCENT * len(counted)

    @property
    def passed(self) -> bool:
        """Whether enough was noticed in all and of each module, all tried, and each accepted one survived."""
        return self.percent >= FLOOR_PERCENT and not (self.below or self.untried or self.stale)


def survivors_in(statuses: dict[str, str]) -> list[str]:
    """Return the mutants that were tried and not noticed, those that no test reaches included."""
    return [mutant for mutant, status in statuses.items() if status not in {*NOTICED, *_UNTRIED}]


def doubtful_in(statuses: dict[str, str]) -> list[str]:
    """Return what survived or was not tried, and what ran out of time, as it may on a loaded machine."""
    return [mutant for mutant, status in statuses.items() if status != "killed"]


def accepted_in(listed: str) -> tuple[Accepted, ...]:
    """Read the list of accepted mutants: `before` in a function may become any of `after`, for a reason."""
    return tuple(
        Accepted(Change(entry["function"], entry["before"].strip(), after.strip()), entry["reason"])
        for entry in tomllib.loads(listed)["accepted"]
        for after in entry["after"]
    )
