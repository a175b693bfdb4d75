"""One-time codes (一次性验证码): when a party may get another one, and while one is valid.

Promise: a code that is sent is valid for ten minutes, one on paper for longer; each for one party and one
document, and for five attempts. A party waits a minute for another code and gets ten a day at most, so
guessing has 50 chances in a million a day. Times are real time, in epoch seconds: the ten minutes are not
compressed with the case's days. This module does not know the digits.
Downside: the numbers are ours [policy]; the statute (电子签名法 13) wants the signature to be the signer's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from chalicelib.domain.agreement.errors import (
    CodeExpired,
    CodeNotVerified,
    CodeOfAnotherText,
    CodeRequestedTooSoon,
    CodesExhausted,
)

VALID_SECONDS: Final = 600
BETWEEN_SECONDS: Final = 60
MOST_ATTEMPTS: Final = 5
MOST_A_DAY: Final = 10
USED_UP: Final = MOST_ATTEMPTS + 1
"""The attempts of a code that was good for one time and was used."""
_DAY_SECONDS: Final = 24 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A party's latest code without its digits: number (from 1, never reused), times and attempts."""

    number: int
    document_sha256: str
    issued_at: int
    day_since: int
    in_day: int
    attempts: int = 0
    lasts: int = VALID_SECONDS
    """How many seconds it is valid: those of a message, or more for one that is printed."""

    @property
    def expires_at(self) -> int:
        """The second from which on the code is no longer valid."""
        return self.issued_at + self.lasts


def next_code(latest: Code | None, document_sha256: str, now: int, *, lasts: int = VALID_SECONDS) -> Code:
    """Return the code that replaces the latest one; raises CodeRequestedTooSoon."""
    if latest is None:
        return Code(
            number=1,
            document_sha256=document_sha256,
            issued_at=now,
            day_since=now,
            in_day=1,
            lasts=lasts,
        )
    new_day = now >= latest.day_since + _DAY_SECONDS
    spent = latest.in_day >= MOST_A_DAY and not new_day
    free_at = latest.day_since + _DAY_SECONDS if spent else latest.issued_at + BETWEEN_SECONDS
    if now < free_at:
        raise CodeRequestedTooSoon(retry_after_seconds=free_at - now)
    return Code(
        number=latest.number + 1,
        document_sha256=document_sha256,
        issued_at=now,
        day_since=now if new_day else latest.day_since,
        in_day=1 if new_day else latest.in_day + 1,
        lasts=lasts,
    )


def check_attempt(latest: Code | None, document_sha256: str, now: int) -> Code:
    """Return the code to compare with; raises as below.

    CodeNotVerified without a code, CodeOfAnotherText if it was sent for another document or act, CodeExpired
    or CodesExhausted.
    """
    if latest is None:
        raise CodeNotVerified
    if latest.document_sha256 != document_sha256:
        raise CodeOfAnotherText
    if now >= latest.expires_at:
        raise CodeExpired
    if latest.attempts >= MOST_ATTEMPTS:
        raise CodesExhausted
    return latest


def is_good(latest: Code | None, number: int, now: int) -> bool:
    """Tell whether the code of this number can still be used, so that sending it makes sense."""
    if latest is None or latest.number != number:
        return False
    return now < latest.expires_at and latest.attempts < MOST_ATTEMPTS


def check_digits(fits: bool) -> None:
    """Raise CodeNotVerified unless the digits fit."""
    if not fits:
        raise CodeNotVerified
