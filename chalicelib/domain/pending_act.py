"""Acts recorded in a person's name: one that waits for its second record, and one that may be objected to.

`second_record` says when an act counts, `objections` what the person may do about one that does. The
challenge of a mediator is here too: like an objection it waits for the centre's decision. So is the wait for
another mediator (`interruption`), which keeps such acts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.reasons import WAIVABLE
from chalicelib.domain.roles import Role
from chalicelib.domain.stages import Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingAct:
    """An act in a person's name that waits for its second record; the fingerprint says which act it is."""

    action: str
    party_id: str
    fingerprint: str
    role: Role
    subject: str
    at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedAct:
    """An act in a person's name that counts, and to which that person may object until an instant.

    `number` is the case's version since the act, `stage` the case's stage before it; `recorded_by` are the
    subjects who recorded it, `days` those of an extension.
    """

    number: int
    action: str
    party_id: str
    stage: Stage
    at: datetime
    until: datetime
    recorded_by: frozenset[str] = frozenset()
    days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    """A person says that an act recorded in its name is not its own; the case stops until it is decided.

    `raised_by` is the subject who recorded the objection: the person, or somebody for it.
    """

    act: RecordedAct
    at: datetime
    raised_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """A party wants another mediator (申请回避); the ground is a code of `reasons.ChallengeGround`.

    `raised_by` is the subject who recorded it: the party, or somebody for it.
    """

    party_id: str
    ground: str
    at: datetime
    raised_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Whom a party wants for its mediator."""

    party_id: str
    mediator_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MediatorChoice:
    """The parties choose their mediator until an instant; `named` says whom each wants, in their order."""

    until: datetime
    judge_id: str
    recommended: tuple[str, ...]
    named: tuple[Named, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """A relation of a mediator to this case (披露, OL13); it stands until every party has waived it.

    The ground is a code of `reasons.DisclosureGround`, `reasons.ChallengeGround`, which are among them, or
    `reasons.ReplacementGround`.
    """

    mediator_id: str
    ground: str
    waived_by: frozenset[str] = frozenset()

    @property
    def key(self) -> tuple[str, str]:
        """Whose relation of which kind: a case holds each once."""
        return self.mediator_id, self.ground

    @property
    def may_be_waived(self) -> bool:
        """Whether the parties may waive it together."""
        return self.ground in WAIVABLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Interruption:
    """The talks wait for another mediator: the clock, which began with `began`, stands still `since` then.

    `recorded` are the acts of the talks to which a person may still object when they go on.
    """

    began: datetime
    since: datetime
    recorded: tuple[RecordedAct, ...] = ()
