"""Deploys what `infra.package` made, with the AWS CLI and its own credentials.

`python -m infra.deploy --stage prod --bucket <artefacts> --parameters <file.json>`

Promise: uploads the zip, shows CloudFormation the template, and changes nothing if there is nothing to
change; it handles no credential itself; production without an address for its alarms is refused. Code,
template and parameters together are a release, whose name stands in every function: whatever of them changed,
each function gets a new version. The parameters file is CloudFormation's own form:
[{"ParameterKey", "ParameterValue"}]. Downside: the bucket for artefacts must exist in the region before; and
a parameter that is changed past this command has no effect before the next release.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from infra.package import PACKAGE, TEMPLATE
from infra.template.release import as_release
from infra.template.stages import APP, STAGES

if TYPE_CHECKING:
    from collections.abc import Mapping

_NAME_LENGTH: Final = 12


RELEASED: Final = "released.json"
"""The template with the release's name, beside the zip that it names."""


def name_release(folder: Path, given: Mapping[str, str]) -> str:
    """Write the template with the release's name; return the name, which follows from what is deployed."""
    template = json.loads((folder / TEMPLATE).read_text(encoding="utf-8"))
    digest = hashlib.sha256((folder / PACKAGE).read_bytes())
    digest.update(json.dumps([template, given], sort_keys=True).encode())
    name = digest.hexdigest()[:_NAME_LENGTH]
    (folder / RELEASED).write_text(json.dumps(as_release(template, name)), encoding="utf-8")
    return name


def commands(stage: str, folder: Path, bucket: str, parameters: Path) -> list[list[str]]:
    """Return the two AWS CLI calls of a deployment, without the program's name."""
    stack = STAGES[stage].prefix
    uploaded = str(folder / "uploaded.json")
    through_bucket = ["--s3-bucket", bucket, "--s3-prefix", stack]
    upload = ["cloudformation", "package", "--template-file", str(folder / RELEASED), "--use-json"]
    deploy = ["cloudformation", "deploy", "--template-file", uploaded, "--stack-name", stack]
    return [
        [*upload, *through_bucket, "--output-template-file", uploaded],
        [
            *deploy,
            *through_bucket,  # the template is larger than what the API takes inline
            "--parameter-overrides",
            f"file://{parameters.resolve()}",
            "--capabilities",
            "CAPABILITY_IAM",
            "--no-fail-on-empty-changeset",
            "--tags",
            f"app={APP}",
            f"stage={stage}",
        ],
    ]


class ParametersRefused(Exception):
    """The parameters file can't be used; the message is one line that says what to do."""


def check(stage: str, parameters: Path) -> Mapping[str, str]:
    """Read a stage's parameters file; raises ParametersRefused."""
    try:
        given = {
            entry["ParameterKey"]: entry["ParameterValue"]
            for entry in json.loads(parameters.read_text(encoding="utf-8"))
        }
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ParametersRefused(
            f"{parameters} is not a list of ParameterKey and ParameterValue ({type(error).__name__})"
        ) from error
    if STAGES[stage].must_tell_somebody and not given.get("AlarmEndpoint"):
        raise ParametersRefused(f"{parameters} has no AlarmEndpoint: say who is told of {stage}'s alarms")
    return given


def main(arguments: list[str] | None = None) -> int:
    """Deploy one stage; the exit code is that of the first AWS CLI call that failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stage", required=True, choices=sorted(STAGES))
    parser.add_argument("--out", type=Path, help="where the package lies; default build/<stage>")
    parser.add_argument("--bucket", required=True, help="bucket for artefacts, in the stack's region")
    parser.add_argument("--parameters", required=True, type=Path, help="the stage's parameters, a JSON file")
    options = parser.parse_args(arguments)
    program = shutil.which("aws")
    if program is None:
        sys.stderr.write("the AWS CLI (aws) is not on PATH\n")
        return 1
    try:
        given = check(options.stage, options.parameters)
    except ParametersRefused as refused:
        sys.stderr.write(f"{refused}\n")
        return 1
    folder = options.out or Path("build") / options.stage
    try:
        sys.stdout.write(f"release {name_release(folder, given)}\n")
    except OSError as error:
        sys.stderr.write(f"{folder} holds no package ({type(error).__name__}): make package first\n")
        return 1
    for command in commands(options.stage, folder, options.bucket, options.parameters):
        done = subprocess.run([program, *command], check=False)  # noqa: S603 - an operator's own arguments
        if done.returncode != 0:
            return done.returncode
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
