"""What the use cases need of the store of concession policies; one of the ports of `ports.Hub`.

Promise: append-only; the fake passes the same contract tests as the adapter. Why apart: `ports` would be too
long to read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from chalicelib.domain.loan.concession_policy import PolicyBook
    from chalicelib.use_cases.records import Publication


class Policies(Protocol):
    """The concession policies institutions publish: append-only, each read as last committed."""

    def book(self, institution_id: str) -> PolicyBook:
        """Read all versions: the model's default as version 1, then what the institution published."""
        ...

    def publications(self, institution_id: str) -> tuple[Publication, ...]:
        """Read what the institution published itself, version 2 first, with who did so when."""
        ...

    def publish(self, publication: Publication) -> None:
        """Store the next version; raises StalePolicy when somebody published it before."""
        ...
