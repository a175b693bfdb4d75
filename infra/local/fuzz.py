"""`make fuzz`: schemathesis against the running stack, once with each role's token.

Promise: exits 0 only if no answer was a 5xx and none contradicted the OpenAPI document in status, content
type, headers or body. Requests are bounded and go to loopback only. Downside: generated requests seldom
reach deep into a case's life; the journeys do.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import urllib3
from rich.console import Console

from infra.local.demo.client import HubClient, Issuer
from infra.local.example import example_case, role_claims
from infra.local.stack import running

if TYPE_CHECKING:
    from collections.abc import Sequence

_CHECKS: Final = (
    "not_a_server_error,status_code_conformance,content_type_conformance,"
    "response_headers_conformance,response_schema_conformance"
)


def main(argv: Sequence[str] | None = None) -> int:
    """Fuzz as each role in turn; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m infra.local.fuzz", description=__doc__)
    parser.add_argument("--examples", type=int, default=20, help="generated requests per operation and phase")
    parser.add_argument("--roles", nargs="*", default=None, help="default: every role")
    options = parser.parse_args(argv)
    console, failed = Console(), []
    with running() as stack, urllib3.PoolManager() as http, tempfile.TemporaryDirectory() as folder:
        issuer = Issuer(stack.issuer_url, http)
        roles = role_claims(example_case(HubClient(stack.hub_url, issuer, http)))
        document = Path(folder, "openapi.json")
        document.write_bytes(http.request("GET", f"{stack.hub_url}/v1/openapi.json").data)
        for role in options.roles or roles:
            console.rule(role)
            if _fuzz(document, stack.hub_url, issuer.token(roles[role]), options.examples):
                failed.append(role)
    console.print(f"failed: {', '.join(failed)}" if failed else "no 5xx, nothing against the document")
    return 1 if failed else 0


def _fuzz(document: Path, url: str, token: str, examples: int) -> int:
    command: list[Any] = [
        *(str(Path(sys.executable).with_name("schemathesis")), "run", document, "--url", url),
        *("-H", f"Authorization: Bearer {token}", "-n", str(examples), "--checks", _CHECKS, "--workers", "2"),
        *("--suppress-health-check", "all", "--no-color"),
    ]
    return subprocess.run(command, check=False, cwd=document.parent).returncode


if __name__ == "__main__":
    raise SystemExit(main())
