"""Moves up to the end of the mediation, and from there to the court."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from infra.local.demo.script import Act, Move, Standing, always

if TYPE_CHECKING:
    from collections.abc import Mapping

_FIRST_APPOINTMENT: Final = 3


def appoint(_standing: Standing) -> Act:
    """Let the centre appoint a mediator and the guiding judge."""
    return Act("centre", "assignment", {"action": "appoint", "mediator_id": "m-001", "judge_id": "j-001"})


def consent(standing: Standing) -> Act | None:
    """Let the next borrower consent."""
    return _answer_to_mediation(standing, given=True)


def refuse(standing: Standing) -> Act | None:
    """Let a borrower refuse to be mediated."""
    return _answer_to_mediation(standing, given=False)


def _answer_to_mediation(standing: Standing, *, given: bool) -> Act | None:
    missing = [party for party in standing.respondents if party not in standing.view["consents"]]
    if not missing:
        return None
    return Act("borrower", "consents", {"party_id": missing[0], "given": given, "online": True}, missing[0])


def accept_only(standing: Standing) -> Act | None:
    """Let the mediator accept; the borrower stays silent."""
    accepted = standing.view["accepted_at"] is not None
    return None if accepted else Act("mediator", "assignment", {"action": "accept"})


def begin(standing: Standing) -> Act | None:
    """Let the mediator accept, then the borrowers consent."""
    return accept_only(standing) or consent(standing)


def decline_first(standing: Standing) -> Act | None:
    """Let the first mediator decline; a later one accepts."""
    # The first appointment is the case's third event at the latest.
    if standing.view["accepted_at"] is None and standing.view["version"] <= _FIRST_APPOINTMENT:
        return Act("mediator", "assignment", {"action": "decline", "reason": "workload"})
    return begin(standing)


def extend_then(move: Move) -> Move:
    """Let all parties extend the mediation before `move` continues."""

    def extended(standing: Standing) -> Act | None:
        if standing.view["extended_days"]:
            return move(standing)
        if standing.view["extension"] is None:
            return Act("institution", "extension", {"side": "applicant", "days": 10})
        agreed = standing.view["extension"]["agreed"]
        party = next(party for party in standing.respondents if party not in agreed)
        return Act("borrower", "extension", {"side": "respondent", "days": 10}, party)

    return extended


def refuse_to_go_on(standing: Standing) -> Act:
    """Let a borrower end the mediation."""
    party = standing.respondents[0]
    return Act("borrower", "refusals", {"party_id": party}, party)


def recorded_refusal_then(move: Move) -> Move:
    """Let mediator and centre record that a borrower ends the mediation; once undone, `move` continues."""

    def recorded(standing: Standing) -> Act | None:
        if standing.memory.get("objected"):
            return move(standing)
        recorder = "centre" if standing.view["pending"] else "mediator"
        return Act(recorder, "refusals", {"party_id": standing.respondents[0], "channel": "in_person"})

    return recorded


def talk_then(move: Move) -> Move:
    """Let borrower, mediator and judge write to each other; then `move` continues."""

    def talked(standing: Standing) -> Act | None:
        said = standing.memory.get("said", 0)
        if said == len(_SAID):
            return move(standing)
        standing.memory["said"] = said + 1
        role, resource, body = _SAID[said]
        return Act(role, resource, body, key=f"said-{said}")

    return talked


_SAID: Final = (
    ("borrower", "messages", {"text": "请问可以分期还吗？"}),
    ("mediator", "guidance", {"text": "借款人自愿承诺还款的，诉讼时效如何计算？"}),
    ("judge", "guidance", {"text": "自其同意履行之日起重新计算，参见民法典第195条。"}),
    ("mediator", "messages", {"thread": "r1", "text": "可以，请看银行提出的方案。"}),
)
"""Who says what; the judge is asked about the law only (M15)."""


def object_to_it(standing: Standing) -> Act | None:
    """Let the borrower object to what was recorded in its name, and the centre uphold the objection."""
    if standing.view["objection"] is not None:
        return Act("colleague", "objection-decisions", {"reason": "not_said"})
    if not standing.view["recorded"]:
        return None
    standing.memory["objected"] = True
    act = standing.view["recorded"][-1]
    return Act("borrower", "objections", {"party_id": act["party_id"], "act": act["number"]}, act["party_id"])


def _correct(standing: Standing) -> Act:
    claim: Mapping[str, Any] = standing.view["claim"]
    without_total = {name: value for name, value in claim.items() if name not in {"total", "currency"}}
    return Act("institution", "corrections", {"claim": without_total})


FAIL: Final = always(Act("mediator", "failure", {"reason": "differences_too_large"}))
SUE: Final = Act("institution", "transfer", {"insists": True})
DROP: Final = always(Act("institution", "transfer", {"insists": False}))
WITHDRAW: Final = always(Act("institution", "withdrawal"))
MEDIATE: Final[Mapping[str, Move]] = {"screened": appoint, "assigned": begin}
CORRECT: Final[Mapping[str, Move]] = {"returned": _correct}
LITIGATE: Final[Mapping[str, Move]] = {"unresolved": always(SUE), **CORRECT}
