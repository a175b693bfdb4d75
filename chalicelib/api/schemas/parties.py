"""The parties of a filing or a correction, and the faults that only several of their fields show.

Promise: a party's number is checked by its kind, and a party listed twice is found, even if other checks
fail. The shown party (`PartyOut`) has masked values only. Downside: the address is not shown at all.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field

from chalicelib.api.refusals import RequestFault
from chalicelib.api.schemas.base import Answer, Request
from chalicelib.api.schemas.fields import Address, Identifier, Name
from chalicelib.api.schemas.identifiers import (
    Account,
    CreditCode,
    IdNumber,
    Phone,
    luhn_fits,
    number_fault,
    party_number_schema,
)
from chalicelib.domain.parties import (
    Party,
    PartyDetails,
    PartyKind,
    Side,
    mask_account,
    mask_id_number,
    mask_name,
    mask_phone,
)
from chalicelib.domain.phones import takes_messages
from chalicelib.use_cases.ports import Hub

APPLICANT_ID: Final = "a1"


class Applicant(Request):
    """The institution as a party, such as its branch (申请人)."""

    name: Name
    unified_social_credit_code: CreditCode
    phone: Phone
    address: Address

    def details(self) -> PartyDetails:
        """Return its details as the case keeps them."""
        code = self.unified_social_credit_code
        return self.make(PartyDetails, "unified_social_credit_code", party_id=APPLICANT_ID, id_number=code)

    @staticmethod
    def party() -> Party:
        """Return it as the case knows it."""
        return Party(party_id=APPLICANT_ID, side=Side.APPLICANT, kind=PartyKind.ENTITY)


class Respondent(Request):
    """A borrower or guarantor (被申请人)."""

    model_config = ConfigDict(json_schema_extra={"oneOf": party_number_schema()})

    kind: PartyKind
    name: Name
    id_number: IdNumber
    phone: Phone
    address: Address
    account: Account | None = Field(default=None, description="Repayment account or card number · 还款账户")

    def details(self, party_id: str) -> PartyDetails:
        """Return the details as the case keeps them."""
        return self.make(PartyDetails, "kind", party_id=party_id)

    def party(self, party_id: str) -> Party:
        """Return the party as the case knows it."""
        return Party(party_id=party_id, side=Side.RESPONDENT, kind=self.kind)


class CorrectedParty(Respondent):
    """A party's details as they should be; they replace the stored ones as a whole."""

    party_id: Identifier


class PartyOut(Answer):
    """A party as shown: who it is only in masked form, and only where a role needs it."""

    party_id: str
    side: Side
    kind: PartyKind
    name: str | None = Field(default=None, description="张*", examples=["张*"])
    id_number: str | None = Field(default=None, examples=["110105********002X"])
    phone: str | None = Field(default=None, examples=["138****1234"])
    account: str | None = Field(default=None, examples=["***************0004"])


def parties_out(parties: Sequence[Party], details: Sequence[PartyDetails]) -> Sequence[Party | PartyOut]:
    """Show parties, masked (domain §8); without `details`, with id, side and kind only."""
    if not details:
        return parties
    known = {entry.party_id: entry for entry in details}
    return [_masked(party, known[party.party_id]) for party in parties]


def _masked(party: Party, details: PartyDetails) -> PartyOut:
    return PartyOut(
        party_id=party.party_id,
        side=party.side,
        kind=party.kind,
        name=mask_name(details.name),
        id_number=mask_id_number(details.id_number),
        phone=mask_phone(details.phone),
        account=mask_account(details.account) if details.account else None,
    )


def party_faults(entries: object, at: str, applicant: object = None) -> Iterator[RequestFault]:
    """Yield wrong numbers, repeated parties and the applicant's own number in the list under `at`."""
    own = applicant.get("unified_social_credit_code") if isinstance(applicant, dict) else None
    seen: set[str] = set()
    for index, entry in enumerate(entries if isinstance(entries, list) else ()):
        number = entry.get("id_number") if isinstance(entry, dict) else None
        if not isinstance(number, str):
            continue
        pointer = f"{at}/{index}/id_number"
        if fault := number_fault(entry.get("kind"), number):
            yield RequestFault(pointer, fault)
        elif isinstance(own, str) and number.upper() == own.upper():
            yield RequestFault(pointer, "own_opponent")
        elif number.upper() in seen:
            yield RequestFault(pointer, "duplicate_party")
        seen.add(number.upper())


def party_warnings(party: Applicant | Respondent, at: str, hub: Hub) -> Iterator[RequestFault]:
    """Yield what is accepted of the party under the pointer `at` but may be a slip.

    That is a card number whose check digit does not fit, a phone that can't get a one-time code, and text
    with characters that papers show as code points.
    """
    if not takes_messages(party.phone):
        yield RequestFault(f"{at}/phone", "phone_takes_no_codes")
    if isinstance(party, Respondent) and party.account and not luhn_fits(party.account):
        yield RequestFault(f"{at}/account", "account_checksum")
    for pointer, text in _texts(party, at):
        if code_points := hub.unprintable(text):
            yield RequestFault(pointer, "not_printable", values={"code_points": ", ".join(code_points)})


def _texts(value: object, at: str) -> Iterator[tuple[str, str]]:
    match value:
        case str():
            yield at, value
        case BaseModel():
            for name, each in value:
                yield from _texts(each, f"{at}/{name}")
        case list():
            for index, each in enumerate(value):
                yield from _texts(each, f"{at}/{index}")


PERSON_EXAMPLE: Final[Mapping[str, Any]] = {
    "kind": "person",
    "name": "张某",
    "id_number": "11010519491231002X",
    "phone": "13800001234",
    "address": "福建省宁德市蕉城区样例路8号",
}
"""A valid sample number (domain §7), not meant to be a real person's."""
