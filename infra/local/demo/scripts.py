"""What each case of the caseload is meant to live through, and where it must end.

Promise: a script says who does what at which stage, and the ends that are right for it; the hub, the
court and time do the rest. Nothing here is known to the hub. Where time itself must act (a limit that
passes), the script does nothing at that stage.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

View = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Act:
    """One act: the role that does it, the resource it posts to, and the body."""

    role: str
    resource: str
    body: Mapping[str, Any] = field(default_factory=dict)
    party_id: str | None = None


Move = Callable[[View], Act | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """A course: how often it occurs, what is done at each stage, and the ends that are right."""

    name: str
    name_zh: str
    weight: int
    moves: Mapping[str, Move]
    ends: frozenset[str]
    failure: str | None = None


def _respondents(view: View) -> list[str]:
    return [party["party_id"] for party in view["parties"] if party["side"] == "respondent"]


def _always(act: Act) -> Move:
    return lambda _view: act


def _appoint(_view: View) -> Act:
    return Act("centre", "assignment", {"action": "appoint", "mediator_id": "m-001", "judge_id": "j-001"})


def _consent(view: View, *, given: bool = True) -> Act | None:
    missing = [party for party in _respondents(view) if party not in view["consents"]]
    if not missing:
        return None
    return Act("borrower", "consents", {"party_id": missing[0], "given": given, "online": True}, missing[0])


def _begin(view: View) -> Act | None:
    if view["accepted_at"] is None:
        return Act("mediator", "assignment", {"action": "accept"})
    return _consent(view)


def _decline_first(view: View) -> Act | None:
    # The first appointment is the case's third event at the latest; a later one is accepted.
    if view["accepted_at"] is None and view["version"] <= _FIRST_APPOINTMENT:
        return Act("mediator", "assignment", {"action": "decline", "reason": "workload"})
    return _begin(view)


def _accept_only(view: View) -> Act | None:
    return Act("mediator", "assignment", {"action": "accept"}) if view["accepted_at"] is None else None


def _sign(view: View) -> Act | None:
    missing = [party["party_id"] for party in view["parties"] if party["party_id"] not in view["signatures"]]
    if not missing:
        return None
    role = "borrower" if missing[0] in _respondents(view) else "institution"
    return Act(role, "signatures", {"party_id": missing[0]}, missing[0])


def _extend_then_settle(view: View) -> Act:
    proposal = view["extension"]
    if view["extended_days"]:
        return Act("mediator", "settlement", {"outcome": "lump_sum"})
    if proposal is None:
        return Act("institution", "extension", {"side": "applicant", "days": 10})
    party = _respondents(view)[0]
    return Act("borrower", "extension", {"side": "respondent", "days": 10}, party)


def _correct(view: View) -> Act:
    return Act("institution", "corrections", {"claim": _without_total(view["claim"])})


def _without_total(claim: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in claim.items() if name not in {"total", "currency"}}


_FIRST_APPOINTMENT: Final = 3
_FAIL: Final = _always(Act("mediator", "failure", {"reason": "differences_too_large"}))
_INSIST: Final = _always(Act("institution", "transfer", {"insists": True}))
_DROP: Final = _always(Act("institution", "transfer", {"insists": False}))
_WITHDRAW: Final = _always(Act("institution", "withdrawal"))
_MEDIATE: Final[Mapping[str, Move]] = {"screened": _appoint, "assigned": _begin}
_LITIGATE: Final[Mapping[str, Move]] = {"unresolved": _INSIST, "returned": _correct}
_AT_COURT: Final = frozenset({"docketed", "refused"})


def _settle(outcome: str) -> Move:
    return _always(Act("mediator", "settlement", {"outcome": outcome}))


SCRIPTS: Final[tuple[Script, ...]] = (
    Script(
        name="settled, lump sum",
        name_zh="调解成功（一次性还款）",
        weight=10,
        moves={**_MEDIATE, "in_mediation": _settle("lump_sum"), "settled": _sign},
        ends=frozenset({"signed"}),
    ),
    Script(
        name="settled, instalments",
        name_zh="调解成功（分期还款）",
        weight=10,
        moves={**_MEDIATE, "in_mediation": _settle("instalments"), "settled": _sign},
        ends=frozenset({"signed"}),
    ),
    Script(
        name="settled after an extension",
        name_zh="延期后调解成功",
        weight=3,
        moves={**_MEDIATE, "in_mediation": _extend_then_settle, "settled": _sign},
        ends=frozenset({"signed"}),
    ),
    Script(
        name="settled, first mediator declined",
        name_zh="首任调解员回避后调解成功",
        weight=3,
        moves={
            **_MEDIATE,
            "assigned": _decline_first,
            "in_mediation": _settle("paid_on_the_spot"),
            "settled": _sign,
        },
        ends=frozenset({"signed"}),
    ),
    Script(
        name="unresolved, to the court",
        name_zh="调解不成，移送法院",
        weight=14,
        moves={**_MEDIATE, "in_mediation": _FAIL, **_LITIGATE},
        ends=_AT_COURT,
        failure="differences_too_large",
    ),
    Script(
        name="unresolved, not insisted on",
        name_zh="调解不成，机构不坚持诉讼",
        weight=5,
        moves={**_MEDIATE, "in_mediation": _FAIL, "unresolved": _DROP},
        ends=frozenset({"closed"}),
        failure="differences_too_large",
    ),
    Script(
        name="institution silent after failure",
        name_zh="调解不成，机构逾期未表态",
        weight=2,
        moves={**_MEDIATE, "in_mediation": _FAIL},
        ends=frozenset({"closed"}),
        failure="differences_too_large",
    ),
    Script(
        name="mediation expired, to the court",
        name_zh="期限届满，移送法院",
        weight=3,
        moves={**_MEDIATE, **_LITIGATE},
        ends=_AT_COURT,
        failure="time_limit",
    ),
    Script(
        name="agreement never signed",
        name_zh="逾期未签署协议",
        weight=2,
        moves={**_MEDIATE, "in_mediation": _settle("lump_sum"), "unresolved": _DROP},
        ends=frozenset({"closed"}),
        failure="refuses_to_sign",
    ),
    Script(
        name="consent refused",
        name_zh="拒绝调解",
        weight=3,
        moves={**_MEDIATE, "screened": lambda view: _consent(view, given=False), "unresolved": _DROP},
        ends=frozenset({"closed"}),
        failure="party_refuses",
    ),
    Script(
        name="borrower silent, to the court",
        name_zh="逾期未同意调解，移送法院",
        weight=2,
        moves={**_MEDIATE, "assigned": _accept_only, **_LITIGATE},
        ends=_AT_COURT,
        failure="consent_silence",
    ),
    Script(
        name="withdrawn in mediation",
        name_zh="调解中撤回",
        weight=4,
        moves={**_MEDIATE, "in_mediation": _WITHDRAW},
        ends=frozenset({"withdrawn"}),
    ),
    Script(
        name="withdrawn on the way to the court",
        name_zh="移送后撤回",
        weight=2,
        # The court may be faster than the withdrawal: then its decision stands.
        moves={
            **_MEDIATE,
            "in_mediation": _FAIL,
            "unresolved": _INSIST,
            "transferring": _WITHDRAW,
            "submitted": _WITHDRAW,
            "returned": _WITHDRAW,
        },
        ends=frozenset({"withdrawn"}) | _AT_COURT,
        failure="differences_too_large",
    ),
)

TERMINAL: Final = frozenset({"signed", "closed", "withdrawn", "docketed", "refused"})


def spread(count: int) -> list[Script]:
    """Deal `count` cases over the scripts by weight, every script at least once where they fit."""
    total = sum(script.weight for script in SCRIPTS)
    dealt: list[Script] = []
    for position, script in enumerate(sorted(SCRIPTS, key=lambda script: -script.weight)):
        left = len(SCRIPTS) - position - 1
        share = max(1, round(count * script.weight / total))
        dealt += [script] * min(share, max(0, count - len(dealt) - left) or min(1, count - len(dealt)))
    return dealt + [SCRIPTS[0]] * (count - len(dealt))
