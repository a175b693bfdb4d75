"""Trying out a policy through the API: what would be waived and kept, to the fen."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.api.domain_faults import errors_at_pointer
from chalicelib.api.schemas.policies import MOST_PAYMENTS
from chalicelib.domain.agreement.due_dates import MOST_INSTALMENTS
from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.loan.components import Amounts, Component
from chalicelib.domain.loan.concession import Repayment, Tier
from chalicelib.domain.loan.errors import TierNotApplicable
from tests.support.examples import examples
from tests.support.http import Api
from tests.support.policies import G1, TODAY, policy, preview, publish, tier
from tests.support.tiers import OWED, TIERS

HALF_A_FEN = Decimal("0.005")


def test_the_golden_case_in_instalments() -> None:
    """G1 under the default: half of both waived, the odd fen too, everything else kept."""
    answer = preview(Api())
    assert answer.status == 200
    lines = {line.pop("component"): line for line in answer.body["lines"]}
    half = {"percent": "50"}
    assert lines["penalty_interest"] == {
        "original": "5830.21",
        "waived": "2915.11",
        "kept": "2915.10",
        **half,
    }
    assert lines["compound_interest"] == {"original": "427.39", "waived": "213.70", "kept": "213.69", **half}
    assert lines["principal"] == {
        "original": "100000.00",
        "waived": "0.00",
        "kept": "100000.00",
        "percent": "0",
    }
    assert lines.keys() == set(Component)
    assert (answer.body["version"], answer.body["tier"]) == (1, "instalments")
    totals = {name: answer.body[name] for name in ("original", "waived", "kept", "currency")}
    assert totals == {"original": "113588.16", "waived": "3128.81", "kept": "110459.35", "currency": "CNY"}


def test_a_preview_is_made_under_the_version_in_force() -> None:
    """A new version counts from its first day on."""
    api = Api()
    publish(
        api,
        policy(tier(name="instalments", repayment="instalments", instalments_up_to=12, paid_within_days=360)),
    )
    answer = preview(api)
    assert (answer.body["version"], answer.body["waived"]) == (2, "6746.53")
    assert len(api.hub.policies.stored) == 1


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({"tier": "free"}, {"/tier": "tier_not_applicable"}),
        (
            {"repayment": "instalments", "days": 31, "payments": 2, "owed": G1 | {"principal": "300000.00"}},
            {
                "/repayment": "tier_not_applicable",
                "/days": "tier_not_applicable",
                "/payments": "tier_not_applicable",
                "/owed": "tier_not_applicable",
            },
        ),
        ({"payments": 2}, {"/payments": "lump_sum_payments"}),
        ({"payments": 0}, {"/payments": "too_small"}),
        ({"days": -1, "payments": 61}, {"/days": "too_small", "/payments": "too_large"}),
        (
            {"owed": {"principal": "1.234", "soul": "1.00"}},
            {"/owed/principal": "amount_format", "/owed/soul": "unknown_field"},
        ),
        ({"owed": None}, {"/owed": "object_expected"}),
    ],
)
def test_a_preview_that_can_not_be_is_refused_by_name(
    changes: dict[str, Any], faults: dict[str, str]
) -> None:
    """Every condition that is not met at once, each at the field it is about."""
    api = Api()
    publish(api, policy())
    fitting: dict[str, Any] = {"tier": "campaign", "repayment": "lump_sum", "days": 30, "payments": 1}
    assert preview(api, **fitting).status == 200
    answer = preview(api, **{**fitting, **changes})
    assert (answer.status, answer.code, answer.faults) == (422, "invalid_input", faults)


def test_a_policy_that_becomes_past_meanwhile_is_told_at_its_field() -> None:
    """The domain's refusal after the check, at midnight: the same place, the domain's code."""
    with pytest.raises(InvalidInput) as refused, errors_at_pointer({"days": "/days"}):
        raise TierNotApplicable("days", "not met", "weather")
    assert [(fault.pointer, fault.code) for fault in refused.value.faults] == [
        ("/days", "tier_not_applicable"),
        ("", "tier_not_applicable"),
    ]


def test_as_many_payments_as_a_plan_may_have() -> None:
    """The API's limit is the domain's."""
    assert MOST_PAYMENTS == MOST_INSTALMENTS


def written(one: Tier) -> dict[str, Any]:
    """Write a tier as a bank would send it."""
    return {
        "name": one.name,
        "repayment": one.repayment.value,
        "waivers": [{"component": w.component.value, "percent": f"{w.percent:f}"} for w in one.waivers],
        "paid_within_days": one.paid_within_days,
        "instalments_up_to": one.instalments_up_to,
        "claim_up_to": None if one.claim_up_to is None else str(one.claim_up_to),
        "cap": None if one.cap is None else str(one.cap),
    }


@settings(max_examples=examples(60))
@given(TIERS, OWED, st.data())
def test_waived_and_kept_are_what_was_owed(
    tiers: tuple[Tier, ...], owed: Amounts, data: st.DataObject
) -> None:
    """For any tiers a bank publishes: no fen appears or vanishes, and no limit of the tier is passed."""
    api = Api()
    sent = [written(one) for one in tiers]
    published = publish(api, {"valid_from": TODAY, "tiers": sent})
    assert published.body["tiers"] == sent
    chosen = data.draw(st.sampled_from(tiers))
    most = chosen.instalments_up_to or 60
    payments = 1 if chosen.repayment is Repayment.LUMP_SUM else data.draw(st.integers(1, most))
    answer = preview(
        api,
        tier=chosen.name,
        repayment=chosen.repayment.value,
        days=0,
        payments=payments,
        owed={component.value: str(owed[component]) for component in Component},
    )
    if chosen.claim_up_to is not None and owed.total > chosen.claim_up_to:
        assert answer.faults == {"/owed": "tier_not_applicable"}
        return
    lines = answer.body["lines"]
    assert {line["component"]: line["original"] for line in lines} == {
        c.value: str(owed[c]) for c in Component
    }
    percents = {waiver.component.value: waiver.percent for waiver in chosen.waivers}
    for line in lines:
        original, waived, kept = (Decimal(line[name]) for name in ("original", "waived", "kept"))
        assert waived + kept == original
        assert 0 <= waived <= original
        exact = original * percents.get(line["component"], Decimal(0)) / 100
        assert waived <= exact + HALF_A_FEN
        assert chosen.cap is not None or waived >= exact - HALF_A_FEN
    for name in ("original", "waived", "kept"):
        assert Decimal(answer.body[name]) == sum(Decimal(line[name]) for line in lines)
    if chosen.cap is not None:
        assert Decimal(answer.body["waived"]) <= Decimal(str(chosen.cap))
