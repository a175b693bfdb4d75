"""Settlements in three states, the account to pay to, and policies, written out by hand."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final

from chalicelib.domain.agreement.draft import Agreement, DefaultClause
from chalicelib.domain.agreement.due_dates import MonthlyDates
from chalicelib.domain.agreement.negotiation import Answer, Negotiation, Reply
from chalicelib.domain.agreement.offer import Offer
from chalicelib.domain.agreement.performance import DefaultDeclared, Reversal
from chalicelib.domain.agreement.plan import Method, Plan, PlanLine
from chalicelib.domain.agreement.schedules import (
    CustomInstalments,
    DatedAmount,
    EqualPayment,
    EqualPrincipal,
    LumpSum,
)
from chalicelib.domain.agreement.settlement import BeforeSuit, PayeeAccount, Settlement
from chalicelib.domain.agreement.signing import Signature, Signing, SigningRefusal
from chalicelib.domain.claim import Claim
from chalicelib.domain.events import Channel
from chalicelib.domain.loan.components import Amounts, Component
from chalicelib.domain.loan.concession import ConcededLine, Concession, Repayment, Tier, Waiver
from chalicelib.domain.loan.concession_policy import ConcessionPolicy
from chalicelib.domain.loan.payments import Payment
from chalicelib.domain.money import Money
from chalicelib.domain.parties import Side
from chalicelib.domain.settlement_outcome import SettlementOutcome
from chalicelib.use_cases.records import (
    Publication,
)
from tests.contract.storage.pinned.cases import AGREED_ON, AGREEMENT_SHA256, AT, LATER, LIMIT

OWED: Final = Amounts(
    costs=Money(12_00),
    fees=Money(3_00),
    compound_interest=Money(427_39),
    penalty_interest=Money(5_830_21),
    breach_fee=Money(50_00),
    interest=Money(7_330_56),
    principal=Money(100_000_00),
)
CONCESSION: Final = Concession(
    institution_id="bank-1",
    version=3,
    tier="instalments",
    lines=(
        ConcededLine(
            component=Component.PENALTY_INTEREST,
            original=Money(5_830_21),
            percent=Decimal("50.00"),
            waived=Money(2_915_11),
        ),
    ),
)


def _offer(
    number: int, side: Side, schedule: LumpSum | EqualPrincipal | EqualPayment | CustomInstalments
) -> Offer:
    return Offer(
        number=number, side=side, schedule=schedule, concession=CONCESSION, made_at=AT, expires_at=LIMIT
    )


SETTLEMENT_NEGOTIATED: Final = Settlement(
    negotiation=Negotiation(
        owed=OWED,
        offers=(
            _offer(1, Side.RESPONDENT, LumpSum(date(2026, 4, 1))),
            _offer(
                2,
                Side.APPLICANT,
                EqualPrincipal(
                    dates=MonthlyDates(year=2026, month=4, day=31, count=12), annual_percent=Decimal("3.65")
                ),
            ),
            _offer(
                3,
                Side.RESPONDENT,
                EqualPayment(
                    dates=MonthlyDates(year=2026, month=5, day=20, count=6), annual_percent=Decimal("4.20")
                ),
            ),
            _offer(
                4,
                Side.APPLICANT,
                CustomInstalments(
                    (
                        DatedAmount(date(2026, 4, 20), Money(60_000_00)),
                        DatedAmount(date(2026, 6, 20), Money(50_738_05)),
                    )
                ),
            ),
        ),
        answers=(
            Answer(number=1, reply=Reply.DECLINED, side=Side.APPLICANT, at=AT),
            Answer(number=2, reply=Reply.WITHDRAWN, side=Side.APPLICANT, at=AT),
            Answer(number=4, reply=Reply.ACCEPTED, side=Side.RESPONDENT, at=LATER),
        ),
    )
)
SETTLEMENT_PARTED: Final = Settlement(
    negotiation=Negotiation(
        owed=OWED,
        offers=(
            Offer(
                number=1,
                side=Side.APPLICANT,
                schedule=LumpSum(date(2026, 4, 1)),
                concession=CONCESSION,
                made_at=AT,
                expires_at=LIMIT,
                made_by=frozenset({"a1"}),
                made_to=frozenset({"r1", "r2"}),
            ),
        ),
        answers=(
            Answer(
                number=1,
                reply=Reply.ACCEPTED,
                side=Side.RESPONDENT,
                at=LATER,
                parties=frozenset({"r2"}),
            ),
        ),
    )
)
"""An offer to two, one of whom has accepted."""
SETTLEMENT_RECEIVED: Final = Settlement(
    negotiation=Negotiation(owed=OWED),
    entries=(
        Payment(on=date(2026, 3, 3), amount=Money(2_000_00), reference="PAY-1"),
        Payment(on=date(2026, 3, 4), amount=Money(1_00), reference="PAY-2"),
        Reversal(reference="PAY-2", on=date(2026, 3, 5)),
    ),
    deducted=1,
)
"""Payments during mediation, the first of them deducted from the debt that is offered about."""
SETTLEMENT_SUED: Final = replace(
    SETTLEMENT_RECEIVED,
    deducted=3,
    before_suit=BeforeSuit(
        claim=Claim(
            principal=Money(100_000_00),
            interest=Money(7_330_56),
            penalty_interest=Money(5_830_21),
            compound_interest=Money(427_39),
            fees=Money(12_00),
            as_of=date(2026, 2, 28),
        ),
        deducted=1,
    ),
)
"""The same on its way to the court: everything paid is off the claim, which was more before."""
SETTLEMENT_REFUSED: Final = Settlement(
    negotiation=Negotiation(owed=OWED),
    agreement=Agreement(
        outcome=SettlementOutcome.PAID_ON_THE_SPOT,
        agreed_on=AGREED_ON,
        concession=CONCESSION,
        plan=Plan(
            method=Method.SINGLE,
            annual_percent=Decimal(0),
            lines=(PlanLine(number=1, due=AGREED_ON, capital=Money(110_738_05)),),
        ),
        account_ref="acct-1",
        default_clause=DefaultClause(grace_days=0, clawback=False, acceleration=False),
        confirmation_wanted=False,
        receipt_ref="receipt-7",
    ),
    signing=Signing(
        document_sha256=AGREEMENT_SHA256,
        party_ids=frozenset({"r1", "a1"}),
        refusal=SigningRefusal(party_id="r1", at=LATER),
    ),
)
SETTLEMENT_IN_FORCE: Final = Settlement(
    negotiation=Negotiation(owed=OWED),
    agreement=Agreement(
        outcome=SettlementOutcome.INSTALMENTS,
        agreed_on=AGREED_ON,
        concession=CONCESSION,
        plan=Plan(
            method=Method.EQUAL_PAYMENT,
            annual_percent=Decimal("4.20"),
            lines=(
                PlanLine(number=1, due=date(2026, 4, 20), capital=Money(60_000_00), interest=Money(350_00)),
                PlanLine(number=2, due=date(2026, 5, 20), capital=Money(50_738_05), interest=Money(177_58)),
            ),
        ),
        account_ref="acct-1",
        default_clause=DefaultClause(grace_days=5, clawback=True, acceleration=True),
        confirmation_wanted=True,
    ),
    signing=Signing(
        document_sha256=AGREEMENT_SHA256,
        party_ids=frozenset({"r1", "a1"}),
        sign_by=date(2026, 4, 19),
        signatures=(
            Signature(
                party_id="r1",
                document_sha256=AGREEMENT_SHA256,
                at=AT,
                channel=Channel.ONLINE,
                code_verified=True,
            ),
            Signature(
                party_id="a1",
                document_sha256=AGREEMENT_SHA256,
                at=LATER,
                channel=Channel.IN_PERSON,
                code_verified=False,
            ),
        ),
    ),
    entries=(
        Payment(on=date(2026, 4, 1), amount=Money(100_00), reference="PAY-1"),
        Reversal(reference="PAY-1", on=date(2026, 4, 2)),
        DefaultDeclared(line=1, on=date(2026, 4, 26)),
    ),
    carried=(Payment(on=date(2026, 3, 20), amount=Money(250_05), reference="PAY-0"),),
)
ACCOUNT: Final = PayeeAccount(
    holder="海滨测试银行", number="6217000000000000004", bank="海滨测试银行蕉城支行"
)

POLICY_LIMITED: Final = Publication(
    policy=ConcessionPolicy(
        institution_id="bank-1",
        version=2,
        valid_from=date(2026, 1, 1),
        valid_to=date(2026, 12, 31),
        tiers=(
            Tier(
                name="at_once",
                repayment=Repayment.LUMP_SUM,
                waivers=(
                    Waiver(Component.PENALTY_INTEREST, Decimal("87.50")),
                    Waiver(Component.COMPOUND_INTEREST, Decimal(100)),
                ),
                paid_within_days=30,
                claim_up_to=Money(200_000_00),
                cap=Money(10_000_00),
            ),
            Tier(
                name="by_month",
                repayment=Repayment.INSTALMENTS,
                waivers=(Waiver(Component.BREACH_FEE, Decimal(50)),),
                instalments_up_to=24,
            ),
        ),
    ),
    published_by="clerk-1",
    published_at=LATER,
)
POLICY_OPEN: Final = Publication(
    policy=ConcessionPolicy(
        institution_id="bank-1",
        version=3,
        valid_from=date(2027, 1, 1),
        tiers=(Tier(name="at_once", repayment=Repayment.LUMP_SUM, waivers=()),),
    ),
    published_by="clerk-2",
    published_at=AT,
)
