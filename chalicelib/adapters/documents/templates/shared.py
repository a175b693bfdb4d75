"""Texts that several templates share: who the parties are, how they are served, who signs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chalicelib.adapters.documents.outline import Field, Signature, Signatures
from chalicelib.adapters.documents.templates.elements import Element
from chalicelib.adapters.documents.views.common import BLANK, Person
from chalicelib.adapters.documents.wording import (
    BLANK_DAY,
    NOT_TICKED,
    asked,
    boxes,
    choice,
    day,
    labelled,
    stated,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chalicelib.adapters.documents.views.common import Agent, Participant, Service, Signatory, Who


def names(participants: Iterable[Participant]) -> str:
    """Return the parties' names in one line."""
    return "、".join(participant.who.name for participant in participants)


def described(who: Who) -> str:
    """Return a party's particulars line by line; behind what is not known there is room to write."""
    return asked(*((each.label, each.written(who)) for each in particulars(who)))


def particulars(who: Who) -> tuple[Element, ...]:
    """Return what the forms ask about a party of this kind."""
    return PERSON if isinstance(who, Person) else ENTITY


def nature(who: Who) -> str:
    """Return what kind of party this is."""
    return "自然人" if isinstance(who, Person) else "法人、非法人组织"


PERSON: Final = (
    Element("name", "姓名"),
    Element("sex", "性别", lambda sex: sex or boxes(("男", False), ("女", False))),
    Element("born_on", "出生日期", day),
    Element("ethnicity", "民族"),
    Element("employer", "工作单位"),
    Element("position", "职务"),
    Element("phone", "联系电话"),
    Element("domicile", "住所地（户籍所在地）"),
    Element("residence", "经常居住地"),
    Element("id_kind", "证件类型"),
    Element("id_number", "证件号码"),
)
ENTITY: Final = (
    Element("name", "名称"),
    Element("domicile", "住所地（主要办事机构所在地）"),
    Element("registered_at", "注册地/登记地"),
    Element("representative", "法定代表人/主要负责人"),
    Element("representative_position", "职务"),
    Element("representative_phone", "联系电话"),
    Element("credit_code", "统一社会信用代码"),
    Element("kind", "类型"),
)
"""The particulars of a party, as the element forms order them."""


def agents(all_of: Iterable[Agent]) -> str:
    """Return the agents' particulars; nothing if none is known."""
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
    return "\n".join(described_agents)


SERVICE: Final = (
    Element("address", "送达地址"),
    Element("recipient", "收件人"),
    Element("phone", "送达电话"),
    Element("electronic", "电子送达方式", stated),
)
"""A party's address for service, as an element table has it."""


def served(service: Service) -> str:
    """Return a party's address for service on paper."""
    return labelled(("地址", service.address), ("收件人", service.recipient), ("电话", service.phone))


def electronically(service: Service) -> str:
    """Return whether and how a party is served electronically."""
    if service.electronic is BLANK:
        return NOT_TICKED
    return f"是☑　方式：{service.electronic}\n否☐" if service.electronic else choice(False)


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


def sued(role: str, participants: Iterable[Participant]) -> list[Field]:
    """Return a complaint's rows for the parties of a role.

    Who acts in the suit the plaintiff tells; of others, nothing is asked where nobody is known.
    """
    rows: list[Field] = []
    for participant in participants:
        for row in introduced(role, (participant,)):
            if row.label != f"{role}的委托代理人":
                rows.append(row)
            elif participant.agents or role == "原告":
                rows.append(Field(label=f"{role}的委托诉讼代理人", value=_litigators(participant.agents)))
    return rows


def _litigators(known: tuple[Agent, ...]) -> str:
    open_row = asked(*((label, "") for label in ("姓名", "单位", "联系电话", "代理权限")))
    return "\n".join((boxes(("有", bool(known)), ("无", False)), agents(known) if known else open_row))


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
