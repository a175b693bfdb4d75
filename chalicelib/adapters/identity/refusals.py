"""The two errors of a token that gives no access.

Promise: a token that is not acceptable is always `Unauthorized`, whatever is wrong with it; a token that
could not be checked, because its issuer's keys can't be fetched, is `IssuerUnreachable`, so that clients
retry instead of throwing a good token away. Neither error holds any part of the token.
Downside: a caller is not told what was wrong; operators find the reason code in the log.
"""

from __future__ import annotations

from enum import StrEnum

from chalicelib.domain.errors import HubError


class Refusal(StrEnum):
    """Why a token was refused: stable codes for logs and metrics, never shown to the caller."""

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
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    SUBJECT_MALFORMED = "subject_malformed"
    ROLE_REFUSED = "role_refused"
    ROLE_CLAIM_MALFORMED = "role_claim_malformed"
    BEYOND_ISSUER = "beyond_issuer"


class Unauthorized(HubError):
    """The token is refused. `str()` is exactly "Unauthorized", which API Gateway turns into a 401."""

    code = "unauthenticated"

    def __init__(self, reason: Refusal) -> None:
        super().__init__("Unauthorized")
        self.reason = reason


class IssuerUnreachable(HubError):
    """The issuer's keys are neither reachable nor cached: not the caller's fault, try again later."""

    code = "issuer_unreachable"

    def __init__(self, issuer_keys: str) -> None:
        super().__init__(f"no usable keys from {issuer_keys}")
