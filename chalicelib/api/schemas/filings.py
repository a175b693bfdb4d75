"""A filing: from JSON to the `FileDispute` command, or every fault at once.

Promise: `filing_faults` checks what needs several fields or the hub (numbers by kind, repeated parties, the
court, today). It reads the bare JSON even if other checks failed, so that one answer names every fault.
Downside: those few rules stand beside the models instead of in them.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Annotated, Any, Final

from pydantic import ConfigDict, Field

from chalicelib.api.refusals import RequestFault
from chalicelib.api.schemas.base import Answer, InstantText, Request
from chalicelib.api.schemas.debts import DebtIn, debt_faults
from chalicelib.api.schemas.fields import (
    Amount,
    AmountOrZero,
    ContractNumber,
    Identifier,
    PastDay,
    PositiveAmount,
    Read,
    refuse,
    string,
)
from chalicelib.api.schemas.parties import (
    APPLICANT_ID,
    PERSON_EXAMPLE,
    Applicant,
    Respondent,
    party_faults,
    party_warnings,
    period_faults,
    representation_faults,
)
from chalicelib.domain.calendar import local_date
from chalicelib.domain.claim import CaseType, Claim
from chalicelib.domain.commands import FileDispute
from chalicelib.domain.contract_filings import Claimed
from chalicelib.domain.errors import UnknownCourt
from chalicelib.domain.liability import LiabilityKind
from chalicelib.domain.loan.debt import Debt, assess
from chalicelib.domain.money import ZERO
from chalicelib.domain.parties import Side
from chalicelib.domain.stages import Stage
from chalicelib.use_cases.ports import Hub

_NOT_OF_A_KIND: Final = (("loan", CaseType.CREDIT_CARD), ("card", CaseType.FINANCIAL_LOAN_CONTRACT))
_SCOPE: Final = re.compile("(?P<whole>whole|全部)|0{0,2}([1-9][0-9]{0,2})(?:-0{0,2}([1-9][0-9]{0,2}))?")
_TO: Final = re.compile("[~\u2010-\u2015\u2212\u301c至到]")
"""What people write between the first and the last instalment."""
_AROUND: Final = re.compile(r"[\s第期]")


def _read_scope(value: object) -> str:
    written = unicodedata.normalize("NFKC", string(value)).lower()
    match = _SCOPE.fullmatch(_AROUND.sub("", _TO.sub("-", written)))
    if match is None:
        refuse("instalment_scope_format")
    if match["whole"]:
        return "whole"
    first, last = match[2], match[3]
    if last and int(first) > int(last):
        refuse("instalment_scope_order")
    return f"{first}-{last}" if last else first


InstalmentScope = Annotated[
    str,
    Read(
        _read_scope,
        {
            "type": "string",
            "pattern": "^(whole|[1-9][0-9]{0,2}(-[1-9][0-9]{0,2})?)$",
            "examples": ["whole", "1-6"],
            "description": "The whole claim, or the instalments claimed · 全部，或所主张的期次",
        },
    ),
]

CLAIM_EXAMPLE: Final[Mapping[str, Any]] = {
    "principal": "100000.00",
    "interest": "7330.56",
    "penalty_interest": "5830.21",
    "compound_interest": "427.39",
    "fees": "0.00",
    "as_of": "2026-01-05",
}


class ClaimIn(Request):
    """The claim's components in yuan, as computed up to and including `as_of` (诉讼请求)."""

    principal: PositiveAmount = Field(description="本金")
    interest: Amount = Field(description="期内利息")
    penalty_interest: Amount = Field(description="罚息")
    compound_interest: Amount = Field(description="复利")
    fees: AmountOrZero = Field(description="实现债权的费用")
    as_of: PastDay = Field(description="The cut-off day, not after today in China · 截至日")

    def claim(self) -> Claim:
        """Return the domain's claim."""
        return self.make(Claim)


class FilingIn(Request):
    """A dispute handed to the hub for mediation; the institution is the token's."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "court_id": "jiaocheng",
                    "case_type": "financial_loan_contract",
                    "contract_number": "JC-2026-000123",
                    "instalment_scope": "whole",
                    "claim": dict(CLAIM_EXAMPLE),
                    "online": True,
                    "applicant": {
                        "name": "示例农村商业银行股份有限公司",
                        "unified_social_credit_code": "91350100M000100Y43",
                        "phone": "13900001234",
                        "address": "福建省宁德市蕉城区样例路1号",
                    },
                    "respondents": [dict(PERSON_EXAMPLE)],
                }
            ]
        }
    )

    court_id: Identifier
    case_type: CaseType
    contract_number: ContractNumber
    instalment_scope: InstalmentScope = "whole"
    claim: ClaimIn
    online: Annotated[bool, Field(strict=True)] = Field(
        description="Whether the institution consents to the online mode as well (OL4) · 是否同意在线调解"
    )
    applicant: Applicant
    respondents: list[Respondent] = Field(
        min_length=1,
        max_length=10,
        description="Each once · 不得重复",
        json_schema_extra={"uniqueItems": True},
    )
    application_id: Identifier | None = Field(
        None,
        description="The borrower's own application that this filing answers · 所答复的借款人申请",
    )
    debt: DebtIn | None = Field(
        None,
        description="The contract and payments that the claim is computed from; it is then compared, line by "
        "line, and the case has a statement · 合同与还款记录，据以核算诉讼请求",
    )

    def command(self, institution_id: str) -> FileDispute:
        """Return the command; parties are numbered a1, r1, r2 ... in the order given."""
        numbered = [(f"r{number}", entry) for number, entry in enumerate(self.respondents, start=1)]
        return self.make(
            FileDispute,
            "applicant",
            "respondents",
            institution_id=institution_id,
            claim=self.claim.claim(),
            parties=(self.applicant.party(), *(entry.party(party_id) for party_id, entry in numbered)),
            details=(self.applicant.details(), *(entry.details(party_id) for party_id, entry in numbered)),
            debt=None if self.debt is None else self.debt.debt(),
        )


def in_the_filing(command: FileDispute) -> dict[str, str]:
    """Return the pointers to what a filing says of the institution, by the domain's names."""
    opponents = (party for party in command.parties if party.side is Side.RESPONDENT)
    return {
        f"{APPLICANT_ID}.name": "/applicant/name",
        f"{APPLICANT_ID}.id_number": "/applicant/unified_social_credit_code",
        "court_id": "/court_id",
        **{
            f"{party.party_id}.{name}": f"/respondents/{n}/{name}"
            for n, party in enumerate(opponents)
            for name in ("name", "id_number")
        },
    }


def filing_warnings(filing: FilingIn, hub: Hub) -> Iterator[RequestFault]:
    """Yield what of a filing is accepted but may be a slip."""
    yield from party_warnings(filing.applicant, "/applicant", hub)
    for index, respondent in enumerate(filing.respondents):
        yield from party_warnings(respondent, f"/respondents/{index}", hub)
    kinds = {entry.party("").liability or LiabilityKind.BORROWER for entry in filing.respondents}
    if LiabilityKind.GENERAL_GUARANTOR in kinds and not any(kind.owes for kind in kinds):
        yield RequestFault("/respondents", "general_guarantor_alone")
    if filing.debt is not None:
        yield from _debt_warnings(filing.debt.debt(), filing.claim.as_of)


def earlier_cases(before: Iterable[Claimed]) -> Iterator[RequestFault]:
    """Yield each case about the same instalments that is over."""
    for case in before:
        values = {"case_id": case.case_id, "filed_on": case.filed_on, "scope": case.instalment_scope}
        yield RequestFault("/contract_number", "filed_before", values=values)


def _debt_warnings(debt: Debt, as_of: date) -> Iterator[RequestFault]:
    """Yield that a court would cut what is charged in total, if the borrower asks for it."""
    from chalicelib.domain.loan.burden import CAP_24, burden  # noqa: PLC0415 - the arithmetic, for few filings

    found = burden(assess(debt, as_of), CAP_24)
    if found.excess > ZERO:
        values = {"excess": str(found.excess), "limit": str(found.limit)}
        yield RequestFault("/debt", "total_cap_exceeded", values=values)


class Warned(Answer):
    """Something that was accepted but may be a slip."""

    pointer: str
    code: str
    message: str


class FilingOut(Answer):
    """The answer to a filing; a retry with the same key and body gets the same."""

    case_id: str
    stage: Stage
    filed_at: InstantText
    version: int
    warnings: list[Warned]


def filing_faults(body: Mapping[str, Any], hub: Hub) -> Iterator[RequestFault]:
    """Yield what the model can't see: conflicting parties, an unknown court, a claim later than today."""
    today = local_date(hub.clock.now())
    yield from party_faults(body.get("respondents"), "/respondents", today, body.get("applicant"))
    yield from period_faults(body.get("respondents"), "/respondents")
    yield from representation_faults(body)
    yield from court_faults(body.get("court_id"), hub)
    yield from claim_faults(body.get("claim"), hub)
    yield from contract_faults(body)


def contract_faults(body: Mapping[str, Any]) -> Iterator[RequestFault]:
    """Yield what the domain refuses of a debt, and a contract that is not of the case's kind."""
    debt = body.get("debt")
    yield from debt_faults(debt)
    contract = debt.get("contract") if isinstance(debt, dict) else None
    pair = (contract.get("kind") if isinstance(contract, dict) else None, body.get("case_type"))
    if pair in _NOT_OF_A_KIND:
        yield RequestFault("/debt/contract/kind", "contract_kind_differs")


def claim_faults(claim: object, hub: Hub) -> Iterator[RequestFault]:
    """Yield a cut-off day that has not come yet in China."""
    as_of = claim.get("as_of") if isinstance(claim, dict) else None
    try:
        day = date.fromisoformat(as_of) if isinstance(as_of, str) else None
    except ValueError:
        return
    today = local_date(hub.clock.now())
    if day is not None and day > today:
        yield RequestFault("/claim/as_of", "date_in_future", values={"today": today})


def court_faults(court_id: object, hub: Hub) -> Iterator[RequestFault]:
    """Yield a court that the hub does not serve."""
    if not isinstance(court_id, str):
        return
    try:
        hub.limits_of(court_id)
    except UnknownCourt:
        yield RequestFault("/court_id", "unknown_court")


def correction_faults(body: Mapping[str, Any], hub: Hub) -> Iterator[RequestFault]:
    """Yield what the model of a correction can't see."""
    yield from party_faults(body.get("parties"), "/parties", local_date(hub.clock.now()))
    yield from period_faults(body.get("parties"), "/parties")
    yield from claim_faults(body.get("claim"), hub)
