"""What differs between the deployed stages, in one table.

Promise: a stage is data; no other module asks for a stage's name to decide something.
Downside: a value that only one stage needs must be given for each.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

APP: Final = "jiefen-hub"
LOG_RETENTION_DAYS: Final = 365
"""Domain §8: logs at least 6 months (183 days); CloudWatch offers 180, then 365."""
AUDIT_RETENTION_DAYS: Final = 1096
"""For the log of who read which evidence: personal-data handling records are kept 3 years (PIPL art. 56)."""


@dataclass(frozen=True)
class Stage:
    """The settings of one deployed stage. Rates are requests a second."""

    name: str
    keeps_data: bool
    """Whether data outlive the stack: deletion protection, and resources retained when the stack goes."""
    reserves_concurrency: bool
    """Whether functions that ask for it get concurrency of their own; a small account has none to give."""
    must_tell_somebody: bool
    """Whether it is refused without an address for its alarms."""
    releases_gradually: bool
    """Whether a new build gets a part of the calls first."""
    rate_limit: int
    burst_limit: int

    @property
    def prefix(self) -> str:
        """The start of every resource's name."""
        return f"{APP}-{self.name}"


STAGES: Final = {
    "dev": Stage(
        name="dev",
        keeps_data=False,
        reserves_concurrency=False,
        must_tell_somebody=False,
        releases_gradually=False,
        rate_limit=50,
        burst_limit=100,
    ),
    "prod": Stage(
        name="prod",
        keeps_data=True,
        reserves_concurrency=True,
        must_tell_somebody=True,
        releases_gradually=True,
        rate_limit=200,
        burst_limit=400,
    ),
}


def kept(stage: Stage, resource: dict[str, Any]) -> dict[str, Any]:
    """Let a resource that holds data outlive the stack where the stage keeps data."""
    return _on_removal("Retain" if stage.keeps_data else "Delete", resource)


def dropped(resource: dict[str, Any]) -> dict[str, Any]:
    """Let a resource go with the stack in every stage: what it held can be rebuilt from the table."""
    return _on_removal("Delete", resource)


def _on_removal(policy: str, resource: dict[str, Any]) -> dict[str, Any]:
    return {**resource, "DeletionPolicy": policy, "UpdateReplacePolicy": policy}
