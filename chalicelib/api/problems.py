"""From an error to the problem its caller gets.

Promise: every refusal is `application/problem+json` (RFC 9457) with a stable `type` and `code`, the request
id, and a title and a detail in the caller's language that say what to do; no value of the request is
ever quoted but an amount, a percentage or a day that is out of bounds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from chalicelib.api.languages import Language, Words
from chalicelib.api.problem_table import AWAITED, INTERNAL_ERROR, MISSING, PAST, PROBLEMS, SEPARATOR
from chalicelib.api.refusals import BodyUnreadable, RequestFault
from chalicelib.api.wording import wording
from chalicelib.domain.agreement.errors import AgreementError, AgreementRefused
from chalicelib.domain.errors import (
    ActionNotAvailable,
    CourtUnavailable,
    HubError,
    InvalidInput,
    NotEligible,
    RuleViolated,
)
from chalicelib.domain.loan.comparison import ClaimDiffers
from chalicelib.domain.loan.errors import LoanError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chalicelib.api.problem_table import ProblemType
    from chalicelib.domain.errors import Fault

TYPE_PREFIX: Final = "urn:jiefen-hub:problem:"
MOST_FAULTS: Final = 200
"""More faults than this in one request are counted, not listed."""
_STOP: Final = Words(". ", "。")
"""Ends what a rule requires, which is no sentence by itself."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem ready to be sent."""

    status: int
    body: dict[str, Any]
    headers: dict[str, str] = field(default_factory=dict)


def problem_type_of(error: type[HubError]) -> tuple[str, ProblemType]:
    """Return the code and the row of an error class, or of its nearest ancestor that has one."""
    codes = [ancestor.code for ancestor in error.__mro__ if issubclass(ancestor, HubError)]
    code = next((code for code in codes if code in PROBLEMS), INTERNAL_ERROR)
    return code, PROBLEMS[code]


def problem_of(error: HubError, language: Language, request_id: str) -> Problem:
    """Turn a refusal into what the caller gets."""
    code, kind = problem_type_of(type(error))
    problem = _problem(code, kind, language, request_id)
    problem.body.update(_members(error, kind, language))
    if isinstance(error, RuleViolated):
        rule = Words(error.summary, error.summary_zh).to(language)
        problem.body["detail"] = f"{kind.detail.to(language)}: {rule} ({error.article})"
    if isinstance(error, RuleViolated | ActionNotAvailable) and error.missing:
        stop = _STOP.to(language) if isinstance(error, RuleViolated) else " "
        problem.body["detail"] += f"{stop}{_missing(error.missing, language)}"
    elif isinstance(error, ActionNotAvailable):
        problem.body["detail"] += f" {PAST.to(language)}"
    if isinstance(error, LoanError | AgreementError) and kind.fault:
        problem.body["detail"] += f" {wording(code, error.values).to(language)}"
    if isinstance(error, CourtUnavailable | AgreementRefused) and error.retry_after_seconds:
        problem.headers["Retry-After"] = str(error.retry_after_seconds)
    return problem


def unexpected(language: Language, request_id: str) -> Problem:
    """Return the problem of an error nobody foresaw: it contains only the request id."""
    return _problem(INTERNAL_ERROR, PROBLEMS[INTERNAL_ERROR], language, request_id)


def _problem(code: str, kind: ProblemType, language: Language, request_id: str) -> Problem:
    body = {
        "type": f"{TYPE_PREFIX}{code}",
        "title": kind.title.to(language),
        "status": kind.status,
        "code": code,
        "detail": kind.detail.to(language),
        "request_id": request_id,
    }
    return Problem(kind.status, body, kind.headers)


def _members(error: HubError, kind: ProblemType, language: Language) -> dict[str, Any]:
    match error:
        case InvalidInput():
            return {"errors": _listed(error.faults, language), "error_count": len(error.faults)}
        case BodyUnreadable():
            return {"errors": _listed([error.fault], language), "error_count": 1}
        case NotEligible():
            fault = RequestFault(f"/{error.field}", error.code)
            return {"why": str(error.why), "errors": _listed([fault], language), "error_count": 1}
        case ClaimDiffers():
            # Loads the arithmetic, a twelfth of a cold start, which few problems need.
            from chalicelib.api.schemas.verdicts import ComparedLineOut  # noqa: PLC0415

            return {"lines": [ComparedLineOut.of(line).model_dump() for line in error.comparison.lines]}
    found = {name: getattr(error, name) for name in kind.members}
    return {name: value for name, value in found.items() if value != ()}


def _missing(awaited: Iterable[str], language: Language) -> str:
    parts = (each.partition(":") for each in awaited)
    words = (AWAITED[what].to(language).format(party=party_id) for what, _, party_id in parts)
    what = SEPARATOR.to(language).join(words)
    return MISSING.to(language).format(what=what)


def _listed(faults: Iterable[Fault], language: Language) -> list[dict[str, str]]:
    return [
        {
            "in": fault.part if isinstance(fault, RequestFault) else "body",
            "pointer": fault.pointer,
            "code": fault.code,
            "message": _message(fault, language),
        }
        for fault, _ in zip(faults, range(MOST_FAULTS), strict=False)
    ]


def _message(fault: Fault, language: Language) -> str:
    if isinstance(fault, RequestFault):
        return wording(fault.code, fault.values).to(language)
    return fault.message
