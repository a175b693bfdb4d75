"""调解协议书 and 司法确认申请书, from the definite terms.

Promise: sums are those of the agreement, to the fen; the consequences of a default are those agreed on.
Downside: the wording of a clause is ours, the same for every institution.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chalicelib.adapters.documents.composing.liability import (
    IN_CONFIRMATION,
    clauses,
    debtors,
    owed_by_others,
)
from chalicelib.adapters.documents.composing.people import (
    CAUSES,
    DEBT_NAMES,
    all_sign,
    details_of,
    given,
    mediators,
    names,
    participants,
    parties_sign,
)
from chalicelib.adapters.documents.views.court import ConfirmationApplication
from chalicelib.adapters.documents.views.mediation import (
    Account,
    Instalment,
    MediationAgreement,
    Waiver,
)
from chalicelib.adapters.documents.wording import day, in_full, percent, yuan
from chalicelib.domain.claim import CaseType
from chalicelib.domain.loan.burden import CAP_24, burden
from chalicelib.domain.money import ZERO
from chalicelib.domain.papers import PaperKind
from chalicelib.domain.parties import Side

if TYPE_CHECKING:
    from datetime import date

    from chalicelib.domain.agreement.draft import Agreement
    from chalicelib.domain.claim import Claim
    from chalicelib.use_cases.papers import PaperSources


def agreement(sources: PaperSources) -> MediationAgreement:
    """Return the view of the agreement."""
    agreed, case = given(sources.agreement), sources.case
    applicants, respondents = (
        participants(sources, side, of=case.bound) for side in (Side.APPLICANT, Side.RESPONDENT)
    )
    interest_bearing = agreed.plan.interest > ZERO
    return MediationAgreement(
        number=case.known_as,
        organisation=sources.names.organisation,
        mediators=mediators(sources),
        applicants=applicants,
        respondents=respondents,
        facts=_facts(sources),
        dispute=f"{CAUSES[case.case_type]}所涉款项的数额、减免以及清偿的方式和期限。",
        claim=_debt(sources, agreed),
        waiver=_waiver(agreed),
        plan=tuple(
            Instalment(number=line.number, due_on=line.due, amount=line.amount, interest=line.interest)
            for line in agreed.plan.lines
        ),
        account=_account(sources),
        default_clause=_default_clause(agreed, debtors(sources, of=case.bound))
        + _tolerance(agreed)
        + _resumption(sources, agreed),
        debtors=debtors(sources, of=case.bound),
        owed_by=owed_by_others(sources, case.bound),
        liabilities=clauses(sources, of=case.bound),
        grace_days=agreed.default_clause.grace_days,
        confirmation=agreed.confirmation_wanted,
        other_terms=(*_left_out(sources), *_above_the_line(sources, agreed)),
        copies=len(case.bound) + 1,
        signatories=all_sign(sources, of=case.bound),
        made_on=sources.made_on,
        cause=CAUSES[case.case_type],
        debt=DEBT_NAMES[case.case_type],
        plan_rate=percent(agreed.plan.annual_percent) if interest_bearing else None,
        receipt=agreed.receipt_ref,
    )


def confirmation(sources: PaperSources) -> ConfirmationApplication:
    """Return the view of the joint application."""
    agreed = given(sources.agreement)
    bound = sources.case.bound
    sides = (participants(sources, side, of=bound) for side in (Side.APPLICANT, Side.RESPONDENT))
    return ConfirmationApplication(
        court=sources.names.court,
        applicants=tuple(each for side in sides for each in side),
        organisation=sources.names.organisation,
        mediators=mediators(sources),
        agreement_number=sources.case.known_as,
        cause=CAUSES[sources.case.case_type],
        mediated_on=agreed.agreed_on,
        in_force_on=given(sources.in_force_on),
        content=(*_content(agreed), *clauses(sources, IN_CONFIRMATION, of=bound)),
        enclosures=(*_ENCLOSURES, *_addresses(sources)),
        signatories=parties_sign(sources, role="申请人", of=bound),
        made_on=sources.made_on,
    )


_ENCLOSURES: Final = (
    "调解协议书",
    "调解组织主持调解的证明",
    "各申请人的身份证明、资格证明",
)
"""What the court asks for with an application (民事诉讼法 205; 民诉法解释 353)."""


def _addresses(sources: PaperSources) -> tuple[str, ...]:
    return ("送达地址确认书",) if PaperKind.SERVICE_ADDRESS in sources.papers else ()


def _facts(sources: PaperSources) -> tuple[str, ...]:
    case = sources.case
    contract = "信用卡领用合约" if case.case_type is CaseType.CREDIT_CARD else "借款合同"
    between = f"申请人{names(sources, Side.APPLICANT)}与被申请人{names(sources, Side.RESPONDENT)}"
    return (
        f"{between}因履行{contract}（编号：{case.contract_number}）发生{CAUSES[case.case_type]}。",
        "各方当事人对债权债务关系以及下列欠款数额均无异议。",
    )


def _left_out(sources: PaperSources) -> tuple[str, ...]:
    """Return the clause that names who is not bound, so that the content is clear; none if all are."""
    case = sources.case
    left_out = [details_of(sources, p.party_id).name for p in case.parties if p.party_id not in case.bound]
    if not left_out:
        return ()
    return (
        f"被申请人{'、'.join(left_out)}未参加本协议，不受本协议约束；申请人对其享有的权利不因本协议而放弃。",
    )


def _debt(sources: PaperSources, agreed: Agreement) -> Claim:
    owed = agreed.kept + agreed.waived
    return owed.as_claim(_computed_on(sources, agreed))


def _computed_on(sources: PaperSources, agreed: Agreement) -> date:
    # The terms name no day. Take the day of the claim or the statement that has the settled amounts.
    owed, claim, statement = agreed.kept + agreed.waived, sources.case.claim, sources.statement
    if owed.as_claim(claim.as_of) == claim:
        return claim.as_of
    if statement is not None and statement.owed == owed:
        return statement.as_of
    return agreed.agreed_on


def _waiver(agreed: Agreement) -> Waiver:
    waived = agreed.waived
    return Waiver(
        principal=waived.principal,
        interest=waived.interest,
        penalty_interest=waived.penalty_interest + waived.breach_fee,
        compound_interest=waived.compound_interest,
        fees=waived.costs + waived.fees,
        revived_on_default=agreed.default_clause.clawback,
    )


def _account(sources: PaperSources) -> Account | None:
    account = sources.account
    if account is None:
        return None
    return Account(holder=account.holder, number=account.number, bank=account.bank)


def _above_the_line(sources: PaperSources, agreed: Agreement) -> tuple[str, ...]:
    statement = sources.statement
    if statement is None or agreed.on_the_spot:
        return ()
    found = burden(statement, CAP_24)
    if found.excess == ZERO:
        return ()
    known = (
        f"各方知悉：截至{day(statement.as_of)}，{_charged(sources)}合计{yuan(found.charged)}，"
        f"超过按年利率{percent(found.cap.annual_percent)}计算的{yuan(found.limit)}；就超出的"
        f"{yuan(found.excess)}，债务人可以请求人民法院予以调减（法发〔2017〕22号第二条）。"
    )
    return (known,)


def _charged(sources: PaperSources) -> str:
    card = sources.case.case_type is CaseType.CREDIT_CARD
    return "利息、复利、违约金、手续费和其他费用" if card else "利息、复利、罚息、违约金和其他费用"


def _default_clause(agreed: Agreement, owing: str) -> str:
    claimed = "申请强制执行" if agreed.confirmation_wanted else "向人民法院提起诉讼"
    if len(agreed.plan.lines) == 1:
        return f"{owing}未按期足额支付款项的，构成逾期，申请人有权就全部剩余款项{claimed}。"
    if not agreed.default_clause.acceleration:
        return (
            f"{owing}未按期足额支付任何一期款项的，构成逾期，申请人有权就已经到期的全部未付款项{claimed}，"
            "未到期款项仍按本协议履行。"
        )
    return (
        f"{owing}未按期足额支付任何一期款项的，构成逾期，全部未到期款项自逾期之日起一并到期，"
        f"申请人有权就全部剩余款项{claimed}。"
    )


def _tolerance(agreed: Agreement) -> str:
    tolerance = agreed.default_clause.tolerance
    return f"某期或者全部款项短少不超过{yuan(tolerance)}的，视为已经付清。" if tolerance > ZERO else ""


def _resumption(sources: PaperSources, agreed: Agreement) -> str:
    clause = agreed.default_clause
    interest = "利息和复利" if sources.case.case_type is CaseType.CREDIT_CARD else "利息、罚息和复利"
    if clause.resumes:
        return f"逾期后恢复依原合同计收{interest}，全部债务依原合同和历次还款重新计算至清偿之日。"
    return f"逾期后不恢复依原合同计收{interest}。" if clause.clawback else ""


def _content(agreed: Agreement) -> tuple[str, ...]:
    plan, owed = agreed.plan, agreed.kept + agreed.waived
    debt = f"各方确认债务总额{in_full(owed.total)}"
    if agreed.waived.total > ZERO:
        debt += f"，申请人（债权人）减免{yuan(agreed.waived.total)}"
    interest = f"，其中分期利息{yuan(plan.interest)}" if plan.interest > ZERO else ""
    if agreed.on_the_spot:
        performance = f"债务人已于{day(plan.first_due)}当场付清{in_full(plan.total)}"
    elif len(plan.lines) == 1:
        performance = f"债务人于{day(plan.first_due)}前（含当日）一次性支付{in_full(plan.total)}"
    else:
        performance = (
            f"债务人自{day(plan.first_due)}起至{day(plan.last_due)}止分{len(plan.lines)}期支付共计"
            f"{in_full(plan.total)}{interest}，各期日期和金额见调解协议书所附还款计划"
        )
    return (f"{debt}。", f"{performance}。", *_consequences(agreed))


def _consequences(agreed: Agreement) -> tuple[str, ...]:
    if agreed.on_the_spot:
        return ()
    clause, several = agreed.default_clause, len(agreed.plan.lines) > 1
    due = "各期付款日" if several else "付款日"
    late = f"{due}届满后{clause.grace_days}日内仍未付清的" if clause.grace_days else "逾期未付清的"
    if several and not clause.acceleration:
        called_in = "债权人可就已到期款项申请执行"
    else:
        at_once = "全部未到期款项一并到期，" if several else ""
        called_in = f"{at_once}债权人可就全部剩余款项申请执行"
    lapsed = "，减免的款项恢复计收" if clause.clawback and agreed.waived.total > ZERO else ""
    return (f"{late}，{called_in}{lapsed}。",)
