"""The court's callbacks: stored first, applied once, in whatever order they come and however often."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from typing import TYPE_CHECKING

import pytest

from chalicelib.domain.agreement.confirmation import Confirmation
from chalicelib.domain.commands import Withdraw
from chalicelib.domain.errors import CallbackNotFound, NotPermitted, StaleVersion, TransferNotFound
from chalicelib.domain.roles import Role
from chalicelib.domain.stages import Stage
from chalicelib.domain.transfer import ReviewResult, Transfer
from chalicelib.use_cases.apply_callback import apply_callback
from chalicelib.use_cases.records import CourtCallback, StoredTransfer
from chalicelib.use_cases.store_callback import store_callback
from tests.support.desk import Desk, corrected, docketed, driven, refused, rejected, reviewed, ruled
from tests.support.fakes.samples import COURT, INSTITUTION
from tests.support.gates import Crash, crashing_at, gated

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from chalicelib.domain.court_commands import RecordDocketing, RecordRefusal, RecordReview

    OnTransfer: TypeAlias = RecordReview | RecordDocketing | RecordRefusal


def callback(desk: Desk, case_id: str, name: str = "CB-X") -> CourtCallback:
    """Make a docketing callback of the first transfer."""
    return CourtCallback(
        callback_id=name,
        court_id="court-jc",
        transfer_id=f"{case_id}-T1",
        occurred_at=desk.hub.clock.now(),
        command=docketed(f"{case_id}-T1"),
        raw=b'{"message":"free text of the court"}',
    )


def test_a_callback_is_stored_once() -> None:
    """The second delivery of the same message is told that it is known, and changes nothing."""
    desk = Desk()
    case_id = desk.reach(Stage.SUBMITTED)
    assert store_callback(desk.hub, COURT, callback(desk, case_id))
    assert not store_callback(desk.hub, COURT, callback(desk, case_id))
    assert desk.hub.metrics.counts["CallbacksStored"] == 1
    assert desk.case(case_id).stage is Stage.SUBMITTED
    desk.run()
    assert desk.case(case_id).stage is Stage.DOCKETED
    assert "free text" not in repr(callback(desk, case_id))


def test_what_this_court_never_got_is_refused() -> None:
    """An unknown transfer, another court's, and one that names another court than its sender."""
    desk = Desk()
    case_id = desk.reach(Stage.SUBMITTED)
    told = callback(desk, case_id)
    for court, message in (
        (COURT, replace(told, transfer_id=f"{case_id}-T9")),
        (replace(COURT, court_id="court-2"), told),
        (replace(COURT, court_id="court-2"), replace(told, court_id="court-2")),
        (COURT, replace(told, court_id="court-2")),
    ):
        with pytest.raises(TransferNotFound):
            store_callback(desk.hub, court, message)
    with pytest.raises(NotPermitted):
        store_callback(desk.hub, INSTITUTION, told)
    assert desk.hub.memory.callbacks == {}


def test_a_callback_is_applied_once_and_settled() -> None:
    """Whoever is told again of a settled callback has nothing to do."""
    desk = Desk()
    case_id = desk.reach(Stage.SUBMITTED)
    name = desk.call_back(case_id, docketed(f"{case_id}-T1"))
    desk.run()
    version = desk.case(case_id).version
    apply_callback(desk.hub, name)
    assert desk.case(case_id).version == version
    assert desk.hub.memory.outcomes == {name: "applied"}
    assert desk.hub.metrics.counts["CallbacksApplied"] == 1
    with pytest.raises(CallbackNotFound):
        apply_callback(desk.hub, "CB-unknown")


def test_what_the_case_says_already_counts_as_applied() -> None:
    """The court sends the same news under another id: known, not ignored."""
    desk = Desk()
    case_id = desk.reach(Stage.SUBMITTED)
    for news in (reviewed, docketed):
        for _ in range(2):
            desk.call_back(case_id, news(f"{case_id}-T1"))
        desk.run()
    assert set(desk.hub.memory.outcomes.values()) == {"applied"}
    assert desk.hub.metrics.counts["CallbacksRepeated"] == 2
    assert desk.hub.metrics.counts["CallbacksIgnored"] == 0


@pytest.mark.parametrize("news", [reviewed, rejected, docketed, refused])
def test_dying_anywhere_while_applying_is_made_good(news: Callable[[str], OnTransfer]) -> None:
    """The second run finds the case as the first left it, and says that the callback was applied."""
    for number in range(8):
        desk = Desk()
        case_id = desk.reach(Stage.SUBMITTED)
        name = desk.call_back(case_id, news(f"{case_id}-T1"))
        try:
            apply_callback(gated(desk.hub, crashing_at(number)), name)
        except Crash:
            apply_callback(desk.hub, name)
        desk.run()
        assert desk.hub.memory.outcomes[name] == "applied", number
        assert desk.case(case_id).transfer == news(f"{case_id}-T1").recorded_in(_submitted(case_id))
        assert driven(desk.hub, case_id) == ""


def _submitted(case_id: str) -> Transfer:
    return Transfer(transfer_id=f"{case_id}-T1", attempt=1, receipt_id="R-1")


@pytest.mark.parametrize(
    ("number", "outcome", "metric"),
    [
        ("（2026）闽0902诉前调确12号", "applied", "CallbacksRepeated"),
        ("（2026）闽0902诉前调确13号", "ignored:action_not_available", "CallbacksIgnored"),
    ],
)
def test_a_ruling_the_case_holds_already_counts_as_applied(number: str, outcome: str, metric: str) -> None:
    """Under another id it is a repetition; under another case number it is not what the case holds."""
    desk = Desk()
    case_id = desk.reach(Stage.SUBMITTED)
    told = ruled(f"{case_id}-C1")
    memory = desk.hub.memory
    memory.transfers[told.transfer_id] = StoredTransfer(
        transfer_id=told.transfer_id, case_id=case_id, court_id="court-jc"
    )
    memory.cases[case_id] = replace(
        desk.case(case_id),
        confirmation=Confirmation(
            in_force_at=desk.hub.clock.now(),
            transfer_id=told.transfer_id,
            ruling=told.ruling,
            court_case_number=told.court_case_number,
        ),
    )
    before = desk.case(case_id)
    name = desk.call_back(case_id, replace(told, court_case_number=number))
    desk.run()
    assert desk.case(case_id) == before
    assert (memory.outcomes[name], desk.hub.metrics.counts[metric]) == (outcome, 1)


@pytest.mark.parametrize(
    "order",
    list(permutations([ReviewResult.RECEIVED, ReviewResult.ACCEPTED, "docketed"])),
    ids=lambda order: "-".join(map(str, order)),
)
@pytest.mark.parametrize("stage", [Stage.TRANSFERRING, Stage.SUBMITTED])
def test_callbacks_in_every_order_lead_to_the_same_end(order: tuple[str, ...], stage: Stage) -> None:
    """Even before the court's own receipt was recorded."""
    desk = Desk()
    case_id = desk.reach(stage)
    for told in order:
        transfer_id = f"{case_id}-T1"
        command = docketed(transfer_id) if told == "docketed" else reviewed(transfer_id, ReviewResult(told))
        desk.call_back(case_id, command)
        desk.run()
    case = desk.case(case_id)
    assert case.stage is Stage.DOCKETED
    assert case.transfer is not None
    assert case.transfer.docketing is not None
    assert case.transfer.docketing.court_case_number == "（2026）闽0902民初123号"
    assert len(desk.hub.memory.outcomes) == 3
    assert driven(desk.hub, case_id) == ""


def test_a_late_word_about_an_earlier_attempt_changes_nothing() -> None:
    """After a correction the court still docketed the first transfer: kept, marked, and counted."""
    desk = Desk()
    case_id = desk.reach(Stage.RETURNED)
    desk.act(case_id, Role.INSTITUTION, corrected())
    desk.run()
    before = desk.case(case_id)
    name = desk.call_back(case_id, docketed(f"{case_id}-T1"))
    desk.run()
    assert desk.case(case_id) == before
    assert desk.hub.memory.outcomes[name] == "ignored:rule_violated"
    assert desk.hub.metrics.counts["CallbacksIgnored"] == 1
    assert desk.hub.callbacks.raw(name)


def test_a_docketing_after_the_withdrawal_is_ignored_and_counted() -> None:
    """The institution took the case back first; an operator sees the count."""
    desk = Desk()
    case_id = desk.reach(Stage.SUBMITTED)
    desk.act(case_id, Role.INSTITUTION, Withdraw())
    desk.run()
    name = desk.call_back(case_id, docketed(f"{case_id}-T1"))
    desk.run()
    assert desk.case(case_id).stage is Stage.WITHDRAWN
    assert desk.hub.memory.outcomes[name] == "ignored:action_not_available"
    assert desk.hub.metrics.counts["CallbacksIgnored"] == 1


def test_a_later_review_replaces_an_earlier_but_not_the_other_way_round() -> None:
    """`received` after `accepted` is old news."""
    desk = Desk()
    case_id = desk.reach(Stage.SUBMITTED)
    for result in (ReviewResult.ACCEPTED, ReviewResult.RECEIVED):
        desk.call_back(case_id, reviewed(f"{case_id}-T1", result))
        desk.run()
    transfer = desk.case(case_id).transfer
    assert transfer is not None
    assert transfer.review is ReviewResult.ACCEPTED
    assert desk.hub.metrics.counts["CallbacksIgnored"] == 1


def test_somebody_else_was_faster_the_queue_brings_it_again() -> None:
    """A stale version is not swallowed: the callback stays unsettled and is applied by the next delivery."""
    desk = Desk()
    case_id = desk.reach(Stage.SUBMITTED)
    name = desk.call_back(case_id, docketed(f"{case_id}-T1"))

    def meanwhile(call: str) -> None:
        if call == "cases.save":
            desk.act(case_id, Role.INSTITUTION, Withdraw())

    with pytest.raises(StaleVersion):
        apply_callback(gated(desk.hub, meanwhile), name)
    assert desk.hub.memory.outcomes == {}
    desk.run()
    assert desk.hub.memory.outcomes[name] == "ignored:action_not_available"
