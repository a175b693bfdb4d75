"""Event chains as files: what an auditor keeps and checks without the hub."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from chalicelib.domain.events import Channel, Event, Link, Stub, verify_chain
from chalicelib.domain.roles import Role
from chalicelib.domain.stages import EventType

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Verified:
    """An intact chain: its last hash, how many links it has, and how many of them are stubs."""

    head: str
    links: int
    stubs: int


def verified(links: Iterable[Link]) -> Verified:
    """Check a chain from its first link on; raises ChainBroken."""
    links = tuple(links)
    return Verified(
        head=verify_chain(links), links=len(links), stubs=sum(isinstance(link, Stub) for link in links)
    )


def to_json(events: Iterable[Event]) -> str:
    """Write events with everything their hashes cover."""
    return json.dumps([_to_dict(event) for event in events], ensure_ascii=False, indent=1)


def from_json(text: str, case_id: str | None = None) -> list[Link]:
    """Read what `to_json` wrote, or the answer of `GET .../events` for a named case, stubs included.

    Raises ValueError for anything else.
    """
    entries = json.loads(text)
    if isinstance(entries, dict):
        entries = entries.get("items")
    if not isinstance(entries, list) or not entries:
        raise ValueError("expected a JSON list of events, or an answer of GET .../events with `items`")
    return [_from_dict(entry, case_id) for entry in entries]


def _to_dict(event: Event) -> dict[str, Any]:
    return {
        "case_id": event.case_id,
        "sequence": event.sequence,
        "type": event.type,
        "at": event.at.isoformat(),
        "role": event.role,
        "subject": event.subject,
        "channel": event.channel,
        "facts": dict(event.facts),
        "previous": event.previous,
        "chain_version": event.chain_version,
        "salt": event.salt,
        "talk": event.talk,
        "hash": event.hash,
    }


def _from_dict(entry: dict[str, Any], case_id: str | None) -> Link:
    try:
        if "type" not in entry:
            return Stub(sequence=entry["sequence"], previous=entry["previous"], hash=entry["hash"])
        return Event(
            case_id=case_id or entry["case_id"],
            sequence=entry["sequence"],
            type=EventType(entry["type"]),
            at=datetime.fromisoformat(entry["at"]),
            role=Role(entry["role"]),
            subject=entry["subject"],
            channel=Channel(entry["channel"]),
            facts=entry["facts"],
            previous=entry["previous"],
            # Exports of earlier releases have neither; their events are of chain version 1.
            chain_version=entry.get("chain_version", 1),
            salt=entry.get("salt", ""),
            talk=entry.get("talk"),
            hash=entry["hash"],
        )
    except (KeyError, TypeError) as error:
        raise ValueError(
            f"an event lacks or misuses a field: {error} (an answer of the API needs --case)"
        ) from error
