"""From the arithmetic's refusals to faults of the request: the domain names the field, here is its place.

Promise: every `LoanError` but `ClaimDiffers`, which is an answer of its own, becomes an `InvalidInput` with
the error's code at the pointer of what the caller sent. Downside: a fault of several fields is told at one.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from chalicelib.api.refusals import RequestFault
from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.loan.errors import ClaimDiffers, LoanError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from chalicelib.api.refusals import Part


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


@contextmanager
def told_as_faults(
    otherwise: str, pointers: Mapping[str, str] | None = None, *, part: Part = "body"
) -> Iterator[None]:
    """Refuse, with InvalidInput, what the arithmetic refuses; what has no pointer is told `otherwise`."""
    try:
        yield
    except ClaimDiffers:
        raise
    except LoanError as error:
        pointer = (pointers or {}).get(error.field, otherwise)
        raise InvalidInput([RequestFault(pointer, error.code, part=part)]) from error
