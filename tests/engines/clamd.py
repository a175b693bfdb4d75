"""A client of clamd's socket, as small as the tests need it."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from typing import Final

MARKER: Final = b"jiefen-hub: harmless bytes that our own signature takes for a virus"


@dataclass(frozen=True)
class Clamd:
    """A running clamd."""

    port: int

    def answers(self) -> bool:
        """Whether it is up."""
        try:
            return self._ask(b"zPING\0") == "PONG"
        except ConnectionError:
            return False

    def scan(self, content: bytes) -> str:
        """Return what it says of these bytes: `stream: OK`, or the signature's name and FOUND."""
        size = len(content).to_bytes(4, "big")
        return self._ask(b"zINSTREAM\0" + size + content + bytes(4))

    def _ask(self, message: bytes) -> str:
        with socket.create_connection(("127.0.0.1", self.port)) as connection:
            connection.sendall(message)
            with connection.makefile("rb") as answer:
                return answer.read().decode().rstrip("\0")
