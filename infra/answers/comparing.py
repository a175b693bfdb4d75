"""Compares two recordings of the API's answers, test by test and request by request.

Promise: within a test the order of the answers does not matter; what is equal on both sides is left out,
the rest is paired by method, path and caller and reported by JSON pointer. A test is known by its name and
parameters, not by its file, so it may move. Downside: tests of the same name in two files count as one.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from infra.answers.recording import Entry

_NOTHING = "(nothing)"
_SHOWN = 120


@dataclass(frozen=True, slots=True)
class Rules:
    """Which differences are allowed."""

    names: frozenset[str] = frozenset()
    """Members (fields, headers, routes or schemas of the OpenAPI document) and texts in lists of names."""
    items: frozenset[frozenset[str]] = frozenset()
    """Elements of lists that have exactly these members, such as the stub of a hidden event."""

    def apply(self, value: Any) -> Any:
        """Return the value without what may differ."""
        if isinstance(value, dict):
            return {name: self.apply(inner) for name, inner in value.items() if name not in self.names}
        if isinstance(value, list):
            return [self.apply(inner) for inner in value if not self._allows(inner)]
        return value

    def _allows(self, element: Any) -> bool:
        if isinstance(element, dict):
            return frozenset(element) in self.items
        return isinstance(element, str) and element in self.names


def differences(before: Iterable[Entry], after: Iterable[Entry], rules: Rules) -> Iterator[str]:
    """Yield a text for each request whose answer differs, and for each test that only one side has."""
    left, right = _by_test(before), _by_test(after)
    for test in sorted(left.keys() | right.keys()):
        if test not in right:
            yield f"{test}\n  only in the first recording"
        elif test not in left:
            yield f"{test}\n  only in the second recording"
        else:
            for told in _of_one_test(left[test], right[test], rules):
                yield f"{test}\n{told}"


def _by_test(recording: Iterable[Entry]) -> dict[str, list[Entry]]:
    found: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in recording:
        path, _, name = entry["test"].partition("::")
        found[name or path].append(entry)
    return found


def _of_one_test(before: Sequence[Entry], after: Sequence[Entry], rules: Rules) -> Iterator[str]:
    if any("names" in entry for entry in (*before, *after)):
        before, after = _seen_by_both(before, after), _seen_by_both(after, before)
    left, right = _asked(before, rules), _asked(after, rules)
    for request in sorted(left.keys() | right.keys()):
        mine, other = Counter(left[request]), Counter(right[request])
        unpaired = zip_longest((mine - other).elements(), (other - mine).elements())
        for one, two in unpaired:
            yield "\n".join([f"  {' '.join(request).rstrip()}", *_told(one, two)])


def _asked(answers: Iterable[Entry], rules: Rules) -> defaultdict[tuple[str, ...], list[str]]:
    """Return the answers as text by method, path and caller, without what may differ."""
    found: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    for entry in answers:
        said = {part: entry[part] for part in ("status", "headers", "body", "names") if part in entry}
        request = (entry["method"], entry["path"], entry["caller"] and f"as {entry['caller']}")
        found[request].append(json.dumps(rules.apply(said), ensure_ascii=False, sort_keys=True))
    return found


def _seen_by_both(mine: Sequence[Entry], other: Sequence[Entry]) -> list[Entry]:
    """Keep what the other side saw too; with threads, chance decides which requests and parts occur."""
    theirs = {_request(entry): entry.get("names", {}) for entry in other}
    return [
        {**entry, "names": {place: entry["names"][place] for place in entry["names"] if place in seen}}
        for entry in mine
        if "names" in entry and (seen := theirs.get(_request(entry))) is not None
    ]


def _request(entry: Entry) -> tuple[Any, ...]:
    return entry["method"], entry["path"], entry["caller"], entry["status"]


def _told(one: str | None, two: str | None) -> Iterator[str]:
    if one is None or two is None:
        side = "second" if one is None else "first"
        yield f"    an answer only in the {side} recording: {_short(one or two or '')}"
        return
    before, after = dict(_flat(json.loads(one))), dict(_flat(json.loads(two)))
    for pointer in sorted(before.keys() | after.keys()):
        was, now = before.get(pointer, _NOTHING), after.get(pointer, _NOTHING)
        if was != now:
            yield f"    {pointer}: {_short(was)} -> {_short(now)}"


def _flat(value: Any, pointer: str = "") -> Iterator[tuple[str, str]]:
    """Yield each leaf as JSON by its pointer; an empty object or list is a leaf."""
    inside: Mapping[Any, Any] | None = None
    if isinstance(value, dict):
        inside = value
    elif isinstance(value, list):
        inside = dict(enumerate(value))
    if not inside:
        yield pointer, json.dumps(value, ensure_ascii=False)
        return
    for name, inner in inside.items():
        yield from _flat(inner, f"{pointer}/{str(name).replace('~', '~0').replace('/', '~1')}")


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
