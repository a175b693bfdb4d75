"""Signing: every party once, the very same document, in time; then it is in force."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.agreement.errors import (
    AlreadySigned,
    CodeNotVerified,
    DocumentDiffers,
    HashMalformed,
    PartyUnknown,
    SignedTooLate,
    SigningEnded,
)
from chalicelib.domain.agreement.signing import Signature, Signing, SigningRefusal, refuse_to_sign, sign
from chalicelib.domain.calendar import end_of
from chalicelib.domain.errors import HubError
from chalicelib.domain.events import Channel
from tests.unit.domain.agreement.support import NOON, refuses, rules_out
from tests.unit.domain.loan.support import day

HASH: Final = hashlib.sha256("调解协议书".encode()).hexdigest()
OTHER: Final = hashlib.sha256(b"another").hexdigest()
NEW: Final = Signing(document_sha256=HASH, party_ids=frozenset({"a1", "r1"}))


def by(party_id: str, at: datetime = NOON, **changes: Any) -> Signature:
    """Sign online with a verified code."""
    signature = Signature(
        party_id=party_id, document_sha256=HASH, at=at, channel=Channel.ONLINE, code_verified=True
    )
    return replace(signature, **changes)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["a1", "r1", "r2", "x9"]),
            st.sampled_from([HASH, HASH, OTHER]),
            st.sampled_from(Channel),
            st.booleans(),
            st.integers(0, 9),
            st.booleans(),
        ),
        max_size=12,
    )
)
def test_in_force_exactly_when_all_have_signed(
    tries: list[tuple[str, str, Channel, bool, int, bool]],
) -> None:
    """Whoever tries whatever: one signature a party, one hash, in force with the last or never."""
    signing = replace(NEW, party_ids=frozenset({"a1", "r1", "r2"}))
    for party_id, document, channel, verified, minutes, refusing in tries:
        before, at = signing, NOON + timedelta(minutes=minutes)
        signature = by(party_id, at, document_sha256=document, channel=channel, code_verified=verified)
        try:
            if refusing and minutes == 9:
                signing = refuse_to_sign(signing, party_id, at)
            else:
                signing = sign(signing, signature)
        except HubError:
            assert signing is before
        assert (signing.in_force_at is not None) is (signing.signed_by == signing.party_ids)
        assert signing.signatures[: len(before.signatures)] == before.signatures
        assert before.refusal is None or signing == before
    assert len(signing.signed_by) == len(signing.signatures)
    assert signing.signed_by | signing.awaited == signing.party_ids
    for each in signing.signatures:
        assert each.document_sha256 == HASH
        assert each.code_verified or each.channel is Channel.IN_PERSON
    if signing.in_force_at is not None:
        assert signing.refusal is None
        assert signing.in_force_at == max(each.at for each in signing.signatures)


def test_in_force_with_the_last_signature() -> None:
    """The instant of the latest signature, whichever was recorded last."""
    later = NOON + timedelta(hours=5)
    first = sign(NEW, by("r1", later))
    assert first.in_force_at is None
    assert first.awaited == {"a1"}
    both = sign(first, by("a1"))
    assert both.in_force_at == later
    assert both.signatures == (by("r1", later), by("a1"))


def test_signing_twice() -> None:
    """Neither before nor after it is in force, and not to refuse either."""
    signed = sign(NEW, by("a1"))
    for signing in (signed, sign(signed, by("r1"))):
        with rules_out(AlreadySigned):
            sign(signing, by("a1"))
        with rules_out(AlreadySigned):
            refuse_to_sign(signing, "a1", NOON)


def test_another_document() -> None:
    with rules_out(DocumentDiffers):
        sign(NEW, by("a1", document_sha256=OTHER))


def test_an_online_signature_needs_a_code() -> None:
    """In person the mediator is the witness."""
    with rules_out(CodeNotVerified):
        sign(NEW, by("a1", code_verified=False))
    assert sign(NEW, by("a1", code_verified=False, channel=Channel.IN_PERSON)).signed_by == {"a1"}


def test_a_stranger_signs_nothing() -> None:
    with refuses(PartyUnknown, "party_id"):
        sign(NEW, by("x9"))
    with refuses(PartyUnknown, "party_id"):
        refuse_to_sign(NEW, "x9", NOON)


def test_a_refusal_ends_it() -> None:
    """Who has not signed may refuse; then nobody signs, nor refuses, any more (OL25)."""
    refused = refuse_to_sign(sign(NEW, by("a1")), "r1", NOON)
    assert refused.refusal == SigningRefusal(party_id="r1", at=NOON)
    for party_id in ("a1", "r1"):
        with rules_out(SigningEnded):
            sign(refused, by(party_id))
        with rules_out(SigningEnded):
            refuse_to_sign(refused, party_id, NOON)


def test_nobody_signs_what_is_due_already() -> None:
    """The last day counts to its end in China."""
    signing = replace(NEW, sign_by=day("2026-03-02"))
    ends = end_of(day("2026-03-02"))
    assert ends == datetime(2026, 3, 2, 16, tzinfo=UTC)
    assert sign(signing, by("a1", ends - timedelta(microseconds=1))).signed_by == {"a1"}
    with rules_out(SignedTooLate):
        sign(signing, by("a1", ends))


@pytest.mark.parametrize("text", ["", HASH[1:], HASH.upper(), HASH + "0", "g" * 64, "０" * 64, HASH + "\n"])
def test_a_hash_is_64_hex_digits(text: str) -> None:
    with refuses(HashMalformed, "document_sha256"):
        Signing(document_sha256=text, party_ids=frozenset({"a1"}))


def test_an_agreement_has_parties() -> None:
    with refuses(PartyUnknown, "party_ids"):
        Signing(document_sha256=HASH, party_ids=frozenset())
