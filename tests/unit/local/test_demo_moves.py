"""What the demo's people do when a court has ruled, a payment was wrong, or a code does not come."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest

from infra.local.demo import performing, settling
from infra.local.demo.script import Act, Standing

_NOW: Final = datetime(2026, 3, 2, 2, tzinfo=UTC)
_PARTIES: Final = [
    {"party_id": "a1", "side": "applicant", "identified": False},
    {"party_id": "r1", "side": "respondent", "identified": True},
]


def standing(turn: int = 0, **view: Any) -> Standing:
    """Return a case of two parties with this in its view; what it has settled is in `settlement`."""
    shown = {
        "case_id": "c" * 32,
        "round": 1,
        "parties": _PARTIES,
        "signatures": [],
        "online": True,
        "pending": [],
        **view,
    }
    return Standing(
        view=shown,
        now=_NOW,
        memory={},
        read_settlement=lambda: {"performance": shown["performance"]},
        read_code=lambda party_id: shown.get("codes", {}).get(party_id),
        take_turn=lambda _fork: turn,
    )


def confirmation(state: str, *applicants: str) -> dict[str, Any]:
    return {"state": state, "applicants": list(applicants)}


def performance(*payments: dict[str, Any]) -> dict[str, Any]:
    """Return a plan of two lines, due in five days and in fifty."""
    first, second = ((_NOW + timedelta(days=days)).date().isoformat() for days in (5, 50))
    paid = sum(1 for payment in payments if not payment["reversed"])
    lines = [
        {"number": number, "due": due, "to_pay": "50.00", "remaining": "0.00" if number <= paid else "50.00"}
        for number, due in ((1, first), (2, second))
    ]
    return {"lines": lines, "payments": list(payments)}


PAID: Final = {"reference": "P-1", "reversed": False}


@pytest.mark.parametrize(("turn", "resource"), [(0, "transfer"), (1, "renegotiation"), (2, "transfer")])
def test_after_a_rejection_courses_sue_and_mediate_again_by_turns(turn: int, resource: str) -> None:
    act = performing.have_it_confirmed(standing(turn, confirmation=confirmation("rejected")))
    assert act is not None
    assert act.resource == resource


@pytest.mark.parametrize(("state", "resource"), [("confirmed", "enforcement"), ("rejected", "transfer")])
def test_after_a_default_the_ruling_says_how_it_goes_on(state: str, resource: str) -> None:
    act = performing.after_default(standing(confirmation=confirmation(state)))
    assert act is not None
    assert act.resource == resource


def test_nobody_sues_while_the_court_has_not_ruled() -> None:
    """The hub would refuse it."""
    for state in ("applied", "transferred"):
        assert performing.after_default(standing(confirmation=confirmation(state))) is None


def test_all_parties_apply_one_after_the_other() -> None:
    """The institution first."""
    first = performing.have_it_confirmed(standing(confirmation=confirmation("none")))
    second = performing.have_it_confirmed(standing(confirmation=confirmation("none", "a1")))
    assert [act.role for act in (first, second) if act] == ["institution", "borrower"]


@pytest.mark.parametrize(("turn", "pays"), [(0, False), (1, True), (2, False)])
def test_one_confirmed_agreement_of_three_is_kept(turn: int, pays: bool) -> None:
    """The others stop after their first payment."""
    soon = performance(PAID)
    soon["lines"][1]["due"] = soon["lines"][0]["due"]
    act = performing.have_it_confirmed(
        standing(turn, confirmation=confirmation("confirmed"), performance=soon)
    )
    assert (act is not None) is pays


def test_a_wrong_payment_is_taken_back_and_recorded_again() -> None:
    """Under a reference of its own; what comes later is paid when it is due."""
    wrong = {"reference": "P-WRONG", "reversed": False}
    undone = {**wrong, "reversed": True}
    acts = [
        performing.pay_by_mistake_first(standing(performance=performance(*payments)))
        for payments in ((), (wrong,), (undone,), (undone, PAID))
    ]
    amounts = [act.body.get("amount", act.body.get("reference")) if act else None for act in acts]
    assert amounts == ["138.00", "P-WRONG", "50.00", None]


def test_the_last_payment_bounces_once_and_is_made_again() -> None:
    """Under a reference of its own, as one that was taken back stays used; a second time nothing bounces."""
    bounced = {"reference": "P-2", "reversed": True}
    back = performing.take_back_what_bounced(
        standing(performance=performance(PAID, {**PAID, "reference": "P-2"}))
    )
    assert back is not None
    assert (back.resource, back.body) == ("reversals", {"reference": "P-2"})
    first = performing.pay_until_it_counts(standing(performance=performance()))
    soon = performance(PAID, bounced)
    soon["lines"][1]["due"] = soon["lines"][0]["due"]
    again = performing.pay_until_it_counts(standing(performance=soon))
    assert first is not None
    assert again is not None
    assert [first.body["reference"][-4:], again.body["reference"][-8:]] == ["-1-1", "-2-AGAIN"]
    assert performing.take_back_what_bounced(standing(performance=performance(PAID, bounced))) is None


def test_who_pays_off_early_pays_what_is_asked_that_day() -> None:
    """Before anything is due, and not the sum of the plan, which has interest that does not run any more."""
    act = performing.pay_off_early(standing(performance={**performance(), "payoff_today": "99.40"}))
    assert (act.role, act.resource) == ("institution", "repayments")
    assert (act.body["amount"], act.body["on"]) == ("99.40", "2026-03-02")


def signing(**view: Any) -> Standing:
    return standing(agreement_sha256="d" * 64, **view)


def test_an_institution_whose_code_does_not_come_asks_again() -> None:
    """Nobody else may sign for it."""
    at = signing(signatures=["r1"])
    assert settling.sign(at) == settling.sign(replace(at, now=_NOW + timedelta(days=7)))
    assert settling.sign(replace(at, now=_NOW + timedelta(days=8))) is None


def test_codes_are_asked_for_first_and_then_signed_with() -> None:
    """For every party once; nobody acts while none has come."""
    at = signing()
    asked = [settling.sign(at) for _ in range(2)]
    assert [act.resource for act in asked if act] == ["signing-codes", "signing-codes"]
    assert settling.sign(at) is None
    come = replace(at, read_code=lambda party_id: "123456" if party_id == "r1" else None)
    act = settling.sign(come)
    assert act is not None
    assert (act.role, act.body["code"]) == ("borrower", "123456")


def test_who_waits_too_long_for_a_code_comes_in_person() -> None:
    """Before the mediator, who records it."""
    at = signing(signatures=["a1"])
    assert isinstance(settling.sign(at), Act)
    act = settling.sign(replace(at, now=_NOW + timedelta(days=7)))
    assert act is not None
    assert (act.role, act.body["channel"]) == ("mediator", "in_person")
    recorded = replace(at, view={**at.view, "pending": [{"party_id": "r1"}]}, now=_NOW + timedelta(days=7))
    second = settling.sign(recorded)
    assert second is not None
    assert (second.role, second.body["channel"]) == ("centre", "in_person")


def test_the_code_of_an_earlier_document_is_not_used_again() -> None:
    """A phone still shows it when the next round's code is on its way."""
    at = signing(signatures=["a1"], codes={"r1": "123456"})
    settling.sign(at)
    assert settling.sign(at) is not None
    later = replace(at, view={**at.view, "agreement_sha256": "e" * 64})
    settling.sign(later)
    assert settling.sign(later) is None


def test_the_mediator_checks_who_signs_before_anybody_asks_for_a_code() -> None:
    """Of the respondents that have yet to sign."""
    unknown = [_PARTIES[0], {**_PARTIES[1], "identified": False}]
    act = settling.sign(standing(parties=unknown, agreement_sha256="ab" * 32))
    assert act is not None
    assert (act.role, act.resource, act.body) == (
        "mediator",
        "identity-checks",
        {"party_id": "r1", "how": "video"},
    )
