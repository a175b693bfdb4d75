"""What stands beside the case: finds the capabilities, each declared in a folder of its own.

Promise: a capability is there because its folder is (`chalicelib/capabilities/NAME/declaration.py`); no list
names it. Declarations load what they name when it is first used, so a function pays only for what it uses.
Downside: what a declaration names is text, which a test checks (`tests/architecture/test_capabilities.py`).
"""

from __future__ import annotations

import pkgutil
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.consumers import Consumer
    from chalicelib.domain.stages import Action, EventType

_HOME: Final = "chalicelib.capabilities"


@dataclass(frozen=True, slots=True, kw_only=True)
class Capability:
    """What a folder adds to the hub. A `str` that names something has the form "module:attribute".

    `zh` and `en` say in a word what it is; `events` gives each of its events its words, Chinese first.
    `parts` are what `hub.part` answers: the port's name, and the function that makes the part from the store.
    `writers` are what is stored in the transaction of a case's event: the value's type, and the function that
    turns it into writes.
    """

    name: str
    zh: str
    en: str
    actions: tuple[Action, ...] = ()
    events: Mapping[EventType, tuple[str, str]] = field(default_factory=dict)
    routes: str | None = None
    consumers: tuple[Consumer, ...] = ()
    parts: Mapping[str, str] = field(default_factory=dict)
    writers: Mapping[str, str] = field(default_factory=dict)
    deadlines: Mapping[str, str] = field(default_factory=dict)
    figures: str | None = None


@cache
def capabilities() -> tuple[Capability, ...]:
    """Return every capability there is, in the order of their names."""
    home = import_module(_HOME)
    names = sorted(module.name for module in pkgutil.iter_modules(home.__path__) if module.ispkg)
    return tuple(import_module(f"{_HOME}.{name}.declaration").CAPABILITY for name in names)


def load(name: str) -> Any:
    """Import what a declaration names as "module:attribute"."""
    module, _, attribute = name.partition(":")
    return getattr(import_module(module), attribute)


def name_of(thing: type) -> str:
    """Return the name by which a declaration would refer to a type."""
    return f"{thing.__module__}:{thing.__qualname__}"
