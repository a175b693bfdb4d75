"""Step Functions of moto without repeated work.

What moto 5.2.5 does: each start parses the whole definition again (60 ms for 40 states), each path builds a
new JSONPath parser, and each task makes an AWS client, which is neither quick nor safe in several threads
at once.

What this does: remembers definitions, paths and clients.

Downside: remembered clients share ten connections each; more tasks at once open and drop connections.
"""

import sys
from collections.abc import Callable
from functools import lru_cache, wraps
from threading import Lock
from typing import Any

from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser
from moto.stepfunctions.parser.asl.utils import boto_client, json_path

from infra.local.moto_fixes.replacing import replace

Method = Callable[..., Any]


def apply() -> None:
    """Patch moto's parsers and client factory."""
    replace(AmazonStateLanguageParser, "parse", _remembered_parse)
    replace(json_path, "parse", lru_cache(maxsize=1024))
    make_client = boto_client.boto_client_for
    for name, module in list(sys.modules.items()):
        if name.startswith("moto.stepfunctions.") and getattr(module, "boto_client_for", None) is make_client:
            replace(module, "boto_client_for", _remembered_clients)


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
