"""Reads `.chalice/config.json`, the one place where a function's time, memory and policy file are set.

Promise: what this template derives from a function (a queue's visibility, an alarm's threshold) follows
the file that Chalice itself packages from. Downside: it knows Chalice's order of precedence for function
settings.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[2]
CHALICE_DIR: Final = ROOT / ".chalice"


@cache
def config() -> dict[str, Any]:
    """Return the parsed configuration."""
    parsed: dict[str, Any] = json.loads((CHALICE_DIR / "config.json").read_text(encoding="utf-8"))
    return parsed


def function_names() -> tuple[str, ...]:
    """Return every function by its Chalice name; the API's handler is called `api_handler` there."""
    return tuple(config()["lambda_functions"])


def timeout(function: str) -> int:
    """Return a function's time limit in seconds."""
    return int(config()["lambda_functions"][function]["lambda_timeout"])


def policy(function: str) -> dict[str, Any]:
    """Return a function's own policy document, intrinsics unresolved."""
    name = config()["lambda_functions"][function]["iam_policy_file"]
    document: dict[str, Any] = json.loads((CHALICE_DIR / name).read_text(encoding="utf-8"))
    return document
