"""A signer whose private key is in KMS and never leaves it.

Promise: KMS is asked once for each signature and itself hashes the data: a PDF's signed attributes, some
hundred bytes (KMS takes up to 4,096). A certificate whose key is neither RSA nor elliptic-curve is refused
when it is read. Downside: a certificate of another key is noticed only when a signature is validated;
comparing public keys would cost a call on each start.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from botocore.exceptions import BotoCoreError, ClientError
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509 import load_pem_x509_certificates

from chalicelib.adapters.documents.errors import SigningFailed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_kms.client import KMSClient
    from mypy_boto3_kms.literals import SigningAlgorithmSpecType

_ALGORITHMS: Final[Mapping[type, SigningAlgorithmSpecType]] = {
    rsa.RSAPublicKey: "RSASSA_PKCS1_V1_5_SHA_256",
    ec.EllipticCurvePublicKey: "ECDSA_SHA_256",
}


@dataclass(frozen=True, slots=True)
class KmsSigner:
    """Signs with an asymmetric key of KMS."""

    certificate: bytes
    chain: tuple[bytes, ...]
    key_id: str
    algorithm: SigningAlgorithmSpecType
    client: KMSClient = field(repr=False)

    @classmethod
    def load(cls, client: KMSClient, key_id: str, certificates: str) -> KmsSigner:
        """Read the PEM certificates, the key's own first. Raises SigningFailed."""
        try:
            own, *issuers = load_pem_x509_certificates(certificates.encode())
        except ValueError as failed:
            raise SigningFailed("the certificates can't be read") from failed
        key = own.public_key()
        algorithm = next((name for kind, name in _ALGORITHMS.items() if isinstance(key, kind)), None)
        if algorithm is None:
            raise SigningFailed("the certificate's key is neither RSA nor elliptic-curve")
        der = serialization.Encoding.DER
        chain = tuple(issuer.public_bytes(der) for issuer in issuers)
        return cls(own.public_bytes(der), chain, key_id, algorithm, client)

    def sign(self, data: bytes) -> bytes:
        """Sign with SHA-256: RSA PKCS #1 v1.5, or ECDSA in DER. Raises SigningFailed if KMS refuses."""
        try:
            answer = self.client.sign(
                KeyId=self.key_id,
                Message=data,
                MessageType="RAW",
                SigningAlgorithm=self.algorithm,
            )
        except (BotoCoreError, ClientError) as failed:
            raise SigningFailed("KMS did not sign") from failed
        return answer["Signature"]
