"""What is out of bounds is told with its numbers: what was given and what is allowed, in both languages."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Final

import pytest

from chalicelib.api.domain_faults import errors_at_pointer
from chalicelib.api.languages import Language
from chalicelib.api.problem_table import PROBLEMS
from chalicelib.api.problems import problem_of
from chalicelib.api.wording import WORDINGS
from chalicelib.domain.agreement.due_dates import MonthlyDates
from chalicelib.domain.agreement.errors import AgreementError, OverpaymentDiffers, RecordFull
from chalicelib.domain.agreement.performance import with_payment
from chalicelib.domain.agreement.schedules import CustomInstalments, DatedAmount, EqualPrincipal
from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.loan import checks, payments
from chalicelib.domain.loan.errors import HistoryTooLong, LoanError
from chalicelib.domain.loan.lpr import LprTable, Tenor
from chalicelib.domain.money import Money
from tests.api.test_calculation_faults import calculate
from tests.support.bodies import loan_debt
from tests.unit.domain.agreement.support import paid
from tests.unit.domain.agreement.test_offers import offered
from tests.unit.domain.loan.support import day, g1, pay, yuan


@dataclass(frozen=True)
class Told:
    """How an error comes about, and the numbers that its words must have."""

    act: Callable[[], object]
    numbers: tuple[str, ...]


def raised(error: LoanError | AgreementError) -> Callable[[], None]:
    """Return an act that fails with an error whose constructor can't leave its numbers out."""

    def act() -> None:
        raise error

    return act


OPENS: Final = date(2021, 3, 22)
MONTHLY: Final = partial(MonthlyDates, year=2026, month=4, day=15)
TOLD: Final[Mapping[str, Told]] = {
    "rate_out_of_bounds": Told(
        lambda: checks.percent_within("rates", Decimal("51.50"), Decimal(30), Decimal("5E+1")),
        ("51.50", "30", "50"),
    ),
    "amount_out_of_bounds": Told(lambda: checks.positive("amount", Money(0)), ("0.00",)),
    "dates_out_of_order": Told(
        lambda: checks.later("maturity", day("2022-03-01"), day("2022-03-01")), ("2022-03-01", "2022-03-02")
    ),
    "payment_before_disbursement": Told(
        lambda: payments.in_order([pay("2021-03-21", "1.00")], OPENS), ("2021-03-21", "2021-03-22")
    ),
    "principal_exceeded": Told(lambda: g1(agreed_amount=yuan("99999.99")), ("100000.00", "99999.99")),
    "lpr_unknown": Told(lambda: LprTable(()).quote(Tenor.ONE_YEAR, day("2022-01-05")), ("2022-01-05",)),
    "history_too_long": Told(raised(HistoryTooLong("payments", found=8001, most=8000)), ("8001", "8000")),
    "plan_does_not_add_up": Told(
        lambda: CustomInstalments(
            (DatedAmount(day("2026-04-01"), yuan("1.00")), DatedAmount(day("2026-05-01"), yuan("2.00")))
        ).plan(yuan("3.01")),
        ("3.00", "3.01"),
    ),
    "plan_too_long": Told(lambda: MONTHLY(count=61), ("61", "60")),
    "amount_too_small": Told(
        lambda: EqualPrincipal(dates=MONTHLY(count=12)).plan(yuan("0.11")), ("0.11", "12", "0.01")
    ),
    "validity_out_of_bounds": Told(lambda: offered(valid_days=16), ("16", "1", "15")),
    "payment_date_impossible": Told(
        lambda: with_payment((), paid("2026-03-03", "1.00"), day("2026-03-02")), ("2026-03-03", "2026-03-02")
    ),
    "overpayment_differs": Told(
        raised(OverpaymentDiffers("overpayment", "beyond what remains", excess=yuan("7.00"))), ("7.00",)
    ),
    "record_full": Told(raised(RecordFull("offers", "too many", most=60)), ("60",)),
}
"""By code of the problem table."""


def messages(act: Callable[[], object], language: Language) -> list[str]:
    """Return the words that a caller gets for what an act refuses."""
    with pytest.raises(InvalidInput) as refused, errors_at_pointer({}):
        act()
    entries = problem_of(refused.value, language, "r").body["errors"]
    return [entry["message"] for entry in entries]


def numbers_in(text: str) -> list[str]:
    """Return the numbers and days of a text."""
    return re.findall(r"\d{4}-\d{2}-\d{2}|\d+(?:\.\d+)?", text)


def test_every_problem_with_numbers_is_provoked_here() -> None:
    """Whose words have placeholders, and whoever is about bounds by its name."""
    with_numbers = {code for code, kind in PROBLEMS.items() if kind.fault and "{" in kind.fault.en}
    assert with_numbers == set(TOLD)
    bounded = re.compile("out_of|too_|exceed|impossible|beyond|add_up|_full|_early|_late|_future|_past")
    without = {code for code in WORDINGS if bounded.search(code) and "{" not in WORDINGS[code].en}
    # How far an institution would go is told to nobody who tries; the other two have no bound of ours.
    assert without == {"concession_beyond_policy", "json_number_too_long", "json_too_deep"}


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("code", TOLD)
def test_bounds_are_told_with_what_was_given(code: str, language: Language) -> None:
    """So that a bank's engineer need not look for the limits."""
    (message,) = messages(TOLD[code].act, language)
    assert set(TOLD[code].numbers) <= set(numbers_in(message))


def test_an_error_that_is_no_fields_has_its_numbers_in_the_detail() -> None:
    """Where a route names no field for it."""
    error = HistoryTooLong("payments", found=8001, most=8000)
    for language in Language:
        assert {"8001", "8000"} <= set(numbers_in(problem_of(error, language, "r").body["detail"]))


@pytest.mark.parametrize(
    ("changes", "numbers"),
    [
        ({"contract__overdue_markup_percent": "0.5"}, {"0.5", "30", "50"}),
        ({"contract__maturity": "2021-03-22"}, {"2021-03-22", "2021-03-23"}),
        ({"contract__agreed_amount": "1.00"}, {"100000.00", "1.00"}),
        (
            {"payments": [{"on": "2021-03-21", "amount": "1.00", "reference": "p"}]},
            {"2021-03-21", "2021-03-22"},
        ),
    ],
)
def test_a_debt_is_refused_with_the_numbers(changes: dict[str, object], numbers: set[str]) -> None:
    """Wherever in it they stand."""
    (entry,) = calculate(loan_debt(**changes)).body["errors"]
    assert numbers <= set(numbers_in(entry["message"]))
