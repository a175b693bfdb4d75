"""What a tier waives and keeps, under which conditions and within which cap."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.loan.components import Amounts, Component
from chalicelib.domain.loan.concession import (
    DEFAULT_TIERS,
    ConcededLine,
    Proposal,
    Repayment,
    Tier,
    Waiver,
    check_applicable,
    conceded,
    unmet,
)
from chalicelib.domain.loan.errors import (
    AmountOutOfBounds,
    DuplicateReference,
    RateOutOfBounds,
    TermMissing,
    TierNotApplicable,
)
from chalicelib.domain.money import ZERO, Money
from tests.unit.domain.loan.strategies import amounts, percents
from tests.unit.domain.loan.support import refuses, yuan

if TYPE_CHECKING:
    from collections.abc import Sequence

OWED = Amounts(
    principal=yuan("1000"),
    interest=yuan("100"),
    penalty_interest=yuan("10.01"),
    compound_interest=yuan("1.01"),
)
LUMP_SUM = Proposal(repayment=Repayment.LUMP_SUM, days=30)


def _tier(*waivers: tuple[Component, str], **terms: Any) -> Tier:
    return Tier(
        **{"name": "tier", "repayment": Repayment.LUMP_SUM} | terms,
        waivers=tuple(Waiver(component, Decimal(percent)) for component, percent in waivers),
    )


def _waived(lines: Sequence[ConcededLine]) -> dict[Component, str]:
    return {line.component: str(line.waived) for line in lines if line.waived != ZERO}


HALF = ((Component.PENALTY_INTEREST, "50"), (Component.COMPOUND_INTEREST, "50"))


def test_the_defaults_of_the_model() -> None:
    """Lump sum: all penalty and compound interest; instalments: half of both (M12), without conditions."""
    terms = [
        (tier.name, tier.repayment, {waiver.component: waiver.percent for waiver in tier.waivers})
        for tier in DEFAULT_TIERS
    ]
    waivable = (Component.PENALTY_INTEREST, Component.COMPOUND_INTEREST, Component.BREACH_FEE)
    assert terms == [
        ("lump_sum", Repayment.LUMP_SUM, dict.fromkeys(waivable, Decimal(100))),
        ("instalments", Repayment.INSTALMENTS, dict.fromkeys(waivable, Decimal(50))),
    ]
    for tier in DEFAULT_TIERS:
        conditions = (tier.paid_within_days, tier.instalments_up_to, tier.claim_up_to, tier.cap)
        assert conditions == (None, None, None, None)


def test_the_odd_fen_is_waived() -> None:
    """The waived part is rounded up at half a fen; the kept part is the rest."""
    lines = list(conceded(_tier(*HALF), OWED))
    assert _waived(lines) == {Component.PENALTY_INTEREST: "5.01", Component.COMPOUND_INTEREST: "0.51"}
    told = {line.component: (line.original, line.percent, line.kept) for line in lines}
    assert told[Component.PENALTY_INTEREST] == (yuan("10.01"), Decimal(50), yuan("5.00"))
    assert told[Component.PRINCIPAL] == (yuan("1000"), Decimal(0), yuan("1000"))
    assert [line.component for line in lines] == list(Component)


@given(
    st.fixed_dictionaries({component: amounts | st.just(ZERO) for component in Component}).map(Amounts.of),
    st.lists(st.sampled_from(Component), unique=True),
    st.lists(percents.map(lambda percent: percent * 2), min_size=7, max_size=7),
    st.none() | amounts,
)
def test_waived_and_kept_are_always_the_original(
    owed: Amounts, components: list[Component], shares: list[Decimal], cap: Money | None
) -> None:
    """Component by component and in total, with and without a cap, which is never exceeded."""
    tier = Tier(
        name="any",
        repayment=Repayment.LUMP_SUM,
        waivers=tuple(map(Waiver, components, shares)),
        cap=cap,
    )
    lines = tuple(conceded(tier, owed))
    for line in lines:
        assert line.waived + line.kept == line.original == owed[line.component]
        assert ZERO <= line.waived <= line.original
    waived = sum((line.waived for line in lines), ZERO)
    assert cap is None or waived <= cap
    if cap is None:
        exact = sum(Decimal(line.original.fen) * line.percent / 100 for line in lines)
        assert abs(Decimal(waived.fen) - exact) <= Decimal("0.5") * len(components)
        backwards = Tier(name="any", repayment=tier.repayment, waivers=tier.waivers[::-1])
        assert tuple(conceded(backwards, owed)) == lines


@pytest.mark.parametrize(
    ("cap", "waived"),
    [
        ("100", {Component.PENALTY_INTEREST: "10.01", Component.COMPOUND_INTEREST: "1.01"}),
        ("11.02", {Component.PENALTY_INTEREST: "10.01", Component.COMPOUND_INTEREST: "1.01"}),
        ("10.02", {Component.PENALTY_INTEREST: "10.01", Component.COMPOUND_INTEREST: "0.01"}),
        ("9", {Component.PENALTY_INTEREST: "9.00"}),
        ("0", {}),
    ],
)
def test_a_cap_is_used_up_in_the_order_of_the_waivers(cap: str, waived: dict[Component, str]) -> None:
    tier = _tier((Component.PENALTY_INTEREST, "100"), (Component.COMPOUND_INTEREST, "100"), cap=yuan(cap))
    assert _waived(list(conceded(tier, OWED))) == waived


@pytest.mark.parametrize(
    ("terms", "proposal", "names"),
    [
        ({}, LUMP_SUM, ()),
        (
            {},
            Proposal(repayment=Repayment.INSTALMENTS, days=30, payments=2),
            ("repayment",),
        ),
        ({"paid_within_days": 30}, LUMP_SUM, ()),
        ({"paid_within_days": 29}, LUMP_SUM, ("paid_within_days",)),
        ({"paid_within_days": 0}, LUMP_SUM, ("paid_within_days",)),
        ({"instalments_up_to": 1}, LUMP_SUM, ()),
        ({"instalments_up_to": 0}, LUMP_SUM, ("instalments_up_to",)),
        ({"claim_up_to": yuan("1111.02")}, LUMP_SUM, ()),
        ({"claim_up_to": yuan("1111.01")}, LUMP_SUM, ("claim_up_to",)),
        ({"claim_up_to": yuan("0")}, LUMP_SUM, ("claim_up_to",)),
        (
            {"paid_within_days": 1, "claim_up_to": yuan("1")},
            LUMP_SUM,
            ("paid_within_days", "claim_up_to"),
        ),
    ],
)
def test_conditions(terms: dict[str, Any], proposal: Proposal, names: tuple[str, ...]) -> None:
    """Each condition includes its limit; what is not met is named, the first of them in the refusal."""
    tier = _tier(*HALF, **terms)
    assert unmet(tier, proposal, OWED) == names
    if not names:
        check_applicable(tier, proposal, OWED)
        return
    with refuses(TierNotApplicable, names[0]):
        check_applicable(tier, proposal, OWED)


def test_a_13th_instalment_is_refused() -> None:
    """Where the policy allows twelve."""
    tier = _tier(*HALF, repayment=Repayment.INSTALMENTS, instalments_up_to=12)
    check_applicable(tier, Proposal(repayment=Repayment.INSTALMENTS, days=365, payments=12), OWED)
    with refuses(TierNotApplicable, "instalments_up_to"):
        check_applicable(tier, Proposal(repayment=Repayment.INSTALMENTS, days=395, payments=13), OWED)


@pytest.mark.parametrize("percent", ["-0.01", "100.01", "NaN"])
def test_a_waiver_is_a_percentage(percent: str) -> None:
    with refuses(RateOutOfBounds, "waivers.percent"):
        Waiver(Component.INTEREST, Decimal(percent))


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({"cap": yuan("-0.01")}, "tiers.cap"),
        ({"claim_up_to": yuan("-0.01")}, "tiers.claim_up_to"),
        ({"paid_within_days": -1}, "tiers.paid_within_days"),
        ({"instalments_up_to": -1}, "tiers.instalments_up_to"),
    ],
)
def test_limits_are_not_negative(terms: dict[str, Any], field: str) -> None:
    with refuses(AmountOutOfBounds, field):
        _tier(*HALF, **terms)


def test_a_tier_has_a_name_and_one_waiver_per_component() -> None:
    with refuses(TermMissing, "tiers.name"):
        _tier(*HALF, name=" ")
    with refuses(DuplicateReference, "waivers.component"):
        _tier(*HALF, HALF[0])


@pytest.mark.parametrize(
    ("repayment", "days", "payments", "field"),
    [
        (Repayment.LUMP_SUM, -1, 1, "days"),
        (Repayment.LUMP_SUM, 0, 0, "payments"),
        (Repayment.LUMP_SUM, 0, 2, "payments"),
        (Repayment.INSTALMENTS, 0, 0, "payments"),
    ],
)
def test_a_proposal_makes_sense(repayment: Repayment, days: int, payments: int, field: str) -> None:
    with refuses(AmountOutOfBounds, field):
        Proposal(repayment=repayment, days=days, payments=payments)
    assert Proposal(repayment=Repayment.INSTALMENTS, days=0, payments=1).payments == 1


def test_nothing_negative_is_waived() -> None:
    with refuses(AmountOutOfBounds, "fees"):
        list(conceded(_tier(*HALF), Amounts(fees=Money(-1))))
