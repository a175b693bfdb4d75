"""A debt is stored with its filing, or not at all, and read back as it was."""

from dataclasses import replace

import pytest

from chalicelib.domain.claim import CaseType
from chalicelib.domain.commands import Screen
from chalicelib.domain.errors import DuplicateFiling
from chalicelib.domain.loan.debt import Debt
from tests.contract.storage.conftest import Storage
from tests.contract.storage.steps import DUE, act, add, filed
from tests.support.fakes import samples
from tests.unit.domain.loan.support import card, g1, g2, pay

DEBT = Debt(contract=g1(), payments=(pay("2022-05-01", "1000.05"),))


def file(storage: Storage, case_id: str, debt: Debt | None, *, contract_number: str = "") -> None:
    """File a case with a debt."""
    kind = CaseType.FINANCIAL_LOAN_CONTRACT if debt is None else debt.case_type
    change = filed(case_id, contract_number=contract_number or case_id, debt=debt, case_type=kind)
    storage.cases.add(change, samples.filing().details, samples.key(f"key-{case_id}"), DUE)


@pytest.mark.parametrize("debt", [DEBT, Debt(contract=card())], ids=["loan", "card"])
def test_a_debt_is_read_back(storage: Storage, debt: Debt) -> None:
    """Equal in every field, for either kind of contract."""
    file(storage, "C-1", debt)
    assert storage.debts.get("C-1") == debt


def test_a_case_without_a_debt_has_none(storage: Storage) -> None:
    """Nor has a case that does not exist."""
    file(storage, "C-1", None)
    assert storage.debts.get("C-1") is None
    assert storage.debts.get("C-9") is None


def test_a_debt_stays_as_filed(storage: Storage) -> None:
    """A case that moves on keeps it."""
    file(storage, "C-1", DEBT)
    act(storage.cases, storage.cases.get("C-1"), Screen())
    assert storage.debts.get("C-1") == DEBT


def test_a_refused_filing_leaves_no_debt(storage: Storage) -> None:
    """Neither under its own id nor in the place of another case's."""
    file(storage, "C-1", DEBT, contract_number="L-1")
    with pytest.raises(DuplicateFiling):
        file(storage, "C-2", Debt(contract=g2()), contract_number="L-1")
    assert storage.debts.get("C-2") is None
    assert storage.debts.get("C-1") == DEBT


def test_a_replayed_filing_leaves_the_first_ones_debt(storage: Storage) -> None:
    """The same key again is answered, and writes nothing."""
    add(storage.cases, "C-0")
    file(storage, "C-1", DEBT)
    change = filed("C-2", contract_number="C-1", debt=replace(DEBT, payments=()))
    again = storage.cases.add(change, samples.filing().details, samples.key("key-C-1"), DUE)
    assert (again.case_id, again.replayed) == ("C-1", True)
    assert storage.debts.get("C-1") == DEBT
    assert storage.debts.get("C-2") is None
