"""Negotiation: whose turn it is, what lapses, what binds, under whose policy, and that no court sees it."""

from __future__ import annotations

import inspect
import json
from collections import abc
from dataclasses import fields, is_dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, get_args, get_type_hints

import hypothesis.strategies as st
from hypothesis import given, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from chalicelib.domain import dossier
from chalicelib.domain.agreement.errors import (
    AgreementError,
    AgreementRefused,
    OfferAccepted,
    OfferUnknown,
    OwnOfferOpen,
)
from chalicelib.domain.agreement.negotiation import (
    Answer,
    Negotiation,
    OfferState,
    accept,
    decline,
    make_offer,
    withdraw,
)
from chalicelib.domain.agreement.offer import Figures, Offer, OfferTerms
from chalicelib.domain.agreement.plan import Plan
from chalicelib.domain.calendar import end_of
from chalicelib.domain.loan.components import Amounts
from chalicelib.domain.loan.concession import Concession
from chalicelib.domain.loan.errors import LoanError
from chalicelib.domain.parties import Side
from chalicelib.domain.transfer import Transfer
from tests.support.builders import CASE_ID, details_of, filed
from tests.support.examples import examples
from tests.unit.domain.agreement.support import (
    BOOK,
    LUMP,
    NOON,
    OWED,
    debts,
    schedules,
)
from tests.unit.domain.loan.support import yuan
from tests.unit.domain.test_dossier import names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from chalicelib.domain.errors import HubError
    from chalicelib.domain.loan.concession_policy import PolicyBook
    from chalicelib.domain.money import Money

BANK, BORROWER = Side.APPLICANT, Side.RESPONDENT
NEW: Final = Negotiation(owed=OWED)


def offered(
    negotiation: Negotiation = NEW,
    side: Side = BANK,
    terms: OfferTerms = LUMP,
    at: datetime = NOON,
    valid_days: int = 7,
    **more: Any,
) -> Negotiation:
    """Make an offer."""
    book: PolicyBook = more.pop("book", BOOK)
    return make_offer(negotiation, side, terms, book, at=at, valid_days=valid_days, **more)


# --- any sequence ----------------------------------------------------------------------------------


class Bargaining(RuleBasedStateMachine):
    """Two sides who try anything at any time."""

    @initialize(owed=debts)
    def begin(self, owed: Amounts) -> None:
        """Nothing was offered yet."""
        self.at, self.negotiation = NOON, Negotiation(owed=owed)

    @rule(hours=st.integers(1, 200))
    def time_passes(self, hours: int) -> None:
        """Offers expire."""
        self.at += timedelta(hours=hours)

    @rule(side=st.sampled_from(Side), schedule=schedules(), days=st.integers(0, 16))
    def somebody_offers(self, side: Side, schedule: Any, days: int) -> None:
        """Take an offer only without an acceptance and without an open one of the same side."""
        terms = OfferTerms(tier=schedule.repayment.value, schedule=schedule)
        waiting = self.negotiation.open_offer(self.at)
        before = self.negotiation
        answer = self._try(lambda: offered(before, side, terms, self.at, days))
        assert isinstance(answer, OfferAccepted) is (before.accepted is not None)
        assert isinstance(answer, OwnOfferOpen) is (waiting is not None and waiting.side is side)
        if not isinstance(answer, Negotiation):
            return
        self.negotiation = answer
        assert self.negotiation.offers[:-1] == before.offers
        assert self.negotiation.open_offer(self.at) == self.negotiation.offers[-1]
        if waiting:
            assert self.negotiation.state_of(waiting.number, self.at) is OfferState.COUNTERED

    @rule(
        side=st.sampled_from(Side),
        act=st.sampled_from([accept, decline, withdraw]),
        number=st.integers(-1, 6),
        latest=st.booleans(),
    )
    def somebody_answers(self, side: Side, act: Any, number: int, latest: bool) -> None:
        """Take answers to the open offer only: a withdrawal from its side, all else from the other."""
        number = len(self.negotiation.offers) if latest else number
        before, waiting = self.negotiation, self.negotiation.open_offer(self.at)
        fits = waiting is not None and waiting.number == number
        fits = fits and waiting is not None and (waiting.side is side) is (act is withdraw)
        answer = self._try(lambda: act(before, side, number, self.at))
        assert isinstance(answer, Negotiation) is fits
        if not isinstance(answer, Negotiation):
            assert isinstance(answer, OfferUnknown | AgreementRefused)
            return
        self.negotiation = answer
        assert self.negotiation.answers[:-1] == before.answers
        assert self.negotiation.open_offer(self.at) is None

    @invariant()
    def one_open_offer_at_most(self) -> None:
        """Only the latest offer can be open, never an expired one; an acceptance leaves none."""
        if not hasattr(self, "negotiation"):
            return
        states = [self.negotiation.state_of(offer.number, self.at) for offer in self.negotiation.offers]
        assert OfferState.OPEN not in states[:-1]
        if OfferState.OPEN in states:
            assert self.at < self.negotiation.offers[-1].expires_at
            assert self.negotiation.accepted is None
        assert states.count(OfferState.ACCEPTED) == (1 if self.negotiation.accepted else 0)
        for offer in self.negotiation.offers:
            self._fair(offer)

    def _fair(self, offer: Offer) -> None:
        figures, conceded = offer.figures, offer.concession
        for line in conceded.lines:
            assert line.waived + line.kept == line.original == self.negotiation.owed[line.component]
        assert figures.owed == self.negotiation.owed.total == conceded.kept.total + figures.waived
        assert figures.total == conceded.kept.total + figures.interest
        assert figures.saving == figures.waived - figures.interest
        assert offer.made_at < offer.expires_at <= end_of(figures.first_due)

    def _try(self, act: Callable[[], Negotiation]) -> Negotiation | HubError:
        try:
            return act()
        except (AgreementError, AgreementRefused, LoanError) as refusal:
            return refusal


Bargaining.TestCase.settings = settings(max_examples=examples(60), stateful_step_count=25)
TestBargaining = Bargaining.TestCase


# --- confidential by type --------------------------------------------------------------------------

CONFIDENTIAL: Final = {Offer, OfferTerms, Negotiation, Answer, Figures, Concession, Plan}


def _hints(thing: Any) -> dict[str, Any]:
    return get_type_hints(thing, localns={**vars(abc), **names()})


def _reachable(*roots: Any) -> set[Any]:
    queue, met = list(roots), set()
    while queue:
        current = queue.pop()
        if current in met:
            continue
        met.add(current)
        queue.extend(get_args(current))
        if isinstance(current, type) and is_dataclass(current):
            hints = _hints(current)
            queue.extend(hints[entry.name] for entry in fields(current))
    return met


def test_no_path_leads_from_an_offer_into_a_dossier() -> None:
    """No type of the dossier and no argument of any of its functions can hold anything negotiated (TY22)."""
    functions = [each for _, each in inspect.getmembers(dossier, inspect.isfunction)]
    own = [each for each in functions if each.__module__ == dossier.__name__]
    assert dossier.documents in own
    roots: list[Any] = [dossier.DossierFacts, dossier.ChainSeal, dossier.DossierDocument]
    for function in own:
        roots += _hints(function).values()
    held = _reachable(*roots)
    assert Amounts not in held
    assert not CONFIDENTIAL & held
    assert _reachable(Negotiation, OfferTerms, Figures, Plan) >= CONFIDENTIAL  # the walk goes deep


@given(st.lists(st.tuples(schedules(), st.booleans()), min_size=1, max_size=4), debts)
def test_nothing_negotiated_is_told_to_a_court(drawn: list[tuple[Any, bool]], owed: Amounts) -> None:
    """Whatever was offered, the dossier's figures are the claim's alone, and no repr tells an offer."""
    negotiation = Negotiation(owed=owed)
    for number, (schedule, declined) in enumerate(drawn):
        terms = OfferTerms(tier=schedule.repayment.value, schedule=schedule)
        side = (BANK, BORROWER)[number % 2]
        try:
            negotiation = offered(negotiation, side, terms, NOON + timedelta(minutes=number))
        except (AgreementError, OwnOfferOpen):
            continue
        if declined:
            negotiation = decline(negotiation, _other(side), len(negotiation.offers), NOON)
    case = replace(filed().case, transfer=Transfer(transfer_id=f"{CASE_ID}-T1", attempt=1))
    facts = dossier.facts_for_court(case, [details_of("a1"), details_of("r1")])
    seal = dossier.ChainSeal(events=1, handed_over_at=NOON, head="0" * 64)
    written = b"".join(each.content for each in dossier.documents(facts, seal)).decode()
    claimed = set(dossier.claim_figures(case.claim).values())
    for secret in _secrets(negotiation) - claimed:
        assert f'"{secret}"' not in written
        assert secret not in repr(negotiation)
    assert all(key not in written for key in ("offer", "waived", "concession", "tier", "plan"))


def _other(side: Side) -> Side:
    return BORROWER if side is BANK else BANK


def _secrets(negotiation: Negotiation) -> set[str]:
    amounts = {amount for offer in negotiation.offers for amount in _amounts(offer)}
    return {str(amount) for amount in amounts if amount > yuan("1000")}


def _amounts(offer: Offer) -> Iterator[Money]:
    yield from (offer.figures.total, offer.figures.waived, offer.figures.monthly_burden)
    yield from (line.amount for line in offer.plan.lines)
    yield from (line.waived for line in offer.concession.lines)


def test_no_repr_tells_what_was_offered() -> None:
    """An offer in a log line is a number."""
    negotiation = decline(offered(), BORROWER, 1, NOON)
    texts = [repr(each) for each in (negotiation, *negotiation.offers, *negotiation.answers, LUMP)]
    assert texts == ["Negotiation(1 offers, ...)", "Offer(1, ...)", "Answer(1, ...)", "OfferTerms(...)"]
    assert json.dumps(texts)
