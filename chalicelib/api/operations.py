"""What a route is: one definition that is routed, validated, permitted and documented.

Promise: a handler and the arguments of its decorator say everything about a route; whatever depends on it
(Chalice, Powertools, the permission check, the OpenAPI document) is derived. Downside: what happens
before a handler is called stands in `dispatch`, not beside the handler.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Literal, TypeVar, get_args

from chalicelib.api.languages import Language, Words

if TYPE_CHECKING:
    from pydantic import BaseModel

    from chalicelib.api.refusals import RequestFault
    from chalicelib.domain.errors import HubError
    from chalicelib.domain.roles import Actor
    from chalicelib.domain.stages import Action
    from chalicelib.use_cases.ports import Hub

JSON_TYPE: Final = "application/json"
LARGEST_BODY: Final = 256 * 1024
_CALL: Final = "call"  # the handler's first parameter: given by the dispatcher, no part of the request


class Access(Enum):
    """How a caller proves who it is."""

    TOKEN = auto()
    SIGNATURE = auto()
    OPEN = auto()


@dataclass(frozen=True)
class Place:
    """Where in a request a parameter stands; used inside `Annotated`. `name` is a header's, in lower case."""

    part: Literal["path", "query", "header"]
    description: str
    name: str | None = None


def place_of(annotation: object) -> Place | None:
    """Return where a parameter stands; None for the body."""
    return next((mark for mark in get_args(annotation) if isinstance(mark, Place)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What a handler is given beside its parsed arguments; `body` is the bare JSON, `raw` its exact bytes."""

    provider: Callable[[], Hub]
    actor: Actor
    language: Language
    body: Mapping[str, Any]
    raw: bytes
    source: str = field(default="", repr=False)
    """The address that the gateway saw, of which nothing but a count by its keyed hash is kept."""

    @property
    def hub(self) -> Hub:
        """The hub, built when it is first asked for."""
        return self.provider()


@dataclass(frozen=True, slots=True)
class Reply:
    """What a handler answers: a model, ready JSON, or bytes with their media type; `case_id` is logged.

    `status` is needed only where the route has several; see `Answered.also`.
    """

    content: BaseModel | Mapping[str, Any] | bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    media_type: str = JSON_TYPE
    case_id: str | None = None
    status: int | None = None


Handler = Callable[..., Reply]
Check = Callable[[Mapping[str, Any], "Hub"], Iterable["RequestFault"]]
"""Checks a body's bare JSON for what a model can't see; runs even if other checks have failed."""

H = TypeVar("H", bound=Handler)


SEE_OTHER: Final = 303


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """The successful answer: its model (None: anything), its status, headers and media types.

    `also` are further statuses it may have with the same model; a reply says which it means. 303 leads to a
    file that is too big for an answer and has the address as its only header.
    """

    model: type[BaseModel] | None
    status: int = 200
    headers: tuple[str, ...] = ()
    media_types: tuple[str, ...] = (JSON_TYPE,)
    also: tuple[int, ...] = ()

    @property
    def statuses(self) -> tuple[int, ...]:
        """Every status of success."""
        return (self.status, *self.also)

    def headers_of(self, status: int) -> tuple[str, ...]:
        """Return the headers of an answer with this status."""
        return ("Location",) if status == SEE_OTHER else self.headers


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One route with everything that is derived from it."""

    method: str
    path: str
    handler: Handler
    tag: str
    zh: str
    answered: Answered
    access: Access = Access.TOKEN
    actions: tuple[Action, ...] = ()
    refusals: tuple[type[HubError], ...] = ()
    check: Check | None = None
    largest_body: int = LARGEST_BODY

    @property
    def name(self) -> str:
        """The operation's id, from the handler's name: `show_case` becomes `showCase`."""
        first, *rest = self.handler.__name__.split("_")
        return first + "".join(word.capitalize() for word in rest)

    @property
    def summary(self) -> Words:
        """One line in both languages: the handler's docstring, and its translation."""
        return Words((self.handler.__doc__ or "").partition("\n")[0].rstrip("."), self.zh)

    @property
    def description(self) -> str:
        """Whatever the handler's docstring says beyond its first line."""
        return inspect.cleandoc((self.handler.__doc__ or "").partition("\n")[2])

    @cached_property
    def signature(self) -> inspect.Signature:
        """What the request is parsed into: the handler's parameters without the call itself."""
        parameters = inspect.signature(self.handler).parameters.values()
        return inspect.Signature([entry for entry in parameters if entry.name != _CALL])

    def takes(self, parameter: str) -> bool:
        """Tell whether the handler asks for this parameter."""
        return parameter in self.signature.parameters

    @cached_property
    def query_parameters(self) -> frozenset[str]:
        """The query parameters that the route takes; any other is refused."""
        places = {name: place_of(entry.annotation) for name, entry in self.signature.parameters.items()}
        return frozenset(name for name, place in places.items() if place and place.part == "query")

    @property
    def body_optional(self) -> bool:
        """Whether the body may be left out: its parameter has a default."""
        return self.signature.parameters["body"].default is not inspect.Parameter.empty


class Operations:
    """The routes of one audience, in the order in which they are written."""

    def __init__(self, tag: str) -> None:
        self.tag: Final = tag
        self.all: Final[list[Operation]] = []

    def get(self, path: str, zh: str, answered: Answered, **more: Any) -> Callable[[H], H]:
        """Register a handler that reads; `more` are further fields of `Operation`."""
        return self._register("GET", path, zh, answered, more)

    def post(self, path: str, zh: str, answered: Answered, **more: Any) -> Callable[[H], H]:
        """Register a handler that changes something, or that takes a personal number in the body."""
        return self._register("POST", path, zh, answered, more)

    def _register(
        self, method: str, path: str, zh: str, answered: Answered, more: Mapping[str, Any]
    ) -> Callable[[H], H]:
        def register(handler: H) -> H:
            self.all.append(
                Operation(
                    method=method, path=path, handler=handler, tag=self.tag, zh=zh, answered=answered, **more
                )
            )
            return handler

        return register
