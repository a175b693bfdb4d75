"""The parties: what a case may know of them, and, apart from it, their personal data.

Promise: `Party` holds nothing personal and travels with the case; `PartyDetails` holds all of it, is
stored encrypted beside the case and is read only by what must show it. So no queue, log or workflow
that handles a case can leak personal data. Downside: showing a case with its parties takes a second read.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from chalicelib.domain.id_documents import IdDocument, recognised, shown_characters
from chalicelib.domain.liability import LiabilityKind, LiabilityTerms
from chalicelib.domain.representatives import Mandate, Representative

if TYPE_CHECKING:
    from collections.abc import Sequence


class Side(StrEnum):
    """Which side of the dispute."""

    APPLICANT = "applicant"  # 申请人
    RESPONDENT = "respondent"  # 被申请人


class PartyKind(StrEnum):
    """A natural person or an organisation."""

    PERSON = "person"  # 自然人
    ENTITY = "entity"  # 法人或非法人组织


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A party as the case knows it; `party_id` is unique within the case ("a1", "r1", "r2" ...).

    `liability` is None for applicants, and for respondents of earlier releases: see `liability_of`.
    """

    party_id: str
    side: Side
    kind: PartyKind
    liability: LiabilityKind | None = None
    agents: tuple[Mandate, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyDetails:
    """A party's personal data (个人信息). Its repr shows nothing, so that it can't get into a log.

    `id_document` is given where a person's number does not tell which paper it is from; see `document_of`.
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

    def __repr__(self) -> str:
        return f"PartyDetails({self.party_id!r}, ...)"


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
