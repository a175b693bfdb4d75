"""Whatever a body is, the answer is a 4xx of the published form, and nothing is stored."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.api.operations import LARGEST_BODY
from tests.support.bodies import filing
from tests.support.examples import examples
from tests.support.fakes import FakeHub
from tests.support.fakes.samples import INSTITUTION
from tests.support.http import Answer, Api

JSON = {"Content-Type": "application/json", "Idempotency-Key": "key-1"}


api = Api()


def send(body: str | bytes | None, headers: dict[str, str] = JSON, *, binary: bool = False) -> Answer:
    """File a body on a hub of its own, and see that a refusal leaves nothing behind."""
    api.hub = FakeHub()
    answer = api.request("POST", "/v1/filings", INSTITUTION, body, headers, binary=binary)
    stored = (api.hub.memory.cases, api.hub.memory.answers, api.hub.memory.details, api.hub.memory.stream)
    assert (answer.status == 201) == any(stored)
    assert answer.status < 500, answer.raw.decode()
    return answer


UNREADABLE: list[tuple[str | bytes | None, str, str]] = [
    (None, "body_missing", ""),
    ("", "body_missing", ""),
    (" \n", "body_missing", ""),
    ("{", "json_syntax", "line 1, column 2"),
    ('{\n"a": x}', "json_syntax", "line 2, column 6"),
    ("{'a': 1}", "json_punctuation", "' at line 1, column 2"),
    ("{“a”: 1}", "json_punctuation", "“ at line 1, column 2"),
    ('{"a": 1， "b": 2}', "json_punctuation", "， at line 1, column 8"),
    ('{"a"： 1}', "json_punctuation", "： at line 1, column 5"),
    ('{"a": "x\ty"}', "json_control_character", "line 1, column 9"),
    ('{"a": "x\ny"}', "json_control_character", "line 1, column 9"),
    ("// x\n{}", "json_syntax", "line 1, column 1"),
    ("\N{NO-BREAK SPACE}{}", "json_syntax", "line 1, column 1"),
    ('{"a": 1,}', "json_trailing_comma", "line 1, column 8"),
    ('{"a":\n [1,\n 2 ,\n ]}', "json_trailing_comma", "line 3, column 4"),
    ("{,}", "json_trailing_comma", "line 1, column 2"),
    ('{"a": 1} {"b": 2}', "json_more_than_one_value", "line 1, column 10"),
    ("null", "json_no_object", ""),
    ("[]", "json_no_object", ""),
    ('"text"', "json_no_object", ""),
    ("1", "json_no_object", ""),
    ('{"a": NaN}', "json_no_number", "NaN"),
    ('{"a": Infinity}', "json_no_number", "Infinity"),
    ('{"a": -Infinity}', "json_no_number", "-Infinity"),
    (
        '{"a": 1, "a": 2}',
        "json_name_twice",
        "name a occurs twice",
    ),
    ('{"a": 1, "a": 2}', "json_name_twice", "second time at line 1, column 10;"),
    ('{"claim": {"fees": "0.00", "fees": "1.00"}}', "json_name_twice", "name fees occurs twice"),
    (
        '{"fees": 1, "x": {"fees": 2},\n "y": [{},\n  {"k": "{", "k" : 4}]}',
        "json_name_twice",
        "line 3, column 14",
    ),
    (
        '{"a": {"b": "\\"}", "c": "b"}, "d": "a",\n"\\u0061": 2}',
        "json_name_twice",
        "line 2, column 1;",
    ),
    ('\ufeff{"a": [], "a": 2}', "json_name_twice", "line 1, column 11"),
    ('{"a": {"b": 1,}}', "json_trailing_comma", "line 1, column 14"),
    ('{"a": {"b": "x', "json_syntax", "line 1, column 13"),
    ('{"a": {"b":\n', "json_syntax", "line 2, column 1"),
    ('{"a": ' + "9" * 5000 + "}", "json_number_too_long", ""),
    ("[" * 100_000, "json_too_deep", ""),
    ('{"a":' * 50_000, "json_too_deep", ""),
    ('{"name": "张三"}'.encode("gbk"), "body_not_utf_8", "byte 11 "),
    ("{}".encode("utf-16"), "body_not_utf_8", "byte 1 "),
    ("{}".encode("utf-16-le"), "body_not_utf_8", "byte 2 "),
    ("{}".encode("utf-16-be"), "body_not_utf_8", "byte 1 "),
    ("{}".encode("utf-32-le"), "body_not_utf_8", "byte 2 "),
    (b"\xef\xbb\xbf" * 2 + b"{}", "json_syntax", "line 1, column 1"),
    (b'{"a": "\xed\xa0\x80"}', "body_not_utf_8", "byte 8 "),
    ("\ud800", "body_not_utf_8", "byte 1 "),
]


@pytest.mark.parametrize(("body", "code", "told"), UNREADABLE, ids=lambda value: repr(value)[:24])
def test_what_is_not_one_json_object_is_refused_by_what_and_where_it_is(
    body: str | bytes | None, code: str, told: str
) -> None:
    """Not UTF-8, not JSON, ambiguous JSON, endless nesting, or another kind of value."""
    answer = send(body, binary=isinstance(body, bytes))
    assert (answer.status, answer.code, answer.faults) == (400, "malformed_json", {"": code})
    assert told in answer.body["errors"][0]["message"]


@pytest.mark.parametrize("twice", ["张三", "352229199001011234", "a b"])
def test_a_name_that_occurs_twice_is_repeated_only_if_it_looks_like_a_fields_name(twice: str) -> None:
    answer = send(json.dumps({twice: 1})[:-1] + "," + json.dumps({twice: 2})[1:])
    assert answer.faults == {"": "json_name_twice"}
    assert twice not in answer.raw.decode()


@pytest.mark.parametrize("binary", [False, True])
def test_a_byte_order_mark_before_the_body_is_taken(*, binary: bool) -> None:
    """Windows programs write it before UTF-8."""
    assert send("\ufeff" + json.dumps(filing()), binary=binary).status == 201


def test_a_list_around_a_filing_is_no_filing() -> None:
    """The validator underneath would unwrap it."""
    assert send(json.dumps([filing()])).code == "malformed_json"


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "text/plain",
        "application/xml",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json-seq",
        "application/json; charset=gbk",
        "application/problem+json",
    ],
)
def test_another_media_type_is_refused(content_type: str) -> None:
    """JSON in UTF-8 only; its parameters are read."""
    answer = send(json.dumps(filing()), JSON | {"Content-Type": content_type})
    assert (answer.status, answer.code) == (415, "unsupported_media_type")


@pytest.mark.parametrize(
    "content_type", ["application/json", 'Application/JSON; Charset="UTF-8"', "application/json;profile=x"]
)
def test_json_in_utf_8_is_taken_however_it_is_written(content_type: str) -> None:
    """Case and parameters don't matter."""
    assert send(json.dumps(filing()), JSON | {"Content-Type": content_type}).status == 201


def test_a_body_as_base64_is_the_same_body() -> None:
    """A gateway may send any body as binary."""
    assert send(json.dumps(filing()), binary=True).status == 201
    assert send(b"\xff\x00", binary=True).code == "malformed_json"


def test_a_body_has_a_limit() -> None:
    """To the byte, whatever it contains; just below it is read and told what is wrong with it."""
    frame = len('{"x":""}')
    assert send('{"x":"%s"}' % ("y" * (LARGEST_BODY - frame))).status == 422
    answer = send('{"x":"%s"}' % ("y" * (LARGEST_BODY - frame + 1)))
    assert (answer.status, answer.body["limit_bytes"]) == (413, LARGEST_BODY)


def test_a_thousand_unknown_fields_are_not_listed_one_by_one() -> None:
    """The answer stays small and says how many there are."""
    answer = send(json.dumps({f"x{number}": 1 for number in range(1000)}))
    assert answer.body["error_count"] == 1007
    assert len(answer.raw) < 64 * 1024


scalars = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
)
values = st.recursive(
    scalars, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8
)


@settings(max_examples=examples(150))
@given(st.dictionaries(st.sampled_from(sorted(filing())) | st.text(), values))
def test_any_json_object_is_answered(body: dict[str, Any]) -> None:
    """Known and unknown fields with values of every kind."""
    assert send(json.dumps(body)).status == 422


def paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """List the way to every value of a filing."""
    found = [path] if path else []
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, part in inside:
        found += paths(part, (*path, step))
    return found


@settings(max_examples=examples(300))
@given(st.sampled_from(paths(filing())), values)
def test_a_filing_with_any_value_anywhere_is_answered(path: tuple[Any, ...], value: Any) -> None:
    """Accepted or refused by pointer, never an error of the hub; the fault is where the value is."""
    body = filing()
    part: Any = body
    for step in path[:-1]:
        part = part[step]
    part[path[-1]] = value
    answer = send(json.dumps(body))
    if answer.status == 422:
        spot = "/" + "/".join(map(str, path))
        assert all(pointer.startswith(spot) or spot.startswith(pointer) for pointer in answer.faults)


@settings(max_examples=examples(150))
@given(st.binary(max_size=200))
def test_any_bytes_are_answered(body: bytes) -> None:
    """As a local gateway would hand them over."""
    send(body)


@settings(max_examples=examples(100))
@given(
    st.dictionaries(
        st.sampled_from(
            ["Accept-Language", "X-Correlation-Id", "Idempotency-Key", "Content-Type", "If-Match"]
        ),
        st.text(max_size=50),
    ),
    st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=3),
)
def test_any_headers_and_query_are_answered(headers: dict[str, str], query: dict[str, str]) -> None:
    """The ids that are echoed are well-formed, whatever was sent."""
    answer = api.request("GET", "/v1/cases", INSTITUTION, None, headers, query=query)
    assert answer.status in {200, 400, 422}
    assert answer.headers["X-Correlation-Id"].isascii()
    assert "\n" not in answer.headers["X-Correlation-Id"]
