"""A deadline beside a case: the day that a rule sets for something other than the case's own step.

Promise: a case can have several, one of each kind, each with its rule and its reminder; whoever sets one
declares what happens when it is due (`registry.Capability.deadlines`). Downside: a deadline
can't be ended before its day; the function called on the day checks whether something is still to be done.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDeadline:
    """When something about a case has to be done; a further one of the same kind replaces it.

    Raises ValueError if the reminder would not come before the deadline.
    """

    case_id: str
    kind: str
    """Its code, under which a capability declares what is called when it is due."""
    rule: str
    """The code of the rule that sets it: an article or a court's own limit."""
    due_at: datetime
    remind_at: datetime | None = None
    reminded: bool = False
    """Whether the reminder is over, so that the deadline itself is next."""

    def __post_init__(self) -> None:
        if self.remind_at is not None and self.remind_at >= self.due_at:
            raise ValueError("a reminder comes before its deadline")

    @property
    def reminder_is_next(self) -> bool:
        """Whether its reminder is still to come, and not the deadline itself."""
        return self.remind_at is not None and not self.reminded

    @property
    def follow_up_at(self) -> datetime:
        """When it is looked after next: the reminder first, then the deadline itself."""
        return self.due_at if self.remind_at is None or self.reminded else self.remind_at
