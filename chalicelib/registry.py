"""What the hub is made of beside its core: the capabilities, each declared in a folder of its own.

Promise: a capability exists if its folder does (`chalicelib/capabilities/NAME/declaration.py`); no list names
it. What a declaration names as text is imported at its first use, so a function loads only what it uses.
Downside: a test, not the type checker, checks that the named things exist.
"""

from __future__ import annotations

import pkgutil
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from chalicelib.consumers import CORE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.consumers import Consumer
    from chalicelib.domain.stages import Action, EventType

_HOME: Final = "chalicelib.capabilities"


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A route of the API: where it is, its handler as `module:function`, and whether it asks for a token."""

    method: str
    path: str
    handler: str
    token: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Capability:
    """What a folder adds to the hub; text of the form `module:name` names what is imported later."""

    name: str
    zh: str
    en: str
    actions: tuple[Action, ...] = ()
    events: Mapping[EventType, tuple[str, str]] = field(default_factory=dict)
    """Its events, each with its words in Chinese and English."""
    routes: tuple[Route, ...] = ()
    consumers: tuple[Consumer, ...] = ()
    parts: Mapping[str, str] = field(default_factory=dict)
    """The ports that `hub.part` gives, each with the function that makes its part from the store."""
    writers: Mapping[str, str] = field(default_factory=dict)
    """The types of values stored with an event of a case, each with the function that makes the writes.

    It is called with the value and `adapters.dynamo.beside.Saving`.
    """
    work: str | None = None
    """The function that returns what its records beside a case ask of whom (`domain.work`).

    It is called with the table, and the case before and after a change that gives such work to others; it
    returns the work before and after it.
    """
    deadlines: Mapping[str, str] = field(default_factory=dict)
    """Its kinds of deadlines, each with the function called (with hub and deadline) when one is due.

    It is called for the reminder and for the day (`CaseDeadline.reminder_is_next`), and may be called twice.
    """


@cache
def capabilities() -> tuple[Capability, ...]:
    """Return every capability, in the order of their names."""
    home = import_module(_HOME)
    names = sorted(found.name for found in pkgutil.iter_modules(home.__path__))
    return tuple(import_module(f"{_HOME}.{name}.declaration").CAPABILITY for name in names)


@cache
def consumers() -> tuple[Consumer, ...]:
    """Return every consumer: the core's, then those that capabilities declare."""
    return (*CORE, *(row for each in capabilities() for row in each.consumers))


def consumer(name: str) -> Consumer:
    """Return a consumer by its name; raises KeyError for an unknown name."""
    return {row.name: row for row in consumers()}[name]


@cache
def relayed_keys() -> frozenset[tuple[str, str]]:
    """Return the keys, as patterns, of the records that cause a message when they are stored."""
    return frozenset(row.stored for row in consumers())


def relayed(partition: str, sort: str) -> tuple[str, dict[str, Any]] | None:
    """Return the queue and the message that a stored record causes; None if it causes no message."""
    for row in consumers():
        ids = row.stored_ids(partition, sort)
        if ids is not None:
            return row.name, row.message(*ids)
    return None


def maker_of(port: type) -> str | None:
    """Return the name of the function that makes a port's part; None if no capability declares one."""
    name = name_of(port)
    return next((each.parts[name] for each in capabilities() if name in each.parts), None)


def writer_of(value_type: type) -> str | None:
    """Return the name of the function that makes a type's writes; None if no capability declares the type."""
    name = name_of(value_type)
    return next((each.writers[name] for each in capabilities() if name in each.writers), None)


@cache
def sources_of_work() -> tuple[str, ...]:
    """Return the names of the functions that say what stands beside a case asks of whom."""
    return tuple(each.work for each in capabilities() if each.work)


def deadline_handler_of(kind: str) -> str | None:
    """Return the name of the function called for a due deadline; None if no capability declares the kind."""
    return next((each.deadlines[kind] for each in capabilities() if kind in each.deadlines), None)


def absent(port: type) -> Any:
    """Return a port's own substitute if no capability implements it; raises LookupError for a Protocol."""
    if getattr(port, "_is_protocol", False):  # typing.is_protocol, which Python 3.11 lacks
        raise LookupError(f"no capability gives {port.__qualname__}")
    return port()


def name_of(kind: type) -> str:
    """Return a type's name as declarations have it: `module:name`."""
    return f"{kind.__module__}:{kind.__qualname__}"
