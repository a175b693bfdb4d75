"""Payments and reversals before, beside and after a mediation, against a slow reference, over the API.

Promise: random contracts at fixed rates, then payments on every kind of day, reversals, offers, the end of a
mediation, a suit and its docketing in any order; after each step what is owed is what the reference computes
day by day from the payments that count, and nothing is lost. Downside: the LPR is not drawn, for the
reference does not know it; what is paid under an agreement is in `test_money_balances`.
"""

import re
from datetime import date, timedelta
from typing import Any, Final

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.domain.calendar import local_date
from chalicelib.domain.loan.card import CardContract
from chalicelib.domain.loan.debt import Debt
from chalicelib.domain.loan.payments import Payment
from chalicelib.domain.money import Money
from tests.api.test_money_balances import COMPONENTS, check, fen, file, yuan
from tests.support.bodies import docketed
from tests.support.courses import act, done
from tests.support.deals import passes, pays, reverses, settlement_of
from tests.support.examples import examples
from tests.support.fakes.samples import MEDIATOR
from tests.support.http import Api
from tests.unit.domain.loan.reference import Reference
from tests.unit.domain.loan.strategies import cards, contracts, cost_lists, payment_lists

DEBTS: Final = st.builds(
    Debt,
    contract=st.one_of(contracts(), cards()),
    payments=payment_lists().map(tuple),
    costs=cost_lists().map(tuple),
)
STEPS: Final = st.lists(
    st.one_of(
        st.tuples(st.just("pay"), st.integers(1, 60), st.integers(0, 11)),
        st.tuples(st.just("reverse"), st.integers(0, 5), st.just(0)),
        st.tuples(st.just("wait"), st.integers(1, 9), st.just(0)),
        st.tuples(st.just("offer"), st.just(0), st.just(0)),
        st.tuples(st.just("on"), st.just(0), st.just(0)),
        st.tuples(st.just("on"), st.just(0), st.just(0)),
    ),
    min_size=4,
    max_size=10,
)
"""Also `on`: the case moves on, from the mediation to its failure, to the court, to its docket."""


def days_of(debt: Debt, today: date) -> list[date]:
    """Return days of every kind: the first, due days and those beside them, maturity, a holiday, today."""
    contract = debt.contract
    if isinstance(contract, CardContract):
        kinds = [day for drawn in contract.overdrafts for day in (drawn.posted, drawn.due)]
    else:
        kinds = [contract.maturity, *(part.on for part in contract.instalments)]
    near = [day + timedelta(days=off) for day in kinds for off in (-1, 0, 1)]
    near += [debt.opens, *(paid.on for paid in debt.payments), date(2026, 2, 17), today]
    return sorted({day for day in near if debt.opens <= day <= today})


def reference(debt: Debt, counted: list[Payment], today: date) -> Reference:
    """Compute the debt anew from all payments that count."""
    return Reference(debt.contract, (*debt.payments, *counted), debt.costs, today)


class Life:
    """A case, its debt, and the payments that count by the test's own book."""

    def __init__(self, debt: Debt) -> None:
        self.api, self.debt = Api(), debt
        self.case_id = file(self.api, debt)
        self.counted: dict[str, Payment] = {}
        self.taken_back: set[str] = set()
        self.recorded = 0

    @property
    def today(self) -> date:
        """The day in China."""
        return local_date(self.api.hub.clock.now())

    def case(self) -> Any:
        """Read the case."""
        return self.api.get(f"/v1/cases/{self.case_id}").body

    def pay(self, percent: int, kind: int) -> None:
        """Record a payment of a share of the claim, on one of the kinds of days."""
        days = days_of(self.debt, self.today)
        on, self.recorded = days[kind * len(days) // 12], self.recorded + 1
        amount = fen(self.case()["claim"]["total"]) * percent // 100 + 1
        reference = f"N-{self.recorded:03}"
        answer = pays(self.api, self.case_id, yuan(amount), reference, str(on))
        if answer.status == 422 and answer.faults == {"/overpayment": "overpayment_differs"}:
            excess = re.findall(r"[0-9]+\.[0-9]{2}", answer.body["errors"][0]["message"])[0]
            answer = pays(self.api, self.case_id, yuan(amount), reference, str(on), overpayment=excess)
        done(answer)
        self.counted[reference] = Payment(on=on, amount=Money(amount), reference=reference)

    def reverse(self, number: int) -> None:
        """Take one of the payments back, perhaps one that was taken back before."""
        known = sorted({*self.counted, *self.taken_back})
        if not known:
            return
        reference = known[number % len(known)]
        answer = reverses(self.api, self.case_id, reference)
        # By what a claim at the court or an offer that stands is less, that stays.
        if answer.status == 200:
            self.counted.pop(reference, None)
            self.taken_back.add(reference)
        else:
            assert answer.code in {"payment_deducted", "rule_violated"}, answer.raw.decode()

    def offer(self) -> None:
        """Make an offer of what is owed now, if the case still talks."""
        if "offer" not in self.case()["allowed_actions"]:
            return
        body = {"side": "applicant", "tier": "lump_sum", "valid_days": 5}
        body["schedule"] = {"kind": "lump_sum", "by": str(self.today + timedelta(days=10))}
        answer = act(self.api, self.case_id, "offers", body)
        assert answer.status in {200, 201, 409, 422}, answer.raw.decode()

    def on(self) -> None:
        """Let the case move on."""
        match self.case()["stage"]:
            case "in_mediation":
                body = {"reason": "differences_too_large"}
                done(act(self.api, self.case_id, "failure", body, MEDIATOR))
            case "unresolved" if "transfer" in self.case()["allowed_actions"]:
                done(act(self.api, self.case_id, "transfer", {"insists": True}))
                self.api.hub.run()
            case "submitted":
                body = docketed(self.case()["transfer"]["transfer_id"])
                assert self.api.call_back(body).status == 202
                self.api.hub.run()

    def check(self) -> None:
        """Compare everything with the reference and with the test's own book."""
        check(self.api, self.case_id)
        shown = settlement_of(self.api, self.case_id)
        listed = {each["reference"]: each for each in shown["payments"]}
        assert {name for name, each in listed.items() if not each["reversed"]} == set(self.counted)
        for name, payment in self.counted.items():
            assert (fen(listed[name]["amount"]), listed[name]["on"]) == (payment.amount.fen, str(payment.on))
        slow = reference(self.debt, list(self.counted.values()), self.today)
        url = f"/v1/cases/{self.case_id}/statement?as_of={self.today}"
        statement = self.api.get(url).body
        assert {name: fen(statement["owed"][name]) for name in COMPONENTS} == slow.owed
        assert {name: fen(statement["not_yet_due"][name]) for name in COMPONENTS} == slow.later
        used = sum(sum(met.values()) + sum(ahead.values()) + over for met, ahead, over in slow.uses)
        every = [*self.debt.payments, *self.counted.values()]
        assert used == sum(payment.amount.fen for payment in every)


@settings(max_examples=examples(10), deadline=None, suppress_health_check=list(HealthCheck))
@given(DEBTS, STEPS)
def test_what_is_owed_is_what_the_reference_says(debt: Debt, course: list[tuple[str, int, int]]) -> None:
    """At every stage, after every payment and every reversal."""
    life = Life(debt)
    life.check()
    for what, size, kind in course:
        match what:
            case "pay":
                life.pay(size, kind)
            case "reverse":
                life.reverse(size)
            case "wait":
                passes(life.api, size)
            case "offer":
                life.offer()
            case "on":
                life.on()
        life.check()
