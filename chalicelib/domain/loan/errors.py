"""All errors of the loan arithmetic; each names the field that is wrong.

Promise: stable codes under `HubError`, and nothing is computed from input that was refused.
What has bounds names them and what was given: amounts, percentages and days, never text.
Downside: the first fault found is the one reported; the API's schemas collect the simple ones before.

    LoanError
    ├── RateOutOfBounds              not within the limits of policy, or not a usable number
    ├── AmountOutOfBounds            negative, or zero where something must be there
    ├── DatesOutOfOrder              a date before one that must come first
    ├── TermMissing                  the contract leaves out what its facts need
    ├── InvalidSchedule              a day or month that no calendar has
    ├── AllocationOrderIncomplete    an order of allocation must name each component once
    ├── DuplicateReference           two payments or charges under one reference
    ├── PaymentBeforeDisbursement    nothing was owed on that day
    ├── PrincipalExceeded            more falls due, or was paid out, than there is
    ├── LprUnknown                   the table of quotes does not reach this day
    ├── HistoryTooLong               more segments than a statement can show
    ├── EvidenceMissing              an interruption without evidence
    ├── EndUnexpected                the end of an interruption that is no procedure
    ├── ClaimDiffers                 the institution's claim is not the computed one; see `comparison`
    └── ConcessionError
        ├── PolicyNotInForce         no version of the policy covers this day
        ├── PolicyVersionUnknown     the version was never published
        ├── PolicyBookInvalid        its versions are not one institution's, numbered from 1
        └── TierNotApplicable        names the condition that is not met
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.errors import HubError

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from chalicelib.domain.money import Money


class LoanError(HubError):
    """The root; `field` is the name of the value that is wrong."""

    code = "loan_error"

    def __init__(self, field: str, message: str, **values: object) -> None:
        """Name the value; `values` are what the error's wording needs: limits and numbers, no text sent."""
        super().__init__(f"{field}: {message}")
        self.field = field
        self.values = values

    @property
    def fields(self) -> tuple[str, ...]:
        """Everything that is known to be wrong, `field` first."""
        return (self.field,)


class RateOutOfBounds(LoanError):
    """A rate or percentage outside the limits of policy, not finite, or with too many decimals."""

    code = "rate_out_of_bounds"

    def __init__(self, field: str, *, given: Decimal, low: Decimal, high: Decimal) -> None:
        message = f"{given} % is not within {low} to {high} %"
        super().__init__(field, message, given=f"{given:f}", low=f"{low:f}", high=f"{high:f}")


class AmountOutOfBounds(LoanError):
    """An amount or a count outside its `bounds`, such as "> 0.00"."""

    code = "amount_out_of_bounds"

    def __init__(self, field: str, *, given: object, bounds: str) -> None:
        super().__init__(field, f"{given} is not {bounds}", given=given, bounds=bounds)


class DatesOutOfOrder(LoanError):
    """A date that comes before one it must follow, or a list of dates that does not ascend."""

    code = "dates_out_of_order"

    def __init__(self, field: str, *, given: date, earliest: date) -> None:
        super().__init__(field, f"{given} is before {earliest}", given=given, earliest=earliest)


class TermMissing(LoanError):
    """The contract lacks a term that its facts need."""

    code = "term_missing"


class InvalidSchedule(LoanError):
    """A day of the month or a month that does not exist."""

    code = "invalid_schedule"


class AllocationOrderIncomplete(LoanError):
    """The agreed order must name every component exactly once."""

    code = "allocation_order_incomplete"


class DuplicateReference(LoanError):
    """Two entries carry the same reference: probably one payment or charge was entered twice."""

    code = "duplicate_reference"


class PaymentBeforeDisbursement(LoanError):
    """A payment or charge before anything was paid out."""

    code = "payment_before_disbursement"

    def __init__(self, field: str, *, given: date, earliest: date) -> None:
        super().__init__(field, f"{given} is before {earliest}", given=given, earliest=earliest)


class PrincipalExceeded(LoanError):
    """More principal than agreed was paid out, or more falls due than was paid out by then."""

    code = "principal_exceeded"

    def __init__(self, field: str, *, given: Money, most: Money) -> None:
        super().__init__(field, f"{given} is more than {most}", given=given, most=most)


class LprUnknown(LoanError):
    """No quote of the loan prime rate (LPR) is known for this day."""

    code = "lpr_unknown"

    def __init__(self, field: str, *, day: date) -> None:
        super().__init__(field, f"no quote is known for {day}", day=day)


class HistoryTooLong(LoanError):
    """The statement has more segments (`found`) than an answer or its papers can hold (`most`)."""

    code = "history_too_long"

    def __init__(self, field: str, *, found: int, most: int) -> None:
        super().__init__(field, f"{found} segments are more than {most}", found=found, most=most)


class EvidenceMissing(LoanError):
    """An interruption of limitation must name its evidence."""

    code = "evidence_missing"


class EndUnexpected(LoanError):
    """Only an interruption that is a procedure, such as a lawsuit, has an end."""

    code = "end_unexpected"


class ConcessionError(LoanError):
    """The concession policy does not allow this."""

    code = "concession_error"


class PolicyNotInForce(ConcessionError):
    """The institution has no policy for this day."""

    code = "policy_not_in_force"


class PolicyVersionUnknown(ConcessionError):
    """The institution never published this version."""

    code = "policy_version_unknown"


class PolicyBookInvalid(ConcessionError):
    """A book holds the versions of one institution, numbered from 1 without a gap."""

    code = "policy_book_invalid"


class TierNotApplicable(ConcessionError):
    """The tier does not exist, or its conditions named by `fields` are not met."""

    code = "tier_not_applicable"

    def __init__(self, field: str, message: str, *others: str) -> None:
        super().__init__(field, message)
        self.others = others

    @property
    def fields(self) -> tuple[str, ...]:
        """Every condition that is not met."""
        return (self.field, *self.others)
