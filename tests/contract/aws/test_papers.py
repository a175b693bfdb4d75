"""The papers of cases: written once under the hash of their bytes, on the fake, moto, DynamoDB Local."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

import boto3
import pytest
from botocore.exceptions import FlexibleChecksumError

from chalicelib.adapters.document_store import S3Papers
from chalicelib.adapters.dynamo.store import DynamoStore
from chalicelib.domain.errors import ContentAltered, PaperNotFound
from chalicelib.domain.papers import DOCX, PDF, Paper, PaperKind, StoredPaper
from chalicelib.domain.roles import Role
from infra.template import build
from tests.support.aws import REGION, dynamodb, unique
from tests.support.fakes.papers import FakePapers

if TYPE_CHECKING:
    from chalicelib.use_cases.papers import Papers

NOW: Final = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
_KEYS: Final = ("AttributeDefinitions", "BillingMode", "GlobalSecondaryIndexes", "KeySchema")


def paper(content: bytes = b"%PDF", **changes: Any) -> Paper:
    """Make a paper of these bytes."""
    fields: dict[str, Any] = {
        "kind": PaperKind.CALCULATION,
        "template_id": "calculation/1",
        "media_type": PDF,
        "content": content,
    }
    return Paper(**fields | changes)


@pytest.fixture(scope="session")
def bucket(aws_endpoint: str) -> tuple[Any, str]:
    """Make a bucket on moto."""
    s3 = boto3.client("s3", endpoint_url=aws_endpoint, region_name=REGION)
    name = unique("papers")
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "cn-north-1"})
    return s3, name


def keep(documents: Papers, case_id: str, made: Paper, by: Role, at: datetime = NOW) -> StoredPaper:
    """Store a paper in a case."""
    return documents.add(made, made.kept(case_id, made_by=by, at=at))


def _table(endpoint: str) -> tuple[Any, str]:
    properties = build("dev")["Resources"]["Table"]["Properties"]
    client, name = dynamodb(endpoint), unique("papers")
    client.create_table(**{key: properties[key] for key in _KEYS}, TableName=name)
    return client, name


def _no_kms() -> Any:
    raise AssertionError("a paper's record holds nothing to be sealed")


@pytest.fixture(params=["fake", "moto", "dynamodb_local"])
def documents(request: pytest.FixtureRequest) -> Papers:
    """Make each store in turn, empty."""
    if request.param == "fake":
        return FakePapers()
    endpoint = {"moto": "aws_endpoint", "dynamodb_local": "dynamodb_local_endpoint"}[request.param]
    client, name = _table(request.getfixturevalue(endpoint))
    s3, bucket = request.getfixturevalue("bucket")
    store = DynamoStore(client, name, kms=_no_kms, kms_key_id="none", now=lambda: 0.0)
    return store.papers(S3Papers(s3, bucket))


def test_a_paper_is_read_as_it_was_stored(documents: Papers) -> None:
    """Its record and its bytes, whatever they are."""
    made = paper(b"\x00\xff", media_type=DOCX)
    kept = documents.add(made, made.kept("C-1", made_by=Role.CENTRE, at=NOW, party_id="r1", of="0" * 64))
    assert documents.get("C-1", kept.document_id) == (kept, b"\x00\xff")
    assert (kept.sha256, kept.size, kept.made_at, kept.made_by) == (
        paper(b"\x00\xff").sha256,
        2,
        NOW,
        Role.CENTRE,
    )
    assert (kept.case_id, kept.kind, kept.template_id) == ("C-1", PaperKind.CALCULATION, "calculation/1")
    assert (kept.media_type, kept.party_id, kept.of) == (DOCX, "r1", "0" * 64)


def test_a_link_gives_the_bytes_without_a_key(documents: Papers) -> None:
    """Whoever has the address may fetch it; S3's is good for a minute."""
    kept = keep(documents, "C-1", paper(b"%PDF big"), Role.CENTRE)
    link = documents.link("C-1", kept.document_id)
    with urlopen(link) as answer:  # noqa: S310 - our own store made it
        assert answer.read() == b"%PDF big"
    signed = parse_qs(urlsplit(link).query)
    assert not signed or (signed["X-Amz-Expires"], "X-Amz-Signature" in signed) == (["60"], True)


def test_the_same_bytes_are_stored_once(documents: Papers) -> None:
    """Whoever brings them again gets the first record."""
    first = keep(documents, "C-1", paper(), Role.CENTRE)
    again = keep(documents, "C-1", paper(), Role.BORROWER, NOW + timedelta(days=1))
    assert again == first
    assert documents.list("C-1") == (first,)


def test_a_cases_papers_are_its_own(documents: Papers) -> None:
    """Another case's paper is not found, nor is one that nobody made."""
    kept = keep(documents, "C-1", paper(), Role.CENTRE)
    for case_id, document_id in (("C-2", kept.document_id), ("C-1", "0" * 64)):
        with pytest.raises(PaperNotFound):
            documents.get(case_id, document_id)
    assert documents.list("C-2") == ()


def _five(documents: Papers) -> tuple[StoredPaper, ...]:
    """Store five papers; return them oldest first."""
    made = (paper(b"%d" % minutes) for minutes in range(5))
    kept = [
        keep(documents, "C-1", each, Role.CENTRE, NOW - timedelta(minutes=minutes))
        for minutes, each in enumerate(made)
    ]
    return tuple(reversed(kept))


def test_papers_are_listed_oldest_first(documents: Papers) -> None:
    """In whatever order they were made."""
    assert _five(documents) == documents.list("C-1")


def test_papers_are_listed_however_many_pages_they_take(aws_endpoint: str, bucket: tuple[Any, str]) -> None:
    """DynamoDB ends a page after 1 MB; here it ends after two records."""
    client, name = _table(aws_endpoint)
    pages: list[int] = []

    def cut(params: dict[str, Any], **_: Any) -> None:
        params["Limit"] = 2
        pages.append(2)

    client.meta.events.register("provide-client-params.dynamodb.Query", cut)
    store = DynamoStore(client, name, kms=_no_kms, kms_key_id="none", now=lambda: 0.0)
    documents = store.papers(S3Papers(*bucket))
    assert _five(documents) == documents.list("C-1")
    client.meta.events.unregister("provide-client-params.dynamodb.Query", cut)  # other tests share the client
    assert len(pages) == 3


class _Racing(S3Papers):
    """A store of bytes in which somebody else is faster with the record."""

    def __init__(self, client: Any, bucket: str, rival: Papers) -> None:
        super().__init__(client, bucket)
        self._rival = rival

    def put(self, case_id: str, paper: Paper) -> None:
        """Let the rival store its record in between."""
        super().put(case_id, paper)
        keep(self._rival, case_id, paper, Role.MEDIATOR)


def test_of_two_at_once_the_first_record_stays(aws_endpoint: str, bucket: tuple[Any, str]) -> None:
    """The slower one is given the faster one's record."""
    client, name = _table(aws_endpoint)
    store = DynamoStore(client, name, kms=_no_kms, kms_key_id="none", now=lambda: 0.0)
    rival = store.papers(S3Papers(*bucket))
    racing = store.papers(_Racing(*bucket, rival))
    kept = keep(racing, "C-1", paper(b"raced"), Role.CENTRE)
    assert kept.made_by is Role.MEDIATOR


def test_bytes_that_are_kept_are_not_written_again(aws_endpoint: str, bucket: tuple[Any, str]) -> None:
    """The bucket keeps versions: a second write would be a second one."""
    client, name = _table(aws_endpoint)
    store = DynamoStore(client, name, kms=_no_kms, kms_key_id="none", now=lambda: 0.0)
    documents = store.papers(S3Papers(*bucket))
    kept = keep(documents, "C-once", paper(b"once"), Role.CENTRE)
    s3, where = bucket
    s3.delete_object(Bucket=where, Key=f"papers/C-once/{kept.document_id}")
    assert keep(documents, "C-once", paper(b"once"), Role.CENTRE) == kept
    with pytest.raises(PaperNotFound):
        documents.get("C-once", kept.document_id)


@pytest.mark.parametrize("with_checksum", [False, True])
def test_bytes_that_were_replaced_are_not_read(
    aws_endpoint: str, bucket: tuple[Any, str], *, with_checksum: bool
) -> None:
    """Whoever can write to the bucket can't pass off another paper, with a checksum of its own or without."""
    client, name = _table(aws_endpoint)
    store = DynamoStore(client, name, kms=_no_kms, kms_key_id="none", now=lambda: 0.0)
    documents = store.papers(S3Papers(*bucket))
    kept = keep(documents, "C-forged", paper(b"kept"), Role.CENTRE)
    s3, where = bucket
    checksum = {"ChecksumAlgorithm": "SHA256"} if with_checksum else {}
    s3.put_object(Bucket=where, Key=f"papers/C-forged/{kept.document_id}", Body=b"forged", **checksum)
    with pytest.raises(ContentAltered):
        documents.get("C-forged", kept.document_id)


def test_bytes_that_differ_from_their_checksum_are_not_read() -> None:
    """The SDK compares them with the checksum that S3 sends, and says so while they are read."""

    class Body:
        def read(self) -> bytes:
            raise FlexibleChecksumError(error_msg="differs")

    class Client:
        exceptions = boto3.client("s3", region_name=REGION).exceptions

        def get_object(self, **_: str) -> dict[str, Body]:
            return {"Body": Body()}

    with pytest.raises(ContentAltered):
        S3Papers(Client(), "b").get("C-1", paper().sha256)  # type: ignore[arg-type] # a fake


def test_a_record_without_its_bytes_is_not_found(aws_endpoint: str, bucket: tuple[Any, str]) -> None:
    """A lost object is told as such, not as an empty paper."""
    client, name = _table(aws_endpoint)
    store = DynamoStore(client, name, kms=_no_kms, kms_key_id="none", now=lambda: 0.0)
    documents = store.papers(S3Papers(*bucket))
    kept = keep(documents, "C-lost", paper(b"lost"), Role.CENTRE)
    s3, where = bucket
    s3.delete_object(Bucket=where, Key=f"papers/C-lost/{kept.document_id}")
    with pytest.raises(PaperNotFound):
        documents.get("C-lost", kept.document_id)
