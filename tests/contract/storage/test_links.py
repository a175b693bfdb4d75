"""Links of parties: found by their tokens while they hold, stored as hashes, and what the centre did."""

import json
from dataclasses import replace
from typing import Final

import pytest

from chalicelib.capabilities.links.model import LinkAct, LinkChange
from chalicelib.capabilities.links.store import party_links
from chalicelib.domain.case import Case
from chalicelib.domain.errors import IdempotencyKeyReused
from chalicelib.domain.roles import Role
from chalicelib.domain.talk import verify_talk
from chalicelib.use_cases.records import Idempotency
from tests.contract.storage.conftest import RawTable, Storage, StoreMaker
from tests.contract.storage.steps import DUE, add
from tests.support.fakes.clock import START

ISSUED: Final = LinkAct(done=LinkChange.ISSUED, party_id="r1", at=START, role=Role.CENTRE, subject="centre-1")
REVOKED: Final = replace(ISSUED, done=LinkChange.REVOKED)
SALT: Final = "0" * 32
KEY: Final = Idempotency(caller="centre#centre-1", key="k-1", body_sha256="a" * 64)


def sent(storage: Storage, case: Case, person_id: str = "r1", message_id: str = "C-1-N2-r1-invited") -> str:
    """Make the link of a message; return its token."""
    token = storage.party_links.for_message(case, "r1", person_id, message_id)
    assert token is not None
    return token


def test_a_message_that_is_sent_again_has_the_same_link(storage: Storage) -> None:
    """Another message, person or case has another one; none names the case or the person."""
    case, other = add(storage.cases, "C-1"), add(storage.cases, "C-2", contract_number="LOAN-2")
    token = sent(storage, case)
    storage.clock.advance(hours=1)
    assert sent(storage, case) == token
    others = {sent(storage, case, "r1-g1", "C-1-N2-r1-invited-r1-g1"), sent(storage, other)}
    assert len({token, *others, sent(storage, case, message_id="C-1-N3-r1-consent_asked")}) == 4
    assert len(token) == 24
    assert set(token) <= set("abcdefghijklmnopqrstuvwxyz0123456789")


def test_a_link_says_whose_it_is_for_thirty_days(storage: Storage) -> None:
    """Capitals do not matter; after its time, and for any other token, there is none."""
    case = add(storage.cases, "C-1")
    token = sent(storage, case, "r1-g1")
    link = storage.party_links.find(token.upper())
    assert link is not None
    assert (link.case_id, link.party_id, link.person_id, link.paper) == ("C-1", "r1", "r1-g1", False)
    for unknown in ("", "a" * 24, "\ud800", "x" * 5000):
        assert storage.party_links.find(unknown) is None
    storage.clock.advance(days=29)
    assert storage.party_links.find(token) == link
    storage.clock.advance(days=1)
    assert storage.party_links.find(token) is None


def test_revoking_ends_what_was_issued_and_nothing_later(storage: Storage) -> None:
    """Another party's links stay; the same message sent again does not bring its link back."""
    case = add(storage.cases, "C-1")
    token, paper = sent(storage, case), storage.links.issue(case, ISSUED, SALT, KEY, DUE).token
    others = storage.party_links.for_message(case, "r2", "r2", "C-1-N2-r2-invited")
    assert others is not None
    storage.clock.advance(seconds=5)
    assert storage.party_links.revoked_at("C-1", "r1") is None
    storage.links.revoke(case, REVOKED, SALT)
    assert storage.party_links.revoked_at("C-1", "r1") == int(storage.clock.epoch())
    assert storage.party_links.revoked_at("C-1", "r2") is None
    assert storage.party_links.find(token) is None
    assert storage.party_links.find(paper) is None
    assert storage.party_links.find(others) is not None
    assert sent(storage, case) == token
    assert storage.party_links.find(token) is None
    storage.clock.advance(seconds=1)
    assert storage.party_links.find(sent(storage, case, message_id="C-1-N9-r1-offer_made")) is not None


def test_a_link_on_paper_is_made_once_for_its_key(storage: Storage) -> None:
    """It holds for 14 days; the same key with another body is refused."""
    case = add(storage.cases, "C-1")
    first = storage.links.issue(case, ISSUED, SALT, KEY, DUE)
    assert not first.replayed
    storage.clock.advance(minutes=1)
    again = storage.links.issue(case, ISSUED, SALT, KEY, DUE)
    assert again == replace(first, replayed=True)
    with pytest.raises(IdempotencyKeyReused):
        storage.links.issue(case, ISSUED, SALT, replace(KEY, body_sha256="b" * 64), DUE)
    assert storage.links.issue(case, ISSUED, SALT, replace(KEY, key="k-2"), DUE).token != first.token
    assert storage.party_links.find(first.token) == first.link
    assert first.link.paper
    storage.clock.advance(days=14)
    assert storage.party_links.find(first.token) is None


def test_what_the_centre_did_is_on_record_and_in_the_log_of_talk(storage: Storage) -> None:
    """Each act once, in order."""
    case = add(storage.cases, "C-1")
    assert storage.links.acts("C-1") == ()
    storage.links.issue(case, ISSUED, SALT, KEY, DUE)
    storage.links.issue(case, ISSUED, SALT, KEY, DUE)
    storage.links.revoke(case, REVOKED, SALT)
    assert storage.links.acts("C-1") == (ISSUED, REVOKED)
    entries = storage.talk.entries("C-1")
    assert [(entry.kind, dict(entry.data)) for entry in entries] == [
        ("link", {"done": "issued", "party_id": "r1"}),
        ("link", {"done": "revoked", "party_id": "r1"}),
    ]
    assert verify_talk(entries)


def test_no_token_is_stored(new_store: StoreMaker, table: RawTable) -> None:
    """The table has their hashes, and neither token nor code."""
    store = new_store()
    case = add(store.cases, "C-1")
    links = party_links(store)
    issued = links.issue(case, ISSUED, SALT, KEY, DUE)
    code = store.codes.on_paper(case, issued.link.code_holder, issued.link.token_sha256)
    assert code is not None
    stored = json.dumps(table.items(), default=str).lower()
    for secret in (links.for_message(case, "r1", "r1", "C-1-N2-r1-invited"), issued.token, f'"{code}"'):
        assert secret not in stored
    assert issued.link.token_sha256 in stored


def test_an_issued_paper_owes_the_party_a_message_once(storage: Storage) -> None:
    """Stored with the link; the same request again owes nothing more, and revoking links nothing."""
    case = add(storage.cases, "C-1")
    for _ in range(2):
        storage.links.issue(case, ISSUED, SALT, KEY, DUE)
    notice = storage.notices.get("C-1", "C-1-T1-r1-act_recorded")
    assert notice is not None
    assert (notice.kind, notice.party_ids, dict(notice.values)) == (
        "act_recorded",
        ("r1",),
        {"act": "issue_link"},
    )
    assert storage.notices.get("C-1", "C-1-T2-r1-act_recorded") is None
    storage.links.revoke(case, replace(ISSUED, done=LinkChange.REVOKED), SALT)
    assert storage.notices.get("C-1", "C-1-T2-r1-act_recorded") is None


def test_a_link_on_paper_says_who_issued_it(storage: Storage) -> None:
    """So that this one can't be who says that it knows the person; a message's link has no issuer."""
    case = add(storage.cases, "C-1")
    paper = storage.party_links.find(storage.links.issue(case, ISSUED, SALT, KEY, DUE).token)
    message = storage.party_links.find(sent(storage, case))
    assert paper is not None
    assert message is not None
    assert (paper.paper, paper.issued_by) == (True, ISSUED.subject)
    assert (message.paper, message.issued_by) == (False, None)
