"""Checks the zips of a deployment for libraries that can't run on Lambda.

Promise: every compiled library in a zip belongs to a manylinux wheel for Lambda's processor, a glibc
no newer than the runtime's, and the runtime's own Python; any other library, such as one compiled on this
machine, is reported. Downside: it trusts the wheel's own tags, as pip does.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAXIMUM_UNZIPPED: Final = 250 * 1024 * 1024
"""Lambda's limit on a function's unzipped code and layers together, in bytes."""

LAYER_ROOT: Final = "python/"
"""The folder of a layer's zip that Lambda puts on the import path, as `/opt/python`."""

# Amazon Linux 2 has glibc 2.26, Amazon Linux 2023 has 2.34.
_GLIBC: Final = {"python3.11": (2, 26), "python3.12": (2, 34), "python3.13": (2, 34)}
_LEGACY: Final = {"manylinux1": (2, 5), "manylinux2010": (2, 12), "manylinux2014": (2, 17)}
_LIBRARY: Final = re.compile(r"\.so(\.\d+)*$")
_MACHINE: Final = "x86_64"


@dataclass(frozen=True)
class _Wheel:
    name: str
    tags: tuple[str, ...]
    files: frozenset[str]


def platforms(runtime: str) -> list[str]:
    """Return the tags of the wheels that run on a Lambda runtime such as "python3.13", the newest first."""
    newest = _GLIBC[runtime][1]
    modern = [f"manylinux_2_{minor}_{_MACHINE}" for minor in range(newest, 4, -1)]
    return modern + [f"{name}_{_MACHINE}" for name in reversed(_LEGACY)]


def faults(runtime: str, *packages: Path) -> list[str]:
    """Return what keeps zips from running together on a runtime such as "python3.13"; empty if nothing."""
    found = [fault for package in packages for fault in _faults(package, runtime)]
    unzipped = unzipped_bytes(*packages)
    if unzipped > MAXIMUM_UNZIPPED:
        found.append(f"{unzipped / 1024**2:.0f} MiB unzipped; Lambda takes 250")
    return found


def unzipped_bytes(*packages: Path) -> int:
    """Return how much Lambda unpacks of the zips."""
    total = 0
    for package in packages:
        with zipfile.ZipFile(package) as opened:
            total += sum(entry.file_size for entry in opened.infolist())
    return total


def _faults(package: Path, runtime: str) -> Iterator[str]:
    with zipfile.ZipFile(package) as opened:
        libraries = [name.removeprefix(LAYER_ROOT) for name in opened.namelist() if _LIBRARY.search(name)]
        wheels = list(_wheels(opened))
    return (fault for library in libraries if (fault := _fault(library, wheels, runtime)))


def _wheels(opened: zipfile.ZipFile) -> Iterator[_Wheel]:
    for name in opened.namelist():
        path, _, file = name.rpartition("/")
        folder = path.removeprefix(LAYER_ROOT)
        if folder.endswith(".dist-info") and file == "WHEEL":
            metadata = opened.read(name).decode()
            record = opened.read(f"{path}/RECORD").decode()
            yield _Wheel(
                name=folder.removesuffix(".dist-info"),
                tags=tuple(re.findall(r"^Tag: *(\S+)", metadata, re.MULTILINE)),
                files=frozenset(line.split(",", 1)[0] for line in record.splitlines()),
            )


def _fault(library: str, wheels: list[_Wheel], runtime: str) -> str | None:
    owner = next((wheel for wheel in wheels if library in wheel.files), None)
    if owner is None:
        return f"{library}: of no wheel, so nobody says where it may run"
    if any(_fits(tag, runtime) for tag in owner.tags):
        return None
    return f"{library}: {owner.name} is for {', '.join(owner.tags)}, not for {runtime} on Lambda"


def _fits(tag: str, runtime: str) -> bool:
    python, abi, platforms = tag.split("-")
    wanted = "cp" + runtime.removeprefix("python").replace(".", "")
    own_abi = abi == wanted
    stable_abi = abi == "abi3" and int(python.split(".")[0].removeprefix("cp3") or 0) <= int(wanted[3:])
    any_python = abi == "none"
    if not (own_abi or stable_abi or any_python):
        return False
    return any(_glibc(platform) <= _GLIBC[runtime] for platform in platforms.split("."))


def _glibc(platform: str) -> tuple[int, int]:
    """Return the glibc version of a platform tag; for other tags than manylinux one that Lambda never has."""
    never = (99, 0)
    legacy = re.fullmatch(rf"(manylinux[0-9]+)_{_MACHINE}", platform)
    if legacy:
        return _LEGACY.get(legacy[1], never)
    modern = re.fullmatch(rf"manylinux_(\d+)_(\d+)_{_MACHINE}", platform)
    return (int(modern[1]), int(modern[2])) if modern else never
