"""The consumers of the queues: one row for each queue and the function that handles its messages.

Promise: a row and a handler are all that a queue needs. The app, the relay, the reconciler, the settings, the
template, `.chalice/`, the local stack and the benchmarks read this table. It uses the standard library only,
because every function imports it. Downside: the package contains figures of the deployment.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True, kw_only=True)
class Consumer:
    """A queue, the stored record that feeds it, and the function that handles its messages."""

    name: str
    """The name of the queue and of the function."""
    stored: tuple[str, str]
    """Partition key and sort key, as `str.format` patterns, of the records that send a message when stored.

    The names in braces are the message's keys, and the parameters of the handler.
    """
    due: tuple[str, str] | None = None
    """The keys of its record in the due index; None if they are the same as `stored`."""
    kind: str | None = None
    """The message's `kind`, if the queue carries messages of other kinds too."""
    handler: str
    """`module:function`; it loads with the first message, and is called with the hub and the message."""
    put_off_metric: str | None = None
    """Counts messages put off because an outside service is unavailable; None if it calls no such service."""

    attempts: int
    """How often a message is tried before it goes to the dead-letter queue."""
    oldest_seconds: int
    """A message older than this raises an alarm, because the consumer does not keep up."""
    batch_size: int
    """Small if a message may take seconds (a remote time-out), larger if it only writes to the table."""
    concurrency: int
    """How many batches are handled at once."""
    reserves: bool = False
    """Whether production reserves that concurrency, so that nothing else takes it and nothing exceeds it."""
    timeout_seconds: int
    memory_mb: int = 512
    uses: tuple[str, ...]
    """What its function may use beside its queue: names of `infra.template.grants`."""
    parts: tuple[str, ...]
    """The parts of the hub that its first message builds; the benchmarks build them too."""

    @property
    def url_variable(self) -> str:
        """The environment variable that holds the queue's URL."""
        return f"HUB_{self.name.upper()}_QUEUE_URL"

    @property
    def ids(self) -> tuple[str, ...]:
        """The names of the ids in a message about a record."""
        return tuple(field for pattern in self.stored if (field := _field(pattern)))

    def message(self, *ids: str | int) -> dict[str, str | int]:
        """Return the message about a record, named by the ids in its keys."""
        kind = {} if self.kind is None else {"kind": self.kind}
        return {**kind, **dict(zip(self.ids, ids, strict=True))}

    def stored_ids(self, partition: str, sort: str) -> tuple[str | int, ...] | None:
        """Return the ids in a stored record's keys; None if storing it sends no message to this queue."""
        return ids_in(self.stored, (partition, sort))

    def due_ids(self, partition: str, sort: str) -> tuple[str | int, ...] | None:
        """Return the ids in the keys of a record of the due index; None if it is not this consumer's."""
        return ids_in(self.due or self.stored, (partition, sort))

    def due_key(self, *ids: str | int) -> tuple[str, str]:
        """Return the partition key and the sort key of the record in the due index."""
        partition, sort = self.due or self.stored
        names = [field for pattern in (partition, sort) if (field := _field(pattern))]
        values = dict(zip(names, ids, strict=True))
        return partition.format(**values), sort.format(**values)

    def load(self) -> Callable[..., None]:
        """Import the handler."""
        handler: Callable[..., None] = load(self.handler)
        return handler


def load(name: str) -> Any:
    """Import what is named as `module:attribute`."""
    module, _, attribute = name.partition(":")
    return getattr(import_module(module), attribute)


def _field(pattern: str) -> str:
    return pattern.partition("{")[2].rstrip("}").partition(":")[0]


def ids_in(patterns: tuple[str, str], keys: tuple[str, str]) -> tuple[str | int, ...] | None:
    """Return the ids in a record's keys; None if the keys are not of these patterns."""
    ids: list[str | int] = []
    for pattern, key in zip(patterns, keys, strict=True):
        prefix, _, field = pattern.partition("{")
        if not (key.startswith(prefix) if field else key == prefix):
            return None
        if field:
            rest = key.removeprefix(prefix)
            ids.append(int(rest) if ":" in field else rest)
    return tuple(ids)


STAYS: Final = "stays"
"""The attribute of a record that is stored without a message: nothing follows it, or not yet.

An event has it that leaves its case at its step, and a notice that is to be sent on a later day.
"""

WORKFLOW: Final = Consumer(
    name="workflow",
    stored=("CASE#{case_id}", "EVENT#{sequence:08}"),
    due=("CASE#{case_id}", "WORKFLOW"),
    kind="changed",
    handler="chalicelib.workflow.steps:handle",
    attempts=5,
    oldest_seconds=600,
    batch_size=10,
    concurrency=10,
    timeout_seconds=30,
    uses=("cases", "cases_together", "deletions", "courts", "state_machine"),
    parts=("workflows", "cases", "engine", "calendar", "clock", "metrics"),
)
CORE: Final = (
    WORKFLOW,
    Consumer(
        name="court",
        stored=("CASE#{case_id}", "DISPATCH#{dispatch_id}"),
        handler="chalicelib.use_cases.dispatch_to_court:dispatch_to_court",
        put_off_metric="CourtFailures",
        # The delay between attempts grows up to an hour, with full jitter: 24 attempts last about eight hours
        # of a court's outage; after that an alarm is raised, and the reconciler sends again from the table.
        attempts=24,
        oldest_seconds=2 * 3600,
        batch_size=5,
        concurrency=5,
        reserves=True,  # limits the simultaneous calls to a court's endpoint
        timeout_seconds=90,
        memory_mb=1024,
        uses=(
            "cases",
            "one_record",
            "cases_together",
            "courts",
            "dossiers",
            "drawing",
            "sign_messages",
            "personal_data",
            "public_url",
        ),
        parts=("dispatches", "cases", "transfers", "dossier_store", "court", "clock"),
    ),
    Consumer(
        name="callbacks",
        stored=("CALLBACK#{callback_id}", "CALLBACK"),
        handler="chalicelib.use_cases.apply_callback:apply_callback",
        attempts=10,
        oldest_seconds=900,
        batch_size=10,
        concurrency=5,
        timeout_seconds=30,
        uses=("cases", "one_record", "deletions", "courts"),
        parts=("callbacks", "transfers", "cases", "calendar", "clock", "metrics"),
    ),
    Consumer(
        name="notices",
        stored=("CASE#{case_id}", "NOTICE#{notice_id}"),
        handler="chalicelib.use_cases.send_notice:send_notice",
        put_off_metric="NoticesPutOff",
        attempts=24,  # delayed like the court's
        oldest_seconds=900,  # a code expires after ten minutes: the alarm comes soon after that
        batch_size=5,
        concurrency=5,
        timeout_seconds=60,
        uses=("notices", "cases_together", "sign_messages", "personal_data", "message_gateway"),
        parts=("notices", "cases", "codes", "messenger", "clock", "metrics"),
    ),
)
