"""From typed fields to the body that the API takes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.console.forms import body_of, typed_of


@pytest.mark.parametrize(
    ("form", "body"),
    [
        ({"reason": ["other"]}, {"reason": "other"}),
        ({"reason": [""]}, {}),
        ({"reason": ["  "]}, {}),
        ({"reason": ["", "other"]}, {"reason": "other"}),
        ({"days:int": ["5"]}, {"days": 5}),
        ({"days:int": ["five"]}, {"days": "five"}),
        ({"days:int": ["５"]}, {"days": "５"}),
        ({"given:bool": ["true"]}, {"given": True}),
        ({"given:bool": ["false"]}, {"given": False}),
        ({"given:bool": ["yes"]}, {"given": "yes"}),
        ({"respondents:list": ["", "r1", "r2"]}, {"respondents": ["r1", "r2"]}),
        ({"respondents:list": [""]}, {}),
        (
            {"claim.principal": ["1.00"], "claim.fees": ["2.00"]},
            {"claim": {"principal": "1.00", "fees": "2.00"}},
        ),
        (
            {"parties.0.name": ["甲"], "parties.1.name": ["乙"], "parties.0.phone": [""]},
            {"parties": [{"name": "甲"}, {"name": "乙"}]},
        ),
        (
            {"lines.10.n": ["c"], "lines.2.n": ["b"], "lines.0.n": ["a"]},
            {"lines": [{"n": "a"}, {"n": "b"}, {"n": "c"}]},
        ),
        ({"csrf": ["x"], "version": ["3"], "key": ["k"]}, {}),
        ({"__proto__": ["x"], "A": ["x"], "a..b": ["x"], "a:any": ["x"]}, {}),
        ({"a": ["x"], "a.b": ["y"]}, {"a": "x"}),
    ],
)
def test_fields_become_a_body(form: dict[str, list[str]], body: dict[str, Any]) -> None:
    assert body_of(form) == body


@given(
    st.dictionaries(
        st.text(max_size=20) | st.from_regex(r"\A[a-z.0-9:]{1,20}\Z"), st.lists(st.text(), max_size=3)
    )
)
def test_whatever_is_sent_is_read(form: dict[str, list[str]]) -> None:
    """Without an error, and what was typed is kept by the field's name."""
    body_of(form)
    assert all(":" not in name for name in typed_of(form))


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("10000", "10000.00"),
        ("10,000.00", "10000.00"),
        ("1,234,567.8", "1234567.80"),
        ("１０，０００．５０", "10000.50"),
        ("￥007", "7.00"),
        ("50,459.35 元", "50459.35"),
        ("1,00", "1,00"),
        ("-5", "-5"),
        ("1.234", "1.234"),
        ("1e5", "1e5"),
        ("十万", "十万"),
    ],
)
def test_an_amount_is_typed_as_people_write_it(typed: str, sent: str) -> None:
    """What is none is sent as it was typed, for the API to refuse."""
    assert body_of({"amount:money": [typed]}) == {"amount": sent}
