"""The cases of one contract: no instalment is claimed twice at a time, and what came before is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.contract_filings import Claimed, ContractFilings
from chalicelib.domain.errors import DuplicateFiling

DAY = date(2026, 3, 2)


def claimed(scope: str, case_id: str, days: int = 0) -> Claimed:
    return Claimed(DAY + timedelta(days=days), scope, case_id)


def never(case_id: str) -> bool:
    raise AssertionError(f"{case_id} was looked at")


def test_what_shares_an_instalment_is_refused_and_named() -> None:
    filings = ContractFilings().claiming(claimed("1-6", "C-1"), never).claiming(claimed("7-9", "C-2"), never)
    with pytest.raises(DuplicateFiling) as refused:
        filings.claiming(claimed("9-12", "C-3"), lambda case_id: case_id != "C-2")
    assert (refused.value.existing_case_id, refused.value.existing_instalment_scope) == ("C-2", "7-9")
    assert filings.claiming(claimed("10-12", "C-3"), never).open == {
        claimed("1-6", "C-1"),
        claimed("7-9", "C-2"),
        claimed("10-12", "C-3"),
    }


def test_a_case_that_is_over_and_stands_as_open_refuses_nothing() -> None:
    """It was ended by a release that did not say so."""
    filings = ContractFilings().claiming(claimed("whole", "C-1"), never)
    after = filings.claiming(claimed("3", "C-2"), lambda case_id: case_id == "C-1")
    assert after == ContractFilings(frozenset({claimed("3", "C-2")}), frozenset({claimed("whole", "C-1")}))


def test_a_case_that_ends_is_told_to_who_files_the_same_instalments() -> None:
    """In the order of filing; what was about others is not told."""
    ended = ContractFilings()
    for number, scope in enumerate(("4-6", "1-3", "3", "whole")):
        ended = ended.ending(claimed(scope, f"C-{9 - number}", number))
    assert ended.open == set()
    assert [case.case_id for case in ended.before("3")] == ["C-8", "C-7", "C-6"]
    assert [case.case_id for case in ended.before("4")] == ["C-9", "C-6"]


def test_a_case_that_goes_on_is_open_and_no_more_over() -> None:
    """It does not stand against itself."""
    mine = claimed("1-6", "C-1")
    ended = ContractFilings().claiming(mine, never).ending(mine)
    assert ended == ContractFilings(ended=frozenset({mine}))
    again = ended.claiming(mine, never)
    assert again == ContractFilings(open=frozenset({mine}))
    assert again.claiming(mine, never) == again


def test_of_those_that_are_over_the_last_fifty_are_remembered() -> None:
    filings = ContractFilings()
    for number in range(60):
        filings = filings.ending(claimed("1", f"C-{100 - number}", number))
    kept = filings.claiming(claimed("1", "C-new", 99), never).before("1")
    assert [case.case_id for case in kept] == [f"C-{100 - number}" for number in range(10, 60)]


SPANS = st.tuples(st.integers(1, 12), st.integers(0, 5)).map(lambda span: (span[0], sum(span)))
ACTS = st.lists(st.tuples(st.booleans(), SPANS, st.integers(0, 30)), max_size=30)


@given(ACTS)
def test_no_instalment_is_ever_claimed_by_two_open_cases(
    acts: list[tuple[bool, tuple[int, int], int]],
) -> None:
    """Whatever is filed and ended in whatever order; who is refused claims one that is claimed."""
    filings = ContractFilings()
    held: dict[int, str] = {}
    for number, (files, (first, last), which) in enumerate(acts):
        wanted = set(range(first, last + 1))
        mine = claimed(f"{first}-{last}", f"C-{number}")
        if not files:
            for case in sorted(filings.open)[which : which + 1]:
                filings = filings.ending(case)
                held = {part: holder for part, holder in held.items() if holder != case.case_id}
        elif wanted & held.keys():
            with pytest.raises(DuplicateFiling) as refused:
                filings.claiming(mine, lambda _: False)
            assert refused.value.existing_case_id in {held[part] for part in wanted & held.keys()}
        else:
            filings = filings.claiming(mine, never)
            held |= dict.fromkeys(wanted, mine.case_id)
    assert {case.case_id for case in filings.open} == set(held.values())


def test_the_day_is_part_of_what_is_told() -> None:
    mine = claimed("1", "C-1")
    (told,) = ContractFilings().ending(mine).before("1")
    assert told.filed_on == DAY
    assert replace(mine, filed_on=DAY + timedelta(days=1)) > mine
