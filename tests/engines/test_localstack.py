"""What the hub relies on S3 for and moto does not do, on LocalStack, which does."""

from __future__ import annotations

from typing import Any

import boto3
import pytest

from chalicelib.adapters.document_store import S3Papers
from chalicelib.domain.errors import ContentAltered
from chalicelib.domain.papers import PDF, Paper, PaperKind
from tests.support.aws import unique

REGION = "us-east-1"
"""LocalStack serves no region of another partition."""


@pytest.fixture
def bucket(localstack_endpoint: str) -> tuple[Any, str]:
    """Make an empty bucket."""
    session = boto3.session.Session("test", "test", region_name=REGION)
    s3, name = session.client("s3", endpoint_url=localstack_endpoint), unique("papers")
    s3.create_bucket(Bucket=name)
    return s3, name


class Mislabelled(Paper):
    """A paper that says another hash than its bytes have, as if they had changed on the way."""

    @property
    def sha256(self) -> str:
        """Return the hash of nothing."""
        return "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def made(kind: type[Paper]) -> Paper:
    """Make a paper."""
    return kind(kind=PaperKind.CALCULATION, template_id="calculation/1", media_type=PDF, content=b"%PDF")


def test_a_papers_bytes_come_back(bucket: tuple[Any, str]) -> None:
    """S3 takes the checksum that the hub gives."""
    papers, paper = S3Papers(*bucket), made(Paper)
    papers.put("C-1", paper)
    assert papers.get("C-1", paper.sha256) == b"%PDF"


def test_bytes_that_do_not_have_their_hash_are_refused(bucket: tuple[Any, str]) -> None:
    """By the hub, before S3 is asked; nothing is stored."""
    s3, name = bucket
    with pytest.raises(ContentAltered):
        S3Papers(s3, name).put("C-1", made(Mislabelled))
    assert s3.list_objects_v2(Bucket=name)["KeyCount"] == 0
