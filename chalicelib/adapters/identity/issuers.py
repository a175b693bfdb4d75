"""An OIDC issuer that the hub trusts, as configured.

Promise: every `Issuer` object is safe to use: its addresses are https (plain http on loopback only)
and its algorithms are asymmetric ones that the hub knows. Why: a wrong setting must stop the authorizer
when it starts, not weaken it. Downside: adding an algorithm is a change of code, not of configuration.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, urlsplit

KNOWN_ALGORITHMS: Final = frozenset({"ES256", "RS256"})


@dataclass(frozen=True, slots=True)
class Issuer:
    """`issuer` and `audience` are compared exactly with `iss` and `aud`. Raises ValueError if unsafe.

    `roles` and `institution_ids` limit what its tokens may say; empty means any. A bank's own issuer
    gets roles ("institution",) and that bank's id, so its tokens can't name another institution.
    `longest_life_seconds` is from `iat` to `exp`: nothing but its end takes a token back. An issuer with a
    `client_id` is for people: they sign in to the console there (OIDC authorization code with PKCE, a public
    client), and the id tokens made for it have the client id as audience.
    """

    issuer: str
    jwks_uri: str
    audience: str
    algorithms: tuple[str, ...]
    roles: tuple[str, ...] = ()
    institution_ids: tuple[str, ...] = ()
    longest_life_seconds: int = 86_400
    client_id: str = ""

    def may_say(self, role: str, institution_id: str | None) -> bool:
        """Tell whether this issuer is trusted to name this role, and this institution."""
        if self.roles and role not in self.roles:
            return False
        return not (institution_id and self.institution_ids and institution_id not in self.institution_ids)

    def __post_init__(self) -> None:
        for name, url in (("issuer", self.issuer), ("jwks_uri", self.jwks_uri)):
            if not is_safe(url):
                raise ValueError(f"{name} must be an https URL, or http on loopback: {url!r}")
        if not self.audience:
            raise ValueError("audience must not be empty")
        if type(self.longest_life_seconds) is not int or self.longest_life_seconds <= 0:
            raise ValueError(f"longest_life_seconds must be a whole number: {self.longest_life_seconds!r}")
        if not self.algorithms or not set(self.algorithms) <= KNOWN_ALGORITHMS:
            raise ValueError(f"algorithms must be some of {sorted(KNOWN_ALGORITHMS)}: {self.algorithms!r}")


def is_safe(url: str) -> bool:
    """Tell whether an address is https, or plain http on loopback, without a user or a fragment."""
    parts = urlsplit(url)
    if not parts.hostname or parts.username is not None or parts.fragment:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(parts))


def _is_loopback(parts: SplitResult) -> bool:
    if parts.hostname == "localhost":
        return True
    try:
        return ipaddress.ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return False
