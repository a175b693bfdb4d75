"""The parts of a debt that the domain makes, each told at its own place when it is refused.

Promise: one answer names every part that can't be, with the domain's code at the pointer of what was sent.
Downside: a fault of several fields is told at one. What only the whole shows is told by `domain_faults`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from chalicelib.api.refusals import RequestFault
from chalicelib.domain.loan.errors import LoanError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


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
