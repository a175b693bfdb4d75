"""Chooses the language of an answer, Chinese or English.

Promise: Chinese (zh-CN) if `Accept-Language` prefers it, English otherwise; a header that can't be read
is no reason to refuse a request. Downside: traditional Chinese is answered in simplified characters.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final, NamedTuple

_MOST_RANGES: Final = 16  # enough for any browser; the rest of a longer header is ignored


class Language(StrEnum):
    """The languages of the hub's answers, as language tags."""

    EN = "en"
    ZH = "zh-CN"


class Words(NamedTuple):
    """One text in both languages."""

    en: str
    zh: str

    def to(self, language: Language) -> str:
        """Return the text in one language."""
        return self.zh if language is Language.ZH else self.en

    @property
    def both(self) -> str:
        """Return the text in both languages, for a reader whose language is unknown."""
        return f"{self.en} · {self.zh}"


def negotiate(accept_language: str | None) -> Language:
    """Choose by the header's quality values (RFC 9110, 12.5.4); the first of equals wins."""
    best, chosen = 0.0, Language.EN
    for offered in (accept_language or "").split(",")[:_MOST_RANGES]:
        tag, _, parameter = offered.partition(";")
        language = _spoken(tag.strip().lower())
        quality = _quality(parameter.strip().lower())
        if language is not None and quality > best:
            best, chosen = quality, language
    return chosen


def _spoken(tag: str) -> Language | None:
    return {"zh": Language.ZH, "en": Language.EN, "*": Language.EN}.get(tag.split("-", maxsplit=1)[0])


def _quality(parameter: str) -> float:
    if not parameter:
        return 1.0
    try:
        quality = float(parameter.removeprefix("q="))
    except ValueError:
        return 0.0
    return quality if 0 <= quality <= 1 else 0.0
