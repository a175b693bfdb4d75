"""All errors and refusals of the hub, as one tree.

Promise: whatever a caller may have to handle derives from `HubError` and carries a stable `code`; the
HTTP status, the title and its translation are chosen in the API, from the class and the code.
Downside: a new refusal needs its class here before the API can name it.

    HubError
    ├── InvalidInput              the request is malformed; names every fault at once
    ├── UnknownCourt              the hub does not serve this court
    ├── NotPermitted              the role may never do this
    ├── NotFound
    │   ├── CaseNotFound          unknown, or another tenant's (which must look the same)
    │   ├── TransferNotFound
    │   ├── DocumentNotFound
    │   ├── CallbackNotFound
    │   ├── PaperNotFound         no such paper of this case for this caller
    │   ├── SessionNotFound       no such session of this case for this caller
    │   ├── PolicyNotFound        another institution's concession policy
    │   ├── InstitutionNotFound   not enrolled, or another institution
    │   ├── ApplicationNotFound   no such application for this caller
    │   └── PersonNotFound        nobody of this id on the court's roster, for this caller
    ├── PassNotAccepted           an applicant's pass is over: it shows a code anew
    ├── TooManyCodes              too many codes for one source: try again later
    ├── NotAsEnrolled             not what the centre enrolled of the institution; names every field
    ├── TextTellsOfParties        a text that has to be about the law only; names what was found
    ├── Conflict
    │   ├── DuplicateFiling       the same claim is open already; names the case
    │   ├── IdempotencyKeyReused  the same key with another body
    │   ├── StaleVersion          somebody changed the case since it was read
    │   ├── StalePolicy           a version was published since the book was read
    │   ├── StaleInstitution      somebody changed the enrolment since it was read
    │   ├── InstitutionNotEnrolled  the centre enrols it first
    │   ├── InstitutionSuspended  it files nothing new; its open cases go on
    │   ├── StalePerson           the person's entry was changed since it was read
    │   ├── NotEligible           who is named may not be given the case; names the field
    │   │   ├── MediatorNotEligible
    │   │   └── JudgeNotEligible
    │   ├── ActionNotAvailable    not at this stage
    │   ├── RuleViolated          a legal rule refuses; names the rule and its article
    │   ├── PaperNotPossible      the case lacks what the paper needs; names it
    │   ├── PhoneTakesNoCodes     no message reaches the party's phone, so no code is sent
    │   └── DebtNotKnown          the case was filed without its debt
    ├── ChainBroken               an event was altered, removed or reordered
    ├── ContentAltered            a stored file's bytes are not those of its SHA-256
    ├── StoreBusy                 storage did not do it now: nothing was changed, repeat later
    │   ├── TimestampUnavailable  the timestamp authority gave none: nothing was signed
    │   ├── Contended             somebody else writes the same records just now
    │   └── OutcomeUnknown        no answer to a write: it may have taken effect
    ├── CourtError
    │   ├── CourtUnavailable      try again later
    │   └── CourtRefusedMessage   sending it again would not help
    └── MessengerError
        ├── MessengerUnavailable  try again later
        └── MessengerRefused      sending it again would not help
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class HubError(Exception):
    """The root; `code` is part of the public contract and never changes its meaning."""

    code: ClassVar[str] = "hub_error"


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a request: where (JSON pointer), which kind, and what to do about it."""

    pointer: str
    code: str
    message: str


class InvalidInput(HubError):
    """The request can't be understood; `faults` lists everything that is wrong with it."""

    code = "invalid_input"

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(f"{len(faults)} fault(s)")
        self.faults = tuple(faults)


class UnknownCourt(HubError):
    """The hub is not configured for this court."""

    code = "unknown_court"


class NotPermitted(HubError):
    """The caller's role may not do this, on any case."""

    code = "not_permitted"

    def __init__(self, role: str, action: str) -> None:
        super().__init__(f"role {role} may not {action}")
        self.role = role
        self.action = action


class NotFound(HubError):
    """There is no such thing for this caller."""

    code = "not_found"


class CaseNotFound(NotFound):
    """No such case, or it belongs to another tenant: the two must be indistinguishable."""

    code = "case_not_found"


class TransferNotFound(NotFound):
    """No such transfer for this court."""

    code = "transfer_not_found"


class DocumentNotFound(NotFound):
    """The transfer's manifest has no such document."""

    code = "document_not_found"


class CallbackNotFound(NotFound):
    """No stored callback of this id."""

    code = "callback_not_found"


class PaperNotFound(NotFound):
    """The case has no such paper, or the caller may not see it: the two must be indistinguishable."""

    code = "paper_not_found"


class SessionNotFound(NotFound):
    """The case has no such session, or the caller is not invited: the two must be indistinguishable."""

    code = "session_not_found"


class PolicyNotFound(NotFound):
    """No such institution's concession policy for this caller."""

    code = "policy_not_found"


class InstitutionNotFound(NotFound):
    """No such institution is enrolled, or the caller is another one: the two must be indistinguishable."""

    code = "institution_not_found"


class ApplicationNotFound(NotFound):
    """No such application, or one that this caller may not see."""

    code = "application_not_found"


class PassNotAccepted(HubError):
    """An applicant's pass is over or was never given; it shows a code anew."""

    code = "pass_not_accepted"


class TooManyCodes(HubError):
    """One source asks for too many codes."""

    code = "too_many_codes"


class NotAsEnrolled(HubError):
    """What was sent is not what the centre enrolled of the institution.

    `faults` are the codes by field: `<party_id>.name`, `<party_id>.id_number`, `court_id`, `account.number`.
    """

    code = "not_as_enrolled"

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__(", ".join(faults))
        self.faults = dict(faults)


class TextTellsOfParties(HubError):
    """A text that has to be about the law only tells of the parties or of what was offered.

    `found` are codes: `name`, `id_number`, `phone`, `account`, `amount`; never the values.
    """

    code = "text_tells_of_parties"

    def __init__(self, found: Sequence[str]) -> None:
        super().__init__(", ".join(found))
        self.found = tuple(found)


class PersonNotFound(NotFound):
    """Nobody of this id stands on the roster of the caller's court, or the caller may not see the entry."""

    code = "person_not_found"


class Conflict(HubError):
    """The request is well-formed, but the present state refuses it."""

    code = "conflict"


class DuplicateFiling(Conflict):
    """The institution already has an open case of this contract for one of these instalments."""

    code = "duplicate_filing"

    def __init__(self, existing_case_id: str, existing_instalment_scope: str) -> None:
        super().__init__(f"{existing_instalment_scope} is already open as {existing_case_id}")
        self.existing_case_id = existing_case_id
        self.existing_instalment_scope = existing_instalment_scope


class IdempotencyKeyReused(Conflict):
    """The key was used before, with another body."""

    code = "idempotency_key_reused"


class StaleVersion(Conflict):
    """The case changed since the caller read it; read again, then decide again."""

    code = "stale_version"


class StalePolicy(Conflict):
    """Another version of the policy was published since the caller read it; nothing was published now."""

    code = "stale_policy"


class StaleInstitution(Conflict):
    """Another version of the enrolment was stored since the caller read it; nothing was stored now."""

    code = "stale_institution"


class InstitutionNotEnrolled(Conflict):
    """The institution is not enrolled: until the centre enrols it, it files nothing and is paid nothing."""

    code = "institution_not_enrolled"


class InstitutionSuspended(Conflict):
    """The centre suspended the institution: it files nothing new; its open cases go on."""

    code = "institution_suspended"


class StalePerson(Conflict):
    """The person's entry on the roster was changed since the caller read it; nothing was changed now."""

    code = "stale_person"


class NotEligible(Conflict):
    """Who is named may not be given the case; `why` is a code of `appointment.Obstacle`.

    `field` is the field of the command that names the person.
    """

    code = "not_eligible"
    field: ClassVar[str]

    def __init__(self, person_id: str, why: str) -> None:
        super().__init__(f"{person_id}: {why}")
        self.why = why


class MediatorNotEligible(NotEligible):
    """The mediator may not be given the case."""

    code = "mediator_not_eligible"
    field = "mediator_id"


class JudgeNotEligible(NotEligible):
    """The judge may not guide the case."""

    code = "judge_not_eligible"
    field = "judge_id"


class ActionNotAvailable(Conflict):
    """The case's stage does not offer this action; `missing` names what the action waits for (`awaited`).

    Nothing is missing where the case is past it.
    """

    code = "action_not_available"

    def __init__(self, stage: str, action: str, missing: Sequence[str] = ()) -> None:
        super().__init__(f"{action} is not available at stage {stage}")
        self.stage = stage
        self.action = action
        self.missing = tuple(missing)


class RuleViolated(Conflict):
    """A rule refuses; `rule` is its stable name and `article` the law or policy it comes from.

    Where only somebody's word is missing, `missing` names whose (`awaited`).
    """

    code = "rule_violated"

    def __init__(
        self, rule: str, article: str, summary: str, summary_zh: str, missing: Sequence[str] = ()
    ) -> None:
        super().__init__(f"{rule}: {summary} ({article})")
        self.rule = rule
        self.article = article
        self.summary = summary
        self.summary_zh = summary_zh
        self.missing = tuple(missing)


class PaperNotPossible(Conflict):
    """The case does not have yet what this kind of paper needs; `missing` names each thing."""

    code = "paper_not_possible"

    def __init__(self, kind: str, missing: Sequence[str]) -> None:
        super().__init__(f"{kind} needs {', '.join(missing)}")
        self.kind = kind
        self.missing = tuple(missing)


class PhoneTakesNoCodes(Conflict):
    """The party's phone on record can't get a one-time code: a landline, or a number abroad."""

    code = "phone_takes_no_codes"


class DebtNotKnown(Conflict):
    """The case was filed without the debt behind its claim, so nothing can be computed."""

    code = "debt_not_known"


class ChainBroken(HubError):
    """The event chain does not verify at `sequence`."""

    code = "chain_broken"

    def __init__(self, sequence: int, why: str) -> None:
        super().__init__(f"event {sequence}: {why}")
        self.sequence = sequence


class ContentAltered(HubError):
    """A file was read whose SHA-256 is not the recorded one: it was damaged or replaced."""

    code = "content_altered"


class StoreBusy(HubError):
    """Transient: table, keys, files or queues could not be used now; nothing was changed. Repeat later."""

    code = "store_busy"


class TimestampUnavailable(StoreBusy):
    """Transient: the timestamp authority gave no timestamp, so nothing was signed. Repeat later."""

    code = "timestamp_unavailable"


class Contended(StoreBusy):
    """Transient: somebody else writes the same records at this moment; nothing was changed."""

    code = "contended"


class OutcomeUnknown(StoreBusy):
    """Transient: no answer to a write, so it may have taken effect. Read the state, or repeat the write."""

    code = "outcome_unknown"


class Unavailable(Exception):
    """An outside service can't be reached now: the message is sent later.

    Not in the tree itself; errors of several branches derive from it. `retry_after_seconds` is what the other
    side asked for, if it did.
    """

    retry_after_seconds: int | None


class CourtError(HubError):
    """The court's endpoint did not take a message."""

    code = "court_error"


class CourtUnavailable(CourtError, Unavailable):
    """Transient: unreachable, slow, overloaded, or stopped by the circuit breaker. Try again later."""

    code = "court_unavailable"

    def __init__(self, retry_after_seconds: int | None = None) -> None:
        super().__init__("the court's endpoint is unavailable")
        self.retry_after_seconds = retry_after_seconds


class CourtRefusedMessage(CourtError):
    """Permanent: the court answered that this message can't be taken, with its status and code."""

    code = "court_refused_message"

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(f"the court refused the message: {status} {reason}")
        self.status = status
        self.reason = reason


class MessengerError(HubError):
    """The gateway for short messages did not take one."""

    code = "messenger_error"


class MessengerUnavailable(MessengerError, Unavailable):
    """Transient: unreachable, slow or overloaded. Try again later."""

    code = "messenger_unavailable"

    def __init__(self, retry_after_seconds: int | None = None) -> None:
        super().__init__("the message gateway is unavailable")
        self.retry_after_seconds = retry_after_seconds


class MessengerRefused(MessengerError):
    """Permanent: the gateway answered that this message can't be taken, with its status and code."""

    code = "messenger_refused"

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(f"the message gateway refused the message: {status} {reason}")
        self.status = status
        self.reason = reason
