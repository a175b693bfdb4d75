"""A debt comes back from the table as it went in."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given

from chalicelib.adapters.dynamo.debt_codec import decode_debt
from chalicelib.adapters.dynamo.debts import debt_record
from chalicelib.adapters.dynamo.money_records import DebtRecord
from chalicelib.adapters.dynamo.table import read
from chalicelib.domain.loan.debt import Debt
from chalicelib.domain.loan.limits import PBC_2003_251
from tests.support.debts import debts
from tests.unit.domain.loan.support import g1


def back(debt: Debt) -> Debt:
    """Write a debt as its record, and read it as DynamoDB gives it back."""
    record = debt_record("C-1", debt)
    return decode_debt(read(DebtRecord, record.serialize()).debt)


@given(debts())
def test_a_debt_survives(debt: Debt) -> None:
    """Every option of both kinds of contract, the history, the quotes and the interruptions."""
    assert back(debt) == debt


def test_a_percentage_survives_as_it_was_written() -> None:
    """5.80 is not 5.8 on a statement, and what was agreed is not rounded."""
    debt = Debt(contract=g1(overdue_markup_percent=Decimal("50.00")))
    restored = back(debt).contract
    assert str(getattr(restored, "overdue_markup_percent", "")) == "50.00"


def test_a_contract_keeps_the_limits_it_was_judged_by() -> None:
    """A contract that passed wider limits is read again, although today's would refuse it."""
    wide = replace(PBC_2003_251, overdue_high=Decimal(80))
    debt = Debt(contract=g1(limits=wide, overdue_markup_percent=Decimal(70)))
    assert back(debt) == debt
