"""The legal bases that a statement's lines and charges refer to.

Promise: each carries its article and a summary in both languages, in the shape of the case's rules, so
that the documentation page and the calculation statement are made from the same values.
Downside: central-bank notices change; percentages are therefore policy data, not here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """Why an amount is owed: a stable name, its source, and what that says."""

    name: str
    article: str
    summary: str
    summary_zh: str


PRINCIPAL_DISBURSED: Final = LegalBasis(
    "principal_disbursed",
    "民法典 670",
    "principal is what was actually paid out; interest withheld in advance is not principal",
    "借款本金按照实际借款数额确定，利息不得预先在本金中扣除",
)
CONTRACT_INTEREST: Final = LegalBasis(
    "contract_interest",
    "民法典 674",
    "interest at the contract rate on principal that is not due yet",
    "未到期本金按合同利率计收利息",
)
OVERDUE_PENALTY: Final = LegalBasis(
    "overdue_penalty",
    "民法典 676；银发〔2003〕251号",
    "overdue principal bears penalty interest, the contract rate raised by 30 to 50 %, instead of interest",
    "逾期本金按罚息利率（合同利率加收30%至50%）计收利息",
)
MISUSE_PENALTY: Final = LegalBasis(
    "misuse_penalty",
    "民法典 673；银发〔2003〕251号",
    "misused principal bears penalty interest, the contract rate raised by 50 to 100 %, instead of interest",
    "未按约定用途使用的本金按罚息利率（合同利率加收50%至100%）计收利息",
)
HIGHER_PENALTY: Final = LegalBasis(
    "higher_penalty",
    "银发〔2003〕251号",
    "principal both overdue and misused bears the higher penalty rate, never both",
    "既逾期又未按约定用途使用的，择其重，不能并处",
)
COMPOUND_IN_TERM: Final = LegalBasis(
    "compound_in_term",
    "银发〔2003〕251号",
    "unpaid interest compounds; before maturity at the contract rate",
    "对不能按时支付的利息计收复利，贷款到期前按合同利率",
)
COMPOUND_AT_PENALTY_RATE: Final = LegalBasis(
    "compound_at_penalty_rate",
    "银发〔2003〕251号",
    "unpaid interest compounds at the penalty rate",
    "对不能按时支付的利息，按罚息利率计收复利",
)
CARD_DRAWN: Final = LegalBasis(
    "card_drawn",
    "银发〔2016〕111号",
    "a card's principal is what was drawn with it and posted to the account",
    "透支本金按照已经入账的透支交易金额确定",
)
CARD_INTEREST: Final = LegalBasis(
    "card_interest",
    "银发〔2016〕111号；银发〔2020〕327号",
    "an overdraft bears interest at the agreed daily rate",
    "信用卡透支按约定日利率计收利息",
)
CARD_COMPOUND: Final = LegalBasis(
    "card_compound",
    "银发〔2016〕111号",
    "interest billed and unpaid compounds at the daily rate, where agreed",
    "已出账单未还的利息按约定计收复利",
)
CARD_PRINCIPAL_FIRST: Final = LegalBasis(
    "card_principal_first",
    "商业银行信用卡业务监督管理办法 [check]",
    "on an account overdue for more than 90 days a payment meets principal first, as the card's terms say",
    "逾期91天（含）以上的，还款按先本金、后利息和费用的顺序冲还",
)
CARD_BREACH_FEE: Final = LegalBasis(
    "card_breach_fee",
    "银发〔2016〕111号；民法典 585",
    "a breach fee on the unpaid minimum payment, as agreed; it bears no interest",
    "未偿还最低还款额的违约金，由发卡机构与持卡人约定，不得计收利息",
)
CARD_FEE: Final = LegalBasis(
    "card_fee",
    "银发〔2016〕111号",
    "a service fee as agreed; it bears no interest",
    "手续费按约定收取，不得计收利息",
)
STATUTORY_ALLOCATION: Final = LegalBasis(
    "statutory_allocation",
    "民法典 560、561",
    "a payment is applied to what is due first: to costs, then interest, then principal",
    "优先履行已到期的债务；依次清偿实现债权的有关费用、利息、主债务",
)
AGREED_ALLOCATION: Final = LegalBasis(
    "agreed_allocation",
    "民法典 560、561",
    "a payment is applied to what is due first, in the order the parties agreed on",
    "优先履行已到期的债务，按当事人约定的顺序清偿",
)
COSTS_OF_ENFORCING: Final = LegalBasis(
    "costs_of_enforcing",
    "民法典 561",
    "the costs of enforcing the claim",
    "实现债权的有关费用",
)
TOTAL_CAP: Final = LegalBasis(
    "total_cap",
    "法发〔2017〕22号 art. 2",
    "interest, compound and penalty interest, breach fee and other charges are reduced, when the borrower "
    "asks for it, to a yearly rate in total",
    "借款人请求的，利息、复利、罚息、违约金和其他费用总计超过年利率上限的部分予以调减",
)

BY_NAME: Final = {basis.name: basis for basis in tuple(vars().values()) if isinstance(basis, LegalBasis)}
"""Every basis by its name, which is what records store."""
