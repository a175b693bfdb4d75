"""A signature that an authority dates lasts: it is checked by what it brings along (PAdES B-LT)."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives import serialization
from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko_certvalidator import ValidationContext

from chalicelib.adapters.documents.errors import SignerRevoked, SigningFailed
from chalicelib.adapters.documents.papers import PaperRenderer
from chalicelib.adapters.documents.rendering import render
from chalicelib.adapters.documents.signer import Timestamps
from chalicelib.adapters.documents.signing import sign
from chalicelib.adapters.documents.views.mediation import ServiceAddressConfirmation
from chalicelib.domain.errors import PaperNotPossible, TimestampUnavailable
from tests.support.signers import revoked_list, signer_of, signer_with_list
from tests.support.timestamp_authority import TimestampAuthority, running
from tests.unit.documents.cases import sources
from tests.unit.documents.samples import SAMPLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cryptography import x509

    from chalicelib.adapters.documents.local_key import LocalSigner

pytestmark = pytest.mark.enable_socket


@pytest.fixture
def authority() -> Iterator[TimestampAuthority]:
    with running() as started:
        yield started


@pytest.fixture(scope="module")
def signer() -> tuple[LocalSigner, str]:
    held, root = signer_of("ec")
    return held, root.public_bytes(serialization.Encoding.PEM).decode()


@pytest.fixture(scope="module")
def plain() -> bytes:
    return render(SAMPLES[ServiceAddressConfirmation], "pdf").content


def dated(
    plain: bytes, signer: tuple[LocalSigner, str], authority: TimestampAuthority, **changes: Any
) -> bytes:
    held, root = signer
    known: dict[str, Any] = {"url": authority.url, "roots": root + authority.root, "seconds": 2}
    timestamps = Timestamps(**known | changes)
    return sign(plain, held, reason="调解协议", location="宁德", timestamps=timestamps)


def test_a_signature_is_dated_by_the_authority_and_brings_its_certificates(
    plain: bytes, signer: tuple[LocalSigner, str], authority: TimestampAuthority
) -> None:
    """The signature covers the whole file, with what checks it later; the timestamp is valid too."""
    content = dated(plain, signer, authority)
    reader = PdfFileReader(io.BytesIO(content))
    (signature,) = reader.embedded_signatures
    roots = list(load_certs_from_pemder_data((signer[1] + authority.root).encode()))
    context = ValidationContext(trust_roots=roots, allow_fetching=False)
    status: Any = validate_pdf_signature(signature, signer_validation_context=context)
    assert status.bottom_line
    assert status.coverage.name == "ENTIRE_FILE"
    assert status.timestamp_validity.valid
    assert status.timestamp_validity.trusted
    assert content.startswith(plain)
    store = DocumentSecurityStore.read_dss(reader)
    names = {each.subject.native["common_name"] for each in store.load_certs()}
    assert {"TSA", "调解中心"} <= names
    assert len(store.crls) == 1, "the list of revoked certificates that the authority's certificate names"


def test_an_authority_that_fails_once_is_asked_again(
    plain: bytes, signer: tuple[LocalSigner, str], authority: TimestampAuthority
) -> None:
    """Nobody notices."""
    authority.refuses = 1
    assert len(PdfFileReader(io.BytesIO(dated(plain, signer, authority))).embedded_signatures) == 1
    assert authority.asked > 1


def test_an_authority_that_is_down_has_a_name(
    plain: bytes, signer: tuple[LocalSigner, str], authority: TimestampAuthority
) -> None:
    """It is asked twice and no more, and nothing is signed."""
    authority.refuses = 99
    with pytest.raises(TimestampUnavailable):
        dated(plain, signer, authority)
    assert authority.asked == 2


def test_an_authority_that_can_not_be_reached_has_a_name(
    plain: bytes, signer: tuple[LocalSigner, str], authority: TimestampAuthority
) -> None:
    """Nothing listens there."""
    with pytest.raises(TimestampUnavailable):
        dated(plain, signer, authority, url="http://127.0.0.1:9/tsa")


def test_a_timestamp_of_somebody_else_is_refused(
    plain: bytes, signer: tuple[LocalSigner, str], authority: TimestampAuthority
) -> None:
    """Its certificate leads to none that is trusted."""
    with pytest.raises(SigningFailed):
        dated(plain, signer, authority, roots=signer[1])


def listed(
    plain: bytes, authority: TimestampAuthority, make: Callable[[x509.Certificate, Any, int], bytes]
) -> bytes:
    """Sign with a key whose authority keeps a list of revoked certificates, made as told."""
    held, root, own, root_key = signer_with_list("ec", authority.of_signers_url)
    authority.of_signers = make(root, root_key, own.serial_number)
    pem = root.public_bytes(serialization.Encoding.PEM).decode()
    return dated(plain, (held, pem), authority)


def test_the_list_that_clears_the_signer_is_signed_along(plain: bytes, authority: TimestampAuthority) -> None:
    """Beside the authority's own: whoever checks it later needs no network."""
    content = listed(plain, authority, lambda root, key, _: revoked_list(root, key))
    reader = PdfFileReader(io.BytesIO(content))
    assert len(reader.embedded_signatures) == 1
    assert len(DocumentSecurityStore.read_dss(reader).crls) == 2


def test_a_revoked_signer_signs_nothing(plain: bytes, authority: TimestampAuthority) -> None:
    """The certificate is on its authority's list."""
    held, root, own, root_key = signer_with_list("ec", authority.of_signers_url)
    authority.of_signers = revoked_list(root, root_key, own.serial_number)
    pem = root.public_bytes(serialization.Encoding.PEM).decode()
    with pytest.raises(SignerRevoked):
        dated(plain, (held, pem), authority)
    timestamps = Timestamps(url=authority.url, roots=pem + authority.root, seconds=2)
    with pytest.raises(PaperNotPossible) as refused:
        PaperRenderer(lambda: held, timestamps).sign(plain, sources(), "mediation_agreement/3")
    assert refused.value.missing == ("signing_certificate",)


@pytest.mark.parametrize("garbage", [b"<html>moved</html>", b"", b"0\x82"])
def test_a_list_that_is_none_is_as_one_that_can_not_be_fetched(
    plain: bytes, authority: TimestampAuthority, garbage: bytes
) -> None:
    """A page of a proxy, for instance: the signature is dated and says nothing of the signer's revocation."""
    content = listed(plain, authority, lambda *_: garbage)
    reader = PdfFileReader(io.BytesIO(content))
    assert len(reader.embedded_signatures) == 1
    assert len(DocumentSecurityStore.read_dss(reader).crls) == 1
