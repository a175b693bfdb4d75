"""The concession policies that institutions publish, one record for each version.

Promise: a version is written once, by one conditional put, and never changed; reading a book is one Query.
Percentages come back with the digits they were published with, amounts to the fen. Downside: the tiers are
one JSON text, so the table can't be queried by what they waive.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.adapters.dynamo.records import PolicyRecord
from chalicelib.adapters.dynamo.table import OnTable
from chalicelib.domain.errors import StalePolicy
from chalicelib.use_cases.records import Publication

if TYPE_CHECKING:
    from chalicelib.domain.loan.concession_policy import PolicyBook


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
