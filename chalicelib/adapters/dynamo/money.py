"""What is owed and what was agreed: debts, settlements, accounts to pay to, institutions' policies.

Promise: debt, settlement of each round and account are written only in the transaction of a change of the
case, which checks the case's version, so they need no condition of their own; the debt never changes after
the filing, nor an earlier round's records.
Reading the terms needs no key; the account is sealed, and decrypted only where it is shown or printed.
Downside: each is one item, of 400 KB at most, so the API limits a debt; each offer makes all later writes of
the round longer, yet sixty instalments and a dozen offers stay far below that.

A version of a concession policy is written once, by one conditional put, and never changed; reading a book is
one Query. Percentages come back with the digits they were published with, amounts to the fen. Downside: the
tiers are one JSON text, so the table can't be queried by what they waive.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from chalicelib.adapters.dynamo.data_keys import OnTable
from chalicelib.adapters.dynamo.records import DebtRecord, PayeeAccountRecord, PolicyRecord, SettlementRecord
from chalicelib.adapters.dynamo.structure import from_json
from chalicelib.domain.errors import StalePolicy
from chalicelib.use_cases.records import Publication

if TYPE_CHECKING:
    from chalicelib.adapters.dynamo.beside import Saving
    from chalicelib.adapters.dynamo.table import Write
    from chalicelib.domain.agreement.settlement import PayeeAccount, Settlement
    from chalicelib.domain.case import Case
    from chalicelib.domain.loan.concession_policy import PolicyBook
    from chalicelib.domain.loan.debt import Debt


class DynamoDebts(OnTable):
    """`Debts` on the table."""

    def get(self, case_id: str) -> Debt | None:
        """Read a case's debt; None for a case that was filed without one."""
        found = self._table.get(DebtRecord, case_id=case_id)
        return None if found is None else found.debt


class DynamoSettlements(OnTable):
    """`Settlements` on the table."""

    def get(self, case: Case) -> Settlement | None:
        """Read the settlement of the case's present round; None before the first offer."""
        record = self._table.get(SettlementRecord, case_id=case.case_id, round=case.round)
        return None if record is None else record.content

    def account(self, case: Case) -> PayeeAccount | None:
        """Decrypt the account of the present round's agreement; None if none is stored. Raises SealBroken."""
        record = self._table.get(PayeeAccountRecord, case_id=case.case_id, round=case.round)
        if record is None:
            return None
        from chalicelib.domain.agreement.settlement import PayeeAccount  # noqa: PLC0415 - only where one is read

        key = self._data_keys.for_opening(case.institution_id, record.key_id)
        read: PayeeAccount = from_json(
            PayeeAccount, json.loads(key.open(record.account, _place(case))), "account"
        )
        return read


class DynamoPolicies(OnTable):
    """`Policies` on the table."""

    def book(self, institution_id: str) -> PolicyBook:
        """Read all versions, the hub's default first."""
        from chalicelib.domain.loan.concession_policy import PolicyBook  # noqa: PLC0415 - see `publications`

        published = self.publications(institution_id)
        return PolicyBook.of(institution_id, (publication.policy for publication in published))

    def publications(self, institution_id: str) -> tuple[Publication, ...]:
        """Read what the institution published itself, version 2 first."""
        # Few functions need the arithmetic of policies; all build the store.
        from chalicelib.domain.loan.concession_policy import ConcessionPolicy  # noqa: PLC0415 - see above

        records = self._table.read_all(PolicyRecord, PolicyRecord.all_of(institution_id=institution_id))
        return tuple(
            record.to_value(Publication, policy=record.to_value(ConcessionPolicy)) for record in records
        )

    def publish(self, publication: Publication) -> None:
        """Store the next version; raises StalePolicy if this version is already published."""
        policy = publication.policy
        record = PolicyRecord.from_value(
            policy, published_by=publication.published_by, published_at=publication.published_at
        )
        if not self._table.put(record, PolicyRecord.pk.does_not_exist()):
            raise StalePolicy(policy.institution_id)


def debt_writes(debt: Debt, saving: Saving) -> list[Write]:
    """Return the write of a case's debt."""
    return [saving.table.to_put(DebtRecord(*DebtRecord.place(case_id=saving.case.case_id), debt=debt))]


def settlement_writes(settlement: Settlement, saving: Saving) -> list[Write]:
    """Return the write of the present round's settlement."""
    key = SettlementRecord.place(case_id=saving.case.case_id, round=saving.case.round)
    return [saving.table.to_rewrite(SettlementRecord(*key, content=settlement))]


def account_writes(account: PayeeAccount, saving: Saving) -> list[Write]:
    """Return the write of the account that the present round's agreement is paid to, sealed."""
    key = saving.data_keys.for_sealing(saving.case.institution_id)
    pk, sk, field = _place(saving.case)
    sealed = key.seal(json.dumps(asdict(account)), (pk, sk, field))
    return [saving.table.to_rewrite(PayeeAccountRecord(pk, sk, key_id=key.key_id, account=sealed))]


def _place(case: Case) -> tuple[str, ...]:
    return *PayeeAccountRecord.place(case_id=case.case_id, round=case.round), "account"
