"""The document store: dossiers and papers in S3, encrypted by the bucket's own KMS key.

Promise: a dossier document's key is fixed by transfer and document id, a paper's by case and SHA-256, so
storing it again replaces it by the same bytes. S3 is given the SHA-256 with the bytes, and the hub checks
what it reads, since not everything that answers like S3 does.
Downside: one bucket for both; prefixes, and the policies on them, keep them apart.
"""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING, Final

from botocore.exceptions import FlexibleChecksumError

from chalicelib.adapters.aws import calling
from chalicelib.domain.errors import ContentAltered, DocumentNotFound, PaperNotFound
from chalicelib.domain.hashing import checked

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

    from chalicelib.domain.dossier import DossierDocument
    from chalicelib.domain.papers import Paper


_LINK_SECONDS: Final = 60


class S3DossierStore:
    """Documents in one bucket."""

    def __init__(self, client: S3Client, bucket: str) -> None:
        self._objects = _Objects(client, bucket)

    def put(self, transfer_id: str, document: DossierDocument) -> None:
        """Store a document; storing the same one again changes nothing."""
        self._objects.put(_key(transfer_id, document.document_id), document.content, document.media_type)

    def get(self, transfer_id: str, document_id: str) -> bytes:
        """Read a document's bytes; raises DocumentNotFound. The manifest knows their SHA-256."""
        content = self._objects.get(_key(transfer_id, document_id))
        if content is None:
            raise DocumentNotFound(document_id)
        return content

    def link(self, transfer_id: str, document_id: str) -> str:
        """Return an address that gives a document's bytes for a minute."""
        return self._objects.link(_key(transfer_id, document_id))


def _key(transfer_id: str, document_id: str) -> str:
    return f"dossiers/{transfer_id}/{document_id}"


class S3Papers:
    """The bytes of cases' papers, in the same bucket."""

    def __init__(self, client: S3Client, bucket: str) -> None:
        self._objects = _Objects(client, bucket)

    def put(self, case_id: str, paper: Paper) -> None:
        """Store a paper's bytes under their SHA-256; the same bytes again change nothing.

        Raises ContentAltered for bytes that do not have it.
        """
        content = checked(paper.content, paper.sha256)
        self._objects.put(_paper_key(case_id, paper.sha256), content, paper.media_type)

    def get(self, case_id: str, document_id: str) -> bytes:
        """Read a paper's bytes, whose SHA-256 is its id; raises PaperNotFound or ContentAltered."""
        content = self._objects.get(_paper_key(case_id, document_id))
        if content is None:
            raise PaperNotFound(document_id)
        return checked(content, document_id)

    def link(self, case_id: str, document_id: str) -> str:
        """Return an address that gives a paper's bytes for a minute."""
        return self._objects.link(_paper_key(case_id, document_id))


def _paper_key(case_id: str, sha256: str) -> str:
    return f"papers/{case_id}/{sha256}"


class _Objects:
    """A bucket's objects, by key."""

    def __init__(self, client: S3Client, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def put(self, key: str, content: bytes, media_type: str) -> None:
        sha256 = base64.b64encode(hashlib.sha256(content).digest()).decode()
        with calling():  # what is under a key is always the same: whether it took effect matters to nobody
            self._client.put_object(
                Bucket=self._bucket, Key=key, Body=content, ContentType=media_type, ChecksumSHA256=sha256
            )

    def get(self, key: str) -> bytes | None:
        try:
            with calling():
                return self._client.get_object(Bucket=self._bucket, Key=key)["Body"].read()
        except self._client.exceptions.NoSuchKey:
            return None
        except FlexibleChecksumError as error:
            raise ContentAltered("the bytes are not those of the checksum stored with them") from error

    def link(self, key: str) -> str:
        where = {"Bucket": self._bucket, "Key": key}
        with calling():  # no request is made, but the credentials it signs with may have to be renewed
            return self._client.generate_presigned_url("get_object", Params=where, ExpiresIn=_LINK_SECONDS)
