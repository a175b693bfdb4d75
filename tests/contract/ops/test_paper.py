"""`verify-paper`: what passes is what was signed, whole and by somebody whom the reader trusts."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives import serialization
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from typer.testing import CliRunner

from chalicelib.adapters.documents.rendering import render
from chalicelib.adapters.documents.signer import Timestamps
from chalicelib.adapters.documents.signing import sign
from chalicelib.adapters.documents.views.mediation import ServiceAddressConfirmation
from infra.ops.__main__ import app
from tests.support.signers import signer_of
from tests.support.timestamp_authority import running
from tests.unit.documents.samples import SAMPLES

if TYPE_CHECKING:
    from pathlib import Path

    from cryptography import x509


@pytest.fixture(name="plain", scope="module")
def _plain() -> bytes:
    return render(SAMPLES[ServiceAddressConfirmation], "pdf").content


def checked(folder: Path, pdf: bytes, root: x509.Certificate | None = None) -> Any:
    """Run the command on a paper, with an authority to trust or without."""
    (folder / "paper.pdf").write_bytes(pdf)
    arguments = ["verify-paper", str(folder / "paper.pdf")]
    if root is not None:
        (folder / "root.pem").write_bytes(root.public_bytes(serialization.Encoding.PEM))
        arguments += ["--trust", str(folder / "root.pem")]
    return CliRunner().invoke(app, arguments)


def test_what_was_signed_passes(plain: bytes, tmp_path: Path) -> None:
    """With the signer's name; whether its certificate is trusted is said, or that nobody asked."""
    signer, root = signer_of("ec")
    signed = sign(plain, signer, reason="r", location="l")
    with_trust, without = checked(tmp_path, signed, root), checked(tmp_path, signed)
    assert with_trust.exit_code == 0, with_trust.output
    assert "intact 完好: Common Name: 调解中心" in with_trust.stdout
    assert "trusted 证书可信" in with_trust.stdout
    assert without.exit_code == 0
    assert "certificate not checked" in without.stdout


@pytest.mark.enable_socket
def test_a_timestamp_says_who_dated_it(plain: bytes, tmp_path: Path) -> None:
    """Its authority is to be trusted as the signer's is."""
    signer, root = signer_of("ec")
    pem = root.public_bytes(serialization.Encoding.PEM).decode()
    with running() as authority:
        timestamps = Timestamps(url=authority.url, roots=pem + authority.root)
        signed = sign(plain, signer, reason="r", location="l", timestamps=timestamps)
    (tmp_path / "both.pem").write_text(pem + authority.root)
    (tmp_path / "paper.pdf").write_bytes(signed)
    arguments = ["verify-paper", str(tmp_path / "paper.pdf"), "--trust"]
    result = CliRunner().invoke(app, [*arguments, str(tmp_path / "both.pem")])
    assert result.exit_code == 0, result.output
    assert "dated by 时间戳 Common Name: TSA" in result.stdout
    result = checked(tmp_path, signed, root)
    assert (result.exit_code, result.stdout) == (
        1,
        "REFUSED 不通过: its timestamp's certificate leads to none that you trust\n",
    )


def test_what_was_added_afterwards_is_refused(plain: bytes, tmp_path: Path) -> None:
    """Although the signature still fits what it covers."""
    signer, root = signer_of("ec")
    later = IncrementalPdfFileWriter(io.BytesIO(sign(plain, signer, reason="r", location="l")))
    later.root["/Lang"] = later.root["/Lang"]
    later.update_root()  # type: ignore[no-untyped-call] # untyped in pyHanko
    written = io.BytesIO()
    later.write(written)  # type: ignore[no-untyped-call] # untyped in pyHanko
    result = checked(tmp_path, written.getvalue(), root)
    assert (result.exit_code, result.stdout) == (
        1,
        "REFUSED 不通过: something was added after it was signed; ask for the paper again\n",
    )


def test_what_is_not_signed_or_not_by_whom_one_trusts_is_refused(plain: bytes, tmp_path: Path) -> None:
    """No signature, a changed byte, another authority, no PDF at all; no certificate is wrong input."""
    signer, root = signer_of("ec")
    _other, stranger = signer_of("ec")
    signed = sign(plain, signer, reason="r", location="l")
    changed = bytearray(signed)
    changed[len(plain) // 2] ^= 1
    for pdf, trusted, why in (
        (plain, root, "it has 0 signatures"),
        (bytes(changed), root, "it was changed"),
        (signed, stranger, "its certificate leads to none that you trust"),
        (b"no pdf", root, "its signature can't be read"),
    ):
        result = checked(tmp_path, pdf, trusted)
        assert result.exit_code == 1, result.output
        assert why in result.stdout
    (tmp_path / "root.pem").write_text("nothing")
    arguments = ["verify-paper", str(tmp_path / "paper.pdf"), "--trust", str(tmp_path / "root.pem")]
    assert CliRunner().invoke(app, arguments).exit_code == 2
