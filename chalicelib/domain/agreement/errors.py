"""All errors of a settlement: wrong input (AgreementError) and refusals by a rule (AgreementRefused).

Promise: stable codes under `HubError`; a refusal is a `RuleViolated` whose `rule` is its code (for unclear
content: the clause that is missing), with its source and a summary in both languages.
Downside: the first fault found is the one reported, except for an agreement's content: see `draft.unclear`.

    AgreementError                  names the field that is wrong
    ├── PlanDoesNotAddUp            the instalments are not the agreed sum
    ├── PlanTooLong                 more instalments or months than allowed
    ├── AmountTooSmall              nothing left for an instalment, or nothing to agree about
    ├── DueDatesInvalid             no such month, out of order, or before the agreement
    ├── ConcessionBeyondPolicy      more waived than the policy allows
    ├── OfferUnknown                there is no offer of this number
    ├── ValidityOutOfBounds         an offer open for too short or too long
    ├── PartyUnknown                not a party that signs
    ├── HashMalformed               not a SHA-256 in hex
    ├── ReferenceMissing            a payment without the institution's reference
    ├── ReferenceReused             the same reference with another content
    ├── PaymentUnknown              there is no payment of this reference
    ├── PaymentDeducted             a sum that was agreed or offered about is less by it
    ├── PaymentDateImpossible       before the agreement, or in the future
    ├── OverpaymentDiffers          more than remains, and not what was said to be too much
    └── RecordFull                  as many payments or offers as one record holds; names the limit
    AgreementRefused                a RuleViolated
    ├── OfferExpired
    ├── OfferClosed
    ├── OtherSideAnswers
    ├── NotYourOffer
    ├── OwnOfferOpen
    ├── OfferAccepted
    ├── ContentUnclear              names the clause; a ground to reject confirmation
    ├── AlreadySigned
    ├── DocumentDiffers
    ├── CodeNotVerified
    ├── CodeOfAnotherText
    ├── CodeExpired
    ├── CodesExhausted
    ├── CodeRequestedTooSoon        says when another one can be requested
    ├── SigningEnded
    ├── SignedTooLate
    ├── NotInDefault
    ├── DefaultStands
    ├── ConfirmationWindowClosed
    ├── AlreadyApplied
    ├── ApplicationIncomplete
    └── RulingContradicts
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from chalicelib.domain.agreement import grounds
from chalicelib.domain.errors import HubError, RuleViolated

if TYPE_CHECKING:
    from datetime import date

    from chalicelib.domain.loan.legal import LegalBasis
    from chalicelib.domain.money import Money


class AgreementError(HubError):
    """The root of the errors for wrong input; `field` is the name of the value that is wrong."""

    code = "agreement_error"

    def __init__(self, field: str, message: str, **values: object) -> None:
        """Name the value; `values` are what the error's wording needs: limits and numbers, no text sent."""
        super().__init__(f"{field}: {message}")
        self.field = field
        self.values = values


class PlanDoesNotAddUp(AgreementError):
    """The instalments do not add up to the agreed sum, to the fen."""

    code = "plan_does_not_add_up"

    def __init__(self, field: str, *, given: Money, agreed: Money) -> None:
        super().__init__(field, f"payments of {given} for {agreed}", given=given, agreed=agreed)


class PlanTooLong(AgreementError):
    """More instalments, or more months between first and last, than the limits allow."""

    code = "plan_too_long"

    def __init__(self, field: str, *, found: int, most: int) -> None:
        super().__init__(field, f"{found} is more than {most}", found=found, most=most)


class AmountTooSmall(AgreementError):
    """So small an amount leaves nothing for an instalment, or nothing to agree about."""

    code = "amount_too_small"

    def __init__(self, field: str, *, given: Money, payments: int) -> None:
        message = f"{given} can't be paid in {payments} payments"
        super().__init__(field, message, given=given, payments=payments)


class DueDatesInvalid(AgreementError):
    """A month that does not exist, dates out of order, or a first date too early or too late."""

    code = "due_dates_invalid"


class ConcessionBeyondPolicy(AgreementError):
    """An offer waives more of a component than the institution's policy allows."""

    code = "concession_beyond_policy"


class OfferUnknown(AgreementError):
    """No offer of this number was made."""

    code = "offer_unknown"


class ValidityOutOfBounds(AgreementError):
    """The offer would be open for too few or too many days, or expire before anybody could answer it."""

    code = "validity_out_of_bounds"

    def __init__(self, field: str, *, given: int, low: int, high: int) -> None:
        message = f"{given} days, of {low} to {high}, within the mediation"
        super().__init__(field, message, given=given, low=low, high=high)


class PartyUnknown(AgreementError):
    """Only the parties of the agreement sign it or refuse to."""

    code = "party_unknown"


class HashMalformed(AgreementError):
    """A document's hash is a SHA-256 of 64 lower-case hex digits."""

    code = "hash_malformed"


class ReferenceMissing(AgreementError):
    """A payment is known by the institution's own reference."""

    code = "reference_missing"


class ReferenceReused(AgreementError):
    """The reference was recorded before, with another day or amount."""

    code = "reference_reused"


class PaymentUnknown(AgreementError):
    """No payment of this reference was recorded."""

    code = "payment_unknown"


class PaymentDeducted(AgreementError):
    """A payment can't be taken back while the sum of an offer, an agreement or this round is less by it."""

    code = "payment_deducted"


class PaymentDateImpossible(AgreementError):
    """A payment under an agreement is made after it was agreed, and not in the future."""

    code = "payment_date_impossible"

    def __init__(self, field: str, *, given: date, bounds: str) -> None:
        super().__init__(field, f"{given} is not {bounds}", given=given, bounds=bounds)


class OverpaymentDiffers(AgreementError):
    """A payment exceeds what remains by another sum than was stated: it may be mistyped."""

    code = "overpayment_differs"


class RecordFull(AgreementError):
    """One record holds no more payments or offers; `most` is the limit."""

    code = "record_full"


class AgreementRefused(RuleViolated):
    """The root of refusals by a rule (`ground`); `retry_after_seconds` is 0 if waiting does not help."""

    code = "agreement_refused"
    ground: ClassVar[LegalBasis]

    def __init_subclass__(cls) -> None:
        """Take the rule's stable name as the code; unclear content names the clause instead."""
        if "ground" in vars(cls):
            cls.code = cls.ground.name

    def __init__(self, ground: LegalBasis | None = None, *, retry_after_seconds: int = 0) -> None:
        rule = ground or self.ground
        self.retry_after_seconds = retry_after_seconds
        super().__init__(rule.name, rule.article, rule.summary, rule.summary_zh)


class OfferExpired(AgreementRefused):
    """The time for accepting has passed."""

    ground = grounds.OFFER_LAPSED


class OfferClosed(AgreementRefused):
    """The offer was declined, withdrawn or countered."""

    ground = grounds.OFFER_IS_OPEN


class OtherSideAnswers(AgreementRefused):
    """A side can't answer its own offer."""

    ground = grounds.OTHER_SIDE_ANSWERS


class NotYourOffer(AgreementRefused):
    """A side can't withdraw the other side's offer."""

    ground = grounds.OWN_OFFER_WITHDRAWN


class OwnOfferOpen(AgreementRefused):
    """The side's own offer is still open: it is the other side's turn."""

    ground = grounds.ONE_OPEN_OFFER


class OfferAccepted(AgreementRefused):
    """The negotiation has ended with an acceptance."""

    ground = grounds.ACCEPTANCE_BINDS


class ContentUnclear(AgreementRefused):
    """A clause is missing or indefinite; `rule` names it."""

    code = "content_unclear"


class AlreadySigned(AgreementRefused):
    """The party has signed already."""

    ground = grounds.ONE_SIGNATURE


class DocumentDiffers(AgreementRefused):
    """The hash is not that of the document to be signed."""

    ground = grounds.THE_VERY_DOCUMENT


class CodeNotVerified(AgreementRefused):
    """An online signature without a verified one-time code."""

    ground = grounds.CODE_VERIFIED


class CodeOfAnotherText(AgreementRefused):
    """The party's one-time code was sent for another document or act."""

    ground = grounds.CODE_OF_THIS_TEXT


class CodeExpired(AgreementRefused):
    """The one-time code's ten minutes are over."""

    ground = grounds.CODE_IN_TIME


class CodesExhausted(AgreementRefused):
    """The one-time code was tried as often as is allowed."""

    ground = grounds.FEW_ATTEMPTS


class CodeRequestedTooSoon(AgreementRefused):
    """Another code was requested within a minute, or more codes than are allowed in a day."""

    ground = grounds.CODES_ARE_SPACED


class SigningEnded(AgreementRefused):
    """A party has refused to sign."""

    ground = grounds.SIGNING_ENDED


class SignedTooLate(AgreementRefused):
    """The first payment would be due before the agreement is in force."""

    ground = grounds.SIGNED_IN_TIME


class NotInDefault(AgreementRefused):
    """No instalment is unpaid after its grace period."""

    ground = grounds.NOTHING_OVERDUE


class DefaultStands(AgreementRefused):
    """The default has been declared already."""

    ground = grounds.ONE_DEFAULT


class ConfirmationWindowClosed(AgreementRefused):
    """The 30 days are over."""

    ground = grounds.WITHIN_30_DAYS


class AlreadyApplied(AgreementRefused):
    """The side has applied already."""

    ground = grounds.APPLIED_ONCE


class ApplicationIncomplete(AgreementRefused):
    """One side has not applied yet."""

    ground = grounds.JOINT_APPLICATION


class RulingContradicts(AgreementRefused):
    """Another ruling on the same application."""

    ground = grounds.RULED_ONCE
