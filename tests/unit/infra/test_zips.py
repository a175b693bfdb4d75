"""What lies in the zip of all functions and in the layer of those that draw."""

from __future__ import annotations

import os
import re
import shutil
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from chalicelib.adapters.documents import typeface
from infra import fonts, trial, zips
from infra.bench.imports import USES
from infra.template.chalice_config import ROOT

LOCK = ROOT / "requirements.txt"
INSTALLED = Path(sysconfig.get_path("purelib"))


@pytest.fixture(scope="module")
def laid_out(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Divide what is installed here as packaging divides what it downloads; return functions and layer."""
    fonts.ensure()
    folder = tmp_path_factory.mktemp("zips")
    functions, layer = folder / "functions", folder / "layer"
    layer.mkdir()
    shutil.copytree(ROOT / "chalicelib", functions / "chalicelib", ignore=shutil.ignore_patterns("*.pyc"))
    shutil.copy(ROOT / "app.py", functions)
    # Chalice adds its own runtime.
    shutil.copytree(INSTALLED / "chalice", functions / "chalice", ignore=shutil.ignore_patterns("*.pyc"))
    zips.lay_out(INSTALLED, LOCK, functions, layer)
    return functions, layer


@pytest.fixture
def copied(laid_out: tuple[Path, Path], tmp_path: Path) -> Path:
    """Copy the functions' folder, to be broken; the files are links."""
    return shutil.copytree(laid_out[0], tmp_path / "functions", copy_function=os.link)


def test_no_function_needs_what_was_left_out(laid_out: tuple[Path, Path]) -> None:
    """Each starts and the layer draws, with nothing to import but the two folders."""
    trial.start_all(*laid_out)


@pytest.mark.parametrize("missing", ["boto3", "botocore/data/sqs", "chalicelib/settings.py"])
def test_what_is_missing_is_named(copied: Path, missing: str) -> None:
    """A library, a service's description, or a module of our own."""
    gone = copied / missing
    if gone.is_dir():
        shutil.rmtree(gone)
    else:
        gone.unlink()
    with pytest.raises(trial.NotStarted, match=rf"app\.relay does not start(.|\n)*{gone.stem}"):
        trial.start("app.relay", [copied], USES["relay"])


def test_what_draws_lies_in_the_layer_alone(laid_out: tuple[Path, Path]) -> None:
    """The typeface and typst are most of what papers need; the rest of the package needs neither."""
    functions, layer = laid_out
    assert {"typst", "docx", "lxml", "pyhanko", "hub-typeface"} <= {path.name for path in layer.iterdir()}
    assert not {"typst", "docx", "lxml", "pyhanko"} & {path.name for path in functions.iterdir()}
    assert not list(functions.rglob("*.ttf"))
    made = {path.name for path in (typeface.FILE, typeface.RARE_FILE) if path.exists()}
    assert {path.name for path in layer.rglob("*.ttf")} == made


def test_botocore_describes_the_services_that_are_called_and_no_other(laid_out: tuple[Path, Path]) -> None:
    """A service that a function calls without its description fails only when it is first called."""
    called = {
        service
        for path in (ROOT / "chalicelib").rglob("*.py")
        for service in re.findall(r'_client\("(\w+)"', path.read_text(encoding="utf-8"))
    }
    described = {path.name for path in (laid_out[0] / "botocore" / "data").iterdir() if path.is_dir()}
    assert described == called
    assert len(called) > 3


def test_only_locked_distributions_are_divided() -> None:
    """A name that the lock no longer has is a stale line."""
    locked = set(re.findall(r"^([a-z0-9-]+)==", LOCK.read_text(encoding="utf-8"), re.MULTILINE))
    assert locked >= zips.DRAWING | zips.UNUSED
    assert not zips.DRAWING & zips.UNUSED


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Make a folder with one module."""
    folder = tmp_path / "small"
    folder.mkdir()
    (folder / "one.py").write_text('"""A module."""\nNAMES = {"a", "b", "c"}\n', encoding="utf-8")
    return folder


def _own() -> str:
    return f"python{sys.version_info.major}.{sys.version_info.minor}"


def test_byte_code_is_used_without_a_look_at_the_source(small: Path, tmp_path: Path) -> None:
    """It is marked as unchecked (PEP 552), and names the file as it is named on Lambda."""
    (tmp_path / "layer").mkdir()
    zips.compile_for(_own(), small, tmp_path / "layer")
    (compiled,) = small.rglob("*.pyc")
    content = compiled.read_bytes()
    assert int.from_bytes(content[4:8], "little") == 0b01
    assert b"/var/task/one.py" in content


def test_byte_code_of_another_python_is_refused(small: Path, tmp_path: Path) -> None:
    """The runtime's Python would ignore it; the message names both."""
    with pytest.raises(zips.WrongPython, match=rf"python3\.9 must be made by python3\.9; this is {_own()}"):
        zips.compile_for("python3.9", small, tmp_path)
    assert not list(small.rglob("*.pyc"))


def test_the_same_files_give_the_same_zip(small: Path, tmp_path: Path) -> None:
    """Whenever they were written; or each deployment would replace every function."""
    first = zips.write(tmp_path / "first.zip", small).read_bytes()
    os.utime(small / "one.py", (0, 0))
    assert zips.write(tmp_path / "second.zip", small).read_bytes() == first


def test_a_layers_files_lie_under_its_root(small: Path, tmp_path: Path) -> None:
    """Where Lambda puts them on the import path."""
    with zipfile.ZipFile(zips.write(tmp_path / "layer.zip", small, "python/")) as opened:
        assert opened.namelist() == ["python/one.py"]
