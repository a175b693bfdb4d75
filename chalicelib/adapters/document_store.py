"""The document store: dossiers and papers in S3, encrypted by the bucket's own KMS key.

Promise: a dossier document's key is fixed by transfer and document id, a paper's by case and SHA-256, so
storing it again replaces it by the same bytes; S3 itself checks a paper's bytes against that SHA-256.
Downside: one bucket for both; prefixes, and the policies on them, keep them apart.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from chalicelib.domain.errors import DocumentNotFound, PaperNotFound

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

    from chalicelib.domain.dossier import DossierDocument
    from chalicelib.domain.papers import Paper


class S3DossierStore:
    """Documents in one bucket."""

    def __init__(self, client: S3Client, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def put(self, transfer_id: str, document: DossierDocument) -> None:
        """Store a document; storing the same one again changes nothing."""
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


class S3Papers:
    """The bytes of cases' papers, in the same bucket."""

    def __init__(self, client: S3Client, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def put(self, case_id: str, paper: Paper) -> None:
        """Store a paper's bytes under their SHA-256; storing the same bytes again changes nothing."""
        self._client.put_object(
            Bucket=self._bucket,
            Key=_paper_key(case_id, paper.sha256),
            Body=paper.content,
            ContentType=paper.media_type,
            ChecksumSHA256=base64.b64encode(bytes.fromhex(paper.sha256)).decode(),
        )

    def get(self, case_id: str, document_id: str) -> bytes:
        """Read a paper's bytes; raises PaperNotFound."""
        try:
            answer = self._client.get_object(Bucket=self._bucket, Key=_paper_key(case_id, document_id))
        except self._client.exceptions.NoSuchKey as error:
            raise PaperNotFound(document_id) from error
        return answer["Body"].read()


def _paper_key(case_id: str, sha256: str) -> str:
    return f"papers/{case_id}/{sha256}"
