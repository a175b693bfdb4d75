"""The people in a document: parties, their agents, their addresses for service, and who signs.

The fields are those of the Supreme People's Court's element forms (要素式文书). A repr shows no personal
data, so that none gets into a log.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from datetime import date


class Blank(Enum):
    """An answer that the hub does not know; whoever files the paper ticks it by hand."""

    BLANK = auto()


BLANK: Final = Blank.BLANK
Stated: TypeAlias = str | Blank | None
"""An answer to 是否: the text stated (yes), None (no), or BLANK (not known)."""


class Quiet:
    """Keeps personal data out of reprs, and so out of logs and tracebacks."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"{type(self).__name__}(...)"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Person(Quiet):
    """A natural person (自然人)."""

    name: str
    id_number: str  # 证件号码
    id_kind: str = "居民身份证"  # 证件类型
    sex: str | None = None
    born_on: date | None = None
    ethnicity: str | None = None  # 民族
    employer: str | None = None  # 工作单位
    position: str | None = None  # 职务
    phone: str | None = None
    domicile: str | None = None  # 住所地（户籍所在地）
    residence: str | None = None  # 经常居住地


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Entity(Quiet):
    """A legal person or an organisation without legal personality (法人、非法人组织)."""

    name: str
    credit_code: str  # 统一社会信用代码
    domicile: str | None = None  # 住所地（主要办事机构所在地）
    registered_at: str | None = None  # 注册地/登记地
    representative: str | None = None  # 法定代表人/主要负责人
    representative_position: str | None = None
    representative_phone: str | None = None
    kind: str | None = None  # 类型


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Agent(Quiet):
    """A person who acts for a party (委托诉讼代理人)."""

    name: str
    organisation: str | None = None
    phone: str | None = None
    authority: str | None = None  # 代理权限: 一般授权/特别授权
    letter: str | None = None  # 授权委托书编号
    relation: str | None = None  # 与当事人关系, of a relative who assists


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Service(Quiet):
    """A party's address for service (送达地址), on paper and electronically."""

    address: str
    recipient: str
    phone: str
    # 电子送达方式: 短信/微信/传真/邮箱 with the number; None: not accepted; BLANK: not said yet
    electronic: str | Blank | None = None


Who: TypeAlias = Person | Entity


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Participant(Quiet):
    """A party, its agents and its address for service; `standing`: as what a respondent answers."""

    who: Who
    standing: str | None = None
    agents: tuple[Agent, ...] = ()
    relatives: tuple[Agent, ...] = ()  # 协助参加调解的近亲属: they assist and do not act for the party
    service: Service | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Signatory(Quiet):
    """A person who signs, the role, and the day if it is known already."""

    role: str
    name: str
    signed_on: date | None = None
