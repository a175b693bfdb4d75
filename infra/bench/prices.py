"""The price of what a case uses of AWS: list prices, and the sum for a thousand cases.

Prices are the public list prices of us-east-1 in US dollars, first paid tier, free tiers left out: each
service's page aws.amazon.com/<service>/pricing, as of November 2025. China's regions (cn-north-1 and
cn-northwest-1) have a list of their own, in CNY, at amazonaws.cn: there the same usage is to be priced anew.

Left out: what is stored (evidence, table, logs kept), data sent to the internet, tracing, and what a month
costs without a single case (alarms, keys, the consumers' polling of empty queues, the reconciler).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

CASES: Final = 1000

_MILLION: Final = 1_000_000
_GIGABYTE: Final = 1_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What is billed of one case; a float where a unit can be half."""

    api_requests: float = 0
    lambda_invocations: float = 0
    lambda_gb_seconds: float = 0
    dynamodb_write_units: float = 0
    dynamodb_read_units: float = 0
    sqs_requests: float = 0
    state_transitions: float = 0
    kms_requests: float = 0
    kms_signatures: float = 0
    secret_requests: float = 0
    s3_writes: float = 0
    s3_reads: float = 0
    log_bytes: float = 0

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            **{entry.name: getattr(self, entry.name) + getattr(other, entry.name) for entry in fields(Usage)}
        )

    def __mul__(self, share: float) -> Usage:
        return Usage(**{entry.name: getattr(self, entry.name) * share for entry in fields(Usage)})


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars for so many units, and what the price list calls them."""

    dollars: float
    units: int
    name: str

    def of(self, amount: float) -> float:
        """Return the price of an amount."""
        return amount * self.dollars / self.units


PRICES: Final[dict[str, Price]] = {
    "api_requests": Price(3.50, _MILLION, "API Gateway REST requests"),
    "lambda_invocations": Price(0.20, _MILLION, "Lambda requests"),
    "lambda_gb_seconds": Price(0.0000166667, 1, "Lambda GB-seconds (x86)"),
    "dynamodb_write_units": Price(0.625, _MILLION, "DynamoDB on-demand write request units"),
    "dynamodb_read_units": Price(0.125, _MILLION, "DynamoDB on-demand read request units"),
    "sqs_requests": Price(0.40, _MILLION, "SQS standard requests"),
    "state_transitions": Price(25.00, _MILLION, "Step Functions standard state transitions"),
    "kms_requests": Price(0.03, 10_000, "KMS requests, symmetric"),
    # The hub signs with ECC_NIST_P256: asymmetric keys but RSA 2048 have a price of their own.
    "kms_signatures": Price(0.15, 10_000, "KMS requests, asymmetric (Sign)"),
    "secret_requests": Price(0.05, 10_000, "Secrets Manager API calls"),
    "s3_writes": Price(0.005, 1_000, "S3 PUT requests"),
    "s3_reads": Price(0.0004, 1_000, "S3 GET requests"),
    "log_bytes": Price(0.50, _GIGABYTE, "CloudWatch Logs bytes taken in"),
}
"""By field of `Usage`."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the bill."""

    name: str
    amount: float
    dollars_per_thousand: float


def bill(usage: Usage) -> list[Line]:
    """Price one case's usage for a thousand such cases, line by line."""
    return [
        Line(price.name, getattr(usage, name), price.of(getattr(usage, name)) * CASES)
        for name, price in PRICES.items()
    ]


def total(usage: Usage) -> float:
    """Return US dollars for a thousand such cases."""
    return sum(line.dollars_per_thousand for line in bill(usage))
