"""Notices: each kind has its values and nothing else gets in; the id is fixed by the cause."""

from __future__ import annotations

import re

import pytest

from chalicelib.adapters import signatures
from chalicelib.domain.notices import VALUE_NAMES, NoticeKind, PartyNotice, notice_of

FITTING = {
    "person": "r1-g1",
    "number": "7",
    "line": "12",
    "application": "2026-000123",
    "due_on": "2026-06-20",
    "closes_on": "2026-05-08",
    "amount": "1250.00",
    "act": "accept_offer",
    "remaining": "107330.56",
    "until": "2026-03-12",
    "answer": "declined",
    "result": "rejected",
    "decision": "upheld",
    "how": "withdrawn",
}
NAMES = [(kind, name) for kind in NoticeKind for name in sorted(VALUE_NAMES[kind])]


def values(kind: NoticeKind) -> dict[str, str]:
    """Return values that fit a kind."""
    return {name: FITTING[name] for name in VALUE_NAMES[kind]}


@pytest.mark.parametrize("kind", NoticeKind)
def test_the_same_cause_makes_the_same_notice(kind: NoticeKind) -> None:
    """A retry can't make two; another event, party or kind makes another."""
    made = notice_of("C-1", 3, "r1", kind, values(kind))
    assert made == notice_of("C-1", 3, "r1", kind, values(kind))
    line = "-12" if "line" in made.values else ""
    person = "-r1-g1" if "person" in made.values else ""
    assert made.notice_id == f"C-1-N3-r1-{kind}{line}{person}"
    assert made.notice_id not in {
        notice_of("C-1", 4, "r1", kind, values(kind)).notice_id,
        notice_of("C-1", 3, "r2", kind, values(kind)).notice_id,
        notice_of("C-2", 3, "r1", kind, values(kind)).notice_id,
    }


def test_two_payments_of_a_plan_are_two_notices() -> None:
    """On one day a party may be reminded of a payment that is near and of one that is nearer."""
    near, nearer = (
        notice_of("C-1", 3, "r1", NoticeKind.PAYMENT_DUE, {**values(NoticeKind.PAYMENT_DUE), "line": line})
        for line in ("1", "2")
    )
    assert near.notice_id != nearer.notice_id


def test_every_id_can_be_signed_as_a_message_id() -> None:
    """The gateway knows a message by it."""
    for kind in NoticeKind:
        notice_id = notice_of("0b9f3c1e" * 4, 99_999_999, "r12", kind, values(kind)).notice_id
        assert re.fullmatch(signatures._MESSAGE_ID, notice_id)  # noqa: SLF001 - the very pattern


@pytest.mark.parametrize(("kind", "name"), NAMES)
def test_a_value_that_is_missing_or_too_many_is_refused(kind: NoticeKind, name: str) -> None:
    """A template has no gaps, and nothing rides along."""
    fitting = values(kind)
    without = {key: value for key, value in fitting.items() if key != name}
    for wrong in (without, {**fitting, "name": "x"}, {**fitting, "code": "123456"}):
        with pytest.raises(ValueError, match="has"):
            notice_of("C-1", 3, "r1", kind, wrong)


@pytest.mark.parametrize(("kind", "name"), NAMES)
@pytest.mark.parametrize("value", ["", "张试", "13800001234x", "0", "-1", "1.5", "2026-6-1", "1.00\n", "１"])
def test_a_value_is_a_number_a_day_or_an_amount(kind: NoticeKind, name: str, value: str) -> None:
    """Free text can't be a value, so nothing personal can; the refusal repeats none of it."""
    with pytest.raises(ValueError, match=f"^{name} of a notice of kind {kind} is") as refused:
        PartyNotice(
            notice_id="N", case_id="C-1", party_id="r1", kind=kind, values={**values(kind), name: value}
        )
    assert value == "" or value not in str(refused.value)


def test_what_is_changed_afterwards_does_not_change_the_notice() -> None:
    """The values are the notice's own."""
    given = values(NoticeKind.PAYMENT_DUE)
    made = notice_of("C-1", 3, "r1", NoticeKind.PAYMENT_DUE, given)
    given["amount"] = "0.01"
    assert made.values["amount"] == FITTING["amount"]
