"""What a reader is shown as allowed can be done by that reader: every listed act of random lives is tried.

Promise: at each step of a life, each act that each reader is shown is tried on a copy of everything and must
succeed; one of them, or some days, leads to the next step. Downside: one respondent, one sensible body an
act; a reversal that would reopen a case whose debt was filed anew is no part of it.
"""

from collections import Counter
from copy import deepcopy
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Final

import pytest

from chalicelib.domain.roles import Actor
from chalicelib.domain.stages import Action, Stage
from tests.support.courses import file_case, in_mediation
from tests.support.deals import in_force, monthly, passes, settled, settlement_of, today
from tests.support.fakes.samples import CENTRE, COURT, INSTITUTION, JUDGE, MEDIATOR, OPS, borrower
from tests.support.http import Api
from tests.support.listed import case_of, does

OTHER: Final = replace(CENTRE, subject="centre-9")
STEPS: Final = 12
"""In a short life; the long ones have more than twice as many."""
BEGINNINGS: Final = (file_case, in_mediation, settled, in_force)
LIKELY: Final = {
    Action.ACCEPT: 4.0,
    Action.CONSENT: 4.0,
    Action.OFFER: 3.0,
    Action.ACCEPT_OFFER: 6.0,
    Action.SETTLE: 8.0,
    Action.SIGN: 6.0,
    Action.APPLY_FOR_CONFIRMATION: 3.0,
    Action.RECORD_RULING: 5.0,
    Action.DECIDE_OBJECTION: 4.0,
    Action.OBJECT: 2.0,
    Action.WITHDRAW: 0.02,
    Action.DROP: 0.2,
    Action.FAIL: 0.1,
    Action.DECLINE: 0.1,
    Action.REFUSE_CONSENT: 0.1,
    Action.END_MEDIATION: 0.3,
    Action.REFUSE_TO_SIGN: 0.3,
    Action.RECORD_REFUSAL: 0.3,
    Action.RECORD_DOCKETING: 0.3,
    Action.CORRECT_DETAILS: 0.05,
    Action.RECORD_AGENT: 0.05,
    Action.CONFIRM_AGENT: 0.05,
    Action.REVOKE_AGENT: 0.05,
    Action.CHALLENGE: 0.05,
    Action.OPEN_CHOICE: 0.3,
    Action.NAME_MEDIATOR: 3.0,
    Action.REPLACE_MEDIATOR: 0.1,
    Action.REPLACE_JUDGE: 0.1,
}
"""How often an act is what happens next, so that lives reach what is about money and do not end at once."""


def readers(api: Api, case_id: str) -> tuple[Actor, ...]:
    """Return who reads the case, the mediator and the judge whom it has now among them."""
    case = api.hub.cases.get(case_id)
    mediator = replace(MEDIATOR, mediator_id=case.mediator_id or MEDIATOR.mediator_id)
    judge = replace(JUDGE, judge_id=case.judge_id or JUDGE.judge_id)
    return (INSTITUTION, borrower(case_id), mediator, CENTRE, OTHER, judge, COURT, OPS)


def listed(api: Api, case_id: str) -> list[tuple[Actor, Action]]:
    """Return every act that somebody is shown."""
    return [
        (reader, Action(action))
        for reader in readers(api, case_id)
        for action in case_of(api, case_id, reader).get("allowed_actions", ())
    ]


def done(api: Api, case_id: str, reader: Actor, action: Action) -> Api:
    """Do it on a copy of everything; return the copy as it is afterwards."""
    copy = Api(deepcopy(api.hub))
    before = copy.hub.cases.get(case_id)
    answer = does(copy, case_id, reader, action)
    assert answer.status in {200, 202}, (before.stage, reader.role, action, answer.raw.decode())
    copy.hub.run()
    assert copy.hub.cases.get(case_id).sequence > before.sequence, (before.stage, reader.role, action)
    return copy


def next_step(random: Random, api: Api, case_id: str, tried: dict[tuple[Actor, Action], Api]) -> Api:
    """Return the life after one of the acts, after a larger payment, or after some days."""
    chance = random.random()
    acts = {action: reader for reader, action in tried}
    if chance < 0.15 or not tried:
        passes(api, random.choice([1, 1, 1, 3, 8]))
        return api
    if chance < 0.35 and Action.RECORD_REPAYMENT in acts:
        shown = settlement_of(api, case_id)
        part = random.choice([0.1, 0.5, 1.0]) * float(shown["outstanding"])
        if part >= 1:
            assert (
                does(api, case_id, INSTITUTION, Action.RECORD_REPAYMENT, amount=f"{part:.2f}").status == 200
            )
            api.hub.run()
            return api
    if chance < 0.45 and Action.OFFER in acts:
        api.hub.clock.advance(minutes=1)
        month = today(api) + timedelta(days=35)
        kind = random.choice(["equal_principal", "equal_payment"])
        plan = monthly(kind, random.choice([2, 3, 12]), year=month.year, month=month.month)
        made = does(api, case_id, acts[Action.OFFER], Action.OFFER, tier="instalments", schedule=plan)
        assert made.status == 200, made.raw.decode()
        api.hub.run()
        return api
    choices = sorted(tried, key=lambda each: (each[0].subject, each[1]))
    weights = [LIKELY.get(action, 1.0) for _, action in choices]
    return tried[random.choices(choices, weights)[0]]


def live(seed: int, steps: int = STEPS) -> Counter[tuple[Stage, Action]]:
    """Live one life; return how often which act was tried at which stage."""
    random = Random(seed)  # noqa: S311 - a life, no secret
    api, seen = Api(), Counter[tuple[Stage, Action]]()
    case_id = BEGINNINGS[seed % len(BEGINNINGS)](api)
    for _ in range(steps):
        api.hub.clock.advance(minutes=2)
        stage = api.hub.cases.get(case_id).stage
        tried = {}
        for reader, action in listed(api, case_id):
            tried[reader, action] = done(api, case_id, reader, action)
            seen[stage, action] += 1
        api = next_step(random, api, case_id, tried)
    return seen


@pytest.mark.parametrize("seed", range(4))
def test_every_listed_act_of_a_life_can_be_done(seed: int) -> None:
    assert sum(live(seed).values()) > STEPS


@pytest.mark.long
def test_every_listed_act_of_many_lives_can_be_done() -> None:
    """And together they reach every stage in which a case rests, with all that people may do there."""
    seen = sum((live(seed, 26) for seed in range(4, 300)), Counter[tuple[Stage, Action]]())
    assert {stage for stage, _ in seen} >= set(Stage) - {Stage.FILED, Stage.CORRECTED, Stage.TRANSFERRING}
