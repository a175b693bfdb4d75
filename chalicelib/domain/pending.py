"""An act that somebody recorded in a person's name, as the case keeps it until it is confirmed or lapses.

Promise: values only; `second_record` decides what becomes of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.roles import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingAct:
    """An act in a person's name that waits for its second record; the fingerprint says which act it is."""

    action: str
    party_id: str
    fingerprint: str
    role: Role
    subject: str
    at: datetime
    expires_at: datetime
