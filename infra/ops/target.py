"""Finds the hub that an operator's command works on.

Promise: `--stack NAME` reads the settings that the deployed functions have; without it the process's own
`HUB_*` variables count, and without those what `make run` wrote. Nothing is guessed: whatever is missing is
one `WrongInput` that says what to do. Downside: reading a stack costs one request for each function.
"""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Final

import boto3

from chalicelib.bootstrap import LiveHub
from chalicelib.settings import Settings
from infra.template.chalice_config import functions
from infra.template.functions import deployed_name
from infra.template.release import ALIAS

if TYPE_CHECKING:
    from collections.abc import Mapping

LOCAL: Final = Path(".local/ops.env")
"""Written by `make run`: the settings of its hub, and where its AWS is."""
_HELP: Final = "name it: --stack jiefen-hub-prod, or start `make run` in this folder"


class WrongInput(Exception):
    """What an operator gave does not fit; the message is one line that says what to do."""


def hub(stack: str | None) -> LiveHub:
    """Return the hub of a stack, or of this process's settings. Raises WrongInput or SettingsError."""
    return LiveHub(settings(stack))


def settings(stack: str | None) -> Settings:
    """Return the settings of a stack; raises WrongInput or SettingsError."""
    if stack is not None:
        return Settings.from_environment(deployed(stack))
    if "HUB_TABLE" not in os.environ:
        os.environ.update(_written_by_make_run())
    return Settings.from_environment(os.environ)


def deployed(stack: str) -> Mapping[str, str]:
    """Return the variables of a stack's functions, put together: of the build that is called."""
    client = boto3.client("lambda")
    found: dict[str, str] = {}
    for function in functions():
        name = deployed_name(stack, function)
        try:
            answer = client.get_function_configuration(FunctionName=name, Qualifier=ALIAS)
        except client.exceptions.ResourceNotFoundException as error:
            raise WrongInput(
                f"no stack {stack} in {client.meta.region_name}: there is no function {name}:{ALIAS}; "
                "check the name, the region and the account"
            ) from error
        found |= answer.get("Environment", {}).get("Variables", {})
    return found


def written(variables: Mapping[str, str]) -> str:
    """Return the text of a file of variables that a shell reads, too."""
    return "".join(f"{name}={shlex.quote(value)}\n" for name, value in variables.items())


def _written_by_make_run() -> Mapping[str, str]:
    try:
        text = LOCAL.read_text(encoding="utf-8")
    except OSError as error:
        raise WrongInput(f"no hub: {_HELP}") from error
    try:
        return dict(entry.split("=", 1) for entry in shlex.split(text))
    except ValueError as error:
        raise WrongInput(f"{LOCAL} can't be read: {_HELP}") from error
