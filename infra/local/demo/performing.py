"""Moves under an agreement in force: paying, paying wrongly, not paying, and having it confirmed.

Promise: a script continues after either ruling; where it has two ways to go on, the cases take turns, so that
a caseload shows both. Downside: with few cases the court may rule so that one kind does not occur.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

from infra.local.demo.mediating import SUE
from infra.local.demo.script import Act, Standing, fen, yuan

if TYPE_CHECKING:
    from collections.abc import Mapping

_AHEAD_DAYS: Final = 8
_ONE_IN: Final = 3
"""One of so many confirmed agreements is performed; the others are enforced."""
_TOO_MUCH: Final = 88_00
RULINGS: Final = ("confirmed", "rejected")
"""The court's possible rulings; each is also a name for `take_turn`."""
RENEGOTIATE: Final = Act("mediator", "renegotiation")
ENFORCE: Final = Act("institution", "enforcement")


def pay_when_due(standing: Standing) -> Act | None:
    """Pay each line of the plan a few days ahead."""
    return _pay_next(standing, standing.read_settlement()["performance"])


def pay_first_only(standing: Standing) -> Act | None:
    """Pay the first line of the plan, and nothing after it."""
    performance = standing.read_settlement()["performance"]
    return None if performance["payments"] else _pay_next(standing, performance)


def pay_off_early(standing: Standing) -> Act:
    """Pay everything at once, before the plan's interest runs."""
    performance = standing.read_settlement()["performance"]
    return _payment(standing, "ALL", performance["payoff_today"])


def pay_by_mistake_first(standing: Standing) -> Act | None:
    """Record a wrong amount, take it back, record the right one, and go on as planned."""
    performance = standing.read_settlement()["performance"]
    first, recorded = performance["lines"][0], performance["payments"]
    if not recorded:
        return _payment(standing, "WRONG", yuan(fen(first["to_pay"]) + _TOO_MUCH))
    if not recorded[0]["reversed"]:
        return Act("institution", "reversals", {"reference": recorded[0]["reference"]})
    if len(recorded) == 1:
        return _payment(standing, "1", first["to_pay"])
    return _pay_next(standing, performance)


def take_back_what_bounced(standing: Standing) -> Act | None:
    """Take back the last payment after it has ended the case, once: it bounced."""
    payments = standing.read_settlement()["performance"]["payments"]
    if any(payment["reversed"] for payment in payments):
        return None
    return Act("institution", "reversals", {"reference": payments[-1]["reference"]})


def pay_until_it_counts(standing: Standing) -> Act | None:
    """Pay each line when it is due, and what bounced once more, under a reference of its own."""
    performance = standing.read_settlement()["performance"]
    bounced = any(payment["reversed"] for payment in performance["payments"])
    return _pay_next(standing, performance, "-AGAIN" if bounced else "")


def _pay_next(standing: Standing, performance: Mapping[str, Any], mark: str = "") -> Act | None:
    for line in performance["lines"]:
        if fen(line["remaining"]) > 0:
            ahead = (date.fromisoformat(line["due"]) - standing.today).days
            due = ahead <= _AHEAD_DAYS
            return _payment(standing, f"{line['number']}{mark}", line["remaining"]) if due else None
    return None


def _payment(standing: Standing, name: str, amount: str) -> Act:
    reference = f"PAY-{standing.view['case_id'][:12]}-{standing.view['round']}-{name}"
    on = standing.today.isoformat()
    return Act("institution", "repayments", {"reference": reference, "on": on, "amount": amount})


def have_it_confirmed(standing: Standing) -> Act | None:
    """Let all parties apply, pay the first line meanwhile, and act on the ruling."""
    confirmation = standing.view["confirmation"]
    match confirmation["state"]:
        case "none":
            return _apply(standing, confirmation["applicants"])
        case "confirmed":
            honest = standing.take_turn("confirmed") % _ONE_IN == 1
            return pay_when_due(standing) if honest else pay_first_only(standing)
        case "rejected":
            return SUE if standing.take_turn("rejected") % 2 == 0 else RENEGOTIATE
        case _:
            return pay_first_only(standing)


def _apply(standing: Standing, applicants: list[str]) -> Act:
    if "a1" not in applicants:
        return Act("institution", "confirmation", {"side": "applicant", "party_id": "a1"})
    party = next(party for party in standing.respondents if party not in applicants)
    return Act("borrower", "confirmation", {"side": "respondent", "party_id": party}, party)


def after_default(standing: Standing) -> Act | None:
    """Enforce a confirmed agreement, sue under any other; wait while the court has not ruled."""
    confirmation = standing.view["confirmation"]
    match confirmation["state"]:
        case "confirmed":
            return ENFORCE
        case "rejected":
            return SUE
        case "none":
            # If only one side applied, the court is not asked; the other side had time to apply.
            return SUE
        case _:
            return None
