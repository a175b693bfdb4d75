"""The tree of refusals: stable codes, a field, and every class reachable from the root."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.errors import HubError
from chalicelib.domain.loan import errors
from chalicelib.domain.loan.errors import ConcessionError, LoanError

if TYPE_CHECKING:
    from collections.abc import Iterator


def _tree(root: type[LoanError]) -> Iterator[type[LoanError]]:
    yield root
    for child in root.__subclasses__():
        yield from _tree(child)


def test_every_refusal_has_its_own_code_named_after_it() -> None:
    """Codes are part of the public contract: each is the class's name in lower case."""
    tree = list(_tree(LoanError))
    assert all(issubclass(each, HubError) for each in tree)
    assert len({each.code for each in tree}) == len(tree)
    for each in tree:
        spelled = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in each.__name__)
        assert each.code == spelled.removeprefix("_")


def test_the_docstring_shows_the_whole_tree() -> None:
    """A reader sees every refusal at the top of the module."""
    assert errors.__doc__ is not None
    for each in _tree(LoanError):
        assert f" {each.__name__}" in errors.__doc__


def test_a_refusal_names_its_field() -> None:
    refused = ConcessionError("tier", "no such tier")
    assert (refused.field, str(refused)) == ("tier", "tier: no such tier")
