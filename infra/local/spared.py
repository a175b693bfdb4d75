"""Spares the processes of the local stack work that nobody needs: the parser for mail, and most collections.

What Python does: `http.client` and `http.server` have each head parsed as a mail, with its continuation lines
and its defects; that is a tenth of what the stack's processes compute, since each call to AWS is two heads.
And it looks for cycles after every two thousand new objects, in all the modules and models too.

What this does: splits a head's lines at their first colon. A head with a line that is not `name: value` is
parsed as before, from the same bytes. Cycles are looked for twenty times less often, and not in what was
there from the start. Downside: it replaces a function of the standard library, so what is deployed and what
is measured does without it; and a process holds some more memory.
"""

import gc
import http.client
import re
from collections.abc import Callable
from io import BytesIO
from typing import Any, BinaryIO

from infra.local.replacing import replace

Parse = Callable[..., http.client.HTTPMessage]

_NEW_OBJECTS = 40_000
_NAME = re.compile(r"[A-Za-z0-9-]+")
_ENDS = frozenset({b"\r\n", b"\n", b""})


def spare_this_process() -> None:
    """Do so in this process, once what it needs is imported; `http.server` uses `http.client` too."""
    replace(http.client, "parse_headers", split_lines)
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS)


def split_lines(original: Parse) -> Parse:
    """Parse a head line by line, one that is out of the ordinary as before."""

    def parse_headers(fp: BinaryIO, _class: type[Any] = http.client.HTTPMessage) -> http.client.HTTPMessage:
        lines = _read(fp)
        message: http.client.HTTPMessage = _class()
        for line in lines[:-1]:
            name, colon, value = line.decode("iso-8859-1").rstrip("\r\n").partition(":")
            if not colon or "\r" in value or not _NAME.fullmatch(name):
                return original(BytesIO(b"".join(lines)), _class)
            message[name] = value.lstrip(" \t")
        return message

    return parse_headers


def _read(fp: BinaryIO) -> list[bytes]:
    longest, most = http.client._MAXLINE, http.client._MAXHEADERS  # type: ignore[attr-defined] # noqa: SLF001 - the limits of the standard library
    lines: list[bytes] = []
    while not lines or lines[-1] not in _ENDS:
        line = fp.readline(longest + 1)
        if len(line) > longest:
            raise http.client.LineTooLong("header line")
        lines.append(line)
        if len(lines) > most:
            raise http.client.HTTPException(f"got more than {most} headers")
    return lines
