"""Cases whose papers the tests make: rare surnames, long addresses, three respondents, sixty instalments.

Promise: every kind of paper has a case with all it needs. All persons and numbers are made up.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from chalicelib.domain.agreement.draft import DefaultClause, Draft, agree
from chalicelib.domain.agreement.due_dates import MonthlyDates
from chalicelib.domain.agreement.schedules import EqualPayment, EqualPrincipal, LumpSum
from chalicelib.domain.agreement.settlement import PayeeAccount
from chalicelib.domain.claim import CaseType, Claim
from chalicelib.domain.loan.card import MissedMinimum, ServiceFee
from chalicelib.domain.loan.card_terms import assess_card
from chalicelib.domain.loan.concession import Proposal
from chalicelib.domain.loan.concession_policy import PolicyBook
from chalicelib.domain.loan.loan_terms import assess_loan
from chalicelib.domain.papers import PaperKind
from chalicelib.domain.parties import Party, PartyDetails, PartyKind, Side
from chalicelib.domain.reasons import FailureReason
from chalicelib.domain.settlement_outcome import SettlementOutcome
from chalicelib.use_cases.papers import CourtNames, PaperSources, ServiceAddress
from tests.support.builders import filed
from tests.unit.documents.people import COURT, LONG_ADDRESS, ORGANISATION
from tests.unit.domain.loan.support import card, day, g2, pay, yuan

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.domain.agreement.draft import Agreement
    from chalicelib.domain.agreement.schedules import Schedule
    from chalicelib.domain.case import Case
    from chalicelib.domain.loan.components import Amounts

MADE_ON: Final = date(2025, 7, 10)
_PARTIES: Final = (
    Party(party_id="a1", side=Side.APPLICANT, kind=PartyKind.ENTITY),
    *(Party(party_id=f"r{n}", side=Side.RESPONDENT, kind=PartyKind.PERSON) for n in (1, 2)),
    Party(party_id="r3", side=Side.RESPONDENT, kind=PartyKind.ENTITY),
)
DETAILS: Final = (
    PartyDetails(
        party_id="a1",
        name="某某农村商业银行股份有限公司宁德蕉城普惠金融事业部东侨科技支行",
        id_number="91350100M000100Y43",
        phone="0593-2960001",
        address=LONG_ADDRESS,
    ),
    PartyDetails(
        party_id="r1",
        name="龑䶮某",
        id_number="350902199003070016",
        phone="13812341234",
        address=LONG_ADDRESS,
        account="6217000000000000004",
    ),
    PartyDetails(
        party_id="r2",
        name="𬭎某某",
        id_number="11010519491231002X",
        phone="13900001234",
        address="福建省宁德市蕉城区八都镇某某村8号",
    ),
    PartyDetails(
        party_id="r3",
        name="宁德市蕉城区八都镇某某茶叶专业合作社",
        id_number="91350100M000100Y43",
        phone="0593-2960002",
        address="福建省宁德市蕉城区八都镇某某村村委会旁",
    ),
)
STATEMENT: Final = assess_loan(
    g2(), [pay("2024-07-01", "2500.00", "SK-20240701-0001"), pay("2025-01-10", "5000")], day("2025-06-30")
)
CARD: Final = card(
    missed_minimums=(MissedMinimum(due=day("2024-02-25"), unpaid=yuan("1000"), reference="BF-1"),),
    fees=(ServiceFee(on=day("2024-03-01"), amount=yuan("30"), reference="CA-1"),),
    breach_fee_low=yuan("5"),
)
CARD_STATEMENT: Final = assess_card(CARD, [pay("2024-04-01", "800", "P-1")], day("2025-06-30"))
SERVICE: Final = ServiceAddress(
    address=LONG_ADDRESS,
    recipient="龑䶮某",
    phone="13812341234",
    electronic="短信 13812341234；邮箱 name.of.the.borrower@a-long-mail-provider.example.com",
)
_CLAUSE: Final = DefaultClause(grace_days=5, clawback=True, acceleration=True)
_POLICY: Final = PolicyBook("bank-1").published(day("2020-05-01"), None).version(1)


def case(claim: Claim | None = None, **changes: Any) -> Case:
    """Make a case that was mediated, of these parties."""
    mediated: dict[str, Any] = {
        "case_id": "0198f3a2b7c84d5e9f10a2b3c4d5e6f7",
        "parties": _PARTIES,
        "claim": claim or STATEMENT.claim(),
        "contract_number": "（2024）蕉农商借字第0123号",
        "mediator_id": "陈某（调解员编号 M-001）",
        "judge_id": "j-001",
        "accepted_at": datetime(2025, 7, 1, 2, tzinfo=UTC),
        "ended_at": datetime(2025, 7, 9, 16, 30, tzinfo=UTC),
    }
    return replace(filed().case, **mediated | changes)


def agreed(schedule: Schedule, owed: Amounts = STATEMENT.owed, **changes: Any) -> Agreement:
    """Agree on a schedule of the debt, with the default tier's waiver."""
    kind = schedule.repayment
    conceded = _POLICY.concede(kind.value, Proposal(repayment=kind, days=30), owed)
    terms: dict[str, Any] = {
        "outcome": SettlementOutcome(kind.value),
        "agreed_on": MADE_ON,
        "concession": conceded,
        "plan": schedule.plan(conceded.kept.total),
        "account_ref": "account-1",
        "default_clause": _CLAUSE,
        "confirmation_wanted": True,
    }
    return agree(Draft(**terms | changes))


MONTHS: Final = MonthlyDates(year=2025, month=8, day=20, count=60)
WITH_INTEREST: Final = agreed(EqualPayment(dates=MONTHS, annual_percent=Decimal("3.65")))
WITHOUT_INTEREST: Final = agreed(
    EqualPrincipal(dates=replace(MONTHS, count=12)),
    confirmation_wanted=False,
    default_clause=DefaultClause(grace_days=0, clawback=False, acceleration=False),
)
AT_ONCE: Final = agreed(LumpSum(day("2025-07-31")))
ON_THE_SPOT: Final = agreed(
    LumpSum(MADE_ON),
    outcome=SettlementOutcome.PAID_ON_THE_SPOT,
    default_clause=None,
    confirmation_wanted=False,
    receipt_ref="SK-20250710-0007",
)
CARD_AT_ONCE: Final = agreed(LumpSum(day("2025-07-31")), CARD_STATEMENT.owed)
CARD_IN_INSTALMENTS: Final = agreed(EqualPrincipal(dates=replace(MONTHS, count=12)), CARD_STATEMENT.owed)
ACCOUNT: Final = PayeeAccount(
    holder=DETAILS[0].name, number="6217000000000000004", bank="某某农村商业银行宁德蕉城东侨科技支行"
)


def sources(**changes: Any) -> PaperSources:
    """Gather everything there may be of a loan case that failed."""
    known: dict[str, Any] = {
        "case": case(failure=FailureReason.DIFFERENCES_TOO_LARGE),
        "details": DETAILS,
        "made_on": MADE_ON,
        "names": CourtNames(court=COURT, organisation=ORGANISATION),
        "mediator_name": "陈某",
        "judge_name": "j-001",
        "statement": STATEMENT,
        "contract": g2(),
        "facts": (
            "被申请人龑䶮某于2024年3月20日向申请人借款150,000.00元，借款期限至2024年9月20日。",
            "被申请人𬭎某某、宁德市蕉城区八都镇某某茶叶专业合作社为上述借款提供连带责任保证。",
        ),
        "service": SERVICE,
        "party_id": "r1",
        "papers": frozenset({PaperKind.UNDISPUTED_FACTS, PaperKind.SERVICE_ADDRESS}),
    }
    return PaperSources(**known | changes)


def settled(agreement: Agreement, **changes: Any) -> PaperSources:
    """Gather what there is of a loan case that was settled."""
    known: dict[str, Any] = {
        "case": case(outcome=agreement.outcome),
        "agreement": agreement,
        "account": ACCOUNT,
        "in_force_on": MADE_ON,
    }
    return sources(**known | changes)


def of_a_card(**changes: Any) -> PaperSources:
    """Gather what there is of a credit-card case."""
    known: dict[str, Any] = {
        "case": case(CARD_STATEMENT.claim(), case_type=CaseType.CREDIT_CARD),
        "contract": CARD,
        "statement": CARD_STATEMENT,
    }
    return sources(**known | changes)


CASES: Final[Mapping[str, tuple[PaperKind, PaperSources]]] = {
    "agreement-with-interest": (PaperKind.MEDIATION_AGREEMENT, settled(WITH_INTEREST)),
    "agreement-without-interest": (PaperKind.MEDIATION_AGREEMENT, settled(WITHOUT_INTEREST)),
    "agreement-at-once": (PaperKind.MEDIATION_AGREEMENT, settled(AT_ONCE)),
    "agreement-on-the-spot": (PaperKind.MEDIATION_AGREEMENT, settled(ON_THE_SPOT, account=None)),
    "agreement-on-a-card": (
        PaperKind.MEDIATION_AGREEMENT,
        of_a_card(
            case=case(
                CARD_STATEMENT.claim(),
                case_type=CaseType.CREDIT_CARD,
                outcome=SettlementOutcome.LUMP_SUM,
            ),
            agreement=CARD_AT_ONCE,
            account=ACCOUNT,
        ),
    ),
    "confirmation": (PaperKind.CONFIRMATION_APPLICATION, settled(WITH_INTEREST)),
    "confirmation-at-once": (PaperKind.CONFIRMATION_APPLICATION, settled(AT_ONCE)),
    "complaint-on-a-loan": (PaperKind.COMPLAINT, sources()),
    "complaint-on-a-card": (PaperKind.COMPLAINT, of_a_card()),
    "service-address": (PaperKind.SERVICE_ADDRESS, sources()),
    "undisputed-facts": (PaperKind.UNDISPUTED_FACTS, sources()),
    "report-without-agreement": (PaperKind.MEDIATION_REPORT, sources()),
    "report-with-agreement": (
        PaperKind.MEDIATION_REPORT,
        settled(AT_ONCE, papers=frozenset()),
    ),
    "calculation": (PaperKind.CALCULATION, sources()),
    "calculation-of-a-card": (PaperKind.CALCULATION, of_a_card()),
}
"""Every kind of paper that is drawn, at least once."""
