"""What a page of the console costs the hub itself, beside a filing. Run as a child by `measure`.

How: on the emulator, with a case that went the whole way to the court, the API's handler serves the case's
page to the centre and files disputes, in turn and in this process. What passes inside botocore is left out on
both sides. Downside: one page, of one case; others are simpler, but for long lists.
"""

from __future__ import annotations

import base64
import json
import os
import statistics
import sys
import time
from typing import TYPE_CHECKING, Any, Final

import boto3

from infra.bench.children import HUB, ask, reply
from infra.bench.emulator import clients
from infra.bench.figures import Figure, Section
from infra.bench.filing import StandIn, filing_request
from infra.local.resources import create
from infra.template import build

if TYPE_CHECKING:
    from collections.abc import Callable

    from infra.bench.calling import Request

BUDGET: Final = 8.0
RUNS: Final = 60
_WARM_UP: Final = 5
_FIRST_NUMBER: Final = 700_000
_HOST: Final = "127.0.0.1:8000"


def measure(aws_url: str, case_id: str, progress: Callable[[str], None]) -> list[Figure]:
    """Measure on the emulator where a case went to the court before; raises BenchError."""
    progress("pages: own CPU of a case's page")
    resources = create(build("dev"), clients(aws_url), stage="local")
    where = {**HUB, "AWS_ENDPOINT_URL": aws_url, **resources.environment}
    return [figure_of(**ask("infra.bench.pages", {"case_id": case_id, "runs": RUNS}, where))]


def figure_of(pages: list[float], filings: list[float], sizes: list[int]) -> Figure:
    """Return a page's CPU seconds as the multiple of a filing's; `sizes` are bytes on the way."""
    page, filed = statistics.median(pages), statistics.median(filings)
    return Figure(
        section=Section.READS,
        name="own CPU of a case's page, beside a filing's",
        value=page / filed,
        unit="x",
        budget=BUDGET,
        note=f"{page * 1000:.1f} ms; {max(sizes)} bytes on the way",
    )


class _Watch(StandIn):
    """Counts the CPU time inside botocore; the emulator answers."""

    def _answer(self, request: Any, **_: Any) -> None:
        del request


def measured(case_id: str, runs: int) -> dict[str, Any]:
    """Serve page and filing in turn; return CPU seconds of each, without botocore's."""
    page = _page_request(case_id)
    watch = _Watch()
    watch.register()
    found: dict[str, Any] = {"pages": [], "filings": [], "sizes": []}
    for number in range(runs + _WARM_UP):
        for name, request in (("pages", page), ("filings", filing_request(_FIRST_NUMBER + number))):
            watch.inside_seconds = 0.0
            began = time.thread_time()
            answer = request.serve()
            seconds = time.thread_time() - began - watch.inside_seconds
            if answer["statusCode"] not in {200, 201}:
                raise RuntimeError(f"{name}: {answer['statusCode']}")
            if name == "pages":
                found["sizes"].append(len(base64.b64decode(answer["body"])))
            if number >= _WARM_UP:
                found[name].append(seconds)
    return found


def _page_request(case_id: str) -> Request:
    from chalicelib import bootstrap  # noqa: PLC0415 - the hub's modules belong to the child alone
    from chalicelib.adapters.identity import Principal  # noqa: PLC0415
    from chalicelib.adapters.sealing_cookies import new_key  # noqa: PLC0415
    from chalicelib.console.sessions import Session, sealed  # noqa: PLC0415
    from infra.bench.calling import CENTRE, request  # noqa: PLC0415

    secret = json.dumps({"courts": {}, "console": {"seal": [new_key()]}})
    boto3.client("secretsmanager").put_secret_value(
        SecretId=os.environ["HUB_PARTNERS_SECRET"], SecretString=secret
    )
    session = Session.begin(Principal(CENTRE, "bench").context, int(time.time()))
    cookie = f"session={sealed(session, bootstrap.hub().sealer)}"
    headers = {"Host": _HOST, "Cookie": cookie, "Accept-Encoding": "gzip"}
    return request(CENTRE, "GET", f"/console/cases/{case_id}", None, headers)


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    reply(measured(asked["case_id"], asked["runs"]))
