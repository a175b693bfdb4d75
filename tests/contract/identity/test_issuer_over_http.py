"""The hub's verifier and the local issuer over loopback HTTP, as in `make run`."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

import jwt
import pytest
import urllib3

from chalicelib.adapters.identity import Issuer, IssuerUnreachable, Refusal, Unauthorized, token_verifier
from chalicelib.adapters.identity.jwks import Freshness
from chalicelib.adapters.identity.tokens import TokenVerifier
from chalicelib.domain.roles import Role
from infra.local.issuer import DEFAULT_AUDIENCE, IssuerServer

if TYPE_CHECKING:
    from collections.abc import Iterator

_COURT = {"role": "court", "sub": "court-system", "court_id": "court-1"}


def _request(method: str, url: str, body: bytes | None = None) -> tuple[int, dict[str, Any]]:
    with urllib3.PoolManager(timeout=5, retries=False) as pool:
        response = pool.request(method, url, body=body)
        return response.status, json.loads(response.data)


def _token(url: str, **request: Any) -> str:
    status, answer = _request("POST", f"{url}/token", json.dumps(request).encode())
    assert (status, answer["token_type"]) == (200, "Bearer")
    return str(answer["access_token"])


def _trusted(url: str) -> Issuer:
    return Issuer(url, f"{url}/jwks.json", DEFAULT_AUDIENCE, ("ES256", "RS256"))


@pytest.fixture
def url() -> Iterator[str]:
    """Run the issuer in a thread; yield its URL."""
    with IssuerServer(0) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server.issuer.url
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize("algorithm", ["ES256", "RS256"])
def test_the_hub_accepts_the_local_issuers_tokens(url: str, algorithm: str) -> None:
    """Issued over HTTP, verified with keys fetched over HTTP."""
    principal = token_verifier([_trusted(url)], now=time.time).verify(_token(url, **_COURT, alg=algorithm))
    assert (principal.actor.role, principal.actor.court_id, principal.issuer) == (Role.COURT, "court-1", url)


def test_discovery_names_the_key_set_and_the_token_endpoint(url: str) -> None:
    """The addresses of the discovery document work, and the key set holds public members only."""
    status, document = _request("GET", f"{url}/.well-known/openid-configuration")
    assert (status, document["issuer"], document["token_endpoint"]) == (200, url, f"{url}/token")
    status, jwks = _request("GET", document["jwks_uri"])
    assert status == 200
    assert {key["alg"] for key in jwks["keys"]} == {"ES256", "RS256"}
    assert not {"d", "p", "q", "k"} & {member for key in jwks["keys"] for member in key}


def test_a_token_says_what_was_asked_for(url: str) -> None:
    """Claims pass through; the time to live is kept and told."""
    body = json.dumps({**_COURT, "scope": "callbacks", "ttl_seconds": 90}).encode()
    _, answer = _request("POST", f"{url}/token", body)
    claims = jwt.decode(answer["access_token"], options={"verify_signature": False})
    assert answer["expires_in"] == claims["exp"] - claims["iat"] == 90
    assert (claims["scope"], claims["aud"], claims["iss"]) == ("callbacks", DEFAULT_AUDIENCE, url)
    assert not {"ttl_seconds", "alg"} & set(claims)


def test_a_rotation_is_followed_without_losing_the_tokens_before_it(url: str) -> None:
    """After one rotation the new token verifies and the old one still does; after two it does not."""
    verifier = TokenVerifier(
        [_trusted(url)], now=time.time, freshness=Freshness(fresh_for=0, cool_down=0, retry_delay=0)
    )
    old = _token(url, **_COURT)
    verifier.verify(old)
    assert _request("POST", f"{url}/rotate")[0] == 200
    verifier.verify(_token(url, **_COURT))
    verifier.verify(old)
    _request("POST", f"{url}/rotate")
    with pytest.raises(Unauthorized) as caught:
        verifier.verify(old)
    assert caught.value.reason is Refusal.KEY_UNKNOWN


@pytest.mark.parametrize(
    "body",
    [
        b"", b"no json", b"[]", b"{}", b'{"role": "court"}', b'{"role": 1, "sub": "x"}',
        b'{"role": "court", "sub": "x", "alg": "HS256"}', b'{"role": "court", "sub": "x", "alg": []}',
        b'{"role": "court", "sub": "x", "ttl_seconds": "60"}',
        b'{"role": "court", "sub": "x", "ttl_seconds": true}',
        b'{"role": "court", "sub": "x", "ttl_seconds": 99999999}', b" " * 70_000,
    ],
)  # fmt: skip
def test_a_bad_request_is_told_so(url: str, body: bytes) -> None:
    """A 400 with a description, never a broken connection."""
    status, answer = _request("POST", f"{url}/token", body)
    assert (status, answer["error"]) == (400, "invalid_request")


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_other_paths_are_not_found(url: str, method: str) -> None:
    """An unknown path is a 404 in JSON."""
    assert _request(method, f"{url}/elsewhere") == (404, {"error": "not_found"})


def test_it_runs_as_a_process_of_its_own() -> None:
    """`python -m infra.local.issuer` says where it listens, serves, and ends when told to."""
    command = [sys.executable, "-m", "infra.local.issuer", "--port", "0", "--audience", "jiefen-hub"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - a fixed command
        try:
            assert process.stdout is not None
            url = process.stdout.readline().split()[-1]
            verifier = token_verifier([_trusted(url)], now=time.time)
            token = _token(url, **_COURT)
            verifier.verify(token)
        finally:
            process.terminate()
    verifier.verify(token)  # the keys are known: the issuer is not needed any more
    with pytest.raises(IssuerUnreachable):
        token_verifier([_trusted(url)], now=time.time).verify(token)
