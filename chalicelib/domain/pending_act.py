"""An act recorded in a person's name that waits for its second record; `second_record` says how it is one."""

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
