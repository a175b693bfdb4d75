"""The court's client of the hub: tokens, dossiers, documents, callbacks; only what the contract offers.

Promise: no redirect is followed, nothing outside the configured hub is fetched, and no body is kept or
printed: a dossier is looked at for its ids, a document only for its digest.
"""

from __future__ import annotations

import hashlib
import json
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import urllib3

if TYPE_CHECKING:
    from collections.abc import Mapping

_OK: Final = 200
_SEE_OTHER: Final = 303
_UNAUTHORIZED: Final = 401
_TIMEOUT: Final = urllib3.Timeout(connect=3, total=20)


class HubUnavailable(Exception):
    """The hub or the token issuer did not give what was asked for; `args[0]` is an HTTP status or a name."""


@dataclass(frozen=True)
class Identity:
    """The token issuer's URL, and the claims of the court's token."""

    issuer_url: str
    subject: str
    court_id: str


class Hub:
    """Fetches from, and posts to, one hub."""

    def __init__(self, url: str, identity: Identity) -> None:
        """`url` is the hub's base URL; nothing elsewhere is ever fetched."""
        self.url = url.rstrip("/")
        self._identity = identity
        self._http = urllib3.PoolManager(maxsize=8, retries=False)
        self._token: str | None = None
        self._lock = threading.Lock()

    def close(self) -> None:
        """Close its connections."""
        self._http.clear()

    def dossier_url(self, transfer_id: str) -> str:
        """Return where this hub keeps the dossier of a transfer: the only address it is fetched from."""
        return f"{self.url}/v1/court/transfers/{transfer_id}"

    def dossier(self, transfer_id: str) -> Any:
        """Return the parsed dossier. Raises HubUnavailable."""
        try:
            return json.loads(self._fetch(self.dossier_url(transfer_id)))
        except ValueError:
            raise HubUnavailable("not_json") from None

    def document_digest(self, transfer_id: str, document_id: str) -> str:
        """Return the SHA-256 of a document's bytes, in hex. Raises HubUnavailable."""
        body = self._fetch(f"{self.dossier_url(transfer_id)}/documents/{document_id}")
        return hashlib.sha256(body).hexdigest()

    def call_back(self, body: bytes, headers: Mapping[str, str]) -> tuple[int, bytes]:
        """Send a signed callback; return status and answer. Raises HubUnavailable if there is none."""
        try:
            response = self._http.request(
                "POST",
                f"{self.url}/v1/court/callbacks",
                body=body,
                headers={**headers, "content-type": "application/json"},
                timeout=_TIMEOUT,
                retries=False,
                redirect=False,
            )
        except urllib3.exceptions.HTTPError as error:
            raise HubUnavailable(type(error).__name__) from None
        return response.status, response.data

    def _fetch(self, url: str) -> bytes:
        try:
            response = self._get(url, self._bearer(renew=False))
            if response.status == _UNAUTHORIZED:
                response = self._get(url, self._bearer(renew=True))
            if response.status == _SEE_OTHER:
                # The address is the permission; the token is for the hub alone.
                response = self._get(response.headers["location"])
        except urllib3.exceptions.HTTPError as error:
            raise HubUnavailable(type(error).__name__) from None
        if response.status != _OK:
            raise HubUnavailable(str(response.status))
        return response.data

    def _get(self, url: str, token: str | None = None) -> urllib3.BaseHTTPResponse:
        headers = {} if token is None else {"authorization": f"Bearer {token}"}
        return self._http.request(
            "GET", url, headers=headers, timeout=_TIMEOUT, retries=False, redirect=False
        )

    def _bearer(self, *, renew: bool) -> str:
        with self._lock:
            if renew or self._token is None:
                self._token = self._request_token()
            return self._token

    def _request_token(self) -> str:
        who = {"role": "court", "sub": self._identity.subject, "court_id": self._identity.court_id}
        response = self._http.request(
            "POST",
            f"{self._identity.issuer_url.rstrip('/')}/token",
            json=who,
            timeout=_TIMEOUT,
            retries=False,
        )
        try:
            return str(json.loads(response.data)["access_token"])
        except (ValueError, KeyError, TypeError):
            raise HubUnavailable("no_token") from None
