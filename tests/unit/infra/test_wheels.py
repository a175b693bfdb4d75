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
    assert wheels.faults(_zip(tmp_path, tag), "python3.13") == []


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
    (fault,) = wheels.faults(_zip(tmp_path, tag), "python3.13")
    assert fault.startswith("fast/core.abi3.so: fast-1.0 is for ")


def test_the_older_runtimes_glibc_is_older(tmp_path: Path) -> None:
    """A wheel that suits python3.13 need not suit python3.11 (Amazon Linux 2)."""
    package = _zip(tmp_path, "cp311-abi3-manylinux_2_34_x86_64")
    assert len(wheels.faults(package, "python3.11")) == 1


def test_a_library_of_no_wheel_is_named(tmp_path: Path) -> None:
    """A compiled library that no wheel lists may come from anywhere."""
    package = _zip(tmp_path, "cp313-cp313-manylinux2014_x86_64", recorded=False)
    (fault,) = wheels.faults(package, "python3.13")
    assert "of no wheel" in fault


def test_a_zip_too_large_for_lambda_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The unzipped size counts."""
    monkeypatch.setattr(wheels, "MAXIMUM_UNZIPPED", 3)
    package = _zip(tmp_path, "cp313-cp313-manylinux2014_x86_64")
    (fault,) = wheels.faults(package, "python3.13")
    assert "unzipped" in fault
