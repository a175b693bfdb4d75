"""The keys of courts, message gateway, video host and console, from one secret.

Promise: keys are read from Secrets Manager when first needed and again after five minutes, so that a
rotation needs no deployment; they are never logged and never in the environment.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, Literal

from chalicelib.adapters.aws import calling

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from mypy_boto3_secretsmanager.client import SecretsManagerClient

_KEPT: Final = timedelta(minutes=5)
_READ_AGAIN_AFTER: Final = timedelta(seconds=10)


class PartnerKeys:
    """Each court's keys, for signing and verifying; the gateway's and the video host's; the console's.

    The secret is `{"courts": {"<court_id>": {"sign": [...], "verify": [...]}}, "sms": {"sign": [...]},
    "console": {"seal": [...]}, "video": {"sign": [...]}}`.
    """

    def __init__(self, client: SecretsManagerClient, secret_id: str, now: Callable[[], datetime]) -> None:
        self._client = client
        self._secret_id = secret_id
        self._now = now
        self._read_at: datetime | None = None
        self._keys: Mapping[str, Any] = {}

    def signing(self, court_id: str) -> tuple[str, ...]:
        """Return the keys to sign messages to this court with; empty for an unknown court."""
        return self._of_court(court_id, "sign")

    def verifying(self, court_id: str) -> tuple[str, ...]:
        """Return the keys this court's messages may be signed with; empty for an unknown court."""
        return self._of_court(court_id, "verify")

    def sms(self) -> tuple[str, ...]:
        """Return the keys to sign messages to the gateway with; empty if it has none."""
        return tuple(self._read().get("sms", {}).get("sign", ()))

    def video(self) -> tuple[str, ...]:
        """Return the keys that the video host shares, to sign tokens with; empty if there are none."""
        return tuple(self._read().get("video", {}).get("sign", ()))

    def console(self, *, again: bool = False) -> tuple[str, ...]:
        """Return the keys that seal the console's cookies, the newest first; empty if there are none.

        `again` reads the secret anew, if it was not read just now: a cookie that no key opens may be sealed
        by a container that has seen a rotation already.
        """
        if again and self._read_at is not None and self._now() - self._read_at >= _READ_AGAIN_AFTER:
            self._read_at = None
        return tuple(self._read().get("console", {}).get("seal", ()))

    def _of_court(self, court_id: str, use: Literal["sign", "verify"]) -> tuple[str, ...]:
        return tuple(self._read().get("courts", {}).get(court_id, {}).get(use, ()))

    def _read(self) -> Mapping[str, Any]:
        now = self._now()
        if self._read_at is None or now - self._read_at >= _KEPT:
            with calling():
                answer = self._client.get_secret_value(SecretId=self._secret_id)
            self._keys = json.loads(answer["SecretString"])
            self._read_at = now
        return self._keys
