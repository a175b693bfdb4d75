"""What the Lambda authorizer answers, and what importing it costs."""

from __future__ import annotations

import subprocess
import sys

import pytest

from chalicelib.adapters.identity import (
    Issuer,
    IssuerUnreachable,
    Principal,
    Refusal,
    Unauthorized,
    token_verifier,
)
from chalicelib.api.authorizer import Admission, admit
from tests.unit.identity.support import AUDIENCE, INSTITUTION, URL, World


def _no_refusal(reason: Refusal) -> None:
    pytest.fail(f"refused: {reason}")


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_a_bearer_token_is_admitted(world: World, scheme: str) -> None:
    """The principal id is the subject, the context is the principal's; schemes have no case (RFC 9110)."""
    verifier, token = world.verifier(), world.token(INSTITUTION)
    admission = admit(f"{scheme} {token}", verify=verifier.verify, on_refusal=_no_refusal)
    assert admission == Admission("bank-client", verifier.verify(token).context)


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic YTpi", "token"])
def test_what_is_no_bearer_token_is_refused(world: World, header: str) -> None:
    """The gateway wants exactly this message for a 401; the log wants the code."""
    reasons: list[Refusal] = []
    with pytest.raises(Unauthorized, match=r"\AUnauthorized\Z"):
        admit(header, verify=world.verifier().verify, on_refusal=reasons.append)
    assert reasons == [Refusal.NOT_BEARER]


def test_a_bad_token_is_refused_with_its_own_reason(world: World) -> None:
    """The verifier's reason reaches the log, once."""
    reasons: list[Refusal] = []
    token = world.token(INSTITUTION, ttl_seconds=-60)
    with pytest.raises(Unauthorized, match=r"\AUnauthorized\Z"):
        admit(f"Bearer {token}", verify=world.verifier().verify, on_refusal=reasons.append)
    assert reasons == [Refusal.EXPIRED]


def test_an_unreachable_issuer_is_no_refusal() -> None:
    """The gateway answers it with 500, so that the client retries."""

    def verify(_: str) -> Principal:
        raise IssuerUnreachable(URL)

    with pytest.raises(IssuerUnreachable):
        admit("Bearer x", verify=verify, on_refusal=_no_refusal)


def test_importing_the_authorizer_loads_no_cryptography() -> None:
    """Functions that verify no token don't pay for PyJWT, cryptography or urllib3."""
    program = (
        "import sys, chalicelib.api.authorizer, chalicelib.adapters.identity;"
        "print(sorted({'jwt', 'cryptography', 'urllib3', 'boto3'} & set(sys.modules)))"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)  # noqa: S603 - a fixed program
    assert result.stdout.strip() == "[]"


def test_the_real_verifier_is_built_without_fetching(world: World) -> None:
    """Building it opens no socket (they are blocked here); verifying nonsense does not either."""
    verifier = token_verifier([Issuer(URL, f"{URL}/jwks.json", AUDIENCE, ("ES256",))], now=world.clock)
    with pytest.raises(Unauthorized):
        verifier.verify("nonsense")
