"""Sends one signed request to an outside partner (a court or the message gateway) and reads the answer.

Promise: a call sends one request and ends in one of three ways: the accepting answer, the partner's
`unavailable` (sending the message again may help) or its `refused` (it will not). The answer is bounded in
size and time and never quoted in an error; redirects are not followed, TLS is verified, plain http is
allowed only to this machine. Why no retries here: they belong to the queue, which survives this process.
Downside: a request that timed out may have arrived; the partner recognizes the repeated message only by its
id, which never changes.
"""

from __future__ import annotations

import json
import re
import time
from contextlib import closing
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import urllib3

from chalicelib.adapters import signatures

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

LONGEST_CONNECT_SECONDS: Final = 3.05

_ACCEPTED: Final = 202
_CLIENT_ERRORS: Final = range(400, 500)
_TRANSIENT: Final = frozenset({408, 425, 429})
_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
_CODE: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")


def check_url(url: str, whose: str) -> None:
    """Raise ValueError unless the URL is https, or http on this machine."""
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        raise ValueError(f"{whose} is https (http only on this machine)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """How to talk to one kind of partner; `now` is the real clock, for signatures."""

    unavailable: Callable[[int | None], Exception]
    refused: Callable[[int, str], Exception]
    longest_answer_bytes: int
    longest_retry_after_seconds: int
    now: Callable[[], datetime]
    http: urllib3.PoolManager
    monotonic: Callable[[], float] = time.monotonic

    def post(
        self, url: str, message_id: str, content: bytes, keys: Sequence[str], *, seconds: float
    ) -> bytes:
        """Send a message, signed with these keys, within `seconds`; return the accepting answer."""
        now = self.now()
        headers = signatures.sign(message_id, now, content, keys) | {
            "accept": "application/json, application/problem+json",
            "accept-encoding": "identity",  # so that the bound on the answer is a bound on what is read
            "content-type": "application/json",
            "user-agent": "jiefen-hub",
        }
        try:
            response, answer = self._exchanged(url, content, headers, seconds)
        except urllib3.exceptions.HTTPError as error:
            raise self.unavailable(None) from error
        if response.status == _ACCEPTED:
            return answer
        if response.status in _CLIENT_ERRORS and response.status not in _TRANSIENT:
            raise self.refused(response.status, _problem_code(answer, response.status))
        raise self.unavailable(self._retry_after(response.headers.get("retry-after", ""), now))

    def _exchanged(
        self, url: str, content: bytes, headers: Mapping[str, str], seconds: float
    ) -> tuple[urllib3.BaseHTTPResponse, bytes]:
        deadline = self.monotonic() + seconds
        response = self.http.request(
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
            # The socket's time-out limits each wait, not their sum; a slow answer needs a deadline too.
            while chunk := response.read1(self.longest_answer_bytes):
                answer += chunk
                if len(answer) > self.longest_answer_bytes or self.monotonic() > deadline:
                    raise self.unavailable(None)
        return response, answer

    def _retry_after(self, value: str, now: datetime) -> int | None:
        """Read Retry-After (RFC 9110 10.2.3), seconds or a date, as seconds from now; None if unreadable."""
        if value.isascii() and value.isdigit():
            seconds = int(value[:9])
        else:
            try:
                seconds = int((parsedate_to_datetime(value) - now).total_seconds())
            except (TypeError, ValueError):
                return None
        return min(max(seconds, 0), self.longest_retry_after_seconds)


def _problem_code(answer: bytes, status: int) -> str:
    """Return the problem's code if it has the published form, else one made of the HTTP status."""
    try:
        problem = json.loads(answer)
    except (ValueError, RecursionError):
        problem = None
    code = problem.get("code") if isinstance(problem, dict) else None
    return code if isinstance(code, str) and _CODE.fullmatch(code) else f"http_{status}"
