"""Loads the state machine and has it judged by the npm asl-validator.

Promise: what is judged is the file that is deployed, with example values in its placeholders. Without
Node the check is left out, which the result says; with CI=true that is an error. Downside: the
first run fetches the pinned validator.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any, Final

from infra.template.workflow import definition

_VALIDATOR: Final = Path(__file__).parent / "asl-validator"
_EXAMPLE: Final = {
    "Partition": "aws-cn",
    "WorkflowQueueUrl": "https://sqs.cn-north-1.amazonaws.com.cn/123456789012/jiefen-hub-dev-workflow",
}
"""Values as CloudFormation would put them; a placeholder that is missing here is a KeyError."""

_PLACEHOLDER: Final = re.compile(r"\$\{(\w+)\}")


class StateMachineRefused(Exception):
    """The validator found faults, or could not run where it must."""


def load() -> dict[str, Any]:
    """Return the state machine as deployed to an example account."""
    parsed: dict[str, Any] = json.loads(_PLACEHOLDER.sub(lambda found: _EXAMPLE[found[1]], definition()))
    return parsed


def validate(scratch: Path) -> str:
    """Run the validator on the state machine; return what it said. Raises StateMachineRefused."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        if os.environ.get("CI") == "true":
            raise StateMachineRefused("CI must have Node: the ASL check may not be left out there")
        return "ASL check left out: no Node on this machine"
    _install(npm)
    filled = scratch / "mediation.filled.asl.json"
    filled.write_text(json.dumps(load(), ensure_ascii=False), encoding="utf-8")
    script = _VALIDATOR / "node_modules" / "asl-validator" / "dist" / "bin" / "asl-validator.js"
    return _run([node, str(script), "--json-path", str(filled)])


def _install(npm: str) -> None:
    lock = _VALIDATOR / "package-lock.json"
    installed = _VALIDATOR / "node_modules" / ".package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
        _run([npm, "ci", "--prefix", str(_VALIDATOR)])


def _run(command: list[str]) -> str:
    done = subprocess.run(  # noqa: S603 - fixed arguments, the programs found on PATH
        command, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise StateMachineRefused(f"{Path(command[0]).name} failed:\n{done.stdout}{done.stderr}")
    return done.stdout.strip()
