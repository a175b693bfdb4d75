"""Scopes of filings: which of them claim the same instalment."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.instalments import overlap

SPANS = st.tuples(st.integers(1, 30), st.integers(0, 12)).map(lambda span: (span[0], sum(span)))


def written(span: tuple[int, int]) -> str:
    first, last = span
    return str(first) if first == last else f"{first}-{last}"


@given(SPANS, SPANS)
def test_scopes_overlap_exactly_if_they_share_an_instalment(
    one: tuple[int, int], other: tuple[int, int]
) -> None:
    shared = {*range(one[0], one[1] + 1)} & {*range(other[0], other[1] + 1)}
    assert overlap(written(one), written(other)) == bool(shared)


@given(SPANS)
def test_the_whole_contract_overlaps_every_scope(span: tuple[int, int]) -> None:
    assert overlap("whole", written(span))
    assert overlap(written(span), "whole")


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("whole", "whole", True),
        ("1-6", "3-8", True),
        ("1-6", "6-8", True),
        ("1-6", "7-8", False),
        ("7", "7-7", True),
        ("9", "10", False),
        ("2-10", "9", True),
        ("all", "3", True),
        ("6-1", "9", True),  # names no instalment in a row, so it is the whole contract
    ],
)
def test_examples_of_scopes(one: str, other: str, expected: bool) -> None:
    assert overlap(one, other) is expected
    assert overlap(other, one) is expected
