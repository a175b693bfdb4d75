"""A debt in JSON: the contract, the payments and the rest, and every reason why the domain would refuse it.

Promise: `debt_faults` reports each fault at the exact entry: all faults of single parts; if there are none,
the first fault of the contract as a whole; if there is none, all faults of its history. Downside: a debt is
parsed twice, here and by the route; a faulty contract hides the faults of its history.
"""

# No `from __future__ import annotations`: pydantic reads these annotations as values.
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from typing import Annotated

from pydantic import Field, ValidationError

from chalicelib.api.domain_faults import Made, refused
from chalicelib.api.refusals import RequestFault
from chalicelib.api.schemas.base import Request
from chalicelib.api.schemas.cards import CardIn
from chalicelib.api.schemas.debt_fields import DebtDay, Reference
from chalicelib.api.schemas.fields import PositiveAmount, Rate
from chalicelib.api.schemas.loans import LoanIn
from chalicelib.domain.loan import charges as charging
from chalicelib.domain.loan import payments as paying
from chalicelib.domain.loan.charges import Charge, cost
from chalicelib.domain.loan.checks import ascending
from chalicelib.domain.loan.debt import Debt, charges_of, opens
from chalicelib.domain.loan.errors import DuplicateReference, LoanError
from chalicelib.domain.loan.limitation import Interruption, InterruptionKind
from chalicelib.domain.loan.lpr import LprPublication, LprTable
from chalicelib.domain.loan.payments import Payment


class PaymentIn(Request):
    """A payment received (还款)."""

    on: DebtDay
    amount: PositiveAmount
    reference: Reference = Field(description="The institution's own, each once · 流水号")

    def payment(self) -> Payment:
        """Return the domain's value."""
        return self.make(Payment)


class CostIn(Request):
    """A cost of enforcing the claim (实现债权的费用)."""

    on: DebtDay
    amount: PositiveAmount
    reference: Reference = Field(description="Names its evidence · 凭证编号")

    def cost(self) -> Charge:
        """Return the domain's value."""
        return cost(self.on, self.amount, self.reference)


class LprPublicationIn(Request):
    """The loan prime rates published on a day (贷款市场报价利率)."""

    on: DebtDay
    one_year: Rate
    five_years: Rate

    def publication(self) -> LprPublication:
        """Return the domain's value."""
        return self.make(LprPublication)


class InterruptionIn(Request):
    """What interrupted limitation (时效中断), beside payments and this mediation, which count anyway."""

    kind: InterruptionKind
    on: DebtDay
    evidence: Reference = Field(description="Names its evidence · 证据编号")
    ended_on: DebtDay | None = Field(None, description="When a procedure ended · 程序终结日")

    def interruption(self) -> Interruption:
        """Return the domain's value."""
        return self.make(Interruption)


class DebtIn(Request):
    """What a claim is computed from: the contract and what happened under it."""

    contract: Annotated[LoanIn | CardIn, Field(discriminator="kind")]
    payments: list[PaymentIn] = Field(default_factory=list, max_length=500)
    costs: list[CostIn] = Field(default_factory=list, max_length=100)
    lpr: list[LprPublicationIn] = Field(
        default_factory=list,
        max_length=400,
        description="Oldest first; needed where a rate rests on the LPR · 按公布日先后",
    )
    interruptions: list[InterruptionIn] = Field(default_factory=list, max_length=100)

    def debt(self) -> Debt:
        """Return the domain's debt."""
        return Debt(
            contract=self.contract.contract(),
            payments=tuple(entry.payment() for entry in self.payments),
            costs=tuple(entry.cost() for entry in self.costs),
            lpr=self._table(),
            interruptions=tuple(entry.interruption() for entry in self.interruptions),
        )

    def _table(self) -> LprTable:
        return LprTable(tuple(entry.publication() for entry in self.lpr))

    def faults(self) -> Iterator[RequestFault]:
        """Yield what the domain refuses, with pointers below the debt."""
        apart = list(refused(self._parts()))
        yield from apart
        if apart:
            return
        try:
            contract = self.contract.contract()
        except LoanError as error:
            yield RequestFault(f"/contract/{error.field}", error.code, values=error.values)
            return
        first = opens(contract)
        payments = [(f"/payments/{index}", entry.payment()) for index, entry in enumerate(self.payments)]
        charges = list(zip(self._charge_pointers(), (*charges_of(contract), *self._costs()), strict=True))
        for pointer, payment in payments:
            yield from refused([Made(pointer=pointer, make=partial(paying.in_order, [payment], first))])
        for (pointer, day), charge in charges:
            make = partial(charging.in_order, [charge], first)
            yield from refused([Made(pointer=pointer, make=make, day=day)])
        yield from _repeated((pointer, payment.reference) for pointer, payment in payments)
        yield from _repeated((pointer, charge.reference) for (pointer, _), charge in charges)

    def _parts(self) -> Iterator[Made]:
        for part in self.contract.parts():
            yield Made(pointer=f"/contract{part.pointer}", make=part.make)
        quotes = [entry.publication for entry in self.lpr]
        yield from (Made(pointer=f"/lpr/{index}", make=make) for index, make in enumerate(quotes))
        published = [entry.on for entry in self.lpr]
        yield Made(pointer="/lpr", make=partial(ascending, "lpr", published))
        for index, entry in enumerate(self.interruptions):
            yield Made(pointer=f"/interruptions/{index}", make=entry.interruption)

    def _costs(self) -> Iterator[Charge]:
        return (entry.cost() for entry in self.costs)

    def _charge_pointers(self) -> Iterator[tuple[str, str]]:
        """Yield each charge's pointer, in the domain's order, and the name of its day field."""
        if isinstance(self.contract, CardIn):
            yield from (
                (f"/contract/missed_minimums/{n}", "due") for n in range(len(self.contract.missed_minimums))
            )
            yield from ((f"/contract/fees/{n}", "on") for n in range(len(self.contract.fees)))
        yield from ((f"/costs/{n}", "on") for n in range(len(self.costs)))


def debt_faults(debt: object, pointer: str = "/debt") -> Iterator[RequestFault]:
    """Yield the domain's errors in a debt that the model accepts; the route reports the model's faults."""
    try:
        described = DebtIn.model_validate(debt)
    except ValidationError:
        return
    for fault in described.faults():
        yield replace(fault, pointer=f"{pointer}{fault.pointer}")


def _repeated(entries: Iterable[tuple[str, str]]) -> Iterator[RequestFault]:
    seen: set[str] = set()
    for pointer, reference in entries:
        if reference in seen:
            yield RequestFault(f"{pointer}/reference", DuplicateReference.code)
        seen.add(reference)
