"""Amazon's own DynamoDB Local: `python -m infra.local.dynamodb_local --port N --db-path FOLDER`.

Fetches the jars that dynamodb-local/pom.xml names, once, and becomes the server: its data survive a restart,
and its answers are the reference for moto's. Point the hub at it with
AWS_ENDPOINT_URL_DYNAMODB and AWS_ENDPOINT_URL_DYNAMODB_STREAMS.

Downside: needs Java 17 and Maven, and Linux on ARM has no SQLite library in Maven Central.
"""

import argparse
import os
import sys
from pathlib import Path

from infra.local import fetched

POM = Path(__file__).parent / "dynamodb-local" / "pom.xml"
JARS_FOLDER = Path(".local/dynamodb-local")
_MAIN_CLASS = "software.amazon.dynamodb.services.local.main.ServerRunner"


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
    if reason := fetched.java_missing():
        sys.exit(f"DynamoDB Local cannot run: {reason}")
    command = server_command(fetch(), arguments.port, None if arguments.in_memory else arguments.db_path)
    os.environ["DDB_LOCAL_TELEMETRY"] = "0"
    # exec, so that ending this process ends Java itself, not only a launcher.
    os.execvp(command[0], command)  # noqa: S606 - a fixed program, no shell wanted


def fetch(folder: Path = JARS_FOLDER) -> Path:
    """Return the folder of the jars, fetched where they are missing; raises FetchFailedError."""
    return fetched.jars(folder, POM)


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
