"""Speaks the gateway for short messages (短信网关) as published in docs/sms-gateway.openapi.yaml.

Promise: a call returns once the gateway took the message, or raises `MessengerUnavailable` (sending it again
may help) or `MessengerRefused` (it will not); see `exchange`. Why a contract of our own: SNS has no SMS in
the Chinese regions, and the interfaces of the carriers differ; a small relay beside the gateway speaks to
the carrier. Downside: a request that timed out may have arrived; only the gateway's check of the message id
keeps a person from getting the message twice.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import urllib3

from chalicelib.adapters.exchange import Exchange, check_url
from chalicelib.domain.errors import MessengerRefused, MessengerUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from chalicelib.domain.notices import NoticeKind

LONGEST_ANSWER_BYTES: Final = 4 * 1024
LONGEST_RETRY_AFTER_SECONDS: Final = 3600
TIMEOUT_SECONDS: Final = 5.0


class SmsGateway:
    """The `Messenger` port over HTTPS."""

    def __init__(
        self,
        url: str,
        keys: Callable[[], Sequence[str]],
        now: Callable[[], datetime],
        *,
        http: urllib3.PoolManager | None = None,
        timeout_seconds: float = TIMEOUT_SECONDS,
    ) -> None:
        """`url` ends with the major version; `keys()`: newest first, to sign with; `now`: the real clock."""
        check_url(url, "the message gateway")
        self._url = f"{url.rstrip('/')}/messages"
        self._keys = keys
        self._seconds = timeout_seconds
        self._exchange = Exchange(
            unavailable=MessengerUnavailable,
            refused=MessengerRefused,
            longest_answer_bytes=LONGEST_ANSWER_BYTES,
            longest_retry_after_seconds=LONGEST_RETRY_AFTER_SECONDS,
            now=now,
            http=http or urllib3.PoolManager(maxsize=2, retries=False),
        )

    def send(
        self,
        notice_id: str,
        phone: str,
        kind: NoticeKind,
        values: Mapping[str, str],
        case_number: str | None = None,
        link: str | None = None,
    ) -> None:
        """Hand a message over; raises MessengerUnavailable or MessengerRefused."""
        message: dict[str, Any] = {
            "message_id": notice_id,
            "phone": phone,
            "template": str(kind),
            "values": dict(values),
        }
        if case_number is not None:
            message["case_number"] = case_number
        if link is not None:
            message["link"] = link
        content = json.dumps(message, separators=(",", ":")).encode()
        self._exchange.post(self._url, notice_id, content, self._keys(), seconds=self._seconds)
