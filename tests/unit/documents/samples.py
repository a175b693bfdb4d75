"""Views that try the layouts: many respondents, sixty instalments, markup in every text.

Promise: one sample for every view; all persons and numbers are made up.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from chalicelib.adapters.documents.views.calculation import Calculation
from chalicelib.adapters.documents.views.common import Service, Signatory
from chalicelib.adapters.documents.views.court import ConfirmationApplication
from chalicelib.adapters.documents.views.mediation import (
    Account,
    Instalment,
    MediationAgreement,
    MediationReport,
    ServiceAddressConfirmation,
    UndisputedFacts,
    Waiver,
)
from chalicelib.domain.loan.charges import cost
from chalicelib.domain.loan.loan_terms import assess_loan
from chalicelib.domain.money import Money
from tests.unit.documents.complaints import CARD_COMPLAINT, LOAN_COMPLAINT
from tests.unit.documents.people import (
    CLAIM,
    COURT,
    HARSH,
    LONG_ADDRESS,
    LONG_NUMBER,
    MADE_ON,
    ORGANISATION,
    RESPONDENTS,
    bank,
)
from tests.unit.domain.loan.support import g2, pay

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.adapters.documents.registry import View
    from chalicelib.domain.loan.statement import Statement

_SIGNATORIES: Final = (
    Signatory(role="申请人", name=bank().who.name, signed_on=MADE_ON),
    *(Signatory(role="被申请人", name=each.who.name) for each in RESPONDENTS),
    Signatory(role="调解员", name="陈某", signed_on=MADE_ON),
    Signatory(role="调解组织", name=ORGANISATION),
)
_WAIVER: Final = Waiver(penalty_interest=Money(478742), compound_interest=Money(15840))


def plan(months: int) -> tuple[Instalment, ...]:
    """Spread what is payable over months; the last payment takes the rest."""
    payable = (CLAIM.total - _WAIVER.total).fen
    each = payable // months
    amounts = [each] * (months - 1) + [payable - each * (months - 1)]
    return tuple(
        Instalment(number=number, due_on=date(2026 + number // 12, number % 12 + 1, 20), amount=Money(amount))
        for number, amount in enumerate(amounts, start=1)
    )


def agreement(months: int = 60) -> MediationAgreement:
    """Make an agreement in so many instalments."""
    return MediationAgreement(
        number="（2026）蕉普金调字第00123号",
        organisation=ORGANISATION,
        mediators=("陈某", "林某"),
        applicants=(bank(),),
        respondents=RESPONDENTS,
        facts=(
            f"申请人与被申请人龑䶮某于2024年3月20日签订编号为{LONG_NUMBER}的《个人信用借款合同》。",
            "申请人于当日将借款发放至被申请人的账户。被申请人未按约定付息，借款到期后未归还本金。",
            HARSH,
        ),
        dispute="被申请人应否承担逾期罚息、复利以及分期履行的期限。",
        claim=CLAIM,
        waiver=_WAIVER,
        plan=plan(months),
        account=Account(
            holder=bank().who.name, number="6217000000000000004", bank="某某农村商业银行东侨支行"
        ),
        default_clause="被申请人任何一期未按期足额付款的，全部未到期款项自该期届满之次日起立即到期，"
        "申请人有权就全部剩余款项申请强制执行。",
        grace_days=3,
        confirmation=True,
        other_terms=("各方就本案借款再无其他争议。",),
        copies=13,
        signatories=_SIGNATORIES,
        made_on=MADE_ON,
    )


def statement() -> Statement:
    """Assess golden case 2 with a payment and a cost."""
    payments = (pay("2025-01-10", "5000", LONG_NUMBER), pay("2025-03-10", "777.77"))
    costs = (cost(date(2025, 5, 1), Money(350000), "律师费发票 No. 35002300"),)
    return assess_loan(g2(), payments, date(2025, 6, 30), costs=costs)


SAMPLES: Final[Mapping[type[View], View]] = {
    type(view): view
    for view in (
        agreement(),
        LOAN_COMPLAINT,
        CARD_COMPLAINT,
        ConfirmationApplication(
            court=COURT,
            applicants=(bank(), *RESPONDENTS),
            organisation=ORGANISATION,
            mediators=("陈某",),
            agreement_number="（2026）蕉普金调字第00123号",
            cause="金融借款合同纠纷",
            mediated_on=date(2026, 5, 6),
            in_force_on=MADE_ON,
            content=(f"被申请人分60期支付，每期见协议第三条。{HARSH}", "申请人减免罚息和复利的50%。"),
            enclosures=("调解协议书", "调解组织主持调解的证明", "身份证明", "送达地址确认书"),
            signatories=_SIGNATORIES[:-2],
            made_on=MADE_ON,
        ),
        ServiceAddressConfirmation(
            number="00123-r1",
            organisation=ORGANISATION,
            court=COURT,
            cause="金融借款合同纠纷",
            role="被申请人",
            participant=RESPONDENTS[0],
            service=Service(address=LONG_ADDRESS, recipient="龑䶮某", phone="13812341234"),
            agent=None,
            signatory=Signatory(role="确认人", name="龑䶮某"),
            made_on=MADE_ON,
        ),
        UndisputedFacts(
            number="00123",
            organisation=ORGANISATION,
            mediators=("陈某",),
            applicants=(bank(),),
            respondents=RESPONDENTS,
            cause="金融借款合同纠纷",
            facts=(f"合同编号：{LONG_NUMBER}。", "借款本金150,000.00元已于2024年3月20日发放。", HARSH),
            signatories=_SIGNATORIES,
            made_on=MADE_ON,
        ),
        MediationReport(
            number="00123",
            court=COURT,
            organisation=ORGANISATION,
            mediators=("陈某", "林某"),
            guiding_judge="王某",
            applicants=(bank(),),
            respondents=RESPONDENTS,
            cause="金融借款合同纠纷",
            claim=CLAIM,
            accepted_on=date(2026, 4, 8),
            ended_on=MADE_ON,
            extended_days=0,
            sessions=((date(2026, 4, 15), "线上视频；各方到场"), (date(2026, 4, 22), f"线下；{HARSH}")),
            agreed=False,
            reason="各方分歧较大，无法达成调解协议",
            undisputed_facts=True,
            addresses_confirmed=True,
            enclosures=("无争议事实记载", "送达地址确认书"),
            signatory=Signatory(role="调解组织", name=ORGANISATION),
            made_on=MADE_ON,
        ),
        Calculation(
            number="00123",
            contract_number=LONG_NUMBER,
            lender=bank().who.name,
            borrower="龑䶮某",
            statement=statement(),
            made_on=MADE_ON,
        ),
    )
}
