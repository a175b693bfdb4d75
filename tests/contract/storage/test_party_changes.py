"""Corrections beside other acts: each is stored whole or not at all, and look-ups follow the number."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import pytest

from chalicelib.domain import lifecycle
from chalicelib.domain.errors import StaleVersion
from chalicelib.domain.events import verify_chain
from chalicelib.domain.parties import Side
from chalicelib.domain.party_commands import CorrectDetails
from chalicelib.domain.reasons import CorrectionReason
from chalicelib.domain.settlement_commands import AcceptOffer
from tests.contract.storage.conftest import Storage
from tests.contract.storage.steps import DUE, add, context, insisting
from tests.contract.storage.test_settlements import BORROWER, FIRST, OFFER, change_of, mediating, save
from tests.support.bodies import OTHER_NUMBER, PERSON_NUMBER
from tests.support.fakes import samples

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalicelib.domain.case import Case, Change

RIGHT = replace(samples.BORROWER_DETAILS, name="张更正", phone="13900139000")


def correction(case: "Case", *fields: str) -> "Change":
    """Correct the debtor of a case as it was read."""
    command = CorrectDetails(party_id="r1", fields=fields, reason=CorrectionReason.CHANGED_SINCE)
    return lifecycle.apply(case, command, context(samples.CENTRE))


def test_a_corrected_number_replaces_the_look_up(storage: Storage) -> None:
    """In the transaction of the correction: the wrong number finds nothing, the right one this case."""
    case = add(storage.cases, "C-1")
    right = replace(RIGHT, id_number=OTHER_NUMBER)
    storage.cases.save(correction(case, "id_number", "name"), DUE, (right,))
    assert storage.cases.find_by_id_number("bank-1", PERSON_NUMBER) == ()
    assert storage.cases.find_by_id_number("bank-1", OTHER_NUMBER) == ("C-1",)
    found, details = storage.cases.with_details("C-1")
    assert details()[1] == right
    assert found.version == case.version + 1


def test_a_stale_correction_leaves_details_and_look_ups_as_they_are(storage: Storage) -> None:
    """Nothing of it is half-stored."""
    case = add(storage.cases, "C-1")
    storage.cases.save(correction(case, "name"), DUE, (RIGHT,))
    wrong = replace(RIGHT, id_number=OTHER_NUMBER, name="某")
    with pytest.raises(StaleVersion):
        storage.cases.save(correction(case, "id_number"), DUE, (wrong,))
    assert storage.cases.with_details("C-1")[1]()[1] == RIGHT
    assert storage.cases.find_by_id_number("bank-1", OTHER_NUMBER) == ()


def test_a_correction_while_an_offer_is_accepted_is_before_or_after_it(storage: Storage) -> None:
    """One of the two was decided on a case that is old by now and is refused whole; made again it counts."""
    case = save(storage, change_of(mediating(storage), OFFER), FIRST)
    accepted = change_of(case, AcceptOffer(side=Side.RESPONDENT), BORROWER)
    jobs: list[Callable[[], object]] = [
        partial(storage.cases.save, accepted, DUE),
        partial(storage.cases.save, correction(case, "name", "phone"), DUE, (RIGHT,)),
    ]

    def tried(job: "Callable[[], object]") -> bool:
        try:
            insisting(job)
        except StaleVersion:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(tried, jobs))
    assert sorted(done) == [False, True]
    found, details = storage.cases.with_details("C-1")
    assert found.offer is not None
    assert (found.offer.accepted, details()[1].name == "张更正") == tuple(done)
    assert found.version == case.version + 1
    if done[0]:
        storage.cases.save(correction(found, "name", "phone"), DUE, (RIGHT,))
    else:
        storage.cases.save(change_of(found, AcceptOffer(side=Side.RESPONDENT), BORROWER), DUE)
    found, details = storage.cases.with_details("C-1")
    assert found.offer is not None
    assert found.offer.accepted
    assert details()[1] == RIGHT
    assert found.parties[1].phone_set_by == samples.CENTRE.subject
    assert verify_chain(storage.cases.events("C-1", 0, 99)) == found.last_event_hash
