"""Open codes: the words the hub itself uses, and room for those of capabilities and of later releases.

Promise: every code that was ever stored can be read, also after a rollback to a release that does not know
it: reading an unknown one makes a member of its own, equal to any other of the same text. Downside: a
misspelt code is no error where it is read; what acts on codes asks for those it knows.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class OpenCode(StrEnum):
    """An enumeration that can be asked for a code beyond its members; see the module."""

    @property
    def known(self) -> bool:
        """Whether this is one of the enumeration's own members."""
        return self.name in type(self).__members__

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str) or not value:
            return None
        member = str.__new__(cls, value)
        member._name_ = value.upper()
        member._value_ = value
        # Kept, so that a code is one object however often it is read; only stored codes come here.
        cls._value2member_map_[value] = member
        return member
