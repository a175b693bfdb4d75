"""The values that use cases and adapters exchange through ports: small frozen records without behaviour.

Promise: of all their fields, only `CourtCallback.raw` may hold free text.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chalicelib.domain.case import Case
    from chalicelib.domain.contract_filings import Claimed
    from chalicelib.domain.court_commands import CourtCommand
    from chalicelib.domain.dossier import ManifestEntry
    from chalicelib.domain.loan.concession_policy import ConcessionPolicy
    from chalicelib.domain.stages import Stage
    from chalicelib.domain.steps import Step


LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)
DEADLINE: Final = "deadline"
"""The value of `Due.consumer` for a deadline, which the reconciler handles itself, without a consumer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Idempotency:
    """The caller's key for a filing, and the hash of the request's body."""

    caller: str
    key: str
    body_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """The answer to a filing; a repeated key gets the same one with `replayed` set.

    `before` are the cases about the same instalments that are over.
    """

    case_id: str
    stage: Stage
    filed_at: datetime
    version: int
    before: tuple[Claimed, ...] = ()
    replayed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadableCase:
    """A case that this release can't read, and the code of the error that reading it raises."""

    case_id: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePage:
    """Cases, newest filing first; `after` continues the list, None ends it (even a short page may go on).

    `unreadable` are those of the page that can't be shown.
    """

    cases: tuple[Case, ...]
    unreadable: tuple[UnreadableCase, ...] = ()
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A waiting state's message: which execution waits in which step, and the token that ends the wait.

    `usual_next` is the step that the machine goes on to by itself when the wait is completed; None if it asks
    where the case stands, as a machine of an earlier release always does.
    """

    case_id: str
    generation: int
    step: Step
    since: int
    token: str
    usual_next: Step | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkflowRecord:
    """The execution that drives a case: its generation, and its last arrival (see `Arrival`)."""

    case_id: str
    generation: int
    step: Step | None = None
    since: int = 0
    token: str | None = None
    usual_next: Step | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Driven:
    """A case and what drives it, read at once."""

    case: Case
    record: WorkflowRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """Work that should have been finished by now: its consumer, and the ids in its record's keys.

    `consumer` is a consumer's name, or DEADLINE; then the ids are the case and the kind of deadline. It is
    the same work whenever it is due, however often it failed.
    """

    consumer: str
    ids: tuple[str | int, ...]
    at: datetime = field(default=LONG_AGO, compare=False)
    """When it is due."""
    failures: int = field(default=0, compare=False)
    """How often in a row looking after it has failed."""


SENT_AT_ONCE: Final = 10
"""How many messages go to a queue in one call: SQS takes ten, of 256 KiB together (1 MiB since August 2025).

Ten messages of ids are always shorter: what they hold comes from a record's keys, of 3 KiB at most.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A message of ids and codes to a queue, and the chain of requests and messages that it belongs to."""

    body: Mapping[str, str | int]
    correlation_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """A transfer's message to the court; the message id stays the same over retries."""

    message_id: str
    transfer_id: str
    court_id: str
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class CourtNotice:
    """A webhook to the court about a transfer it knows."""

    message_id: str
    transfer_id: str
    court_id: str
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The court's synchronous receipt: the message arrived, nothing more."""

    receipt_id: str
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredTransfer:
    """A transfer as the court may fetch it; the manifest is fixed when the dossier is first built."""

    transfer_id: str
    case_id: str
    court_id: str
    manifest: tuple[ManifestEntry, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CourtCallback:
    """A court's message as received: the command it asks for, and its exact bytes for the record."""

    callback_id: str
    court_id: str
    transfer_id: str
    occurred_at: datetime
    command: CourtCommand
    raw: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """A version of a concession policy, who published it, and when."""

    policy: ConcessionPolicy
    published_by: str
    published_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedCode:
    """A one-time code that was issued to a party: its number, and the real time at which it expires."""

    number: int
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Fetched:
    """A stored file that a caller may have: its bytes, checked against their SHA-256 (hex).

    Where they are too many for an answer, `link` makes an address that gives them for a minute to whoever
    has it.
    """

    content: bytes
    sha256: str
    media_type: str
    link: Callable[[], str]
