"""Deploys what `infra.package` made, with the AWS CLI and its own credentials.

`python -m infra.deploy --stage prod --bucket <artefacts> --parameters <file.json>`

Promise: uploads the zip, shows CloudFormation the template, and changes nothing if there is nothing to
change; it handles no credential itself; production without an address for its alarms is refused. The
parameters file is CloudFormation's own form:
[{"ParameterKey", "ParameterValue"}]. Downside: the bucket for artefacts must exist in the region before.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from pathlib import Path

from infra.package import TEMPLATE
from infra.template.stages import APP, STAGES


def commands(stage: str, folder: Path, bucket: str, parameters: Path) -> list[list[str]]:
    """Return the two AWS CLI calls of a deployment, without the program's name."""
    stack = STAGES[stage].prefix
    uploaded = str(folder / "uploaded.json")
    through_bucket = ["--s3-bucket", bucket, "--s3-prefix", stack]
    upload = ["cloudformation", "package", "--template-file", str(folder / TEMPLATE), "--use-json"]
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


def check(stage: str, parameters: Path) -> None:
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
        check(options.stage, options.parameters)
    except ParametersRefused as refused:
        sys.stderr.write(f"{refused}\n")
        return 1
    folder = options.out or Path("build") / options.stage
    for command in commands(options.stage, folder, options.bucket, options.parameters):
        done = subprocess.run([program, *command], check=False)  # noqa: S603 - an operator's own arguments
        if done.returncode != 0:
            return done.returncode
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
