"""Divides what Lambda runs into the zip that all functions share and the layer of those that draw papers.

Promise: a distribution of the lock lies in exactly one of the two, or is named here as unused; both hold byte
code made for the runtime's Python, so no function compiles when it starts; the same sources give the same
bytes, so nothing is deployed if nothing changed. Downside: what is left out is listed by hand; `infra.trial`
starts every function from the zips, to find what is missing.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from importlib.metadata import distributions
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from chalicelib.adapters.documents import typeface

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.metadata import Distribution

DRAWING: Final = frozenset(
    {
        "lxml",
        "python-docx",
        "typst",
        # pyHanko and what it imports, aiohttp and its parts included: they ask a timestamp authority.
        "aiohappyeyeballs",
        "aiohttp",
        "aiosignal",
        "asn1crypto",
        "attrs",
        "certifi",
        "frozenlist",
        "idna",
        "multidict",
        "oscrypto",
        "propcache",
        "pyhanko",
        "pyhanko-certvalidator",
        "tzlocal",
        "uritools",
        "yarl",
    }
)
"""Distributions that only papers need: drawing them, and signing them."""
UNUSED: Final = frozenset({"pycparser"})
"""Distributions of the lock that no function imports: cffi builds with it, and nothing is built on Lambda."""
SERVICES: Final = frozenset({"dynamodb", "kms", "s3", "secretsmanager", "sqs", "stepfunctions"})
"""The services of AWS that the functions call; botocore has a description of each service."""
BYTE_CODE: Final = re.compile(r"\.pyc$|^\.\./")
"""Another Python's byte code, and the commands beside the libraries."""
_ENDPOINTS: Final = frozenset({*SERVICES, "states"} - {"stepfunctions"})
"""The same by the names that their addresses have."""
_LEFT_OUT: Final = re.compile(
    rf"{BYTE_CODE.pattern}|\.pyi$"
    r"|^boto3/(examples|data)/"  # boto3's resources; the hub uses clients
    rf"|^botocore/data/(?!({'|'.join(sorted(SERVICES))})/)[^/]+/"
    r"|^botocore/data/.*/examples-1\.json"
    r"|^aws_lambda_powertools/.*/swagger_ui/.*\.(js|css)$"  # for a browser that shows the API's document
    r"|^cffi/"  # cryptography needs _cffi_backend alone
    r"|^icalendar/tests/"
    r"|^pydantic/v1/"
    r"|^stdnum/(?!cn/)[a-z_]+/|^stdnum/.*\.dat(\.gz)?$"  # numbers of other countries
)
_TYPEFACE: Final = "chalicelib/adapters/documents/typeface"
_ON_LAMBDA: Final = {"functions": "/var/task", "layer": "/opt/python"}
_OLDEST: Final = (1980, 1, 1, 0, 0, 0)  # the first time that a zip can state


class WrongPython(Exception):
    """Byte code of another Python than the runtime's would be ignored on Lambda."""


def lay_out(vendor: Path, lock: Path, functions: Path, layer: Path) -> None:
    """Add the locked distributions in `vendor` to the two folders, and move the typeface to the layer.

    `functions` already holds the app; each folder becomes the root of an import path.
    """
    for found in locked(vendor, lock):
        name = _normal(found.name)
        if name not in UNUSED:
            copy(found, vendor, layer if name in DRAWING else functions, but=_LEFT_OUT)
    slim(functions / "botocore" / "data")
    (functions / _TYPEFACE).rename(layer / typeface.IN_LAYER)


def locked(vendor: Path, lock: Path) -> Iterator[Distribution]:
    """Find the distributions in a folder that a lock names."""
    wanted = {_normal(name) for name in re.findall(r"^([A-Za-z0-9._-]+)", lock.read_text(), re.MULTILINE)}
    return (found for found in distributions(path=[str(vendor)]) if _normal(found.name) in wanted)


def copy(found: Distribution, vendor: Path, target: Path, *, but: re.Pattern[str]) -> None:
    """Copy a distribution's files from one folder to another, except those whose path matches `but`."""
    for file in found.files or ():
        if not but.search(str(file)):
            to = target / file
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(vendor / file, to)


def slim(data: Path) -> None:
    """Take out of botocore's data what no call needs: words for readers, and where other services are.

    A client reads these files when it is made; without the rest that takes half the time.
    """
    endpoints = data / "endpoints.json"
    known = json.loads(endpoints.read_text(encoding="utf-8"))
    for partition in known["partitions"]:
        partition["services"] = {
            name: where for name, where in partition["services"].items() if name in _ENDPOINTS
        }
    endpoints.write_text(json.dumps(known, separators=(",", ":")), encoding="utf-8")
    for model in data.rglob("service-2.json.gz"):
        described = json.loads(gzip.decompress(model.read_bytes()), object_hook=_without_words)
        model.write_bytes(gzip.compress(json.dumps(described, separators=(",", ":")).encode(), mtime=0))


def _without_words(described: dict[str, Any]) -> dict[str, Any]:
    # A member may itself be named "documentation"; its value is an object, not a text.
    if isinstance(described.get("documentation"), str):
        del described["documentation"]
    return described


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def compile_for(runtime: str, functions: Path, layer: Path) -> None:
    """Write byte code for a runtime such as "python3.13". Raises WrongPython if this is another Python."""
    own = this_python()
    if own != runtime:
        raise WrongPython(f"byte code for {runtime} must be made by {runtime}; this is {own}")
    for folder, place in ((functions, _ON_LAMBDA["functions"]), (layer, _ON_LAMBDA["layer"])):
        # Unchecked: the sources never change on Lambda, and a check by time stamp would fail after unzipping.
        # The place is the one on Lambda, or the import system would rewrite it in each code object.
        mode = ["-q", "--invalidation-mode", "unchecked-hash", "-s", str(folder), "-p", place]
        subprocess.run(  # noqa: S603 - our own interpreter on our own files
            [sys.executable, "-m", "compileall", *mode, str(folder)],
            env={**os.environ, "PYTHONHASHSEED": "0"},  # the order of sets of constants
            check=True,
        )


def this_python() -> str:
    """Return the name of the runtime that this interpreter is, such as "python3.13"."""
    return "python{}.{}".format(*sys.version_info)


def write(target: Path, root: Path, prefix: str = "") -> Path:
    """Zip a folder under a prefix; the same files give the same bytes."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as opened:
        for path in sorted(_files(root)):
            entry = zipfile.ZipInfo(str(Path(prefix, path.relative_to(root))), _OLDEST)
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            opened.writestr(entry, path.read_bytes())
    return target


def _files(root: Path) -> Iterator[Path]:
    return (path for path in root.rglob("*") if path.is_file())
