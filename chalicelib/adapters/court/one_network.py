"""Speaks a court's one-network filing endpoint (一网通办) as published in docs/one-network.openapi.yaml.

Promise: a call ends in the receipt, `CourtUnavailable` (sending the message again may help) or
`CourtRefusedMessage` (it will not); see `exchange`. The answer is read strictly.
"""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import urllib3

from chalicelib.adapters.exchange import Exchange, check_url
from chalicelib.domain.errors import CourtRefusedMessage, CourtUnavailable, UnknownCourt
from chalicelib.use_cases.records import Receipt

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from chalicelib.use_cases.records import CourtNotice, Submission

LONGEST_ANSWER_BYTES: Final = 64 * 1024
LONGEST_RETRY_AFTER_SECONDS: Final = 24 * 3600

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|\+00:00)", re.ASCII)


@dataclass(frozen=True, slots=True)
class CourtEndpoint:
    """A court's base URL (with the major version) and how many seconds one whole call may take."""

    url: str
    timeout_seconds: float = 10.0

    def __post_init__(self) -> None:
        check_url(self.url, "a court's endpoint")


class OneNetworkCourt:
    """The `Court` port over HTTPS, for every court that offers the published contract."""

    def __init__(
        self,
        endpoints: Mapping[str, CourtEndpoint],
        keys: Callable[[str], Sequence[str]],
        now: Callable[[], datetime],
        *,
        http: urllib3.PoolManager | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`keys(court_id)` gives the signing keys, newest first; `now` is the real clock, for signatures."""
        self._endpoints = endpoints
        self._keys = keys
        self._exchange = Exchange(
            unavailable=CourtUnavailable,
            refused=CourtRefusedMessage,
            longest_answer_bytes=LONGEST_ANSWER_BYTES,
            longest_retry_after_seconds=LONGEST_RETRY_AFTER_SECONDS,
            now=now,
            http=http or urllib3.PoolManager(maxsize=4, retries=False),
            monotonic=monotonic,
        )

    def submit(self, submission: Submission) -> Receipt:
        """Submit a transfer; return the court's receipt. Raises CourtUnavailable, CourtRefusedMessage."""
        ids = {"court_id": submission.court_id, "transfer_id": submission.transfer_id}
        answer = self._post(submission.court_id, "filings", submission.message_id, {**submission.body, **ids})
        return _receipt(answer, submission.message_id)

    def notify(self, notice: CourtNotice) -> None:
        """Tell the court of a withdrawal or a correction. Raises CourtUnavailable, CourtRefusedMessage."""
        path = f"transfers/{quote(notice.transfer_id, safe='')}/notices"
        body = {**notice.body, "transfer_id": notice.transfer_id}
        answer = _json_object(self._post(notice.court_id, path, notice.message_id, body))
        _received_at(answer, notice.message_id)

    def _post(self, court_id: str, path: str, message_id: str, body: Mapping[str, Any]) -> bytes:
        endpoint = self._endpoints.get(court_id)
        if endpoint is None:
            raise UnknownCourt(court_id)
        content = json.dumps(
            {**body, "message_id": message_id}, ensure_ascii=False, allow_nan=False, separators=(",", ":")
        ).encode()
        return self._exchange.post(
            f"{endpoint.url.rstrip('/')}/{path}",
            message_id,
            content,
            self._keys(court_id),
            seconds=endpoint.timeout_seconds,
        )


def _receipt(answer: bytes, message_id: str) -> Receipt:
    fields = _json_object(answer)
    receipt_id = fields.get("receipt_id")
    if not isinstance(receipt_id, str) or not _ID.fullmatch(receipt_id):
        raise CourtUnavailable
    return Receipt(receipt_id=receipt_id, received_at=_received_at(fields, message_id))


def _json_object(answer: bytes) -> dict[str, Any]:
    """Read an accepting answer. An unreadable one does not prove that the message was stored."""
    try:
        fields = json.loads(answer)
    except (ValueError, RecursionError) as error:
        raise CourtUnavailable from error
    if not isinstance(fields, dict):
        raise CourtUnavailable
    return fields


def _received_at(fields: Mapping[str, Any], message_id: str) -> datetime:
    """Check that the answer is about this message and return when the court received it."""
    text = fields.get("received_at")
    if fields.get("message_id") != message_id or not isinstance(text, str) or not _INSTANT.fullmatch(text):
        raise CourtUnavailable
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise CourtUnavailable from error
