"""Open codes: the hub's own codes, with room for those of capabilities and of later releases.

Promise: every code that was ever stored can be read, also after a rollback to a release that does not know
it: reading an unknown one makes a member of its own, which is not `declared`. Downside: a misspelt code is
no error when it is read; whoever acts on a code must check that it is a known one.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chalicelib.domain.roles import Role


class OpenCode(StrEnum):
    """An enumeration whose members name roles; it also makes members for codes that it does not declare."""

    declared: bool
    roles: frozenset[Role]
    by_any_agent: bool

    def __new__(cls, code: str, *roles: Role) -> Self:
        """Make a member of the enumeration itself."""
        return cls._member(code, roles, declared=True)

    @classmethod
    def declare(cls, code: str, roles: Iterable[Role], *, by_any_agent: bool = False) -> Self:
        """Declare a capability's code with its roles; ValueError if it is a member or has other roles.

        `by_any_agent` says of an action that general authority is enough for a party's agent.
        """
        member = cls(code)
        if member.declared and (member.name in cls.__members__ or member.roles != frozenset(roles)):
            raise ValueError(f"{code} is declared already")
        member.declared, member.roles, member.by_any_agent = True, frozenset(roles), by_any_agent
        return member

    @classmethod
    def _member(cls, code: str, roles: Iterable[Role], *, declared: bool) -> Self:
        member = str.__new__(cls, code)
        member._value_ = code
        member.declared, member.roles, member.by_any_agent = declared, frozenset(roles), False
        return member

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str) or not value:
            return None
        member = cls._member(value, (), declared=False)
        member._name_ = value.upper()
        # Kept, so that a code is one object however often it is read; only stored codes come here.
        cls._value2member_map_[value] = member
        return member
