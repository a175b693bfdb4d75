"""A slow, obvious second computation of a debt: day by day, in fractions, with its own counts and rounding.

It shares nothing with the domain but the fields of contracts and payments. A line runs on as long as its base
and rate stay the same and is rounded once, half up, when it ends; that, the order of a day's events and the
order of allocation are the conventions that the guide describes.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from chalicelib.domain.loan.card import CardContract
from chalicelib.domain.loan.rates import FixedRate
from chalicelib.domain.loan.schedule import ExplicitDays, MonthDay

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from chalicelib.domain.loan.charges import Charge
    from chalicelib.domain.loan.contract import LoanContract
    from chalicelib.domain.loan.payments import Payment
    from chalicelib.domain.loan.schedule import InterestSchedule

DAY: Final = timedelta(days=1)
NAMES: Final = (
    "costs",
    "fees",
    "compound_interest",
    "penalty_interest",
    "breach_fee",
    "interest",
    "principal",
)


def days_of(count: str, start: date, end: date) -> int:
    """Count days as the textbook does."""
    if count != "30/360":
        return end.toordinal() - start.toordinal()
    first, last = min(start.day, 30), min(end.day, 30)
    return 360 * (end.year - start.year) + 30 * (end.month - start.month) + last - first


def half_up(amount: Fraction) -> int:
    """Round to a whole fen."""
    return int((2 * amount + 1) // 2)


def last_of(year: int, month: int) -> int:
    """Return the last day of a month."""
    return (date(year + month // 12, month % 12 + 1, 1) - DAY).day


@dataclass(eq=False)
class Bill:
    """Something due of a component: since when, until when it is in time, and how many fen are open."""

    name: str
    due: date
    by: date
    open: int


@dataclass
class Account:
    """What is open, in fen, and the lines that run: their key and since when."""

    undue: int = 0
    accrued: int = 0
    ahead: int = 0
    bills: list[Bill] = field(default_factory=list)
    payable: Counter[str] = field(default_factory=Counter)
    running: dict[tuple[Any, ...], date] = field(default_factory=dict)

    def bill(self, name: str, day: date, amount: int, by: date | None = None) -> None:
        """Make an amount due."""
        if amount:
            self.bills.append(Bill(name, day, by or day, amount))

    def open_of(self, name: str) -> int:
        """Return what is due or payable of a component."""
        return sum(bill.open for bill in self.bills if bill.name == name) + self.payable[name]

    def late_since(self, day: date) -> date | None:
        """Return the oldest day that was missed, of principal or interest."""
        missed = [b.by for b in self.bills if b.open and b.by < day and b.name in {"principal", "interest"}]
        return min(missed, default=None)

    def pay(self, amount: int, order: Iterable[str]) -> tuple[Counter[str], Counter[str], int]:
        """Use a payment; return what it met, what it paid in advance, and what was too much."""
        met: Counter[str] = Counter()
        for name in order:
            for bill in [each for each in self.bills if each.name == name]:
                used = min(amount, bill.open)
                bill.open -= used
                amount -= used
                met[name] += used
            used = min(amount, self.payable[name])
            self.payable[name] -= used
            amount -= used
            met[name] += used
        interest = min(amount, self.accrued)
        principal = min(amount - interest, self.undue)
        self.accrued -= interest
        self.undue -= principal
        self.ahead += principal
        return met, Counter(interest=interest, principal=principal), amount - interest - principal


class Reference:
    """A debt on a day: `owed` and `later` in fen, each payment's use, and since when it is late."""

    def __init__(
        self,
        contract: LoanContract | CardContract,
        payments: Sequence[Payment],
        costs: Sequence[Charge],
        cut_off: date,
    ) -> None:
        self.contract, self.cut_off = contract, cut_off
        self.count = str(contract.day_count)
        self.year = 365 if self.count == "act/365" else 360
        self.account = Account()
        self.uses: list[tuple[Counter[str], Counter[str], int]] = []
        kind = _Card if isinstance(contract, CardContract) else _Loan
        self.rules = kind(contract, self.account)  # type: ignore[arg-type]
        charges = [(each.on, str(each.component), each.amount.fen) for each in costs]
        charges += self.rules.charges()
        today = self.rules.opens
        while today <= cut_off:
            self._live(today, [each for each in payments if each.on == today], charges)
            today += DAY
        self.late_since = self.account.late_since(cut_off)
        self.owed, self.later = self._split()

    def _live(self, today: date, payments: list[Payment], charges: list[tuple[date, str, int]]) -> None:
        account = self.account
        ending = set(NAMES) if payments or today == self.cut_off else self.rules.ending(today)
        self._end([key for key in account.running if key[0] in ending], today)
        self.rules.morning(today)
        for on, name, amount in charges:
            if on == today:
                account.payable[name] += amount
        for payment in sorted(payments, key=lambda each: each.reference):
            self.uses.append(account.pay(payment.amount.fen, self.rules.order(today)))
        wanted = list(self.rules.lines(today))
        self._end([key for key in account.running if key not in wanted], today)
        for key in wanted:
            account.running.setdefault(key, today)

    def _end(self, keys: list[tuple[Any, ...]], today: date) -> None:
        for key in keys:
            name, _source, _due, base, percent, per_day, _why = key
            days = days_of(self.count, self.account.running.pop(key), today)
            amount = half_up(Fraction(base) * percent * days / (100 * (1 if per_day else self.year)))
            if name == "interest":
                self.account.accrued += amount
            else:
                self.account.payable[name] += amount

    def _split(self) -> tuple[dict[str, int], dict[str, int]]:
        account = self.account
        owed = {name: account.open_of(name) for name in NAMES}
        later = dict.fromkeys(NAMES, 0) | {"principal": account.undue, "interest": account.accrued}
        if isinstance(self.contract, CardContract):
            if self.late_since is not None:
                owed["interest"] += later["interest"]
                later["interest"] = 0
            else:
                early = sum(b.open for b in account.bills if b.name == "interest" and b.by > self.cut_off)
                owed["interest"] -= early
                later["interest"] += early
                later["compound_interest"] = owed["compound_interest"]
                owed["compound_interest"] = 0
        return owed, later


def _due_days(schedule: InterestSchedule, year: int) -> list[date]:
    if isinstance(schedule, ExplicitDays):
        return [day for day in schedule.days if day.year == year]
    assert isinstance(schedule, MonthDay)
    return [date(year, month, min(schedule.day, last_of(year, month))) for month in schedule.months]


class _Loan:
    def __init__(self, contract: LoanContract, account: Account) -> None:
        self.contract, self.account = contract, account
        self.opens = min(paid.on for paid in contract.disbursements)
        self.ends = contract.accelerated_on or contract.maturity
        self.with_penalty = contract.compounding.value == "on_interest_and_penalty"

    def charges(self) -> list[tuple[date, str, int]]:
        """Return none: a loan has no charges of its own."""
        return []

    def _interest_due(self, today: date) -> bool:
        regular = today > self.opens and today in _due_days(self.contract.interest_due, today.year)
        return regular or today == self.ends

    def ending(self, today: date) -> set[str]:
        """Return whose lines end on an interest day."""
        if not self._interest_due(today):
            return set()
        return {"interest", "penalty_interest"} if self.with_penalty else {"interest"}

    def order(self, _today: date) -> list[str]:
        """Return the agreed order."""
        return [component.value for component in self.contract.allocation_order]

    def morning(self, today: date) -> None:
        """Draw, then let instalments, the rest and interest fall due."""
        account = self.account
        account.undue += sum(
            paid.amount.fen - paid.withheld.fen for paid in self.contract.disbursements if paid.on == today
        )
        for part in self.contract.instalments:
            if part.on == today:
                amount = min(self._part(part.on, part.amount.fen), account.undue)
                account.undue -= amount
                account.bill("principal", today, amount)
        if today == self.ends:
            account.bill("principal", today, account.undue)
            account.undue = 0
        if self._interest_due(today):
            account.bill("interest", today, account.accrued)
            account.accrued = 0
            if self.with_penalty:
                account.bill("penalty_interest", today, account.payable.pop("penalty_interest", 0))

    def _part(self, on: date, amount: int) -> int:
        match self.contract.prepayment.value:
            case "last_dues":
                return amount
            case "next_dues":
                met = min(amount, self.account.ahead)
                self.account.ahead -= met
                return amount - met
        drawn = sum(p.amount.fen - p.withheld.fen for p in self.contract.disbursements if p.on <= on)
        planned = drawn - sum(part.amount.fen for part in self.contract.instalments if part.on < on)
        return half_up(Fraction(amount * self.account.undue, planned))

    def lines(self, today: date) -> Iterator[tuple[Any, ...]]:
        """Yield what runs from today on."""
        contract, account = self.contract, self.account
        rates = [term for term in contract.rates if isinstance(term, FixedRate) and term.starts <= today]
        rate = Fraction(rates[-1].annual_percent)
        overdue = Fraction(contract.overdue_markup_percent)
        misused = contract.misused_since is not None and today >= contract.misused_since
        misuse = Fraction(contract.misuse_markup_percent or 0) if misused else Fraction(0)
        late = max(overdue, misuse)
        overdue_principal = sum(bill.open for bill in account.bills if bill.name == "principal")
        if account.undue and misused:
            yield self._line("penalty_interest", account.undue, rate, misuse, "misuse")
        elif account.undue:
            yield self._line("interest", account.undue, rate, Fraction(0), "contract")
        if overdue_principal:
            why = "higher" if misuse > overdue else "overdue"
            yield self._line("penalty_interest", overdue_principal, rate, late, why)
        if contract.compounding.value == "none":
            return
        at_penalty = contract.compound_rate.value == "penalty_throughout" or today >= self.ends
        for bill in account.bills:
            compounds = bill.name == "interest" or (bill.name == "penalty_interest" and self.with_penalty)
            if bill.open and compounds:
                markup = late if at_penalty else Fraction(0)
                percent = rate * (1 + markup / 100)
                yield (
                    "compound_interest",
                    bill.name,
                    bill.due,
                    bill.open,
                    percent,
                    False,
                    (markup, at_penalty),
                )

    @staticmethod
    def _line(name: str, base: int, rate: Fraction, markup: Fraction, why: str) -> tuple[Any, ...]:
        return (name, "principal", None, base, rate * (1 + markup / 100), False, (markup, why))


class _Card:
    def __init__(self, contract: CardContract, account: Account) -> None:
        self.contract, self.account = contract, account
        first = min(contract.overdrafts, key=lambda drawn: drawn.posted)
        self.opens, self.pays_on = first.posted, first.due.day

    def charges(self) -> list[tuple[date, str, int]]:
        """Return the breach fees and the service fees."""
        contract = self.contract
        share = Fraction(contract.breach_fee_percent) / 100
        return [
            (each.due, "breach_fee", max(half_up(each.unpaid.fen * share), contract.breach_fee_low.fen))
            for each in contract.missed_minimums
        ] + [(fee.on, "fees", fee.amount.fen) for fee in contract.fees]

    def _is(self, today: date, number: int) -> bool:
        return today.day == min(number, last_of(today.year, today.month))

    def _bills_on(self, today: date) -> bool:
        return today > self.opens and self._is(today, self.contract.statement_day)

    def ending(self, today: date) -> set[str]:
        """Return whose lines end on a statement day."""
        return {"interest"} if self._bills_on(today) else set()

    def order(self, today: date) -> list[str]:
        """Return the agreed order, or on an account late for long principal before all others."""
        order = [component.value for component in self.contract.allocation_order]
        since, limit = self.account.late_since(today), self.contract.principal_first_after_days
        if since is not None and limit is not None and (today - since).days > limit:
            order = ["principal", *(name for name in order if name != "principal")]
        return order

    def morning(self, today: date) -> None:
        """Post and let fall due; bill interest on the statement day."""
        account = self.account
        account.undue += sum(drawn.amount.fen for drawn in self.contract.overdrafts if drawn.posted == today)
        for drawn in self.contract.overdrafts:
            if drawn.due == today:
                met = min(drawn.amount.fen, account.ahead)
                account.ahead -= met
                amount = min(drawn.amount.fen - met, account.undue)
                account.undue -= amount
                account.bill("principal", today, amount)
        if self._bills_on(today):
            by = today
            while not self._is(by, self.pays_on):
                by += DAY
            account.bill("interest", today, account.accrued, by)
            account.accrued = 0

    def lines(self, _today: date) -> Iterator[tuple[Any, ...]]:
        """Yield daily interest on all principal, and on bills where agreed."""
        account, percent = self.account, Fraction(self.contract.daily_percent)
        principal = account.undue + sum(bill.open for bill in account.bills if bill.name == "principal")
        if principal:
            yield ("interest", "principal", None, principal, percent, True, "card")
        for bill in account.bills if self.contract.compounding else ():
            if bill.name == "interest" and bill.open:
                yield ("compound_interest", "interest", bill.due, bill.open, percent, True, "card")
