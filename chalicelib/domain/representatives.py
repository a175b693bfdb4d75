"""Who represents or assists a party: an entity's representative, authorised agents, a relative who helps.

Promise: the case knows of an agent only its id and its authority; names, phones and firms stand with the
party's details. Sources: 民法典 61 (legal representative), 165 (authorisation), 168 (nobody acts for both
sides), 171 (who has no authority binds nobody); 民事诉讼法 61 (one or two agents), 62 (what needs special
authority).
Downside: whether the letter of authority is genuine is checked by who receives it, not by the hub.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from chalicelib.domain.codes import OpenCode


class Authority(OpenCode):
    """How far an agent may act; a code of a later release is read as one without special authority."""

    GENERAL = "general"  # 一般授权
    SPECIAL = "special"  # 特别授权: may settle, admit, waive and change claims


class RepresentativeKind(StrEnum):
    """In which way somebody stands beside a party."""

    LEGAL_REPRESENTATIVE = "legal_representative"  # 法定代表人
    PERSON_IN_CHARGE = "person_in_charge"  # 负责人, of an organisation without legal personality or a branch
    AGENT = "agent"  # 委托代理人
    RELATIVE = "relative"  # 协助参加调解的近亲属


HEADS: Final = frozenset({RepresentativeKind.LEGAL_REPRESENTATIVE, RepresentativeKind.PERSON_IN_CHARGE})
"""Who acts as the entity itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mandate:
    """An agent as the case knows it; `agent_id` is unique within the party ("g1", "g2").

    `confirmed` is False while a respondent has not confirmed whom the other side named in its filing. None
    needs no confirmation: the party authorised the agent itself, or an earlier release stored it.
    """

    agent_id: str
    authority: Authority
    confirmed: bool | None = None

    @property
    def acts(self) -> bool:
        """Whether the party itself wants this agent: nobody acts by what its opponent says of it."""
        return self.confirmed is not False


@dataclass(frozen=True, slots=True, kw_only=True)
class Representative:
    """Somebody who represents or assists a party; its repr shows nothing."""

    kind: RepresentativeKind
    name: str
    phone: str | None = None
    position: str | None = None  # 职务, of an entity's representative
    agent_id: str | None = None
    firm: str | None = None  # 单位, of an agent
    letter_number: str | None = None  # 授权委托书编号
    relation: str | None = None  # 与当事人关系, of a relative

    def __repr__(self) -> str:
        return f"Representative({self.kind}, ...)"


def same_person(one: Representative, other: Representative) -> bool:
    """Tell whether two agents are one person: of one name, and of one phone, firm or letter of authority.

    Of the same name and without a phone on record, they are taken for one.
    """
    firm = one.firm is not None and one.firm == other.firm
    letter = one.letter_number is not None and one.letter_number == other.letter_number
    return one.name == other.name and (one.phone == other.phone or firm or letter)
