"""What the live hub is built of, as far as no cloud is needed for it."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.bootstrap import LiveHub
from chalicelib.domain.errors import PaperNotPossible, UnknownCourt
from chalicelib.settings import CourtSettings, Settings
from chalicelib.use_cases.papers import CourtNames
from tests.unit.documents.cases import sources


def hub(**settings: Any) -> LiveHub:
    courts = {"jiaocheng": CourtSettings(url="https://court.test", name="蕉城区人民法院")}
    return LiveHub(Settings(stage="dev", table="t", courts=courts, **settings))


def test_a_court_is_called_as_its_settings_say() -> None:
    """Its own name, the centre's general one; an unknown court is refused."""
    names = hub().names_of("jiaocheng")
    assert names == CourtNames(court="蕉城区人民法院", organisation="普惠金融司法协同中心")
    with pytest.raises(UnknownCourt):
        hub().names_of("nowhere")


@pytest.mark.parametrize("settings", [{}, {"signing_key_id": "k"}, {"signing_certificates": "pem"}])
def test_without_key_and_certificates_nothing_is_signed(settings: dict[str, str]) -> None:
    """The refusal names the certificate; no cloud is asked."""
    with pytest.raises(PaperNotPossible) as refused:
        hub(**settings).renderer.sign(b"%PDF", sources(), "mediation_agreement/2")
    assert refused.value.missing == ("signing_certificate",)
