"""Makes the deployable template and zips of a stage: `python -m infra.package --stage prod --out build/prod`.

Promise: needs no AWS account and reads no credentials; what it leaves in the output folder has passed
cfn-lint for the Chinese and two global regions, the ASL validator, and the check that no compiled library in
a zip is this machine's own; every function has started from its zips, and the zip that all share is within
its budget. Chalice makes the template and packs the app; the dependencies are added here, because Chalice
would put all of them into the zip of each function. Downside: half a minute.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Final

from chalicelib.adapters.documents import typeface
from infra import fonts, state_machine, trial, wheels, zips
from infra.template import build
from infra.template.chalice_config import ROOT
from infra.template.functions import LAYER_PACKAGE
from infra.template.release import through_aliases
from infra.template.stages import STAGES

REGIONS: Final = ("cn-north-1", "cn-northwest-1", "eu-central-1", "us-east-1")
"""Where the template must be valid: the Chinese regions first (domain §9)."""
TEMPLATE: Final = "template.json"
PACKAGE: Final = "deployment.zip"
"""The zip that all functions share."""
BUDGET_BYTES: Final = 19_000_000
"""The largest size of that zip, which Lambda unpacks whenever it starts a container.

17 MB, and 2 MB for what stands beside the case: console, talks, guidance, sessions, roster, applications,
work lists.
"""
_SOURCES: Final = ("app.py", "chalicelib", ".chalice/config.json")
_LOCK: Final = ROOT / "requirements.txt"


class PackagingFailed(Exception):
    """A step of packaging failed; the message is what the tool said."""


def generate(stage: str, out: Path, *, with_dependencies: bool = True) -> Path:
    """Write the template and the zips to `out`; return the template's path. Raises PackagingFailed.

    Without dependencies there is no layer and the zip can't run, but the template is the same and takes a
    second: for tests.
    """
    if with_dependencies:
        fonts.ensure()  # the typeface lies in chalicelib, so it is copied with that
        if not typeface.RARE_FILE.exists():
            raise PackagingFailed("papers could not print every name: apt-get install fonts-hanazono")
    sources = _copy_sources(out / "src", *(() if with_dependencies else ("*.ttf",)))
    merge = out / "merge.json"
    merge.write_text(json.dumps(build(stage), ensure_ascii=False, indent=1), encoding="utf-8")
    chalice = [_tool("chalice"), "--project-dir", str(sources), "package", "--stage", stage]
    # Resolved, because Chalice changes into the project's folder first.
    _run([*chalice, "--merge-template", str(merge.resolve()), str(out.resolve())])
    chalices = json.loads((out / "sam.json").read_text(encoding="utf-8"))
    template = out / TEMPLATE
    template.write_text(json.dumps(through_aliases(chalices), ensure_ascii=False, indent=2), encoding="utf-8")
    (out / "sam.json").unlink()
    if with_dependencies:
        _add_dependencies(out, runtime_of(template))
    return template


def _add_dependencies(out: Path, runtime: str) -> None:
    with tempfile.TemporaryDirectory(dir=out) as folder:
        vendor, functions, layer = (Path(folder, name) for name in ("vendor", "functions", "layer"))
        layer.mkdir()
        with zipfile.ZipFile(out / PACKAGE) as app:
            app.extractall(functions)
        _download(vendor, runtime)
        zips.lay_out(vendor, _LOCK, functions, layer)
        try:
            zips.compile_for(runtime, functions, layer)
        except zips.WrongPython as wrong:
            raise PackagingFailed(str(wrong)) from wrong
        zips.write(out / PACKAGE, functions)
        zips.write(out / LAYER_PACKAGE, layer, wheels.LAYER_ROOT)


def _download(vendor: Path, runtime: str) -> None:
    """Have pip unpack the locked wheels that run on Lambda, and none that was built here."""
    version = runtime.removeprefix("python")
    abis = (f"cp{version.replace('.', '')}", "abi3", "none")
    suitable = [f"--platform={tag}" for tag in wheels.platforms(runtime)] + [f"--abi={abi}" for abi in abis]
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    exact = ["--no-deps", "--no-compile", "--only-binary=:all:", f"--python-version={version}"]
    _run([*pip, *exact, "--implementation=cp", *suitable, f"--target={vendor}", f"--requirement={_LOCK}"])


def runtime_of(template: Path) -> str:
    """Return the functions' runtime, such as "python3.13": Chalice takes the Python that packages."""
    resources = json.loads(template.read_text(encoding="utf-8"))["Resources"].values()
    (runtime,) = {
        resource["Properties"]["Runtime"]
        for resource in resources
        if resource["Type"] == "AWS::Serverless::Function"
    }
    return str(runtime)


def lint(template: Path) -> None:
    """Have cfn-lint judge the template; its informational remarks count. Raises PackagingFailed."""
    _run([_tool("cfn-lint"), "--include-checks", "I", "--regions", *REGIONS, "--template", str(template)])


def _copy_sources(target: Path, *but: str) -> Path:
    # A copy, because Chalice zips whatever lies in chalicelib, this machine's .pyc files included.
    shutil.rmtree(target, ignore_errors=True)
    (target / ".chalice").mkdir(parents=True)
    policies = [str(path.relative_to(ROOT)) for path in (ROOT / ".chalice").glob("policy-*.json")]
    for name in (*_SOURCES, *policies):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(
                source, target / name, ignore=shutil.ignore_patterns("__pycache__", "ruff.toml", *but)
            )
        else:
            shutil.copy(source, target / name)
    (target / "requirements.txt").touch()  # Chalice wants one
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


def check(template: Path) -> list[str]:
    """Judge the zips beside the template; return a line for each. Raises PackagingFailed."""
    runtime = runtime_of(template)
    packages = [path for name in (PACKAGE, LAYER_PACKAGE) if (path := template.with_name(name)).exists()]
    if found := wheels.faults(runtime, *packages):
        raise PackagingFailed("the zips would not run on Lambda:\n" + "\n".join(found))
    size = template.with_name(PACKAGE).stat().st_size
    if size > BUDGET_BYTES:
        raise PackagingFailed(f"{PACKAGE} has {size / 1e6:.1f} MB, its budget is {BUDGET_BYTES / 1e6:g} MB")
    return [
        f"{package}: {package.stat().st_size / 1e6:.1f} MB, {wheels.unzipped_bytes(package) / 1e6:.1f} MB "
        f"unzipped, for {runtime}"
        for package in packages
    ]


def try_out(template: Path) -> str:
    """Start every function from the zips beside the template. Raises trial.NotStarted."""
    unpacked = unpack(template.parent, template.parent / "unpacked")
    trial.start_all(*unpacked)
    return "every function starts from its zips; a paper was drawn and signed from the layer"


def unpack(packaged: Path, target: Path) -> tuple[Path, Path]:
    """Unpack the two zips as Lambda does; return the import paths of the functions and of the layer."""
    shutil.rmtree(target, ignore_errors=True)
    for name in (PACKAGE, LAYER_PACKAGE):
        with zipfile.ZipFile(packaged / name) as opened:
            opened.extractall(target / name)
    return target / PACKAGE, target / LAYER_PACKAGE / wheels.LAYER_ROOT


def main(arguments: list[str] | None = None) -> int:
    """Package one stage and report each zip's size; exit code 1 and the tool's words if anything is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stage", required=True, choices=sorted(STAGES))
    parser.add_argument("--out", required=True, type=Path)
    parser.add_argument("--without-dependencies", action="store_true", help="a quick look; can't be deployed")
    options = parser.parse_args(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    try:
        template = generate(options.stage, options.out, with_dependencies=not options.without_dependencies)
        report = [*check(template), state_machine.validate(options.out)]
        if not options.without_dependencies:
            report.append(try_out(template))
        lint(template)  # the slowest check comes last
        report.append(f"{template}: cfn-lint clean for {', '.join(REGIONS)}")
    except (PackagingFailed, state_machine.StateMachineRefused, trial.NotStarted) as failed:
        sys.stderr.write(f"{failed}\n")
        return 1
    sys.stdout.write("\n".join(report) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
