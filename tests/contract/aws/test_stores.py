"""DossierStore and partner keys: what is stored is what is read, on the fake and on the emulator."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.request import urlopen

import boto3
import pytest

from chalicelib.adapters.document_store import S3DossierStore
from chalicelib.adapters.partner_keys import PartnerKeys
from chalicelib.domain.dossier import DossierDocument
from chalicelib.domain.errors import DocumentNotFound
from tests.support.aws import REGION, unique
from tests.support.fakes.machinery import FakeDossierStore

if TYPE_CHECKING:
    from chalicelib.use_cases.court_ports import DossierStore

NOW = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.fixture(params=["fake", "moto"])
def documents(request: pytest.FixtureRequest) -> DossierStore:
    if request.param == "fake":
        return FakeDossierStore()
    s3 = boto3.client("s3", endpoint_url=request.getfixturevalue("aws_endpoint"), region_name=REGION)
    bucket = unique("documents")
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "cn-north-1"})
    return S3DossierStore(s3, bucket)


def document(content: bytes = "起诉状".encode()) -> DossierDocument:
    return DossierDocument(document_id="complaint", kind="k", media_type="application/json", content=content)


def test_a_document_is_read_as_it_was_stored(documents: DossierStore) -> None:
    for _ in range(2):
        documents.put("c1-T1", document())
    assert hashlib.sha256(documents.get("c1-T1", "complaint")).hexdigest() == document().sha256


def test_a_link_gives_a_documents_bytes(documents: DossierStore) -> None:
    documents.put("c1-T1", document())
    with urlopen(documents.link("c1-T1", "complaint")) as answer:  # noqa: S310 - our own store made it
        assert answer.read() == document().content


def test_a_transfers_documents_are_its_own(documents: DossierStore) -> None:
    documents.put("c1-T1", document(b"{}"))
    with pytest.raises(DocumentNotFound):
        documents.get("c1-T2", "complaint")
    with pytest.raises(DocumentNotFound):
        documents.get("c1-T1", "report")


def test_the_bytes_carry_their_digest(aws_endpoint: str) -> None:
    """S3 refuses them if they change on the way: the request names the SHA-256, base64-encoded."""
    s3 = boto3.client("s3", endpoint_url=aws_endpoint, region_name=REGION)
    bucket = unique("documents")
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "cn-north-1"})
    sent: list[str] = []
    s3.meta.events.register(
        "before-call.s3.PutObject",
        lambda params, **_: sent.append(params["headers"]["x-amz-checksum-sha256"]),
    )
    S3DossierStore(s3, bucket).put("c1-T1", document(b"{}"))
    assert sent == ["RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o="]


def test_keys_are_read_once_and_a_rotation_is_seen_after_five_minutes(aws_endpoint: str) -> None:
    secrets = boto3.client("secretsmanager", endpoint_url=aws_endpoint, region_name=REGION)
    name = unique("partners")
    old: dict[str, Any] = {"courts": {"c": {"sign": ["whsec_a"], "verify": ["whsec_b"]}}}
    secrets.create_secret(Name=name, SecretString=json.dumps(old))
    clock = [NOW]
    keys = PartnerKeys(secrets, name, lambda: clock[0])
    assert (keys.signing("c"), keys.verifying("c"), keys.signing("unknown")) == (
        ("whsec_a",),
        ("whsec_b",),
        (),
    )
    assert keys.sms() == keys.video() == ()
    new = {
        "courts": {"c": {"sign": ["whsec_n", "whsec_a"], "verify": ["whsec_b"]}},
        "sms": {"sign": ["whsk_s"]},
        "video": {"sign": ["shared"]},
    }
    secrets.put_secret_value(SecretId=name, SecretString=json.dumps(new))
    clock[0] += timedelta(minutes=4)
    assert keys.signing("c") == ("whsec_a",)
    clock[0] += timedelta(minutes=1)
    assert keys.signing("c") == ("whsec_n", "whsec_a")
    assert keys.sms() == ("whsk_s",)
    assert keys.video() == ("shared",)
