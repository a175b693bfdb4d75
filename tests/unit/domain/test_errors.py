"""The error tree is a published contract: unique codes, one documented shape, no accidental parents."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from chalicelib.domain import errors
from chalicelib.domain.errors import (
    CourtRefusedMessage,
    CourtUnavailable,
    DuplicateFiling,
    Fault,
    HubError,
    InvalidInput,
    MessengerRefused,
    MessengerUnavailable,
)

if TYPE_CHECKING:
    from collections.abc import Iterator


def tree(root: type[HubError] = HubError, depth: int = 0) -> Iterator[tuple[int, type[HubError]]]:
    """Yield every error of this module with its depth, as the code has it."""
    yield depth, root
    for child in root.__subclasses__():
        if child.__module__ == errors.__name__:
            yield from tree(child, depth + 1)


ERRORS = [kind for _, kind in tree()]


def test_codes_are_unique_and_stable_in_form() -> None:
    """A code is snake case, said by exactly one class, and made from the class's name."""
    codes = [kind.code for kind in ERRORS]
    assert len(set(codes)) == len(codes)
    for kind in ERRORS:
        assert kind.code == re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower()


def test_the_docstring_draws_the_tree_as_it_is() -> None:
    """Names and depths in the module's docstring are those of the classes."""
    drawn = re.findall(r"^    ([│├└─ ]*)([A-Z][A-Za-z]+)", errors.__doc__ or "", re.MULTILINE)
    shape = {(len(prefix) // 4, name) for prefix, name in drawn}
    assert shape == {(depth, kind.__name__) for depth, kind in tree()}


def test_every_error_says_what_it_means() -> None:
    """Each class has a docstring of its own, from which a reader learns when it is raised."""
    assert len({kind.__doc__ for kind in ERRORS} - {None}) == len(ERRORS)


def test_errors_carry_what_the_edge_needs() -> None:
    """Faults, the existing case, the wait a court asked for, what it answered."""
    fault = Fault(pointer="/claim/principal", code="not_an_amount", message="yuan with two decimals")
    assert InvalidInput([fault]).faults == (fault,)
    assert str(InvalidInput([fault, fault])) == "2 fault(s)"
    duplicate = DuplicateFiling("C-1", "1-6")
    assert (duplicate.existing_case_id, duplicate.existing_instalment_scope) == ("C-1", "1-6")
    assert CourtUnavailable().retry_after_seconds is None
    assert CourtUnavailable(30).retry_after_seconds == 30
    refused = CourtRefusedMessage(422, "manifest_empty")
    assert (refused.status, refused.reason) == (422, "manifest_empty")
    assert "422 manifest_empty" in str(refused)
    assert MessengerUnavailable(30).retry_after_seconds == 30
    told = MessengerRefused(422, "number_refused")
    assert (told.status, told.reason) == (422, "number_refused")


@pytest.mark.parametrize("kind", ERRORS, ids=lambda kind: kind.__name__)
def test_catching_the_root_catches_all(kind: type[HubError]) -> None:
    """Every refusal of the hub is a HubError, and no HubError is a system error."""
    assert issubclass(kind, HubError)
    assert not issubclass(kind, OSError | ValueError | LookupError)
