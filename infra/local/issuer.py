"""A token issuer for local runs: OIDC discovery, a JWK Set, signed tokens for whomever you name, rotation.

People sign in to the console here: a page lets them choose who they are, and the code they come back with is
exchanged once, by whoever knows its PKCE verifier.

Promise: the hub verifies these tokens exactly as it verifies a bank's or a court's own; the keys are made
at start and die with the process. It listens on loopback only and is never packaged.
Downside: it signs whatever it is asked to, unauthenticated, and knows no sessions, scopes or consent.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import html
import json
import secrets
import time
import uuid
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, urlencode

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from infra.local.staff import logins

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Login = tuple[str, Mapping[str, str]]

LOOPBACK: Final = "127.0.0.1"
DEFAULT_AUDIENCE: Final = "jiefen-hub"
DEFAULT_TTL_SECONDS: Final = 3600
_MAX_TTL_SECONDS: Final = 30 * 86_400
_MAX_BODY_BYTES: Final = 65_536
_CODE_SECONDS: Final = 60
_FORM_TYPE: Final = "application/x-www-form-urlencoded"
_ASKED: Final = ("client_id", "redirect_uri", "state", "nonce", "code_challenge", "code_challenge_method")


class BadRequestError(Exception):
    """The request for a token can't be understood; the message says why, `error` is OAuth's code."""

    def __init__(self, message: str, error: str = "invalid_request") -> None:
        super().__init__(message)
        self.error = error


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
        self,
        url: str,
        *,
        audience: str = DEFAULT_AUDIENCE,
        now: Callable[[], float] = time.time,
        people: Sequence[Login] = (),
    ) -> None:
        """Make keys; `url` becomes the `iss` of every token, `now` gives epoch seconds.

        `people` may sign in: each with a name and claims.
        """
        self.url = url
        self.people = people
        self._codes: dict[str, tuple[float, Mapping[str, str], Mapping[str, str]]] = {}
        self._audience = audience
        self._now = now
        self._previous: dict[str, _SigningKey] = {}
        self._current = _new_keys()

    def discovery(self) -> dict[str, Any]:
        """Return the OpenID Connect Discovery 1.0 document."""
        return {
            "issuer": self.url,
            "jwks_uri": f"{self.url}/jwks.json",
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "response_types_supported": ["code", "token"],
            "code_challenge_methods_supported": ["S256"],
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

    def login_page(self, asked: Mapping[str, str]) -> str:
        """Return the page on which somebody chooses who they are. Raises BadRequestError."""
        _check_asked(asked)
        hidden = "".join(
            f'<input type="hidden" name="{name}" value="{html.escape(asked[name])}">' for name in _ASKED
        )
        buttons = "".join(
            f'<p><button name="person" value="{number}">{html.escape(name)} · {claims["role"]}</button></p>'
            for number, (name, claims) in enumerate(self.people)
        )
        return _LOGIN_PAGE.format(hidden=hidden, buttons=buttons)

    def code_for(self, asked: Mapping[str, str]) -> str:
        """Return the address to send back whoever chose a person. Raises BadRequestError."""
        _check_asked(asked)
        person = dict(enumerate(self.people)).get(int(asked.get("person", "-1")))
        if person is None:
            raise BadRequestError("there is no such person")
        code = secrets.token_urlsafe(32)
        self._codes[code] = (self._now() + _CODE_SECONDS, person[1], dict(asked))
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def exchanged(self, form: Mapping[str, str]) -> dict[str, Any]:
        """Return the tokens for a code, once, to whoever has its verifier. Raises BadRequestError."""
        until, claims, asked = self._codes.pop(form.get("code", ""), (0.0, {}, {}))
        same = all(form.get(name) == asked.get(name) for name in ("client_id", "redirect_uri"))
        if self._now() >= until or not same or _challenge(form) != asked["code_challenge"]:
            raise BadRequestError("the code is not known, not yours, or too old", "invalid_grant")
        token = self.token({**claims, "aud": asked["client_id"], "nonce": asked["nonce"]})
        return {**self.token(claims), "id_token": token["access_token"]}


def _check_asked(asked: Mapping[str, str]) -> None:
    if missing := [name for name in _ASKED if not asked.get(name)]:
        raise BadRequestError(f"missing: {', '.join(missing)}")
    # A browser must not be sent from here to anybody else's page.
    if asked["code_challenge_method"] != "S256" or not asked["redirect_uri"].startswith(
        f"http://{LOOPBACK}:"
    ):
        raise BadRequestError("S256 and a redirect_uri on loopback are needed")


def _challenge(form: Mapping[str, str]) -> str:
    digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


_LOGIN_PAGE: Final = """<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>选择人员</title></head>
<body><main><h1>选择人员 · Choose who you are</h1><form method="post" action="/authorize">
{hidden}{buttons}</form></main></body></html>"""


class IssuerServer(ThreadingHTTPServer):
    """Serves a LocalIssuer on loopback; port 0 lets the system choose. Run it with `serve_forever()`."""

    daemon_threads = True

    def __init__(self, port: int, *, audience: str = DEFAULT_AUDIENCE, people: Sequence[Login] = ()) -> None:
        """Bind the port at once. Raises OSError if it is taken."""
        super().__init__((LOOPBACK, port), _Handler)
        self.issuer = LocalIssuer(f"http://{LOOPBACK}:{self.server_port}", audience=audience, people=people)


class _Handler(BaseHTTPRequestHandler):
    server: IssuerServer

    def do_GET(self) -> None:
        issuer = self.server.issuer
        path, _, query = self.path.partition("?")
        routes = {"/.well-known/openid-configuration": issuer.discovery, "/jwks.json": issuer.jwks}
        if path == "/authorize":
            self._refusing(lambda: self._page(issuer.login_page(dict(parse_qsl(query)))))
        elif path in routes:
            self._answer(HTTPStatus.OK, routes[path]())
        else:
            self._answer(HTTPStatus.NOT_FOUND, {"error": "not_found"})

    def do_POST(self) -> None:
        self._refusing(self._posted)

    def _posted(self) -> None:
        issuer = self.server.issuer
        if self.path == "/authorize":
            self._send(HTTPStatus.SEE_OTHER, b"", Location=issuer.code_for(self._form()))
        elif self.path == "/token" and self.headers.get("Content-Type") == _FORM_TYPE:
            self._answer(HTTPStatus.OK, issuer.exchanged(self._form()))
        elif self.path == "/token":
            self._answer(HTTPStatus.OK, issuer.token(self._json_body()))
        elif self.path == "/rotate":
            self._json_body()
            self._answer(HTTPStatus.OK, issuer.rotate())
        else:
            self._body()
            self._answer(HTTPStatus.NOT_FOUND, {"error": "not_found"})

    def _refusing(self, answer: Callable[[], None]) -> None:
        try:
            answer()
        except BadRequestError as error:
            self._answer(HTTPStatus.BAD_REQUEST, {"error": error.error, "error_description": str(error)})

    def _form(self) -> dict[str, str]:
        return dict(parse_qsl(self._body().decode("utf-8", "replace")))

    def _body(self) -> bytes:
        length = self.headers.get("Content-Length", "0")
        if not (length.isascii() and length.isdigit()) or int(length) > _MAX_BODY_BYTES:
            raise BadRequestError(f"the body must be at most {_MAX_BODY_BYTES} bytes, its length declared")
        return self.rfile.read(int(length))

    def _json_body(self) -> dict[str, Any]:
        try:
            body = json.loads(self._body() or b"{}")
        except (ValueError, RecursionError) as error:
            raise BadRequestError("the body must be JSON") from error
        if not isinstance(body, dict):
            raise BadRequestError("the body must be a JSON object")
        return body

    def _answer(self, status: HTTPStatus, document: Mapping[str, Any]) -> None:
        self._send(status, json.dumps(document).encode(), Content_Type="application/json")

    def _page(self, page: str) -> None:
        self._send(HTTPStatus.OK, page.encode(), Content_Type="text/html; charset=utf-8")

    def _send(self, status: HTTPStatus, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
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
    parser.add_argument("--court-id", help="whose people may sign in here; default: nobody")
    options = parser.parse_args(arguments)
    people = logins(options.court_id) if options.court_id else []
    with IssuerServer(options.port, audience=options.audience, people=people) as server:
        print(f"token issuer on {server.issuer.url}", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    main()
