"""The quick way to read the head of a message finds what the standard library finds."""

from __future__ import annotations

import http.client
from io import BytesIO
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.local.spared import split_lines

_PLAIN: Final = http.client.parse_headers
_QUICK: Final = split_lines(_PLAIN)
_TEXT: Final = st.text(st.sampled_from("a1:; \t\r\x1c\x85\xe9"), max_size=8)
_NAMES: Final = st.sampled_from(["Host", "x-amz-target", "Content-Length", "a b", "", "é", "X_y"])
_LINES: Final = st.builds("{}{}{}".format, _NAMES, st.sampled_from([":", ": ", " :", ""]), _TEXT) | _TEXT


@given(st.lists(_LINES, max_size=6), st.sampled_from(["\r\n", "\n"]))
def test_a_head_is_read_as_the_standard_library_reads_it(lines: list[str], end: str) -> None:
    """With the same headers, and what follows left unread."""
    sent = "".join(line + end for line in lines).encode("iso-8859-1") + end.encode() + b"body"
    plain, quick = BytesIO(sent), BytesIO(sent)
    assert _QUICK(quick).items() == _PLAIN(plain).items()
    assert quick.read() == plain.read()


@pytest.mark.parametrize("sent", [b"a: " + b"b" * 70_000 + b"\r\n\r\n", b"a: b\r\n" * 101 + b"\r\n"])
def test_a_head_without_measure_is_refused(sent: bytes) -> None:
    with pytest.raises(http.client.HTTPException):
        _QUICK(BytesIO(sent))
