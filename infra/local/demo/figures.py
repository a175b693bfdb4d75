"""The centre's figures, each with what it counts, what it divides by, and the period.

Promise: sums are in fen until they are shown. An agreement that the court did not confirm binds nobody and is
counted apart. Downside: a case mediated again counts with its last agreement only.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

from infra.local.demo.outcomes import BALANCE, COMPONENTS, total
from infra.local.demo.script import fen, yuan

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from infra.local.demo.outcomes import Outcome, Outcomes

_ON_THE_SPOT: Final = "paid_on_the_spot"
_RESOLVED: Final = frozenset({"paid", "performed"})
_COMPONENTS_ZH: Final = {
    "costs": "实现债权费用",
    "fees": "手续费",
    "compound_interest": "复利",
    "penalty_interest": "罚息",
    "breach_fee": "违约金",
    "interest": "利息",
    "principal": "本金",
}


class Line(NamedTuple):
    """A figure: its name in both languages, what was counted and out of what."""

    name: str
    name_zh: str
    cases: str
    of: str = ""
    amount: str = ""


def lines(outcomes: Outcomes) -> Iterator[Line]:
    """Yield the figures in the order in which the centre publishes them."""
    bound = outcomes.in_force()
    of_bound = f"{len(bound)} agreements binding at the end"
    spot, lump = outcomes.in_force(_ON_THE_SPOT), outcomes.in_force("lump_sum")
    plans = outcomes.in_force("instalments")
    yield Line("paid on the spot", "当场履行", str(len(spot)), of_bound, f"{_sum(spot, 'paid')} paid")
    yield Line(
        "recovered at once (lump sums by a date)",
        "一次性收回",
        str(len(lump)),
        of_bound,
        f"{_sum(lump, 'paid')} paid of {_sum(lump, 'agreed')} agreed",
    )
    yield Line(
        "under instalment plans",
        "分期协议",
        str(len(plans)),
        of_bound,
        f"{_sum(plans, 'agreed')} agreed, {_sum(plans, 'paid')} paid, {_sum(plans, 'remaining')} remaining",
    )
    yield from _waived(bound)
    defaulted = [outcome for outcome in bound if outcome.money("clawback")]
    yield Line(
        "waivers clawed back by default",
        "违约恢复减免",
        str(len(defaulted)),
        of_bound,
        _sum(defaulted, "clawback"),
    )
    yield from _after_the_agreement(outcomes)
    yield from _saved(outcomes)


def _waived(bound: Sequence[Outcome]) -> Iterator[Line]:
    for component in COMPONENTS:
        parts = [fen(outcome.agreement["waived"][component]) for outcome in bound if outcome.agreement]
        if any(parts):
            yield Line(
                f"waived: {component.replace('_', ' ')}",
                f"减免{_COMPONENTS_ZH[component]}",
                str(sum(1 for part in parts if part)),
                f"{len(bound)} agreements binding at the end",
                yuan(sum(parts)),
            )


def _after_the_agreement(outcomes: Outcomes) -> Iterator[Line]:
    in_force = [outcome for outcome in outcomes.each for _ in outcome.happened("agreement_signed")]
    of_force = f"{len(in_force)} agreements in force and to be performed"
    rulings = Counter(ruling for outcome in outcomes.each for ruling in outcome.rulings)
    applied = sum(len(outcome.happened("confirmation_applied_for")) for outcome in outcomes.each)
    yield Line("judicial confirmations applied for", "申请司法确认", str(applied), of_force)
    for ruling, zh in (("confirmed", "裁定有效"), ("rejected", "裁定驳回")):
        yield Line(ruling, zh, str(rulings[ruling]), f"{applied} applications")
    defaults = sum(len(outcome.happened("default_declared")) for outcome in outcomes.each)
    yield Line("defaults declared", "认定违约", str(defaults), of_force)


def _saved(outcomes: Outcomes) -> Iterator[Line]:
    resolved = [outcome for outcome in outcomes.each if outcome.course.stage in _RESOLVED]
    full, halved = (sum(fen(outcome.fees[name]) for outcome in resolved) for name in ("full", "halved"))
    yield Line(
        "court fees saved",
        "节省诉讼费",
        str(len(resolved)),
        f"{len(outcomes.each)} cases filed",
        f"{yuan(full)} in ordinary, {yuan(halved)} in summary procedure",
    )
    trips = Counter(
        outcome.trips[party["party_id"]] for outcome in outcomes.each for party in _parties(outcome)
    )
    for count in sorted(trips):
        yield Line(
            f"parties that came {count} times" if count != 1 else "parties that came once",
            f"跑{count}趟的当事人",
            str(trips[count]),
            f"{sum(trips.values())} parties of all cases",
        )


def _parties(outcome: Outcome) -> Sequence[dict[str, str]]:
    return outcome.course.view["parties"] if outcome.course.view else ()


def balance(outcomes: Outcomes) -> tuple[str, int]:
    """Return the balance of all performances in words, and by how many fen cases are off."""
    sums = {name: total(outcomes.each, name) for name in BALANCE}
    off = sum(abs(outcome.unbalanced) for outcome in outcomes.each)
    shown = {name: yuan(amount) for name, amount in sums.items()}
    words = (
        f"agreed {shown['agreed']} + clawed back {shown['clawback']} - rebate {shown['rebate']} = "
        f"paid {shown['paid']} + remaining {shown['remaining']} - overpaid {shown['overpaid']}"
    )
    return words, off


def kinds(outcomes: Outcomes) -> list[tuple[str, str, int]]:
    """Return how many cases had each kind of settlement, according to their events."""
    return [
        (name, zh, sum(1 for outcome in outcomes.each if lived(outcome)))
        for name, zh, lived in (
            ("paid on the spot", "当场履行", lambda o: o.course.stage == "paid"),
            ("lump sum, paid by its date", "一次性付清", lambda o: _performed(o, "lump_sum")),
            ("instalments, performed", "分期履行完毕", lambda o: _performed(o, "instalments")),
            ("instalments, paid off early (rebate)", "提前还清", lambda o: o.money("rebate") > 0),
            ("payment reversed", "还款冲正", lambda o: bool(o.happened("repayment_reversed"))),
            ("last payment bounced, made again", "末期退票后补付", _paid_after_a_reopening),
            ("defaulted, enforced", "违约后执行", _enforced),
            ("defaulted, sued for the rest", "违约后起诉", _sued_after_default),
            ("rejected, sued", "驳回后起诉", lambda o: "rejected" in o.rulings and _sued(o)),
            ("rejected, mediated again, paid", "驳回后重新调解并履行", _mediated_again),
            ("confirmed, performed", "确认后履行", _confirmed_and_performed),
            ("offer countered, accepted", "反要约成交", _countered),
            ("offer declined, another accepted", "拒绝后成交", lambda o: bool(o.happened("offer_declined"))),
            ("offer expired, another accepted", "逾期后成交", _expired_then_agreed),
            ("refused to sign", "拒绝签署", lambda o: bool(o.happened("signing_refused"))),
            ("never signed", "逾期未签", lambda o: bool(o.happened("signing_expired"))),
        )
    ]


def _performed(outcome: Outcome, kind: str) -> bool:
    agreement = outcome.agreement
    return outcome.course.stage == "performed" and agreement is not None and agreement["outcome"] == kind


def _paid_after_a_reopening(outcome: Outcome) -> bool:
    return outcome.course.stage == "performed" and bool(outcome.happened("agreement_reopened"))


def _enforced(outcome: Outcome) -> bool:
    numbers = outcome.court_case_numbers
    return bool(outcome.happened("enforcement_requested")) and any("执" in number for number in numbers)


def _sued_after_default(outcome: Outcome) -> bool:
    return bool(outcome.happened("default_declared")) and _sued(outcome)


def _sued(outcome: Outcome) -> bool:
    transfer = outcome.course.view["transfer"] if outcome.course.view else None
    return transfer is not None and transfer["matter"] == "suit"


def _mediated_again(outcome: Outcome) -> bool:
    return bool(outcome.happened("mediation_reopened")) and outcome.course.stage in _RESOLVED


def _confirmed_and_performed(outcome: Outcome) -> bool:
    return "confirmed" in outcome.rulings and outcome.course.stage == "performed"


def _countered(outcome: Outcome) -> bool:
    return any(offer["state"] == "countered" for offer in outcome.settlement["offers"])


def _expired_then_agreed(outcome: Outcome) -> bool:
    offers = outcome.settlement["offers"]
    return any(offer["state"] == "expired" for offer in offers) and offers[-1]["state"] == "accepted"


def _sum(outcomes: Sequence[Outcome], name: str) -> str:
    return yuan(total(outcomes, name))
