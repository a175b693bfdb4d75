"""Speaks a court's one-network filing endpoint (一网通办) as published in docs/one-network.openapi.yaml.

Promise: a call sends one signed request and ends in one of three ways: the receipt, `CourtUnavailable`
(sending the message again may help) or `CourtRefusedMessage` (it will not). The answer is bounded in size
and time, read strictly, and never quoted in an error; redirects are not followed, TLS is verified.
Why no retries here: they belong to the queue, which survives this process. Downside: a request that timed out
may have arrived; only the message id, which never changes, keeps it from counting twice.
"""

from __future__ import annotations

import json
import re
import time
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlsplit

import urllib3

from chalicelib.adapters.court import signatures
from chalicelib.domain.errors import CourtRefusedMessage, CourtUnavailable, UnknownCourt
from chalicelib.use_cases.records import Receipt

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from chalicelib.use_cases.records import CourtNotice, Submission

LONGEST_ANSWER_BYTES: Final = 64 * 1024
LONGEST_CONNECT_SECONDS: Final = 3.05
LONGEST_RETRY_AFTER_SECONDS: Final = 24 * 3600

_ACCEPTED: Final = 202
_CLIENT_ERRORS: Final = range(400, 500)
_TRANSIENT: Final = frozenset({408, 425, 429})
_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
_CODE = re.compile(r"[a-z][a-z0-9_]{0,63}")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|\+00:00)", re.ASCII)


@dataclass(frozen=True, slots=True)
class CourtEndpoint:
    """Where a court listens (base URL, major version included) and how long one call may take in all."""

    url: str
    timeout_seconds: float = 10.0

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
            raise ValueError("a court's endpoint is https (http only on this machine)")


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
        self._now = now
        self._http = http or urllib3.PoolManager(maxsize=4, retries=False)
        self._monotonic = monotonic

    def submit(self, submission: Submission) -> Receipt:
        """Submit a transfer; return the court's receipt. Raises CourtUnavailable, CourtRefusedMessage."""
        ids = {"court_id": submission.court_id, "transfer_id": submission.transfer_id}
        answer = self._post(submission.court_id, "filings", submission.message_id, {**submission.body, **ids})
        return _receipt(answer, submission.message_id)

    def notify(self, notice: CourtNotice) -> None:
        """Tell of a withdrawal or a correction. Raises CourtUnavailable, CourtRefusedMessage."""
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
        now = self._now()
        headers = signatures.sign(message_id, now, content, self._keys(court_id)) | {
            "accept": "application/json, application/problem+json",
            "accept-encoding": "identity",  # so that the bound on the answer is a bound on what is read
            "content-type": "application/json",
            "user-agent": "jiefen-hub",
        }
        try:
            response, answer = self._exchange(
                f"{endpoint.url.rstrip('/')}/{path}", content, headers, endpoint
            )
        except urllib3.exceptions.HTTPError as error:
            raise CourtUnavailable from error
        _check_status(response, answer, now)
        return answer

    def _exchange(
        self, url: str, content: bytes, headers: Mapping[str, str], endpoint: CourtEndpoint
    ) -> tuple[urllib3.BaseHTTPResponse, bytes]:
        seconds = endpoint.timeout_seconds
        deadline = self._monotonic() + seconds
        response = self._http.request(
            "POST",
            url,
            body=content,
            headers=headers,
            timeout=urllib3.Timeout(connect=min(seconds, LONGEST_CONNECT_SECONDS), total=seconds),
            retries=False,
            redirect=False,
            preload_content=False,
            decode_content=False,
        )
        with closing(response):
            answer = b""
            # A time-out of the socket bounds each wait, not their sum: a dripping answer needs a deadline.
            while chunk := response.read1(LONGEST_ANSWER_BYTES):
                answer += chunk
                if len(answer) > LONGEST_ANSWER_BYTES or self._monotonic() > deadline:
                    raise CourtUnavailable
        return response, answer


def _check_status(response: urllib3.BaseHTTPResponse, answer: bytes, now: datetime) -> None:
    if response.status == _ACCEPTED:
        return
    if response.status in _CLIENT_ERRORS and response.status not in _TRANSIENT:
        raise CourtRefusedMessage(response.status, _problem_code(answer, response.status))
    raise CourtUnavailable(_retry_after(response.headers.get("retry-after", ""), now))


def _problem_code(answer: bytes, status: int) -> str:
    """Take the problem's code if it has the published form: anything else could carry anything."""
    try:
        problem = json.loads(answer)
    except (ValueError, RecursionError):
        problem = None
    code = problem.get("code") if isinstance(problem, dict) else None
    return code if isinstance(code, str) and _CODE.fullmatch(code) else f"http_{status}"


def _retry_after(value: str, now: datetime) -> int | None:
    """Read Retry-After (RFC 9110 10.2.3), seconds or a date, as seconds from now; None if unreadable."""
    if value.isascii() and value.isdigit():
        seconds = int(value[:9])
    else:
        try:
            seconds = int((parsedate_to_datetime(value) - now).total_seconds())
        except (TypeError, ValueError):
            return None
    return min(max(seconds, 0), LONGEST_RETRY_AFTER_SECONDS)


def _receipt(answer: bytes, message_id: str) -> Receipt:
    fields = _json_object(answer)
    receipt_id = fields.get("receipt_id")
    if not isinstance(receipt_id, str) or not _ID.fullmatch(receipt_id):
        raise CourtUnavailable
    return Receipt(receipt_id=receipt_id, received_at=_received_at(fields, message_id))


def _json_object(answer: bytes) -> dict[str, Any]:
    """Read an accepting answer; nonsense means that nobody can tell whether the message was stored."""
    try:
        fields = json.loads(answer)
    except (ValueError, RecursionError) as error:
        raise CourtUnavailable from error
    if not isinstance(fields, dict):
        raise CourtUnavailable
    return fields


def _received_at(fields: Mapping[str, Any], message_id: str) -> datetime:
    """Check that the answer speaks of this message and return when the court received it."""
    text = fields.get("received_at")
    if fields.get("message_id") != message_id or not isinstance(text, str) or not _INSTANT.fullmatch(text):
        raise CourtUnavailable
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise CourtUnavailable from error
