"""A filing as a peer models it, and the one write that stores it."""

# No `from __future__ import annotations`: the frameworks read these annotations as values.
import os
import re
import uuid
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, Literal

import boto3
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"


def _check_digit(number: str) -> str:
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    if re.fullmatch(r"\d{17}[\dX]", number) is None or _CHECK[total % 11] != number[-1]:
        raise ValueError("not an id number")
    return number


Amount = Annotated[Decimal, Field(ge=0, max_digits=15, decimal_places=2)]
IdNumber = Annotated[str, AfterValidator(_check_digit)]
Name = Annotated[str, Field(min_length=1, max_length=100)]


class Strict(BaseModel):
    """No unknown field passes."""

    model_config = ConfigDict(extra="forbid")


class Claim(Strict):
    """What is claimed, by its parts."""

    principal: Amount
    interest: Amount
    penalty_interest: Amount
    compound_interest: Amount
    as_of: date


class Institution(Strict):
    """The applicant."""

    name: Name
    unified_social_credit_code: Annotated[str, Field(pattern="^[0-9A-Z]{18}$")]
    phone: Annotated[str, Field(pattern=r"^1\d{10}$")]
    address: Name


class Person(Strict):
    """A respondent."""

    kind: Literal["person"]
    name: Name
    id_number: IdNumber
    phone: Annotated[str, Field(pattern=r"^1\d{10}$")]
    address: Name


class Filing(Strict):
    """The body of `POST /v1/filings`."""

    court_id: str
    case_type: Literal["credit_card", "financial_loan_contract"]
    contract_number: Annotated[str, Field(min_length=1, max_length=64)]
    instalment_scope: str
    claim: Claim
    online: bool
    applicant: Institution
    respondents: Annotated[list[Person], Field(min_length=1, max_length=20)]


class Filed(BaseModel):
    """The answer."""

    case_id: str
    stage: Literal["filed"] = "filed"


@cache
def _table() -> Any:
    return boto3.client("dynamodb")


def store(filing: Filing) -> Filed:
    """Store a filing under a new id."""
    case_id = uuid.uuid4().hex
    _table().put_item(
        TableName=os.environ["HUB_TABLE"],
        Item={
            "PK": {"S": f"CASE#{case_id}"},
            "SK": {"S": "CASE"},
            "content": {"S": filing.model_dump_json()},
        },
        ConditionExpression="attribute_not_exists(PK)",
    )
    return Filed(case_id=case_id)
