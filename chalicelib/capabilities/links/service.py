"""Issue a link on paper to a party that no message reaches, revoke a party's links, read what was done."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from chalicelib.capabilities.links.declaration import ISSUE_LINK, READ_LINKS, REVOKE_LINKS
from chalicelib.capabilities.links.model import LinkAct, LinkChange
from chalicelib.domain.permissions import authorise, authorise_on
from chalicelib.domain.rules import KNOWN_PARTY
from chalicelib.use_cases.follow_up import follow_up_time

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chalicelib.domain.case import Case
    from chalicelib.domain.links import PartyLink
    from chalicelib.domain.roles import Actor
    from chalicelib.domain.stages import Action
    from chalicelib.use_cases.ports import Hub
    from chalicelib.use_cases.records import Idempotency


@dataclass(frozen=True, slots=True, kw_only=True)
class OnPaper:
    """A link for paper and its code, None once it is used or over. Its repr shows neither."""

    link: PartyLink
    token: str = field(repr=False)
    code: str | None = field(repr=False, default=None)
    replayed: bool = False

    @property
    def party_id(self) -> str:
        """Whose it is."""
        return self.link.party_id

    @property
    def expires_at(self) -> datetime:
        """Until when it holds."""
        return datetime.fromtimestamp(self.link.expires_at, UTC)


class Links(Protocol):
    """The stored links, as the centre uses them."""

    def issue(
        self, case: Case, act: LinkAct, salt: str, idempotency: Idempotency, due_at: datetime
    ) -> OnPaper:
        """Store a link on paper, the record of who issued it and the notice to the party, in one transaction.

        At `due_at` a notice that is still unsent is looked after. A key used before returns its link, or
        raises IdempotencyKeyReused for another body.
        """
        ...

    def revoke(self, case: Case, act: LinkAct, salt: str) -> None:
        """End every link of a party that was issued by now, and record who did it, in one transaction."""
        ...

    def acts(self, case_id: str) -> Sequence[LinkAct]:
        """Read what the centre did, the oldest first."""
        ...


def issue_link(hub: Hub, actor: Actor, case_id: str, party_id: str, idempotency: Idempotency) -> OnPaper:
    """Issue a link and a code to hand over on paper; both hold for 14 days, and the code opens once.

    The party is told by message, or rung: whoever has the paper comes in as the party.
    Raises NotPermitted, CaseNotFound, RuleViolated for who is no respondent, IdempotencyKeyReused, or
    CodeRequestedTooSoon: after its time the same key gets the same link with its code.
    """
    authorise(actor, ISSUE_LINK)
    case = _case_of(hub, actor, ISSUE_LINK, case_id, party_id)
    act = _act(hub, actor, LinkChange.ISSUED, party_id)
    issued = hub.part(Links).issue(case, act, hub.new_salt(), idempotency, follow_up_time(hub))
    code = hub.codes.on_paper(case, issued.link.code_holder, issued.link.token_sha256)
    return OnPaper(link=issued.link, token=issued.token, code=code, replayed=issued.replayed)


def revoke_links(hub: Hub, actor: Actor, case_id: str, party_id: str) -> None:
    """End all links of a party; the next message brings a new one.

    Raises NotPermitted, CaseNotFound, or RuleViolated for who is no respondent.
    """
    authorise(actor, REVOKE_LINKS)
    case = _case_of(hub, actor, REVOKE_LINKS, case_id, party_id)
    hub.part(Links).revoke(case, _act(hub, actor, LinkChange.REVOKED, party_id), hub.new_salt())


def read_link_acts(hub: Hub, actor: Actor, case_id: str) -> Sequence[LinkAct]:
    """Return what the centre did about a case's links; raises NotPermitted or CaseNotFound."""
    authorise(actor, READ_LINKS)
    authorise_on(actor, READ_LINKS, hub.cases.get(case_id))
    return hub.part(Links).acts(case_id)


def _case_of(hub: Hub, actor: Actor, action: Action, case_id: str, party_id: str) -> Case:
    case = hub.cases.get(case_id)
    authorise_on(actor, action, case)
    if party_id not in case.respondent_ids:
        raise KNOWN_PARTY.refusal()
    return case


def _act(hub: Hub, actor: Actor, done: LinkChange, party_id: str) -> LinkAct:
    return LinkAct(done=done, party_id=party_id, at=hub.clock.now(), role=actor.role, subject=actor.subject)
