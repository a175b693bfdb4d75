"""Errors as one line: what an operator sees when a command can't do what it was asked for.

Promise: wrong input, missing settings, an unknown case and an AWS that refuses or is not there are each one
line on stderr and exit code 2; a message of AWS's is never quoted, because it may quote data. Downside: an
error that nobody foresaw still is a traceback.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final

import typer
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, NoRegionError
from typer._click.exceptions import ClickException, NoArgsIsHelpError
from typer.core import TyperGroup

from chalicelib.domain.errors import CaseNotFound, HubError
from chalicelib.settings import SettingsError
from infra.ops.target import WrongInput

if TYPE_CHECKING:
    from collections.abc import Callable

_EXIT_CODE: Final = 2
_FORESEEN: Final = (
    ClickException,
    WrongInput,
    SettingsError,
    HubError,
    BotoCoreError,
    ClientError,
    ExceptionGroup,
)


class Plainly(TyperGroup):
    """A group of commands whose foreseeable errors are one line each."""

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run a command and end the process with its exit code."""
        try:
            code = super().main(*args, **{**extra, "standalone_mode": False})
        except NoArgsIsHelpError as nothing:
            typer.echo(nothing.format_message(), err=True)
            code = _EXIT_CODE
        except _FORESEEN as error:
            typer.echo(" ".join(_said(error).split()), err=True)
            code = _EXIT_CODE
        sys.exit(code or 0)


def _kinds(group: ExceptionGroup[Exception]) -> str:
    return ", ".join(sorted({type(error).__name__ for error in group.exceptions}))


def _said(error: Exception) -> str:
    if isinstance(error, ClientError):
        code = error.response["Error"].get("Code", "unknown")
        return f"AWS refused {error.operation_name}: {code}; check profile, region and your rights"
    return next((remedy(error) for kind, remedy in _REMEDIES.items() if isinstance(error, kind)), str(error))


_REMEDIES: Final[dict[type[Exception], Callable[[Any], str]]] = {
    ClickException: lambda error: f"{error.format_message()} (python -m infra.ops COMMAND --help says more)",
    CaseNotFound: lambda error: f"no case {error}: check the id and the stack",
    SettingsError: lambda error: f"{error}: name a stack with --stack, these settings can't be used",
    NoCredentialsError: lambda _: "no AWS credentials: set AWS_PROFILE, or start `make run` in this folder",
    NoRegionError: lambda _: "no region: set AWS_DEFAULT_REGION, or start `make run` in this folder",
    BotoCoreError: lambda error: (
        f"AWS does not answer ({type(error).__name__}): check the region, or whether `make run` is up"
    ),
    ExceptionGroup: lambda error: (
        f"{error.message}; what can be done was done: the causes are {_kinds(error)}"
    ),
    HubError: lambda error: f"{error.code}: the table can't do this now; repeat the command",
}
"""By kind, the more special kinds first."""
