"""The case: one record from filing to close, with everything a decision about it needs.

Promise: values only; `lifecycle` decides what may be done to a case. A case holds nothing personal.
Downside: the whole case is one value, rewritten on each change.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, TypeVar

from chalicelib.domain.agreement.confirmation import Confirmation
from chalicelib.domain.calendar import WorkingCalendar
from chalicelib.domain.claim import CaseType, Claim, Track, WayIn
from chalicelib.domain.events import Channel, Event
from chalicelib.domain.parties import Party, Side
from chalicelib.domain.pending_act import (
    Challenge,
    Disclosure,
    Interruption,
    MediatorChoice,
    Objection,
    PendingAct,
    RecordedAct,
)
from chalicelib.domain.reasons import FailureReason
from chalicelib.domain.roles import Actor
from chalicelib.domain.settlement_outcome import OfferStanding, SettlementOutcome
from chalicelib.domain.stages import EventType, Stage
from chalicelib.domain.steps import CourtLimits, Step
from chalicelib.domain.transfer import Transfer

R = TypeVar("R")


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Who acts, when, how, and under which limits: everything a decision needs beside the case.

    `salt` (32 hex digits, random) is for the one event that the decision leads to. `code_verified` says that
    the person in whose name an act is recorded has confirmed it by its one-time code.
    """

    actor: Actor
    at: datetime
    salt: str
    limits: CourtLimits
    calendar: WorkingCalendar
    channel: Channel = Channel.ONLINE
    code_verified: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionProposal:
    """Who has agreed to extend by so many days; it takes effect when every party has.

    `side` is that of who agreed last. An earlier release's proposal does not say who agreed: all do so again.
    """

    side: Side
    days: int
    agreed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A dispute in the hub. Holds nothing personal; see `parties`.

    `version` counts the case's own acts, `sequence` all its events. `talk` is the last hash of its log of
    talk as it was read; it is no part of the case's record. `as_stored` is what a store read: what a later
    release put there is kept. `round` numbers its settlements: a rejected confirmation may be followed by
    another one. From the day of `follow_up_on` on, an agreement in force is looked at again. `repayments` is
    how many of its payments count; None if an earlier release stored the case. `paid_up` says that they left
    nothing of the claim when the last one was recorded or taken back. `case_number` is given at
    screening; a case that an earlier release screened has none. While `objection` is there, the case stands
    still; `held_until` is when what it owes the court may leave, `held_days` what the mediation's time is
    longer by. While `interruption` is there, the talks wait for another mediator. `disclosures` are
    mediators' relations to the case. While `choice` is there, the parties choose their mediator.
    """

    case_id: str
    institution_id: str
    court_id: str
    case_type: CaseType
    contract_number: str
    instalment_scope: str
    claim: Claim
    parties: tuple[Party, ...]
    online: bool
    stage: Stage
    filed_at: datetime
    updated_at: datetime
    version: int
    sequence: int
    last_event_hash: str = field(metadata={"stored": "head"})
    step: Step
    entered_at_version: int = field(metadata={"stored": "step_since"})
    deadline: datetime | None
    track: Track | None = None
    case_number: str | None = None
    mediator_id: str | None = None
    judge_id: str | None = None
    accepted_at: datetime | None = None
    consents: frozenset[str] = frozenset()
    extension: ExtensionProposal | None = None
    extended_days: int = 0
    round: int = 1
    offer: OfferStanding | None = None
    outcome: SettlementOutcome | None = None
    agreement_sha256: str | None = None
    signatures: frozenset[str] = frozenset()
    confirmation: Confirmation | None = None
    follow_up_on: date | None = field(default=None, metadata={"stored": "next_action_on"})
    repayments: int | None = None
    paid_up: bool | None = None
    failure: FailureReason | None = None
    ended_at: datetime | None = None
    transfer: Transfer | None = None
    pending: tuple[PendingAct, ...] = ()
    recorded: tuple[RecordedAct, ...] = ()
    objection: Objection | None = None
    held_until: datetime | None = None
    held_days: int | None = None
    challenge: Challenge | None = None
    interruption: Interruption | None = None
    disclosures: tuple[Disclosure, ...] = ()
    choice: MediatorChoice | None = None
    way_in: WayIn | None = None
    talk: str | None = field(default=None, metadata={"stored": None})
    as_stored: Mapping[str, Any] = field(
        default_factory=dict, compare=False, repr=False, metadata={"stored": None}
    )

    def next_round(self, claim: Claim, at: datetime) -> Mapping[str, Any]:
        """Return the fields with which another mediation of this claim begins; all others stay."""
        return {
            "round": self.round + 1,
            "claim": claim,
            "accepted_at": at,
            "extension": None,
            "extended_days": 0,
            "offer": None,
            "outcome": None,
            "agreement_sha256": None,
            "signatures": frozenset[str](),
            "confirmation": None,
            "follow_up_on": None,
            "repayments": 0,
            "paid_up": None,
            "ended_at": None,
            "pending": (),
            "objection": None,
            "held_days": None,
        }

    @property
    def came_by(self) -> WayIn:
        """How it came to the hub; releases before this was recorded had institutions' own way only."""
        return self.way_in or WayIn.APPLICATION

    def disclosing(self, mediator_id: str | None, ground: str) -> tuple[Disclosure, ...]:
        """Return the disclosures with one more; one that was known is to be waived again."""
        if mediator_id is None:
            return self.disclosures
        added = Disclosure(mediator_id=mediator_id, ground=ground)
        by_key = {each.key: each for each in self.disclosures} | {added.key: added}
        return tuple(by_key.values())

    def unwaived(self, mediator_id: str | None) -> tuple[Disclosure, ...]:
        """Return a mediator's relations to the case that not every party has waived."""
        own = (each for each in self.disclosures if each.mediator_id == mediator_id)
        return tuple(each for each in own if self.party_ids - each.waived_by)

    @property
    def mediating_since(self) -> datetime | None:
        """When the mediation's clock started, also while it waits for another mediator."""
        return self.interruption.began if self.interruption else self.accepted_at

    @property
    def known_as(self) -> str:
        """What papers and people call it: its number, or its id where it has none."""
        return self.case_number or self.case_id

    @property
    def party_ids(self) -> frozenset[str]:
        """Every party of the case."""
        return frozenset(party.party_id for party in self.parties)

    @property
    def respondent_ids(self) -> frozenset[str]:
        """The parties on the debtor's side: borrower and guarantors."""
        return self.of_side(Side.RESPONDENT)

    @property
    def applicant_ids(self) -> frozenset[str]:
        """The parties on the institution's side."""
        return self.of_side(Side.APPLICANT)

    def of_side(self, side: Side) -> frozenset[str]:
        """Return the parties of a side."""
        return frozenset(party.party_id for party in self.parties if party.side is side)

    @property
    def bound(self) -> frozenset[str]:
        """Whom the accepted offer, and so the agreement, binds: every party that it does not leave out."""
        return self.party_ids if self.offer is None else self.party_ids - self.offer.left_out

    def speaking(self, side: Side, party_id: str) -> frozenset[str]:
        """Return for whom a party of a side speaks: an institution for all its applicants, else for itself.

        Without a party's name it is the side's only one. Nobody is spoken for by a name of the other side.
        """
        members = self.of_side(side)
        if not party_id and (side is Side.APPLICANT or len(members) == 1):
            return members
        named = members & {party_id}
        return members if named and side is Side.APPLICANT else named

    @property
    def uniqueness(self) -> tuple[str, str, str]:
        """The key under which only one case may be open: institution, contract and instalment scope.

        A contract's number is the same one in another case or width, or with spaces.
        """
        number = "".join(unicodedata.normalize("NFKC", self.contract_number).upper().split())
        return self.institution_id, number, self.instalment_scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A case after one event, and what is stored with them in one transaction.

    `before` is the case that it was made from, None when the case is new. `records` are values of any type
    that a store writes beside the case: what is owed to the court or to a party, the present round's
    settlement, the debt. At `follow_up_at` the due index brings up a case that no execution drives.
    `act` is the request that asked for it, with personal data in it: only a keyed hash of it is stored.
    """

    case: Case
    event: Event
    before: Case | None = None
    records: tuple[object, ...] = ()
    follow_up_at: datetime | None = None
    act: bytes | None = field(default=None, repr=False)

    @property
    def ends(self) -> bool:
        """Whether the case ends with this change: then its claim may be filed anew."""
        return self.case.stage.terminal and not (self.before and self.before.stage.terminal)

    @property
    def reopens(self) -> bool:
        """Whether an ended case goes on with this change: then its claim must not be open elsewhere."""
        return self.before is not None and self.before.stage.terminal and not self.case.stage.terminal

    @property
    def moves(self) -> bool:
        """Whether the case enters a step with this change, so that its execution has to follow."""
        return self.before is None or self.case.entered_at_version != self.before.entered_at_version

    @property
    def pends(self) -> bool:
        """Whether this only records an act that waits for its second record."""
        return self.event.type is EventType.ACT_RECORDED

    def with_records(self, *records: object) -> Change:
        """Return the change with further records; None is left out."""
        given = tuple(record for record in records if record is not None)
        return replace(self, records=self.records + given) if given else self

    def behind(self, stored: Case) -> Change | None:
        """Return the change moved behind the events stored since its decision; None for a new case.

        It is None too if the change is an act and another act came between: only acts change its decision.
        """
        if self.before is None:
            return None
        acts = self.case.version > self.before.version
        if acts and stored.version != self.before.version:
            return None
        event = replace(self.event, sequence=stored.sequence + 1, previous=stored.last_event_hash).sealed()
        after = self.case if acts else stored
        return replace(
            self,
            case=replace(
                after, sequence=event.sequence, last_event_hash=event.hash, as_stored=stored.as_stored
            ),
            event=event,
            before=stored,
        )

    def of(self, kind: type[R]) -> tuple[R, ...]:
        """Return its records of a type."""
        return tuple(record for record in self.records if isinstance(record, kind))
