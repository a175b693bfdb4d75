"""Who is calling: bearer tokens of the configured OIDC issuers, and the principal they prove.

Promise: importing this package loads neither PyJWT nor cryptography nor urllib3, so that all functions but
the authorizer start faster; `token_verifier` loads them when the authorizer is built.
Downside: if one of them is not installed well, only the authorizer's first call fails, not the import.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.adapters.identity.issuers import Issuer
from chalicelib.adapters.identity.principal import Principal, actor_from_context
from chalicelib.adapters.identity.refusals import TOLD, IssuerUnreachable, Refusal, Unauthorized

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from chalicelib.adapters.identity.tokens import TokenVerifier

__all__ = [
    "TOLD",
    "Issuer",
    "IssuerUnreachable",
    "Principal",
    "Refusal",
    "Unauthorized",
    "actor_from_context",
    "token_verifier",
]


def token_verifier(issuers: Sequence[Issuer], *, now: Callable[[], float]) -> TokenVerifier:
    """Build the verifier that trusts `issuers`; `now` is real time, never compressed, in epoch seconds."""
    from chalicelib.adapters.identity.tokens import TokenVerifier  # noqa: PLC0415 - keeps PyJWT out of import

    return TokenVerifier(issuers, now=now)
