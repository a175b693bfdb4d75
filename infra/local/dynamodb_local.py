"""Amazon's own DynamoDB Local: `python -m infra.local.dynamodb_local --port N --db-path FOLDER`.

Fetches the jars that dynamodb-local/pom.xml names, once, and becomes the server: its data survive a restart
and its answers are the reference for what moto is allowed to say. Point the hub at it with
AWS_ENDPOINT_URL_DYNAMODB and AWS_ENDPOINT_URL_DYNAMODB_STREAMS.

Downside: needs Java 17 and Maven, and Linux on ARM has no SQLite library in Maven Central.
"""

import argparse
import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

POM = Path(__file__).parent / "dynamodb-local" / "pom.xml"
JARS_FOLDER = Path(".local/dynamodb-local")
JAVA_VERSION = 17
_MAIN_CLASS = "software.amazon.dynamodb.services.local.main.ServerRunner"


class FetchFailedError(RuntimeError):
    """Maven could not fetch the jars; the message ends with its output."""


def main(argv: list[str] | None = None) -> None:
    """Fetch what is missing, then turn this process into DynamoDB Local."""
    parser = argparse.ArgumentParser(
        prog="python -m infra.local.dynamodb_local", description="Amazon's DynamoDB Local."
    )
    parser.add_argument(
        "--port", type=int, default=8001, help="port on all interfaces, as DynamoDB Local has it"
    )
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--db-path", type=Path, default=Path(".local/dynamodb"), help="folder of the data")
    where.add_argument("--in-memory", action="store_true", help="keep nothing")
    arguments = parser.parse_args(argv)
    if reason := missing():
        sys.exit(f"DynamoDB Local cannot run: {reason}")
    command = server_command(fetch(), arguments.port, None if arguments.in_memory else arguments.db_path)
    os.environ["DDB_LOCAL_TELEMETRY"] = "0"
    # exec: whoever ends this process, ends Java, not a launcher in front of it.
    os.execvp(command[0], command)  # noqa: S606 - a fixed program, no shell wanted


def missing() -> str | None:
    """Say what this machine lacks to run DynamoDB Local, None if nothing."""
    for program in ("java", "mvn"):
        if shutil.which(program) is None:
            return f"{program} is not installed"
    version = subprocess.run(["java", "-version"], capture_output=True, text=True, check=False).stderr  # noqa: S607 - the PATH's Java is the one meant
    found = re.search(r'version "(\d+)', version)
    if found is None or int(found[1]) < JAVA_VERSION:
        return f"Java {JAVA_VERSION} or newer is needed, found {found[1] if found else 'none'}"
    return None


def fetch(folder: Path = JARS_FOLDER) -> Path:
    """Return the folder of the jars, fetched by Maven where they are missing; raises FetchFailedError.

    Safe to call from several processes at once: the first fetches, the others wait.
    """
    jars = folder / hashlib.sha256(POM.read_bytes()).hexdigest()[:12]
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not jars.is_dir():
            unfinished = jars.with_suffix(".unfinished")
            shutil.rmtree(unfinished, ignore_errors=True)
            _run_maven(unfinished)
            unfinished.rename(jars)
    return jars


def _run_maven(target: Path) -> None:
    goal = ["dependency:copy-dependencies", f"-DoutputDirectory={target.absolute()}"]
    command = ["mvn", "--quiet", "--batch-mode", "--file", str(POM), *goal]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise FetchFailedError(f"{' '.join(command[:3])} failed:\n{(done.stdout + done.stderr)[-2000:]}")


def server_command(jars: Path, port: int, db_path: Path | None) -> list[str]:
    """Build the command line; creates the data folder. All credentials and regions share one database."""
    command = ["java", f"-Djava.library.path={jars}", "-cp", f"{jars}/*", _MAIN_CLASS]
    command += ["-port", str(port), "-sharedDb", "-disableTelemetry"]
    if db_path is None:
        return [*command, "-inMemory"]
    db_path.mkdir(parents=True, exist_ok=True)
    return [*command, "-dbPath", str(db_path)]


if __name__ == "__main__":
    main()
