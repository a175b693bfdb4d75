"""Cases with an agreement, and what tests of them look at."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from chalicelib.domain.agreement.confirmation import RejectionGround
from chalicelib.domain.agreement.position import position
from chalicelib.domain.events import verify_chain
from chalicelib.domain.stages import Stage
from chalicelib.use_cases.loading import settlement_of
from chalicelib.use_cases.reconcile import reconcile
from chalicelib.use_cases.records import Due
from tests.support.desk import Desk, ruled
from tests.support.fakes.samples import BANK_DETAILS, BORROWER_DETAILS
from tests.support.settling import (
    ACCOUNT,
    CLAUSE,
    accepts,
    all_sign,
    applies,
    instalments,
    misses_everything,
    offers,
    settles,
)

if TYPE_CHECKING:
    from chalicelib.domain.agreement.draft import DefaultClause
    from chalicelib.domain.agreement.offer import OfferTerms
    from chalicelib.domain.agreement.performance import Performance
    from chalicelib.domain.agreement.position import Position
    from chalicelib.domain.events import Event
    from chalicelib.domain.notices import PartyNotice
    from tests.support.fakes import FakeHub

PERSONAL: Final = (
    BORROWER_DETAILS.name,
    BORROWER_DETAILS.id_number,
    BORROWER_DETAILS.phone,
    BORROWER_DETAILS.address,
    BANK_DETAILS.name,
    BANK_DETAILS.address,
    ACCOUNT.holder,
    ACCOUNT.number,
    ACCOUNT.bank,
)


def in_force(
    terms: OfferTerms | None = None, clause: DefaultClause = CLAUSE, desk: Desk | None = None
) -> tuple[Desk, str]:
    """Bring a case to an agreement in force; three instalments unless told otherwise."""
    desk = desk or Desk()
    case_id = desk.reach(Stage.IN_MEDIATION)
    again(desk, case_id, terms or instalments(desk.hub), clause)
    return desk, case_id


def again(desk: Desk, case_id: str, terms: OfferTerms, clause: DefaultClause = CLAUSE) -> None:
    """Let the parties of a case in mediation agree and sign."""
    offers(desk.hub, case_id, terms)
    accepts(desk.hub, case_id)
    settles(desk.hub, case_id, clause=clause)
    all_sign(desk.hub, case_id)
    desk.run()


def defaulted(terms: OfferTerms | None = None, clause: DefaultClause = CLAUSE) -> tuple[Desk, str]:
    """Bring a case to a default: nothing was paid."""
    desk, case_id = in_force(terms, clause)
    assert misses_everything(desk.hub, case_id).stage is Stage.DEFAULTED
    desk.run()
    return desk, case_id


def ruled_on(desk: Desk, case_id: str, ground: RejectionGround | None = None) -> None:
    """Let both sides apply and the court rule."""
    applies(desk.hub, case_id)
    desk.run()
    desk.call_back(case_id, ruled(f"{case_id}-C{desk.case(case_id).round}", ground))
    desk.run()


def rejected_in(desk: Desk, case_id: str) -> None:
    """Let both sides apply and the court reject."""
    ruled_on(desk, case_id, RejectionGround.CONTENT_UNCLEAR)


def performance_of(hub: FakeHub, case_id: str) -> Performance:
    """Read the performance of the case's agreement."""
    return settlement_of(hub, hub.cases.get(case_id)).performance


def position_of(hub: FakeHub, case_id: str) -> Position:
    """Read the balance."""
    return position(performance_of(hub, case_id))


def events_of(hub: FakeHub, case_id: str) -> tuple[Event, ...]:
    """Read a case's events; the chain holds."""
    events = hub.cases.events(case_id, 0, 10_000)
    assert verify_chain(events) == hub.cases.get(case_id).last_event_hash
    return events


def kinds_of(hub: FakeHub, case_id: str) -> list[str]:
    """Read the types of a case's events, oldest first."""
    return [str(event.type) for event in events_of(hub, case_id)]


_OF_THE_PERFORMANCE = {"payment_due", "payment_late", "default_declared", "confirmation_window"}


def notices_of(hub: FakeHub, case_id: str) -> list[PartyNotice]:
    """Read every notice about the performance ever owed to the case's parties, in the order owed."""
    every = [notice for (about, _), notice in hub.memory.notices.items() if about == case_id]
    return [notice for notice in every if notice.kind in _OF_THE_PERFORMANCE]


def due_at(hub: FakeHub, case_id: str) -> object:
    """Return when the due index brings the case up."""
    return hub.memory.due.get(Due(consumer="workflow", ids=(case_id,)))


def day_after_day(hub: FakeHub, until: date) -> None:
    """Let days pass, the hub looking after what is due on each."""
    while (hub.clock.now() + timedelta(hours=8)).date() < until:
        hub.clock.advance(days=1)
        reconcile(hub)


def nothing_personal(hub: FakeHub, case_id: str) -> None:
    """Check that events, notices, plans, queues and the case itself name nobody."""
    told = [
        json.dumps([dict(event.facts) for event in events_of(hub, case_id)], ensure_ascii=False),
        repr(notices_of(hub, case_id)),
        repr([execution.plan for execution in hub.engine.executions.values()]),
        repr(hub.queues),
        repr(hub.cases.get(case_id)),
        repr(hub.court.notices),
        json.dumps([dict(sent.body) for sent in hub.court.submissions.values()], ensure_ascii=False),
    ]
    for personal in PERSONAL:
        assert not any(personal in text for text in told), personal
