"""Links by which a party without an account comes in (当事人链接): what one says, and how long it holds.

Promise: a link is of one person in one case, opens nothing without a one-time code that was sent for this
very link, and is over after its time or when the centre revokes the party's links. Times are real time, in
epoch seconds. The token itself is stored nowhere; a link is known by the token's SHA-256.
Downside: whoever has a link can cause code messages to the person's phone, ten a day at most.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from chalicelib.domain.notices import NoticeKind, notice_of
from chalicelib.domain.representatives import HEADS
from chalicelib.domain.roles import UNKNOWN_ISSUER, Actor, Role

if TYPE_CHECKING:
    from chalicelib.domain.case import Case
    from chalicelib.domain.notices import PartyNotice

_DAY: Final = 86_400
MESSAGE_SECONDS: Final = 30 * _DAY
"""How long a link in a message holds [policy]: each message brings a new one."""
PAPER_SECONDS: Final = 14 * _DAY
"""How long a link on paper and the code printed beside it hold [policy]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyLink:
    """A link: whose it is (`person_id` is the party itself or somebody who acts for it), and until when.

    `issued_by` is the subject that handed over a link on paper.
    """

    token_sha256: str
    case_id: str
    party_id: str
    person_id: str
    issued_at: int
    expires_at: int
    paper: bool = False
    issued_by: str | None = None

    def holds(self, now: int, revoked_at: int | None) -> bool:
        """Tell whether it is still good; `revoked_at` is when the party's links were last revoked."""
        return now < self.expires_at and (revoked_at is None or self.issued_at > revoked_at)

    @property
    def code_holder(self) -> str:
        """Whose codes open it: not those for signing, so that neither uses up the other's."""
        return code_holder(self.person_id, paper=self.paper)

    def notice(self, number: int) -> PartyNotice:
        """Return the notice that sends the sign-in code of this number."""
        values = {"number": str(number), "person": self.person_id}
        return notice_of(self.case_id, number, self.party_id, NoticeKind.SIGN_IN_CODE, values)

    def actor(self, case: Case) -> Actor | None:
        """Return who comes in by it, as a borrower's token would say; None if the case knows it no more."""
        party = next((each for each in case.parties if each.party_id == self.party_id), None)
        if party is None or self.party_id not in case.respondent_ids:
            return None
        place = f"{self.case_id}:{self.party_id}"
        subject = f"link:{self.case_id}:{self.person_id}"
        let_in_by = (self.issued_by or UNKNOWN_ISSUER) if self.paper else None
        agents = {f"{self.party_id}-{mandate.agent_id}": mandate.agent_id for mandate in party.acting_agents}
        if self.person_id in agents:
            agent = f"{place}:{agents[self.person_id]}"
            return Actor(
                role=Role.BORROWER, subject=subject, agent_of=frozenset({agent}), let_in_by=let_in_by
            )
        if self.person_id not in {self.party_id, *(f"{self.party_id}-{head}" for head in HEADS)}:
            return None  # an agent whose mandate is over, or whom its party has not confirmed
        return Actor(role=Role.BORROWER, subject=subject, case_ids=frozenset({place}), let_in_by=let_in_by)


def code_holder(person_id: str, *, paper: bool = False) -> str:
    """Return the name under which a person's sign-in codes are counted."""
    return f"{person_id}.{'paper' if paper else 'sign_in'}"


def token_hash(token: str) -> str:
    """Return what a link is known by: the SHA-256 of its token, 64 hex digits; capitals do not matter."""
    return hashlib.sha256(token.lower().encode(errors="replace")).hexdigest()
