"""Samples: a filing and its people, all invented; valid numbers, from the domain's list of samples."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from chalicelib.domain.claim import CaseType, Claim
from chalicelib.domain.commands import FileDispute
from chalicelib.domain.money import Money
from chalicelib.domain.parties import Identification, IdentityShown, Party, PartyDetails, PartyKind, Side
from chalicelib.domain.roles import Actor, Role
from chalicelib.use_cases.records import Idempotency
from tests.support.fakes.hub import COURT_ID

INSTITUTION_ID = "bank-1"

INSTITUTION = Actor(role=Role.INSTITUTION, subject="clerk-1", institution_id=INSTITUTION_ID)
CENTRE = Actor(role=Role.CENTRE, subject="centre-1", court_id=COURT_ID)
MEDIATOR = Actor(role=Role.MEDIATOR, subject="mediator-1", mediator_id="m-1", court_id=COURT_ID)
JUDGE = Actor(role=Role.JUDGE, subject="judge-1", judge_id="j-1", court_id=COURT_ID)
COURT = Actor(role=Role.COURT, subject="court-1", court_id=COURT_ID)
OPS = Actor(role=Role.OPS, subject="ops-1", court_id=COURT_ID)
DATA_PROTECTION = Actor(role=Role.DATA_PROTECTION, subject="dp-1", court_id=COURT_ID)


def borrower(case_id: str, party_id: str = "r1") -> Actor:
    """Make the borrower of a case."""
    return Actor(role=Role.BORROWER, subject="borrower-1", case_ids=frozenset({f"{case_id}:{party_id}"}))


BANK_PARTY = Party(party_id="a1", side=Side.APPLICANT, kind=PartyKind.ENTITY)
BORROWER_PARTY = Party(
    party_id="r1",
    side=Side.RESPONDENT,
    kind=PartyKind.PERSON,
    identity=Identification(
        subject="mediator-7", how=IdentityShown.VIDEO, at=datetime(2026, 3, 2, tzinfo=UTC)
    ),
)
"""Somebody of the mediation knows who it is."""

BANK_DETAILS = PartyDetails(
    party_id="a1",
    name="海滨测试银行",
    id_number="91350100M000100Y43",
    phone="13900001234",
    address="福建省宁德市蕉城区测试路1号",
    account="6217000000000000004",
)
BORROWER_DETAILS = PartyDetails(
    party_id="r1",
    name="张试",
    id_number="11010519491231002X",
    phone="13800001234",
    address="福建省宁德市蕉城区样例村8号",
)


def claim(principal: str = "100000.00", **changes: Any) -> Claim:
    """Make a claim of principal and some interest."""
    return replace(
        Claim(
            principal=Money.parse(principal),
            interest=Money.parse("7330.56"),
            penalty_interest=Money.parse("5830.21"),
            compound_interest=Money.parse("427.39"),
            fees=Money.parse("0.00"),
            as_of=date(2026, 2, 28),
        ),
        **changes,
    )


def filing(contract_number: str = "LOAN-1", **changes: Any) -> FileDispute:
    """Make a filing of `bank-1` against one borrower, mediated online."""
    return replace(
        FileDispute(
            institution_id=INSTITUTION_ID,
            court_id=COURT_ID,
            case_type=CaseType.FINANCIAL_LOAN_CONTRACT,
            contract_number=contract_number,
            instalment_scope="all",
            claim=claim(),
            parties=(BANK_PARTY, BORROWER_PARTY),
            details=(BANK_DETAILS, BORROWER_DETAILS),
            online=True,
        ),
        **changes,
    )


def key(name: str = "key-1", body: str = "body-1", caller: str = f"{INSTITUTION_ID}:clerk-1") -> Idempotency:
    """Make an idempotency key for a body."""
    return Idempotency(caller=caller, key=name, body_sha256=body)
