"""The tree of refusals: stable codes, sources, both languages, and nothing that is never raised."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from chalicelib.domain.agreement import errors, grounds
from chalicelib.domain.agreement.draft import CONTENT_RULES
from chalicelib.domain.agreement.errors import (
    AgreementError,
    AgreementRefused,
    ContentUnclear,
    OfferAccepted,
    OfferClosed,
    OfferExpired,
)
from chalicelib.domain.errors import HubError, RuleViolated
from chalicelib.domain.loan.legal import LegalBasis

if TYPE_CHECKING:
    from collections.abc import Iterator

GROUNDS = [ground for ground in vars(grounds).values() if isinstance(ground, LegalBasis)]


def _tree(root: type[HubError], depth: int = 0) -> Iterator[tuple[int, type[HubError]]]:
    yield depth, root
    for child in root.__subclasses__():
        yield from _tree(child, depth + 1)


TREE = [*_tree(AgreementError), *_tree(AgreementRefused)]
REFUSALS = [kind for kind in AgreementRefused.__subclasses__() if kind is not ContentUnclear]


def test_every_refusal_has_its_own_code_named_after_it() -> None:
    """Codes are part of the public contract: each is the class's name in lower case."""
    assert len({kind.code for _, kind in TREE}) == len(TREE)
    for _, kind in TREE:
        assert issubclass(kind, HubError)
        assert kind.code == re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower()
    assert issubclass(AgreementRefused, RuleViolated)


def test_the_docstring_draws_the_tree_as_it_is() -> None:
    drawn = re.findall(r"^    ([│├└─ ]*)([A-Z][A-Za-z]+)", errors.__doc__ or "", re.MULTILINE)
    assert [(len(prefix) // 4, name) for prefix, name in drawn] == [
        (depth, kind.__name__) for depth, kind in TREE
    ]


@pytest.mark.parametrize("kind", REFUSALS, ids=lambda kind: kind.__name__)
def test_a_refusal_carries_its_rule(kind: type[AgreementRefused]) -> None:
    """Its rule is its code; article and both summaries are the ground's."""
    refused = kind()
    assert refused.rule == kind.code == kind.ground.name
    assert (refused.article, refused.summary) == (kind.ground.article, kind.ground.summary)
    assert refused.summary_zh == kind.ground.summary_zh


@pytest.mark.parametrize("ground", [*GROUNDS, *CONTENT_RULES], ids=lambda ground: ground.name)
def test_a_ground_is_bilingual_and_sourced(ground: LegalBasis) -> None:
    """Chinese in one summary, none in the other; a source beside both."""
    assert re.search(r"[\u4e00-\u9fff]", ground.summary_zh)
    assert not re.search(r"[\u4e00-\u9fff]", ground.summary)
    assert ground.article
    if isinstance(ground, tuple(type(rule) for rule in CONTENT_RULES)):
        assert ContentUnclear(ground).rule == ground.name


def test_no_refusal_is_never_raised() -> None:
    """Each class at the end of a branch is raised in the package; three of them by a table."""
    package = Path(errors.__file__).parent
    code = "".join(path.read_text(encoding="utf-8") for path in package.glob("[!e]*.py"))
    for _, kind in TREE:
        if not kind.__subclasses__():
            assert f"raise {kind.__name__}" in code or kind in {OfferAccepted, OfferExpired, OfferClosed}
    assert len({ground.name for ground in GROUNDS}) == len(GROUNDS)
