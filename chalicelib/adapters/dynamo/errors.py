"""The storage's own errors, as part of the hub's error tree.

Promise: a write that was not made is never reported as made. `StoreBusy` means that the same request may
succeed when repeated, and repeating is always safe. An altered record raises an error of its own.

    HubError
    ├── StoreBusy        throttled, in conflict with another transaction, or no answer: repeat later
    ├── SealBroken       personal data can't be decrypted: altered, or moved from another record
    ├── RecordTooNew     written by a later release, whose fields this one would lose
    └── RecordUnreadable holds what this release can't read: a code it doesn't know, or a damaged value
"""

from __future__ import annotations

from chalicelib.domain.errors import HubError


class StoreBusy(HubError):
    """Transient: the table or the key service could not answer; the caller may repeat the same request."""

    code = "store_busy"


class SealBroken(HubError):
    """Sealed data can't be opened where it was found; it may have been altered or moved."""

    code = "seal_broken"


class RecordTooNew(HubError):
    """The record's schema is newer than this code; writing it back would lose what it doesn't know."""

    code = "record_too_new"


class RecordUnreadable(HubError):
    """The record's schema is known, a value in it is not: a later release's code, or damage."""

    code = "record_unreadable"
