"""The commands that `make run` prints work as they stand, in bash, up to an agreement in force."""

from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from infra.local import shell
from infra.local.example import example_case, open_talks
from tests.support.travel import CENTRE

if TYPE_CHECKING:
    from pathlib import Path

    from infra.local.stack import Stack
    from tests.support.travel import Traveller


pytestmark = pytest.mark.xdist_group("stack")


def test_every_printed_command_is_taken(stack: Stack, traveller: Traveller, tmp_path: Path) -> None:
    """Pasted one after the other: none is refused, and the example's agreement is in force at the end."""
    hub = traveller.hub
    talks, filing = open_talks(hub)
    cases = {"CASE": example_case(hub), "TALKS": talks["case_id"]}
    script = tmp_path / "run.sh"
    shell.write_script(script, stack, cases, filing)
    assert script.stat().st_mode & 0o077 == 0
    for line in (*shell.first_looks(), *shell.settlement(stack)):
        done = subprocess.run(  # noqa: S603 - the commands are ours
            ["/bin/bash", "-euc", f". {script}; {line.command}"],
            env={"PATH": os.environ["PATH"]},
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        for answer in filter(None, done.stdout.splitlines()):
            assert "type" not in json.loads(answer), (line.what, answer)
    assert hub.get(CENTRE, f"/v1/cases/{cases['TALKS']}").body["stage"] == "performing"
    # On a table that was kept, the next run begins with another case.
    assert open_talks(hub)[0]["case_id"] != cases["TALKS"]
