"""The bill."""

from __future__ import annotations

from dataclasses import fields

import pytest

from infra.bench.prices import PRICES, Usage, bill, total

NAMES = [entry.name for entry in fields(Usage)]


def test_everything_used_has_a_price() -> None:
    """A field added to `Usage` alone would be free of charge."""
    assert list(PRICES) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_each_use_makes_the_bill_longer(name: str) -> None:
    """By its own price and a thousand cases."""
    price = PRICES[name]
    assert total(Usage(**{name: price.units})) == pytest.approx(price.dollars * 1000)


def test_the_bill_is_the_sum_of_its_lines() -> None:
    """Twenty transitions a case are half a dollar a thousand."""
    usage = Usage(state_transitions=20, sqs_requests=50)
    assert total(usage) == pytest.approx(0.50 + 0.02)
    assert total(usage) == sum(line.dollars_per_thousand for line in bill(usage))
    (line,) = [line for line in bill(usage) if line.name.startswith("Step Functions")]
    assert line.amount == 20
    assert line.dollars_per_thousand == pytest.approx(0.5)


def test_a_signature_costs_five_symmetric_requests() -> None:
    """AWS bills asymmetric requests, RSA 2048 apart, at 0.15 dollars for 10,000, all others at 0.03."""
    assert total(Usage(kms_signatures=2)) == pytest.approx(0.03)
    assert total(Usage(kms_requests=2)) == pytest.approx(0.006)


def test_a_share_is_taken_of_every_field() -> None:
    """Half of twos are ones."""
    assert Usage(**dict.fromkeys(NAMES, 2)) * 0.5 == Usage(**dict.fromkeys(NAMES, 1))


def test_usage_adds_up_field_by_field() -> None:
    """Nothing is lost."""
    ones = Usage(**dict.fromkeys(NAMES, 1))
    assert ones + ones == Usage(**dict.fromkeys(NAMES, 2))
