"""Fetches once into `.local/` what checks need beside `.venv/`: jars, or packages that do not go with ours.

Promise: a folder is complete or absent, even after an interruption; of several processes one fetches and the
others wait. Downside: a folder of an older recipe stays until `make clean`.
"""

from __future__ import annotations

import fcntl
import hashlib
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

JAVA_VERSION = 17


class FetchFailedError(RuntimeError):
    """Something could not be fetched; the message ends with the output of the program that tried."""


def once(folder: Path, recipe: Path, make: Callable[[Path], None]) -> Path:
    """Return the folder inside `folder` that `make` filled by this recipe; makes it where it is missing."""
    made = folder / hashlib.sha256(recipe.read_bytes()).hexdigest()[:12]
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.is_dir():
            unfinished = made.with_suffix(".unfinished")
            shutil.rmtree(unfinished, ignore_errors=True)
            make(unfinished)
            unfinished.rename(made)
    return made


def jars(folder: Path, pom: Path) -> Path:
    """Return the folder with the jars that a pom.xml names, fetched by Maven; raises FetchFailedError."""
    return once(folder, pom, lambda target: _run_maven(pom, target))


def _run_maven(pom: Path, target: Path) -> None:
    goal = ["dependency:copy-dependencies", f"-DoutputDirectory={target.absolute()}"]
    call(["mvn", "--quiet", "--batch-mode", "--file", str(pom), *goal])


def virtual_environment(folder: Path, requirements: Path) -> Path:
    """Return a virtual environment with locked requirements; raises FetchFailedError.

    Its programs are started as modules, by `bin/python -m`: it is renamed once it is complete.
    """
    return once(folder, requirements, lambda target: _install(requirements, target)).absolute()


def _install(requirements: Path, target: Path) -> None:
    call([sys.executable, "-m", "venv", str(target)])
    install = ["install", "--quiet", "--disable-pip-version-check", "--require-virtualenv"]
    call([str(target / "bin" / "python"), "-m", "pip", *install, "-r", str(requirements)])


def call(command: Sequence[str]) -> None:
    """Run a program that fetches; raises FetchFailedError with the end of its output."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise FetchFailedError(f"{' '.join(command[:3])} failed:\n{(done.stdout + done.stderr)[-2000:]}")


def java_missing() -> str | None:
    """Say what this machine lacks to fetch and run jars, None if nothing."""
    for program in ("java", "mvn"):
        if shutil.which(program) is None:
            return f"{program} is not installed"
    version = subprocess.run(["java", "-version"], capture_output=True, text=True, check=False).stderr  # noqa: S607 - the PATH's Java is the one meant
    found = re.search(r'version "(\d+)', version)
    if found is None or int(found[1]) < JAVA_VERSION:
        return f"Java {JAVA_VERSION} or newer is needed, found {found[1] if found else 'none'}"
    return None
