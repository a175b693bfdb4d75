"""The days that the signing certificate has left are counted, so that an alarm can ring in time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from chalicelib.adapters.documents.errors import SigningFailed
from chalicelib.bootstrap import LiveHub
from chalicelib.settings import Settings
from chalicelib.workflow.sweep import watch_certificate
from tests.support.fakes.machinery import FakeMetrics

NOW = datetime(2026, 3, 2, tzinfo=UTC)


class Signing:
    """A hub with a certificate."""

    def __init__(self, ends: datetime | Exception | None) -> None:
        self._ends = ends
        self.metrics = FakeMetrics()

    @property
    def certificate_ends(self) -> datetime | None:
        """When it ends."""
        if isinstance(self._ends, Exception):
            raise self._ends
        return self._ends


@pytest.mark.parametrize(
    ("ends", "days"),
    [
        (NOW + timedelta(days=59, hours=23), 59),
        (NOW + timedelta(days=60), 60),
        (NOW - timedelta(days=3), 0),
        (SigningFailed("unreadable"), 0),
    ],
)
def test_the_days_left_are_counted(ends: datetime | Exception, days: int) -> None:
    """None are left of one that has ended, nor of one that can't be read."""
    hub = Signing(ends)
    watch_certificate(hub, NOW)
    assert hub.metrics.counts["SigningCertificateDays"] == days


def test_nothing_is_counted_where_nothing_is_signed() -> None:
    hub = Signing(None)
    watch_certificate(hub, NOW)
    assert "SigningCertificateDays" not in hub.metrics.counts


def test_without_a_certificate_there_is_no_end() -> None:
    assert LiveHub(Settings(stage="t", table="t")).certificate_ends is None


def test_the_end_is_that_of_the_first_certificate() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "centre")])
    made = [
        x509.CertificateBuilder(name, name, key.public_key(), number, NOW, NOW + timedelta(days=90 * number))
        .sign(key, hashes.SHA256())
        .public_bytes(serialization.Encoding.PEM)
        .decode()
        for number in (1, 2)
    ]
    hub = LiveHub(Settings(stage="t", table="t", signing_certificates="".join(made)))
    assert hub.certificate_ends == NOW + timedelta(days=90)
    with pytest.raises(SigningFailed):
        _ = LiveHub(Settings(stage="t", table="t", signing_certificates="no PEM")).certificate_ends
