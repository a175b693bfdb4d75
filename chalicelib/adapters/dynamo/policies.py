"""The concession policies institutions publish, version by version.

Promise: a version is written once, by one conditional put, and never changed; reading a book is one Query.
Percentages come back with the digits they were published with, amounts to the fen. Downside: the tiers
stand there as one JSON text, so the table can't be asked who waives what.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.money_records import PolicyRecord
from chalicelib.domain.errors import StalePolicy
from chalicelib.domain.loan.components import Component
from chalicelib.domain.loan.concession import Repayment, Tier, Waiver
from chalicelib.domain.loan.concession_policy import ConcessionPolicy, PolicyBook
from chalicelib.domain.money import Money
from chalicelib.use_cases.records import Publication

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chalicelib.adapters.dynamo.table import Item, Table

_PAGE: Final = 1000
"""Versions per Query: no institution publishes that many, so one is enough; a page also ends at 1 MB."""


class DynamoPolicies:
    """`Policies` on the table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def book(self, institution_id: str) -> PolicyBook:
        """Read all versions, the model's default first."""
        published = self.publications(institution_id)
        return PolicyBook.of(institution_id, (publication.policy for publication in published))

    def publications(self, institution_id: str) -> tuple[Publication, ...]:
        """Read what the institution published itself, version 2 first."""
        found: list[PolicyRecord] = []
        start: Item | None = None
        while True:
            where = PolicyRecord.pk == keys.policies(institution_id)
            records, start = self._table.query(PolicyRecord, where, limit=_PAGE, start=start)
            found += records
            if start is None:
                return tuple(map(_decode, found))

    def publish(self, publication: Publication) -> None:
        """Store the next version; raises StalePolicy when somebody published it before."""
        policy = publication.policy
        record = PolicyRecord(
            pk=keys.policies(policy.institution_id),
            sk=keys.policy_version(policy.version),
            institution_id=policy.institution_id,
            version=policy.version,
            valid_from=policy.valid_from,
            valid_to=policy.valid_to,
            tiers=encode_tiers(policy.tiers),
            published_by=publication.published_by,
            published_at=publication.published_at,
        )
        if not self._table.put(record, PolicyRecord.pk.does_not_exist()):
            raise StalePolicy(policy.institution_id)


def encode_tiers(tiers: Iterable[Tier]) -> dict[str, Any]:
    """Write tiers as JSON: a percentage as the text of its decimal, an amount as whole fen."""
    return {"tiers": [_encode_tier(tier) for tier in tiers]}


def decode_tiers(written: Mapping[str, Any]) -> tuple[Tier, ...]:
    """Read tiers as they were written."""
    return tuple(_decode_tier(tier) for tier in written["tiers"])


def _encode_tier(tier: Tier) -> dict[str, Any]:
    return {
        "name": tier.name,
        "repayment": tier.repayment.value,
        "waivers": [[waiver.component.value, str(waiver.percent)] for waiver in tier.waivers],
        "paid_within_days": tier.paid_within_days,
        "instalments_up_to": tier.instalments_up_to,
        "claim_up_to": _fen(tier.claim_up_to),
        "cap": _fen(tier.cap),
    }


def _decode_tier(written: Mapping[str, Any]) -> Tier:
    return Tier(
        name=written["name"],
        repayment=Repayment(written["repayment"]),
        waivers=tuple(
            Waiver(Component(component), Decimal(percent)) for component, percent in written["waivers"]
        ),
        paid_within_days=written["paid_within_days"],
        instalments_up_to=written["instalments_up_to"],
        claim_up_to=_money(written["claim_up_to"]),
        cap=_money(written["cap"]),
    )


def _decode(record: PolicyRecord) -> Publication:
    policy = ConcessionPolicy(
        institution_id=record.institution_id,
        version=record.version,
        valid_from=record.valid_from,
        valid_to=record.valid_to,
        tiers=decode_tiers(record.tiers),
    )
    return Publication(policy=policy, published_by=record.published_by, published_at=record.published_at)


def _fen(amount: Money | None) -> int | None:
    return None if amount is None else amount.fen


def _money(fen: int | None) -> Money | None:
    return None if fen is None else Money(fen)
