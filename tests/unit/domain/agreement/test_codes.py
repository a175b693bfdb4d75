"""One-time codes: when another may be had, when one is good, and how little a guesser gets."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.agreement.codes import (
    BETWEEN_SECONDS,
    MOST_A_DAY,
    MOST_ATTEMPTS,
    VALID_SECONDS,
    Code,
    check_attempt,
    check_digits,
    is_good,
    next_code,
)
from chalicelib.domain.agreement.errors import (
    CodeExpired,
    CodeNotVerified,
    CodeOfAnotherText,
    CodeRequestedTooSoon,
    CodesExhausted,
)

DOCUMENT = "a" * 64
NOW = 1_772_415_000
DAY = 24 * 3600


def code(**changes: int) -> Code:
    """Make a party's first code, issued now."""
    return replace(next_code(None, DOCUMENT, NOW), **changes)  # type: ignore[arg-type]  # each test names a number


def test_the_first_code_is_to_be_had_at_once() -> None:
    first = next_code(None, DOCUMENT, NOW)
    assert (first.number, first.attempts, first.expires_at) == (1, 0, NOW + VALID_SECONDS)


def test_the_next_one_counts_on_and_starts_without_attempts() -> None:
    second = next_code(code(attempts=5), "b" * 64, NOW + BETWEEN_SECONDS)
    assert (second.number, second.attempts, second.document_sha256) == (2, 0, "b" * 64)


@pytest.mark.parametrize("after", [0, 1, BETWEEN_SECONDS - 1])
def test_within_a_minute_there_is_no_other_one(after: int) -> None:
    with pytest.raises(CodeRequestedTooSoon) as refused:
        next_code(code(), DOCUMENT, NOW + after)
    assert refused.value.retry_after_seconds == BETWEEN_SECONDS - after


def test_a_day_has_ten_and_the_next_day_another_ten() -> None:
    latest = code()
    for number in range(2, MOST_A_DAY + 1):
        latest = next_code(latest, DOCUMENT, latest.issued_at + BETWEEN_SECONDS)
        assert latest.number == number
    with pytest.raises(CodeRequestedTooSoon) as refused:
        next_code(latest, DOCUMENT, latest.issued_at + BETWEEN_SECONDS)
    wait = refused.value.retry_after_seconds
    assert latest.issued_at + BETWEEN_SECONDS + wait == NOW + DAY
    again = next_code(latest, DOCUMENT, NOW + DAY)
    assert (again.number, again.in_day, again.day_since) == (MOST_A_DAY + 1, 1, NOW + DAY)


@given(st.lists(st.integers(0, 4000), min_size=1, max_size=60))
def test_whoever_asks_however_often_gets_few(pauses: list[int]) -> None:
    """Never two within a minute, never more than two days' worth within any day, and no number twice."""
    latest, now, issued = None, NOW, []
    for pause in pauses:
        now += pause
        with suppress(CodeRequestedTooSoon):
            latest = next_code(latest, DOCUMENT, now)
            issued.append(latest)
    times = [one.issued_at for one in issued]
    assert [one.number for one in issued] == list(range(1, len(issued) + 1))
    assert all(later - earlier >= BETWEEN_SECONDS for earlier, later in pairwise(times))
    for start in times:
        assert sum(start <= at < start + DAY for at in times) <= 2 * MOST_A_DAY


def test_a_code_is_good_for_its_document_and_its_time() -> None:
    latest = code(attempts=MOST_ATTEMPTS - 1)
    assert check_attempt(latest, DOCUMENT, NOW + VALID_SECONDS - 1) is latest
    with pytest.raises(CodeNotVerified):
        check_attempt(None, DOCUMENT, NOW)
    with pytest.raises(CodeOfAnotherText):
        check_attempt(latest, "b" * 64, NOW)
    with pytest.raises(CodeExpired):
        check_attempt(latest, DOCUMENT, NOW + VALID_SECONDS)
    with pytest.raises(CodesExhausted):
        check_attempt(code(attempts=MOST_ATTEMPTS), DOCUMENT, NOW)


@pytest.mark.parametrize(
    ("latest", "number", "after", "good"),
    [
        (code(), 1, 0, True),
        (code(), 1, VALID_SECONDS - 1, True),
        (code(), 1, VALID_SECONDS, False),
        (code(), 2, 0, False),
        (code(attempts=MOST_ATTEMPTS), 1, 0, False),
        (None, 1, 0, False),
    ],
)
def test_a_message_is_sent_only_for_a_code_that_helps(
    latest: Code | None, number: int, after: int, good: bool
) -> None:
    assert is_good(latest, number, NOW + after) is good


def test_digits_that_do_not_fit_are_not_verified() -> None:
    check_digits(fits=True)
    with pytest.raises(CodeNotVerified):
        check_digits(fits=False)
