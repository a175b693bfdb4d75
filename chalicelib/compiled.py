"""Methods of data classes, compiled when the package is made instead of at every start.

The standard library writes the methods of a data class as text and compiles it when the class is made, which
byte code does not help: a tenth of a cold start. Packaging notes the code of each text (`infra/zips.py`), and
here it is taken from there. Promise: a text that packaging has not seen is compiled as ever, and without the
file nothing is changed. Downside: it relies on `dataclasses` calling `exec`; a Python that does not do so
gains nothing and loses nothing.
"""

from __future__ import annotations

import builtins
import dataclasses
import marshal
from hashlib import sha256
from importlib.util import MAGIC_NUMBER
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE: Final = Path(__file__).with_name("compiled.bin")
"""The magic number of the Python that wrote it, then a mapping: SHA-256 of a text to its code, marshalled."""


def use(file: Path = FILE) -> None:
    """Let data classes take their methods' code from the file, if there is one of this Python."""
    try:
        content = file.read_bytes()
    except FileNotFoundError:
        return
    if content.startswith(MAGIC_NUMBER):
        known: Mapping[bytes, bytes] = marshal.loads(content[len(MAGIC_NUMBER) :])  # noqa: S302 - our own file

        def take(text: str, *scopes: Any) -> None:
            code = known.get(key_of(text))
            builtins.exec(marshal.loads(code) if code else text, *scopes)  # noqa: S102, S302 - what `dataclasses` does

        dataclasses.exec = take  # type: ignore[attr-defined] # its own calls find this name before the built-in


def note(file: Path = FILE) -> None:
    """Write the code of every text that `dataclasses` compiled since `listen`."""
    file.write_bytes(MAGIC_NUMBER + marshal.dumps(dict(sorted(_noted.items()))))


def listen() -> None:
    """Note every text that `dataclasses` compiles from now on."""

    def compiled(text: str, *scopes: Any) -> None:
        code = compile(text, "<string>", "exec", dont_inherit=True)
        _noted[key_of(text)] = marshal.dumps(code)
        builtins.exec(code, *scopes)  # noqa: S102 - what `dataclasses` does

    dataclasses.exec = compiled  # type: ignore[attr-defined] # as above


_noted: Final[dict[bytes, bytes]] = {}


def key_of(text: str) -> bytes:
    """Return the key under which a text's code is kept."""
    return sha256(text.encode()).digest()
