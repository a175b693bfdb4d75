"""A token issuer for local runs: OIDC discovery, a JWK Set, signed tokens for whomever you name, rotation.

Promise: the hub verifies these tokens exactly as it verifies a bank's or a court's own; the keys are made
at start and die with the process. It listens on loopback only and is never packaged.
Downside: it signs whatever it is asked to, unauthenticated, and knows no sessions, scopes or consent.
"""

from __future__ import annotations

import argparse
import json
import time
import uuid
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Final

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

LOOPBACK: Final = "127.0.0.1"
DEFAULT_AUDIENCE: Final = "jiefen-hub"
DEFAULT_TTL_SECONDS: Final = 3600
_MAX_TTL_SECONDS: Final = 30 * 86_400
_MAX_BODY_BYTES: Final = 65_536


class BadRequestError(Exception):
    """The request for a token can't be understood; the message says why."""


@dataclass(frozen=True, slots=True)
class _SigningKey:
    key_id: str
    algorithm: str
    private_key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

    def public_jwk(self) -> dict[str, Any]:
        public = self.private_key.public_key()
        if isinstance(public, rsa.RSAPublicKey):
            jwk = RSAAlgorithm.to_jwk(public, as_dict=True)
        else:
            jwk = ECAlgorithm.to_jwk(public, as_dict=True)
        return {**jwk, "kid": self.key_id, "alg": self.algorithm, "use": "sig"}


def _new_keys() -> dict[str, _SigningKey]:
    return {
        "ES256": _SigningKey(uuid.uuid4().hex, "ES256", ec.generate_private_key(ec.SECP256R1())),
        "RS256": _SigningKey(uuid.uuid4().hex, "RS256", rsa.generate_private_key(65537, 2048)),
    }


class LocalIssuer:
    """The issuer itself, without HTTP. It publishes the keys in use and those before them."""

    def __init__(
        self, url: str, *, audience: str = DEFAULT_AUDIENCE, now: Callable[[], float] = time.time
    ) -> None:
        """Make keys; `url` becomes the `iss` of every token, `now` gives epoch seconds."""
        self.url = url
        self._audience = audience
        self._now = now
        self._previous: dict[str, _SigningKey] = {}
        self._current = _new_keys()

    def discovery(self) -> dict[str, Any]:
        """Return the OpenID Connect Discovery 1.0 document."""
        return {
            "issuer": self.url,
            "jwks_uri": f"{self.url}/jwks.json",
            "token_endpoint": f"{self.url}/token",
            "response_types_supported": ["token"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": sorted(self._current),
        }

    def jwks(self) -> dict[str, Any]:
        """Return the public keys of this rotation and the one before."""
        return {"keys": [key.public_jwk() for key in [*self._current.values(), *self._previous.values()]]}

    def rotate(self) -> dict[str, Any]:
        """Sign with new keys from now on; the present ones stay published until the next rotation."""
        self._previous, self._current = self._current, _new_keys()
        return {"kids": [key.key_id for key in self._current.values()]}

    def token(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """Sign {role, sub, ...claims, ttl_seconds?, alg?}. Raises BadRequestError.

        `aud` and `nbf` may be given like any claim; a negative `ttl_seconds` makes an expired token.
        """
        claims = dict(request)
        ttl_seconds = claims.pop("ttl_seconds", DEFAULT_TTL_SECONDS)
        key = self._current.get(str(claims.pop("alg", "ES256")))
        if key is None:
            raise BadRequestError(f"alg must be one of {sorted(self._current)}")
        if type(ttl_seconds) is not int or abs(ttl_seconds) > _MAX_TTL_SECONDS:
            raise BadRequestError(f"ttl_seconds must be a whole number within {_MAX_TTL_SECONDS}")
        if not all(isinstance(claims.get(name), str) for name in ("role", "sub")):
            raise BadRequestError("role and sub are required, as strings")
        issued_at = int(self._now())
        payload = {"aud": self._audience, **claims, "iss": self.url, "iat": issued_at}
        payload["exp"] = issued_at + ttl_seconds
        token = jwt.encode(payload, key.private_key, key.algorithm, headers={"kid": key.key_id})
        return {"access_token": token, "token_type": "Bearer", "expires_in": ttl_seconds}


class IssuerServer(ThreadingHTTPServer):
    """Serves a LocalIssuer on loopback; port 0 lets the system choose. Run it with `serve_forever()`."""

    daemon_threads = True

    def __init__(self, port: int, *, audience: str = DEFAULT_AUDIENCE) -> None:
        """Bind the port at once. Raises OSError if it is taken."""
        super().__init__((LOOPBACK, port), _Handler)
        self.issuer = LocalIssuer(f"http://{LOOPBACK}:{self.server_port}", audience=audience)


class _Handler(BaseHTTPRequestHandler):
    server: IssuerServer

    def do_GET(self) -> None:
        issuer = self.server.issuer
        routes = {"/.well-known/openid-configuration": issuer.discovery, "/jwks.json": issuer.jwks}
        if self.path in routes:
            self._answer(HTTPStatus.OK, routes[self.path]())
        else:
            self._answer(HTTPStatus.NOT_FOUND, {"error": "not_found"})

    def do_POST(self) -> None:
        issuer = self.server.issuer
        try:
            body = self._json_body()
            if self.path == "/token":
                self._answer(HTTPStatus.OK, issuer.token(body))
            elif self.path == "/rotate":
                self._answer(HTTPStatus.OK, issuer.rotate())
            else:
                self._answer(HTTPStatus.NOT_FOUND, {"error": "not_found"})
        except BadRequestError as error:
            self._answer(
                HTTPStatus.BAD_REQUEST, {"error": "invalid_request", "error_description": str(error)}
            )

    def _json_body(self) -> dict[str, Any]:
        length = self.headers.get("Content-Length", "0")
        if not (length.isascii() and length.isdigit()) or int(length) > _MAX_BODY_BYTES:
            raise BadRequestError(f"the body must be at most {_MAX_BODY_BYTES} bytes, its length declared")
        try:
            body = json.loads(self.rfile.read(int(length)) or b"{}")
        except (ValueError, RecursionError) as error:
            raise BadRequestError("the body must be JSON") from error
        if not isinstance(body, dict):
            raise BadRequestError("the body must be a JSON object")
        return body

    def _answer(self, status: HTTPStatus, document: Mapping[str, Any]) -> None:
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the standard library's name
        """Keep quiet: the demo's progress display owns the terminal."""


def main(arguments: list[str] | None = None) -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m infra.local.issuer", description=__doc__)
    parser.add_argument("--port", type=int, required=True, help="on 127.0.0.1; 0 lets the system choose")
    parser.add_argument("--audience", default=DEFAULT_AUDIENCE)
    options = parser.parse_args(arguments)
    with IssuerServer(options.port, audience=options.audience) as server:
        print(f"token issuer on {server.issuer.url}", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    main()
