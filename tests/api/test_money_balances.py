"""Not a fen goes astray, from the contract to the last payment: checked after every step, from answers alone.

Promise: random debts with their payments, the claim as computed; random offers and counter-offers, plans,
clauses, then payments, reversals, payoffs and time in any order; all over HTTP, each read anew.
Downside: few examples in every run; a debt whose principal is paid already is no case and drawn again.
"""

import re
from decimal import Decimal
from typing import Any, Final

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from chalicelib.domain.loan.card import CardContract
from chalicelib.domain.loan.components import Component
from tests.support.bodies import filing
from tests.support.courses import APPOINTMENT, act, done
from tests.support.deals import (
    SETTLEMENT,
    SIDES,
    day,
    monthly,
    passes,
    pays,
    reverses,
    settlement_of,
    signs,
    whose,
)
from tests.support.debts import LAST_DAY, debts, written
from tests.support.examples import examples
from tests.support.fakes.samples import CENTRE, MEDIATOR, borrower
from tests.support.http import Api

COMPONENTS: Final = tuple(component.value for component in Component)
CLAIMED: Final = ("principal", "interest", "penalty_interest", "compound_interest", "fees")
KINDS: Final = ("lump_sum", "custom", "equal_principal", "equal_payment")
offering: Final = st.tuples(
    st.sampled_from(KINDS), st.integers(2, 14), st.sampled_from(["0", "4.35", "24"]), st.integers(0, 100)
)
steps: Final = st.lists(
    st.one_of(
        st.tuples(st.just("pay"), st.integers(1, 130), st.integers(0, 5)),
        st.tuples(st.just("reverse"), st.integers(0, 5), st.just(0)),
        st.tuples(st.just("payoff"), st.just(0), st.just(0)),
        st.tuples(st.just("wait"), st.integers(1, 45), st.just(0)),
    ),
    min_size=2,
    max_size=8,
)
clauses: Final = st.fixed_dictionaries(
    {"grace_days": st.integers(0, 5), "clawback": st.booleans(), "acceleration": st.booleans()}
)


def fen(amount: str) -> int:
    """Read an amount of an answer."""
    return int(Decimal(amount).scaleb(2))


def yuan(amount: int) -> str:
    """Write an amount for a request."""
    return str(Decimal(amount).scaleb(-2))


def total(entries: list[Any], name: str) -> int:
    return sum(fen(entry[name]) for entry in entries)


def check_components(amounts: Any) -> None:
    assert sum(fen(amounts[name]) for name in COMPONENTS) == fen(amounts["total"])


def check_statement(statement: Any) -> None:
    """Charged less paid is owed or not due yet, by component."""
    for name in COMPONENTS:
        owed = fen(statement["owed"][name]) + fen(statement["not_yet_due"][name])
        assert owed == fen(statement["charged"][name]) - fen(statement["paid"][name]), name
    for part in ("owed", "charged", "paid", "not_yet_due"):
        check_components(statement[part])


def check_plan(plan: Any, kept: int) -> None:
    """Demand that the lines add up to the totals, and their capital to what is kept."""
    assert total(plan["lines"], "capital") == fen(plan["capital"]) == kept
    assert total(plan["lines"], "interest") == fen(plan["interest"])
    assert (
        total(plan["lines"], "amount") == fen(plan["total"]) == fen(plan["capital"]) + fen(plan["interest"])
    )
    for line in plan["lines"]:
        assert fen(line["amount"]) == fen(line["capital"]) + fen(line["interest"]) > 0


def check_terms(terms: Any, owed: Any) -> None:
    """Waived and kept are what is owed, by component and in total."""
    for name in (*COMPONENTS, "total"):
        assert fen(terms["waived"][name]) + fen(terms["kept"][name]) == fen(owed[name]), name
        assert min(fen(terms["waived"][name]), fen(terms["kept"][name])) >= 0
    check_components(terms["waived"])
    check_plan(terms["plan"], fen(terms["kept"]["total"]))


def check_figures(offer: Any) -> None:
    figures, plan = offer["figures"], offer["plan"]
    assert fen(figures["owed"]) == fen(figures["waived"]) + fen(offer["kept"]["total"])
    assert (figures["total"], figures["interest"]) == (plan["total"], plan["interest"])
    assert fen(figures["saving"]) == fen(figures["owed"]) - fen(figures["total"])


def check_performance(now: Any, agreement: Any) -> None:
    """Demand agreed + brought back - saved = paid + remaining - too much."""
    paid, remaining, overpaid = (fen(now[name]) for name in ("paid", "remaining", "overpaid"))
    assert now["agreed"] == agreement["plan"]["total"]
    broken = now["default_line"] is not None and agreement["default_clause"]["clawback"]
    assert fen(now["clawback"]) == (fen(agreement["waived"]["total"]) if broken else 0)
    assert 0 <= fen(now["rebate"]) <= fen(agreement["plan"]["interest"])
    assert fen(now["agreed"]) + fen(now["clawback"]) - fen(now["rebate"]) == paid + remaining - overpaid
    assert min(remaining, overpaid) == 0 <= max(remaining, overpaid)
    assert paid == total([each for each in now["payments"] if not each["reversed"]], "amount")
    to_pay = total(now["lines"], "to_pay")
    assert to_pay == fen(now["agreed"]) - fen(now["rebate"])
    assert total(now["lines"], "paid") == min(paid, to_pay)
    for line in now["lines"]:
        assert fen(line["to_pay"]) == fen(line["paid"]) + fen(line["remaining"])
    assert 0 <= fen(now["arrears"]) <= remaining
    assert 0 <= fen(now["payoff_today"]) <= remaining
    assert (now["state"] == "performed") == (remaining == 0)


def check(api: Api, case_id: str) -> Any:
    """Read everything anew and check that it balances; return the settlement."""
    case = api.get(f"/v1/cases/{case_id}").body
    shown = settlement_of(api, case_id)
    check_components(shown["owed"])
    check_statement(api.get(f"/v1/cases/{case_id}/statement").body)
    for offer in shown["offers"]:
        check_terms(offer, shown["owed"])
        check_figures(offer)
    if shown["agreement"]:
        check_terms(shown["agreement"], shown["owed"])
    if shown["performance"]:
        check_performance(shown["performance"], shown["agreement"])
        assert case["stage"] == shown["performance"]["state"]
    return shown


def file(api: Api, debt: Any) -> str:
    """File a debt, claimed as it is computed, and bring it into mediation."""
    body = {
        "case_type": "credit_card" if isinstance(debt.contract, CardContract) else "financial_loan_contract",
        "debt": written(debt),
    }
    claim = dict.fromkeys(CLAIMED, "0.00") | {"principal": "0.01", "as_of": str(LAST_DAY)}
    computed = api.post("/v1/calculations", body | {"claim": claim, "as_of": str(LAST_DAY)})
    assert computed.status == 200, computed.raw.decode()
    computed = computed.body
    check_statement(computed)
    claim |= {line["name"]: line["computed"] for line in computed["comparison"]["lines"]}
    assert fen(claim.pop("total")) == sum(fen(claim[name]) for name in CLAIMED)
    # Without principal there is no claim to file.
    assume(fen(claim["principal"]) > 100_00)
    filed = api.post("/v1/filings", filing(**body, claim=claim), Idempotency_Key="k")
    assert filed.status == 201, filed.raw.decode()
    api.hub.run()
    case_id = str(filed.body["case_id"])
    statement = api.get(f"/v1/cases/{case_id}/statement").body
    assert statement["owed"] == computed["owed"]
    done(act(api, case_id, "assignment", APPOINTMENT, CENTRE))
    done(act(api, case_id, "assignment", {"action": "accept"}, MEDIATOR))
    done(act(api, case_id, "consents", {"party_id": "r1", "given": True, "online": True}, borrower(case_id)))
    return case_id


def schedule(api: Api, kind: str, count: int, percent: str, kept: int) -> dict[str, Any]:
    """Return a schedule of the kind; a custom one of parts that grow and add up to what is kept."""
    if kind == "lump_sum":
        return {"kind": "lump_sum", "by": day(api, 10)}
    if kind != "custom":
        return monthly(kind, count, annual_percent=percent)
    amounts = [kept * number // (count * count) for number in range(1, count)]
    amounts.append(kept - sum(amounts))
    parts = [{"on": day(api, 20 * n), "amount": yuan(part)} for n, part in enumerate(amounts, 1)]
    return {"kind": "custom", "parts": parts}


def bargain(api: Api, case_id: str, party_id: str, how: tuple[str, int, str, int]) -> None:
    """Make an offer of a kind, which the policy halves or waives; only a part of it as a percentage."""
    kind, count, percent, share = how
    tier = "lump_sum" if kind == "lump_sum" else "instalments"
    owed = settlement_of(api, case_id)["owed"]
    waived = dict.fromkeys(COMPONENTS, 0)
    for name in ("penalty_interest", "compound_interest", "breach_fee"):
        waived[name] = fen(owed[name]) * share // (100 if tier == "lump_sum" else 200)
    body = {
        "side": SIDES[party_id],
        "tier": tier,
        "schedule": schedule(api, kind, count, percent, fen(owed["total"]) - sum(waived.values())),
        "valid_days": 5,
    }
    if share < 100 or kind == "custom":
        body["waived"] = {name: yuan(amount) for name, amount in waived.items()}
    done(act(api, case_id, "offers", body, whose(case_id, party_id)))


def step(api: Api, case_id: str, number: int, what: tuple[str, int, int]) -> None:
    """Pay a percentage of what remains, take a payment back, pay off, or let time pass."""
    kind, size, ago = what
    now = settlement_of(api, case_id)["performance"]
    if kind == "wait":
        passes(api, size)
    elif kind == "reverse":
        references = [each["reference"] for each in now["payments"]]
        if references:
            reverses(api, case_id, references[size % len(references)])
    else:
        amount = fen(now["payoff_today"]) if kind == "payoff" else fen(now["agreed"]) * size // 100 + 1
        if amount:
            answer = pays(api, case_id, yuan(amount), f"P-{number}", on=day(api, -ago))
            if answer.status == 422 and answer.faults == {"/overpayment": "overpayment_differs"}:
                # The refusal names the sum to state.
                excess = re.findall(r"[0-9]+\.[0-9]{2}", answer.body["errors"][0]["message"])[0]
                done(pays(api, case_id, yuan(amount), f"P-{number}", day(api, -ago), overpayment=excess))


def check_suit(api: Api, case_id: str, shown: Any) -> None:
    """After a default exactly what remains is claimed; without acceleration no more than that."""
    claim = done(act(api, case_id, "transfer", {"insists": True}))["claim"]
    assert sum(fen(claim[name]) for name in CLAIMED) == fen(claim["total"])
    remaining = fen(shown["performance"]["remaining"])
    if shown["agreement"]["default_clause"]["acceleration"]:
        assert fen(claim["total"]) == remaining
    assert 0 < fen(claim["total"]) <= remaining


@settings(max_examples=examples(25), deadline=None, suppress_health_check=list(HealthCheck))
@given(debts(), st.lists(offering, min_size=1, max_size=3), clauses, steps)
def test_every_fen_is_somewhere(
    debt: Any, bargaining: list[tuple[str, int, str, int]], clause: Any, course: list[tuple[str, int, int]]
) -> None:
    """From what is owed to what remains, whatever was offered, agreed, paid, taken back or missed."""
    api = Api()
    case_id = file(api, debt)
    check(api, case_id)
    parties = ("a1", "r1", "a1")
    for party_id, how in zip(parties, bargaining, strict=False):
        bargain(api, case_id, party_id, how)
        check(api, case_id)
    other = parties[len(bargaining)] if len(bargaining) < len(parties) else "r1"
    answer = {"side": SIDES[other], "reply": "accepted"}
    done(act(api, case_id, f"offers/{len(bargaining)}/answers", answer, whose(case_id, other)))
    done(act(api, case_id, "settlement", SETTLEMENT | {"default_clause": clause}, MEDIATOR))
    check(api, case_id)
    for party_id in SIDES:
        done(signs(api, case_id, party_id))
    shown = check(api, case_id)
    for number, what in enumerate(course):
        step(api, case_id, number, what)
        shown = check(api, case_id)
    if shown["performance"]["state"] == "defaulted":
        check_suit(api, case_id, shown)
