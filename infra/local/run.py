"""`make run`: keeps the stack running and prints a curl command for each role.

Promise: every printed command works as it stands: example cases are filed for them; those of the settlement
follow one another, in the order printed. Ctrl-C ends every process that was started. With `--endpoint` AWS is
that endpoint (LocalStack, say) instead of the emulator.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import urllib3
from rich.console import Console

from infra.local.court.clock import day_in_china
from infra.local.demo.client import HubClient, Issuer
from infra.local.example import (
    example_case,
    example_filing,
    key_of_today,
    role_claims,
    talks_case,
    talks_filing,
)
from infra.local.kept_clock import SECONDS_OF_A_DAY
from infra.local.processes import StackFailedError
from infra.local.stack import Ports, Stack, running
from infra.ops.target import LOCAL, written

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

_FIRST_LOOK: Final = {
    "institution": ("institution 银行", "/v1/filings"),
    "centre": ("centre 调解中心", "/v1/cases"),
    "mediator": ("mediator 调解员", "/v1/cases"),
    "judge": ("judge 法官", "/v1/cases"),
    "borrower": ("borrower 借款人", "{case}"),
    "court": ("court system 法院系统", "{case}/events"),
    "ops": ("operations 运维", "{case}"),
    "data_protection": ("data protection 个人信息保护", "/v1/contact-looks"),
}
_FILING: Final = (
    " -H 'Content-Type: application/json' -H 'Idempotency-Key: "
    + key_of_today("my-first-filing")
    + "' -d "
    + shlex.quote(json.dumps(example_filing("my first filing", 2), ensure_ascii=False))
)
_JSON: Final = " -H 'Content-Type: application/json' -d "
_CREDENTIALS: Final = {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"}
_PAY_WITHIN: Final = timedelta(days=20)
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
    case_id = example_case(hub)
    claims = role_claims(case_id)
    console.print(f"hub {stack.hub_url}   court {stack.court_url}   tokens {stack.issuer_url}")
    for role, (name, path) in _FIRST_LOOK.items():
        token = issuer.token(claims[role])
        command = _curl(stack.hub_url + path.format(case=f"/v1/cases/{case_id}"), token)
        _print(console, name, command + (_FILING if role == "institution" else ""))
    for name, command in _settlement(stack, issuer, talks_case(hub)):
        _print(console, name, command)


def _settlement(stack: Stack, issuer: Issuer, view: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the commands from an offer to a code on a phone, each on the version after the one before."""
    case_id = view["case_id"]
    path, claims = f"{stack.hub_url}/v1/cases/{case_id}", role_claims(case_id)
    if view["stage"] == "in_mediation" and view["offer"] is None:
        by = (day_in_china(stack.clock.now()) + _PAY_WITHIN).isoformat()
        offer = {
            "side": "applicant",
            "tier": "lump_sum",
            "schedule": {"kind": "lump_sum", "by": by},
            "valid_days": 7,
        }
        account = {"holder": "示例农商银行", "number": "6217000000000000004", "bank": "示例农商银行城关支行"}
        clause = {"grace_days": 5, "clawback": True, "acceleration": True}
        terms = {"account": account, "default_clause": clause, "confirmation_wanted": True}
        acts = (
            ("institution", "1 institution offers 银行提出方案", "offers", offer),
            (
                "borrower",
                "2 borrower accepts 借款人承诺",
                "offers/1/answers",
                {"side": "respondent", "reply": "accepted"},
            ),
            ("mediator", "3 mediator draws up the agreement 调解员订立协议", "settlement", terms),
            ("borrower", "4 borrower asks for a code 借款人获取验证码", "signing-codes", {"party_id": "r1"}),
        )
        for step, (role, name, resource, body) in enumerate(acts):
            based_on = f" -H 'If-Match: \"{view['version'] + step}\"'"
            sent = shlex.quote(json.dumps(body, ensure_ascii=False))
            yield name, _curl(f"{path}/{resource}", issuer.token(claims[role])) + based_on + _JSON + sent
    phone = talks_filing()["respondents"][0]["phone"]
    yield "5 the borrower's phone 借款人的手机", f"curl -s '{stack.sms_url}/control/messages?phone={phone}'"
    yield "6 settlement 方案与协议", _curl(f"{path}/settlement", issuer.token(claims["borrower"]))


def _curl(url: str, token: str) -> str:
    return f"curl -s {url} -H 'Authorization: Bearer {token}'"


def _print(console: Console, name: str, command: str) -> None:
    console.print(f"\n[bold]{name}[/bold]")
    # Print it unchanged: a wrapped or highlighted line can't be pasted.
    console.print(command, soft_wrap=True, highlight=False, markup=False)


if __name__ == "__main__":
    try:
        raise SystemExit(main())
    except StackFailedError as failed:
        raise SystemExit(str(failed)) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None
