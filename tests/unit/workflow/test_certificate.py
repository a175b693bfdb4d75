"""The days that the signing certificate has left are counted, so that an alarm can ring in time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

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
