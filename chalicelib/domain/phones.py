"""Telephone numbers as people write them, and the one form in which the hub keeps them.

| number | written, for example | kept as |
|---|---|---|
| mobile | `+86 138-0000-1234`, `013800001234` | `13800001234` |
| landline | `(0593)2881234`, `0593-2881234转801` | `0593-2881234`, `0593-2881234转801` |
| service number | `400-800-1234`, `95588` | `4008001234`, `95588` |
| abroad, Hong Kong, Macao, Taiwan | `+852 9123 4567` | `+85291234567` |

Promise: what is kept is read as itself again. A local number is not given an area: the same one exists in
each, and whoever lives elsewhere would be rung, and served, under somebody else's. Downside: whether a number
is in use is not known here.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_BETWEEN: Final = re.compile(r"[\s()./_\-\u2010-\u2015\u2212]")
"""What people put between digits; `unicodedata` has made full-width characters half-width before."""
_EXTENSION: Final = re.compile(
    r"(?P<number>.*[0-9)\s])(?:转|轉|分机号?|ext\.?|x|#|,|(?<=[0-9]{7})-(?=[0-9]{1,6}$))[\s:]*(?P<extension>[0-9]{1,6})",
    re.IGNORECASE,
)
_CHINA: Final = r"(?:\+86|0086|86)"
_MOBILE: Final = re.compile(rf"(?:{_CHINA}|0)?(1[3-9][0-9]{{9}})")
_LANDLINE: Final = re.compile(rf"(?:{_CHINA}0?|0)(10|2[0-9]|[3-9][0-9]{{2}})([2-8][0-9]{{6,7}})")
_SERVICE: Final = re.compile(rf"(?:{_CHINA})?([48]00[0-9]{{7}})")
_SHORT: Final = re.compile(r"9[56][0-9]{3,6}")
_LOCAL: Final = re.compile(r"[2-8][0-9]{6,7}")
_SEPARATORS: Final = (
    re.compile(r"[^0-9+(). \-\u2010-\u2015\u2212]"),
    re.compile(r"[^0-9+()\-\u2010-\u2015]"),
)
"""What stands between two numbers: commas, strokes and words; then blanks and full stops, too."""
_ABROAD: Final = re.compile(r"(?:\+|00)(?!86)([1-9][0-9]{6,14})")


def normalised(text: str) -> str | None:
    """Return the form in which a number is kept, or None if it is no telephone number."""
    half_width = unicodedata.normalize("NFKC", text).strip()
    found = _EXTENSION.fullmatch(half_width)
    digits = _BETWEEN.sub("", found["number"] if found else half_width)
    extension = f"转{found['extension']}" if found else ""
    if landline := _LANDLINE.fullmatch(digits):
        return f"0{landline[1]}-{landline[2]}{extension}"
    if service := _SERVICE.fullmatch(digits):
        return f"{service[1]}{extension}"
    return None if extension else _without_extension(digits)


def _without_extension(digits: str) -> str | None:
    if mobile := _MOBILE.fullmatch(digits):
        return mobile[1]
    if abroad := _ABROAD.fullmatch(digits):
        return f"+{abroad[1]}"
    return digits if _SHORT.fullmatch(digits) else None


def fault_of(text: str) -> str:
    """Return the code of what is wrong with text that is no telephone number."""
    half_width = unicodedata.normalize("NFKC", text).strip()
    for separator in _SEPARATORS:
        if sum(_is_one(part) for part in separator.split(half_width)) > 1:
            return "phone_several"
    found = _EXTENSION.fullmatch(half_width)
    return "phone_area_code" if _is_local(found["number"] if found else half_width) else "phone_format"


def _is_one(part: str) -> bool:
    return normalised(part) is not None or _is_local(part)


def _is_local(text: str) -> bool:
    return _LOCAL.fullmatch(_BETWEEN.sub("", text)) is not None


def takes_messages(phone: str) -> bool:
    """Tell whether a number can get short messages, such as one-time codes: a mobile number of the mainland.

    Source: the gateways for short messages in China deliver to no landline, no service number and, unless
    that is agreed separately, to no number abroad.
    """
    return _MOBILE.fullmatch(normalised(phone) or "") is not None
