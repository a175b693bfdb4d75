"""Links of parties, in memory."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from chalicelib.capabilities.links.model import LinkAct, entry_of, told_of
from chalicelib.capabilities.links.service import OnPaper
from chalicelib.domain.case import Case
from chalicelib.domain.errors import IdempotencyKeyReused
from chalicelib.domain.links import MESSAGE_SECONDS, PAPER_SECONDS, PartyLink, token_hash
from chalicelib.domain.talk import Head
from chalicelib.use_cases.capability_ports import PartyLinks
from chalicelib.use_cases.records import Idempotency
from tests.support.fakes.memory import Memory


class FakePartyLinks(PartyLinks):
    """Links by the hash of their tokens, and what the centre did; both ports."""

    def __init__(self, memory: Memory, real_seconds: Callable[[], float]) -> None:
        self._memory = memory
        self._real_seconds = real_seconds
        self._keys: dict[tuple[str, str], tuple[str, OnPaper]] = {}

    def for_message(self, case: Case, party_id: str, person_id: str, message_id: str) -> str:
        """Keep the link of a message; its token says nothing and is the same each time."""
        link, token = self._made(case, party_id, person_id, message_id, MESSAGE_SECONDS)
        self._memory.links.setdefault(link.token_sha256, link)
        return token

    def find(self, token: str) -> PartyLink | None:
        """Return a link that holds."""
        link = self._memory.links.get(token_hash(token))
        if link is None:
            return None
        revoked_at = self.revoked_at(link.case_id, link.party_id)
        return link if link.holds(int(self._real_seconds()), revoked_at) else None

    def revoked_at(self, case_id: str, party_id: str) -> int | None:
        """Return when a party's links were revoked."""
        return self._memory.links_revoked.get((case_id, party_id))

    def issue(
        self, case: Case, act: LinkAct, salt: str, idempotency: Idempotency, due_at: datetime
    ) -> OnPaper:
        """Keep a link on paper, once for its key."""
        with self._memory.lock:
            body, first = self._keys.get((idempotency.caller, idempotency.key), ("", None))
            if first is not None:
                if body != idempotency.body_sha256:
                    raise IdempotencyKeyReused(idempotency.key)
                return replace(first, replayed=True)
            number = self._record(case, act, salt)
            link, token = self._made(case, act.party_id, act.party_id, f"paper {number}", PAPER_SECONDS)
            link = replace(link, paper=True, issued_by=act.subject)
            self._memory.links[link.token_sha256] = link
            self._memory.owe(told_of(case.case_id, act, number), due_at)
            issued = OnPaper(link=link, token=token)
            self._keys[idempotency.caller, idempotency.key] = (idempotency.body_sha256, issued)
            return issued

    def revoke(self, case: Case, act: LinkAct, salt: str) -> None:
        """End every link so far."""
        with self._memory.lock:
            self._record(case, act, salt)
            self._memory.links_revoked[case.case_id, act.party_id] = int(self._real_seconds())

    def acts(self, case_id: str) -> tuple[LinkAct, ...]:
        """Return what was done."""
        return tuple(self._memory.link_acts.get(case_id, ()))

    def _record(self, case: Case, act: LinkAct, salt: str) -> int:
        log = self._memory.talk.setdefault(case.case_id, [])
        log.append(entry_of(case.case_id, act, log[-1].place if log else Head(), salt))
        self._memory.link_acts.setdefault(case.case_id, []).append(act)
        return len(log)

    def _made(
        self, case: Case, party_id: str, person_id: str, about: str, seconds: int
    ) -> tuple[PartyLink, str]:
        token = hashlib.sha256(f"{case.case_id} {about}".encode()).hexdigest()[:24]
        now = int(self._real_seconds())
        link = PartyLink(
            token_sha256=token_hash(token),
            case_id=case.case_id,
            party_id=party_id,
            person_id=person_id,
            issued_at=now,
            expires_at=now + seconds,
        )
        return link, token
