"""From a page to HTML: Jinja2 with autoescape, and undefined names are errors.

Promise: whatever a person or a bank wrote is shown as text. Templates get the words of the page's language,
what they need to write links and forms, and no object that could change anything.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from chalicelib.console import assets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from chalicelib.console.pages import Page
    from chalicelib.console.visits import Visit

_TEMPLATES: Final = Path(__file__).with_name("templates")


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["options"] = _options
    made.globals["fields"] = made.get_template("fields.html").module
    return made


def _options(
    codes: Iterable[object], words: Callable[[str, object], str], kind: str
) -> list[tuple[str, str]]:
    """Pair codes of the domain with their words, for a field's options."""
    return [(str(each), words(kind, each)) for each in codes]


def render(visit: Visit, page: Page) -> str:
    """Return the page's HTML."""
    texts = visit.texts
    title = texts.text(page.title, **page.values.get("title_values", {}))
    return (
        _environment()
        .get_template(page.template)
        .render(
            {
                "t": texts.text,
                "code": texts.code,
                "day": texts.day,
                "ends": texts.ends,
                "time": texts.time,
                "amount": texts.amount,
                "left": lambda value: texts.left(value, visit.today),
                "language": texts.tag,
                "other_language": texts.other,
                "link": visit.asked.link,
                "here": visit.asked.link(visit.asked.here),
                "kept": f"{kept}&" if (kept := visit.asked.kept_query) else "",
                "style": visit.asked.link(f"assets/{assets.style()[0]}"),
                "session": visit.session,
                "title": title,
                "refused": getattr(page.values.get("form"), "refused", False),
                **page.values,
            }
        )
    )
