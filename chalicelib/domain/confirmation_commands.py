"""Commands of the judicial confirmation (司法确认): apply for it, record that the court has it.

The ruling is among the court's other messages, in `court_commands`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from chalicelib.domain.agreement.confirmation import Application, Confirmation, apply_for, transferred
from chalicelib.domain.commands import CommandBase, Spoken
from chalicelib.domain.stages import Action
from chalicelib.domain.transfer import confirmation_id

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.domain.case import Case, Context


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyForConfirmation(Spoken):
    """A party applies for judicial confirmation; when all have, the court is asked (民事诉讼法 205)."""

    action: ClassVar[Action] = Action.APPLY_FOR_CONFIRMATION

    def completes(self, case: Case) -> bool:
        """Tell whether all parties to the agreement have then applied."""
        return case.bound <= confirmation_of(case).applicants | self.speakers(case)

    def changes(self, case: Case, context: Context) -> Mapping[str, Any]:
        """Add the application of each for whom it is made."""
        confirmation = replace(confirmation_of(case), parties=case.bound)
        about = confirmation_id(case.case_id, case.round)
        for party_id in sorted(self.speakers(case)):
            application = Application(side=self.side, party_id=party_id, at=context.at)
            confirmation = apply_for(confirmation, application, context.calendar, about)
        return {"confirmation": confirmation}

    def event_data(self) -> Mapping[str, Any]:
        """Record who applied."""
        return {"side": self.side, "party_id": self.party_id}


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordApplicationReceipt(CommandBase):
    """The court's receipt of the joint application: the message arrived, nothing more."""

    action: ClassVar[Action] = Action.RECORD_APPLICATION_RECEIPT
    transfer_id: str
    receipt_id: str

    def changes(self, case: Case, context: Context) -> Mapping[str, Any]:
        """Record the transfer."""
        return {"confirmation": transferred(confirmation_of(case), context.at)}

    def event_data(self) -> Mapping[str, Any]:
        """Record both ids."""
        return {"transfer_id": self.transfer_id, "receipt_id": self.receipt_id}


def confirmation_of(case: Case) -> Confirmation:
    """Return the confirmation of the agreement in force; LookupError without one."""
    if case.confirmation is None:
        raise LookupError("the table offers this only while an agreement is in force")
    return case.confirmation
