"""Records the API's answers to the tests of a checkout, without what differs from run to run.

Promise: two recordings of one revision are equal, so a difference between two revisions is a change. An id of
a request is replaced everywhere. A test in one process has its own clock and its own ids, so the rest of its
answers is kept exactly. A journey runs in the real time of a running hub: times, ids, hashes and counts of
days are replaced; of several reads of one resource in a row only the last is kept (it ends the waiting);
lists of cases are left out, since they show what other tests do. Of a test with several threads only the
names of the members are kept. Downside: a busy machine may still show a journey one step earlier or later.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from infra.answers import listener

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Entry = dict[str, Any]

TESTS: Final = ("tests/api", "tests/journeys", "-n", "2", "--dist", "loadgroup", "-m", "not hypothesis")
"""The tests that run by default; random requests are left out, as another tree would draw others."""
OPENAPI: Final = Path("docs/openapi.json")
_PLUGIN: Final = "answers_listener"
_STALE: Final = 412
_OF_THE_CONNECTION: Final = frozenset({"connection", "content-length", "date", "server"})
_UUID: Final = (re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"), "<uuid>")
_OF_A_JOURNEY: Final = (
    _UUID,
    (re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(?:\+\d\d:\d\d|Z)"), "<time>"),
    (re.compile(r"\b\d{4}-\d\d-\d\d\b"), "<day>"),
    (re.compile(r"\d{4}年\d+月\d+日"), "<day>"),
    (re.compile(r"\bJC-[0-9a-f]{12}\b"), "<contract>"),
    (re.compile(r"\b[0-9a-f]{64}\b"), "<sha256>"),
    (re.compile(r"[0-9a-f]{32}"), "<id>"),
    (re.compile(r"sha-256=:[^:]*:"), "<digest>"),
    (re.compile(r"（\d{4}）闽\d+\w+?\d+号"), "<court case>"),
    (re.compile(r"\b(?:F\d{10}|R\d{6})\b"), "<receipt>"),
)
_BY_THE_CLOCK: Final = frozenset(
    {"arrears", "days_left", "monthly_burden", "months", "payoff_today"}  # count days from a day of the run
    | {"document_id", "size"}  # of papers that name days, and of the one that the mock court points at
    | {"etag", "review", "version"}  # how far court and workflow have come meanwhile
)
_REQUEST: Final = ("test", "method", "path", "caller")
_OPEN: Final = frozenset({"facts"})
"""Members whose own members depend on the kind of event."""


class RecordingFailed(Exception):
    """The tests of the checkout did not pass, so their answers say nothing; pytest has said why."""


def record(tree: Path, out: Path, arguments: Sequence[str] = TESTS) -> list[Entry]:
    """Run a checkout's tests with this interpreter and write a line of JSON for each answer.

    Its docs/openapi.json, which a test keeps up to date, is added. Raises RecordingFailed.
    """
    with TemporaryDirectory() as name:
        folder = Path(name)
        # A folder of its own: the checkout's modules must not be found anywhere else.
        shutil.copy(listener.__file__, folder / f"{_PLUGIN}.py")
        environment = {**os.environ, "PYTHONPATH": name, listener.FOLDER: name}
        command = [sys.executable, "-m", "pytest", "-q", "-p", _PLUGIN, "-p", "no:cacheprovider", *arguments]
        if subprocess.run(command, cwd=tree, env=environment, check=False).returncode:  # noqa: S603 - our own
            raise RecordingFailed(tree)
        entries = normalised(line for path in sorted(folder.glob("*.jsonl")) for line in _lines(path))
    if (tree / OPENAPI).exists():
        entries.append(_published(tree / OPENAPI))
    write(out, entries)
    return entries


def write(out: Path, entries: Iterable[Entry]) -> None:
    """Write a recording."""
    lines = (json.dumps(entry, ensure_ascii=False, sort_keys=True) + "\n" for entry in entries)
    out.write_text("".join(lines), encoding="utf-8")


def read(recording: Path) -> list[Entry]:
    """Read a recording."""
    return list(_lines(recording))


def normalised(heard: Iterable[Entry]) -> list[Entry]:
    """Return the answers by test, numbered, without what differs from run to run."""
    of_test: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in heard:
        of_test[entry["test"]].append(entry)
    return [
        {"number": number, **entry}
        for _, entries in sorted(of_test.items())
        for number, entry in enumerate(_of_one_test(entries), start=1)
    ]


def _of_one_test(heard: list[Entry]) -> list[Entry]:
    over_http = any(entry["over_http"] for entry in heard)
    concurrent = any(entry["concurrent"] for entry in heard)
    if over_http and not concurrent:
        heard = _settled(heard)
    cleaned = [_replaced(_told(entry), over_http=over_http) for entry in heard]
    return _named(cleaned) if concurrent else cleaned


def _told(entry: Entry) -> Entry:
    headers = {name: said for name, said in entry["headers"].items() if name not in _OF_THE_CONNECTION}
    return {**{name: entry[name] for name in (*_REQUEST, "status", "body")}, "headers": headers}


def _settled(heard: list[Entry]) -> list[Entry]:
    """Leave out refused acts and reads that were repeated, and lists that show other tests' cases."""
    own = [entry for entry in heard if entry["status"] != _STALE and not _lists_cases(entry)]
    asked = [(entry["method"], entry["path"], entry["caller"]) for entry in own]
    waited = [this == following and this[0] == "GET" for this, following in pairwise(asked)]
    return [entry for entry, again in zip(own, [*waited, False], strict=True) if not again]


def _lists_cases(entry: Entry) -> bool:
    return bool(entry["path"].partition("?")[0] == "/v1/cases")


def _replaced(value: Any, *, over_http: bool) -> Any:
    """Put placeholders for what differs from run to run."""
    if isinstance(value, dict):
        return {
            name: "<varies>" if over_http and name in _BY_THE_CLOCK else _replaced(inner, over_http=over_http)
            for name, inner in value.items()
        }
    if isinstance(value, list):
        return [_replaced(inner, over_http=over_http) for inner in value]
    if isinstance(value, str):
        for pattern, placeholder in _OF_A_JOURNEY if over_http else (_UUID,):
            value = pattern.sub(placeholder, value)
    return value


def _named(answers: Iterable[Entry]) -> list[Entry]:
    """Reduce all answers to one kind of request to the names of their members, by pointer."""
    found: defaultdict[tuple[Any, ...], defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for answer in answers:
        route = re.sub(r"/[^/?]*[\d<][^/?]*", "/*", answer["path"].removeprefix("/v1"))
        asked = (answer["test"], answer["method"], "/v1" + route, answer["caller"], answer["status"])
        for part in ("headers", "body"):
            for place, names in _members(answer[part], f"/{part}"):
                found[asked][place] |= names
    keys = (*_REQUEST, "status")
    return [
        {
            **dict(zip(keys, asked, strict=True)),
            "names": {place: sorted(found[asked][place]) for place in found[asked]},
        }
        for asked in sorted(found)
    ]


def _members(value: Any, place: str) -> Iterator[tuple[str, set[str]]]:
    if isinstance(value, dict):
        yield place, set(value)
        for name in value.keys() - _OPEN:
            yield from _members(value[name], f"{place}/{name}")
    elif isinstance(value, list):
        for inner in value:
            yield from _members(inner, f"{place}/*")


def _published(path: Path) -> Entry:
    document = json.loads(path.read_text(encoding="utf-8"))
    asked = {"method": "FILE", "path": str(OPENAPI), "caller": "", "status": 200, "headers": {}}
    return {"test": str(OPENAPI), "number": 1, **asked, "body": document}


def _lines(path: Path) -> Iterator[Entry]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)
