"""What the Lambda authorizer answers, and what importing it costs."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from chalicelib.adapters.identity import (
    TOLD,
    Issuer,
    IssuerUnreachable,
    Principal,
    Refusal,
    Unauthorized,
    token_verifier,
)
from chalicelib.api.authorizer import Admission, Denial, admit
from tests.unit.identity.support import AUDIENCE, INSTITUTION, URL, World, signed


def _no_refusal(reason: Refusal) -> None:
    pytest.fail(f"refused: {reason}")


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_a_bearer_token_is_admitted(world: World, scheme: str) -> None:
    """The principal id is the subject, the context is the principal's; schemes have no case (RFC 9110)."""
    verifier, token = world.verifier(), world.token(INSTITUTION)
    admission = admit(f"{scheme} {token}", verify=verifier.verify, on_refusal=_no_refusal)
    assert admission == Admission("bank-client", verifier.verify(token).context)


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic YTpi", "token"])
def test_what_is_no_bearer_token_is_denied(world: World, header: str) -> None:
    """The caller learns how to send one."""
    reasons: list[Refusal] = []
    denied = admit(header, verify=world.verifier().verify, on_refusal=reasons.append)
    assert isinstance(denied, Denial)
    assert (denied.reason, reasons) == ("not_bearer", [Refusal.NOT_BEARER])
    assert "Authorization: Bearer" in denied.detail


@pytest.mark.parametrize(
    ("claims", "reason", "named"),
    [
        ({"exp": 1, "iat": 0}, "expired", "expired"),
        ({"aud": "elsewhere"}, "audience_wrong", "aud"),
        ({"exp": None}, "times_malformed", "exp"),
        ({"iat": "now"}, "times_malformed", "iat"),
        ({"sub": None}, "subject_malformed", "sub"),
        ({"role": "king"}, "role_refused", "role"),
        ({"institution_id": None}, "role_claim_malformed", "institution_id"),
    ],
)
def test_whoever_has_a_trusted_issuers_token_learns_what_is_wrong_with_it(
    world: World, claims: dict[str, Any], reason: str, named: str
) -> None:
    """With the name of the claim, in both languages, and never with its value."""
    denied = admit(
        f"Bearer {signed(world, **claims)}", verify=world.verifier().verify, on_refusal=lambda _: None
    )
    assert isinstance(denied, Denial)
    assert denied.reason == reason
    english, chinese = denied.detail.split(" · ")
    assert named in english
    assert any("\u4e00" <= character <= "\u9fff" for character in chinese)
    assert not {"elsewhere", "king"} & set(denied.detail.split())


def test_a_token_lives_a_day_at_most(world: World) -> None:
    """Or as long as its issuer's setting says; nothing takes it back before its end."""
    now = world.clock()
    verify = world.verifier().verify
    longest = signed(world, iat=now, exp=now + 86_400)
    assert isinstance(admit(f"Bearer {longest}", verify=verify, on_refusal=_no_refusal), Admission)
    longer = signed(world, iat=now, exp=now + 86_401)
    denied = admit(f"Bearer {longer}", verify=verify, on_refusal=lambda _: None)
    assert isinstance(denied, Denial)
    assert denied.reason == "life_too_long"


@pytest.mark.parametrize("reason", sorted(set(Refusal) - TOLD))
def test_of_a_forged_token_nothing_is_told_but_that_it_is_refused(reason: Refusal) -> None:
    """Issuer, algorithm, key and signature: the log has the reason, its bearer always the same words."""
    same = Denial.of(Unauthorized(Refusal.SIGNATURE_WRONG))
    assert Denial.of(Unauthorized(reason)) == same
    assert same.reason == "not_accepted"


def test_what_is_told_is_judged_after_the_signature(world: World) -> None:
    """Else an attacker could learn about issuers and audiences with tokens of its own making."""
    for claims in ({"exp": 1, "iat": 0}, {"aud": "elsewhere"}, {"role": "king"}):
        head, body, _ = signed(world, **claims).split(".")
        denied = admit(
            f"Bearer {head}.{body}.{'A' * 86}", verify=world.verifier().verify, on_refusal=lambda _: None
        )
        assert isinstance(denied, Denial)
        assert denied.reason == "not_accepted"


def test_a_denial_allows_nothing_and_its_context_is_text() -> None:
    """API Gateway takes no lists or maps in it."""
    policy = Denial.of(Unauthorized(Refusal.EXPIRED)).policy
    (statement,) = policy["policyDocument"]["Statement"]
    assert (statement["Effect"], statement["Resource"]) == ("Deny", "*")
    assert policy["context"]["reason"] == "expired"
    assert all(isinstance(value, str) and '"' not in value for value in policy["context"].values())


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
