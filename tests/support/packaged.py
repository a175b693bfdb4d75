"""The template of a stage as it is deployed, for tests of the whole template.

Promise: made by the real packager from the real app, without the dependencies' download; made once per run.
Downside: it takes about a second a stage, so tests of the merge template alone should call `build`.
"""

from __future__ import annotations

import atexit
import json
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from infra import package

Resources = dict[str, dict[str, Any]]


@cache
def template_path(stage: str) -> Path:
    """Return the packaged template's path; the folder goes when the run ends."""
    folder = Path(tempfile.mkdtemp(prefix=f"jiefen-hub-{stage}-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return package.generate(stage, folder, with_dependencies=False)


@cache
def template(stage: str) -> dict[str, Any]:
    """Return the packaged template."""
    parsed: dict[str, Any] = json.loads(template_path(stage).read_text(encoding="utf-8"))
    return parsed


def of_type(resources: Resources, type_: str) -> Resources:
    """Return the resources of one CloudFormation type, by logical id."""
    return {name: resource for name, resource in resources.items() if resource.get("Type") == type_}


def functions(stage: str) -> Resources:
    """Return the packaged functions, by logical id."""
    return of_type(template(stage)["Resources"], "AWS::Serverless::Function")
