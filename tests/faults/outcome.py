"""What is left of a story, so that two runs of it can be compared.

Promise: everything stored, every message to the court and to phones, and everything that still waits. What
differs between any two runs (ids, times, salts, hashes, sealed bytes) is replaced by its kind; what a repeat
may leave behind is replaced too, and named in `MAY_DIFFER`. Downside: bytes of papers are not compared.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, Any, Final

from tests.faults.world import executions

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.contract.court.scripted import Seen
    from tests.faults.stories import Life

DIFFERS: Final = frozenset(
    {"act", "correlation_id", "hash", "key_id", "previous", "salt", "sha256", "size", "token", "wrapped"}
)
"""Attributes that differ between any two runs: random, or made of what is random."""
MAY_DIFFER: Final[Mapping[str, str]] = {
    "case_number": "a number whose answer was lost is given to no other case",
    "last": "the count of case numbers goes on behind one whose answer was lost",
    "attempts": "an attempt at a code is counted before it is compared: a repeated one counts twice",
    "day_since": "a repeat comes some seconds later",
    "expires_at": "a repeat comes some seconds later",
    "in_day": "who asked for a code and got no answer asks again, and gets a second one",
    "generation": "an execution that was lost is followed by the next",
    "issued_at": "a repeat comes some seconds later",
}
_KINDS: Final = (
    (re.compile(r"^NUMBER#调-(\d+)-\d+"), r"NUMBER#调-\1-<number>"),
    (re.compile(r"-N\d+-(\w+)-signing_code"), r"-N<number>-\1-signing_code"),
    (re.compile(r"\b[0-9a-f]{64}\b"), "<sha256>"),
    (re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"), "<uuid>"),
    (re.compile(r"^([\w-]+)#\d+$"), r"\1#<shard>"),
    (re.compile(r"T\d\d:\d\d:\d\d(\.\d+)?(\+00:00|Z)"), "<time>"),
)


@dataclass(frozen=True)
class Outcome:
    """What is left of a story."""

    stored: Mapping[str, str]
    court: Mapping[str, str]
    """What the court was told, by message id."""
    phones: Mapping[str, str]
    """What phones were told, by message id."""
    waiting: tuple[str, ...]
    """What should not be there: messages, dead letters, executions, work that is due."""

    def differences(self, other: Outcome) -> list[str]:
        """Say what another outcome has, has not, or has otherwise."""
        found = [f"waiting: {entry}" for entry in {*self.waiting} ^ {*other.waiting}]
        for name in ("stored", "court", "phones"):
            ours, theirs = getattr(self, name), getattr(other, name)
            found += [
                f"{name} {key}: {ours.get(key)} -> {theirs.get(key)}"
                for key in sorted({*ours, *theirs})
                if ours.get(key) != theirs.get(key)
            ]
        return found


def outcome_of(life: Life, seen: list[Seen], messages: list[Mapping[str, Any]]) -> Outcome:
    """Take what is left of a story; fails where one message id has two contents."""
    world, case_id = life.world, life.case_id
    items = world.items()
    told: dict[str, bytes] = {}
    court: dict[str, str] = {}
    for request in seen:
        message_id = request.json["message_id"]
        assert told.setdefault(message_id, request.body) == request.body, "one message id, two contents"
        court |= _flat({"to": request.path, **request.json}, case_id, _masked(message_id, case_id))
    now = world.clock.now().astimezone(UTC).isoformat(timespec="microseconds")
    # A reminder waits for its day, which the story does not live to see; it then lapses if it is not true.
    due = [
        _key(item, case_id)
        for item in items
        if "due_at" in item and not ("not_before" in item and now < item["due_at"]["S"])
    ]
    left = [f"{count} in {name}" for name, count in world.left_in_queues().items()]
    running = [f"execution {run.exec_status}" for run in executions() if run.exec_status == "RUNNING"]
    return Outcome(
        stored=dict(pair for item in items for pair in _flat(item, case_id, _key(item, case_id))),
        court=court,
        phones=dict(
            pair
            for message in messages
            for pair in _flat(message, case_id, _masked(message["message_id"], case_id))
        ),
        waiting=(*left, *running, *(f"due {key}" for key in due)),
    )


def _key(item: Mapping[str, Any], case_id: str) -> str:
    return _masked(f"{item['PK']['S']} {item['SK']['S']}", case_id)


def _flat(value: Any, case_id: str, path: str) -> Iterator[tuple[str, str]]:
    """Yield every value below one, with the path to it; JSON inside a text counts as part of it."""
    if isinstance(value, str) and value.startswith(("{", "[")):
        value = json.loads(value)
    if isinstance(value, list):
        value = dict(enumerate(value))
    if not isinstance(value, dict):
        yield path, "<bytes>" if isinstance(value, bytes) else _masked(str(value), case_id)
        return
    if not value:
        yield path, "<nothing>"
    for name, inner in value.items():
        if name not in DIFFERS and name not in MAY_DIFFER and not _of_a_code(path, name):
            yield from _flat(inner, case_id, f"{path} {_masked(str(name), case_id)}")


def _of_a_code(path: str, name: str) -> bool:
    """Tell whether it is a one-time code, or which of several: the second of two counts as the first."""
    return name in {"code", "number"} and ("signing_code" in path or " CODE#" in path)


def _masked(text: str, case_id: str) -> str:
    text = text.replace(case_id, "<case>")
    for pattern, kind in _KINDS:
        text = pattern.sub(kind, text)
    return text
