"""`make run`: the stack, kept up, with a curl to paste for each role.

Promise: every printed command works as it stands: an example case is filed for them. Ctrl-C ends every
process that was started. With `--endpoint` AWS is that endpoint (LocalStack, say) instead of the emulator.
"""

from __future__ import annotations

import argparse
import json
import shlex
import time
from typing import TYPE_CHECKING, Final

import urllib3
from rich.console import Console

from infra.local.demo.client import HubClient, Issuer
from infra.local.example import example_case, example_filing, role_claims
from infra.local.stack import SECONDS_OF_A_DAY, Ports, Stack, running

if TYPE_CHECKING:
    from collections.abc import Sequence

_FIRST_LOOK: Final = {
    "institution": ("institution 银行", "/v1/filings"),
    "centre": ("centre 调解中心", "/v1/cases"),
    "mediator": ("mediator 调解员", "/v1/cases"),
    "judge": ("judge 法官", "/v1/cases"),
    "borrower": ("borrower 借款人", "{case}"),
    "court": ("court system 法院系统", "{case}/events"),
    "ops": ("operations 运维", "{case}"),
}
_FILING: Final = (
    " -H 'Content-Type: application/json' -H 'Idempotency-Key: my-first-filing' -d "
    + shlex.quote(json.dumps(example_filing("my first filing", 2), ensure_ascii=False))
)
_CHECK_SECONDS: Final = 2.0


def main(argv: Sequence[str] | None = None) -> int:
    """Run until interrupted; return the exit code."""
    options = _parser().parse_args(argv)
    console = Console()
    ports = Ports(
        hub=options.port, court=options.court_port, issuer=options.issuer_port, sms=options.sms_port
    )
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
    parser.add_argument("--sms-port", type=int, default=8092, help="the message gateway's port")
    parser.add_argument("--endpoint", help="an AWS-compatible endpoint; default: an emulator of its own")
    parser.add_argument(
        "--seconds-per-day", type=float, default=SECONDS_OF_A_DAY, help="lets a day pass in so many seconds"
    )
    return parser


def _print_commands(console: Console, stack: Stack) -> None:
    issuer = Issuer(stack.issuer_url, http := urllib3.PoolManager())
    case_id = example_case(HubClient(stack.hub_url, issuer, http))
    claims = role_claims(case_id)
    console.print(f"hub {stack.hub_url}   court {stack.court_url}   tokens {stack.issuer_url}")
    console.print(f"messages to parties: {stack.sms_url}/control/messages?phone=13800001234")
    for role, (name, path) in _FIRST_LOOK.items():
        token = issuer.token(claims[role])
        command = _curl(stack.hub_url + path.format(case=f"/v1/cases/{case_id}"), token)
        _print(console, name, command + (_FILING if role == "institution" else ""))


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
