"""The courts' signing keys, from one secret.

Promise: keys are read from Secrets Manager when first needed and again after five minutes, so that a
rotation needs no deployment; they are never logged and never in the environment.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from mypy_boto3_secretsmanager.client import SecretsManagerClient

_KEPT: Final = timedelta(minutes=5)


class PartnerKeys:
    """Keys by court: those the hub signs with, and those it verifies the court's messages with."""

    def __init__(self, client: SecretsManagerClient, secret_id: str, now: Callable[[], datetime]) -> None:
        self._client = client
        self._secret_id = secret_id
        self._now = now
        self._read_at: datetime | None = None
        self._courts: Mapping[str, Mapping[str, list[str]]] = {}

    def signing(self, court_id: str) -> tuple[str, ...]:
        """Return the keys to sign messages to this court with; empty for an unknown court."""
        return self._keys(court_id, "sign")

    def verifying(self, court_id: str) -> tuple[str, ...]:
        """Return the keys this court's messages may be signed with; empty for an unknown court."""
        return self._keys(court_id, "verify")

    def _keys(self, court_id: str, use: Literal["sign", "verify"]) -> tuple[str, ...]:
        now = self._now()
        if self._read_at is None or now - self._read_at >= _KEPT:
            answer = self._client.get_secret_value(SecretId=self._secret_id)
            self._courts = json.loads(answer["SecretString"]).get("courts", {})
            self._read_at = now
        return tuple(self._courts.get(court_id, {}).get(use, ()))
