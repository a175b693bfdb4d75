"""Makes the deployable template and zip of a stage: `python -m infra.package --stage prod --out build/prod`.

Promise: needs no AWS account and reads no credentials; what it leaves in the output folder has passed
cfn-lint for the Chinese and two global regions, the ASL validator, and the check that no compiled
library in the zip is this machine's own. Downside: Chalice downloads every wheel again, half a minute or
so.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from infra import fonts, state_machine, wheels
from infra.template import build
from infra.template.chalice_config import ROOT
from infra.template.release import through_aliases
from infra.template.stages import STAGES

REGIONS: Final = ("cn-north-1", "cn-northwest-1", "eu-central-1", "us-east-1")
"""Where the template must be valid: the Chinese regions first (domain §9)."""
TEMPLATE: Final = "template.json"
PACKAGE: Final = "deployment.zip"
_SOURCES: Final = ("app.py", "chalicelib", "requirements.txt", ".chalice/config.json")


class PackagingFailed(Exception):
    """A step of packaging failed; the message is what the tool said."""


def generate(stage: str, out: Path, *, with_dependencies: bool = True) -> Path:
    """Have Chalice write the template and the zip to `out`; return the template's path.

    Without dependencies the zip can't run, but the template is the same and takes a second: for tests.
    """
    if with_dependencies:
        fonts.ensure()  # the typeface lies in chalicelib, so it is copied with that
    sources = _copy_sources(out / "src")
    if not with_dependencies:
        (sources / "requirements.txt").write_text("", encoding="utf-8")
    merge = out / "merge.json"
    merge.write_text(json.dumps(build(stage), ensure_ascii=False, indent=1), encoding="utf-8")
    chalice = [_tool("chalice"), "--project-dir", str(sources), "package", "--stage", stage]
    # Resolved, because Chalice changes into the project's folder first.
    _run([*chalice, "--merge-template", str(merge.resolve()), str(out.resolve())])
    chalices = json.loads((out / "sam.json").read_text(encoding="utf-8"))
    template = out / TEMPLATE
    template.write_text(json.dumps(through_aliases(chalices), ensure_ascii=False, indent=2), encoding="utf-8")
    (out / "sam.json").unlink()
    return template


def lint(template: Path) -> None:
    """Have cfn-lint judge the template; its informational remarks count. Raises PackagingFailed."""
    _run([_tool("cfn-lint"), "--include-checks", "I", "--regions", *REGIONS, "--template", str(template)])


def _copy_sources(target: Path) -> Path:
    # A copy, because Chalice zips whatever lies in chalicelib, this machine's .pyc files included.
    shutil.rmtree(target, ignore_errors=True)
    (target / ".chalice").mkdir(parents=True)
    policies = [str(path.relative_to(ROOT)) for path in (ROOT / ".chalice").glob("policy-*.json")]
    for name in (*_SOURCES, *policies):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, target / name, ignore=shutil.ignore_patterns("__pycache__", "ruff.toml"))
        else:
            shutil.copy(source, target / name)
    return target


def _tool(name: str) -> str:
    return str(Path(sys.executable).with_name(name))


def _run(command: list[str]) -> None:
    done = subprocess.run(  # noqa: S603 - this project's own tools, fixed arguments
        command, env=environment(), capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise PackagingFailed(f"{Path(command[0]).name} failed:\n{done.stdout}{done.stderr}")


def environment() -> dict[str, str]:
    """Return the environment without anything that leads to an AWS account."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "HUB_"))}
    return kept | {
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_DEFAULT_REGION": REGIONS[0],
        "PYTHONDONTWRITEBYTECODE": "1",  # or importing the app would leave .pyc files in the zip
    }


def check_zip(template: Path) -> str:
    """Judge the zip beside the template; return its size as text. Raises PackagingFailed."""
    functions = json.loads(template.read_text(encoding="utf-8"))["Resources"]
    (runtime,) = {
        resource["Properties"]["Runtime"]
        for resource in functions.values()
        if resource["Type"] == "AWS::Serverless::Function"
    }
    package = template.with_name(PACKAGE)
    if found := wheels.faults(package, runtime):
        raise PackagingFailed("the zip would not run on Lambda:\n" + "\n".join(found))
    return f"{package}: {package.stat().st_size / 1024**2:.1f} MiB for {runtime}"


def main(arguments: list[str] | None = None) -> int:
    """Package one stage and report; exit code 1 and the tool's words if anything is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stage", required=True, choices=sorted(STAGES))
    parser.add_argument("--out", required=True, type=Path)
    parser.add_argument("--without-dependencies", action="store_true", help="a quick look; can't be deployed")
    options = parser.parse_args(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    try:
        template = generate(options.stage, options.out, with_dependencies=not options.without_dependencies)
        report = [check_zip(template), state_machine.validate(options.out)]
        lint(template)  # the slowest check comes last
        report.append(f"{template}: cfn-lint clean for {', '.join(REGIONS)}")
    except (PackagingFailed, state_machine.StateMachineRefused) as failed:
        sys.stderr.write(f"{failed}\n")
        return 1
    sys.stdout.write("\n".join(report) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
