"""Read all versions of an institution's concession policy, who published them, and which is in force."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalicelib.domain.calendar import local_date
from chalicelib.domain.loan.concession_policy import PolicyBook
from chalicelib.domain.permissions import authorise, check_policy_of
from chalicelib.domain.stages import Action

if TYPE_CHECKING:
    from chalicelib.domain.loan.concession_policy import ConcessionPolicy
    from chalicelib.domain.roles import Actor
    from chalicelib.use_cases.ports import Hub
    from chalicelib.use_cases.records import Publication


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyBookView:
    """A book, the version under which offers are made today, and who published each version when."""

    book: PolicyBook
    in_force: ConcessionPolicy
    publications: tuple[Publication, ...]


def read_policy_book(hub: Hub, actor: Actor, institution_id: str) -> PolicyBookView:
    """Read an institution's book; raises NotPermitted or PolicyNotFound."""
    authorise(actor, Action.READ_POLICY)
    check_policy_of(actor, institution_id)
    publications = hub.policies.publications(institution_id)
    book = PolicyBook.of(institution_id, (publication.policy for publication in publications))
    return PolicyBookView(
        book=book, in_force=book.in_force(local_date(hub.clock.now())), publications=publications
    )
