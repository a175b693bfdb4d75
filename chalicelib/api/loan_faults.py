"""Tells a refusal of the loan arithmetic as faults of the request, at the fields that are wrong.

Promise: a refusal keeps its code and gets the JSON pointers of everything it names. Downside: a field the
route gave no pointer for is told of the body as a whole.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from chalicelib.api.refusals import RequestFault
from chalicelib.domain.errors import InvalidInput
from chalicelib.domain.loan.errors import LoanError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@contextmanager
def told_at(pointers: Mapping[str, str]) -> Iterator[None]:
    """Turn a LoanError into InvalidInput; `pointers` say where in the body each field stands."""
    try:
        yield
    except LoanError as refused:
        faults = [RequestFault(pointers.get(name, ""), refused.code) for name in refused.fields]
        raise InvalidInput(faults) from refused
