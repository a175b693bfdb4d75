"""From a refusal of the domain to faults of the request: the domain names the field, here is its place.

Promise: what the arithmetic or an agreement can't be made of becomes `InvalidInput` with the error's own code
at the pointer of what the caller sent. Downside: the first thing the domain refuses is the one told.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from chalicelib.api.refusals import RequestFault
from chalicelib.domain.agreement.errors import AgreementError
from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.loan.comparison import ClaimDiffers
from chalicelib.domain.loan.errors import LoanError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chalicelib.api.refusals import Part


@contextmanager
def told_at(pointers: Mapping[str, str], otherwise: str = "", *, part: Part = "body") -> Iterator[None]:
    """Refuse, with InvalidInput, what the domain refuses; a field without a pointer is told `otherwise`."""
    try:
        yield
    except ClaimDiffers:
        raise  # an answer of its own, with every line
    except (AgreementError, LoanError) as refused:
        fields = refused.fields if isinstance(refused, LoanError) else (refused.field,)
        faults = [RequestFault(pointers.get(name, otherwise), refused.code, part=part) for name in fields]
        raise InvalidInput(faults) from refused
