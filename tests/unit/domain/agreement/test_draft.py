"""The agreement: definite in every clause, adding up, or refused by the name of the clause."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from chalicelib.domain.agreement.draft import (
    CONTENT_RULES,
    GRACE_DAYS_HIGH,
    ON_THE_SPOT,
    Agreement,
    Draft,
    agree,
    drafted,
    drafted_on_the_spot,
    unclear,
)
from chalicelib.domain.agreement.errors import (
    AmountTooSmall,
    ContentUnclear,
    DueDatesInvalid,
    PlanDoesNotAddUp,
)
from chalicelib.domain.agreement.negotiation import Negotiation, accept, make_offer
from chalicelib.domain.agreement.schedules import EqualPrincipal, LumpSum, PlanLimits
from chalicelib.domain.money import ZERO
from chalicelib.domain.parties import Side
from chalicelib.domain.settlement_outcome import SettlementOutcome
from tests.unit.domain.agreement.support import (
    BOOK,
    CLAUSE,
    LUMP,
    MONTHLY,
    NOON,
    OWED,
    PARTS,
    SIGNED,
    agreed,
    agreements,
    draft,
    refuses,
    rules_out,
)
from tests.unit.domain.loan.support import day, yuan

LUMP_SUM = LumpSum(day("2026-03-31"))
SPOT: dict[str, Any] = {"outcome": SettlementOutcome.PAID_ON_THE_SPOT, "receipt_ref": "receipt-1"}


@given(agreements())
def test_an_agreement_is_worth_what_is_kept(agreement: Agreement) -> None:
    """Waived + kept is the debt, line by line; the plan pays off what is kept; it is signed in time."""
    for line in agreement.concession.lines:
        assert line.waived + line.kept == line.original
    assert agreement.plan.capital == agreement.kept.total
    assert (agreement.kept + agreement.waived).total > agreement.waived.total >= ZERO
    assert agreement.sign_by is not None
    assert agreement.agreed_on <= agreement.sign_by <= agreement.plan.first_due
    assert unclear(_as_draft(agreement)) == ()


def _as_draft(agreement: Agreement) -> Draft:
    return Draft(**{name: getattr(agreement, name) for name in Draft.__slots__})


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"concession": None}, "amount_definite"),
        ({"plan": None}, "amount_definite"),
        ({"outcome": SettlementOutcome.LUMP_SUM}, "kind_definite"),
        ({"agreed_on": day("2026-04-15")}, "dates_definite"),
        ({"agreed_on": day("2026-04-16")}, "dates_definite"),
        ({"account_ref": None}, "account_definite"),
        ({"account_ref": " "}, "account_definite"),
        ({"default_clause": None}, "default_clause_definite"),
        ({"default_clause": replace(CLAUSE, grace_days=-1)}, "default_clause_definite"),
        ({"default_clause": replace(CLAUSE, grace_days=31)}, "default_clause_definite"),
        ({"confirmation_wanted": None}, "confirmation_definite"),
        ({"receipt_ref": "receipt-1"}, "receipt_definite"),
    ],
)
def test_what_is_unclear_is_named(change: dict[str, Any], rule: str) -> None:
    """Each clause that is missing or indefinite is a refusal of its own, and the first of what is unclear."""
    wanting = draft(EqualPrincipal(dates=MONTHLY), **change)
    assert rule in [each.name for each in unclear(wanting)]
    with rules_out(ContentUnclear, rule):
        agree(wanting)


def test_an_empty_draft_is_unclear_throughout() -> None:
    """All that is missing is listed at once; the rules are distinct and bilingual."""
    empty = Draft(outcome=SettlementOutcome.INSTALMENTS, agreed_on=SIGNED)
    assert [rule.name for rule in unclear(empty)] == [rule.name for rule in CONTENT_RULES[:-1]]
    spot = Draft(outcome=SettlementOutcome.PAID_ON_THE_SPOT, agreed_on=SIGNED)
    assert "receipt_definite" in [rule.name for rule in unclear(spot)]
    assert "default_clause_definite" not in [rule.name for rule in unclear(spot)]
    assert len({rule.name for rule in CONTENT_RULES}) == len(CONTENT_RULES)


@pytest.mark.parametrize(
    ("schedule", "change", "rule"),
    [
        (LUMP_SUM, {"outcome": SettlementOutcome.INSTALMENTS}, "kind_definite"),
        (LUMP_SUM, {"agreed_on": day("2026-04-01")}, "dates_definite"),
        (LUMP_SUM, SPOT, "dates_definite"),
        (LumpSum(SIGNED), SPOT | {"receipt_ref": None}, "receipt_definite"),
        (LumpSum(SIGNED), SPOT | {"receipt_ref": ""}, "receipt_definite"),
    ],
)
def test_kinds_and_days_must_fit(schedule: LumpSum, change: dict[str, Any], rule: str) -> None:
    """One payment is no instalment plan; a lump sum is not due before, nor paid on the spot but then."""
    with rules_out(ContentUnclear, rule):
        agree(draft(schedule, **change))


def test_the_last_days_that_fit() -> None:
    """A lump sum may be due on the day of agreement, instalments on the next; grace may be 0 or 30 days."""
    assert agreed(LumpSum(SIGNED)).sign_by == SIGNED
    assert agreed(agreed_on=day("2026-04-14")).sign_by == day("2026-04-14")
    assert GRACE_DAYS_HIGH == 30
    for days in (0, 30):
        assert agreed(default_clause=replace(CLAUSE, grace_days=days)).default_clause.grace_days == days


def test_a_plan_that_does_not_add_up() -> None:
    """A fen more than is kept of the debt is another debt."""
    plan = EqualPrincipal(dates=MONTHLY).plan(yuan("110459.36"))
    with refuses(PlanDoesNotAddUp, "lines"):
        agree(draft(EqualPrincipal(dates=MONTHLY), plan=plan))


def test_limits_are_kept_once_more() -> None:
    with refuses(DueDatesInvalid, "lines"):
        agree(draft(EqualPrincipal(dates=MONTHLY)), PlanLimits(first_due_within_days=43))
    agree(draft(EqualPrincipal(dates=MONTHLY)), PlanLimits(first_due_within_days=44))


def test_a_draft_is_made_of_the_accepted_offer() -> None:
    """Golden case 1: 107,330.56 at once, 110,459.35 in parts, under the version offered under."""
    for terms, outcome, total in (
        (LUMP, SettlementOutcome.LUMP_SUM, "107330.56"),
        (PARTS, SettlementOutcome.INSTALMENTS, "110459.35"),
    ):
        start = Negotiation(owed=OWED)
        made = make_offer(start, Side.APPLICANT, terms, BOOK, at=NOON, valid_days=7)
        offer = accept(made, Side.RESPONDENT, 1, NOON).accepted
        assert offer is not None
        begun = drafted(offer, SIGNED)
        assert [rule.name for rule in unclear(begun)] == [
            "account_definite",
            "default_clause_definite",
            "confirmation_definite",
        ]
        clauses: dict[str, Any] = {
            "account_ref": "account-1",
            "default_clause": CLAUSE,
            "confirmation_wanted": False,
        }
        agreement = agree(replace(begun, **clauses))
        assert agreement.outcome is outcome
        assert str(agreement.plan.total) == str(agreement.kept.total) == total
        assert agreement.concession == offer.concession
        assert (agreement.confirmation_wanted, agreement.default_clause) == (False, CLAUSE)
        assert not agreement.on_the_spot


def test_paid_on_the_spot() -> None:
    """The receipt takes the place of due date and default clause; signing has no last day."""
    made = make_offer(Negotiation(owed=OWED), Side.APPLICANT, LUMP, BOOK, at=NOON, valid_days=7)
    begun = drafted_on_the_spot(made.offer(1), SIGNED, "receipt-1")
    agreement = agree(
        replace(begun, account_ref="account-1", confirmation_wanted=False, default_clause=CLAUSE)
    )
    assert agreement.on_the_spot
    assert agreement.receipt_ref == "receipt-1"
    assert agreement.default_clause == ON_THE_SPOT
    assert not ON_THE_SPOT.clawback
    assert not ON_THE_SPOT.acceleration
    assert (agreement.plan.first_due, agreement.sign_by) == (SIGNED, None)
    assert str(agreement.plan.total) == "107330.56"


def test_nothing_to_agree_about() -> None:
    with pytest.raises(AmountTooSmall):
        LumpSum(SIGNED).plan(ZERO)
