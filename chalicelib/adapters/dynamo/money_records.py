"""The records of the money: settlements, payee accounts, debts, concession policies, papers.

Promise: as in `records`: what is stored is what stands here. Apart from it, as both are as long as one reads.
"""

from __future__ import annotations

from pynamodb.attributes import UnicodeAttribute

from chalicelib.adapters.dynamo.attributes import Bytes, Day, Instant, Json, Whole, optional
from chalicelib.adapters.dynamo.records import Record


class SettlementRecord(Record):
    """CASE#<id> / SETTLEMENT#<4 digits>: a round's offers, agreement and payments."""

    content = Json()


class PayeeAccountRecord(Record):
    """CASE#<id> / PAYEE#<4 digits>: where a round's agreement has to be paid, sealed."""

    key_id = UnicodeAttribute()
    account = Bytes()


class PolicyRecord(Record):
    """POLICY#<institution> / V#<8 digits>: a version of a concession policy, and who published it when."""

    institution_id = UnicodeAttribute()
    version = Whole()
    valid_from = Day()
    valid_to = optional(Day())
    tiers = Json()
    published_by = UnicodeAttribute()
    published_at = Instant()


class DebtRecord(Record):
    """CASE#<id> / DEBT: the contract and the payments behind the claim, nothing personal."""

    debt = Json()
