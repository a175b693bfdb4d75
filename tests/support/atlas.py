"""The atlas: every state a case can be in, found by trying everything on a small case.

Promise: breadth first from a filing, each actor tries each command over each channel, before and after
the limit, in every state that differs in what a rule could look at; so a property that holds over the
atlas holds for the whole table of transitions, also for later rows. Downside: one case of one institution and
two respondents, a cap of two days, two attempts at the court; the random tests cover more.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Final

from chalicelib.domain import lifecycle
from chalicelib.domain.agreement.confirmation import Application, Confirmation, ConfirmationState
from chalicelib.domain.case import Case, Change, Context
from chalicelib.domain.errors import HubError
from chalicelib.domain.events import Channel
from chalicelib.domain.objections import RESTS
from chalicelib.domain.parties import Party, Side
from chalicelib.domain.pending_act import Challenge, Disclosure, MediatorChoice, Objection, RecordedAct
from chalicelib.domain.permissions import may
from chalicelib.domain.representatives import Authority, Mandate
from chalicelib.domain.roles import Actor, Role
from chalicelib.domain.settlement_outcome import OfferStanding, SettlementOutcome
from chalicelib.domain.stages import Action, Stage
from chalicelib.domain.steps import CourtLimits
from chalicelib.domain.transfer import Matter
from chalicelib.domain.transitions import TRANSITIONS
from tests.support.builders import attempt, commands_for, context_of, filed, insiders

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from chalicelib.domain.commands import Command

LIMITS: Final = CourtLimits(extension_cap_days=2)
_MOST_ATTEMPTS: Final = 2
_MOST_STATES: Final = 4000
_BEFORE_AGREEMENT: Final = frozenset({Stage.FILED, Stage.SCREENED, Stage.ASSIGNED, Stage.IN_MEDIATION})
_DISCLOSED: Final = frozenset({Stage.SCREENED, Stage.ASSIGNED, Stage.IN_MEDIATION, Stage.SETTLED})
_RESTED_ON: Final = frozenset({Stage.SETTLED, Stage.PERFORMING, Stage.DEFAULTED})
_PAYING: Final = frozenset({Stage.PERFORMING, Stage.DEFAULTED, Stage.PERFORMED, Stage.PAID})
_CONFIRMED_BY: Final = "centre-1"
"""What this one records counts at once, so that it may be objected to."""
_RECORDERS: Final = frozenset({Role.MEDIATOR, Role.CENTRE})


@dataclass(frozen=True, slots=True)
class Try:
    """A command over a channel."""

    command: Command
    channel: Channel = Channel.ONLINE
    code: bool = False
    """Whether the person in whose name it is recorded confirms it at once."""


@dataclass(frozen=True, slots=True)
class Move:
    """An actor's command to a case, over a channel, at an instant."""

    actor: Actor
    channel: Channel
    at: datetime
    command: Command
    code: bool = False

    def context(self) -> Context:
        """Return the context the move is made in."""
        return _context(self.actor, self.at, self.channel, code=self.code)


def _context(actor: Actor, at: datetime, channel: Channel, *, code: bool) -> Context:
    return replace(context_of(actor, at, channel=channel, limits=LIMITS), code_verified=code)


@dataclass(frozen=True, slots=True)
class Step:
    """An accepted move: the case before it, and the change."""

    before: Case
    move: Move
    change: Change


@dataclass(slots=True)
class Atlas:
    """What the exploration found."""

    states: list[Case] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    """Each state's accepted moves, one per command and event, from any actor."""
    refusals: dict[type[HubError], HubError] = field(default_factory=dict)
    rules: set[str] = field(default_factory=set)
    """Names of the rules that refused something."""
    unsound: list[tuple[Case, Actor, frozenset[Action], frozenset[Action]]] = field(default_factory=list)
    """Cases and actors for whom the offered actions differ from the accepted ones."""


def tries(case: Case, actor: Actor, commands: Sequence[Command]) -> Iterator[Try]:
    """Yield all an actor can try, of all the commands there are.

    Only actors who record for others use every channel. Of an action that the role may never take or that no
    row offers at this stage, one command is enough.
    """
    channels = tuple(Channel) if actor.role in _RECORDERS else (Channel.ONLINE,)
    here = {row.action for row in TRANSITIONS if row.source is case.stage}
    hopeless = set()
    for command in commands:
        if may(actor, command.action) and command.action in here:
            yield from (Try(command, channel) for channel in channels)
            if actor.subject == _CONFIRMED_BY and getattr(command, "party_id", "") == "r1":
                yield Try(command, Channel.IN_PERSON, code=True)
        elif command.action not in hopeless:
            hopeless.add(command.action)
            yield Try(command)


def instants(case: Case) -> tuple[datetime, ...]:
    """Return a minute after the last change and, if there is a limit, the instant it has passed."""
    soon = case.updated_at + timedelta(minutes=1)
    return (soon,) if case.deadline is None else (soon, case.deadline)


@cache
def atlas() -> Atlas:
    """Explore every state: some twenty seconds, so that one worker runs all the tests that ask for it."""
    found, queue, met = Atlas(), deque([_start()]), set[Case]()
    while queue:
        case = queue.popleft()
        if (key := _essence(case)) in met:
            continue
        met.add(key)
        assert len(met) < _MOST_STATES, "something grows without bound"
        found.states.append(case)
        queue.extend(replace(step.change.case, disclosures=()) for step in _look_around(found, case))
        queue.extend(_with_earlier_acts(case, met))
        for doubtful in (*_in_doubt(case, met), *_related(case, met)):
            _look_around(found, doubtful)
    return found


def _in_doubt(case: Case, met: set[Case]) -> Iterator[Case]:
    """Yield the case if nobody knows the respondents, and if its challenge was recorded by one who decides.

    One of each is enough; nothing follows from them that is not found elsewhere.
    """
    if case.stage is Stage.SETTLED and case.mediator_id and not (case.signatures or case.recorded):
        parties = (_unknown(party) if party.side is Side.RESPONDENT else party for party in case.parties)
        doubtful = replace(case, parties=tuple(parties))
    elif case.challenge and not case.recorded:
        doubtful = replace(case, challenge=replace(case.challenge, raised_by=_CONFIRMED_BY))
    else:
        return
    where = replace(filed().case, stage=case.stage, case_id="in-doubt")
    if where not in met:
        met.add(where)
        yield doubtful


def _related(case: Case, met: set[Case]) -> Iterator[Case]:
    """Yield the case if its mediator has a relation to it: waived by nobody, and by all but one.

    One of each a stage is enough, as nothing follows from it but another mediator.
    """
    before = case.mediator_id is None and case.stage is not Stage.SCREENED
    where = replace(filed().case, stage=case.stage, case_id="related")
    if case.stage not in _DISCLOSED or before or case.recorded or case.challenge or where in met:
        return
    met.add(where)
    earlier = Disclosure(mediator_id="m1", ground="earlier_role")
    for waived_by in (frozenset[str](), frozenset({"a1", "r2"})):
        other = Disclosure(mediator_id="m1", ground="other_relation", waived_by=waived_by)
        yield replace(case, disclosures=(other, earlier))


def _unknown(party: Party) -> Party:
    """Return a party whose number the centre has just put on record."""
    return replace(party, identity=None, phone_set_by=_CONFIRMED_BY, phone_since=1)


def _with_earlier_acts(case: Case, met: set[Case]) -> Iterator[Case]:
    """Yield the case as it is if something in the borrower's name was recorded some steps before.

    Of each act one case a stage is enough, and one under which something was paid.
    """
    if case.recorded or case.objection or "r1" not in case.bound:
        return
    for action in sorted(action for action, stages in RESTS.items() if case.stage in stages & _RESTED_ON):
        where = replace(
            filed().case, stage=case.stage, case_id=action, repayments=bool(case.repayments) or None
        )
        given = {Action.SIGN: case.signatures, Action.CONSENT: case.consents}.get(Action(action), {"r1"})
        if "r1" in given and where not in met:
            met.add(where)
            act = RecordedAct(
                number=case.version,
                action=action,
                party_id="r1",
                stage=case.stage,
                at=case.updated_at,
                until=case.updated_at + timedelta(days=3),
                recorded_by=frozenset({_CONFIRMED_BY}),
            )
            yield replace(case, recorded=(act,))


def _look_around(found: Atlas, case: Case) -> list[Step]:
    taken: dict[tuple[Command, datetime, str, bool], Step] = {}
    # What can be tried is the same at each instant; making it is a quarter of the time.
    commands = tuple(commands_for(case, LIMITS))
    tried = [(actor, tuple(tries(case, actor, commands))) for actor in insiders(case)]
    for at in instants(case):
        for actor, attempts in tried:
            accepted = _tried(found, case, actor, at, attempts, taken)
            offered = frozenset(lifecycle.allowed_actions(case, context_of(actor, at, limits=LIMITS)))
            if offered != accepted:
                found.unsound.append((case, actor, offered, accepted))
    found.steps.extend(taken.values())
    return [step for step in taken.values() if _within(step.change.case)]


def _tried(
    found: Atlas,
    case: Case,
    actor: Actor,
    at: datetime,
    attempts: Sequence[Try],
    taken: dict[tuple[Command, datetime, str, bool], Step],
) -> frozenset[Action]:
    """Make an actor's attempts at an instant; return the actions that were accepted."""
    accepted = set()
    circumstances = {(each.channel, each.code) for each in attempts}
    contexts = {(channel, code): _context(actor, at, channel, code=code) for channel, code in circumstances}
    for each in attempts:
        answer = attempt(case, each.command, contexts[each.channel, each.code])
        if isinstance(answer, HubError):
            found.refusals.setdefault(type(answer), answer)
            found.rules.add(getattr(answer, "rule", ""))
        else:
            accepted.add(each.command.action)
            key = (each.command, at, answer.event.type, each.code)
            if key not in taken:
                taken[key] = Step(case, Move(actor, each.channel, at, each.command, each.code), answer)
    return frozenset(accepted)


def _act(act: RecordedAct, start: datetime) -> RecordedAct:
    stage = act.stage if case_ended_by(act) else Stage.IN_MEDIATION
    return replace(act, number=1, at=start, until=start, days=None, stage=stage, recorded_by=frozenset())


def case_ended_by(act: RecordedAct) -> bool:
    """Tell whether it is a refusal: of these alone the stage before the act matters."""
    return act.action in {Action.REFUSE_CONSENT, Action.END_MEDIATION, Action.REFUSE_TO_SIGN}


def _recorded(case: Case) -> tuple[RecordedAct, ...]:
    """Keep what was recorded just now, and what holds back what is owed to the court."""
    kept = [act for act in case.recorded if act.number == case.version or case.held_until]
    return () if case.objection else tuple(_act(act, case.filed_at) for act in kept[-1:])


def _challenged(case: Case) -> Challenge | None:
    talking = case.stage is Stage.IN_MEDIATION and (case.offer is not None or case.extension is not None)
    talking = talking or (case.stage is Stage.SETTLED and bool(case.signatures))
    known = Challenge(party_id="r1", ground="other_relation", at=case.filed_at)
    return None if case.challenge is None or talking else known


@cache
def _start() -> Case:
    """File the small case; the first respondent has an agent, who can be revoked at each stage.

    The other one may confirm at each stage whom the bank named for it.
    """
    agent = Mandate(agent_id="g1", authority=Authority.SPECIAL)
    agents = {"r1": (agent,), "r2": (replace(agent, confirmed=False),)}
    case = filed("a1", "r1", "r2", limits=LIMITS).case
    represented = (replace(p, agents=agents.get(p.party_id, ())) for p in case.parties)
    return replace(case, parties=tuple(represented))


def _parties(case: Case) -> tuple[Party, ...]:
    """Keep how many agents the first respondent has in a case just filed; elsewhere it does not matter."""
    start = _start()
    if case.stage is not Stage.FILED or case.consents != start.consents or not case.online:
        return start.parties
    (respondent,) = (party for party in case.parties if party.party_id == "r1")
    kept = tuple(replace(each, agent_id=f"g{n}") for n, each in enumerate(respondent.agents, start=1))
    return tuple(replace(p, agents=kept) if p.party_id == "r1" else p for p in start.parties)


def _choice(case: Case) -> MediatorChoice | None:
    """Keep whom the parties named; who consented meanwhile does not matter for it."""
    screened = case.stage is Stage.SCREENED
    return replace(case.choice, until=case.filed_at) if case.choice and screened else None


def _paid(case: Case) -> bool:
    return case.outcome is SettlementOutcome.PAID_ON_THE_SPOT


def _offer(case: Case) -> OfferStanding | None:
    """Keep of an offer all but its number and time; under an agreement only whom it leaves out.

    While it is to be signed, also by when.
    """
    if case.offer is None or case.stage is Stage.IN_MEDIATION:
        return case.offer and replace(case.offer, number=1, expires_at=case.filed_at)
    if case.stage is Stage.SETTLED and case.offer.sign_by:
        late = case.offer.sign_by
        return OfferStanding(
            number=1, side=Side.APPLICANT, expires_at=case.filed_at, accepted=True, sign_by=late
        )
    if not case.offer.left_out or case.stage not in _PAYING | {Stage.SETTLED}:
        return None
    return OfferStanding(
        number=1, side=Side.APPLICANT, expires_at=case.filed_at, accepted=True, left_out=case.offer.left_out
    )


def _confirmation(case: Case) -> Confirmation | None:
    """Keep which parties applied, whether the court has it, and its ruling; times do not matter.

    Once a case went to the court, it only matters whether the confirmation was rejected.
    """
    confirmation = case.confirmation
    if confirmation is None:
        return None
    if case.transfer is not None and confirmation.state is not ConfirmationState.REJECTED:
        return Confirmation(in_force_at=case.filed_at)
    if case.stage not in {Stage.PERFORMING, Stage.DEFAULTED}:
        return None
    applied = sorted((each.party_id, each.side) for each in confirmation.applications)
    return replace(
        confirmation,
        in_force_at=case.filed_at,
        applications=tuple(Application(side=side, party_id=p, at=case.filed_at) for p, side in applied),
        transferred_at=case.filed_at if confirmation.transferred_at else None,
    )


def _within(case: Case) -> bool:
    return case.transfer is None or case.transfer.attempt <= _MOST_ATTEMPTS


def _essence(case: Case) -> Case:
    """Return the case without what no rule looks at, so that two alike are one state.

    Of those with a payment outside an agreement, one of each stage is enough: nothing else depends on it.
    """
    start = _start()
    if case.objection or _recorded(case):
        # What is special about these does not depend on the rest of the case: one of each is enough.
        return replace(
            start,
            stage=case.stage,
            accepted_at=start.filed_at if case.accepted_at and case.stage is Stage.ASSIGNED else None,
            repayments=1 if case.repayments else None,
            recorded=_recorded(case),
            objection=case.objection
            and Objection(act=_act(case.objection.act, case.filed_at), at=case.filed_at),
            held_until=case.held_until and case.filed_at,
        )
    if case.repayments and case.stage not in _PAYING:
        return replace(start, stage=case.stage, repayments=1, paid_up=case.paid_up)
    mediating = case.stage in _BEFORE_AGREEMENT
    # Offers and extensions do not affect each other: they are explored separately.
    talking = case.stage is Stage.IN_MEDIATION and case.offer is not None
    extending = mediating and not talking
    # Whether a mediator has it matters to each signature alike.
    nobody_signed = case.stage is Stage.SETTLED and not case.signatures
    return replace(
        case,
        claim=start.claim,
        updated_at=start.updated_at,
        version=1,
        sequence=1,
        last_event_hash="",
        talk=None,
        parties=_parties(case),
        entered_at_version=1,
        deadline=None,
        judge_id=None,
        accepted_at=start.filed_at if case.accepted_at and mediating else None,
        mediator_id="m" if case.mediator_id and (mediating or nobody_signed) else None,
        consents=case.consents if mediating and not case.choice else frozenset(),
        extension=case.extension if extending else None,
        extended_days=case.extended_days if extending else 0,
        online=case.online if mediating and not case.choice else True,
        signatures=case.signatures if case.stage is Stage.SETTLED else frozenset(),
        round=1,
        offer=_offer(case),
        outcome=case.outcome if case.stage is Stage.SETTLED and _paid(case) else None,
        transfer=case.transfer and replace(case.transfer, matter=Matter.SUIT),
        agreement_sha256=None,
        confirmation=_confirmation(case),
        follow_up_on=None,
        repayments=case.repayments if case.stage in _PAYING else None,
        failure=None,
        ended_at=None,
        track=None,
        pending=(),
        recorded=(),
        held_until=case.held_until and case.filed_at,
        held_days=None,
        challenge=_challenged(case),
        interruption=None,
        disclosures=(),
        choice=_choice(case),
    )
