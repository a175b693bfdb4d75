"""Which settings of an issuer are accepted."""

from __future__ import annotations

import pytest

from chalicelib.adapters.identity import Issuer


@pytest.mark.parametrize(
    "url",
    [
        "https://issuer.example/keys",
        "http://127.0.0.1:8081/keys",
        "http://[::1]:8081/keys",
        "http://localhost/keys",
    ],
)
def test_https_anywhere_and_http_on_loopback_are_accepted(url: str) -> None:
    """Local runs need no certificates; everything else does."""
    assert Issuer(url, url, "jiefen-hub", ("ES256",)).jwks_uri == url


@pytest.mark.parametrize(
    "url",
    [
        "http://issuer.example/keys", "http://127.0.0.1.example/keys", "http://10.0.0.1/keys", "ftp://127.0.0.1/keys",
        "file:///keys", "issuer.example", "", "https:///keys", "https://user@issuer.example/keys",
        "https://issuer.example/keys#part", "http://0.0.0.0/keys",
    ],
)  # fmt: skip
def test_any_other_address_is_refused(url: str) -> None:
    """Keys that came over plain http, or from a file, would prove nothing."""
    good = "https://issuer.example"
    for issuer, jwks_uri, name in ((url, good, "issuer"), (good, url, "jwks_uri")):
        with pytest.raises(ValueError, match=name):
            Issuer(issuer, jwks_uri, "jiefen-hub", ("ES256",))


@pytest.mark.parametrize("algorithms", [(), ("none",), ("HS256",), ("ES256", "HS256"), ("RS512",)])
def test_only_known_asymmetric_algorithms_can_be_configured(algorithms: tuple[str, ...]) -> None:
    """Not even configuration can switch on `none` or a shared secret."""
    with pytest.raises(ValueError, match="algorithms"):
        Issuer("https://issuer.example", "https://issuer.example", "jiefen-hub", algorithms)


def test_an_audience_is_required() -> None:
    """An empty audience would accept nothing, and hide why."""
    with pytest.raises(ValueError, match="audience"):
        Issuer("https://issuer.example", "https://issuer.example", "", ("ES256",))
