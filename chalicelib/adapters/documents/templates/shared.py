"""Texts that several templates share: who the parties are, how they are served, who signs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.adapters.documents.outline import Field, Signature, Signatures
from chalicelib.adapters.documents.views.common import BLANK, Person
from chalicelib.adapters.documents.wording import BLANK_DAY, NOT_TICKED, NOTHING, day, labelled

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chalicelib.adapters.documents.views.common import (
        Agent,
        Entity,
        Participant,
        Service,
        Signatory,
        Who,
    )


def names(participants: Iterable[Participant]) -> str:
    """Return the parties' names in one line."""
    return "、".join(participant.who.name for participant in participants)


def described(who: Who) -> str:
    """Return a party's particulars line by line, as the element forms order them."""
    return _person(who) if isinstance(who, Person) else _entity(who)


def nature(who: Who) -> str:
    """Return what kind of party this is."""
    return "自然人" if isinstance(who, Person) else "法人、非法人组织"


def _person(person: Person) -> str:
    return labelled(
        ("姓名", person.name),
        ("性别", person.sex),
        ("出生日期", day(person.born_on) if person.born_on else None),
        ("民族", person.ethnicity),
        ("工作单位", person.employer),
        ("职务", person.position),
        ("联系电话", person.phone),
        ("住所地（户籍所在地）", person.domicile),
        ("经常居住地", person.residence),
        ("证件类型", person.id_kind),
        ("证件号码", person.id_number),
    )


def _entity(entity: Entity) -> str:
    return labelled(
        ("名称", entity.name),
        ("住所地（主要办事机构所在地）", entity.domicile),
        ("注册地/登记地", entity.registered_at),
        ("法定代表人/负责人", entity.representative),
        ("职务", entity.representative_position),
        ("联系电话", entity.representative_phone),
        ("统一社会信用代码", entity.credit_code),
        ("类型", entity.kind),
    )


def agents(all_of: Iterable[Agent]) -> str:
    """Return the agents' particulars, or 无."""
    described_agents = (
        labelled(
            ("姓名", agent.name),
            ("单位", agent.organisation),
            ("联系电话", agent.phone),
            ("代理权限", agent.authority),
            ("授权委托书编号", agent.letter),
            ("与当事人关系", agent.relation),
        )
        for agent in all_of
    )
    return "\n".join(described_agents) or NOTHING


def served(service: Service) -> str:
    """Return a party's address for service on paper."""
    return labelled(("地址", service.address), ("收件人", service.recipient), ("电话", service.phone))


def electronically(service: Service) -> str:
    """Return whether and how a party is served electronically."""
    if service.electronic is BLANK:
        return NOT_TICKED
    return f"是☑　方式：{service.electronic}\n否☐" if service.electronic else "是☐　否☑"


def introduced(role: str, participants: Iterable[Participant]) -> list[Field]:
    """Return a form's rows for the parties of a role: particulars, agents, service."""
    rows: list[Field] = []
    for participant in participants:
        rows.append(Field(label=f"{role}\n（{nature(participant.who)}）", value=described(participant.who)))
        if participant.standing:
            rows.append(Field(label="责任性质", value=participant.standing))
        rows.append(Field(label=f"{role}的委托代理人", value=agents(participant.agents)))
        if participant.relatives:
            rows.append(Field(label="协助参加调解的近亲属", value=agents(participant.relatives)))
        if participant.service:
            rows.append(Field(label="送达地址、收件人、电话", value=served(participant.service)))
            rows.append(Field(label="是否接受电子送达", value=electronically(participant.service)))
    return rows


def signatures(signatories: Iterable[Signatory]) -> Signatures:
    """Return a signature line for each, with the day if it is known."""
    return Signatures(
        entries=tuple(
            Signature(role=who.role, name=who.name, day=day(who.signed_on) if who.signed_on else BLANK_DAY)
            for who in signatories
        )
    )


def numbered(items: Iterable[str]) -> list[str]:
    """Return the items with 1. 2. 3. before them."""
    return [f"{number}.{item}" for number, item in enumerate(items, start=1)]
