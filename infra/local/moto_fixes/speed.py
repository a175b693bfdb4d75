# ruff: noqa: SLF001 - a fix for a library's private parts touches them
"""Moto without repeated work.

What moto 5.2.5 does: each start of an execution parses the whole definition again (60 ms for 40 states),
each path builds a new JSONPath parser, and each task makes an AWS client, which is neither quick nor safe in
several threads at once. Each attribute of an item is asked for ten types under two names each, which is a
third of what a request to DynamoDB costs. Each request lists moto's folder to see whether there is a service
of its name, which is as much again. Each action's name is turned into a method's, and looked for among all
methods of its class. Each message received has all attributes of its queue computed, for the one that says
how long messages are kept.

What this does: remembers definitions, paths, clients, services and names; writes an attribute by the type it
has; asks a queue for the attribute alone.

Downside: remembered clients share ten connections each; more tasks at once open and drop connections.
"""

import sys
from collections.abc import Callable
from functools import cache, lru_cache, wraps
from threading import Lock
from typing import Any

from moto import backends
from moto.core import utils
from moto.core.serialize import BaseJSONSerializer
from moto.core.utils import unix_time
from moto.sqs.models import SQSBackend
from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser
from moto.stepfunctions.parser.asl.utils import boto_client, json_path

from infra.local.replacing import replace

Method = Callable[..., Any]

_AS_THEY_ARE = frozenset({"S", "N", "BOOL", "NULL", "SS", "NS"})
"""Types of attributes that JSON holds as DynamoDB does."""
_NAMES = ("camelcase_to_underscores", "method_names_from_class")
"""Functions of names and classes alone."""


def apply() -> None:
    """Patch moto's serializer, parsers, client factory and list of services."""
    replace(backends, "list_of_moto_modules", remembered_names)
    replace(BaseJSONSerializer, "_serialize_type_structure", attributes_by_their_type)
    replace(AmazonStateLanguageParser, "parse", _remembered_parse)
    replace(json_path, "parse", lru_cache(maxsize=1024))
    replace(SQSBackend, "is_message_valid_based_on_retention_period", kept_long_enough)
    for module, name in ((boto_client, "boto_client_for"), *((utils, name) for name in _NAMES)):
        make = _remembered_clients if module is boto_client else lru_cache(maxsize=4096)
        _replace_everywhere(getattr(module, name), make)


def _replace_everywhere(function: Method, make: Callable[[Method], Method]) -> None:
    """Replace a function in each of moto's modules that imported it by its name."""
    for module in list(sys.modules.values()):
        in_moto = module.__name__.startswith("moto.")
        if in_moto and vars(module).get(function.__name__) is function:
            replace(module, function.__name__, make)


def kept_long_enough(_original: Method) -> Method:
    """Tell whether a message is not older than its queue keeps messages."""

    def is_kept(backend: SQSBackend, queue_name: str, message: Any) -> bool:
        kept_seconds = vars(backend.get_queue(queue_name))["message_retention_period"]
        return bool(kept_seconds + message.sent_timestamp / 1000 > unix_time())

    return is_kept


def attributes_by_their_type(original: Method) -> Method:
    """Write an attribute by the type that it has, without asking for all the others."""

    def serialize(serializer: Any, serialized: Any, value: Any, shape: Any, key: str) -> None:
        if shape.name != "AttributeValue" or not isinstance(value, dict) or len(value) != 1:
            original(serializer, serialized, value, shape, key)
            return
        ((kind, content),) = value.items()
        if kind in _AS_THEY_ARE:
            serialized[key] = {kind: content}
        else:
            written: dict[str, Any] = {}
            serializer._serialize(written, content, shape.members[kind], kind)
            serialized[key] = written

    return serialize


def remembered_names(original: Method) -> Method:
    """List the services once: they are folders of the installed package."""
    return cache(lambda: tuple(original()))


def _remembered_parse(original: Method) -> Method:
    """Share parsed programs: their variables live in the execution's environment."""
    return lru_cache(maxsize=32)(original)


_clients: dict[tuple[str, str], Any] = {}
_clients_lock = Lock()


def _remembered_clients(original: Method) -> Method:
    @wraps(original)
    def boto_client_for(region: str, service: str, state_credentials: Any = None) -> Any:
        with _clients_lock:
            if (region, service) not in _clients:
                _clients[region, service] = original(region, service, state_credentials)
            return _clients[region, service]

    return boto_client_for
