"""What the package stores: every kind of record, capabilities' too."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

from chalicelib.adapters.dynamo.records import DueRecord, KeyAnswerRecord, Record

if TYPE_CHECKING:
    from collections.abc import Iterator

STORES: Final = (
    "chalicelib.adapters.dynamo.circuit",
    "chalicelib.adapters.dynamo.talk",
    "chalicelib.adapters.dynamo.work",
    "chalicelib.capabilities.applications.store",
    "chalicelib.capabilities.calls.store",
    "chalicelib.capabilities.links.store",
    "chalicelib.capabilities.institutions.store",
    "chalicelib.capabilities.contacts.store",
    "chalicelib.capabilities.defences.store",
    "chalicelib.capabilities.guidance.store",
    "chalicelib.capabilities.notes.store",
    "chalicelib.capabilities.roster.store",
    "chalicelib.capabilities.sessions.store",
    "chalicelib.capabilities.talks.store",
    "chalicelib.capabilities.worklists.store",
)
"""Modules beside `records` that define kinds of their own."""


def kinds_of_records() -> list[type[Record]]:
    """Return every kind, by name."""
    for store in STORES:
        import_module(store)
    return sorted(_below(Record), key=lambda kind: kind.__name__)


def _below(base: type[Record]) -> Iterator[type[Record]]:
    for kind in base.__subclasses__():
        # Tests define kinds of their own.
        if kind not in {DueRecord, KeyAnswerRecord} and kind.__module__.startswith("chalicelib."):
            yield kind
        yield from _below(kind)
