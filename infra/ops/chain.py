"""Event chains as files: what an auditor keeps and checks without the hub."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from chalicelib.domain.events import Channel, Event
from chalicelib.domain.roles import Role
from chalicelib.domain.stages import EventType

if TYPE_CHECKING:
    from collections.abc import Iterable


def to_json(events: Iterable[Event]) -> str:
    """Write events with everything their hashes cover."""
    return json.dumps([_to_dict(event) for event in events], ensure_ascii=False, indent=1)


def from_json(text: str) -> list[Event]:
    """Read what `to_json` wrote; raises ValueError for anything else."""
    entries = json.loads(text)
    if not isinstance(entries, list) or not entries:
        raise ValueError("an export is a JSON list of events")
    return [_from_dict(entry) for entry in entries]


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
        "hash": event.hash,
    }


def _from_dict(entry: dict[str, Any]) -> Event:
    try:
        return Event(
            case_id=entry["case_id"],
            sequence=entry["sequence"],
            type=EventType(entry["type"]),
            at=datetime.fromisoformat(entry["at"]),
            role=Role(entry["role"]),
            subject=entry["subject"],
            channel=Channel(entry["channel"]),
            facts=entry["facts"],
            previous=entry["previous"],
            hash=entry["hash"],
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"an event lacks or misuses a field: {error}") from error
