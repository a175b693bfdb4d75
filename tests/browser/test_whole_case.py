"""A whole case by clicks alone, in Chinese: from the bank's form to the last payment."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import urllib3

from infra.local.demo.phones import Phones
from infra.local.enrolment import ACCOUNT
from infra.local.example import talks_filing

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from infra.local.stack import Stack
    from tests.browser.people import Person

    People = Callable[..., Person]

KINDS = {"financial_loan_contract": "金融借款合同纠纷", "credit_card": "信用卡纠纷"}
MONTHS = 3


def files(clerk: Person, filing: dict[str, Any]) -> str:
    """Type a filing into the form and send it; return the case's id."""
    clerk.follow("提交调解申请")
    clerk.choose(court_id="jiaocheng")
    clerk.tick("纠纷类型", KINDS[filing["case_type"]])
    clerk.tick("同意在线调解吗", "是")
    clerk.type(contract_number=filing["contract_number"])
    bank, borrower = filing["applicant"], filing["respondents"][0]
    clerk.type(applicant__phone=bank["phone"], applicant__address=bank["address"])
    clerk.tick("个人还是单位", "个人")
    clerk.type(
        **{f"respondents__0__{name}": borrower[name] for name in ("name", "id_number", "phone", "address")}
    )
    clerk.type(**{f"claim__{name}": amount for name, amount in filing["claim"].items()})
    clerk.press("提交申请")
    clerk.wait_for("等待指派调解员")
    return re.sub(r".*/cases/([0-9a-f]+).*", r"\1", clerk.page.url)


def appoints_and_accepts(centre: Person, mediator: Person, number: str) -> None:
    """Take the case up at the centre, and accept it as the mediator."""
    centre.follow(number)
    centre.follow("指派调解员")
    centre.choose(mediator_id="林和", judge_id="周正")
    centre.send()
    mediator.page.reload()
    mediator.follow(number)
    mediator.follow("接受指派")
    mediator.send()
    assert "已接受指派" in mediator.text


def comes_in_and_consents(borrower: Person, phones: Phones, phone: str, case_id: str) -> None:
    """By the link in the message and the code, then yes to mediation, online."""
    borrower.page.goto(phones.link(phone, case_id))
    borrower.look()
    borrower.send()
    borrower.type(code=phones.sign_in_code(phone, case_id))
    borrower.send()
    borrower.wait_for("同意或者不同意调解")
    borrower.follow("同意或者不同意调解")
    borrower.page.click("fieldset:has(legend:text-is('您愿意调解吗？')) label >> nth=0")
    borrower.page.click("fieldset:has(legend:text-is('可以在网上谈吗？')) label >> nth=0")
    borrower.send()
    assert "您的答复已经记下" in borrower.text


def offers_monthly_payments(clerk: Person, first: Any) -> None:
    """Choose a tier of the policy, and how many months."""
    clerk.page.reload()
    clerk.follow("提出方案")
    clerk.follow("每月等额本息")
    clerk.tick("减免档次", "分期偿还")
    clerk.type(
        schedule__count=str(MONTHS),
        schedule__year=str(first.year),
        schedule__month=str(first.month),
        schedule__day=str(first.day),
    )
    clerk.send()
    assert "方案已提出" in clerk.text


def accepts(borrower: Person) -> None:
    """Read the offer and accept it."""
    borrower.page.reload()
    borrower.follow("还款方案")
    borrower.follow("返回我的调解")
    borrower.follow("接受这个方案")
    borrower.send()
    assert "您已接受方案" in borrower.text


def draws_up_and_reads(mediator: Person) -> None:
    """Draw the agreement up, and read it before anybody signs."""
    mediator.page.reload()
    mediator.follow("起草调解协议")
    mediator.type(**{f"account__{name}": value for name, value in ACCOUNT.items()})
    mediator.tick("是否申请司法确认", "否")
    mediator.type(default_clause__grace_days="5")
    for question in ("是否恢复已减免的金额", "是否全部立即到期"):
        mediator.tick(question, "是")
    mediator.send()
    assert "协议已起草" in mediator.text
    mediator.follow("方案与协议")
    assert "大写" in mediator.text
    mediator.follow("返回案件")


def is_known(mediator: Person, borrower: Person) -> None:
    """Have the mediator see by video who signs, as the page says it has to."""
    borrower.page.reload()
    assert "签字以前，调解员要先核对您是谁" in borrower.text
    mediator.follow("核对当事人身份")
    mediator.page.check("main input[type=radio][name=party_id]")
    mediator.tick("怎样核对的", "视频查看本人和证件")
    mediator.send()
    assert "该当事人现在可以在线签署" in mediator.text


def party_signs(borrower: Person, phones: Phones, phone: str, case_id: str) -> None:
    """Have a code sent, read, and sign."""
    borrower.page.reload()
    borrower.follow("看协议、签字")
    borrower.press("给我发验证码")
    borrower.type(code=phones.signing_code(phone, case_id))
    borrower.press("签字")
    assert "您已签字" in borrower.text


def bank_signs(clerk: Person, phones: Phones, phone: str, case_id: str) -> None:
    """Have the code of the signatory sent; the last signature puts the agreement in force."""
    clerk.page.reload()
    clerk.follow("签署协议")
    clerk.follow("向当事人手机发送验证码")
    clerk.page.click("fieldset label >> nth=0")
    clerk.send()
    code = phones.signing_code(phone, case_id)
    clerk.follow("签署协议")
    clerk.page.click("fieldset label >> nth=0")
    clerk.type(code=code)
    clerk.send()
    assert "协议生效，正在履行" in clerk.text


def records_every_payment(clerk: Person, day: str) -> None:
    """Record what was paid, instalment by instalment."""
    clerk.follow("方案与协议")
    lines = clerk.page.locator("details").first.locator("li").all_text_contents()
    amounts = [found[1] for line in lines if (found := re.search(r"([0-9,]+\.[0-9]{2})", line))]
    assert len(amounts) == MONTHS
    clerk.follow("返回案件")
    for number, amount in enumerate(amounts, start=1):
        clerk.follow("登记还款")
        clerk.type(reference=f"PAY-{number}", on=day, amount=amount)
        clerk.send()
        assert "还款已登记" in clerk.text


@pytest.mark.parametrize("script", [True, False], ids=["with-scripts", "without-scripts"])
def test_a_case_goes_from_the_banks_form_to_the_last_payment(
    stack: Stack, person: People, *, script: bool
) -> None:
    """Bank, centre, mediator and borrower, each by clicks alone; none of them opens a terminal."""
    name = f"whole-case-{'with' if script else 'without'}"
    filing = talks_filing(name, 21 if script else 22)
    phones = Phones(stack.sms_url, urllib3.PoolManager())
    phone, today = filing["respondents"][0]["phone"], stack.clock.now().date()
    clerk, centre, mediator, borrower = (person(script=script) for _ in range(4))
    clerk.sign_in("示范某")
    case_id = files(clerk, filing)
    number = re.search(r"蕉调〔[0-9]{4}〕[0-9]+号", clerk.text)
    assert number
    centre.sign_in("吴敏")
    mediator.sign_in("林和")
    appoints_and_accepts(centre, mediator, number[0])
    comes_in_and_consents(borrower, phones, phone, case_id)
    offers_monthly_payments(clerk, (today.replace(day=1) + timedelta(days=32)).replace(day=20))
    accepts(borrower)
    draws_up_and_reads(mediator)
    is_known(mediator, borrower)
    party_signs(borrower, phones, phone, case_id)
    bank_signs(clerk, phones, filing["applicant"]["phone"], case_id)
    borrower.page.reload()
    borrower.follow("还款计划")
    borrower.follow("返回我的调解")
    records_every_payment(clerk, today.isoformat())
    assert "已履行完毕" in clerk.text
    borrower.page.reload()
    borrower.follow("还款计划")
    assert "全部还清了" in borrower.text
