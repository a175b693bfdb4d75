"""The court fee by its tiers, halved, and saved."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.loan.court_fee import NATIONAL_SCALE, FeeScale, court_fee, fee_saved
from chalicelib.domain.loan.errors import AmountOutOfBounds
from chalicelib.domain.money import Money
from chalicelib.domain.transfer import Procedure
from tests.unit.domain.loan.support import refuses, yuan


@pytest.mark.parametrize(
    ("amount", "full", "halved"),
    [
        ("0", "50.00", "25.00"),
        ("10000", "50.00", "25.00"),
        ("10000.01", "50.00", "25.00"),
        ("10000.20", "50.01", "25.01"),
        ("100000", "2300.00", "1150.00"),
        ("150000", "3300.00", "1650.00"),
        ("200000", "4300.00", "2150.00"),
        ("500000", "8800.00", "4400.00"),
        ("1000000", "13800.00", "6900.00"),
        ("2000000", "22800.00", "11400.00"),
        ("5000000", "46800.00", "23400.00"),
        ("10000000", "81800.00", "40900.00"),
        ("20000000", "141800.00", "70900.00"),
        ("30000000", "191800.00", "95900.00"),
    ],
)
def test_the_national_scale(amount: str, full: str, halved: str) -> None:
    """诉讼费用交纳办法 art. 13, at the end of each tier; halved by arts. 15 and 16."""
    fee = court_fee(yuan(amount))
    assert (str(fee.full), str(fee.halved)) == (full, halved)


def test_every_tier_explains_its_part() -> None:
    fee = court_fee(yuan("150000"))
    assert str(fee.base) == "50.00"
    told = [
        (str(line.tier.over), str(line.tier.percent), str(line.base), str(line.fee)) for line in fee.lines
    ]
    assert told == [
        ("10000.00", "2.5", "90000.00", "2250.00"),
        ("100000.00", "2", "50000.00", "1000.00"),
    ]
    assert fee.amount == yuan("150000")
    assert [len(court_fee(yuan(amount)).lines) for amount in ("10000", "100000", "100000.01")] == [0, 1, 2]


@pytest.mark.parametrize(
    ("procedure", "saved"),
    [(Procedure.ORDINARY, "3300.00"), (Procedure.SUMMARY, "1650.00"), (Procedure.SMALL_CLAIMS, "1650.00")],
)
def test_what_mediation_saves_is_the_fee_otherwise_due(procedure: Procedure, saved: str) -> None:
    assert str(fee_saved(yuan("150000"), procedure)) == saved


@given(st.integers(0, 10**10), st.integers(0, 10**6))
def test_a_larger_claim_never_costs_less(fen: int, more: int) -> None:
    """The fee grows with the amount, by at most 2.5 % of what is added and a rounding."""
    low, high = court_fee(Money(fen)).full, court_fee(Money(fen + more)).full
    assert 0 <= high.fen - low.fen <= more * 0.025 + 2


@given(st.integers(0, 10**11))
def test_the_tiers_cover_the_amount(fen: int) -> None:
    """The parts add up to what exceeds the first ten thousand yuan."""
    fee = court_fee(Money(fen))
    assert sum(line.base.fen for line in fee.lines) == max(fen - 10**6, 0)
    assert all(line.base.fen > 0 for line in fee.lines)


def test_a_local_scale_is_data() -> None:
    flat = FeeScale(base=yuan("10"), tiers=NATIONAL_SCALE.tiers[:1])
    assert str(court_fee(yuan("1000000"), flat).full) == "24760.00"
    assert str(fee_saved(yuan("0"), Procedure.SMALL_CLAIMS, flat)) == "5.00"


def test_a_negative_amount_is_refused() -> None:
    with refuses(AmountOutOfBounds, "amount"):
        court_fee(Money(-1))
