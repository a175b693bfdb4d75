"""The document store: dossier documents in S3, encrypted by the bucket's own KMS key.

Promise: a document's key is fixed by transfer and document id, so storing it again replaces it by the
same bytes; what the manifest's SHA-256 says is what is read back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.errors import DocumentNotFound

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

    from chalicelib.domain.dossier import DossierDocument


class S3Documents:
    """Documents in one bucket."""

    def __init__(self, client: S3Client, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def put(self, transfer_id: str, document: DossierDocument) -> None:
        """Store a document; the same one again changes nothing."""
        self._client.put_object(
            Bucket=self._bucket,
            Key=_key(transfer_id, document.document_id),
            Body=document.content,
            ContentType=document.media_type,
        )

    def get(self, transfer_id: str, document_id: str) -> bytes:
        """Read a document's bytes; raises DocumentNotFound."""
        try:
            answer = self._client.get_object(Bucket=self._bucket, Key=_key(transfer_id, document_id))
        except self._client.exceptions.NoSuchKey as error:
            raise DocumentNotFound(document_id) from error
        return answer["Body"].read()


def _key(transfer_id: str, document_id: str) -> str:
    return f"dossiers/{transfer_id}/{document_id}"
