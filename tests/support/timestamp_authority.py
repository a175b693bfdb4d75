"""A timestamp authority of the tests: an HTTP server that dates what it is sent, or fails as it is told."""

from __future__ import annotations

import asyncio
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from asn1crypto import keys, tsp  # type: ignore[import-untyped] # ships no type information
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.sign.timestamps import DummyTimeStamper

if TYPE_CHECKING:
    from collections.abc import Iterator


class TimestampAuthority:
    """Its URL, its root as PEM, how often it was asked, and how many of the next requests it refuses.

    Beside its own list of revoked certificates it serves one of somebody else, `of_signers`.
    """

    of_signers: bytes | None

    def __init__(self, origin: str) -> None:
        self.asked, self.refuses = 0, 0
        self.of_signers_url, self.of_signers = f"{origin}/signers.crl", None
        self.url = f"{origin}/tsa"
        root_key, key = (rsa.generate_private_key(65537, 2048) for _ in range(2))
        root, own = _certificates(root_key, key, f"{origin}/crl")
        self.revoked = _revoked(root_key, root)
        self.root = root.public_bytes(serialization.Encoding.PEM).decode()
        der = key.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        (certificate,) = load_certs_from_pemder_data(own.public_bytes(serialization.Encoding.DER))
        self._stamper = DummyTimeStamper(certificate, keys.PrivateKeyInfo.load(der))

    def answer(self, body: bytes) -> bytes | None:
        """Return the answer to a request; None to refuse it."""
        self.asked += 1
        if self.refuses > 0:
            self.refuses -= 1
            return None
        request = tsp.TimeStampReq.load(body)
        return bytes(asyncio.run(self._stamper.async_request_tsa_response(request)).dump())


def _certificates(root_key: Any, key: Any, crl: str) -> tuple[x509.Certificate, x509.Certificate]:
    now = datetime.now(UTC)
    name, own = (x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)]) for text in ("TSA root", "TSA"))

    def builder(subject: x509.Name, public: Any) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(name)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=30))
        )

    root = (
        builder(name, root_key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(root_key, hashes.SHA256())
    )
    stamping = (
        builder(own, key.public_key())
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .add_extension(
            x509.CRLDistributionPoints(
                [x509.DistributionPoint([x509.UniformResourceIdentifier(crl)], None, None, None)]
            ),
            critical=False,
        )
        .sign(root_key, hashes.SHA256())
    )
    return root, stamping


def _revoked(root_key: Any, root: x509.Certificate) -> bytes:
    """Return the authority's list of revoked certificates, which is empty."""
    now = datetime.now(UTC)
    listed = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(root.subject)
        .last_update(now - timedelta(hours=1))
        .next_update(now + timedelta(days=1))
        .add_extension(x509.CRLNumber(1), critical=False)
        .sign(root_key, hashes.SHA256())
    )
    return listed.public_bytes(serialization.Encoding.DER)


@contextmanager
def running() -> Iterator[TimestampAuthority]:
    """Run an authority on a free port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            listed = authority.revoked if self.path == "/crl" else authority.of_signers
            self._send(404 if listed is None else 200, "application/pkix-crl", listed or b"")

        def do_POST(self) -> None:
            answer = authority.answer(self.rfile.read(int(self.headers["Content-Length"])))
            self._send(200 if answer else 503, "application/timestamp-reply", answer or b"")

        def _send(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        authority = TimestampAuthority(f"http://127.0.0.1:{server.server_address[1]}")
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield authority
        finally:
            server.shutdown()
            thread.join()
