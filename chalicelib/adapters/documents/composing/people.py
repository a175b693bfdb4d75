"""Who appears in a paper, from the parties' personal data.

Promise: sex and day of birth are read from a number of 18 characters whose check character is right, and
only where it has none they are printed as filed.
Downside: who or what was not stated at filing (a representative, an agent, an employer) is not in the paper.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from chalicelib.adapters.documents.views.common import (
    BLANK,
    Agent,
    Entity,
    Participant,
    Person,
    Service,
    Signatory,
)
from chalicelib.adapters.documents.views.mediation import CARD_NAMES, LOAN_NAMES
from chalicelib.domain.claim import CaseType
from chalicelib.domain.id_documents import (
    TELLING,
    IdDocument,
    Sex,
    birth_date,
    is_sound,
    normalised,
    sex,
)
from chalicelib.domain.liability import LiabilityKind
from chalicelib.domain.parties import PartyKind, Side, document_of
from chalicelib.domain.representatives import Authority, RepresentativeKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.adapters.documents.views.common import Who
    from chalicelib.adapters.documents.views.mediation import DebtNames
    from chalicelib.domain.parties import Party, PartyDetails
    from chalicelib.domain.representatives import Representative
    from chalicelib.use_cases.papers import PaperSources

T = TypeVar("T")

CAUSES: Final[Mapping[CaseType, str]] = {
    CaseType.FINANCIAL_LOAN_CONTRACT: "金融借款合同纠纷",
    CaseType.CREDIT_CARD: "信用卡纠纷",
}
"""案由."""
DEBT_NAMES: Final[Mapping[CaseType, DebtNames]] = {
    CaseType.FINANCIAL_LOAN_CONTRACT: LOAN_NAMES,
    CaseType.CREDIT_CARD: CARD_NAMES,
}
"""What the parts of a debt are called."""
ROLES: Final[Mapping[Side, str]] = {Side.APPLICANT: "申请人", Side.RESPONDENT: "被申请人"}
STANDINGS: Final[dict[LiabilityKind, str]] = {
    LiabilityKind.BORROWER: "借款人",
    LiabilityKind.CO_BORROWER: "共同借款人",
    LiabilityKind.GENERAL_GUARANTOR: "一般保证人",
    LiabilityKind.JOINT_GUARANTOR: "连带责任保证人",
    LiabilityKind.MORTGAGOR: "抵押人",
    LiabilityKind.PLEDGOR: "出质人",
    LiabilityKind.HEIR: "借款人的继承人",
}
"""责任性质 of a loan."""
CARD_STANDINGS: Final[Mapping[LiabilityKind, str]] = STANDINGS | {
    LiabilityKind.BORROWER: "持卡人",
    LiabilityKind.CO_BORROWER: "共同债务人",
    LiabilityKind.HEIR: "持卡人的继承人",
}
"""责任性质 of a card's debt."""
AUTHORITIES: Final[Mapping[Authority, str]] = {Authority.GENERAL: "一般授权", Authority.SPECIAL: "特别授权"}
"""代理权限."""
_HEADS: Final[Mapping[RepresentativeKind, str]] = {
    RepresentativeKind.LEGAL_REPRESENTATIVE: "法定代表人",
    RepresentativeKind.PERSON_IN_CHARGE: "主要负责人",
}
PAPERS_OF_PERSONS: Final[Mapping[IdDocument, str]] = {
    IdDocument.RESIDENT_ID: "居民身份证",
    IdDocument.HK_MACAO_RESIDENCE_PERMIT: "港澳居民居住证",
    IdDocument.TAIWAN_RESIDENCE_PERMIT: "台湾居民居住证",
    IdDocument.FOREIGN_PERMANENT_RESIDENCE: "外国人永久居留身份证",
    IdDocument.HK_MACAO_TRAVEL_PERMIT: "港澳居民来往内地通行证",
    IdDocument.TAIWAN_TRAVEL_PERMIT: "台湾居民来往大陆通行证",
    IdDocument.PASSPORT: "护照",
}
"""证件类型."""
SEXES: Final[Mapping[Sex, str]] = {Sex.MALE: "男", Sex.FEMALE: "女"}
"""性别."""


def given(value: T | None) -> T:
    """Return a value that `what_is_missing` has checked. Raises LookupError if it is None after all."""
    if value is None:
        raise LookupError("a paper was composed from sources that lack what it needs")
    return value


def participants(
    sources: PaperSources, side: Side, *, of: frozenset[str] | None = None
) -> tuple[Participant, ...]:
    """Return a side's parties; `of` are those whom an agreement binds, None for all parties of the case."""
    return tuple(
        participant(sources, party)
        for party in sources.case.parties
        if party.side is side and (of is None or party.party_id in of)
    )


def participant(sources: PaperSources, party: Party) -> Participant:
    """Return a party as papers show it."""
    details = details_of(sources, party.party_id)
    standing = standing_of(sources, party)
    beside = details.representatives
    return Participant(
        who=_who(party, details),
        standing=standing,
        agents=tuple(_agent(party, each) for each in beside if _is_agent(party, each)),
        relatives=tuple(_agent(party, each) for each in beside if each.kind is RepresentativeKind.RELATIVE),
        service=service_of(sources, party.party_id),
    )


def standings(sources: PaperSources) -> Mapping[LiabilityKind, str]:
    """Return what a case of this kind calls those who answer for its debt."""
    return CARD_STANDINGS if sources.case.case_type is CaseType.CREDIT_CARD else STANDINGS


def standing_of(sources: PaperSources, party: Party) -> str | None:
    """Return as what a party answers; None if it was not stated."""
    return standings(sources)[party.liability] if party.liability else None


def service_of(sources: PaperSources, party_id: str) -> Service:
    """Return where a party is served: as it confirmed, in this paper or before; else where it was filed."""
    confirms_now = sources.service if sources.party_id == party_id else None
    confirmed = confirms_now or sources.confirmed.get(party_id)
    if confirmed is None:
        filed = details_of(sources, party_id)
        return Service(address=filed.address, recipient=filed.name, phone=filed.phone, electronic=BLANK)
    return Service(
        address=confirmed.address,
        recipient=confirmed.recipient,
        phone=confirmed.phone,
        electronic=confirmed.electronic,
    )


def _is_agent(party: Party, each: Representative) -> bool:
    # Whom the other side named and the party did not confirm, a paper does not call its agent.
    return each.kind is RepresentativeKind.AGENT and each.agent_id not in party.unconfirmed_agents


def _agent(party: Party, each: Representative) -> Agent:
    authority = next((m.authority for m in party.agents if m.agent_id == each.agent_id), None)
    return Agent(
        name=each.name,
        organisation=each.firm,
        phone=each.phone,
        authority=AUTHORITIES.get(authority) if authority else None,
        letter=each.letter_number,
        relation=each.relation,
    )


def details_of(sources: PaperSources, party_id: str) -> PartyDetails:
    """Return a party's personal data; raises StopIteration for a party that is not in the case."""
    return next(entry for entry in sources.details if entry.party_id == party_id)


def names(sources: PaperSources, side: Side) -> str:
    """Return the names of a side's parties in one line."""
    return "、".join(each.who.name for each in participants(sources, side))


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
        Signatory(role=role or _role(sources, party), name=details_of(sources, party.party_id).name)
        for party in sources.case.parties
        if of is None or party.party_id in of
    )


def _role(sources: PaperSources, party: Party) -> str:
    standing = standing_of(sources, party)
    return f"{ROLES[party.side]}（{standing}）" if standing else ROLES[party.side]


def all_sign(sources: PaperSources, *, of: frozenset[str] | None = None) -> tuple[Signatory, ...]:
    """Return signature lines for every party (or for those `of` an agreement), mediator and organisation."""
    return (
        *parties_sign(sources, of=of),
        *(Signatory(role="调解员", name=name) for name in mediators(sources)),
        Signatory(role="调解组织", name=sources.names.organisation),
    )


def _who(party: Party, details: PartyDetails) -> Who:
    number = normalised(details.id_number)  # An earlier release kept it as it was written.
    if party.kind is PartyKind.ENTITY:
        head = next((each for each in details.representatives if each.kind in _HEADS), None)
        return Entity(
            name=details.name,
            credit_code=number,
            domicile=details.address,
            registered_at=details.registered_at,
            kind=details.entity_type,
            representative=f"{head.name}（{_HEADS[head.kind]}）" if head else None,
            representative_position=head.position if head else None,
            representative_phone=head.phone if head else None,
        )
    document = document_of(party, details)
    if document in TELLING and not is_sound(number):
        document = None
    telling = document in TELLING
    holder = (sex(number) if telling else None) or details.sex
    return Person(
        name=details.name,
        id_number=number,
        id_kind=PAPERS_OF_PERSONS[document] if document else "身份证件",
        sex=SEXES[holder] if holder else None,
        born_on=(birth_date(number) if telling else None) or details.birth_date,
        ethnicity=details.ethnicity,
        employer=details.employer,
        position=details.position,
        phone=details.phone,
        domicile=details.address,
        residence=details.residence,
    )
