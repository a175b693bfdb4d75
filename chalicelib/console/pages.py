"""The mechanism: a page is an address and a function, an act on a case is a declaration and a template.

Promise: an act is offered where the case's `allowed_actions` has its action, and nowhere else; sent, it goes
to the API's own resource with the version that its page showed. A module of `views` makes its `Pages`; nobody
lists the modules.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from chalicelib.console.visits import Visit

_VIEWS: Final = "chalicelib.console.views"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a page function answers: a template with its values, and the words of the title."""

    template: str
    title: str
    values: Mapping[str, Any] = field(default_factory=dict)
    status: int = 200


@dataclass(frozen=True, slots=True)
class File:
    """A paper as the API gave it: its bytes, and what they are."""

    media_type: str
    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Moved:
    """Go on at another address (303): a page of the console, or a whole URL."""

    to: str
    cookies: tuple[str, ...] = ()
    outside: bool = False


Answered = Page | Moved | File
Handler = Callable[..., Answered]


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """An address: its segments, of which those in braces become arguments, and who answers."""

    method: Literal["GET", "POST"]
    segments: tuple[str, ...]
    handler: Handler
    open: bool
    """Whether it is there without a session."""

    @property
    def path(self) -> str:
        """The address as it is written, for the log."""
        return "/".join(self.segments)

    def match(self, segments: tuple[str, ...]) -> dict[str, str] | None:
        """Return the arguments that an address holds; None if it is another address."""
        if len(segments) != len(self.segments):
            return None
        captured = {}
        for wanted, given in zip(self.segments, segments, strict=True):
            if wanted.startswith("{"):
                captured[wanted[1:-1]] = given
            elif wanted != given:
                return None
        return captured


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """An act on a case, by a form.

    `name` is the last segment of its address and the key of its words (`act.NAME`, `done.NAME`) and of its
    template (`acts/NAME.html`). `route` is the API's resource; what it names beside the case (`{number}`) is
    a field of the form. `fixed` is what every body holds, whatever was typed, `shows` what the template needs
    beside the case. `then` is where the person goes when it is done.
    """

    name: str
    action: str
    route: str
    fixed: Mapping[str, Any] | Callable[[Visit], Mapping[str, Any]] = field(default_factory=dict)
    shows: Callable[[Visit, Mapping[str, Any]], Mapping[str, Any]] | None = None
    place: Callable[[Visit, str], Mapping[str, str]] | None = None
    """What the route's path needs beside the case's id."""
    then: Literal["case", "home"] = "case"
    first: bool = False
    """Whether it is the step to take next, where it is offered."""
    roles: frozenset[str] = frozenset()
    """Whose page it is, where the same act has another page for others; empty for everybody."""

    def for_role(self, role: str | None) -> bool:
        """Tell whether this is the page by which a role does the act."""
        return not self.roles or role in self.roles


@dataclass(frozen=True, slots=True)
class Entry:
    """A page that the start page leads to, for whom the API's `route` is; `title` is a key of words.

    One whose path has `{case_id}` is led to by the page of each case.
    """

    path: str
    title: str
    route: str
    method: str = "GET"
    roles: frozenset[str] = frozenset()
    """Whose page it is, where others have another one for the same; empty for everybody."""
    where: Callable[[Mapping[str, Any]], bool] = lambda _case: True
    """Which cases' pages lead to it."""

    def for_role(self, role: str | None) -> bool:
        """Tell whether a role is led to this page."""
        return not self.roles or role in self.roles


class Pages:
    """The pages of one module of `views`."""

    def __init__(self) -> None:
        self.views: Final[list[View]] = []
        self.acts: Final[list[Act]] = []
        self.entries: Final[list[Entry]] = []

    def get(self, path: str, *, open: bool = False) -> Callable[[Handler], Handler]:  # noqa: A002 - as it is said
        """Register who shows an address; `path` stands after `/console/`, without a session if `open`."""
        return self._register("GET", path, open)

    def post(self, path: str, *, open: bool = False) -> Callable[[Handler], Handler]:  # noqa: A002
        """Register who takes a form; its origin, and with a session its token, are checked before."""
        return self._register("POST", path, open)

    def act(self, name: str, *, action: str, route: str, **more: Any) -> None:
        """Declare an act on a case; `more` are further fields of `Act`."""
        self.acts.append(Act(name=name, action=action, route=route, **more))

    def lead_to(self, path: str, *, title: str, route: str, **more: Any) -> None:
        """Have the start page, or a case's, lead to a page, for whoever may use the API's route."""
        self.entries.append(Entry(path, title, route, **more))

    def _register(
        self, method: Literal["GET", "POST"], path: str, open_: bool
    ) -> Callable[[Handler], Handler]:
        def register(handler: Handler) -> Handler:
            segments = tuple(path.split("/")) if path else ()
            self.views.append(View(method=method, segments=segments, handler=handler, open=open_))
            return handler

        return register


@dataclass(frozen=True, slots=True)
class Index:
    """All pages and acts."""

    views: tuple[View, ...]
    acts: Mapping[str, Act]
    entries: tuple[Entry, ...] = ()

    def find(self, segments: tuple[str, ...]) -> dict[str, tuple[View, dict[str, str]]]:
        """Return, by method, the pages at an address with its arguments; the one with fewest goes first."""
        found: dict[str, tuple[View, dict[str, str]]] = {}
        for view in self.views:
            captured = view.match(segments)
            if captured is None:
                continue
            known = found.get(view.method)
            if known is None or len(captured) < len(known[1]):
                found[view.method] = (view, captured)
        return found


@cache
def index() -> Index:
    """Return every page; loads the modules of `views`."""
    home = import_module(_VIEWS)
    modules = [import_module(f"{_VIEWS}.{found.name}") for found in pkgutil.iter_modules(home.__path__)]
    made: list[Pages] = [module.pages for module in modules]
    acts = {act.name: act for each in made for act in each.acts}
    entries = tuple(entry for each in made for entry in each.entries)
    return Index(tuple(view for each in made for view in each.views), acts, entries)
