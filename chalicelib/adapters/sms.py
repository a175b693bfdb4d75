"""Speaks the gateway for short messages (短信网关) as published in docs/sms-gateway.openapi.yaml.

Promise: a call sends one signed request and ends in one of three ways: taken, `MessengerUnavailable` (sending
it again may help) or `MessengerRefused` (it will not). The answer is bounded in size and time, never quoted;
redirects are not followed, TLS is verified. Why a contract of our own: SNS has no SMS in the Chinese regions,
and every carrier's interface differs; a small relay beside the gateway speaks to the carrier.
Downside: a request that timed out may have arrived; the message id, on which the gateway deduplicates, is all
that keeps a person from reading it twice.
"""

from __future__ import annotations

import json
import re
import time
from contextlib import closing
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import urllib3

from chalicelib.adapters.court import signatures
from chalicelib.domain.errors import MessengerRefused, MessengerUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from chalicelib.domain.notices import NoticeKind

LONGEST_ANSWER_BYTES: Final = 4 * 1024
LONGEST_RETRY_AFTER_SECONDS: Final = 3600
TIMEOUT_SECONDS: Final = 5.0

_TAKEN: Final = 202
_CLIENT_ERRORS: Final = range(400, 500)
_TRANSIENT: Final = frozenset({408, 425, 429})
_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
_CODE: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")
_SECONDS: Final = re.compile(r"[0-9]{1,9}")


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
        """`url` ends with the major version; `keys()` gives the signing keys, newest first; `now` is real."""
        parts = urlsplit(url)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
            raise ValueError("the message gateway is https (http only on this machine)")
        self._url = f"{url.rstrip('/')}/messages"
        self._keys = keys
        self._now = now
        self._http = http or urllib3.PoolManager(maxsize=2, retries=False)
        self._seconds = timeout_seconds

    def send(self, notice_id: str, phone: str, kind: NoticeKind, values: Mapping[str, str]) -> None:
        """Hand a message over; raises MessengerUnavailable or MessengerRefused."""
        message = {"message_id": notice_id, "phone": phone, "template": str(kind), "values": dict(values)}
        body = json.dumps(message, separators=(",", ":")).encode()
        headers = signatures.sign(notice_id, self._now(), body, self._keys()) | {
            "accept": "application/json, application/problem+json",
            "accept-encoding": "identity",  # so that the bound on the answer is a bound on what is read
            "content-type": "application/json",
            "user-agent": "jiefen-hub",
        }
        try:
            response, answer = self._exchange(body, headers)
        except urllib3.exceptions.HTTPError as error:
            raise MessengerUnavailable from error
        if response.status == _TAKEN:
            return
        if response.status in _CLIENT_ERRORS and response.status not in _TRANSIENT:
            raise MessengerRefused(response.status, _problem_code(answer, response.status))
        raise MessengerUnavailable(_retry_after(response.headers.get("retry-after", "")))

    def _exchange(self, body: bytes, headers: Mapping[str, str]) -> tuple[urllib3.BaseHTTPResponse, bytes]:
        give_up_at = time.monotonic() + self._seconds
        response = self._http.request(
            "POST",
            self._url,
            body=body,
            headers=headers,
            timeout=urllib3.Timeout(total=self._seconds),
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
                if len(answer) > LONGEST_ANSWER_BYTES or time.monotonic() > give_up_at:
                    raise MessengerUnavailable
        return response, answer


def _problem_code(answer: bytes, status: int) -> str:
    """Take the problem's code if it has the published form: anything else could carry anything."""
    try:
        problem = json.loads(answer)
    except (ValueError, RecursionError):
        problem = None
    code = problem.get("code") if isinstance(problem, dict) else None
    return code if isinstance(code, str) and _CODE.fullmatch(code) else f"http_{status}"


def _retry_after(value: str) -> int | None:
    """Read Retry-After in seconds, which the contract asks for; None if it is anything else."""
    return min(int(value), LONGEST_RETRY_AFTER_SECONDS) if _SECONDS.fullmatch(value) else None
