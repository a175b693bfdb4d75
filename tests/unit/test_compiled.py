"""Data classes whose methods were compiled beforehand."""

from __future__ import annotations

import dataclasses
import marshal
from importlib.util import MAGIC_NUMBER
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib import compiled

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(autouse=True)
def unchanged() -> Iterator[None]:
    """Leave the standard library as it was."""
    before = vars(dataclasses).get("exec")
    yield
    vars(dataclasses).pop("exec", None)
    if before is not None:
        vars(dataclasses)["exec"] = before


def _made() -> Any:
    return dataclasses.make_dataclass("Point", [("x", int), ("y", int, 5)], frozen=True, slots=True)


def test_a_class_from_noted_code_is_the_class_it_would_have_been(tmp_path: Path) -> None:
    """With its comparison, its hash, its words, and its refusal to be changed."""
    compiled.listen()
    _made()
    compiled.note(tmp_path / "compiled.bin")
    compiled.use(tmp_path / "compiled.bin")
    kind = _made()
    point = kind(3)
    assert (point, hash(point), repr(point)) == (kind(3, 5), hash((3, 5)), "Point(x=3, y=5)")
    with pytest.raises(dataclasses.FrozenInstanceError):
        point.x = 4


def test_the_noted_code_is_what_runs(tmp_path: Path) -> None:
    """A text is compiled no more once its code is known."""
    compiled.listen()
    _made()
    compiled.note(tmp_path / "compiled.bin")
    known = marshal.loads((tmp_path / "compiled.bin").read_bytes()[len(MAGIC_NUMBER) :])  # noqa: S302 - our own
    ((key, _),) = known.items()
    other = marshal.dumps(compile("raise LookupError('the noted code')", "<string>", "exec"))
    (tmp_path / "compiled.bin").write_bytes(MAGIC_NUMBER + marshal.dumps({key: other}))
    compiled.use(tmp_path / "compiled.bin")
    with pytest.raises(LookupError, match="the noted code"):
        _made()


@pytest.mark.parametrize("content", [None, MAGIC_NUMBER + marshal.dumps({}), b"another Python" + bytes(100)])
def test_a_class_that_was_not_noted_is_compiled_as_ever(tmp_path: Path, content: bytes | None) -> None:
    """Without the file, with another Python's file, and with a file that lacks it."""
    if content is not None:
        (tmp_path / "compiled.bin").write_bytes(content)
    compiled.use(tmp_path / "compiled.bin")
    assert _made()(1).y == 5
