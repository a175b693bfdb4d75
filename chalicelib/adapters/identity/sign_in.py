"""People sign in at an OIDC issuer: authorization code with PKCE (RFC 7636, S256), state and nonce.

Promise: whoever comes back is the person whom the issuer names, in the browser that began: the code is
exchanged with a verifier that never left the hub's sealed cookie, the id token is verified like any bearer
token of the issuer, for the client's id, and it repeats the nonce. Addresses come from the issuer's discovery
document, are https (http on loopback), and its tokens' keys from the configured JWKS.
PyJWT and urllib3 load with the first sign-in, for every page asks for the issuers' addresses.
Downside: a public client without a secret of its own; the issuer has to allow that.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode, urlsplit

from chalicelib.adapters.identity.issuers import is_safe
from chalicelib.adapters.identity.refusals import IssuerUnreachable, Unauthorized

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from chalicelib.adapters.identity.issuers import Issuer
    from chalicelib.adapters.identity.principal import Principal
    from chalicelib.adapters.identity.tokens import TokenVerifier

_KNOWN_FOR_SECONDS: Final = 3600.0
_RANDOM_BYTES: Final = 32


class SignInRefusal(StrEnum):
    """Why somebody did not get in: stable codes for the log and for the words of a page."""

    ISSUER_UNKNOWN = "issuer_unknown"
    ISSUER_UNREACHABLE = "issuer_unreachable"
    CODE_REFUSED = "code_refused"
    TOKEN_REFUSED = "token_refused"  # noqa: S105 - a code's name, no secret
    NONCE_WRONG = "nonce_wrong"


class SignInFailed(Exception):
    """Somebody did not get in; `reason` says why, `detail` is a code for the log."""

    def __init__(self, reason: SignInRefusal, detail: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """What the browser keeps, sealed, until the issuer sends it back."""

    issuer: str
    state: str
    nonce: str
    verifier: str

    def to_json(self) -> dict[str, str]:
        """Write it for sealing."""
        return {"issuer": self.issuer, "state": self.state, "nonce": self.nonce, "verifier": self.verifier}


class PeopleIssuers:
    """The issuers at which people sign in; one instance serves a process."""

    def __init__(
        self,
        issuers: Sequence[Issuer],
        *,
        now: Callable[[], float],
        fetch: Callable[..., bytes] | None = None,
    ) -> None:
        """Take those with a client id; `now` gives epoch seconds, `fetch` gets a URL or posts a form."""
        self._given_fetch = fetch
        self._now = now
        self._issuers = {each.issuer: each for each in issuers if each.client_id}
        self._verifiers: dict[str, TokenVerifier] = {}
        self._discovered: dict[str, tuple[float, Mapping[str, Any]]] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """The issuers' own addresses, in the order of the settings."""
        return tuple(self._issuers)

    @property
    def origins(self) -> tuple[str, ...]:
        """Where a browser may be sent to sign in: the origins of the issuers, for a page's policy."""
        return tuple(f"{parts.scheme}://{parts.netloc}" for parts in map(urlsplit, self._issuers))

    def begin(self, issuer: str, redirect_uri: str) -> tuple[str, Begun]:
        """Return where to send a browser, and what it keeps until it is back. Raises SignInFailed."""
        known = self._known(issuer)
        begun = Begun(
            issuer=issuer,
            state=secrets.token_urlsafe(_RANDOM_BYTES),
            nonce=secrets.token_urlsafe(_RANDOM_BYTES),
            verifier=secrets.token_urlsafe(_RANDOM_BYTES),
        )
        challenge = base64.urlsafe_b64encode(hashlib.sha256(begun.verifier.encode()).digest())
        asked = {
            "response_type": "code",
            "client_id": known.client_id,
            "redirect_uri": redirect_uri,
            "scope": "openid",
            "state": begun.state,
            "nonce": begun.nonce,
            "code_challenge": challenge.decode().rstrip("="),
            "code_challenge_method": "S256",
        }
        endpoint = self._endpoint(known, "authorization_endpoint")
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(asked)}", begun

    def finish(self, begun: Begun, code: str, redirect_uri: str) -> Principal:
        """Exchange the code and return whom the id token proves. Raises SignInFailed."""
        known = self._known(begun.issuer)
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "client_id": known.client_id,
            "code_verifier": begun.verifier,
        }
        token = self._id_token(self._endpoint(known, "token_endpoint"), form)
        try:
            principal = self._verifier(known).verify(token)
        except IssuerUnreachable as error:
            raise SignInFailed(SignInRefusal.ISSUER_UNREACHABLE, "jwks") from error
        except Unauthorized as refused:
            raise SignInFailed(SignInRefusal.TOKEN_REFUSED, refused.reason) from None
        if not secrets.compare_digest(_nonce_of(token), begun.nonce):
            raise SignInFailed(SignInRefusal.NONCE_WRONG)
        return principal

    @cached_property
    def _fetch(self) -> Callable[..., bytes]:
        from chalicelib.adapters.identity.jwks import HttpsFetch  # noqa: PLC0415 - see the module's docstring

        return self._given_fetch or HttpsFetch()

    def _verifier(self, issuer: Issuer) -> TokenVerifier:
        from chalicelib.adapters.identity.tokens import TokenVerifier  # noqa: PLC0415 - the same

        if issuer.issuer not in self._verifiers:
            for_client = replace(issuer, audience=issuer.client_id)
            self._verifiers[issuer.issuer] = TokenVerifier([for_client], now=self._now, fetch=self._fetch)
        return self._verifiers[issuer.issuer]

    def _known(self, issuer: str) -> Issuer:
        known = self._issuers.get(issuer)
        if known is None:
            raise SignInFailed(SignInRefusal.ISSUER_UNKNOWN)
        return known

    def _endpoint(self, issuer: Issuer, name: str) -> str:
        endpoint = self._discovery(issuer).get(name)
        if not isinstance(endpoint, str) or not is_safe(endpoint):
            raise SignInFailed(SignInRefusal.ISSUER_UNREACHABLE, f"no_{name}")
        return endpoint

    def _discovery(self, issuer: Issuer) -> Mapping[str, Any]:
        read_at, known = self._discovered.get(issuer.issuer, (float("-inf"), {}))
        if self._now() - read_at < _KNOWN_FOR_SECONDS:
            return known
        url = issuer.issuer.rstrip("/") + "/.well-known/openid-configuration"
        document = self._json(url, None, SignInRefusal.ISSUER_UNREACHABLE)
        if document.get("issuer") != issuer.issuer:
            raise SignInFailed(SignInRefusal.ISSUER_UNREACHABLE, "another_issuer")
        self._discovered[issuer.issuer] = (self._now(), document)
        return document

    def _id_token(self, endpoint: str, form: Mapping[str, str]) -> str:
        token = self._json(endpoint, form, SignInRefusal.CODE_REFUSED).get("id_token")
        if not isinstance(token, str):
            raise SignInFailed(SignInRefusal.CODE_REFUSED, "no_id_token")
        return token

    def _json(self, url: str, form: Mapping[str, str] | None, refusal: SignInRefusal) -> Mapping[str, Any]:
        from chalicelib.adapters.identity.jwks import FetchFailedError  # noqa: PLC0415 - the same

        try:
            answer = self._fetch(url) if form is None else self._fetch(url, form)
            document = json.loads(answer)
        except FetchFailedError as failed:
            refused = refusal if str(failed) == "status_400" else SignInRefusal.ISSUER_UNREACHABLE
            raise SignInFailed(refused, str(failed)) from None
        except (ValueError, RecursionError):
            raise SignInFailed(SignInRefusal.ISSUER_UNREACHABLE, "no_json") from None
        if not isinstance(document, dict):
            raise SignInFailed(SignInRefusal.ISSUER_UNREACHABLE, "no_object")
        return document


def _nonce_of(token: str) -> str:
    # The token is verified already, so its payload is JSON.
    payload = token.split(".")[1]
    nonce = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))).get("nonce")
    return nonce if isinstance(nonce, str) else ""
