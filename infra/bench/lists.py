"""What lists cost in a big table: a court's page, and what is rare in it, read to its end.

How: one filing of the API's handler is copied into a table in memory, SMALL and LARGE times, among the copies
RARE that a judge has and RARE at a stage that no other has. botocore's last hook before a socket answers the
queries from it, as DynamoDB would: by the key condition, up to the limit, then the filter. Read units are
computed from what was evaluated; the CPU time is the thread's, without what the stand-in takes. A child
imports what every revision has, so it can run in another one's tree (`--before`), in turn with this one's.

Downside: the copies are cases just filed; older ones are half as long again, and cost so much more.
"""

from __future__ import annotations

import base64
import json
import math
import re
import statistics
import sys
import time
from bisect import bisect_left
from collections import Counter, defaultdict
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from infra.bench.figures import Figure
    from infra.bench.shipped import Tree

    Item = dict[str, dict[str, Any]]

SMALL, LARGE = 10_000, 100_000
RARE: Final = 200
PAGE: Final = 50
COURT_PAGE_UNITS: Final = 8
CPU_RATIO: Final = 1 / 3
_CPU_RUNS: Final = 15
_JUDGE, _STAGE = "judge-rare", "returned"
_COMMON: Final = "docketed"
_TURNS: Final = 3
_START: Final = datetime(2026, 1, 5, tzinfo=UTC)


def measure(progress: Callable[[str], None], before: Tree | None) -> list[Figure]:
    """Measure in children, in turn with the tree before; raises BenchError."""
    from infra.bench.children import HUB, ask_script  # noqa: PLC0415 - a child must not need it
    from infra.template.chalice_config import ROOT  # noqa: PLC0415 - the same

    pairs: list[tuple[Mapping[str, Any], Mapping[str, Any] | None]] = []
    for turn in range(_TURNS if before else 1):
        progress(f"lists: {SMALL} and {LARGE} cases, turn {turn + 1}")
        now = ask_script(__file__, ROOT, HUB)
        pairs.append((now, None if before is None else ask_script(__file__, before.path, HUB)))
    return figures_of(pairs, held=before is not None and before.is_reference)


def figures_of(
    pairs: Sequence[tuple[Mapping[str, Any], Mapping[str, Any] | None]], *, held: bool
) -> list[Figure]:
    """Return what `measured` found, in pairs of this revision and the one before, beside the budgets.

    The ratio's budget is held only beside the reference.
    """
    from infra.bench.figures import Figure, Section, median_ratio  # noqa: PLC0415 - see `measure`

    (now, then), figures = pairs[-1], []

    def figure(name: str, value: float, unit: str, budget: float | None, note: str) -> None:
        figures.append(
            Figure(section=Section.LISTS, name=name, value=value, unit=unit, budget=budget, note=note)
        )

    for size in (str(SMALL), str(LARGE)):
        for name, found in now[size].items():
            other = then[size][name] if then else None
            there = f"; before {_told(other)}" if other else ""
            title = f"{name}, {int(size):,} cases"
            if "rows" in found:
                pages = math.ceil(found["rows"] / PAGE)
                figure(title, found["pages"], "pages", pages, f"{_told(found)}{there}")
            else:
                figure(title, found["units"], "read units", COURT_PAGE_UNITS, f"{_told(found)}{there}")
    large = str(LARGE)
    compared = [(a[large], b[large]) for a, b in pairs if b is not None]
    if compared:
        ratios = [(a[COURT]["milliseconds"], b[COURT]["milliseconds"]) for a, b in compared]
        budget = CPU_RATIO if held else None
        figure("a court's page: CPU beside the revision before", median_ratio(ratios), "x", budget, "")
    return figures


def _told(found: Mapping[str, Any]) -> str:
    pages = f"{found['pages']} pages, " if "rows" in found else ""
    milliseconds = f", {found['milliseconds']:.1f} ms" if "milliseconds" in found else ""
    cost = f"{found['requests']} requests, {found['records']} records, {found['units']:g} units"
    return f"{pages}{cost}{milliseconds}"


COURT: Final = f"a court's page of {PAGE}"


class Table:
    """Answers botocore's queries from memory, and counts what they cost."""

    def __init__(self) -> None:
        self.filed: list[Item] = []
        """The cases that the hub stored, as it stored them."""
        self.requests = self.records = 0
        self.units = 0.0
        self.inside_seconds = 0.0
        self._items: dict[tuple[str, str], Item] = {}
        self._enrolled: dict[tuple[str, str], Item] = {}
        self._lists: dict[tuple[str, str], list[tuple[str, Item]]] = {}
        self._answers: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
            "Query": self._query,
            "BatchGetItem": self._batch,
            "TransactWriteItems": self._store,
        }

    def register(self) -> None:
        """Answer for every client of boto3's default session, made from now on."""
        import boto3  # noqa: PLC0415 - only a child loads it

        boto3.setup_default_session()
        boto3.DEFAULT_SESSION.events.register("before-send.*.*", self._answer)  # type: ignore[union-attr]  # just set up

    def fill(self, items: Iterable[Item]) -> None:
        """Hold these items and no others."""
        from infra.template.storage import INDEXES  # noqa: PLC0415 - its revision's own

        lists: defaultdict[tuple[str, str], list[tuple[str, Item]]] = defaultdict(list)
        self._items = {(item["PK"]["S"], item["SK"]["S"]): item for item in items}
        for item in self._items.values():
            for index, (partition, sort, _) in INDEXES.items():
                if partition in item and sort in item:
                    lists[index, item[partition]["S"]].append((item[sort]["S"], item))
        for entries in lists.values():
            entries.sort(key=lambda entry: entry[0])
        self._lists = dict(lists)

    def take(self) -> tuple[int, int, float]:
        """Return requests, records and read units since the last call."""
        taken = self.requests, self.records, self.units
        self.requests, self.records, self.units = 0, 0, 0.0
        return taken

    def _answer(self, request: Any, **_: Any) -> Any:
        from botocore.awsrequest import AWSResponse  # noqa: PLC0415 - only a child loads it
        from botocore.compat import HTTPHeaders  # noqa: PLC0415 - the same

        began = time.thread_time()
        operation = request.headers["X-Amz-Target"].decode().rpartition(".")[2]
        answer = self._answers.get(operation, _key_service)(json.loads(request.body))
        response = AWSResponse(request.url, 200, HTTPHeaders(), _Body(json.dumps(answer).encode()))
        self.inside_seconds += time.thread_time() - began
        return response

    def _store(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        puts = [write["Put"]["Item"] for write in asked["TransactItems"] if "Put" in write]
        self.filed += [item for item in puts if item["SK"]["S"] == "CASE"]
        self._enrolled |= {
            (item["PK"]["S"], item["SK"]["S"]): item for item in puts if item["PK"]["S"] == "INSTITUTIONS"
        }
        return {}

    def _query(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        from infra.bench.units import _entry, read_units  # noqa: PLC0415 - its revision's own

        index = asked.get("IndexName")
        if index is None:
            return {"Items": []}  # the institution's versions, before it is enrolled
        ((partition, wanted),), keyed = _split(_conditions(asked, "KeyConditionExpression"))
        entries = self._lists.get((index, wanted), [])
        low, high = _span(entries, keyed, asked)
        limit, items, last = asked["Limit"], [], None
        evaluated = [item for _, item in entries[low:high][::-1][:limit]]
        shown = _conditions(asked, "FilterExpression")
        held = [_entry(index, item) or {} for item in evaluated]
        items = [
            item for item in held if all(item.get(name, {}).get("S") == value for name, _, value in shown)
        ]
        if len(evaluated) == limit:
            last = {name: evaluated[-1][name] for name in ("PK", "SK", partition, _sort_of(index))}
        self.requests, self.records = self.requests + 1, self.records + len(evaluated)
        self.units += read_units(held, consistent=False)
        return {"Items": items, "Count": len(items), "ScannedCount": len(evaluated)} | (
            {"LastEvaluatedKey": last} if last else {}
        )

    def _batch(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        from infra.bench.units import read_units  # noqa: PLC0415 - its revision's own

        ((name, keys),) = asked["RequestItems"].items()
        there = self._items | self._enrolled
        places = [(key["PK"]["S"], key["SK"]["S"]) for key in keys["Keys"]]
        found = [there[place] for place in places if place in there]
        self.requests, self.records = self.requests + 1, self.records + len(found)
        self.units += sum(read_units([item], consistent=keys["ConsistentRead"]) for item in found)
        return {"Responses": {name: found}, "UnprocessedKeys": {}}


class _Body:
    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self) -> list[bytes]:
        return [self._content]


def _key_service(_: Mapping[str, Any]) -> dict[str, Any]:
    key = base64.b64encode(bytes(32)).decode()
    return {"Plaintext": key, "CiphertextBlob": key, "KeyId": "bench"}


_CONDITION: Final = re.compile(
    r"begins_with \((?P<prefixed>#\d+), (?P<prefix>:\d+)\)"
    r"|(?P<between>#\d+) BETWEEN (?P<low>:\d+) AND (?P<high>:\d+)"
    r"|(?P<name>#\d+) (?P<sign>[=<]) (?P<value>:\d+)"
)


def _conditions(asked: Mapping[str, Any], expression: str) -> list[tuple[str, str, Any]]:
    """Return what an expression of the hub asks for: attribute, sign and value of each comparison."""
    names, values = asked["ExpressionAttributeNames"], asked["ExpressionAttributeValues"]
    found: list[tuple[str, str, Any]] = []
    for match in _CONDITION.finditer(asked.get(expression, "")):
        if match["prefix"]:
            found.append((names[match["prefixed"]], "begins", values[match["prefix"]]["S"]))
        elif match["between"]:
            span = values[match["low"]]["S"], values[match["high"]]["S"]
            found.append((names[match["between"]], "between", span))
        else:
            found.append((names[match["name"]], match["sign"], values[match["value"]]["S"]))
    return found


def _split(
    conditions: list[tuple[str, str, Any]],
) -> tuple[list[tuple[str, str]], list[tuple[str, str, Any]]]:
    equal = [(name, value) for name, sign, value in conditions if sign == "="]
    return equal, [condition for condition in conditions if condition[1] != "="]


def _span(
    entries: list[tuple[str, Item]], keyed: list[tuple[str, str, Any]], asked: Mapping[str, Any]
) -> tuple[int, int]:
    low, high = 0, len(entries)
    for _, sign, value in keyed:
        if sign == "<":
            high = bisect_left(entries, value, key=_sort_key)
        else:
            first, last = value if sign == "between" else (value, f"{value}\uffff")
            low, high = (bisect_left(entries, end, key=_sort_key) for end in (first, f"{last}\0"))
    if start := asked.get("ExclusiveStartKey"):
        high = min(high, bisect_left(entries, start[_sort_of(asked["IndexName"])]["S"], key=_sort_key))
    return low, high


def _sort_key(entry: tuple[str, Item]) -> str:
    return entry[0]


def _sort_of(index: str) -> str:
    from infra.template.storage import INDEXES  # noqa: PLC0415 - its revision's own

    sort: str = INDEXES[index][1]
    return sort


def measured() -> dict[str, Any]:
    """Read the lists in tables of both sizes."""
    from chalicelib import bootstrap  # noqa: PLC0415 - only a child loads the hub
    from chalicelib.domain.roles import Actor, Role  # noqa: PLC0415 - the same
    from chalicelib.domain.stages import Stage  # noqa: PLC0415 - the same
    from infra.bench.player import INSTITUTION_ACTOR  # noqa: PLC0415 - the same
    from infra.local.stack import COURT_ID  # noqa: PLC0415 - the same

    table = Table()
    table.register()
    _file(INSTITUTION_ACTOR, COURT_ID)
    cases = bootstrap.hub().cases
    centre = Actor(role=Role.CENTRE, subject="c", court_id=COURT_ID)
    judge = Actor(role=Role.JUDGE, subject="j", judge_id=_JUDGE, court_id=COURT_ID)
    stage = Stage(_STAGE)
    found: dict[str, Any] = {}
    for size in (SMALL, LARGE):
        table.fill(_copy(table.filed[0], number, size, COURT_ID) for number in range(size))
        found[str(size)] = {
            COURT: _page(table, lambda: cases.list_for(centre, None, None, PAGE)),
            "a judge's own list": _to_the_end(table, lambda after: cases.list_for(judge, None, after, PAGE)),
            "a court's rare stage": _to_the_end(
                table, lambda after: cases.list_for(centre, stage, after, PAGE)
            ),
            "an institution's rare stage": _to_the_end(
                table, lambda after: cases.list_for(INSTITUTION_ACTOR, stage, after, PAGE)
            ),
        }
    return found


def _file(institution: Any, court_id: str) -> None:
    from infra.bench.calling import request  # noqa: PLC0415 - only a child loads the hub
    from infra.local.demo.people import filing  # noqa: PLC0415 - the same

    body = filing(Random(1), 1, court_id, date(2026, 1, 5))  # noqa: S311 - a filing is no secret
    # The same case as at every revision before: without agents and guarantors, who make a record longer.
    for party in (body["applicant"], *body["respondents"]):
        for more in ("representative", "agents", "liability"):
            party.pop(more, None)
    with suppress(ImportError):  # until a revision every institution filed
        from infra.bench.calling import enrolment  # noqa: PLC0415 - only a child loads the hub

        enrolment().serve()
    request(institution, "POST", "/v1/filings", body, {"Idempotency-Key": "lists"}).serve()


def _copy(item: Item, number: int, size: int, court_id: str) -> Item:
    """Return a copy of a case: every so-many-th is the rare judge's, the next one is at the rare stage."""
    every = size // RARE
    case_id = f"{number:032x}"
    filed = f"{(_START + timedelta(seconds=number)).isoformat(timespec='microseconds')}#{case_id}"
    stage = _STAGE if number % every == 1 else _COMMON
    judge = _JUDGE if number % every == 0 else "judge-usual"
    changed = {
        "PK": f"CASE#{case_id}",
        "filed_key": filed,
        "stage": stage,
        "judge_id": judge,
        "court_list": _court_list(court_id, case_id),
    }
    if "court_stage" in item:
        changed["court_stage"] = f"{court_id}#{stage}"
        changed["institution_stage"] = f"{item['institution_list']['S']}#{stage}"
    if "case_id" in item:  # until schema 2
        changed["case_id"] = case_id
    return item | {name: {"S": value} for name, value in changed.items()}


def _court_list(court_id: str, case_id: str) -> str:
    from chalicelib.adapters.dynamo import keys  # noqa: PLC0415 - its revision's own

    if hasattr(keys, "shard_of"):  # of a revision before
        return keys.court_list(court_id, keys.shard_of(case_id))
    return keys.court_list(court_id, case_id)


def _page(table: Table, read: Callable[[], Any]) -> dict[str, Any]:
    read()
    table.take()
    page = read()
    requests, records, units = table.take()
    spent = []
    for _ in range(_CPU_RUNS):
        table.inside_seconds, began = 0.0, time.thread_time()
        read()
        spent.append((time.thread_time() - began - table.inside_seconds) * 1000)
    table.take()
    if len(page.cases) != PAGE:
        raise RuntimeError(f"a page of {len(page.cases)}")
    milliseconds = statistics.median(spent)
    return {"requests": requests, "records": records, "units": units, "milliseconds": milliseconds}


def _to_the_end(table: Table, read: Callable[[str | None], Any]) -> dict[str, Any]:
    table.take()
    after, pages, rows = None, 0, Counter[str]()
    while pages == 0 or after is not None:
        page = read(after)
        rows.update(case.case_id for case in page.cases)
        after, pages = page.after, pages + 1
    requests, records, units = table.take()
    if len(rows) != RARE or set(rows.values()) != {1}:
        raise RuntimeError(f"{len(rows)} of {RARE} rows were listed")
    return {"pages": pages, "rows": RARE, "requests": requests, "records": records, "units": units}


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(json.dumps(measured()), encoding="utf-8")
