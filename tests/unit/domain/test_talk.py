"""The log of talk: any change of any entry shows, and so does a missing or moved one."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.errors import ChainBroken
from chalicelib.domain.hashing import GENESIS
from chalicelib.domain.roles import Role
from chalicelib.domain.talk import Entry, verify_talk
from tests.support.builders import START, instants

if TYPE_CHECKING:
    from collections.abc import Callable

_texts = st.text(min_size=1, max_size=12)
_hex = st.binary(min_size=16, max_size=16).map(bytes.hex)


@st.composite
def logs(draw: st.DrawFn) -> tuple[Entry, ...]:
    """Draw a log of one to five entries."""
    entries: list[Entry] = []
    case_id = draw(_texts)
    for sequence in range(1, draw(st.integers(1, 5)) + 1):
        entry = Entry(
            case_id=case_id,
            sequence=sequence,
            kind=draw(_texts),
            at=draw(instants),
            role=draw(st.sampled_from(Role)),
            subject=draw(_texts),
            data=draw(st.dictionaries(_texts, st.booleans() | _texts, max_size=3)),
            salt=draw(_hex),
            previous=entries[-1].hash if entries else GENESIS,
        )
        entries.append(entry.sealed())
    return tuple(entries)


CHANGES: Final[dict[str, Callable[[Any], Any]]] = {
    "case_id": lambda old: old + "x",
    "sequence": lambda old: old + 1,
    "kind": lambda old: old + "x",
    "at": lambda old: old + timedelta(microseconds=1),
    "role": lambda old: Role.OPS if old is not Role.OPS else Role.JUDGE,
    "subject": lambda old: old + "x",
    "data": lambda old: {**old, "more": True},
    "salt": lambda old: old + "00",
    "previous": lambda old: old[:-1] + ("0" if old[-1] != "0" else "1"),
    "log_version": lambda old: old + 1,
    "hash": lambda old: old[:-1] + ("0" if old[-1] != "0" else "1"),
}


def test_the_changes_cover_every_field() -> None:
    """A new field of an entry needs its change here."""
    assert set(CHANGES) == {entry.name for entry in fields(Entry)}


@given(logs())
def test_a_log_as_recorded_verifies(entries: tuple[Entry, ...]) -> None:
    """Its hashes come back in order; the last is the head."""
    assert verify_talk(entries) == tuple(entry.hash for entry in entries)


@pytest.mark.parametrize("name", CHANGES)
@given(entries=logs(), data=st.data())
def test_any_change_of_any_field_of_any_entry_shows(
    name: str, entries: tuple[Entry, ...], data: st.DataObject
) -> None:
    """An altered entry breaks the log there, or at its successor."""
    index = data.draw(st.integers(0, len(entries) - 1))
    forged = replace(entries[index], **{name: CHANGES[name](getattr(entries[index], name))})
    with pytest.raises(ChainBroken):
        verify_talk((*entries[:index], forged, *entries[index + 1 :]))


@given(logs(), st.data())
def test_an_entry_that_was_taken_out_shows(entries: tuple[Entry, ...], data: st.DataObject) -> None:
    """Unless it was the last: that one the case's next event holds."""
    index = data.draw(st.integers(0, len(entries) - 1))
    left = (*entries[:index], *entries[index + 1 :])
    if index < len(entries) - 1:
        with pytest.raises(ChainBroken):
            verify_talk(left)
    else:
        assert entries[-1].hash not in verify_talk(left)


def test_what_is_wrong_is_told() -> None:
    """An auditor is told where to look, and why."""
    first = Entry(
        case_id="C-1",
        sequence=1,
        kind="note",
        at=START,
        role=Role.MEDIATOR,
        subject="m1",
        data={},
        salt="00" * 16,
    ).sealed()
    second = replace(first, sequence=2, previous=first.hash).sealed()
    with pytest.raises(ChainBroken, match="expected entry 1"):
        verify_talk([second])
    with pytest.raises(ChainBroken, match="another case"):
        verify_talk([first, replace(second, case_id="C-2").sealed()])
    with pytest.raises(ChainBroken, match="does not follow"):
        verify_talk([first, replace(second, previous=GENESIS).sealed()])
    with pytest.raises(ChainBroken, match="was altered"):
        verify_talk([replace(first, kind="look")])


def test_the_hash_of_an_entry_is_fixed() -> None:
    """It is the one written down here when this way of hashing was made."""
    entry = Entry(
        case_id="C-1",
        sequence=1,
        kind="note",
        at=START,
        role=Role.MEDIATOR,
        subject="m1",
        data={"shared": True},
        salt="00" * 16,
    )
    assert entry.digest() == "7e60fd5db3bf5254ec776bfd9c80e9d277eb1dea4563cb14f8d88ae4753bc059"
