"""`make checkov`, or `python -m infra.checkov`: checkov judges the template of production.

The template is what `make package STAGE=prod` writes, made anew without the zip. Each finding has to be
mended, or explained in `findings.toml` beside this file. checkov runs in a virtual environment of its own in
`.local/`, since its requirements exclude this project's, and asks nothing of the network. Exit code 1: a
finding is not explained, or an explanation is stale; 2: checkov could not be fetched or did not judge.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from infra import package
from infra.checkov.findings import FindingsUnreadable, judge, read_explanations, read_report
from infra.local import fetched

if TYPE_CHECKING:
    from collections.abc import Callable

HERE: Final = Path(__file__).parent
EXPLANATIONS: Final = HERE / "findings.toml"
_PASSED, _REFUSED, _FAILED = 0, 1, 2


def report_on(template: Path) -> str:
    """Return checkov's JSON report on a template; raises FetchFailedError."""
    home = fetched.virtual_environment(Path(".local/checkov"), HERE / "requirements.txt")
    program = [str(home / "bin" / "python"), "-m", "checkov.main"]
    options = [
        "--framework",
        "cloudformation",
        "--output",
        "json",
        "--quiet",
        "--soft-fail",
        "--skip-download",
    ]
    done = subprocess.run(  # noqa: S603 - fixed arguments, and a path made here
        [*program, *options, "--file", str(template)],
        env=package.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout


def main(report: Callable[[Path], str] = report_on, explanations: Path = EXPLANATIONS) -> int:
    """Have production's template judged, and say what is not as it is explained."""
    try:
        with tempfile.TemporaryDirectory(prefix="jiefen-hub-") as folder:
            found = read_report(report(package.generate("prod", Path(folder), with_dependencies=False)))
        judgement = judge(found, read_explanations(explanations.read_text(encoding="utf-8")))
    except (fetched.FetchFailedError, package.PackagingFailed, FindingsUnreadable) as failed:
        sys.stderr.write(f"{failed}\n")
        return _FAILED
    sys.stdout.write("\n".join(judgement.lines()) + "\n")
    return _PASSED if judgement.passed else _REFUSED


if __name__ == "__main__":
    raise SystemExit(main())
