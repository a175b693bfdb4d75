"""The engines that only these tests run on: clamd, LocalStack, veraPDF; for DynamoDB Local see aws.py."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from infra import fonts
from infra.local import fetched
from infra.local.processes import Supervisor, free_port
from tests.engines.clamd import MARKER, Clamd
from tests.support.engines import needs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HERE = Path(__file__).parent
_CLAMD = """
Foreground yes
TCPSocket {port}
TCPAddr 127.0.0.1
DatabaseDirectory {folder}
"""


@pytest.fixture(scope="session")
def clamd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clamd]:
    """Start a virus scanner that knows our own signature alone: the distributed ones take 300 MB."""
    needs("clamd", None if shutil.which("clamd") else "clamd is not installed (Debian: clamav-daemon)")
    folder = tmp_path_factory.mktemp("clamd")
    (folder / "ours.ndb").write_text(f"Jiefen.Test.Marker:0:*:{MARKER.hex()}\n")
    configuration = folder / "clamd.conf"
    configuration.write_text(_CLAMD.format(port=(port := free_port()), folder=folder))
    with Supervisor(folder) as supervisor:
        child = supervisor.start("clamd", ["clamd", f"--config-file={configuration}"])
        engine = Clamd(port)
        while not engine.answers():
            child.check()
        yield engine


@pytest.fixture(scope="session")
def localstack_endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """URL of LocalStack's S3, from its Python package in a virtual environment of its own."""
    requirements = HERE / "localstack.txt"
    try:
        home = fetched.virtual_environment(Path(".local/localstack"), requirements)
    except fetched.FetchFailedError as failed:
        needs("LocalStack", str(failed))
        raise
    folder = tmp_path_factory.mktemp("localstack")
    address = f"127.0.0.1:{free_port()}"
    settings = {
        "GATEWAY_LISTEN": address,
        "LOCALSTACK_HOST": address,
        "GATEWAY_SERVER": "hypercorn",
        "SERVICES": "s3",
        "DISABLE_EVENTS": "1",
        "SKIP_SSL_CERT_DOWNLOAD": "1",
        "SKIP_INFRA_DOWNLOADS": "1",
        "LOCALSTACK_VOLUME_DIR": str(folder / "volume"),
    }
    with Supervisor(folder) as supervisor:
        supervisor.start(
            "localstack",
            [str(home / "bin" / "python"), "-m", "localstack.runtime.main"],
            env=settings,
            ready_url=f"http://{address}/_localstack/health",
            timeout_seconds=300,
        )
        yield f"http://{address}"


@pytest.fixture(scope="session")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Callable[[dict[str, bytes]], dict[str, str]]:
    """veraPDF: given PDFs by name it says of each its flavour and `compliant`, or the clauses it breaks."""
    needs("veraPDF", fetched.java_missing())
    jars = fetched.jars(Path(".local/verapdf"), HERE / "verapdf" / "pom.xml")

    def say(pdfs: dict[str, bytes]) -> dict[str, str]:
        folder = tmp_path_factory.mktemp("pdfs")
        for name, content in pdfs.items():
            (folder / name).write_bytes(content)
        command = ["java", "-cp", f"{jars}/*", str(HERE / "verapdf" / "Judge.java")]
        files = [str(folder / name) for name in pdfs]
        done = subprocess.run([*command, *files], capture_output=True, text=True, check=True)  # noqa: S603 - fixed
        return dict(zip(pdfs, done.stdout.splitlines(), strict=True))

    return say


@pytest.fixture(scope="session")
def _typeface() -> None:
    """Make the documents' typeface, which is too large for the repository."""
    fonts.ensure()
