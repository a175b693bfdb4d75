"""Payments over HTTP: recorded once for their reference, taken back, late or early; what never changes."""

from typing import Any

import pytest

from chalicelib.domain.money import Money
from tests.support.bodies import filing
from tests.support.courses import act, done, in_mediation
from tests.support.deals import (
    KEPT,
    SETTLEMENT,
    day,
    in_force,
    monthly,
    offer,
    passes,
    pays,
    reverses,
    seen,
    settled,
    settlement_of,
    two_parts,
)
from tests.support.fakes.samples import CENTRE, COURT, INSTITUTION, JUDGE, MEDIATOR, OPS, borrower
from tests.support.http import Api


@pytest.fixture
def api() -> Api:
    return Api()


def performance(api: Api, case_id: str) -> Any:
    return settlement_of(api, case_id)["performance"]


def balance(api: Api, case_id: str) -> tuple[str, str, str]:
    now = performance(api, case_id)
    return now["paid"], now["remaining"], now["overpaid"]


def test_payments_go_to_what_is_due_first_until_all_is_paid(api: Api) -> None:
    """A part, then more than the first payment of the plan, then the rest: performed."""
    case_id = in_force(api, two_parts(api))
    assert done(pays(api, case_id, "10000.00", "P-1"))["stage"] == "performing"
    assert [line["remaining"] for line in performance(api, case_id)["lines"]] == ["50000.00", "50459.35"]
    done(pays(api, case_id, "60000.00", "P-2"))
    assert [line["remaining"] for line in performance(api, case_id)["lines"]] == ["0.00", "40459.35"]
    case = done(pays(api, case_id, "40459.35", "P-3"))
    assert (case["stage"], case["allowed_actions"]) == ("performed", ["reverse_repayment"])
    assert balance(api, case_id) == ("110459.35", "0.00", "0.00")


@pytest.mark.parametrize(
    ("stated", "status"), [(None, 422), ("0.00", 422), ("0.64", 422), ("0.66", 422), ("0.65", 200)]
)
def test_a_payment_beyond_what_remains_says_by_how_much(api: Api, stated: str | None, status: int) -> None:
    """A mistyped sum would end the case; the refusal names the sum to state if it was meant."""
    case_id = in_force(api)
    done(pays(api, case_id, "100000.00", "P-1"))
    before = seen(api, case_id)
    answer = pays(api, case_id, "7331.21", "P-2", overpayment=stated)
    assert answer.status == status
    if status == 200:
        assert balance(api, case_id) == ("107331.21", "0.00", "0.65")
    else:
        assert answer.faults == {"/overpayment": "overpayment_differs"}
        assert "by 0.65" in answer.body["errors"][0]["message"]
        assert seen(api, case_id) == before


def test_an_overpayment_is_not_stated_where_there_is_none(api: Api) -> None:
    case_id = in_force(api)
    before = seen(api, case_id)
    answer = pays(api, case_id, "1.00", overpayment="1.00")
    assert (answer.status, answer.faults) == (422, {"/overpayment": "overpayment_differs"})
    assert seen(api, case_id) == before


def test_a_bounced_last_payment_opens_the_case_again(api: Api) -> None:
    """It is to be performed again; a default is found, and another payment ends it anew."""
    case_id = in_force(api)
    done(pays(api, case_id, "100000.00", "P-1"))
    done(pays(api, case_id, "7330.56", "P-2"))
    case = done(reverses(api, case_id, "P-2"))
    assert (case["stage"], balance(api, case_id)) == ("performing", ("100000.00", "7330.56", "0.00"))
    assert "reverse_repayment" in case["allowed_actions"]
    done(pays(api, case_id, "7330.56", "P-3"))
    assert api.get(f"/v1/cases/{case_id}").body["stage"] == "performed"
    done(reverses(api, case_id, "P-3"))
    passes(api, 70)
    assert api.get(f"/v1/cases/{case_id}").body["stage"] == "defaulted"


def listed(api: Api, case_id: str) -> Any:
    return api.get(f"/v1/cases/{case_id}").body["allowed_actions"]


def test_a_case_whose_debt_was_filed_anew_stays_ended(api: Api) -> None:
    """One debt is mediated once: the newer case is named, and nothing changes; nor is a reversal listed."""
    case_id = in_force(api)
    done(pays(api, case_id, "107330.56", "P-1"))
    filed = api.post("/v1/filings", filing(contract_number="JC-1"), Idempotency_Key="anew")
    assert filed.status == 201
    before = seen(api, case_id)
    assert listed(api, case_id) == []
    answer = reverses(api, case_id, "P-1")
    assert (answer.status, answer.code) == (409, "duplicate_filing")
    assert answer.body["existing_case_id"] == filed.body["case_id"]
    assert seen(api, case_id) == before
    done(act(api, filed.body["case_id"], "withdrawal", {}))
    assert listed(api, case_id) == ["reverse_repayment"]
    assert done(reverses(api, case_id, "P-1"))["stage"] == "performing"


def test_reversing_is_offered_only_where_something_can_be_taken_back(api: Api) -> None:
    """Before the first payment, and when all were taken back, it is not."""
    case_id = in_force(api)

    def offered() -> bool:
        return "reverse_repayment" in api.get(f"/v1/cases/{case_id}").body["allowed_actions"]

    assert not offered()
    done(pays(api, case_id, "1.00", "P-1"))
    done(pays(api, case_id, "2.00", "P-2"))
    assert offered()
    done(reverses(api, case_id, "P-1"))
    assert offered()
    done(reverses(api, case_id, "P-2"))
    assert not offered()


def test_the_same_payment_again_changes_nothing(api: Api) -> None:
    """200 with the case as it is, also when it has been performed; nobody needs its version."""
    case_id = in_force(api)
    for amount, reference in (("7330.56", "P-1"), ("100000.00", "P-2")):
        first = pays(api, case_id, amount, reference)
        before = seen(api, case_id)
        again = pays(api, case_id, amount, reference)
        assert (again.status, again.body, again.headers["ETag"]) == (200, first.body, first.headers["ETag"])
        assert seen(api, case_id) == before
    assert api.get(f"/v1/cases/{case_id}").body["stage"] == "performed"
    assert pays(api, case_id, "7330.56", "P-1").status == 200
    assert seen(api, case_id) == before


@pytest.mark.parametrize("changes", [{"amount": "1.01"}, {"on": "2026-03-02"}])
@pytest.mark.parametrize("performed", [False, True])
def test_a_reference_is_used_once(api: Api, changes: dict[str, str], performed: bool) -> None:
    """With another day or amount it is refused, before and after the last payment."""
    case_id = in_force(api)
    passes(api, 1)
    done(pays(api, case_id, "1.00"))
    if performed:
        done(pays(api, case_id, "107329.56", "P-2"))
    before = seen(api, case_id)
    answer = pays(api, case_id, changes.get("amount", "1.00"), on=changes.get("on", ""))
    assert (answer.status, answer.faults) == (422, {"/reference": "reference_reused"})
    assert seen(api, case_id) == before


def test_a_payment_is_not_made_in_the_future_but_may_have_been_long_ago(api: Api) -> None:
    """Tomorrow in China; before the agreement."""
    case_id = in_force(api)
    before = seen(api, case_id)
    answer = pays(api, case_id, "1.00", on=day(api, 1))
    assert (answer.status, answer.faults) == (422, {"/on": "payment_date_impossible"})
    assert seen(api, case_id) == before
    done(pays(api, case_id, "1.00", on=day(api, -30)))
    assert performance(api, case_id)["paid"] == "1.00"


def test_what_is_paid_before_an_agreement_is_in_force_comes_off_what_remains(api: Api) -> None:
    """In mediation, and while a signature is missing; no stage moves, and it can be taken back."""
    for case_id in (in_mediation(api, "JC-8"), settled(api, contract_number="JC-9")):
        before = api.get(f"/v1/cases/{case_id}").body
        owed = api.get(f"/v1/cases/{case_id}/settlement").body["outstanding"]
        assert reverses(api, case_id).faults == {"/reference": "payment_unknown"}
        assert done(pays(api, case_id, "1.00"))["stage"] == before["stage"]
        shown = api.get(f"/v1/cases/{case_id}/settlement").body
        assert Money.parse(shown["outstanding"]) == Money.parse(owed) - Money.parse("1.00")
        assert [(each["amount"], each["reversed"]) for each in shown["payments"]] == [("1.00", False)]
        done(reverses(api, case_id))
        assert api.get(f"/v1/cases/{case_id}/settlement").body["outstanding"] == owed


def test_only_the_institution_records_and_takes_back(api: Api) -> None:
    """Everybody else is refused before anything is read."""
    case_id = in_force(api)
    done(pays(api, case_id, "1.00"))
    before = seen(api, case_id)
    for actor in (borrower(case_id), MEDIATOR, CENTRE, JUDGE, COURT, OPS):
        for answer in (pays(api, case_id, "1.00", "P-2", actor=actor), reverses(api, case_id, actor=actor)):
            assert (answer.status, answer.code) == (403, "not_permitted")
    assert seen(api, case_id) == before


def test_a_wrongly_recorded_payment_is_taken_back_once(api: Api) -> None:
    """It stays on record; its reference stays used; taking it back again changes nothing."""
    case_id = in_force(api)
    done(pays(api, case_id, "100.00"))
    done(reverses(api, case_id))
    assert balance(api, case_id) == ("0.00", KEPT, "0.00")
    assert performance(api, case_id)["payments"] == [
        {"reference": "PAY-1", "on": "2026-03-02", "amount": "100.00", "reversed": True}
    ]
    before = seen(api, case_id)
    assert reverses(api, case_id).status == 200
    assert pays(api, case_id, "100.00").status == 200
    assert pays(api, case_id, "99.00").faults == {"/reference": "reference_reused"}
    unknown = reverses(api, case_id, "PAY-9")
    assert (unknown.status, unknown.faults) == (422, {"/reference": "payment_unknown"})
    assert seen(api, case_id) == before
    assert balance(api, case_id) == ("0.00", KEPT, "0.00")


def test_paying_everything_early_saves_the_interest_that_has_not_begun(api: Api) -> None:
    """What pays off today is told, taken, and leaves nothing."""
    body = offer(api, tier="instalments", schedule=monthly(count=12))
    case_id = in_force(api, body)
    now = performance(api, case_id)
    interest = settlement_of(api, case_id)["agreement"]["plan"]["interest"]
    assert float(now["payoff_today"]) < float(now["agreed"])
    assert done(pays(api, case_id, now["payoff_today"]))["stage"] == "performed"
    after = performance(api, case_id)
    assert (after["remaining"], after["overpaid"], after["arrears"]) == ("0.00", "0.00", "0.00")
    assert 0 < float(after["rebate"]) <= float(interest)


def test_a_missed_payment_brings_back_the_waiver_and_everything(api: Api) -> None:
    """After due day and grace the case is in default; the remaining sum is the whole claim less payments."""
    case_id = in_force(api, two_parts(api))
    done(pays(api, case_id, "588.16"))
    passes(api, 25)
    case = api.get(f"/v1/cases/{case_id}").body
    assert (case["stage"], case["next_action_on"]) == ("defaulted", None)
    now = performance(api, case_id)
    assert (now["clawback"], now["remaining"], now["default_line"]) == ("3128.81", "113000.00", 1)
    assert done(pays(api, case_id, "113000.00", "P-2"))["stage"] == "performed"


def test_without_clawback_the_waiver_outlives_the_default(api: Api) -> None:
    """What the agreement does not take back stays waived."""
    clause = {"grace_days": 0, "clawback": False, "acceleration": True}
    case_id = in_force(api, two_parts(api), SETTLEMENT | {"default_clause": clause})
    passes(api, 22)
    now = performance(api, case_id)
    assert (now["state"], now["clawback"], now["remaining"]) == ("defaulted", "0.00", "110459.35")


def test_a_payment_made_in_time_and_recorded_late_lifts_the_default(api: Api) -> None:
    """Nobody loses a waiver by that; taking the payment back lets the default stand again."""
    case_id = in_force(api, two_parts(api))
    passes(api, 25)
    assert done(pays(api, case_id, "60000.00", on="2026-03-22"))["stage"] == "performing"
    assert performance(api, case_id)["clawback"] == "0.00"
    assert done(reverses(api, case_id))["stage"] == "defaulted"
    assert performance(api, case_id)["clawback"] == "3128.81"


def test_a_suit_after_a_default_claims_what_remains(api: Api) -> None:
    """Line by line from the settlement, never from the request."""
    case_id = in_force(api)
    done(pays(api, case_id, "7330.57"))
    passes(api, 20)
    case = done(act(api, case_id, "transfer", {"insists": True}))
    claim = case["claim"]
    assert (case["transfer"]["matter"], claim["total"]) == ("suit", "106257.59")
    assert claim["total"] == performance(api, case_id)["remaining"]
    assert done(pays(api, case_id, "1.00", "P-2"))["claim"] == claim
    assert api.get(f"/v1/cases/{case_id}/settlement").body["outstanding"] == "106256.59"


def test_a_default_may_be_let_go(api: Api) -> None:
    """Who does not insist closes the case; the mediator can't."""
    case_id = in_force(api)
    passes(api, 20)
    assert act(api, case_id, "transfer", {"insists": False}, MEDIATOR).code == "not_permitted"
    assert done(act(api, case_id, "transfer", {"insists": False}, INSTITUTION))["stage"] == "closed"
