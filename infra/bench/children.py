"""Child processes of the benchmarks: a clean environment, and an error that says what went wrong.

Why children: what is measured must not share modules, clients or caches with what measures. Downside: each
costs the start of an interpreter.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from infra.local.stack import COURT_ID
from infra.template.chalice_config import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_OURS: Final = ("AWS_", "HUB_", "PYTHONDONTWRITE", "POWERTOOLS_")
_LAST_LINES: Final = 12

AWS: Final[Mapping[str, str]] = {
    "AWS_REGION": "cn-north-1",
    "AWS_DEFAULT_REGION": "cn-north-1",
    "AWS_ACCESS_KEY_ID": "bench",
    "AWS_SECRET_ACCESS_KEY": "bench",
    "AWS_EC2_METADATA_DISABLED": "true",
}
"""A region, and credentials that give access to nothing."""

HUB: Final[Mapping[str, str]] = {
    "HUB_STAGE": "bench",
    "HUB_PUBLIC_ROSTER": "open",
    "HUB_TABLE": "bench",
    "HUB_KMS_KEY_ID": "bench",
    "HUB_COURTS": json.dumps({COURT_ID: {"url": "https://court.invalid"}}),
    "HUB_ISSUERS": json.dumps(
        [{"issuer": "https://id.invalid", "jwks_uri": "https://id.invalid/jwks", "audience": "hub"}]
    ),
}
"""Settings of a hub that calls no partner."""


class BenchError(RuntimeError):
    """A benchmark could not be made; the message says where and why."""


def environment(more: Mapping[str, str]) -> dict[str, str]:
    """Return a child's environment: without the caller's AWS, hub, Powertools and byte-code settings."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
    return {**inherited, **AWS, **more}


def run(
    arguments: Sequence[str], more: Mapping[str, str], standard_input: str = "", *, tree: Path = ROOT
) -> str:
    """Run Python with these arguments in a tree; return what it printed. Raises BenchError."""
    done = subprocess.run(  # noqa: S603 - our own interpreter on our own code
        [sys.executable, *arguments],
        cwd=tree,
        env=environment(more),
        input=standard_input,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        last = "\n".join(done.stderr.splitlines()[-_LAST_LINES:])
        raise BenchError(f"python {' '.join(arguments[:2])} ended with {done.returncode}:\n{last}")
    return done.stdout


def ask(module: str, question: Mapping[str, Any], more: Mapping[str, str]) -> Any:
    """Run a module that reads JSON from its input and writes its answer to the file named first.

    A file, because the hub logs to standard output. Raises BenchError.
    """
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder, "answer.json")
        run(["-m", module, str(answer)], more, json.dumps(question))
        return json.loads(answer.read_text(encoding="utf-8"))


def ask_script(script: str, tree: Path, more: Mapping[str, str]) -> Any:
    """Run a script on the hub of a tree, which may be another revision's; return its answer, as `ask` does.

    The script's own folder is not searched for modules (-P), so that it finds the tree's and no others.
    """
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder, "answer.json")
        run(["-P", script, str(answer)], {**more, "PYTHONPATH": str(tree)}, tree=tree)
        return json.loads(answer.read_text(encoding="utf-8"))


def reply(answer: Any) -> None:
    """Write a child's answer where `ask` looks for it."""
    Path(sys.argv[1]).write_text(json.dumps(answer), encoding="utf-8")
