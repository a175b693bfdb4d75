"""KMS keys that are the same after a restart, for a table that outlives the emulator.

Promise: with the same file, the n-th key created has the same id and the same material, so that what
was sealed in an earlier run can be opened in this one (DynamoDB Local keeps its data on disk). The file
is made when it is missing. Downside: keys depend on the order in which they are created; a key pair that
signs is a new one under the same id, so its certificate is made anew with it.
"""

import hashlib
import hmac
import itertools
import os
import uuid
from pathlib import Path

from moto.kms import models

from infra.local.replacing import replace

_SECRET_BYTES = 32


def apply(file: Path) -> None:
    """Derive every KMS key of this process from the secret in `file`."""
    secret = _secret(file)
    numbers = itertools.count(1)
    drawn: list[int] = []

    def key_id(*_: object) -> str:
        drawn.append(next(numbers))
        return str(uuid.UUID(bytes=_derive(secret, f"id {drawn[-1]}")[:16], version=4))

    def material() -> bytes:
        return _derive(secret, f"material {drawn[-1]}")

    replace(models, "generate_key_id", lambda _original: key_id)
    replace(models, "generate_master_key", lambda _original: material)


def _secret(file: Path) -> bytes:
    file.parent.mkdir(parents=True, exist_ok=True)
    if not file.exists():
        file.touch(mode=0o600)
        file.write_bytes(os.urandom(_SECRET_BYTES))
    return file.read_bytes()


def _derive(secret: bytes, purpose: str) -> bytes:
    return hmac.new(secret, purpose.encode(), hashlib.sha256).digest()
