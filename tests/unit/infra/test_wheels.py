"""What may lie in the deployment zip."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import pytest

from infra import wheels

if TYPE_CHECKING:
    from pathlib import Path


def _zip(folder: Path, tag: str, *, recorded: bool = True) -> Path:
    """Make a zip with one wheel that brings one compiled library."""
    package = folder / "deployment.zip"
    with zipfile.ZipFile(package, "w") as opened:
        opened.writestr("fast/core.abi3.so", b"\x7fELF")
        opened.writestr(
            "fast-1.0.dist-info/WHEEL", f"Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: {tag}\n"
        )
        files = ["fast/core.abi3.so"] if recorded else []
        opened.writestr("fast-1.0.dist-info/RECORD", "".join(f"{name},sha256=x,4\n" for name in files))
    return package


@pytest.mark.parametrize(
    "tag",
    [
        "cp313-cp313-manylinux_2_17_x86_64.manylinux2014_x86_64",
        "cp311-abi3-manylinux_2_34_x86_64",
        "cp36-abi3-manylinux1_x86_64",
        "py3-none-manylinux2014_x86_64",
    ],
)
def test_a_manylinux_wheel_for_the_runtime_may_stay(tmp_path: Path, tag: str) -> None:
    """Right Python or stable ABI, a glibc no newer than Lambda's."""
    assert wheels.faults("python3.13", _zip(tmp_path, tag)) == []


@pytest.mark.parametrize(
    "tag",
    [
        "cp313-cp313-linux_x86_64",  # compiled on this machine
        "cp313-cp313-manylinux_2_39_x86_64",  # needs a newer glibc
        "cp313-cp313-manylinux_2_17_aarch64",  # another processor
        "cp313-cp313-musllinux_1_2_x86_64",  # another C library
        "cp312-cp312-manylinux2014_x86_64",  # another Python
        "cp314-abi3-manylinux2014_x86_64",  # a stable ABI of a later Python
        "cp313-cp313-macosx_11_0_arm64",
        "cp313-cp313-manylinux2077_x86_64",
    ],
)
def test_any_other_wheel_is_named(tmp_path: Path, tag: str) -> None:
    """The fault says which library it is and what its wheel was made for."""
    (fault,) = wheels.faults("python3.13", _zip(tmp_path, tag))
    assert fault.startswith("fast/core.abi3.so: fast-1.0 is for ")


def test_the_older_runtimes_glibc_is_older(tmp_path: Path) -> None:
    """A wheel that suits python3.13 need not suit python3.11 (Amazon Linux 2)."""
    package = _zip(tmp_path, "cp311-abi3-manylinux_2_34_x86_64")
    assert len(wheels.faults("python3.11", package)) == 1


def test_a_library_of_no_wheel_is_named(tmp_path: Path) -> None:
    """A compiled library that no wheel lists may come from anywhere."""
    package = _zip(tmp_path, "cp313-cp313-manylinux2014_x86_64", recorded=False)
    (fault,) = wheels.faults("python3.13", package)
    assert "of no wheel" in fault


def test_a_zip_too_large_for_lambda_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The unzipped size counts."""
    monkeypatch.setattr(wheels, "MAXIMUM_UNZIPPED", 3)
    package = _zip(tmp_path, "cp313-cp313-manylinux2014_x86_64")
    (fault,) = wheels.faults("python3.13", package)
    assert "unzipped" in fault


def test_a_layers_libraries_are_judged_too(tmp_path: Path) -> None:
    """They and their wheels lie a folder deeper in the zip."""
    package = tmp_path / "layer.zip"
    for tag, faults in (("cp313-cp313-linux_x86_64", 1), ("cp313-cp313-manylinux2014_x86_64", 0)):
        with zipfile.ZipFile(_zip(tmp_path, tag)) as flat, zipfile.ZipFile(package, "w") as layer:
            for name in flat.namelist():
                layer.writestr(f"python/{name}", flat.read(name))
        assert len(wheels.faults("python3.13", package)) == faults


def test_functions_and_layer_together_must_fit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lambda counts what it unpacks of both."""
    package = _zip(tmp_path, "cp313-cp313-manylinux2014_x86_64")
    monkeypatch.setattr(wheels, "MAXIMUM_UNZIPPED", wheels.unzipped_bytes(package))
    assert wheels.faults("python3.13", package) == []
    (fault,) = wheels.faults("python3.13", package, package)
    assert "unzipped" in fault


def test_the_wheels_asked_for_are_those_that_run(tmp_path: Path) -> None:
    """Down to the oldest glibc, never a newer one than the runtime's."""
    asked = wheels.platforms("python3.13")
    assert {"manylinux_2_34_x86_64", "manylinux2014_x86_64", "manylinux1_x86_64"} <= set(asked)
    assert "manylinux_2_35_x86_64" not in asked
    for platform in asked:
        assert wheels.faults("python3.13", _zip(tmp_path, f"cp313-cp313-{platform}")) == []
