"""The parties: what a case may know of them, and, apart from it, their personal data.

Promise: `Party` holds nothing personal and travels with the case; `PartyDetails` holds all of it, is
stored encrypted beside the case and is read only by what must show it. So no queue, log or workflow
that handles a case can leak personal data. Downside: showing a case with its parties takes a second read.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from chalicelib.domain.id_documents import IdDocument, Sex, recognised, shown_characters
from chalicelib.domain.liability import LiabilityKind, LiabilityTerms
from chalicelib.domain.representatives import (
    Authority,
    Mandate,
    Representative,
    RepresentativeKind,
    same_person,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class Side(StrEnum):
    """Which side of the dispute."""

    APPLICANT = "applicant"  # 申请人
    RESPONDENT = "respondent"  # 被申请人


class PartyKind(StrEnum):
    """A natural person or an organisation."""

    PERSON = "person"  # 自然人
    ENTITY = "entity"  # 法人或非法人组织


class IdentityShown(StrEnum):
    """How somebody made sure of who a party is (核对身份); a call to the number on record shows nothing."""

    IN_PERSON = "in_person"  # 当面查验证件
    VIDEO = "video"  # 视频核对本人与证件
    VOUCHED_FOR = "vouched_for"  # 村（居）委会等基层组织当场辨认


@dataclass(frozen=True, slots=True, kw_only=True)
class Identification:
    """Who made sure of a party's identity, how, and with which of its phones on record.

    `phone_since` is the party's of that time: once another number is put on record, the check counts no more.
    """

    subject: str
    how: IdentityShown
    at: datetime
    phone_since: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A party as the case knows it; `party_id` is unique within the case ("a1", "r1", "r2" ...).

    `liability` is None for applicants, and for respondents of earlier releases: see `liability_of`.
    `agents_so_far` is the highest number that an agent of it has had, kept when one is revoked.
    `phone_set_by` is the subject of who corrected its phone, `phone_since` the version of the case by that.
    `identity` is the last check of who it is; `identified_by` tells whether it counts.
    """

    party_id: str
    side: Side
    kind: PartyKind
    liability: LiabilityKind | None = None
    agents: tuple[Mandate, ...] = ()
    agents_so_far: int | None = None
    phone_set_by: str | None = None
    phone_since: int | None = None
    identity: Identification | None = None

    @property
    def acting_agents(self) -> tuple[Mandate, ...]:
        """Its agents, without those whom another named and it has not confirmed."""
        return tuple(agent for agent in self.agents if agent.acts)

    @property
    def unconfirmed_agents(self) -> frozenset[str]:
        """The agents whom another named for it, and whom it has not confirmed."""
        return frozenset(agent.agent_id for agent in self.agents if not agent.acts)

    @property
    def identified_by(self) -> str | None:
        """Return who made sure that the holder of its phone on record is the party; None if nobody did.

        Who put that number on record can't be the one who says so.
        """
        check = self.identity
        if check is None or check.phone_since != self.phone_since or check.subject == self.phone_set_by:
            return None
        return check.subject

    @property
    def identified(self) -> bool:
        """Tell whether somebody of the mediation knows who it is."""
        return self.identified_by is not None


OF_A_PERSON: Final = ("sex", "birth_date", "ethnicity", "employer", "position", "residence")
OF_AN_ENTITY: Final = ("entity_type", "registered_at")
PARTICULARS: Final = OF_A_PERSON + OF_AN_ENTITY
"""What the courts' forms ask beside who a party is; each may be unknown, and is then open on a paper."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormerPhone:
    """A number that a party had on record; event `by` of the case replaced it, or one since event `since`.

    The two differ only for a number that an earlier release remembered, which did not keep the event.
    """

    phone: str
    since: int
    by: int

    def __repr__(self) -> str:
        return f"FormerPhone({self.since}, {self.by})"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyDetails:
    """A party's personal data (个人信息). Its repr shows nothing, so that it can't get into a log.

    `id_document` is given where a person's number does not tell which paper it is from; see `document_of`.
    `former_phones` are all that were replaced; `former_phone` is the last one, as an earlier release kept it.
    """

    party_id: str
    name: str
    id_number: str
    phone: str
    address: str
    account: str | None = None
    id_document: IdDocument | None = None
    liability: LiabilityTerms | None = None
    representatives: tuple[Representative, ...] = ()
    former_phone: str | None = None
    sex: Sex | None = None  # 性别, where the number does not tell it
    birth_date: date | None = None  # 出生日期, as well
    ethnicity: str | None = None  # 民族
    employer: str | None = None  # 工作单位
    position: str | None = None  # 职务
    residence: str | None = None  # 经常居住地
    entity_type: str | None = None  # 类型: 有限责任公司, 个体工商户 ...
    registered_at: str | None = None  # 注册地/登记地
    former_phones: tuple[FormerPhone, ...] = ()

    def __repr__(self) -> str:
        return f"PartyDetails({self.party_id!r}, ...)"

    @property
    def earlier_phones(self) -> tuple[str, ...]:
        """The numbers that were replaced, the last one at the end; not one that is on record again."""
        replaced = [each.phone for each in self.former_phones]
        numbers = dict.fromkeys([*replaced, *filter(None, (self.former_phone,))])
        return tuple(each for each in numbers if each != self.phone)

    def phone_before(self, sequence: int) -> str | None:
        """Return the number that an event of the case replaced; None if it replaced none."""
        if self.former_phone is not None:
            return self.former_phone
        return next((each.phone for each in self.former_phones if each.since <= sequence <= each.by), None)


def liability_of(party: Party) -> LiabilityKind | None:
    """Return as what a respondent answers: as borrower, if nothing else was stated; None for an applicant."""
    if party.side is Side.APPLICANT:
        return None
    return party.liability or LiabilityKind.BORROWER


def document_of(party: Party, details: PartyDetails) -> IdDocument | None:
    """Return the paper that a person's number is from; None for an organisation, or if it is not known."""
    if party.kind is PartyKind.ENTITY:
        return None
    return details.id_document or recognised(details.id_number.upper())


def check_parties(parties: Sequence[Party], details: Sequence[PartyDetails]) -> None:
    """Raise ValueError unless these are the parties of a dispute, each with its details."""
    ids = sorted(party.party_id for party in parties)
    if len(ids) > len(set(ids)) or ids != sorted(entry.party_id for entry in details):
        raise ValueError("each party has an id of its own and its details, and there are no others")
    if {party.side for party in parties} != set(Side):
        raise ValueError("a dispute has a party on either side")
    applicants = {party.party_id for party in parties if party.side is Side.APPLICANT}
    own = {entry.id_number for entry in details if entry.party_id in applicants}
    if own & {entry.id_number for entry in details if entry.party_id not in applicants}:
        raise ValueError("nobody is its own opponent")


def with_phone_set_by(party: Party, subject: str, version: int) -> Party:
    """Return a party whose phone somebody corrected, in the version of the case that is made by it."""
    return replace(party, phone_set_by=subject, phone_since=version)


def with_identity(party: Party, check: Identification) -> Party:
    """Return a party of whom somebody made sure who it is."""
    return replace(party, identity=check)


def remembering_phone(before: PartyDetails, after: PartyDetails, sequence: int) -> PartyDetails:
    """Return details as event `sequence` corrects them, with every number so far: each is told."""
    known = before.former_phones
    if before.former_phone is not None:
        known = (*known, FormerPhone(phone=before.former_phone, since=1, by=sequence - 1))
    if before.phone != after.phone:
        known = (*known, FormerPhone(phone=before.phone, since=sequence, by=sequence))
    return replace(after, former_phone=None, former_phones=known)


def with_agent(party: Party, authority: Authority) -> Party:
    """Return a party with one agent more, under a number that no agent of it has had."""
    number = _agents_so_far(party) + 1
    mandate = Mandate(agent_id=f"g{number}", authority=authority)
    return replace(party, agents=(*party.agents, mandate))


def with_confirmed(party: Party, agent_id: str) -> Party:
    """Return a party that wants an agent whom another named for it."""
    agents = (
        replace(agent, confirmed=True) if agent.agent_id == agent_id else agent for agent in party.agents
    )
    return replace(party, agents=tuple(agents))


def without_agent(party: Party, agent_id: str) -> Party:
    """Return a party without an agent; its number is remembered, so that its token never fits another."""
    left = tuple(agent for agent in party.agents if agent.agent_id != agent_id)
    return replace(party, agents=left, agents_so_far=_agents_so_far(party))


def _agents_so_far(party: Party) -> int:
    return max(party.agents_so_far or 0, *(int(agent.agent_id[1:]) for agent in party.agents), 0)


def numbered_as(party: Party, details: PartyDetails) -> PartyDetails:
    """Return details whose agents, in their order, have the numbers that the case knows them by."""
    known = iter(party.agents)
    numbered = tuple(
        replace(each, agent_id=next(known).agent_id) if each.kind is RepresentativeKind.AGENT else each
        for each in details.representatives
    )
    return replace(details, representatives=numbered)


def held_by_another(details: Iterable[PartyDetails], corrected: PartyDetails) -> bool:
    """Tell whether another party of the case has the number of these details."""
    return any(
        entry.id_number == corrected.id_number for entry in details if entry.party_id != corrected.party_id
    )


def acts_for_another_side(
    parties: Iterable[Party], details: Iterable[PartyDetails], party_id: str, agent: Representative
) -> bool:
    """Tell whether the same person is an agent of the other side (民法典 168)."""
    sides = {party.party_id: party.side for party in parties}
    return any(
        each.kind is RepresentativeKind.AGENT and same_person(each, agent)
        for entry in details
        if sides[entry.party_id] is not sides.get(party_id)
        for each in entry.representatives
    )


def mask_name(name: str) -> str:
    """张三 -> 张*, as shown to those who need not know; a name of one character is hidden."""
    return _masked(name, 1, 0, hidden=1)


def mask_id_number(number: str, document: IdDocument | None = None) -> str:
    """Keep the first 6 and the last 4 characters, of a passport or travel permit fewer; hide shorter ones."""
    return _masked(number, *shown_characters(document))


def mask_phone(phone: str) -> str:
    """138****1234: keep the first 3 and the last 4 digits; hide a number too short for that."""
    return _masked(phone, 3, 4)


def mask_account(account: str) -> str:
    """Keep the last 4 digits; hide a number too short for that."""
    return _masked(account, 0, 4)


def _masked(text: str, head: int, tail: int, hidden: int = 4) -> str:
    # Fewer than `hidden` stars could be guessed: then nothing is shown, not even the length.
    stars = len(text) - head - tail
    return text[:head] + "*" * stars + text[len(text) - tail :] if stars >= hidden else "*" * hidden
