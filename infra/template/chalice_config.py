"""The functions: one row each with memory, time limit and uses, from which Chalice's configuration is made.

Promise: policy and settings of a function follow from its row here or in the table of consumers, and
`infra.chalice_files` writes `.chalice/` from them. Downside: it depends on the format of Chalice's files.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from chalicelib.consumers import WORKFLOW, Consumer
from chalicelib.registry import consumers
from infra.template.grants import allow, settings, statements
from infra.template.intrinsics import Template, att, ref
from infra.template.stages import APP, STAGES

ROOT: Final = Path(__file__).parents[2]
API_HANDLER: Final = "api_handler"
RELAY_DLQ: Final = "RelayDlq"
"""The queue to which the stream's poller reports batches given up; it holds positions, not records."""


@dataclass(frozen=True, kw_only=True)
class Function:
    """A function of the stack; `uses` are names of `infra.template.grants`, `queues` get URL variables."""

    name: str
    memory_mb: int = 512
    timeout_seconds: int
    uses: tuple[str, ...] = ()
    queues: tuple[Consumer, ...] = ()
    queue_statements: tuple[Template, ...] = ()
    reserves: int | None = None
    """The concurrency that production reserves for it."""

    @property
    def settings(self) -> Template:
        """The environment variables that name what it uses."""
        return settings(self.uses) | {row.url_variable: ref(queue_id(row.name)) for row in self.queues}

    @property
    def draws(self) -> bool:
        """Whether it draws papers, for which it gets the layer."""
        return "drawing" in self.uses

    @property
    def policy(self) -> Template:
        """Its policy document, intrinsics unresolved."""
        log = allow(
            "WriteItsLog", ("logs:CreateLogStream", "logs:PutLogEvents"), att(log_group_id(self.name))
        )
        return {
            "Version": "2012-10-17",
            "Statement": [log, *self.queue_statements, *statements(self.uses)],
        }


def functions() -> dict[str, Function]:
    """Return every function by its Chalice name, in the order of reading."""
    sent_again = [row for row in consumers() if row is not WORKFLOW]
    rows = (
        Function(
            name=API_HANDLER,
            memory_mb=1024,
            timeout_seconds=29,
            uses=(
                "cases",
                "one_record",
                "cases_together",
                "deletions",
                "lists",
                "courts",
                "papers",
                "drawing",
                "verify_partners",
                "meetings",
                "new_personal_data",
                "signing",
                "issuers",  # people sign in to the console there
            ),
        ),
        Function(name="authorizer", timeout_seconds=10, uses=("issuers",)),
        Function(
            name="relay",
            timeout_seconds=60,
            uses=("stream",),
            queues=consumers(),
            queue_statements=(_send("SendOn", *(queue_id(row.name) for row in consumers()), RELAY_DLQ),),
        ),
        *(_of_consumer(row) for row in consumers()),
        Function(
            name="reconcile",
            timeout_seconds=240,
            uses=(
                "cases",
                "one_record",
                "cases_together",
                "due_index",
                "courts",
                "restart_cases",
                "signing_certificate",
            ),
            queues=tuple(sent_again),
            queue_statements=(_send("SendAgain", *(queue_id(row.name) for row in sent_again)),),
        ),
    )
    return {row.name: row for row in rows}


def _of_consumer(row: Consumer) -> Function:
    puts_off = row.put_off_metric is not None
    actions = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
    actions += ["sqs:ChangeMessageVisibility"] if puts_off else []
    return Function(
        name=row.name,
        memory_mb=row.memory_mb,
        timeout_seconds=row.timeout_seconds,
        uses=row.uses,
        queues=(row,) if puts_off else (),
        queue_statements=(allow("TakeMessages", actions, att(queue_id(row.name))),),
        reserves=row.concurrency if row.reserves else None,
    )


def _send(sid: str, *queue_ids: str) -> Template:
    return allow(sid, "sqs:SendMessage", [att(name) for name in queue_ids])


def logical_id(function: str) -> str:
    """Return the function's id in the template, as Chalice derives it."""
    return "APIHandler" if function == API_HANDLER else camel_case(function)


def log_group_id(function: str) -> str:
    """Return the id of the function's log group."""
    return f"{logical_id(function)}LogGroup"


def camel_case(name: str) -> str:
    """Write a name of Python's as CloudFormation's ids are written."""
    return "".join(part.capitalize() for part in name.split("_"))


def queue_id(consumer: str) -> str:
    """Return the id of a consumer's queue in the template."""
    return f"{camel_case(consumer)}Queue"


def dlq_id(consumer: str) -> str:
    """Return the id of its dead-letter queue."""
    return f"{camel_case(consumer)}Dlq"


def config() -> dict[str, Any]:
    """Return Chalice's configuration."""
    reserved = {
        name: {"reserved_concurrency": function.reserves}
        for name, function in functions().items()
        if function.reserves is not None
    }
    return {
        "version": "2.0",
        "app_name": APP,
        "autogen_policy": False,
        "api_gateway_endpoint_type": "REGIONAL",
        "lambda_functions": {
            name: {
                "iam_policy_file": f"policy-{name}.json",
                "lambda_memory_size": function.memory_mb,
                "lambda_timeout": function.timeout_seconds,
            }
            for name, function in functions().items()
        },
        "stages": {
            stage.name: {
                "api_gateway_stage": stage.name,
                **({"lambda_functions": reserved} if stage.reserves_concurrency else {}),
            }
            for stage in STAGES.values()
        },
    }
