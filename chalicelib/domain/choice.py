"""The parties choose their mediator together (共同选定, OL10): three are recommended, all must name the same.

Promise: who is named by all is appointed at once; a party may name another one as long as the days last.
After them the centre appoints. Downside: the centre can't appoint before, even if a party will not answer.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from chalicelib.domain.calendar import after_working_days
from chalicelib.domain.commands import CommandBase
from chalicelib.domain.pending_act import MediatorChoice, Named
from chalicelib.domain.stages import Action

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.domain.case import Case, Context


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenChoice(CommandBase):
    """The centre recommends mediators to the parties, and says which judge will guide (M9)."""

    action: ClassVar[Action] = Action.OPEN_CHOICE
    judge_id: str
    recommended: tuple[str, ...]

    def changes(self, _case: Case, context: Context) -> Mapping[str, Any]:
        """Let the parties choose for the days that the court's limits give."""
        until = after_working_days(context.at, context.limits.choice_working_days, context.calendar)
        return {"choice": MediatorChoice(until=until, judge_id=self.judge_id, recommended=self.recommended)}

    def event_data(self) -> Mapping[str, Any]:
        """Record who is recommended."""
        return {"recommended": list(self.recommended)}


@dataclass(frozen=True, slots=True, kw_only=True)
class NameMediator(CommandBase):
    """A party names the mediator that it wants; once all have named the same, that one is appointed."""

    action: ClassVar[Action] = Action.NAME_MEDIATOR
    party_id: str
    mediator_id: str

    def named(self, case: Case) -> tuple[Named, ...]:
        """Return whom each party has named by then."""
        own = Named(party_id=self.party_id, mediator_id=self.mediator_id)
        others = (each for each in case.choice.named if each.party_id != self.party_id) if case.choice else ()
        return tuple(sorted((*others, own), key=lambda each: each.party_id))

    def completes(self, case: Case) -> bool:
        """Tell whether every party has named the same by then."""
        named = self.named(case)
        all_have = case.party_ids <= {each.party_id for each in named}
        return all_have and {each.mediator_id for each in named} == {self.mediator_id}

    def changes(self, case: Case, _context: Context) -> Mapping[str, Any]:
        """Keep the party's word; LookupError before a choice is open, which the table rules out."""
        if case.choice is None:
            raise LookupError("the table offers this only while the parties choose")
        if self.completes(case):
            return {"mediator_id": self.mediator_id, "judge_id": case.choice.judge_id, "choice": None}
        return {"choice": replace(case.choice, named=self.named(case))}

    def event_data(self) -> Mapping[str, Any]:
        """Record who names whom."""
        return {"party_id": self.party_id, "mediator_id": self.mediator_id}
