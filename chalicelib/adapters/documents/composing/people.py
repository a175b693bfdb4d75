"""Who appears in a paper, from the parties' personal data.

Promise: sex and day of birth are read only from a resident id number whose check digit is right (GB 11643).
Downside: an entity's representative is not known to the hub, so the paper does not name one.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final, TypeVar

from stdnum.cn import ric

from chalicelib.adapters.documents.views.common import Entity, Participant, Person, Service, Signatory
from chalicelib.domain.claim import CaseType
from chalicelib.domain.parties import PartyKind, Side

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.adapters.documents.views.common import Blank, Who
    from chalicelib.domain.parties import Party, PartyDetails
    from chalicelib.use_cases.papers import PaperSources

T = TypeVar("T")

CAUSES: Final[Mapping[CaseType, str]] = {
    CaseType.FINANCIAL_LOAN_CONTRACT: "金融借款合同纠纷",
    CaseType.CREDIT_CARD: "信用卡纠纷",
}
"""案由."""
ROLES: Final[Mapping[Side, str]] = {Side.APPLICANT: "申请人", Side.RESPONDENT: "被申请人"}
_BIRTH: Final = slice(6, 14)
_SEX: Final = 16
_LENGTH: Final = 18


def given(value: T | None) -> T:
    """Return a value that `what_is_missing` has checked. Raises LookupError if it is None after all."""
    if value is None:
        raise LookupError("a paper was composed from sources that lack what it needs")
    return value


def participants(
    sources: PaperSources, side: Side, electronic: Blank | None = None, *, of: frozenset[str] | None = None
) -> tuple[Participant, ...]:
    """Return a side's parties, each with its own address; `electronic`: None (not accepted) or BLANK.

    `of` are those whom an agreement binds, None for all parties of the case.
    """
    return tuple(
        participant(sources, party, electronic)
        for party in sources.case.parties
        if party.side is side and (of is None or party.party_id in of)
    )


def participant(sources: PaperSources, party: Party, electronic: Blank | None = None) -> Participant:
    """Return a party as papers show it."""
    details = details_of(sources, party.party_id)
    service = Service(
        address=details.address, recipient=details.name, phone=details.phone, electronic=electronic
    )
    return Participant(who=_who(party, details), service=service)


def details_of(sources: PaperSources, party_id: str) -> PartyDetails:
    """Return a party's personal data; raises StopIteration for a party that is not in the case."""
    return next(entry for entry in sources.details if entry.party_id == party_id)


def names(sources: PaperSources, side: Side) -> str:
    """Return the names of a side's parties in one line."""
    return "、".join(each.who.name for each in participants(sources, side))


def borrower(sources: PaperSources) -> str:
    """Return the first respondent's name: guarantors are respondents too, but the loan is the first one's."""
    return participants(sources, Side.RESPONDENT)[0].who.name


def mediators(sources: PaperSources) -> tuple[str, ...]:
    """Return the mediators' names. Raises LookupError if there is none."""
    return (given(sources.mediator_name),)


def parties_sign(
    sources: PaperSources, role: str | None = None, *, of: frozenset[str] | None = None
) -> tuple[Signatory, ...]:
    """Return a signature line for each party, in the order of the case, with its role or with `role`.

    `of` are those whom an agreement binds, None for all parties of the case.
    """
    return tuple(
        Signatory(role=role or ROLES[party.side], name=details_of(sources, party.party_id).name)
        for party in sources.case.parties
        if of is None or party.party_id in of
    )


def all_sign(sources: PaperSources, *, of: frozenset[str] | None = None) -> tuple[Signatory, ...]:
    """Return signature lines for every party (or for those `of` an agreement), mediator and organisation."""
    return (
        *parties_sign(sources, of=of),
        *(Signatory(role="调解员", name=name) for name in mediators(sources)),
        Signatory(role="调解组织", name=sources.names.organisation),
    )


def _who(party: Party, details: PartyDetails) -> Who:
    if party.kind is PartyKind.ENTITY:
        return Entity(name=details.name, credit_code=details.id_number, domicile=details.address)
    born_on, sex = _read_off(details.id_number)
    return Person(
        name=details.name,
        id_number=details.id_number,
        # If it is not a resident id number, the kind of the paper is not known.
        id_kind="居民身份证" if born_on else "身份证件",
        sex=sex,
        born_on=born_on,
        phone=details.phone,
        domicile=details.address,
    )


def _read_off(id_number: str) -> tuple[date | None, str | None]:
    number = id_number.upper()
    digits = number[:-1]
    if len(number) != _LENGTH or not (digits.isascii() and digits.isdigit()):
        return None, None
    if ric.calc_check_digit(number) != number[-1]:
        return None, None
    try:
        born_on = date.fromisoformat(number[_BIRTH])
    except ValueError:
        return None, None
    return born_on, "男" if int(number[_SEX]) % 2 else "女"
