"""The sample complaints: every particular filled in, and markup among the facts."""

from __future__ import annotations

from datetime import date
from typing import Final

from chalicelib.adapters.documents.views.common import Signatory
from chalicelib.adapters.documents.views.court import (
    CardClaims,
    CardComplaint,
    CardFacts,
    Litigation,
    LoanClaims,
    LoanComplaint,
    LoanFacts,
    Security,
)
from chalicelib.domain.money import ZERO, Money
from tests.unit.documents.people import CLAIM, COURT, HARSH, LONG_NUMBER, MADE_ON, RESPONDENTS, bank

_LITIGATION: Final = Litigation(
    court=COURT,
    plaintiffs=(bank(),),
    defendants=RESPONDENTS,
    agreed_forum="《个人信用借款合同》第十八条约定由贷款人住所地人民法院管辖。",
    basis_contract="第五条、第八条、第十二条",
    basis_law="《中华人民共和国民法典》第六百七十四条、第六百七十五条、第六百七十六条、第六百九十一条",
    other_facts=HARSH,
    evidence=("个人信用借款合同", "借款借据", "放款凭证", "还款明细", f"催收函（{LONG_NUMBER}）"),
    knows_mediation=True,
    considers_mediation=False,
    signatory=Signatory(role="具状人", name=bank().who.name),
)
LOAN_COMPLAINT: Final = LoanComplaint(
    litigation=_LITIGATION,
    claims=LoanClaims(
        as_of=CLAIM.as_of,
        principal=CLAIM.principal,
        interest=CLAIM.interest,
        compound_interest=CLAIM.compound_interest,
        penalty_interest=CLAIM.penalty_interest,
        method="期内按年利率5.8%，逾期按年利率8.12%，实际天数/360，详见计算说明",
        acceleration="宣布借款于2024年9月20日提前到期",
        security="请求保证人承担连带清偿责任",
        costs=CLAIM.fees,
        costs_detail="律师代理费",
        other="无",
        until_paid=True,
        court_fee=True,
    ),
    facts=LoanFacts(
        contract_name="个人信用借款合同",
        contract_number=LONG_NUMBER,
        signed_on=date(2024, 3, 20),
        signed_at="福建省宁德市蕉城区",
        lender=bank().who.name,
        borrower="龑䶮某",
        agreed=CLAIM.principal,
        disbursed=CLAIM.principal,
        term_from=date(2024, 3, 20),
        term_until=date(2024, 9, 20),
        rate="年利率5.8%（固定利率）",
        overdue_rate="上浮40%，即年利率8.12%",
        compound_rate="对未付利息按罚息利率计收",
        penalty_rate="年利率8.12%",
        rate_clauses="第五条、第八条",
        disbursed_on=date(2024, 3, 20),
        repayment_method="按季付息，到期还本",
        repaid_principal=ZERO,
        repaid_interest=ZERO,
        interest_paid_until=None,
        overdue_since=date(2024, 9, 21),
        overdue_days=283,
        security=Security(
            collateral="2024年3月20日与抵押人签订《抵押合同》",
            securers="阿卜杜热合曼·阿卜杜克热木·买买提吐尔逊",
            things="样例路8号房屋",
            registration=None,
            guarantee="2024年3月20日与各保证人签订《保证合同》",
            joint="被申请人甲某、被申请人乙某",
        ),
    ),
    made_on=MADE_ON,
)
CARD_COMPLAINT: Final = CardComplaint(
    litigation=_LITIGATION,
    claims=CardClaims(
        as_of=CLAIM.as_of,
        principal=Money(4999999),
        interest=Money(312345),
        penalty_interest=ZERO,
        compound_interest=Money(7),
        breach_fee=Money(50000),
        service_fee=Money(12000),
        method="日利率万分之五",
        until_paid=True,
        court_fee=True,
    ),
    facts=CardFacts(
        card_number="6217000000000000004",
        holder="龑䶮某",
        opened_on=date(2021, 2, 28),
        issuer=bank().who.name,
        holder_obligations="持卡人应在到期还款日前偿还不低于最低还款额的款项",
        rate="日利率万分之五，按月计收复利",
        breach_fee_rate="最低还款额未还部分的5%",
        rate_clauses="领用合约第九条、第十条",
        notice_of_terms="合约以加粗字体提示，持卡人抄录确认",
        repaid=Money(123456),
        repayments="2023年1月5日偿还1,234.56元",
        overdue_since=date(2023, 2, 26),
        overdue_days=856,
        demands=("2023年3月1日短信催收", "2023年6月1日电话催收", "2024年1月8日邮寄催收函"),
    ),
    made_on=MADE_ON,
)
