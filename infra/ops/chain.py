"""Event chains as files: what an auditor keeps and checks without the hub."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from chalicelib.domain.errors import ChainBroken
from chalicelib.domain.events import Channel, Event, Link, Stub, verify_chain
from chalicelib.domain.roles import Role
from chalicelib.domain.stages import EventType
from chalicelib.domain.talk import Entry, verify_talk
from chalicelib.domain.transitions import TRANSITIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_ACTS: Final = {EventType.CASE_FILED, *(row.event for row in TRANSITIONS)}
"""The events that raise a case's version; any other event is recorded without changing it."""


@dataclass(frozen=True, slots=True)
class Verified:
    """An intact chain: its last hash, how many links it has, and how many of them are stubs."""

    head: str
    links: int
    stubs: int


def verified(
    links: Iterable[Link],
    *,
    version: int | None = None,
    head: str | None = None,
    talk: Sequence[Entry] | None = None,
) -> Verified:
    """Check a chain from its first link on, and its log of talk where that is given; raises ChainBroken.

    `version` and `head` are what somebody knows of the case from elsewhere: a history that does not reach
    so far was cut off. One that has gone on since is fine.
    """
    links = tuple(links)
    last = verify_chain(links)
    stubs = sum(isinstance(link, Stub) for link in links)
    acts = stubs + sum(isinstance(link, Event) and link.type in _ACTS for link in links)
    if version is not None and acts < version:
        raise ChainBroken(
            len(links), f"the history ends here, at version {acts} at most; version {version} is known"
        )
    if head is not None and head not in {link.hash for link in links}:
        raise ChainBroken(len(links), "the history ends here and the known head is not in it")
    if talk is not None:
        _check_talk(links, verify_talk(talk))
    return Verified(head=last, links=len(links), stubs=stubs)


def _check_talk(links: Iterable[Link], hashes: Sequence[str]) -> None:
    """Each event names the last entry of its time: none may be missing, nor an earlier one follow a later."""
    reached = 0
    for link in links:
        if not isinstance(link, Event) or link.talk is None:
            continue
        if link.talk not in hashes[max(reached - 1, 0) :]:
            raise ChainBroken(link.sequence, "the entry of the talk that it names is missing or out of order")
        reached = hashes.index(link.talk) + 1


def to_json(links: Iterable[Event] | Iterable[Entry]) -> str:
    """Write events, or entries of talk, with everything their hashes cover."""
    return json.dumps([_plain(asdict(link)) for link in links], ensure_ascii=False, indent=1)


def from_json(text: str, case_id: str | None = None) -> list[Link]:
    """Read what `to_json` wrote, or an answer of `GET .../events` for a named case, stubs included.

    Raises ValueError for anything else.
    """
    entries = _parsed(text)
    if isinstance(entries, dict):
        entries = entries.get("items")
    if entries == []:
        raise ValueError("it holds no event")
    return [_from_dict(entry, case_id) for entry in _listed(entries)]


def complete(pages: Sequence[str], case_id: str | None = None) -> list[Link]:
    """Read a whole history from one text or several; raises ValueError if more answers follow the last."""
    last = _parsed(pages[-1])
    if isinstance(last, dict) and last.get("next") is not None:
        raise ValueError("its `next` says that more events follow: fetch them, and name all files in order")
    return [link for page in pages for link in from_json(page, case_id)]


def talk_from_json(text: str) -> list[Entry]:
    """Read a log of talk that `to_json` wrote; raises ValueError for anything else."""
    try:
        return [
            Entry(**{**entry, "at": datetime.fromisoformat(entry["at"]), "role": Role(entry["role"])})
            for entry in _listed(_parsed(text))
        ]
    except (KeyError, TypeError) as error:
        raise ValueError(f"an entry of the talk lacks or misuses a field: {error}") from error


def _listed(entries: Any) -> list[Any]:
    if not isinstance(entries, list):
        raise ValueError("expected what export-chain prints, or an answer of GET .../events")  # noqa: TRY004 - of a file
    return entries


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {**values, "at": values["at"].isoformat()}


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
