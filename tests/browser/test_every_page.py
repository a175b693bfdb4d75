"""Every page that links lead to, of each role and in each language, judged in a real browser."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
import urllib3

from infra.local.demo.client import HubClient, Issuer
from infra.local.example import example_case, talks_case

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from infra.local.stack import Stack
    from tests.browser.people import Person

    People = Callable[..., Person]

MOST_PAGES = 120


def kind(path: str) -> str:
    """Return what is the same for the pages of two cases."""
    return re.sub(r"/[0-9a-f]{32}", "/{id}", path)


def pages_of(person: Person) -> Iterator[str]:
    """Open one page of each kind after another, as the links lead; yield each kind while it is open."""
    waiting, seen = [urlsplit(person.page.url).path], set[str]()
    while waiting and len(seen) < MOST_PAGES:
        path = waiting.pop(0)
        if kind(path) in seen or "/documents/" in path or path.endswith(".ics"):  # files, no pages
            continue
        seen.add(kind(path))
        answer = person.page.goto(f"{person.origin}{path}")
        assert answer.status == 200, path
        yield kind(path)
        links = person.page.eval_on_selector_all("main a[href]", "all => all.map(each => each.href)")
        found = [urlsplit(link) for link in links]
        waiting += [
            each.path for each in found if person.origin.endswith(each.netloc) and "/console" in each.path
        ]


@pytest.mark.parametrize("name", ["吴敏", "林和", "周正", "示范某"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_can_be_read_by_everybody(stack: Stack, person: People, name: str, language: str) -> None:
    """No axe violation, no complaint of the policy, nothing wider than a small phone, no refusal."""
    http = urllib3.PoolManager()
    hub = HubClient(stack.hub_url, Issuer(stack.issuer_url, http), http)
    example_case(hub)
    talks_case(hub)
    someone = person(language=language)
    someone.sign_in(name)
    kinds = set()
    for path in pages_of(someone):
        someone.look()
        kinds.add(path)
    assert {"/console", "/console/cases/{id}"} <= kinds
