"""A tree's functions in the form in which they are shipped, so that a cold start is what Lambda would see.

Promise: this tree is divided and compiled as `make package` does it, from the libraries that are installed
here; a tree from before that has everything in one folder and no byte code, as it was packaged then.
Downside: what is installed here stands in for the wheels that packaging downloads, also for the tree before.

`python -m infra.bench.shipped FOLDER` lays this tree out and writes where each function's code is.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import sysconfig
import tarfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from infra import fonts, zips
from infra.bench.children import BenchError, run
from infra.bench.imports import USES
from infra.template.chalice_config import ROOT, functions

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

INSTALLED: Final = Path(sysconfig.get_path("purelib"))
FOLDER: Final = ROOT / "build" / "bench"
REFERENCE: Final = "405812a"
"""The revision that the budgets of ratios to "the build before" were set against."""
_USES: Final = "import json; from infra.bench.imports import USES; print(json.dumps(dict(USES)))"
_SOURCES: Final = ("app.py", "chalicelib")


@dataclass(frozen=True, slots=True)
class Tree:
    """The hub's sources at another revision, and whether the budgets of ratios were set against it."""

    path: Path
    is_reference: bool


@dataclass(frozen=True, slots=True)
class Build:
    """A tree laid out: the import paths of each function, and what each builds before its first event."""

    tree: Path
    paths: Mapping[str, Sequence[str]]
    uses: Mapping[str, str]
    is_reference: bool = False

    def compile(self) -> None:
        """Give it byte code, if it was shipped without."""
        for path in {path for paths in self.paths.values() for path in paths}:
            mode = ["-q", "--invalidation-mode", "unchecked-hash"]
            run(["-m", "compileall", *mode, path], {})


def own() -> Build:
    """Lay out this tree; raises BenchError."""
    return _laid_out(ROOT, FOLDER / "own", is_reference=False)


def tree_of(named: str) -> Tree:
    """Return another tree of the hub, named by its path or its revision; raises BenchError."""
    given = Path(named)
    if given.is_dir():
        path, revision = given.resolve(), _git(given, "rev-parse", "HEAD", fails=False).decode()
    else:
        path, revision = FOLDER / "tree", _git(ROOT, "rev-parse", named).decode()
        shutil.rmtree(path, ignore_errors=True)
        with tarfile.open(fileobj=BytesIO(_git(ROOT, "archive", named))) as archive:
            archive.extractall(path, filter="data")
    if not (path / "app.py").is_file():
        raise BenchError(f"{path} holds no app.py")
    return Tree(path, is_reference=revision.startswith(REFERENCE))


def before(tree: Tree) -> Build:
    """Lay out another tree; raises BenchError."""
    if (tree.path / "infra" / "bench" / "shipped.py").exists():
        return _laid_out(tree.path, FOLDER / "before", is_reference=tree.is_reference)
    return _as_it_was(tree.path, FOLDER / "before", is_reference=tree.is_reference)


def _laid_out(tree: Path, folder: Path, *, is_reference: bool) -> Build:
    printed = run(["-m", "infra.bench.shipped", str(folder)], {}, tree=tree)
    found: dict[str, Any] = json.loads(printed.splitlines()[-1])
    return Build(tree, found["paths"], found["uses"], is_reference)


def _as_it_was(tree: Path, folder: Path, *, is_reference: bool) -> Build:
    """Lay out a tree that had one zip for everything, and no byte code."""
    _copy_sources(tree, folder)
    for found in zips.locked(INSTALLED, tree / "requirements.txt"):
        zips.copy(found, INSTALLED, folder, but=zips.BYTE_CODE)
    uses: dict[str, str] = json.loads(run(["-c", _USES], {}, tree=tree))
    return Build(tree, {function: [str(folder)] for function in uses}, uses, is_reference)


def lay_out(folder: Path) -> dict[str, Any]:
    """Divide and compile this tree in a folder; return the paths of each function and what it uses."""
    fonts.ensure()
    shared, layer = folder / "functions", folder / "layer"
    _copy_sources(ROOT, shared)
    shutil.rmtree(layer, ignore_errors=True)
    layer.mkdir(parents=True)
    zips.lay_out(INSTALLED, ROOT / "requirements.txt", shared, layer)
    zips.compile_for(zips.this_python(), shared, layer)
    paths = {
        name: [str(shared), str(layer)] if function.draws else [str(shared)]
        for name, function in functions().items()
    }
    return {"paths": paths, "uses": dict(USES)}


def _copy_sources(tree: Path, folder: Path) -> None:
    no_byte_code = shutil.ignore_patterns("__pycache__")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in _SOURCES:
        if (tree / name).is_dir():
            shutil.copytree(tree / name, folder / name, ignore=no_byte_code)
        else:
            shutil.copy(tree / name, folder / name)
    # Chalice adds its own runtime.
    shutil.copytree(INSTALLED / "chalice", folder / "chalice", ignore=no_byte_code)


def _git(tree: Path, *arguments: str, fails: bool = True) -> bytes:
    git = shutil.which("git") or "git"
    done = subprocess.run([git, "-C", str(tree), *arguments], capture_output=True, check=False)  # noqa: S603 - fixed arguments
    if done.returncode and fails:
        raise BenchError(f"git {arguments[0]}: {done.stderr.decode().strip()}")
    return done.stdout


if __name__ == "__main__":
    sys.stdout.write("\n" + json.dumps(lay_out(Path(sys.argv[1]))) + "\n")
