"""The bodies of acts on a case, each a small form that becomes one command.

Promise: a form has the fields its act needs and no others; whether the act is possible now, the domain's
table decides, not the form. Downside: who may send which form is documented per route, from the table of
permissions, not in the form.
"""

from typing import Annotated, Final, Literal

from pydantic import ConfigDict, Field, RootModel

from chalicelib.api.schemas.base import Request
from chalicelib.api.schemas.fields import Identifier, whole_number
from chalicelib.api.schemas.filings import CLAIM_EXAMPLE, ClaimIn
from chalicelib.api.schemas.parties import CorrectedParty
from chalicelib.domain.commands import (
    Accept,
    Appoint,
    Correct,
    Decline,
    Extend,
    GiveConsent,
    RefuseConsent,
)
from chalicelib.domain.events import Channel
from chalicelib.domain.parties import Side
from chalicelib.domain.reasons import DeclineReason, FailureReason

_LONGEST_EXTENSION: Final = 365  # far above any court's cap, which the domain knows

YesOrNo = Annotated[bool, Field(strict=True)]


class AppointIn(Request):
    """The centre appoints a mediator and attaches the guiding judge (TY12, OL10)."""

    action: Literal["appoint"]
    mediator_id: Identifier
    judge_id: Identifier

    def command(self) -> Appoint:
        """Return the command."""
        return Appoint(mediator_id=self.mediator_id, judge_id=self.judge_id)


class AcceptIn(Request):
    """The mediator accepts the appointment (OL12)."""

    action: Literal["accept"]

    def command(self) -> Accept:
        """Return the command."""
        return Accept()


class DeclineIn(Request):
    """The mediator declines with a reason (OL12, TY15)."""

    action: Literal["decline"]
    reason: DeclineReason

    def command(self) -> Decline:
        """Return the command."""
        return Decline(reason=self.reason)


class AssignmentIn(RootModel[AppointIn | AcceptIn | DeclineIn]):
    """One step of the assignment: appoint, accept or decline."""

    model_config = ConfigDict(
        frozen=True,
        defer_build=True,
        hide_input_in_errors=True,
        json_schema_extra={"examples": [{"action": "appoint", "mediator_id": "m-001", "judge_id": "j-001"}]},
    )
    root: Annotated[AppointIn | AcceptIn | DeclineIn, Field(discriminator="action")]


class ConsentIn(Request):
    """A party's answer to mediation (TY11) and, of its own, to the online mode (OL4)."""

    party_id: Identifier = Field(examples=["r1"])
    given: YesOrNo
    online: YesOrNo = Field(default=False, description="Silence is no consent · 未表示即不同意在线方式")
    channel: Channel = Channel.ONLINE

    def command(self) -> GiveConsent | RefuseConsent:
        """Return the command."""
        if self.given:
            return GiveConsent(party_id=self.party_id, online=self.online)
        return RefuseConsent(party_id=self.party_id)


class ExtensionIn(Request):
    """A side agrees to extend; both must name the same number of days (TY27, OL24)."""

    side: Side
    days: Annotated[int, whole_number(least=1, most=_LONGEST_EXTENSION)]
    channel: Channel = Channel.ONLINE

    def command(self) -> Extend:
        """Return the command."""
        return Extend(side=self.side, days=self.days)


class FailureIn(Request):
    """Why the mediation ends without agreement (OL25)."""

    reason: FailureReason


class WithdrawalIn(Request):
    """The institution takes the case back; there is nothing to add."""


class TransferIn(Request):
    """Whether the institution insists on a suit (TY21, OL21)."""

    insists: YesOrNo


class CorrectionIn(Request):
    """What the institution corrects after the court returned the case (补正): the claim, parties, or both."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"claim": dict(CLAIM_EXAMPLE)}]})

    claim: ClaimIn | None = None
    parties: list[CorrectedParty] = Field(
        default_factory=list, max_length=11, json_schema_extra={"uniqueItems": True}
    )

    def command(self) -> Correct:
        """Return the command."""
        return Correct(
            claim=self.claim.claim() if self.claim else None,
            details=tuple(entry.details(entry.party_id) for entry in self.parties),
        )
