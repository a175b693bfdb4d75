"""From a refusal of the domain to faults of the request: the domain names the field, here is its place.

Promise: what the arithmetic or an agreement can't be made of becomes `InvalidInput` with the error's own code
at the pointer of what the caller sent. Of a debt every part that can't be is named, each at its own place.
Downside: of what only the whole shows, the first thing that the domain refuses is told; a fault of several
fields of a part is told at one.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from chalicelib.api.refusals import RequestFault
from chalicelib.domain.agreement.errors import AgreementError
from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.loan.comparison import ClaimDiffers
from chalicelib.domain.loan.errors import LoanError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from chalicelib.api.refusals import Part


@contextmanager
def errors_at_pointer(
    pointers: Mapping[str, str], otherwise: str = "", *, part: Part = "body"
) -> Iterator[None]:
    """Refuse, with InvalidInput, what the domain refuses; a field without a pointer is told `otherwise`."""
    try:
        yield
    except ClaimDiffers:
        raise  # an answer of its own, with every line
    except (AgreementError, LoanError) as refused:
        fields = refused.fields if isinstance(refused, LoanError) else (refused.field,)
        faults = [RequestFault(pointers.get(name, otherwise), refused.code, part=part) for name in fields]
        raise InvalidInput(faults) from refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A part of a debt that the domain makes, or refuses; `day` is what the caller calls its `on`."""

    pointer: str
    make: Callable[[], object]
    day: str = "on"

    def pointer_to(self, field: str) -> str:
        """Return the place of a field that the domain names as "<list>.<field>", or of the whole."""
        _, _, name = field.partition(".")
        if not name:
            return self.pointer
        return f"{self.pointer}/{self.day if name == 'on' else name}"


def refused(parts: Iterable[Made]) -> Iterator[RequestFault]:
    """Make each part and yield a fault for every one that the domain refuses."""
    for part in parts:
        try:
            part.make()
        except LoanError as error:
            yield RequestFault(part.pointer_to(error.field), error.code)


IN_THE_DEBT: Final = {
    "lpr_table": "/debt/lpr",
    "rates": "/debt/contract/rates",
    "payments": "/debt/payments",
}
"""Where a request that holds the debt has what the arithmetic finds only as of a day."""
