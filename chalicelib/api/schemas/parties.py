"""The parties of a filing or a correction, and the faults that only several of their fields show.

Promise: a party's number is checked by its kind, and a party listed twice is found, even if other checks
fail. The shown party (`PartyOut`) has masked values, but for its own reader.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from chalicelib.api.refusals import RequestFault
from chalicelib.api.schemas.base import Answer, DayText, Request
from chalicelib.api.schemas.fields import (
    Address,
    BirthDay,
    ContractNumber,
    Identifier,
    Name,
    PastDay,
    PositiveAmount,
    Statement,
    names_several,
    read_date,
)
from chalicelib.api.schemas.identifiers import (
    Account,
    CreditCode,
    IdNumber,
    Phone,
    luhn_fits,
    number_fault,
    party_number_schema,
)
from chalicelib.domain.id_documents import IdDocument, Sex, born_then, is_sound, normalised, recognised, sex
from chalicelib.domain.liability import LiabilityKind, LiabilityTerms
from chalicelib.domain.parties import (
    OF_A_PERSON,
    OF_AN_ENTITY,
    PARTICULARS,
    Party,
    PartyDetails,
    PartyKind,
    Side,
    document_of,
    liability_of,
    mask_account,
    mask_id_number,
    mask_name,
    mask_phone,
)
from chalicelib.domain.phones import normalised as normalised_phone
from chalicelib.domain.phones import takes_messages
from chalicelib.domain.representatives import (
    Authority,
    Mandate,
    Representative,
    RepresentativeKind,
    same_person,
)
from chalicelib.use_cases.ports import Hub

APPLICANT_ID: Final = "a1"
_SHORTEST_ADDRESS: Final = 6
"""Less names no place at which papers can be served (民事诉讼法 124): 无, 同上, 宁德市."""


class HeadIn(Request):
    """Who represents an entity: its legal representative, or the person in charge (法定代表人、负责人)."""

    kind: Literal["legal_representative", "person_in_charge"] = "legal_representative"
    name: Name
    position: Name | None = Field(default=None, description="职务")
    phone: Phone | None = None


class AgentIn(Request):
    """Somebody authorised to act for the party (委托代理人; 民事诉讼法 61-62).

    With `general` authority an agent takes part; only with `special` authority it offers, accepts and signs.
    """

    name: Name
    firm: Name | None = Field(default=None, description="单位")
    phone: Phone | None = None
    authority: Literal["general", "special"] = Field(description="一般授权、特别授权")
    letter_number: ContractNumber | None = Field(default=None, description="授权委托书编号")


class RelativeIn(Request):
    """A relative who assists the party and does not act for it (协助参加调解的近亲属)."""

    name: Name
    relation: Name = Field(description="与当事人关系")
    phone: Phone | None = None


class Represented(Request):
    """Who stands beside a party."""

    representative: HeadIn | None = Field(default=None, description="Of an entity · 法定代表人、负责人")
    agents: list[AgentIn] = Field(default_factory=list, max_length=2, description="委托代理人")
    relatives: list[RelativeIn] = Field(default_factory=list, max_length=2, description="协助的近亲属")

    def mandates(self, *, confirmed: bool | None = None) -> tuple[Mandate, ...]:
        """Return the agents as the case knows them: g1, g2; `confirmed` as in `Mandate`."""
        return tuple(
            Mandate(agent_id=f"g{number}", authority=Authority(agent.authority), confirmed=confirmed)
            for number, agent in enumerate(self.agents, start=1)
        )

    def representatives(self) -> tuple[Representative, ...]:
        """Return all who stand beside the party."""
        head = self.representative
        return (
            *((head.make(Representative, kind=RepresentativeKind(head.kind)),) if head else ()),
            *(
                agent.make(Representative, "authority", kind=RepresentativeKind.AGENT, agent_id=f"g{number}")
                for number, agent in enumerate(self.agents, start=1)
            ),
            *(each.make(Representative, kind=RepresentativeKind.RELATIVE) for each in self.relatives),
        )


_BESIDE: Final = ("representative", "agents", "relatives")
EntityType = Annotated[
    Name | None, Field(default=None, description="Of an entity · 类型", examples=["有限责任公司"])
]
RegisteredAt = Annotated[Address | None, Field(default=None, description="Of an entity · 注册地、登记地")]


class Applicant(Represented):
    """The institution as a party, such as its branch (申请人)."""

    name: Name
    unified_social_credit_code: CreditCode
    phone: Phone
    address: Address
    entity_type: EntityType
    registered_at: RegisteredAt

    def details(self) -> PartyDetails:
        """Return its details as the case keeps them."""
        code = self.unified_social_credit_code
        return self.make(
            PartyDetails,
            "unified_social_credit_code",
            *_BESIDE,
            party_id=APPLICANT_ID,
            id_number=code,
            representatives=self.representatives(),
        )

    def party(self) -> Party:
        """Return it as the case knows it."""
        agents = self.mandates()
        return Party(party_id=APPLICANT_ID, side=Side.APPLICANT, kind=PartyKind.ENTITY, agents=agents)


class DebtorIn(Request):
    """The borrower, or somebody who borrowed together with it (借款人、共同借款人)."""

    kind: Literal["borrower", "co_borrower"]


class GuarantorIn(Request):
    """A guarantor: general, who may wait until the borrower's property was enforced on, or joint (保证人).

    Source: 民法典 686-688; `maximum` of a guarantee for several debts (690), `starts`, `ends` of its period.
    """

    kind: Literal["general_guarantor", "joint_guarantor"]
    contract_number: ContractNumber | None = None
    scope: Statement | None = Field(default=None, description="What is guaranteed, as agreed · 担保范围")
    maximum: PositiveAmount | None = Field(default=None, description="最高额")
    starts: PastDay | None = Field(default=None, description="保证期间起始日")
    ends: PastDay | None = Field(default=None, description="保证期间届满日")


class SecurityIn(Request):
    """Somebody whose thing secures the debt (抵押人、出质人)."""

    kind: Literal["mortgagor", "pledgor"]
    thing: Statement = Field(description="What is mortgaged or pledged · 抵押财产、质押财产")
    contract_number: ContractNumber | None = None
    scope: Statement | None = Field(default=None, description="What is secured, as agreed · 担保范围")
    maximum: PositiveAmount | None = Field(default=None, description="最高额")
    registered: Annotated[bool, Field(strict=True)] | None = Field(default=None, description="是否办理登记")


class HeirIn(Request):
    """An heir of the borrower, who answers up to the value of what was inherited (继承人; 民法典 1161)."""

    kind: Literal["heir"]
    deceased: Name = Field(description="被继承人")
    maximum: PositiveAmount | None = Field(default=None, description="Value of the estate · 遗产实际价值")


LiabilityIn = Annotated[DebtorIn | GuarantorIn | SecurityIn | HeirIn, Field(discriminator="kind")]


class Particulars(Request):
    """What the courts' forms ask beside who a party is; what is left out stays open on the papers."""

    sex: Sex | None = Field(
        default=None, description="Of a person whose number does not tell it, such as a passport's · 性别"
    )
    birth_date: BirthDay | None = Field(
        default=None, description="Of a person whose number does not tell it · 出生日期"
    )
    ethnicity: Name | None = Field(default=None, description="Of a person · 民族", examples=["畲族"])
    employer: Name | None = Field(default=None, description="Of a person · 工作单位")
    position: Name | None = Field(default=None, description="Of a person · 职务")
    residence: Address | None = Field(
        default=None, description="Of a person: where it usually lives · 经常居住地"
    )
    entity_type: EntityType
    registered_at: RegisteredAt


class Respondent(Represented, Particulars):
    """Somebody who owes the debt or answers for it (被申请人)."""

    model_config = ConfigDict(json_schema_extra={"oneOf": party_number_schema()})

    kind: PartyKind
    name: Name
    id_number: IdNumber
    phone: Phone
    address: Address
    id_document: IdDocument | None = Field(
        default=None,
        description="Which paper a person's number is from; needed where the number does not tell "
        "(passport, 回乡证, 台胞证) · 证件类型",
    )
    account: Account | None = Field(default=None, description="Repayment account or card number · 还款账户")
    liability: LiabilityIn | None = Field(
        default=None, description="As what this party answers; the borrower if left out · 责任性质"
    )

    def details(self, party_id: str) -> PartyDetails:
        """Return the details as the case keeps them: what the number tells is not kept beside it."""
        document: dict[str, Any] = {"id_document": self.id_document} | told_by(self.id_number)
        terms = self.liability.make(LiabilityTerms, "kind") if self.liability else None
        return self.make(
            PartyDetails,
            "kind",
            *_BESIDE,
            party_id=party_id,
            representatives=self.representatives(),
            **document,
            liability=terms if terms != LiabilityTerms() else None,
        )

    def party(self, party_id: str) -> Party:
        """Return the party as the case knows it."""
        liability = LiabilityKind(self.liability.kind) if self.liability else None
        return Party(
            party_id=party_id,
            side=Side.RESPONDENT,
            kind=self.kind,
            liability=liability,
            # Who files says who acts for its opponent: the opponent has to confirm that.
            agents=self.mandates(confirmed=False),
        )


def told_by(number: str) -> dict[str, None]:
    """Return None for each detail that a normalised number tells: it is not kept beside the number."""
    if recognised(number) is None:
        return {}
    return dict.fromkeys(("id_document", "sex", "birth_date") if sex(number) else ("id_document",))


class CorrectedParty(Respondent):
    """A party's details as they should be; they replace the stored ones as a whole."""

    party_id: Identifier


class AgentOut(Answer):
    """An agent of a party: the id goes into its token (`case_ids`: case, party and agent)."""

    agent_id: str = Field(examples=["g1"])
    authority: Authority
    acts: bool = Field(
        description="Whether it may act: not before a respondent has confirmed whom the filing named for it "
        "· 是否可以办理：申请书为被申请人列明的代理人，须经本人确认"
    )


class RepresentativeOut(Answer):
    """Somebody who represents or assists a party, unmasked."""

    kind: RepresentativeKind
    name: str
    phone: str | None
    position: str | None
    agent_id: str | None
    firm: str | None
    letter_number: str | None
    relation: str | None


class PartyOut(Answer):
    """A party as shown: masked, and only where a role needs it; its own reader sees itself whole.

    `address`, `representatives` and what only forms ask for are shown to the party itself only.
    """

    party_id: str
    side: Side
    kind: PartyKind
    liability: LiabilityKind | None = Field(
        default=None, description="As what a respondent answers · 责任性质"
    )
    agents: list[AgentOut] = Field(default_factory=list, description="委托代理人")
    identified: bool = Field(
        default=False,
        description="Whether the mediation has checked who it is; before that it can't sign online · "
        "是否已核对身份",
    )
    name: str | None = Field(default=None, description="张*", examples=["张*"])
    id_number: str | None = Field(default=None, examples=["110105********002X"])
    id_document: IdDocument | None = None
    phone: str | None = Field(default=None, examples=["138****1234"])
    account: str | None = Field(default=None, examples=["***************0004"])
    address: str | None = None
    representatives: list[RepresentativeOut] | None = Field(
        default=None, description="Who stands beside the party · 代表人、代理人、协助人"
    )
    sex: Sex | None = Field(default=None, description="性别, as filed; a resident id number tells it")
    birth_date: DayText | None = Field(default=None, description="出生日期, as well")
    ethnicity: str | None = Field(default=None, description="民族")
    employer: str | None = Field(default=None, description="工作单位")
    position: str | None = Field(default=None, description="职务")
    residence: str | None = Field(default=None, description="经常居住地")
    entity_type: str | None = Field(default=None, description="类型")
    registered_at: str | None = Field(default=None, description="注册地、登记地")


def parties_out(
    parties: Sequence[Party], details: Sequence[PartyDetails], own: frozenset[str] = frozenset()
) -> Sequence[Party | PartyOut]:
    """Show parties, masked but for the reader's `own` (domain §8); without `details`, what the case holds."""
    if not details:
        return [replace(party, liability=liability_of(party)) for party in parties]
    known = {entry.party_id: entry for entry in details}
    return [_shown(party, known[party.party_id], whole=party.party_id in own) for party in parties]


def _shown(party: Party, details: PartyDetails, *, whole: bool) -> PartyOut:
    return PartyOut(
        party_id=party.party_id,
        side=party.side,
        kind=party.kind,
        liability=liability_of(party),
        agents=[AgentOut.of(agent) for agent in party.agents],
        identified=party.identified,
        id_document=document_of(party, details),
        **(_whole(details) if whole else _masked(party, details)),
    )


def _whole(details: PartyDetails) -> dict[str, Any]:
    names = ("name", "id_number", "phone", "account", "address", *PARTICULARS)
    own = {name: getattr(details, name) for name in names}
    return own | {"representatives": [RepresentativeOut.of(each) for each in details.representatives]}


def _masked(party: Party, details: PartyDetails) -> dict[str, Any]:
    return {
        "name": mask_name(details.name),
        "id_number": mask_id_number(details.id_number, document_of(party, details)),
        "phone": mask_phone(details.phone),
        "account": mask_account(details.account) if details.account else None,
    }


def party_faults(entries: object, at: str, today: date, applicant: object = None) -> Iterator[RequestFault]:
    """Yield wrong numbers, repeated parties and the applicant's own number in the list under `at`."""
    own = applicant.get("unified_social_credit_code") if isinstance(applicant, dict) else None
    seen: set[str] = set()
    for index, entry in enumerate(entries if isinstance(entries, list) else ()):
        number = entry.get("id_number") if isinstance(entry, dict) else None
        if not isinstance(number, str):
            continue
        held = normalised(number)
        yield from particulars_faults(entry, f"{at}/{index}")
        yield from birth_faults(entry, held, f"{at}/{index}", today)
        if fault := paper_fault(entry, held, today):
            yield RequestFault(f"{at}/{index}/{fault[0]}", fault[1])
        elif isinstance(own, str) and held == normalised(own):
            yield RequestFault(f"{at}/{index}/id_number", "own_opponent")
        elif held in seen:
            yield RequestFault(f"{at}/{index}/id_number", "duplicate_party")
        seen.add(held)


def particulars_faults(entry: Mapping[str, Any], at: str) -> Iterator[RequestFault]:
    """Yield what is told of a party but belongs to the other kind of party."""
    person = entry.get("kind") == "person"
    for name in OF_AN_ENTITY if person else OF_A_PERSON:
        if entry.get(name) is not None:
            yield RequestFault(f"{at}/{name}", "of_entities_only" if person else "of_persons_only")


def birth_faults(entry: Mapping[str, Any], number: str, at: str, today: date) -> Iterator[RequestFault]:
    """Yield a person's day of birth that is still to come, and what its number tells otherwise."""
    if entry.get("kind") != "person":
        return
    stated, born_on = entry.get("sex"), _day(entry.get("birth_date"))
    telling = recognised(number) is not None and is_sound(number)
    if born_on is not None and born_on > today:
        yield RequestFault(f"{at}/birth_date", "date_in_future", values={"today": today})
    elif born_on is not None and telling and not born_then(number, born_on):
        yield RequestFault(f"{at}/birth_date", "birth_date_differs")
    if telling and isinstance(stated, str) and stated != (sex(number) or stated):
        yield RequestFault(f"{at}/sex", "sex_differs")


def _day(value: object) -> date | None:
    """Return the day that a text names; what else it may be, its own field's check tells."""
    try:
        return read_date(value)
    except ValueError:
        return None


def paper_fault(entry: Mapping[str, Any], number: str, today: date) -> tuple[str, str] | None:
    """Return the field and the code of what is wrong with a party's number and the name of its paper."""
    kind, stated = entry.get("kind"), entry.get("id_document")
    # Another value than a paper's name is a fault of that field, which the model tells.
    document = IdDocument(stated) if isinstance(stated, str) and stated in set(IdDocument) else None
    told = recognised(number)
    if document is not None and (kind == "entity" or (told or document) is not document):
        return "id_document", "id_document_differs"
    fault = number_fault(kind, number, document, today)
    return ("id_number", fault) if fault else None


def representation_faults(body: Mapping[str, Any]) -> Iterator[RequestFault]:
    """Yield persons with an entity's representative, and agents who would act for both sides (民法典 168)."""
    respondents = body.get("respondents")
    entries = respondents if isinstance(respondents, list) else []
    own = _agents_of(body.get("applicant"))
    for index, entry in enumerate(entries):
        if not isinstance(entry, dict):
            continue
        if entry.get("kind") == "person" and entry.get("representative") is not None:
            yield RequestFault(f"/respondents/{index}/representative", "representative_of_a_person")
        for number, agent in enumerate(_agents_of(entry)):
            if agent is not None and any(each and same_person(each, agent) for each in own):
                yield RequestFault(f"/respondents/{index}/agents/{number}", "agent_of_both_sides")


def _agents_of(party: object) -> list[Representative | None]:
    """Return what each agent of a party is known by."""
    agents = party.get("agents") if isinstance(party, dict) else None
    return [_known_by(agent) for agent in (agents if isinstance(agents, list) else ())]


def _known_by(agent: object) -> Representative | None:
    told = agent if isinstance(agent, dict) else {}
    name, phone, firm, letter = (_text(told, key) for key in ("name", "phone", "firm", "letter_number"))
    if name is None:
        return None
    return Representative(
        kind=RepresentativeKind.AGENT,
        name=name,
        phone=phone and normalised_phone(phone),
        firm=firm,
        letter_number=letter,
    )


def _text(told: Mapping[str, Any], key: str) -> str | None:
    value = told.get(key)
    return value if isinstance(value, str) else None


def period_faults(entries: object, at: str) -> Iterator[RequestFault]:
    """Yield the periods of guarantees that end before they begin, in the list under the pointer `at`."""
    for index, entry in enumerate(entries if isinstance(entries, list) else ()):
        terms = entry.get("liability") if isinstance(entry, dict) else None
        starts, ends = (terms.get(name) if isinstance(terms, dict) else None for name in ("starts", "ends"))
        if isinstance(starts, str) and isinstance(ends, str) and ends < starts:
            yield RequestFault(f"{at}/{index}/liability/ends", "period_order")


def party_warnings(party: Applicant | Respondent, at: str, hub: Hub) -> Iterator[RequestFault]:
    """Yield what is accepted of the party under the pointer `at` but may be a slip.

    That is a card number whose check digit does not fit, a phone that can't get a one-time code, several
    people in one name, an address such as 同上, and text with characters that papers show as code points.
    """
    if not takes_messages(party.phone):
        yield RequestFault(f"{at}/phone", "phone_takes_no_codes")
    if isinstance(party, Respondent) and party.account and not luhn_fits(party.account):
        yield RequestFault(f"{at}/account", "account_checksum")
    if isinstance(party, Respondent) and party.kind is PartyKind.PERSON and names_several(party.name):
        yield RequestFault(f"{at}/name", "name_of_several")
    if len(party.address) < _SHORTEST_ADDRESS:
        yield RequestFault(f"{at}/address", "address_incomplete")
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
