"""Changes of a party at an open stage: its details are corrected, its agents recorded and revoked.

Promise: what is left out of a correction stays as it is; a number is checked by the party's own kind. They
stand apart from a filing's parties, which load no more than a filing needs.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Any, Final, Literal

from pydantic import ConfigDict, Field, RootModel

from chalicelib.api.refusals import RequestFault
from chalicelib.api.schemas.base import Request
from chalicelib.api.schemas.fields import Address, ContractNumber, Identifier, Name
from chalicelib.api.schemas.identifiers import Account, IdNumber, Phone
from chalicelib.api.schemas.parties import (
    AgentIn,
    HeadIn,
    Particulars,
    RelativeIn,
    Represented,
    birth_faults,
    paper_fault,
    particulars_faults,
    told_by,
)
from chalicelib.api.schemas.settlements import ActCode
from chalicelib.domain.events import Channel
from chalicelib.domain.id_documents import IdDocument, normalised
from chalicelib.domain.parties import PARTICULARS, IdentityShown, Party, PartyKind
from chalicelib.domain.party_commands import CheckIdentity
from chalicelib.domain.reasons import CorrectionReason
from chalicelib.domain.representatives import Representative, RepresentativeKind
from chalicelib.use_cases.correct_details import Corrected

_HEADS: Final = frozenset({RepresentativeKind.LEGAL_REPRESENTATIVE, RepresentativeKind.PERSON_IN_CHARGE})
_REPLACED: Final = ("name", "id_number", "phone", "address", "account", *PARTICULARS)


class PartyCorrectionIn(Particulars):
    """What of a party's details is wrong, as it should be; what is left out stays.

    Agents are recorded and revoked (`agents`), not corrected. `relatives` replaces all of them.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"party_id": "r1", "reason": "changed_since", "phone": "13800001235"}],
            "dependentRequired": {"id_document": ["id_number"]},
        }
    )

    party_id: Identifier
    reason: CorrectionReason
    name: Name | None = None
    id_number: IdNumber | None = None
    id_document: IdDocument | None = None
    phone: Phone | None = None
    address: Address | None = None
    account: Account | None = None
    representative: HeadIn | None = Field(default=None, description="Of an entity · 法定代表人、负责人")
    relatives: list[RelativeIn] | None = Field(default=None, max_length=2, description="协助的近亲属")

    def corrected(self) -> Corrected:
        """Return what is right, as the case's details have it."""
        given = {name: getattr(self, name) for name in _REPLACED}
        values = {name: value for name, value in given.items() if value is not None}
        if self.id_number is not None:
            values |= {"id_document": self.id_document} | told_by(self.id_number)
        beside = Represented(representative=self.representative, relatives=self.relatives or [])
        kinds = _HEADS if self.representative else frozenset[RepresentativeKind]()
        if self.relatives is not None:
            kinds |= {RepresentativeKind.RELATIVE}
        return Corrected(values=values, beside=beside.representatives(), kinds=kinds)


class IdentityCheckIn(Request):
    """Who was checked, and how: the person, its paper, and that the phone number on record is its own."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"party_id": "r1", "how": "video"}]})

    party_id: Identifier
    how: IdentityShown

    def command(self) -> CheckIdentity:
        """Return the command."""
        return CheckIdentity(party_id=self.party_id, how=self.how)


def party_correction_faults(
    body: Mapping[str, Any], party: Party, known: str, today: date
) -> Iterator[RequestFault]:
    """Yield what of a correction does not fit the party, whose number was `known`, or what its kind lacks."""
    number, person = body.get("id_number"), party.kind is PartyKind.PERSON
    entry = {**body, "kind": str(party.kind)}
    yield from particulars_faults(entry, "")
    if isinstance(number, str) and (fault := paper_fault(entry, normalised(number), today)):
        yield RequestFault(f"/{fault[0]}", fault[1])
    yield from birth_faults(entry, normalised(number) if isinstance(number, str) else known, "", today)
    if number is None and body.get("id_document") is not None:
        yield RequestFault("/id_number", "missing")
    if person and body.get("representative") is not None:
        yield RequestFault("/representative", "representative_of_a_person")


class RecordAgentIn(AgentIn):
    """A party authorises an agent; its letter of authority has a number (授权委托书编号)."""

    action: Literal["record"]
    party_id: Identifier
    letter_number: ContractNumber = Field(description="授权委托书编号")
    channel: Channel = Channel.ONLINE
    code: ActCode = None

    def agent(self) -> Representative:
        """Return the agent; the case numbers it."""
        return self.make(
            Representative,
            "action",
            "party_id",
            "authority",
            "channel",
            "code",
            kind=RepresentativeKind.AGENT,
        )


class RevokeAgentIn(Request):
    """A party revokes an agent's authority."""

    action: Literal["revoke"]
    party_id: Identifier
    agent_id: Identifier = Field(examples=["g1"])
    channel: Channel = Channel.ONLINE
    code: ActCode = None


class ConfirmAgentIn(Request):
    """A respondent confirms an agent whom the institution named in its filing."""

    action: Literal["confirm"]
    party_id: Identifier
    agent_id: Identifier = Field(examples=["g1"])
    channel: Channel = Channel.ONLINE
    code: ActCode = None


class AgentChangeIn(RootModel[RecordAgentIn | ConfirmAgentIn | RevokeAgentIn]):
    """An agent is recorded or confirmed, or its authority revoked."""

    model_config = ConfigDict(
        frozen=True,
        defer_build=True,
        hide_input_in_errors=True,
        json_schema_extra={
            "examples": [
                {
                    "action": "record",
                    "party_id": "r1",
                    "name": "林某",
                    "firm": "样例律师事务所",
                    "authority": "special",
                    "letter_number": "（2026）样律委字第8号",
                }
            ]
        },
    )
    root: Annotated[RecordAgentIn | ConfirmAgentIn | RevokeAgentIn, Field(discriminator="action")]
