"""The words of the pages, in Chinese and English, and how days, times and amounts are written.

Promise: every text of a page stands in a module of `words`, by a key, in both languages; nobody lists the
modules. A code of the domain has the key `KIND.CODE`; a code without words is shown as it is. Downside: a key
that is missing is noticed when its page is shown; a test shows all of them.
"""

from __future__ import annotations

import pkgutil
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Final

from chalicelib.registry import capabilities

if TYPE_CHECKING:
    from collections.abc import Mapping

CHINA: Final = timezone(timedelta(hours=8))
LANGUAGES: Final = ("zh", "en")
_TAGS: Final = {"zh": "zh-CN", "en": "en"}
_WORDS: Final = "chalicelib.console.words"
_WEEKDAYS: Final = "一二三四五六日"


@cache
def words() -> Mapping[str, tuple[str, str]]:
    """Return all texts, Chinese and English, by key."""
    home = import_module(_WORDS)
    found: dict[str, tuple[str, str]] = {
        f"event.{event}": texts for each in capabilities() for event, texts in each.events.items()
    }
    for module in pkgutil.iter_modules(home.__path__):
        found |= import_module(f"{_WORDS}.{module.name}").WORDS
    return found


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts in one language."""

    language: str

    @property
    def tag(self) -> str:
        """The language's tag, for `lang` and for the API."""
        return _TAGS[self.language]

    @property
    def other(self) -> str:
        """The other language."""
        return LANGUAGES[1 - LANGUAGES.index(self.language)]

    def text(self, key: str, **values: object) -> str:
        """Return the text of a key, its placeholders filled. Raises KeyError."""
        chosen = words()[key][LANGUAGES.index(self.language)]
        return chosen.format_map(values) if values else chosen

    def find(self, key: str) -> str | None:
        """Return the text of a key; None where there is none."""
        return self.text(key) if key in words() else None

    def code(self, kind: str, code: object) -> str:
        """Return the words of a code of the domain; an unknown one as it is."""
        return self.find(f"{kind}.{code}") or str(code)

    def day(self, value: str | date) -> str:
        """Write a day, given as such or as an instant or day in ISO 8601, as it is in China."""
        day = _day(value)
        if self.language == "zh":
            return f"{day.year}年{day.month}月{day.day}日（星期{_WEEKDAYS[day.weekday()]}）"
        return f"{day:%A}, {day.day} {day:%B} {day.year}"

    def time(self, value: str) -> str:
        """Write an instant to the minute, in China's time."""
        at = datetime.fromisoformat(value).astimezone(CHINA)
        if self.language == "zh":
            return f"{at.year}年{at.month}月{at.day}日 {at:%H:%M}"
        return f"{at.day} {at:%B} {at.year}, {at:%H:%M}"

    def ends(self, value: str) -> date:
        """Return the last day of a term that ends at an instant: at midnight, it is the day before."""
        return _day((datetime.fromisoformat(value) - timedelta.resolution).isoformat())

    def left(self, value: str | date, today: date) -> str:
        """Say how long it is until a day."""
        days = (_day(value) - today).days
        if days < 0:
            return self.text("time.overdue", days=-days)
        return self.text("time.today") if days == 0 else self.text("time.left", days=days)

    def amount(self, yuan: str) -> str:
        """Write an amount of yuan with its thousands parted."""
        whole, _, cents = yuan.partition(".")
        sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
        return self.text("amount", yuan=f"{sign}{int(digits):,}.{cents}")


def _day(value: str | date) -> date:
    if isinstance(value, date):
        return value
    return (
        datetime.fromisoformat(value).astimezone(CHINA).date() if "T" in value else date.fromisoformat(value)
    )
