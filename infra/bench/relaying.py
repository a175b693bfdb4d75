"""What the relay costs for a full batch of the table's stream, beside another revision's relay.

How: the relay's handler is called as Lambda calls it, with RECORDS stored records that each cause a message.
Only the wire is replaced: botocore's last hook before a socket is answered at once by queues that take
everything. The clock is the thread's CPU time, botocore's part included: fewer calls are what a batch is for.
Children take turns, this revision's and the one before (`--before`), and the median of their ratios is the
figure. A child imports nothing of the benchmarks, so it can run in another revision's tree.

Downside: CPU time only; waiting for the network, where fewer calls save most, is not in it.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from infra.bench.figures import Figure
    from infra.bench.shipped import Tree

RECORDS: Final = 100
CALLS_BUDGET: Final = RECORDS // 10 + 1
"""Ten messages a call; of two queues, the last call of each may be short."""
RATIO_BUDGET: Final = 1 / 6
"""Of the CPU time at revision 405812a, which sent each message by a call of its own."""
_TURNS: Final = 5
_WARM_UP, _RUNS = 5, 20
_DISPATCH_EVERY: Final = 10
"""Every tenth record is a message owed to the court, so that two queues get messages."""


def measure(progress: Callable[[str], None], before: Tree | None) -> list[Figure]:
    """Measure in children, in turn with the tree before; raises BenchError."""
    from chalicelib.registry import consumers  # noqa: PLC0415 - a child imports its own revision's
    from infra.bench.children import HUB, ask_script  # noqa: PLC0415 - a child must not need it
    from infra.template.chalice_config import ROOT  # noqa: PLC0415 - the same

    where = {**HUB, **{row.url_variable: f"https://sqs.invalid/bench-{row.name}" for row in consumers()}}
    where["_HANDLER"] = "app.relay"
    pairs: list[tuple[Mapping[str, Any], Mapping[str, Any] | None]] = []
    for turn in range(_TURNS):
        progress(f"relay: turn {turn + 1} of {_TURNS}")
        now = ask_script(__file__, ROOT, where)
        pairs.append((now, None if before is None else ask_script(__file__, before.path, where)))
    return figures_of(pairs, held=before is not None and before.is_reference)


def figures_of(
    pairs: Sequence[tuple[Mapping[str, Any], Mapping[str, Any] | None]], *, held: bool
) -> list[Figure]:
    """Return what `measured` found, in pairs of this revision and the one before, beside the budgets.

    The ratio's budget is held only beside the reference.
    """
    from infra.bench.figures import Figure, Section, median_ratio  # noqa: PLC0415 - see `measure`

    own = [now["milliseconds"] for now, _ in pairs]
    calls = pairs[-1][0]["calls"]
    listed = ", ".join(f"{name} {count}" for name, count in sorted(calls.items()))
    figures = [
        Figure(
            section=Section.RELAY,
            name=f"calls for {RECORDS} records",
            value=sum(calls.values()),
            unit="",
            budget=CALLS_BUDGET,
            note=listed,
        ),
        Figure(
            section=Section.RELAY,
            name=f"CPU for {RECORDS} records",
            value=statistics.median(own),
            unit="ms",
        ),
    ]
    against = [(now["milliseconds"], then["milliseconds"]) for now, then in pairs if then is not None]
    if against:
        there = statistics.median(then for _, then in against)
        figures.append(
            Figure(
                section=Section.RELAY,
                name="CPU beside the revision before",
                value=median_ratio(against),
                unit="x",
                budget=RATIO_BUDGET if held else None,
                note=f"{there:.1f} ms there",
            )
        )
    return figures


def measured() -> dict[str, Any]:
    """Relay full batches in this process; return the median CPU milliseconds and one batch's calls."""
    import app  # noqa: PLC0415 - only the child loads the hub

    calls = stand_in()
    event = {"Records": [_record(number) for number in range(RECORDS)]}
    spent = []
    for run in range(_WARM_UP + _RUNS):
        calls.clear()
        began = time.thread_time()
        answer = app.relay(event, None)
        seconds = time.thread_time() - began
        if answer != {"batchItemFailures": []}:
            raise RuntimeError(f"the relay answered {answer}")
        if run >= _WARM_UP:
            spent.append(seconds * 1000)
    return {"milliseconds": statistics.median(spent), "calls": calls}


def stand_in() -> Counter[str]:
    """Answer as SQS in every client of boto3's default session; return its count of calls by operation."""
    import boto3  # noqa: PLC0415 - only the child loads it
    from botocore.awsrequest import AWSResponse  # noqa: PLC0415 - the same
    from botocore.compat import HTTPHeaders  # noqa: PLC0415 - the same

    calls: Counter[str] = Counter()

    def answer(request: Any, **_: Any) -> Any:
        operation = request.headers["X-Amz-Target"].decode().rpartition(".")[2]
        calls[operation] += 1
        said = json.dumps(_taken(json.loads(request.body))).encode()
        return AWSResponse(request.url, 200, HTTPHeaders(), _Body(said))

    boto3.setup_default_session()
    boto3.DEFAULT_SESSION.events.register("before-send.sqs.*", answer)  # type: ignore[union-attr]  # just set up
    return calls


def _taken(asked: Mapping[str, Any]) -> dict[str, Any]:
    receipt = {"MessageId": "m", "MD5OfMessageBody": "d"}
    if "Entries" not in asked:
        return receipt
    return {"Successful": [{"Id": entry["Id"], **receipt} for entry in asked["Entries"]]}


class _Body:
    """A raw answer, as botocore reads it."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self) -> list[bytes]:
        """Return it whole."""
        return [self._content]


def _record(number: int) -> dict[str, Any]:
    case_id = f"{number:032x}"
    dispatch = number % _DISPATCH_EVERY == 0
    sort = f"DISPATCH#{case_id}-D7" if dispatch else f"EVENT#{number + 1:08}"
    keys = {"PK": {"S": f"CASE#{case_id}"}, "SK": {"S": sort}}
    image = {**keys, "correlation_id": {"S": f"chain-{number}"}}
    return {
        "eventID": str(number),
        "eventName": "INSERT",
        "eventSource": "aws:dynamodb",
        "eventSourceARN": "arn:aws-cn:dynamodb:cn-north-1:123456789012:table/bench/stream/1",
        "awsRegion": "cn-north-1",
        "eventVersion": "1.1",
        "dynamodb": {
            "Keys": keys,
            "NewImage": image,
            "SequenceNumber": f"{number + 1:021}",
            "SizeBytes": 500,
        },
    }


if __name__ == "__main__":
    found = measured()
    Path(sys.argv[1]).write_text(json.dumps(found), encoding="utf-8")
