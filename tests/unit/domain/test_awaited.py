"""What a case waits for, stage by stage, by name."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.awaited import awaited
from chalicelib.domain.parties import Side
from chalicelib.domain.settlement_outcome import OfferStanding
from chalicelib.domain.stages import Stage
from tests.support.builders import START as AT
from tests.support.builders import filed

CASE = filed("a1", "r1", "r2").case
OFFER = OfferStanding(number=1, side=Side.APPLICANT, expires_at=AT + timedelta(days=3))
EVERYBODY = frozenset({"a1", "r1", "r2"})


@pytest.mark.parametrize(
    ("stage", "changes", "names"),
    [
        (Stage.FILED, {}, ("screening", "consent:r1", "consent:r2")),
        (Stage.SCREENED, {}, ("appointment", "consent:r1", "consent:r2")),
        (Stage.ASSIGNED, {}, ("mediator_acceptance", "consent:r1", "consent:r2")),
        (Stage.ASSIGNED, {"accepted_at": AT}, ("consent:r1", "consent:r2")),
        (Stage.ASSIGNED, {"consents": EVERYBODY}, ("mediator_acceptance",)),
        (Stage.IN_MEDIATION, {}, ("offer",)),
        (Stage.IN_MEDIATION, {"offer": replace(OFFER, awaits=frozenset({"r2"}))}, ("answer:r2",)),
        (Stage.IN_MEDIATION, {"offer": OFFER}, ("answer:r1", "answer:r2")),
        (Stage.IN_MEDIATION, {"offer": replace(OFFER, expires_at=AT)}, ("offer",)),
        (Stage.IN_MEDIATION, {"offer": replace(OFFER, accepted=True, expires_at=AT)}, ("agreement",)),
        (
            Stage.SETTLED,
            {"mediator_id": "m1", "signatures": frozenset({"r1"})},
            ("signature:a1", "signature:r2"),
        ),
        (
            Stage.SETTLED,
            {"signatures": frozenset({"r1"})},
            ("appointment", "signature:a1", "signature:r2"),
        ),
        (Stage.PERFORMING, {}, ()),
    ],
)
def test_a_case_names_whose_word_it_waits_for(stage: Stage, changes: dict[str, Any], names: object) -> None:
    """An offer of an earlier release, which names nobody, waits for the whole other side."""
    assert awaited(replace(CASE, stage=stage, **changes), AT) == names
