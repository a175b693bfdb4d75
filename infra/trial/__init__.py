"""Starts every function from its zips, as Lambda does: nothing else of this machine can be imported.

Promise: each function builds what its first event needs, the API answers its first request, the console shows
its first page, every module of the package can be imported, and the layer draws and signs a paper; what is
missing is named. The functions to which the template gives the layer start with it, the others in a process
of their own without it. Downside: no AWS is called, so a library that only a real answer needs would not be
missed.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from infra.bench.children import HUB, BenchError, run
from infra.bench.imports import FIRST_PAGE, USES
from infra.template.chalice_config import functions

if TYPE_CHECKING:
    from collections.abc import Sequence

DRAWS: Final = frozenset(f"chalicelib.adapters.documents.{name}" for name in ("docx", "pades", "pdf"))
"""The modules that only the layer's functions can import."""
_DRAW: Final = f"import runpy; runpy.run_path({str(Path(__file__).with_name('paper.py'))!r})"
_EVERY_MODULE: Final = (
    "import importlib, pkgutil, chalicelib\n"
    "for found in pkgutil.walk_packages(chalicelib.__path__, 'chalicelib.'):\n"
    "    if found.name not in {left_out!r}: importlib.import_module(found.name)"
)


class NotStarted(Exception):
    """A function can't run from its zips; the message is the end of its traceback."""


def start_all(unpacked: Path, layer: Path) -> None:
    """Start each function of the configuration, and draw a paper. Raises NotStarted."""
    of_events = [USES[name] for name, function in functions().items() if not function.draws]
    of_drawing = [USES[name] for name, function in functions().items() if function.draws]
    start("app.relay", [unpacked], *of_events, _EVERY_MODULE.format(left_out=DRAWS))
    start("app.app", [unpacked, layer], *of_drawing, FIRST_PAGE, _EVERY_MODULE.format(left_out=()), _DRAW)


def start(handler: str, paths: Sequence[Path], *statements: str) -> None:
    """Start a handler with these import paths and the standard library alone. Raises NotStarted."""
    path = [str(each.resolve()) for each in paths]
    code = "\n".join([f"import sys; sys.path[:0] = {path!r}", "import app", *statements])
    try:
        run(["-I", "-S", "-c", code], {**HUB, "_HANDLER": handler})
    except BenchError as failed:
        raise NotStarted(f"{handler} does not start from the zips: {failed}") from failed
