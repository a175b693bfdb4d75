"""The two errors of a token that gives no access.

Promise: a token that is not acceptable is always `Unauthorized`, whatever is wrong with it; a token that
could not be checked, because its issuer's keys can't be fetched, is `IssuerUnreachable`, so that clients
retry instead of throwing a good token away. Neither error holds any part of the token. A caller is told what
is wrong with the header, or with a token that a trusted issuer signed; of any other token only that it is
refused.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from chalicelib.domain.errors import HubError


class Refusal(StrEnum):
    """Why a token was refused: stable codes for logs and metrics; `TOLD` are those its bearer learns."""

    NOT_BEARER = "not_bearer"
    TOO_LONG = "too_long"
    MALFORMED = "malformed"
    TYPE_REFUSED = "type_refused"
    ISSUER_UNKNOWN = "issuer_unknown"
    ALGORITHM_REFUSED = "algorithm_refused"
    KEY_ID_MISSING = "key_id_missing"
    KEY_UNKNOWN = "key_unknown"
    SIGNATURE_WRONG = "signature_wrong"
    AUDIENCE_WRONG = "audience_wrong"
    TIMES_MALFORMED = "times_malformed"
    LIFE_TOO_LONG = "life_too_long"
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    SUBJECT_MALFORMED = "subject_malformed"
    ROLE_REFUSED = "role_refused"
    ROLE_CLAIM_MALFORMED = "role_claim_malformed"
    BEYOND_ISSUER = "beyond_issuer"


TOLD: Final = frozenset(
    {
        Refusal.NOT_BEARER,
        Refusal.TOO_LONG,
        # Judged when the signature is known to be a trusted issuer's, so no forger learns from them.
        Refusal.AUDIENCE_WRONG,
        Refusal.TIMES_MALFORMED,
        Refusal.LIFE_TOO_LONG,
        Refusal.EXPIRED,
        Refusal.NOT_YET_VALID,
        Refusal.SUBJECT_MALFORMED,
        Refusal.ROLE_REFUSED,
        Refusal.ROLE_CLAIM_MALFORMED,
        Refusal.BEYOND_ISSUER,
    }
)


class Unauthorized(HubError):
    """The token is refused. `str()` is exactly "Unauthorized", which API Gateway turns into a 401."""

    code = "unauthenticated"

    def __init__(self, reason: Refusal, claim: str = "") -> None:
        """Refuse for a reason; `claim` names the claim that is missing or malformed, if it is one."""
        super().__init__("Unauthorized")
        self.reason = reason
        self.claim = claim


class IssuerUnreachable(HubError):
    """The issuer's keys are neither reachable nor cached: not the caller's fault, try again later."""

    code = "issuer_unreachable"

    def __init__(self, issuer_keys: str) -> None:
        super().__init__(f"no usable keys from {issuer_keys}")
