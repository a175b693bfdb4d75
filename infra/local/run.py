"""`make run`: keeps the stack running and prints commands for each role.

Promise: every printed command works as it stands, in the order printed: example cases are filed for them, and
`.local/run.sh` has the variables and functions that they use (`shell`). Ctrl-C ends every process that was
started. With `--endpoint` AWS is that endpoint (LocalStack, say) instead of the emulator.
"""

from __future__ import annotations

import argparse
import os
import time
from typing import TYPE_CHECKING, Final

import urllib3
from rich.console import Console

from infra.local import shell
from infra.local.demo.client import HubClient, Issuer
from infra.local.demo.phones import NoMessage, Phones
from infra.local.example import example_case, open_talks
from infra.local.kept_clock import SECONDS_OF_A_DAY
from infra.local.processes import StackFailedError
from infra.local.stack import COURT_ID, Ports, Stack, running
from infra.local.staff import logins
from infra.ops.target import LOCAL, written

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

_CREDENTIALS: Final = {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"}
_SCRIPT: Final = LOCAL.with_name("run.sh")
_CHECK_SECONDS: Final = 2.0


def main(argv: Sequence[str] | None = None) -> int:
    """Run until interrupted; return the exit code."""
    options = _parser().parse_args(argv)
    console = Console()
    ports = Ports(
        hub=options.port, court=options.court_port, issuer=options.issuer_port, sms=options.sms_port
    )
    console.print("starting ...")
    with running(
        ports=ports,
        endpoint=options.endpoint,
        outlives=options.endpoint is not None,
        seconds_per_day=options.seconds_per_day,
    ) as stack:
        write_for_operators(stack.environment)
        _print_commands(console, stack)
        console.print("\n[bold]up[/bold]; Ctrl-C ends it. Logs: .local/logs/; python -m infra.ops --help")
        while True:
            stack.check()
            time.sleep(_CHECK_SECONDS)


def write_for_operators(environment: Mapping[str, str], file: Path = LOCAL) -> None:
    """Write what the operator's commands need to find this hub; no credentials of an account are written."""
    endpoints = {name: value for name, value in os.environ.items() if name.startswith("AWS_ENDPOINT_URL")}
    told = {**endpoints, **environment}
    kept = {name: told[name] for name in told if name not in _CREDENTIALS or told[name] == "local"}
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(written(kept), encoding="utf-8")


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
    hub = HubClient(stack.hub_url, issuer, http)
    talks, filing = open_talks(hub)
    case_id = str(talks["case_id"])
    shell.write_script(_SCRIPT, stack, {"CASE": example_case(hub), "TALKS": case_id}, filing)
    _print(
        console,
        f"hub {stack.hub_url}   court {stack.court_url}   tokens {stack.issuer_url}   phones {stack.sms_url}",
    )
    console.print(f"\n[bold]console 网页 {stack.hub_url}/console[/bold]   sign in as 登录身份:")
    for name, claims in logins(COURT_ID):
        console.print(f"  {claims['role']}: {name}")
    _print_party(console, stack, http, case_id, filing["respondents"][0]["phone"])
    console.print("\n[bold]once in another terminal 先在另一终端执行一次[/bold]")
    _print(console, f". {_SCRIPT}")
    _print(
        console, "  then these lines and the blocks of docs/guides 然后可粘贴以下各行及 docs/guides 中的命令"
    )
    for line in (*shell.first_looks(), *shell.settlement(stack)):
        console.print(f"\n[bold]{line.what}[/bold]")
        _print(console, line.command)


def _print_party(console: Console, stack: Stack, http: urllib3.PoolManager, case_id: str, phone: str) -> None:
    """Print a party's link with a code for it, which is asked for as the page does it."""
    phones = Phones(stack.sms_url, http)
    console.print("\n[bold]a party, by its link and code 当事人凭链接和验证码进入[/bold]")
    try:
        link = phones.link(phone, case_id)
        http.request("POST", f"{link}/code", redirect=False)
        code = phones.sign_in_code(phone, case_id)
    except NoMessage:  # on a table that was kept, the messages of an earlier run are gone
        console.print("  (no message yet; its phone: " + f"{stack.sms_url}/control/messages)")
        return
    _print(console, f"  {link}/code   code 验证码: {code} (10 minutes; another one is in the inbox:")
    _print(console, f"  {stack.sms_url}/control/messages?phone={phone})")


def _print(console: Console, command: str) -> None:
    # Print it unchanged: a wrapped or highlighted line can't be pasted.
    console.print(command, soft_wrap=True, highlight=False, markup=False)


if __name__ == "__main__":
    try:
        raise SystemExit(main())
    except StackFailedError as failed:
        raise SystemExit(str(failed)) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None
