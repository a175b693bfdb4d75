"""Concession policies in memory."""

from chalicelib.domain.errors import StalePolicy
from chalicelib.domain.loan.concession_policy import PolicyBook
from chalicelib.use_cases.records import Publication
from tests.support.fakes.lock import Lock


class FakePolicies:
    """What institutions published, by institution and version."""

    def __init__(self) -> None:
        self.stored: dict[tuple[str, int], Publication] = {}
        self._lock = Lock()

    def book(self, institution_id: str) -> PolicyBook:
        """Read all versions, the model's default first."""
        return PolicyBook.of(institution_id, (entry.policy for entry in self.publications(institution_id)))

    def publications(self, institution_id: str) -> tuple[Publication, ...]:
        """Read what the institution published, in the order of versions."""
        own = {version: entry for (owner, version), entry in self.stored.items() if owner == institution_id}
        return tuple(own[version] for version in sorted(own))

    def publish(self, publication: Publication) -> None:
        """Store a version once."""
        key = (publication.policy.institution_id, publication.policy.version)
        with self._lock:
            if key in self.stored:
                raise StalePolicy(key[0])
            self.stored[key] = publication
