"""Tiers come back from the table exactly as they were published."""

import json

from hypothesis import given

from chalicelib.adapters.dynamo.policies import decode_tiers, encode_tiers
from chalicelib.domain.loan.concession import Tier
from tests.support.tiers import TIERS


@given(TIERS)
def test_tiers_come_back_exactly(tiers: tuple[Tier, ...]) -> None:
    """Also through JSON; a percentage keeps its digits, so what was published is what is shown."""
    read = decode_tiers(json.loads(json.dumps(encode_tiers(tiers))))
    assert read == tiers
    written = [str(waiver.percent) for tier in tiers for waiver in tier.waivers]
    assert [str(waiver.percent) for tier in read for waiver in tier.waivers] == written
