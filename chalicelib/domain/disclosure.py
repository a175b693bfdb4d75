"""A mediator's relation to a case is disclosed (披露, OL13), and every party may waive the recusal (TY15).

Promise: as long as not every party has waived it, the mediator neither accepts the case nor leads it to an
agreement; somebody else is appointed instead. A relation that is disclosed again asks every party again.
Downside: nobody has to answer: a party that is silent has not waived, and the mediation's time runs on.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from chalicelib.domain.commands import CommandBase
from chalicelib.domain.reasons import DisclosureGround
from chalicelib.domain.roles import Role
from chalicelib.domain.stages import Action

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.domain.case import Case, Context
    from chalicelib.domain.pending_act import Disclosure


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclose(CommandBase):
    """A mediator discloses its relation to the case; the centre does so before it appoints one.

    The fact itself is told in words of its own, which no event holds.
    """

    action: ClassVar[Action] = Action.DISCLOSE
    mediator_id: str
    ground: DisclosureGround

    def changes(self, case: Case, _context: Context) -> Mapping[str, Any]:
        """Keep the relation, without the waivers of what was told before."""
        return {"disclosures": case.disclosing(self.mediator_id, self.ground)}

    def event_data(self) -> Mapping[str, Any]:
        """Record whose relation of which kind it is."""
        return {"mediator_id": self.mediator_id, "ground": self.ground}


@dataclass(frozen=True, slots=True, kw_only=True)
class WaiveRecusal(CommandBase):
    """A party agrees to be mediated by this mediator all the same; it counts when every party does."""

    action: ClassVar[Action] = Action.WAIVE_RECUSAL
    party_id: str
    mediator_id: str
    ground: str

    def disclosed(self, case: Case) -> Disclosure | None:
        """Return the relation that the party speaks of; None if there is none."""
        return next((each for each in case.disclosures if each.key == (self.mediator_id, self.ground)), None)

    def completes(self, case: Case) -> bool:
        """Tell whether every other party has waived it."""
        disclosed = self.disclosed(case)
        return disclosed is not None and case.party_ids <= disclosed.waived_by | {self.party_id}

    def changes(self, case: Case, _context: Context) -> Mapping[str, Any]:
        """Keep the party's word."""
        own = frozenset({self.party_id})
        return {
            "disclosures": tuple(
                replace(each, waived_by=each.waived_by | own) if each == self.disclosed(case) else each
                for each in case.disclosures
            )
        }

    def event_data(self) -> Mapping[str, Any]:
        """Record who waives what."""
        return {"party_id": self.party_id, "mediator_id": self.mediator_id, "ground": self.ground}


@dataclass(frozen=True, slots=True, kw_only=True)
class DisclosedFact:
    """What a mediator's relation to a case consists in, told to all parties; sealed, and never in an event.

    `version` is the case's since the disclosure. Its repr shows no text.
    """

    case_id: str
    version: int
    mediator_id: str
    ground: str
    at: datetime
    role: Role
    subject: str
    text: str = field(repr=False)
