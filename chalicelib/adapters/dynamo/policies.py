"""The concession policies that institutions publish, one record for each version.

Promise: a version is written once, by one conditional put, and never changed; reading a book is one Query.
Percentages come back with the digits they were published with, amounts to the fen. Downside: the tiers are
one JSON text, so the table can't be queried by what they waive.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pynamodb.attributes import UnicodeAttribute

from chalicelib.adapters.dynamo import keys, schema_1
from chalicelib.adapters.dynamo.attributes import Day, Instant, Structured, Whole, optional
from chalicelib.adapters.dynamo.records import Record
from chalicelib.domain.errors import StalePolicy
from chalicelib.domain.loan.concession import Tier
from chalicelib.domain.loan.concession_policy import ConcessionPolicy, PolicyBook
from chalicelib.use_cases.records import Publication

if TYPE_CHECKING:
    from chalicelib.adapters.dynamo.table import Table

_PAGE: Final = 1000
"""Versions per Query, more than any institution publishes; a longer book takes further Queries."""


class PolicyRecord(Record):
    """POLICY#<institution> / V#<8 digits>: a version of a concession policy, and who published it when."""

    schema = Whole(default=2)
    upgraded = staticmethod(schema_1.policy)
    institution_id = UnicodeAttribute()
    version = Whole()
    valid_from = Day()
    valid_to = optional(Day())
    tiers = Structured[tuple[Tier, ...]](tuple[Tier, ...])
    published_by = UnicodeAttribute()
    published_at = Instant()


class DynamoPolicies:
    """`Policies` on the table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def book(self, institution_id: str) -> PolicyBook:
        """Read all versions, the hub's default first."""
        published = self.publications(institution_id)
        return PolicyBook.of(institution_id, (publication.policy for publication in published))

    def publications(self, institution_id: str) -> tuple[Publication, ...]:
        """Read what the institution published itself, version 2 first."""
        where = PolicyRecord.pk == keys.policies(institution_id)
        records = self._table.read_all(PolicyRecord, where, at_once=_PAGE)
        return tuple(
            record.to_value(Publication, policy=record.to_value(ConcessionPolicy)) for record in records
        )

    def publish(self, publication: Publication) -> None:
        """Store the next version; raises StalePolicy if this version is already published."""
        policy = publication.policy
        record = PolicyRecord.from_value(
            keys.policies(policy.institution_id),
            keys.policy_version(policy.version),
            policy,
            published_by=publication.published_by,
            published_at=publication.published_at,
        )
        if not self._table.put(record, PolicyRecord.pk.does_not_exist()):
            raise StalePolicy(policy.institution_id)
