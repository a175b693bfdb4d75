"""Who and what the sample documents speak of: long names and addresses, rare characters, ten respondents.

All persons and numbers are made up.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from chalicelib.adapters.documents.views.common import Agent, Entity, Participant, Person, Service
from chalicelib.domain.claim import Claim
from chalicelib.domain.money import Money

MADE_ON: Final = date(2026, 5, 8)
HARSH: Final = "{{ 7*7 }}{% raw %} #pagebreak() $x$ *粗* _斜_ <w:br/> &amp; ]]> \\n @ref `code` = 标题"
"""Markup of every kind that a document passes through; it must come out as it is."""
LONG_ADDRESS: Final = (
    "福建省宁德市蕉城区蕉北街道办事处鹤峰路一百二十八号东侨经济技术开发区金马花园小区十二幢二单元"
    "一千八百零三室（原门牌号：鹤峰路旧城改造安置房B区）"
)
ORGANISATION: Final = "宁德市蕉城区普惠金融司法协同中心"
COURT: Final = "福建省宁德市蕉城区人民法院"
LONG_NUMBER: Final = "NDJC-2024-PERSONAL-CREDIT-LOAN-CONTRACT-00000000000000123456789012345678901234567890"


def bank(name: str = "某某农村商业银行股份有限公司宁德蕉城普惠金融事业部东侨科技支行") -> Participant:
    """Make an institution with an agent and an address."""
    return Participant(
        who=Entity(
            name=name,
            credit_code="91350100M000100Y43",
            domicile=LONG_ADDRESS,
            registered_at="福建省宁德市",
            representative="欧阳龑",
            representative_position="行长",
            representative_phone="0593-2812345",
            kind="股份有限公司分公司",
        ),
        agents=(
            Agent(name="㛃某", organisation="某某律师事务所", phone="13900000000", authority="特别授权"),
        ),
        service=Service(
            address=LONG_ADDRESS,
            recipient="欧阳龑",
            phone="0593-2812345",
            electronic="邮箱 legal.department.of.the.branch@rural-commercial-bank.example.com",
        ),
    )


def person(name: str, *, harsh: bool = False) -> Participant:
    """Make a person with everything the forms ask for."""
    return Participant(
        who=Person(
            name=name,
            id_number="350902199003070016",
            sex="男",
            born_on=date(1990, 3, 7),
            ethnicity="畲族",
            employer=HARSH if harsh else "宁德市蕉城区八都镇某某茶叶专业合作社",
            position="社员",
            phone="13812341234",
            domicile=LONG_ADDRESS,
            residence="同上",
        ),
        service=Service(address=LONG_ADDRESS, recipient=name, phone="13812341234"),
    )


RESPONDENTS: Final = (
    person("龑䶮某", harsh=True),
    person("阿卜杜热合曼·阿卜杜克热木·买买提吐尔逊"),
    *(person(f"被申请人{number}某") for number in "甲乙丙丁戊己庚辛"),
)
CLAIM: Final = Claim(
    principal=Money(15000000),
    interest=Money(444666),
    penalty_interest=Money(957483),
    compound_interest=Money(31679),
    fees=Money(350005),
    as_of=date(2025, 6, 30),
)
