"""The outcome of every case, read from the hub when all have ended: settlements, events, court fees.

Promise: every sum is made of the hub's own answers, in fen; the balance of each performance is checked:
agreed + clawed back - rebate = paid + remaining - overpaid. Trips are counted by party and day.
"""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from chalicelib.domain.loan.court_fee import court_fee
from chalicelib.domain.money import Money
from infra.local.court.clock import day_in_china
from infra.local.demo.script import fen

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from infra.local.demo.client import HubClient
    from infra.local.demo.driver import Course

_READERS: Final = 4
_PAGE: Final = 100
COMPONENTS: Final = (
    "costs",
    "fees",
    "compound_interest",
    "penalty_interest",
    "breach_fee",
    "interest",
    "principal",
)
BALANCE: Final = ("agreed", "clawback", "rebate", "paid", "remaining", "overpaid")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A filed case with the hub's settlement, events and court fee."""

    course: Course
    settlement: Mapping[str, Any]
    events: Sequence[Mapping[str, Any]]
    fees: Mapping[str, str]
    """The court fee that a suit would have cost: full, and halved."""

    @property
    def agreement(self) -> Mapping[str, Any] | None:
        """The agreement that came into force in the case's last round, if one did."""
        agreement: Mapping[str, Any] | None = self.settlement["agreement"]
        return agreement if self.settlement["performance"] else None

    @property
    def rejected(self) -> bool:
        """Whether the court refused to confirm that agreement, so that it does not bind the parties."""
        confirmation = self.course.view["confirmation"] if self.course.view else None
        return confirmation is not None and confirmation["state"] == "rejected"

    def money(self, name: str) -> int:
        """Return an amount of the performance in fen; 0 without one."""
        performance = self.settlement["performance"]
        return fen(performance[name]) if performance else 0

    @property
    def unbalanced(self) -> int:
        """By how many fen the performance does not balance."""
        agreed, clawback, rebate, paid, remaining, overpaid = (self.money(name) for name in BALANCE)
        return agreed + clawback - rebate - (paid + remaining - overpaid)

    def happened(self, kind: str) -> list[Mapping[str, Any]]:
        """Return the case's events of a type."""
        return [event for event in self.events if event["type"] == kind]

    @property
    def rulings(self) -> list[str]:
        """Return what the court ruled, round by round."""
        return [event["facts"]["ruling"] for event in self.happened("confirmation_ruled")]

    @property
    def court_case_numbers(self) -> set[str]:
        """Return every case number that the court gave, rulings included."""
        told = (event["facts"] for event in self.events if event["facts"])
        return {facts["court_case_number"] for facts in told if facts.get("court_case_number")}

    @property
    def trips(self) -> Counter[str]:
        """Return on how many days each party came in person."""
        days = {
            (event["facts"]["party_id"], day_in_china(datetime.fromisoformat(event["at"])))
            for event in self.events
            if event["channel"] == "in_person" and event["facts"] and "party_id" in event["facts"]
        }
        return Counter(party for party, _ in days)


@dataclass(frozen=True, slots=True)
class Outcomes:
    """The outcomes of all cases, and what could not be read."""

    each: Sequence[Outcome]
    unread: list[str] = field(default_factory=list)

    def in_force(self, *kinds: str) -> list[Outcome]:
        """Return the cases with a binding agreement of these kinds; of any kind if none is given."""
        return [
            outcome
            for outcome in self.each
            if outcome.agreement
            and not outcome.rejected
            and (outcome.agreement["outcome"] in kinds or not kinds)
        ]


def total(outcomes: Iterable[Outcome], name: str) -> int:
    """Add an amount up over cases, in fen."""
    return sum(outcome.money(name) for outcome in outcomes)


def read_outcomes(hub: HubClient, courses: Sequence[Course]) -> Outcomes:
    """Ask the hub for the outcome of every filed case."""
    unread: list[str] = []

    def read(course: Course) -> Outcome | None:
        try:
            return _outcome(hub, course)
        except _NotReadError as error:
            unread.append(str(error))
            return None

    with ThreadPoolExecutor(_READERS) as pool:
        found = list(pool.map(read, [course for course in courses if course.case_id]))
    return Outcomes([outcome for outcome in found if outcome is not None], unread)


class _NotReadError(Exception):
    """The hub did not answer a read."""


def _outcome(hub: HubClient, course: Course) -> Outcome:
    path = f"/v1/cases/{course.case_id}"
    settlement = _get(hub, course, f"{path}/settlement")
    return Outcome(
        course=course, settlement=settlement, events=_events(hub, course, path), fees=_fees(hub, course, path)
    )


def _events(hub: HubClient, course: Course, path: str) -> list[Mapping[str, Any]]:
    events: list[Mapping[str, Any]] = []
    after: str | None = ""
    while after is not None:
        page = _get(hub, course, f"{path}/events?limit={_PAGE}{after}")
        events += page["items"]
        after = f"&cursor={page['next']}" if page["next"] else None
    return events


def _fees(hub: HubClient, course: Course, path: str) -> Mapping[str, str]:
    if "debt" in course.filing:
        fees: Mapping[str, str] = _get(hub, course, f"{path}/statement")["court_fee"]
        return fees
    # For a case without a debt the hub states no fee; compute it by the same scale (诉讼费用交纳办法 13).
    claimed = sum(fen(amount) for name, amount in course.filing["claim"].items() if name != "as_of")
    computed = court_fee(Money(claimed))
    return {"full": str(computed.full), "halved": str(computed.halved)}


def _get(hub: HubClient, course: Course, path: str) -> Any:
    answer = hub.get(course.claims("centre"), path)
    if not answer.ok:
        raise _NotReadError(f"{path}: {answer.status} {answer.code}")
    return answer.body
