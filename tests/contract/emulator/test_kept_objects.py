"""What was stored in S3 is there after the emulator was killed and started again."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import boto3

from infra.local.processes import Supervisor, free_port
from tests.support.aws import REGION

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BUCKET = "papers-of-a-test"
KEYS = ["papers/C-1/0a1b", "dossiers/C-1-T1/调解协议书", ".."]


@contextmanager
def killed_at_the_end(folder: Path) -> Iterator[Any]:
    """Start an emulator that keeps its objects in the folder, with the bucket; kill it afterwards."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "infra.local.moto_server", "--port", str(port)]
    command += ["--kept-objects", str(folder / "objects")]
    with Supervisor(folder / "logs") as supervisor:
        child = supervisor.start("moto", command, ready_url=f"{url}/moto-api/")
        s3: Any = boto3.client("s3", endpoint_url=url, region_name=REGION)
        s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
        s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
        yield s3
        os.kill(child.pid, signal.SIGKILL)


def content(s3: Any, key: str) -> bytes:
    return bytes(s3.get_object(Bucket=BUCKET, Key=key)["Body"].read())


def test_objects_are_there_after_a_kill_but_not_the_deleted_ones(tmp_path: Path) -> None:
    """Once more after the second kill; their files are for their owner only."""
    with killed_at_the_end(tmp_path) as s3:
        for key in [*KEYS, "deleted"]:
            s3.put_object(Bucket=BUCKET, Key=key, Body=b"first")
            s3.put_object(Bucket=BUCKET, Key=key, Body=key.encode())
        s3.delete_object(Bucket=BUCKET, Key="deleted")
    for _ in range(2):
        with killed_at_the_end(tmp_path) as s3:
            listed = [item["Key"] for item in s3.list_objects_v2(Bucket=BUCKET)["Contents"]]
            assert sorted(listed) == sorted(KEYS)
            assert [content(s3, key) for key in KEYS] == [key.encode() for key in KEYS]
    assert not any(file.stat().st_mode & 0o077 for file in (tmp_path / "objects" / BUCKET).iterdir())
