"""`make run`: the stack, kept up, with a curl to paste for each role.

Promise: every printed command works as it stands: an example case is filed for them. Ctrl-C ends every
process that was started. With `--endpoint` AWS is that endpoint (LocalStack, say) instead of the emulator.
"""

from __future__ import annotations

import argparse
import json
import shlex
import time
from datetime import date
from random import Random
from typing import TYPE_CHECKING, Any, Final

import urllib3
from rich.console import Console

from infra.local.demo.client import Answer, HubClient, Issuer
from infra.local.demo.people import filing
from infra.local.stack import COURT_ID, SECONDS_OF_A_DAY, Ports, Stack, running

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_INSTITUTION: Final = {"role": "institution", "sub": "bank-system", "institution_id": "bank-rcb"}
_EXAMPLE: Final = "make-run-example"
_CHECK_SECONDS: Final = 2.0


def main(argv: Sequence[str] | None = None) -> int:
    """Run until interrupted; return the exit code."""
    options = _parser().parse_args(argv)
    console = Console()
    ports = Ports(hub=options.port, court=options.court_port, issuer=options.issuer_port)
    console.print("starting ...")
    with running(ports=ports, endpoint=options.endpoint, seconds_per_day=options.seconds_per_day) as stack:
        _print_commands(console, stack)
        console.print("\n[bold]up[/bold]; Ctrl-C ends it. Logs: .local/logs/")
        while True:
            stack.check()
            time.sleep(_CHECK_SECONDS)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m infra.local.run",
        description=__doc__,
        epilog="example: python -m infra.local.run --seconds-per-day 60 --endpoint http://localhost:4566",
    )
    parser.add_argument("--port", type=int, default=8000, help="the hub's port on 127.0.0.1")
    parser.add_argument("--court-port", type=int, default=8090, help="the court's port")
    parser.add_argument("--issuer-port", type=int, default=8091, help="the token issuer's port")
    parser.add_argument("--endpoint", help="an AWS-compatible endpoint; default: an emulator of its own")
    parser.add_argument(
        "--seconds-per-day", type=float, default=SECONDS_OF_A_DAY, help="lets a day pass in so many seconds"
    )
    return parser


def _print_commands(console: Console, stack: Stack) -> None:
    http = urllib3.PoolManager()
    issuer = Issuer(stack.issuer_url, http)
    example = filing(Random(_EXAMPLE), 1, COURT_ID, date.today())  # noqa: DTZ011, S311 - an example's own day
    case_id = _case_id(
        HubClient(stack.hub_url, issuer, http).post(
            _INSTITUTION, "/v1/filings", example, Idempotency_Key=_EXAMPLE
        )
    )
    other = {**filing(Random("another"), 2, COURT_ID, date.today())}  # noqa: DTZ011, S311
    staff = {"court_id": COURT_ID}
    case = f"/v1/cases/{case_id}"
    roles: list[tuple[str, dict[str, Any], str]] = [
        ("centre 调解中心", {"role": "centre", "sub": "centre-1", **staff}, "/v1/cases"),
        ("mediator 调解员", {"role": "mediator", "sub": "m-1", "mediator_id": "m-001", **staff}, "/v1/cases"),
        ("judge 法官", {"role": "judge", "sub": "j-1", "judge_id": "j-001", **staff}, "/v1/cases"),
        ("borrower 借款人", {"role": "borrower", "sub": "b-1", "case_ids": [f"{case_id}:r1"]}, case),
        ("court system 法院系统", {"role": "court", "sub": "court-1", **staff}, f"{case}/events"),
        ("operations 运维", {"role": "ops", "sub": "ops-1", **staff}, case),
    ]
    console.print(f"hub {stack.hub_url}   court {stack.court_url}   tokens {stack.issuer_url}")
    _print(console, "institution 银行", _post(stack, issuer, other))
    for name, claims, path in roles:
        _print(console, name, _curl(stack.hub_url + path, issuer.token(claims)))


def _case_id(answer: Answer) -> str:
    if not answer.ok and answer.code != "duplicate_filing":
        raise RuntimeError(f"the example case was refused: {answer.status} {answer.code}")
    return str(answer.body["case_id"] if answer.ok else answer.body["existing_case_id"])


def _post(stack: Stack, issuer: Issuer, body: Mapping[str, Any]) -> str:
    url = f"{stack.hub_url}/v1/filings"
    data = shlex.quote(json.dumps(body, ensure_ascii=False))
    headers = "-H 'Content-Type: application/json' -H 'Idempotency-Key: my-first-filing'"
    return f"{_curl(url, issuer.token(_INSTITUTION))} {headers} -d {data}"


def _curl(url: str, token: str) -> str:
    return f"curl -s {url} -H 'Authorization: Bearer {token}'"


def _print(console: Console, name: str, command: str) -> None:
    console.print(f"\n[bold]{name}[/bold]")
    # As it is: a wrapped or highlighted line would not paste.
    console.print(command, soft_wrap=True, highlight=False, markup=False)


if __name__ == "__main__":
    try:
        raise SystemExit(main())
    except KeyboardInterrupt:
        raise SystemExit(130) from None
