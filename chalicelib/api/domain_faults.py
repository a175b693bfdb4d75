"""Turns errors of the domain into faults of the request: the domain names a field, this module its pointer.

Promise: input that the arithmetic or an agreement refuses becomes `InvalidInput` with the error's own code at
the pointer of what the caller sent. Each invalid part of a debt gets a fault at its own pointer.
Downside: of errors that only the whole debt shows, the first one is reported; an error that concerns several
fields of a part is reported at one of them.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from chalicelib.api.refusals import RequestFault
from chalicelib.domain.agreement.errors import AgreementError
from chalicelib.domain.errors import InvalidInput, NotAsEnrolled
from chalicelib.domain.loan.comparison import ClaimDiffers
from chalicelib.domain.loan.errors import LoanError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from chalicelib.api.refusals import Part


@contextmanager
def errors_at_pointer(
    pointers: Mapping[str, str], otherwise: str = "", *, part: Part = "body"
) -> Iterator[None]:
    """Turn the domain's errors into InvalidInput; a field without a pointer is reported at `otherwise`."""
    try:
        yield
    except ClaimDiffers:
        raise  # it has its own answer, which lists every line
    except NotAsEnrolled as refused:
        found = [(pointers.get(field, otherwise), code) for field, code in refused.faults.items()]
        raise InvalidInput([RequestFault(pointer, code, part=part) for pointer, code in found]) from refused
    except (AgreementError, LoanError) as refused:
        fields = refused.fields if isinstance(refused, LoanError) else (refused.field,)
        faults = [
            RequestFault(pointers.get(name, otherwise), refused.code, part=part, values=refused.values)
            for name in fields
        ]
        raise InvalidInput(faults) from refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A part of a debt that the domain makes or refuses; `day` is the request's name for the field `on`."""

    pointer: str
    make: Callable[[], object]
    day: str = "on"

    def pointer_to(self, field: str) -> str:
        """Return the pointer to a field that the domain names "<list>.<field>", or to the whole part."""
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
            yield RequestFault(part.pointer_to(error.field), error.code, values=error.values)


IN_THE_DEBT: Final = {
    "lpr_table": "/debt/lpr",
    "rates": "/debt/contract/rates",
    "payments": "/debt/payments",
}
"""Pointers to the parts of a debt whose errors show only when it is computed as of a day."""
