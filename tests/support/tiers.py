"""Random tiers of concession policies, as an institution might publish them."""

from decimal import Decimal

from hypothesis import strategies as st

from chalicelib.domain.loan.components import Amounts, Component
from chalicelib.domain.loan.concession import Repayment, Tier, Waiver
from chalicelib.domain.money import Money

AMOUNTS = st.integers(0, 10**12).map(Money)
PERCENTS = st.decimals(0, 100, places=6) | st.integers(0, 100).map(Decimal)
OWED = st.dictionaries(st.sampled_from(Component), AMOUNTS).map(Amounts.of)
WAIVERS = st.lists(
    st.builds(Waiver, st.sampled_from(Component), PERCENTS), unique_by=lambda waiver: waiver.component
).map(tuple)
TIERS = st.lists(
    st.builds(
        Tier,
        name=st.from_regex("[a-z][a-z0-9_]{0,63}", fullmatch=True),
        repayment=st.sampled_from(Repayment),
        waivers=WAIVERS,
        paid_within_days=st.none() | st.integers(0, 3650),
        instalments_up_to=st.none() | st.integers(1, 60),
        claim_up_to=st.none() | AMOUNTS,
        cap=st.none() | AMOUNTS,
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda tier: tier.name,
).map(tuple)
