"""A concession policy (减免政策): from JSON to the domain's tiers, or every fault at once.

Promise: `policy_faults` checks what needs several fields or today's date. It reads the bare JSON even if
other checks failed, so one answer names every fault. Downside: a tier's name is a code, no text for people.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Any, Final

from pydantic import ConfigDict, Field

from chalicelib.api.refusals import RequestFault
from chalicelib.api.schemas.base import Request
from chalicelib.api.schemas.fields import (
    DATE_SCHEMA,
    Amount,
    Code,
    Percent,
    Read,
    read_date,
    whole_number,
)
from chalicelib.api.schemas.settlements import AmountsIn
from chalicelib.domain.calendar import local_date
from chalicelib.domain.loan.components import Component
from chalicelib.domain.loan.concession import Proposal, Repayment, Tier, Waiver
from chalicelib.use_cases.ports import Hub

_MOST_TIERS: Final = 20
_MOST_DAYS: Final = 3650  # twice what the longest plan takes
MOST_PAYMENTS: Final = 60  # as many as a plan may have; a test compares

FirstDay = Annotated[date, Read(read_date, {**DATE_SCHEMA, "examples": ["2099-01-01"]})]
LastDay = Annotated[date, Read(read_date, {**DATE_SCHEMA, "examples": ["2099-12-31"]})]
Days = Annotated[int, whole_number(least=0, most=_MOST_DAYS)]
Payments = Annotated[int, whole_number(least=1, most=MOST_PAYMENTS)]


class WaiverIn(Request):
    """How much of a component is waived."""

    component: Component
    percent: Percent = Field(description="0 to 100 · 减免比例（%）")


class TierIn(Request):
    """One kind of concession (减免档次); a condition that is left out does not exist."""

    name: Code
    repayment: Repayment
    waivers: list[WaiverIn] = Field(
        max_length=len(Component),
        description="Each component once · 各项不得重复",
        json_schema_extra={"uniqueItems": True},
    )
    paid_within_days: Days | None = Field(
        default=None, description="From the agreement to the last payment · 自协议起至付清的最长天数"
    )
    instalments_up_to: Payments | None = Field(default=None, description="最多期数")
    claim_up_to: Amount | None = Field(default=None, description="The largest claim · 适用的最高债权额")
    cap: Amount | None = Field(default=None, description="The most waived in total · 减免总额上限")

    def tier(self) -> Tier:
        """Return the domain's tier."""
        return self.make(Tier, waivers=tuple(entry.make(Waiver) for entry in self.waivers))


class PolicyIn(Request):
    """The next version of an institution's policy."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "valid_from": "2026-04-01",
                    "valid_to": "2026-06-30",
                    "tiers": [
                        {
                            "name": "spring_campaign",
                            "repayment": "lump_sum",
                            "waivers": [
                                {"component": "penalty_interest", "percent": "100"},
                                {"component": "compound_interest", "percent": "100"},
                                {"component": "interest", "percent": "12.5"},
                            ],
                            "paid_within_days": 30,
                            "claim_up_to": "200000.00",
                            "cap": "20000.00",
                        }
                    ],
                }
            ]
        }
    )

    valid_from: FirstDay = Field(description="The first day, not before today in China · 生效日")
    valid_to: LastDay | None = Field(default=None, description="The last day; none: without end · 最后有效日")
    tiers: list[TierIn] = Field(
        min_length=1, max_length=_MOST_TIERS, description="Each name once · 名称不得重复"
    )

    def domain_tiers(self) -> tuple[Tier, ...]:
        """Return the domain's tiers."""
        return tuple(entry.tier() for entry in self.tiers)


class OwedIn(AmountsIn):
    """A debt by component, in yuan."""


class PreviewIn(Request):
    """How a borrower would pay which debt, under a tier of the policy in force."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "tier": "instalments",
                    "repayment": "instalments",
                    "days": 360,
                    "payments": 12,
                    "owed": {
                        "principal": "100000.00",
                        "interest": "7330.56",
                        "penalty_interest": "5830.21",
                        "compound_interest": "427.39",
                    },
                }
            ]
        }
    )

    tier: Code = Field(description="The tier's name · 减免档次")
    repayment: Repayment
    days: Days = Field(description="From the agreement to the last payment · 自协议起至付清的天数")
    payments: Payments = Field(default=1, description="How many · 期数")
    owed: OwedIn

    def proposal(self) -> Proposal:
        """Return the domain's proposal."""
        return Proposal(repayment=self.repayment, days=self.days, payments=self.payments)


def policy_faults(body: Mapping[str, Any], hub: Hub) -> Iterator[RequestFault]:
    """Yield what the model can't see: days out of order or past, tiers and components named twice."""
    valid_from, valid_to = _day(body.get("valid_from")), _day(body.get("valid_to"))
    if valid_from and valid_from < local_date(hub.clock.now()):
        values = {"today": local_date(hub.clock.now())}
        yield RequestFault("/valid_from", "date_in_past", values=values)
    if valid_from and valid_to and valid_to < valid_from:
        values = {"given": valid_to, "earliest": valid_from}
        yield RequestFault("/valid_to", "dates_out_of_order", values=values)
    yield from _repeated(body.get("tiers"), "/tiers", "name")
    for index, tier in enumerate(_entries(body.get("tiers"))):
        yield from _repeated(tier.get("waivers"), f"/tiers/{index}/waivers", "component")


def preview_faults(body: Mapping[str, Any], _hub: Hub) -> Iterator[RequestFault]:
    """Yield a lump sum in several payments."""
    if body.get("repayment") == Repayment.LUMP_SUM and body.get("payments", 1) != 1:
        yield RequestFault("/payments", "lump_sum_payments")


def _repeated(entries: object, pointer: str, name: str) -> Iterator[RequestFault]:
    seen: set[str] = set()
    for index, entry in enumerate(_entries(entries)):
        value = entry.get(name)
        if isinstance(value, str) and value in seen:
            yield RequestFault(f"{pointer}/{index}/{name}", "duplicate_reference")
        seen.add(str(value))


def _entries(value: object) -> list[Mapping[str, Any]]:
    # An entry that is no object becomes {}, so that the others keep their index.
    return [entry if isinstance(entry, dict) else {} for entry in value] if isinstance(value, list) else []


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
