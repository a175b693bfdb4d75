"""Performance of the agreement (履行): what was paid, taken back and declared, append-only.

Promise: a payment is identified by the institution's reference: the same payment again changes nothing, the
same reference with another content is refused. A reversal removes a wrongly recorded payment. The results do
not depend on the order in which payments were recorded.
Downside: a reversed reference stays used; the corrected payment needs a reference of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, ClassVar, Final

from chalicelib.domain.agreement.draft import Agreement
from chalicelib.domain.agreement.errors import (
    PaymentDateImpossible,
    PaymentDeducted,
    PaymentUnknown,
    RecordFull,
    ReferenceMissing,
    ReferenceReused,
)
from chalicelib.domain.loan.payments import Payment

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MOST_ENTRIES: Final = 2_000
"""After so many entries no payment is recorded: with the offers they are one item of at most 400 KB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reversal:
    """A payment that was recorded by mistake (冲正), and the day of the reversal."""

    kind: ClassVar = "reversal"
    reference: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DefaultDeclared:
    """The hub found an instalment unpaid after its grace period on this day (认定违约)."""

    kind: ClassVar = "default"
    line: int
    on: date


Entry = Payment | Reversal | DefaultDeclared


@dataclass(frozen=True, slots=True, kw_only=True)
class Performance:
    """An agreement in force and everything recorded about it, in the order recorded."""

    agreement: Agreement
    entries: tuple[Entry, ...] = ()

    @property
    def recorded(self) -> dict[str, Payment]:
        """Every payment ever recorded, by its reference."""
        return recorded_in(self.entries)

    @property
    def payments(self) -> tuple[Payment, ...]:
        """The payments that count, by day and reference."""
        return payments_in(self.entries)

    @property
    def declared(self) -> tuple[DefaultDeclared, ...]:
        """The defaults declared; `position.standing_default` tells which of them stands."""
        return tuple(entry for entry in self.entries if isinstance(entry, DefaultDeclared))

    def with_entry(self, entry: Entry) -> Performance:
        """Append an entry."""
        return replace(self, entries=(*self.entries, entry))


def recorded_in(entries: Iterable[Entry]) -> dict[str, Payment]:
    """Return every payment among entries, by its reference, those taken back too."""
    return {entry.reference: entry for entry in entries if isinstance(entry, Payment)}


def taken_back_in(entries: Iterable[Entry]) -> frozenset[str]:
    """Return the references of the payments that were taken back."""
    return frozenset(entry.reference for entry in entries if isinstance(entry, Reversal))


def payments_in(entries: Sequence[Entry]) -> tuple[Payment, ...]:
    """Return the payments that count, by day and reference."""
    taken_back = taken_back_in(entries)
    counted = (each for each in recorded_in(entries).values() if each.reference not in taken_back)
    return tuple(sorted(counted, key=lambda payment: (payment.on, payment.reference)))


def opened(agreement: Agreement, entries: tuple[Entry, ...] = ()) -> Performance:
    """Return the performance of an agreement that came into force; with a payment if paid on the spot.

    `entries` is what was recorded before all had signed.
    """
    if agreement.receipt_ref is None or agreement.receipt_ref in recorded_in(entries):
        return Performance(agreement=agreement, entries=entries)
    paid = Payment(on=agreement.agreed_on, amount=agreement.plan.total, reference=agreement.receipt_ref)
    return Performance(agreement=agreement, entries=(*entries, paid))


def record(performance: Performance, payment: Payment, today: date) -> Performance:
    """Record a payment once, whenever it was made; see `with_payment`."""
    return _with_entries(performance, with_payment(performance.entries, payment, today))


def reverse(performance: Performance, reference: str, today: date) -> Performance:
    """Take a payment back; see `without_payment`."""
    return _with_entries(performance, without_payment(performance.entries, reference, today))


def _with_entries(performance: Performance, entries: tuple[Entry, ...]) -> Performance:
    return performance if entries is performance.entries else replace(performance, entries=entries)


def with_payment(entries: tuple[Entry, ...], payment: Payment, today: date) -> tuple[Entry, ...]:
    """Record a payment once; the same payment again changes nothing.

    Raises ReferenceMissing, ReferenceReused, RecordFull or, for one after today, PaymentDateImpossible.
    """
    if not payment.reference.strip():
        raise ReferenceMissing("reference", "a payment has the institution's reference")
    known = recorded_in(entries).get(payment.reference)
    if known == payment:
        return entries
    if known is not None:
        raise ReferenceReused("reference", f"{payment.reference} was recorded with another content")
    if len(entries) >= MOST_ENTRIES:
        raise RecordFull("reference", f"{MOST_ENTRIES} entries were recorded", most=MOST_ENTRIES)
    if payment.on > today:
        raise PaymentDateImpossible("on", given=payment.on, bounds=f"<= {today}")
    return (*entries, payment)


def check_not_deducted(deducted: Iterable[Payment], reference: str) -> None:
    """Refuse to take back a payment by which an agreed or offered sum is less: PaymentDeducted."""
    if reference in {payment.reference for payment in deducted}:
        raise PaymentDeducted("reference", f"{reference} is deducted")


def without_payment(entries: tuple[Entry, ...], reference: str, today: date) -> tuple[Entry, ...]:
    """Take a payment back; a second time changes nothing. Raises PaymentUnknown."""
    if reference not in recorded_in(entries):
        raise PaymentUnknown("reference", f"no payment {reference} was recorded")
    if reference in taken_back_in(entries):
        return entries
    return (*entries, Reversal(reference=reference, on=today))
