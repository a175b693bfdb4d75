"""The ports to the stores about money: settlements, debts, concession policies.

Promise: each is a part of `ports.Hub`; its fake and its adapter pass the same contract tests. `Cases` writes
settlements and debts, in the transaction of their case.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from chalicelib.domain.agreement.settlement import PayeeAccount, Settlement
    from chalicelib.domain.case import Case
    from chalicelib.domain.loan.concession_policy import PolicyBook
    from chalicelib.domain.loan.debt import Debt
    from chalicelib.use_cases.records import Publication


class Settlements(Protocol):
    """Offers, agreement and payments beside each case; written by `Cases.save` in the case's transaction."""

    def get(self, case: Case) -> Settlement | None:
        """Read the settlement of the case's present round; None before the first offer."""
        ...

    def account(self, case: Case) -> PayeeAccount | None:
        """Decrypt the account that the present round's agreement is paid to; None if none is stored."""
        ...


class Debts(Protocol):
    """The debts behind the claims, stored with the filing and never changed."""

    def get(self, case_id: str) -> Debt | None:
        """Read a case's debt; None for a case that was filed without one."""
        ...


class Policies(Protocol):
    """The concession policies that institutions publish: append-only, each read as last committed."""

    def book(self, institution_id: str) -> PolicyBook:
        """Read all versions: the hub's default as version 1, then what the institution published."""
        ...

    def publications(self, institution_id: str) -> tuple[Publication, ...]:
        """Read what the institution published itself, version 2 first, with the publisher and the time."""
        ...

    def publish(self, publication: Publication) -> None:
        """Store the next version; raises StalePolicy if this version is already published."""
        ...
