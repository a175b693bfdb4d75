"""What an operator does by hand: `python -m infra.ops --help`.

Promise: a command that changes something says under `--dry-run` what it would do; every command may be
repeated, shows ids and codes only, and answers wrong input with one line and exit code 2. The hub is named
by `--stack` (settings read from its deployed functions), by HUB_* variables, or by .local/ops.env, which
`make run` writes.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path  # noqa: TC003 - typer reads the annotations
from typing import TYPE_CHECKING, Annotated

import boto3
import typer

from chalicelib.bootstrap import LiveHub
from chalicelib.consumers import WORKFLOW
from chalicelib.domain.errors import ChainBroken
from chalicelib.domain.reasons import ReplacementGround  # noqa: TC001 - typer reads the options by their types
from infra.ops import chain, dead_letters, lists, restored, story
from infra.ops.plainly import Plainly
from infra.ops.target import WrongInput, hub, settings
from infra.template.functions import deployed_name

if TYPE_CHECKING:
    from chalicelib.use_cases.records import Due

app = typer.Typer(
    cls=Plainly,
    no_args_is_help=True,
    add_completion=False,
    help=__doc__,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
Stack = Annotated[str | None, typer.Option(help="the deployed stack, such as jiefen-hub-prod")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="say what would be done, and change nothing")]


@app.command("verify-chain")
def verify(
    exports: Annotated[
        list[Path],
        typer.Argument(
            exists=True,
            dir_okay=False,
            help="written by export-chain, or the answers of GET /v1/cases/CASE/events, in their order",
        ),
    ],
    *,
    case: Annotated[str | None, typer.Option(help="the case's id; needed for answers of the API")] = None,
    version: Annotated[int | None, typer.Option(min=1, help="the version that the case has reached")] = None,
    head: Annotated[str | None, typer.Option(help="an event's hash that the history has to hold")] = None,
    talk: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="the log of talk, by export-chain --talk"),
    ] = None,
) -> None:
    """Check a case's event chain offline; stubs, which hide what a reader may not see, are counted.

    Without --version or --head nobody can see that the last events were cut off.
    Example: python -m infra.ops verify-chain case.json --version 18.
    """
    try:
        pages = [export.read_text(encoding="utf-8") for export in exports]
        links = chain.complete(pages, case)
        spoken = None if talk is None else chain.talk_from_json(talk.read_text(encoding="utf-8"))
        found = chain.verified(links, version=version, head=head, talk=spoken)
    except ChainBroken as broken:
        typer.echo(f"BROKEN 链已损坏: {broken}")
        raise typer.Exit(1) from broken
    except (ValueError, TypeError, AttributeError) as error:
        typer.echo(f"not an export: {error}", err=True)
        raise typer.Exit(2) from error
    hidden = f", {found.stubs} of them stubs 其中 {found.stubs} 项不予显示" if found.stubs else ""
    typer.echo(f"intact 完好: {found.links} events{hidden}, head {found.head}")


@app.command("verify-paper")
def verify_paper(
    pdf: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="a signed paper of the hub")],
    *,
    trust: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="certificates to trust, PEM or DER"),
    ] = None,
) -> None:
    """Check a signed paper offline: its signature fits and covers the whole file, so that nothing was added.

    Example: python -m infra.ops verify-paper agreement.pdf --trust authority.pem.
    """
    from infra.ops import paper  # noqa: PLC0415 - it loads pyHanko, which no other command needs

    try:
        found = paper.verified(pdf.read_bytes(), None if trust is None else trust.read_bytes())
    except paper.PaperRefused as refused:
        typer.echo(f"REFUSED 不通过: {refused}")
        raise typer.Exit(1) from refused
    except ValueError as unreadable:
        typer.echo("--trust holds no certificate", err=True)
        raise typer.Exit(2) from unreadable
    certificate = "trusted 证书可信" if found.trusted else "certificate not checked 未核验证书 (--trust)"
    at = f"{found.signed_at}, dated by 时间戳 {found.dated_by}" if found.dated_by else f"{found.signed_at}"
    typer.echo(f"intact 完好: {found.signer}, {at}, the whole file 覆盖全文, {certificate}")


@app.command("export-chain")
def export_chain(
    case_id: str,
    *,
    talk: Annotated[bool, typer.Option("--talk", help="the log of talk instead of the events")] = False,
    stack: Stack = None,
) -> None:
    """Print all events of a case as JSON. Example: python -m infra.ops export-chain CASE > case.json."""
    target = hub(stack)
    target.cases.get(case_id)
    typer.echo(chain.to_json(target.talk.entries(case_id) if talk else target.cases.events(case_id, after=0)))


@app.command("follow")
def follow(case_id: str, *, stack: Stack = None) -> None:
    """Print a case's story: its events, what drives it, what is owed, its dead letters; nothing personal."""
    found = settings(stack)
    for line in story.lines(hub(stack), boto3.client("dynamodb"), boto3.client("sqs"), found, case_id):
        typer.echo(line)


@app.command("reemit")
def reemit(
    case_ids: Annotated[
        list[str], typer.Argument(help="cases whose last event is sent to the workflow again")
    ],
    *,
    dry_run: DryRun = False,
    stack: Stack = None,
) -> None:
    """Send cases' last events to the workflow again, as the relay would have. May be repeated."""
    target = hub(stack)
    # All are read before anything is sent: a mistyped id among them changes nothing.
    for case in [target.cases.get(case_id) for case_id in case_ids]:
        typer.echo(
            f"{case.case_id}: event {case.sequence}, stage {case.stage}{' (dry run)' if dry_run else ''}"
        )
        if not dry_run:
            target.queues.send(WORKFLOW.name, WORKFLOW.message(case.case_id, case.sequence))


@app.command("relist")
def relist(*, dry_run: DryRun = False, stack: Stack = None) -> None:
    """Put cases of earlier releases into the lists by stage. Once after an upgrade; may be repeated."""
    found = settings(stack)
    client, listed = boto3.client("dynamodb"), 0
    for court_id in found.courts:
        for item in lists.unlisted(client, found.table, court_id):
            listed += dry_run or lists.list_by_stage(client, found.table, court_id, item)
    typer.echo(f"would list {listed} (dry run)" if dry_run else f"listed {listed}")


@app.command("rebuild-work")
def rebuild_work(*, dry_run: DryRun = False, stack: Stack = None) -> None:
    """Make the work lists anew from the cases. Once after an upgrade that says so; may be repeated."""
    from chalicelib.adapters.dynamo.table import Table  # noqa: PLC0415 - the other commands need no records
    from infra.ops import work  # noqa: PLC0415 - the same

    found = settings(stack)
    table, note = Table(boto3.client("dynamodb"), found.table), " (dry run)" if dry_run else ""
    for court_id in found.courts:
        done = work.Rebuilding(hub(stack), table, court_id, dry_run).run()
        typer.echo(
            f"{court_id}: looked at {done.cases} cases, {'would write' if dry_run else 'wrote'} "
            f"{done.written}, {'would remove' if dry_run else 'removed'} {done.removed}{note}"
        )


@app.command("sweep")
def sweep(*, dry_run: DryRun = False, stack: Stack = None) -> None:
    """Run the reconciler once, now."""
    from chalicelib.use_cases.reconcile import reconcile  # noqa: PLC0415 - the offline commands need none of it

    def failed(failure: Exception, work: Due | None) -> None:
        which = "the due index" if work is None else f"{work.consumer} {' '.join(map(str, work.ids))}"
        typer.echo(f"not looked after: {which}: {type(failure).__name__}", err=True)

    target = hub(stack)
    if dry_run:
        now = target.clock.now()
        due = sum(1 for shard in range(target.due.shards) for _ in target.due.overdue(shard, now))
        typer.echo(f"would look after {due} (dry run)")
        return
    typer.echo(f"looked after {reconcile(target, failed=failed)}")


@app.command("enrol")
def enrol(
    files: Annotated[
        list[Path], typer.Argument(exists=True, dir_okay=False, help="each the body of POST /v1/institutions")
    ],
    *,
    court: Annotated[str, typer.Option(help="the court whose centre enrols them, such as jiaocheng")],
    dry_run: DryRun = False,
    stack: Stack = None,
) -> None:
    """Enrol institutions before an upgrade, from when on only enrolled ones file. May be repeated.

    Example: python -m infra.ops enrol bank-rcb.json --court jiaocheng --stack jiefen-hub-prod --dry-run.
    """
    from infra.ops import enrolment  # noqa: PLC0415 - the other commands need no forms

    target = hub(stack)
    # All are read before one is stored: a mistake in the last changes nothing.
    for body in [enrolment.read(file.read_text(encoding="utf-8")) for file in files]:
        stored = None if dry_run else enrolment.store(target, court, body)
        typer.echo(
            f"{body.institution_id}: {body.state}" + (" (dry run)" if stored is None else ", enrolled")
        )


@app.command("reassign")
def reassign(
    mediator: Annotated[str, typer.Argument(help="whose cases go to others, such as m-001")],
    *,
    court: Annotated[str, typer.Option(help="the court on whose roster the mediator stands")],
    ground: Annotated[ReplacementGround, typer.Option(help="why")],
    dry_run: DryRun = False,
    stack: Stack = None,
) -> None:
    """Give all cases of a mediator to others, each to who is recommended first. May be repeated.

    Example: python -m infra.ops reassign m-001 --court jiaocheng --ground unable --dry-run.
    """
    from infra.ops import people  # noqa: PLC0415 - the other commands need no forms

    target, note = hub(stack), " (dry run)" if dry_run else ""
    people.check(target, court)
    for found in people.reassigned(target, court, mediator, ground, dry_run=dry_run):
        for case_id, taker in found.moved.items():
            typer.echo(f"{case_id}: {taker}{note}")
        for case_id, why in found.left.items():
            typer.echo(f"{case_id}: stays 未更换, {why}{note}")


@app.command("move-deadlines")
def move_deadlines(
    year: Annotated[int | None, typer.Option(help="the year whose table has come, such as 2027")] = None,
    *,
    before: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="the holidays.json before a correction")
    ] = None,
    court: Annotated[str | None, typer.Option(help="one court only; else all that the hub serves")] = None,
    dry_run: DryRun = False,
    stack: Stack = None,
) -> None:
    """Move stored deadlines to the calendar of this release, by an act of the hub each. May be repeated.

    Example: python -m infra.ops move-deadlines --year 2027 --stack jiefen-hub-prod --dry-run.
    """
    from infra.ops import deadlines, people  # noqa: PLC0415 - the offline commands need none of it

    found = settings(stack)
    target = hub(stack)
    if (year is None) == (before is None):
        raise WrongInput("say which table has come: --year 2027, or --before with the table it replaces")
    old = deadlines.read(before) if before else deadlines.without(target.calendar, year or 0)
    looked_at, moved, left, note = 0, 0, 0, " (dry run)" if dry_run else ""
    for court_id in [court] if court else found.courts:
        people.check(target, court_id)
        for page in deadlines.pages(target, court_id, old, dry_run=dry_run):
            for case_id, act in page.moved.items():
                typer.echo(f"{case_id}: {act.rule}, {act.before} -> {act.after}{note}")
            for case_id, why in page.left.items():
                typer.echo(f"{case_id}: stays 未调整, {why}{note}")
            looked_at, moved = looked_at + page.looked_at, moved + len(page.moved)
            left += len(page.left)
    typer.echo(f"looked at {looked_at}, {'would move' if dry_run else 'moved'} {moved}, left {left}{note}")


@app.command("enter-people")
def enter_people(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="a list of bodies of POST /v1/roster")
    ],
    *,
    court: Annotated[str, typer.Option(help="the court on whose roster they stand, such as jiaocheng")],
    dry_run: DryRun = False,
    stack: Stack = None,
) -> None:
    """Enter people before an upgrade, from when on nobody else is appointed. May be repeated.

    Example: python -m infra.ops enter-people people.json --court jiaocheng --stack jiefen-hub-prod --dry-run.
    """
    from infra.ops import people  # noqa: PLC0415 - the other commands need no forms

    target = hub(stack)
    people.check(target, court)
    for body in people.read(file.read_text(encoding="utf-8")):
        if dry_run:
            typer.echo(f"{body.person_id}: would be entered as {body.role}, {body.state} (dry run)")
        elif people.enter(target, court, body):
            typer.echo(f"{body.person_id}: entered as {body.role}, {body.state}")
        else:
            typer.echo(f"{body.person_id}: stands there already, unchanged")


@app.command("restore-check")
def restore_check(
    *,
    table: Annotated[
        str | None, typer.Option(help="another table than the stack's: the restored one")
    ] = None,
    stack: Stack = None,
) -> None:
    """Check a restored table before the hub works on it; ends with exit code 1 if a case is not whole.

    Example: python -m infra.ops restore-check --table jiefen-hub-prod-check --stack jiefen-hub-prod.
    """
    found = settings(stack)
    name = table or found.table
    dynamodb = boto3.client("dynamodb")
    items = restored.items_of(dynamodb, name)
    wrong = list(restored.problems(LiveHub(replace(found, table=name)), items))
    for line in wrong:
        typer.echo(f"WRONG 有误: {line}")
    for line in restored.owed_to_courts(items):
        typer.echo(f"will be sent to the court again, under the same id 将以同一编号重发: {line}")
    todo = list(restored.to_do(dynamodb, name, found.kms_key_id))
    if stack is not None:
        relay = deployed_name(stack, "relay")
        todo += restored.relay_to_do(dynamodb, boto3.client("lambda"), name, relay)
    for line in todo:
        typer.echo(f"to do 待办: {line}")
    cases = len(restored.case_ids(items))
    typer.echo(f"{len(items)} records, {cases} cases, {len(wrong)} wrong, {len(todo)} settings to do")
    if wrong:
        raise typer.Exit(1)


@app.command("redrive")
def redrive(
    queue: Annotated[str, typer.Argument(help="court, workflow ... or relay; or jiefen-hub-prod-court")],
    *,
    limit: Annotated[int, typer.Option(min=1, help="move at most so many")] = 1000,
    drop_forgotten: Annotated[
        bool, typer.Option("--drop-forgotten", help="of the relay: drop what the stream has forgotten")
    ] = False,
    dry_run: DryRun = False,
    stack: Stack = None,
) -> None:
    """Move a queue's dead letters back; those of the relay, which are positions, are relayed again.

    Example: python -m infra.ops redrive court --stack jiefen-hub-prod --dry-run.
    """
    found = settings(stack)  # first, for it says where AWS is
    client = boto3.client("sqs")
    full = queue if queue.startswith("jiefen-hub-") else f"jiefen-hub-{found.stage}-{queue}"
    dead = dead_letters.url_of(client, f"{full}-dlq")
    held = dead_letters.waiting(client, dead)
    typer.echo(f"{full}-dlq holds about {held}{' (dry run)' if dry_run else ''}")
    if dry_run:
        return
    if full.endswith("-relay"):
        relayed = dead_letters.relay_again(
            client, boto3.client("dynamodbstreams"), dead, hub(stack).queues, limit=limit, drop=drop_forgotten
        )
        typer.echo(f"relayed {relayed.messages} positions again, {relayed.records} records")
        if relayed.forgotten:
            done = "dropped" if drop_forgotten else "left"
            typer.echo(
                f"{relayed.forgotten} {done}: forgotten by the stream, which "
                "keeps 24 hours. The reconciler sends again what is owed: run sweep, then --drop-forgotten"
            )
        return
    url = dead_letters.url_of(client, full)
    result = dead_letters.redrive(client, dead, url, limit=limit, progress=lambda n: typer.echo(f"moved {n}"))
    typer.echo(f"moved {result.messages} in all")


if __name__ == "__main__":
    app()
