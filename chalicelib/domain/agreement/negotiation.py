"""The negotiation (协商): offers and their answers, append-only, confidential (TY22).

Promise: at most one offer is open; only those it was made to answer it, each for itself: accept, decline
or counter; once all have accepted, the negotiation ends.
A case keeps the policy version its first offer was made under.
Nothing here can reach a court: no type of the dossier holds any of these (a test proves it).
Downside: what is open depends on the instant; without an open offer it is unknown whether the talks go on.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from chalicelib.domain.agreement.errors import (
    NotYourOffer,
    OfferAccepted,
    OfferClosed,
    OfferExpired,
    OfferUnknown,
    OtherSideAnswers,
    OwnOfferOpen,
    RecordFull,
    ValidityOutOfBounds,
)
from chalicelib.domain.agreement.offer import Offer, conceded_by
from chalicelib.domain.agreement.schedules import PLAN_LIMITS, PlanLimits
from chalicelib.domain.calendar import end_of, local_date
from chalicelib.domain.loan.components import Amounts
from chalicelib.domain.parties import Side

if TYPE_CHECKING:
    from chalicelib.domain.agreement.errors import AgreementRefused
    from chalicelib.domain.agreement.offer import OfferTerms
    from chalicelib.domain.loan.concession_policy import ConcessionPolicy, PolicyBook


class Reply(StrEnum):
    """What ends an offer's openness by somebody's word."""

    ACCEPTED = "accepted"  # 承诺
    DECLINED = "declined"  # 拒绝
    WITHDRAWN = "withdrawn"  # 撤销


class OfferState(StrEnum):
    """Where an offer stands at an instant."""

    OPEN = "open"  # 待答复
    COUNTERED = "countered"  # 对方提出反要约
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"  # 逾期失效


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A reply to an offer: which, by whom, when; `parties` are those for whom it was given."""

    number: int
    reply: Reply
    side: Side
    at: datetime
    parties: frozenset[str] = frozenset()

    def __repr__(self) -> str:
        return f"Answer({self.number}, ...)"


@dataclass(frozen=True, slots=True, kw_only=True)
class NegotiationLimits:
    """How long an offer stays open, in days after the one it is made on, and what a plan may be [policy]."""

    valid_days_low: int = 1
    valid_days_high: int = 15
    plan: PlanLimits = PLAN_LIMITS


LIMITS: Final = NegotiationLimits()
MOST_OFFERS: Final = 60
"""After so many offers in one round none is made: with the payments they are one item of at most 400 KB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Negotiation:
    """The debt negotiated about, every offer and every answer, in the order made."""

    owed: Amounts
    offers: tuple[Offer, ...] = ()
    answers: tuple[Answer, ...] = ()

    def __repr__(self) -> str:
        return f"Negotiation({len(self.offers)} offers, ...)"

    def offer(self, number: int) -> Offer:
        """Return an offer by its number; OfferUnknown."""
        if not 1 <= number <= len(self.offers):
            raise OfferUnknown("number", f"there is no offer {number}")
        return self.offers[number - 1]

    def state_of(self, number: int, at: datetime) -> OfferState:
        """Tell where an offer stands; OfferUnknown."""
        offer = self.offer(number)
        replies = [answer.reply for answer in self.answers if answer.number == number]
        ended = [reply for reply in replies if reply is not Reply.ACCEPTED]
        if ended:
            return OfferState(ended[0])
        if replies and offer.made_to <= self.accepted_by(number):
            return OfferState.ACCEPTED
        if number < len(self.offers) and self.offers[number].made_at < offer.expires_at:
            return OfferState.COUNTERED
        return OfferState.EXPIRED if at >= offer.expires_at else OfferState.OPEN

    def accepted_by(self, number: int) -> frozenset[str]:
        """Return the parties that have accepted an offer."""
        given = (
            each.parties for each in self.answers if (each.number, each.reply) == (number, Reply.ACCEPTED)
        )
        return frozenset[str]().union(*given)

    def open_offer(self, at: datetime) -> Offer | None:
        """Return the offer that waits for an answer, if any: always the latest."""
        if self.offers and self.state_of(len(self.offers), at) is OfferState.OPEN:
            return self.offers[-1]
        return None

    @property
    def accepted(self) -> Offer | None:
        """The accepted offer, if any."""
        answered = {answer.number: answer.at for answer in self.answers}
        accepted = (n for n, at in answered.items() if self.state_of(n, at) is OfferState.ACCEPTED)
        return next((self.offer(number) for number in accepted), None)

    def policy(self, book: PolicyBook, at: datetime) -> ConcessionPolicy:
        """Return the policy version for offers: the first offer's, or without one the version in force."""
        if self.offers:
            return book.version(self.offers[0].concession.version)
        return book.in_force(local_date(at))


def make_offer(
    negotiation: Negotiation,
    side: Side,
    terms: OfferTerms,
    book: PolicyBook,
    *,
    at: datetime,
    valid_days: int,
    closes_at: datetime | None = None,
    limits: NegotiationLimits = LIMITS,
    made_by: frozenset[str] = frozenset(),
    made_to: frozenset[str] = frozenset(),
) -> Negotiation:
    """Make an offer, or a counter-offer to the open one; it is open to the end of the last valid day.

    It expires earlier if the mediation ends earlier (`closes_at`) or the first payment is due earlier, so
    that nobody accepts a plan that is late already. Raises OfferAccepted, OwnOfferOpen, RecordFull,
    ValidityOutOfBounds or what the policy and the plan refuse.
    """
    if negotiation.accepted:
        raise OfferAccepted
    waiting = negotiation.open_offer(at)
    if waiting and not _awaits(negotiation, waiting, side, made_by):
        raise OwnOfferOpen
    if len(negotiation.offers) >= MOST_OFFERS:
        raise RecordFull("offers", f"{MOST_OFFERS} offers were made", most=MOST_OFFERS)
    today = local_date(at)
    if not limits.valid_days_low <= valid_days <= limits.valid_days_high:
        raise ValidityOutOfBounds("valid_days", **_validity(valid_days, limits))
    policy = negotiation.policy(book, at)
    offer = Offer(
        number=len(negotiation.offers) + 1,
        side=side,
        schedule=terms.schedule,
        concession=conceded_by(terms, negotiation.owed, policy, today, limits.plan),
        made_at=at,
        expires_at=end_of(today + timedelta(days=valid_days)),
        made_by=made_by,
        made_to=made_to,
    )
    expires_at = min(offer.expires_at, answerable_until(offer), closes_at or offer.expires_at)
    if expires_at <= at:
        raise ValidityOutOfBounds("valid_days", **_validity(valid_days, limits))
    return replace(negotiation, offers=(*negotiation.offers, replace(offer, expires_at=expires_at)))


def accept(
    negotiation: Negotiation, side: Side, number: int, at: datetime, parties: frozenset[str] = frozenset()
) -> Negotiation:
    """Accept an open offer for some it was made to; raises OfferUnknown or the AgreementRefused that fits."""
    answer = Answer(number=number, reply=Reply.ACCEPTED, side=side, at=at, parties=parties)
    return _answered(negotiation, answer)


def decline(
    negotiation: Negotiation, side: Side, number: int, at: datetime, parties: frozenset[str] = frozenset()
) -> Negotiation:
    """Decline an open offer for somebody it was made to: it lapses for all.

    Raises OfferUnknown or the AgreementRefused that fits.
    """
    answer = Answer(number=number, reply=Reply.DECLINED, side=side, at=at, parties=parties)
    return _answered(negotiation, answer)


def withdraw(
    negotiation: Negotiation, side: Side, number: int, at: datetime, parties: frozenset[str] = frozenset()
) -> Negotiation:
    """Revoke one's own open offer; raises OfferUnknown or the AgreementRefused that fits."""
    answer = Answer(number=number, reply=Reply.WITHDRAWN, side=side, at=at, parties=parties)
    return _answered(negotiation, answer)


def answerable_until(offer: Offer) -> datetime:
    """Return when its first payment would be late: until then it can be accepted and an agreement signed.

    Instalments fall due after the day of agreement, a lump sum may be paid on it.
    """
    first = offer.plan.first_due
    return end_of(first if offer.lump_sum else first - timedelta(days=1))


_REFUSALS: Final[dict[OfferState, type[AgreementRefused]]] = {
    OfferState.ACCEPTED: OfferAccepted,
    OfferState.EXPIRED: OfferExpired,
}


def _validity(valid_days: int, limits: NegotiationLimits) -> dict[str, int]:
    return {"given": valid_days, "low": limits.valid_days_low, "high": limits.valid_days_high}


def _awaits(negotiation: Negotiation, offer: Offer, side: Side, parties: frozenset[str]) -> bool:
    """Tell whether an open offer waits for the answer of these parties."""
    if not offer.made_to:
        return offer.side is not side
    return bool(parties) and parties <= offer.made_to - negotiation.accepted_by(offer.number)


def _made_by(offer: Offer, side: Side, parties: frozenset[str]) -> bool:
    return bool(parties) and parties <= offer.made_by if offer.made_by else offer.side is side


def _answered(negotiation: Negotiation, answer: Answer) -> Negotiation:
    state = negotiation.state_of(answer.number, answer.at)
    if state is not OfferState.OPEN:
        raise _REFUSALS.get(state, OfferClosed)
    offer = negotiation.offer(answer.number)
    if answer.reply is Reply.WITHDRAWN:
        if not _made_by(offer, answer.side, answer.parties):
            raise NotYourOffer
    elif not _awaits(negotiation, offer, answer.side, answer.parties):
        raise OtherSideAnswers
    return replace(negotiation, answers=(*negotiation.answers, answer))
