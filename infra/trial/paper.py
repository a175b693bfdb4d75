"""Draws a paper in both formats and signs it; run with the zips of the package as the only import path."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from chalicelib.adapters.documents import docx, pdf, signing, typeface
from chalicelib.adapters.documents.local_key import LocalSigner
from chalicelib.adapters.documents.outline import Outline, Paragraph, Title, rewritten

outline = Outline(
    title="调解协议",
    made_on=date(2026, 1, 5),
    foot="试制",
    blocks=(Title(text="调解协议"), Paragraph(text="本页用于检验打包结果。")),
)
key = ec.generate_private_key(ec.SECP256R1())
name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "trial")])
now = datetime.now(UTC)
# pyHanko refuses a certificate that does not say what its key is for.
for_signatures = x509.KeyUsage(
    digital_signature=True,
    content_commitment=True,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=False,
    crl_sign=False,
    encipher_only=False,
    decipher_only=False,
)
certificate = (
    x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + timedelta(days=1))
    .add_extension(for_signatures, critical=True)
    .sign(key, hashes.SHA256())
)
signer = LocalSigner(certificate.public_bytes(serialization.Encoding.DER), (), key)
outline = rewritten(outline, typeface.printable)
drawn = pdf.draw(outline, 1)
docx.draw(outline)
signing.sign(drawn, signer, reason="试制", location="试制")
