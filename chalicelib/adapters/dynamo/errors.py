"""What only a stored record can do wrong, as part of the hub's error tree.

Promise: what an attacker or a bug did to a record has a name of its own. What may succeed when repeated is
`StoreBusy` of the hub's own tree.

    HubError
    ├── SealBroken       personal data does not open: altered, or moved from another record
    ├── RecordTooNew     written by a later release, whose fields this one would lose
    └── RecordUnreadable holds what this release can't read: a code it doesn't know, or a damaged value
"""

from __future__ import annotations

from chalicelib.domain.errors import HubError


class SealBroken(HubError):
    """Sealed data does not belong where it was found; it may have been altered or moved."""

    code = "seal_broken"


class RecordTooNew(HubError):
    """The record's schema is newer than this code; writing it back would lose what it doesn't know."""

    code = "record_too_new"


class RecordUnreadable(HubError):
    """The record's schema is known, a value in it is not: a later release's code, or damage."""

    code = "record_unreadable"
