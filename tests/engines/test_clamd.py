"""clamd, which will look at what people upload: it starts without its public signatures and finds ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.engines.clamd import MARKER

if TYPE_CHECKING:
    from tests.engines.clamd import Clamd


def test_the_marker_is_found_wherever_it_stands(clamd: Clamd) -> None:
    """At the start of a file and in the middle of one."""
    for content in (MARKER, b"%PDF-1.7\n" + bytes(5000) + MARKER + bytes(5000)):
        assert clamd.scan(content) == "stream: Jiefen.Test.Marker.UNOFFICIAL FOUND"


def test_clean_bytes_are_clean(clamd: Clamd) -> None:
    """Also those that only resemble the marker."""
    for content in (b"%PDF-1.7\n", MARKER[:-1], MARKER[1:]):
        assert clamd.scan(content) == "stream: OK"
