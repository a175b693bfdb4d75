"""Two and three respondents, in every order of consents, offers, answers, signatures: none binds another."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from typing import TYPE_CHECKING, Any, Final

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from chalicelib.domain import lifecycle
from chalicelib.domain.agreement.confirmation import ConfirmationState
from chalicelib.domain.commands import Accept, Appoint, Extend, GiveConsent, RefuseConsent, Screen
from chalicelib.domain.confirmation_commands import ApplyForConfirmation, confirmation_of
from chalicelib.domain.errors import HubError, RuleViolated
from chalicelib.domain.parties import Side
from chalicelib.domain.roles import Role
from chalicelib.domain.settlement_commands import (
    AcceptOffer,
    DeclineOffer,
    MakeOffer,
    Settle,
    Sign,
    WithdrawOffer,
)
from chalicelib.domain.settlement_outcome import SettlementOutcome
from chalicelib.domain.stages import Action, Stage
from chalicelib.domain.steps import Step
from chalicelib.domain.transfer import Dispatch
from tests.support.builders import FAR, FOLLOW_UP_ON, SHA256, START, attempt, context_of, filed, insiders
from tests.support.examples import examples

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chalicelib.domain.case import Case, Change
    from chalicelib.domain.commands import Command
    from chalicelib.domain.roles import Actor

BANK: Final = "a1"
OWN_WORDS: Final = frozenset(
    {
        Action.EXTEND,
        Action.OFFER,
        Action.ACCEPT_OFFER,
        Action.DECLINE_OFFER,
        Action.WITHDRAW_OFFER,
        Action.SIGN,
        Action.APPLY_FOR_CONFIRMATION,
    }
)


def mediating(*respondents: str) -> Case:
    """Return a case in mediation between the bank and these respondents."""
    case = filed(BANK, *respondents).case
    return replace(
        case,
        stage=Stage.IN_MEDIATION,
        step=Step.MEDIATION,
        mediator_id="m1",
        judge_id="j1",
        consents=case.party_ids,
        accepted_at=START,
        deadline=START + timedelta(days=30),
    )


def people(case: Case) -> dict[str, Actor]:
    """Return the actor of each party, by its own token."""
    found = {actor.party_in(case.case_id): actor for actor in insiders(case) if actor.role is Role.BORROWER}
    bank = next(actor for actor in insiders(case) if actor.role is Role.INSTITUTION)
    return {BANK: bank, **{party: actor for party, actor in found.items() if party is not None}}


def side_of(party_id: str) -> Side:
    return Side.APPLICANT if party_id == BANK else Side.RESPONDENT


def words_of(case: Case, party_id: str) -> Iterator[Command]:
    """Yield what a party may want to say, in its own name."""
    side, others = side_of(party_id), sorted(case.respondent_ids - {party_id})
    for wanted in (
        case.respondent_ids,
        case.respondent_ids - set(others[:1]),
        case.respondent_ids - set(others[-1:]),
    ):
        yield MakeOffer(side=side, party_id=party_id, number=1, expires_at=FAR, respondents=wanted)
    for answer in (AcceptOffer, DeclineOffer, WithdrawOffer):
        yield answer(side=side, party_id=party_id)
    yield Extend(side=side, party_id=party_id, days=2)
    yield Sign(party_id=party_id, follow_up_on=FOLLOW_UP_ON)
    yield ApplyForConfirmation(side=side, party_id=party_id)


def said(case: Case, party_id: str, command: Command) -> Change | HubError:
    """Let a party say something with its own token, a minute after the last change."""
    return attempt(case, command, context_of(people(case)[party_id], case.updated_at + timedelta(minutes=1)))


def done(case: Case, party_id: str, command: Command) -> Case:
    """Let a party say what must be possible."""
    answer = said(case, party_id, command)
    assert not isinstance(answer, HubError), answer
    return answer.case


def drawn_up(case: Case) -> Case:
    """Let the mediator draw up the agreement from the accepted offer."""
    mediator = next(actor for actor in insiders(case) if actor.role is Role.MEDIATOR)
    command = Settle(outcome=SettlementOutcome.LUMP_SUM, agreement_sha256=SHA256)
    return lifecycle.apply(case, command, context_of(mediator, case.updated_at + timedelta(minutes=1))).case


class Walk:
    """A case in the hands of its parties, and who has said what, kept apart from the case."""

    def __init__(self, respondents: int) -> None:
        self.case = mediating(*(f"r{n}" for n in range(1, respondents + 1)))
        self.in_favour: set[str] = set()
        self.signed: set[str] = set()
        self.applied: set[str] = set()

    def possible(self) -> list[tuple[str, Command]]:
        """Return what each party can say now, and check that this is what it is offered."""
        found = []
        for party_id, actor in people(self.case).items():
            accepted = [
                command
                for command in words_of(self.case, party_id)
                if not isinstance(said(self.case, party_id, command), HubError)
            ]
            context = context_of(actor, self.case.updated_at + timedelta(minutes=1))
            offered = frozenset(lifecycle.allowed_actions(self.case, context)) & OWN_WORDS
            assert offered == {command.action for command in accepted}, party_id
            found += [(party_id, command) for command in accepted]
        return found

    def step(self, party_id: str, command: Command) -> None:
        """Let a party say it, and check whom it binds."""
        self.case = done(self.case, party_id, command)
        match command:
            case MakeOffer():
                self.in_favour = {party_id}
            case AcceptOffer():
                self.in_favour.add(party_id)
            case DeclineOffer() | WithdrawOffer():
                self.in_favour.clear()
            case Sign():
                self.signed.add(party_id)
            case ApplyForConfirmation():
                self.applied.add(party_id)
        self.check()

    def check(self) -> None:
        """Nobody is bound who has not said so itself."""
        case, offer = self.case, self.case.offer
        if offer is not None and offer.accepted:
            assert case.bound == self.in_favour
            assert BANK in case.bound
            assert len(case.bound) > 1
        assert case.signatures == self.signed
        assert (case.stage is Stage.PERFORMING) == (bool(self.signed) and self.signed == self.in_favour)
        if case.confirmation is not None:
            joint = case.confirmation.state is not ConfirmationState.NONE
            assert joint == (self.applied == self.in_favour)


@settings(max_examples=examples(60), deadline=None)
@given(st.integers(2, 3), st.data())
def test_in_every_order_nobody_is_bound_by_another(respondents: int, data: st.DataObject) -> None:
    """Each party is offered exactly what it can do; the agreement binds who said yes, signed and applied."""
    walk = Walk(respondents)
    for _ in range(data.draw(st.integers(4, 24), "words")):
        if walk.case.stage is Stage.IN_MEDIATION and walk.case.offer and walk.case.offer.accepted:
            walk.case = drawn_up(walk.case)
        choices = walk.possible()
        if not choices:
            assert walk.case.stage is Stage.PERFORMING
            assert confirmation_of(walk.case).joint
            break
        if walk.case.stage is Stage.IN_MEDIATION and data.draw(st.booleans(), "agreeable"):
            choices = [choice for choice in choices if isinstance(choice[1], AcceptOffer)] or choices
        walk.step(*data.draw(st.sampled_from(choices), "word"))


def appointed(respondents: int) -> Case:
    """Return a case whose mediator is appointed; nobody but the bank, which filed, has consented."""
    case = filed(BANK, *(f"r{n}" for n in range(1, respondents + 1))).case
    for command in (Screen(), Appoint(mediator_id="m1", judge_id="j1")):
        case = by(case, Role.CENTRE, command)
    return case


def by(case: Case, role: Role, command: Command) -> Case:
    """Let who handles the case do something."""
    actor = next(actor for actor in insiders(case) if actor.role is role)
    return lifecycle.apply(case, command, context_of(actor, case.updated_at + timedelta(minutes=1))).case


def consents_of(case: Case, party_id: str) -> set[Action]:
    """Return what a respondent can say about the mediation, and check that this is what it is offered."""
    words = (GiveConsent(party_id=party_id, online=True), RefuseConsent(party_id=party_id))
    possible = {word.action for word in words if not isinstance(said(case, party_id, word), HubError)}
    context = context_of(people(case)[party_id], case.updated_at + timedelta(minutes=1))
    offered = frozenset(lifecycle.allowed_actions(case, context))
    assert offered & {Action.CONSENT, Action.REFUSE_CONSENT} == possible, party_id
    return possible


@pytest.mark.parametrize(
    "order",
    [order for n in (2, 3) for order in permutations(["mediator", *(f"r{k}" for k in range(1, n + 1))])],
    ids="-".join,
)
def test_in_every_order_of_consents_the_mediation_begins_with_the_last(order: tuple[str, ...]) -> None:
    """Whoever has not said so itself is waited for, is offered to say it, and can; then nobody is."""
    case = appointed(len(order) - 1)
    consented = {BANK}
    for who in order:
        assert case.stage is not Stage.IN_MEDIATION
        for party_id in sorted(case.respondent_ids):
            assert (Action.CONSENT in consents_of(case, party_id)) == (party_id not in consented)
        if who == "mediator":
            case = by(case, Role.MEDIATOR, Accept())
        else:
            case = done(case, who, GiveConsent(party_id=who, online=True))
            consented.add(who)
        assert case.consents == consented
    assert (case.stage, case.consents) == (Stage.IN_MEDIATION, case.party_ids)
    assert all(Action.CONSENT not in consents_of(case, party_id) for party_id in case.respondent_ids)


@pytest.mark.parametrize("refuses", ["r1", "r2", "r3"])
def test_one_respondents_refusal_ends_the_attempt_for_all(refuses: str) -> None:
    """Whether it refuses first or last; nobody is offered a consent after that."""
    for others in permutations(sorted({"r1", "r2", "r3"} - {refuses})):
        for before in range(len(others) + 1):
            case = by(appointed(3), Role.MEDIATOR, Accept())
            for party_id in others[:before]:
                case = done(case, party_id, GiveConsent(party_id=party_id, online=True))
            case = done(case, refuses, RefuseConsent(party_id=refuses))
            assert case.stage is Stage.UNRESOLVED
            assert all(consents_of(case, party_id) == set() for party_id in case.respondent_ids)


@pytest.mark.parametrize("order", [("r1", "r2"), ("r2", "r1")])
def test_one_respondents_acceptance_binds_nobody_else(order: tuple[str, str]) -> None:
    """The offer stays open for the other, who alone may still answer it; then it is accepted."""
    first, second = order
    offer = MakeOffer(side=Side.APPLICANT, number=1, expires_at=FAR)
    case = done(mediating("r1", "r2"), BANK, offer)
    case = done(case, first, AcceptOffer(side=Side.RESPONDENT, party_id=first))
    assert case.offer is not None
    assert not case.offer.accepted
    assert set(case.offer.awaits) == {second}
    again = said(case, first, DeclineOffer(side=Side.RESPONDENT, party_id=first))
    assert isinstance(again, RuleViolated)
    assert again.rule == "answers_the_other"
    in_its_name = said(case, first, AcceptOffer(side=Side.RESPONDENT, party_id=second))
    assert isinstance(in_its_name, RuleViolated)
    assert in_its_name.rule == "speaks_for_itself"
    case = done(case, second, AcceptOffer(side=Side.RESPONDENT, party_id=second))
    assert case.offer is not None
    assert case.offer.accepted
    assert case.bound == {BANK, "r1", "r2"}


def test_who_does_not_join_is_left_out_by_name() -> None:
    """It declines, the offer is made anew without it: it neither signs nor applies, and stops nobody."""
    case = done(mediating("r1", "r2"), BANK, MakeOffer(side=Side.APPLICANT, number=1, expires_at=FAR))
    case = done(case, "r1", AcceptOffer(side=Side.RESPONDENT, party_id="r1"))
    case = done(case, "r2", DeclineOffer(side=Side.RESPONDENT, party_id="r2"))
    assert case.offer is None
    without = MakeOffer(side=Side.APPLICANT, number=2, expires_at=FAR, respondents=frozenset({"r1"}))
    case = done(case, BANK, without)
    for meddling in (
        AcceptOffer(side=Side.RESPONDENT, party_id="r2"),
        MakeOffer(side=Side.RESPONDENT, party_id="r2", number=3, expires_at=FAR),
    ):
        assert isinstance(said(case, "r2", meddling), RuleViolated)
    case = drawn_up(done(case, "r1", AcceptOffer(side=Side.RESPONDENT, party_id="r1")))
    outside = said(case, "r2", Sign(party_id="r2"))
    assert isinstance(outside, RuleViolated)
    assert outside.rule == "party_to_the_agreement"
    case = done(case, "r1", Sign(party_id="r1"))
    case = done(case, BANK, Sign(party_id=BANK, follow_up_on=FOLLOW_UP_ON))
    assert case.stage is Stage.PERFORMING
    assert isinstance(
        said(case, "r2", ApplyForConfirmation(side=Side.RESPONDENT, party_id="r2")), RuleViolated
    )
    case = done(case, BANK, ApplyForConfirmation(side=Side.APPLICANT, party_id=BANK))
    answer = said(case, "r1", ApplyForConfirmation(side=Side.RESPONDENT, party_id="r1"))
    assert not isinstance(answer, HubError)
    assert answer.of(Dispatch)


def test_the_court_is_asked_when_the_last_party_has_applied() -> None:
    """One of two respondents and the bank are not all parties to the agreement (民事诉讼法 205)."""
    case = done(mediating("r1", "r2"), BANK, MakeOffer(side=Side.APPLICANT, number=1, expires_at=FAR))
    for party_id in ("r1", "r2"):
        case = done(case, party_id, AcceptOffer(side=Side.RESPONDENT, party_id=party_id))
    case = drawn_up(case)
    for party_id in ("r1", BANK, "r2"):
        case = done(case, party_id, Sign(party_id=party_id, follow_up_on=FOLLOW_UP_ON))
    asked: list[Any] = []
    for party_id in ("r1", BANK, "r2"):
        answer = said(case, party_id, ApplyForConfirmation(side=side_of(party_id), party_id=party_id))
        assert not isinstance(answer, HubError)
        case, asked = answer.case, [*asked, bool(answer.of(Dispatch))]
    assert asked == [False, False, True]


def test_an_institution_speaks_for_all_its_applicants() -> None:
    """Two applicants of one institution apply by one word; each is on the application."""
    case = filed("a1", "a2", "r1").case
    case = replace(
        case, stage=Stage.SETTLED, step=Step.SIGNING, mediator_id="m1", signatures=case.party_ids - {"r1"}
    )
    case = done(case, "r1", Sign(party_id="r1", follow_up_on=FOLLOW_UP_ON))
    case = done(case, BANK, ApplyForConfirmation(side=Side.APPLICANT, party_id="a2"))
    assert confirmation_of(case).applicants == {"a1", "a2"}


def test_an_offer_of_an_earlier_release_is_answered_by_its_other_side() -> None:
    """It names no parties: anybody of the other side accepts it or counters it, its own side revokes it."""
    case = mediating("r1", "r2")
    offered = done(case, BANK, MakeOffer(side=Side.APPLICANT, number=1, expires_at=FAR))
    assert offered.offer is not None
    earlier = replace(offered, offer=replace(offered.offer, made_by=frozenset(), awaits=frozenset()))
    accepted = done(earlier, "r2", AcceptOffer(side=Side.RESPONDENT, party_id="r2")).offer
    assert accepted is not None
    assert accepted.accepted
    assert done(earlier, BANK, WithdrawOffer(side=Side.APPLICANT)).offer is None
    assert isinstance(said(earlier, "r1", WithdrawOffer(side=Side.RESPONDENT, party_id="r1")), RuleViolated)
