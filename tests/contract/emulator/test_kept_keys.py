"""What was sealed before a restart of the emulator can be opened after it, if its keys are kept."""

import sys
from pathlib import Path

import boto3
import pytest
from botocore.exceptions import ClientError

from infra.local.processes import Supervisor, free_port
from tests.support.aws import REGION


def seal_and_open(tmp_path: Path, options: list[str], sealed: bytes | None = None) -> bytes:
    """Start an emulator, create the key, seal a text with it, or open what an earlier one sealed."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "infra.local.moto_server", "--port", str(port), *options]
    with Supervisor(tmp_path) as supervisor:
        supervisor.start("moto", command, ready_url=f"{url}/moto-api/")
        kms = boto3.client("kms", endpoint_url=url, region_name=REGION)
        key_id = kms.create_key()["KeyMetadata"]["KeyId"]
        if sealed is None:
            return bytes(kms.encrypt(KeyId=key_id, Plaintext=b"a data key")["CiphertextBlob"])
        return bytes(kms.decrypt(CiphertextBlob=sealed)["Plaintext"])


def test_kept_keys_open_what_an_earlier_run_sealed_and_no_others_do(tmp_path: Path) -> None:
    """The secret is for its owner only."""
    secret = tmp_path / "secret"
    sealed = seal_and_open(tmp_path, ["--kept-keys", str(secret)])
    assert secret.stat().st_mode & 0o077 == 0
    assert seal_and_open(tmp_path, ["--kept-keys", str(secret)], sealed) == b"a data key"
    with pytest.raises(ClientError):
        seal_and_open(tmp_path, ["--kept-keys", str(tmp_path / "other")], sealed)
