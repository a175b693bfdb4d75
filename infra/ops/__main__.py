"""What an operator does by hand: `python -m infra.ops --help`.

Promise: every command says what it would do under `--dry-run`, may be repeated, and shows ids only. The
hub it works on is named by the same HUB_* variables and AWS credentials as the functions use.
"""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads the annotations
from typing import TYPE_CHECKING, Annotated

import boto3
import typer

from chalicelib.consumers import WORKFLOW
from chalicelib.domain.errors import CaseNotFound, ChainBroken
from infra.ops import chain
from infra.ops.redrive import redrive as move
from infra.ops.redrive import waiting

if TYPE_CHECKING:
    from chalicelib.use_cases.records import Due

app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__)
_PAGE = 1000


@app.command("verify-chain")
def verify(
    export: Annotated[
        Path, typer.Argument(help="written by export-chain, or the answer of GET /v1/cases/CASE/events")
    ],
    case: Annotated[str | None, typer.Option(help="the case's id; needed for an answer of the API")] = None,
) -> None:
    """Check a case's event chain offline; stubs, which hide what a reader may not see, are counted.

    Example: python -m infra.ops verify-chain case.json.
    """
    try:
        found = chain.verified(chain.from_json(export.read_text(encoding="utf-8"), case))
    except ChainBroken as broken:
        typer.echo(f"BROKEN 链已损坏: {broken}")
        raise typer.Exit(1) from broken
    except ValueError as error:
        typer.echo(f"not an export: {error}")
        raise typer.Exit(2) from error
    hidden = f", {found.stubs} of them stubs 其中 {found.stubs} 项不予显示" if found.stubs else ""
    typer.echo(f"intact 完好: {found.links} events{hidden}, head {found.head}")


@app.command("export-chain")
def export_chain(case_id: str) -> None:
    """Print a case's events as JSON. Example: python -m infra.ops export-chain CASE > case.json."""
    from chalicelib.bootstrap import hub  # noqa: PLC0415 - the offline commands need no settings

    try:
        hub().cases.get(case_id)
    except CaseNotFound as error:
        typer.echo(f"no case {case_id}", err=True)
        raise typer.Exit(1) from error
    typer.echo(chain.to_json(hub().cases.events(case_id, after=0, limit=_PAGE)))


@app.command("reemit")
def reemit(
    case_ids: Annotated[
        list[str], typer.Argument(help="cases whose last event is sent to the workflow again")
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="say what would be sent")] = False,
) -> None:
    """Send cases' last events to the workflow again, as the relay would have. May be repeated."""
    from chalicelib.bootstrap import hub  # noqa: PLC0415 - the offline commands need no settings

    for case_id in case_ids:
        case = hub().cases.get(case_id)
        typer.echo(f"{case_id}: event {case.sequence}, stage {case.stage}{' (dry run)' if dry_run else ''}")
        if not dry_run:
            hub().queues.send(WORKFLOW.name, WORKFLOW.message(case_id, case.sequence))


@app.command("sweep")
def sweep() -> None:
    """Run the reconciler once, now."""
    from chalicelib.bootstrap import hub  # noqa: PLC0415 - the offline commands need no settings
    from chalicelib.use_cases.reconcile import reconcile  # noqa: PLC0415

    def failed(failure: Exception, work: Due | None) -> None:
        about = "the due index" if work is None else f"{work.consumer} {' '.join(map(str, work.ids))}"
        typer.echo(f"not looked after: {about}: {type(failure).__name__}", err=True)

    typer.echo(f"looked after {reconcile(hub(), failed=failed)}")


@app.command("redrive")
def redrive(
    queue: Annotated[str, typer.Argument(help="queue name, such as jiefen-hub-prod-court")],
    limit: Annotated[int, typer.Option(help="move at most so many")] = 1000,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="only count")] = False,
) -> None:
    """Move a queue's dead letters back. Example: python -m infra.ops redrive QUEUE --dry-run."""
    client = boto3.client("sqs")
    url = client.get_queue_url(QueueName=queue)["QueueUrl"]
    dead = client.get_queue_url(QueueName=f"{queue}-dlq")["QueueUrl"]
    typer.echo(f"{queue}-dlq holds about {waiting(client, dead)}")
    if not dry_run:
        result = move(client, dead, url, limit=limit, progress=lambda n: typer.echo(f"moved {n}"))
        typer.echo(f"moved {result.messages} in all")


if __name__ == "__main__":
    app()
