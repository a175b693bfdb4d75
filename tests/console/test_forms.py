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
