"""What a page function works with: who asks for what, the API, and the words.

Promise: whatever the API refuses is raised as `Refused`, and becomes a page that says what to do.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from chalicelib.console.asked import Asked
    from chalicelib.console.ports import Api, Door, Sent
    from chalicelib.console.sessions import Session
    from chalicelib.console.wording import Texts

_FIRST_REFUSAL: Final = 400


class Refused(Exception):
    """The API, or the console itself, refuses: a status, a stable code, and the API's words, if any."""

    def __init__(self, status: int, code: str, problem: Mapping[str, Any] | None = None) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.problem: Mapping[str, Any] = problem or {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One request of a person."""

    asked: Asked
    api: Api
    door: Door
    texts: Texts
    session: Session | None
    now: int
    """Real time in epoch seconds."""
    today: date
    """The day in China, in the time that the cases live in."""
    cookies: list[str] = field(default_factory=list)

    @property
    def caller(self) -> Mapping[str, str]:
        """The context of whoever signed in."""
        return self.session.caller if self.session else {}

    def t(self, key: str, **values: object) -> str:
        """Return the text of a key in the page's language."""
        return self.texts.text(key, **values)

    def get(self, route: str, query: Mapping[str, str] | None = None, /, **path: str) -> Any:
        """Read a resource of the API. Raises Refused."""
        return self._call("GET", route, path, query=query)

    def send(
        self,
        route: str,
        body: Mapping[str, Any],
        /,
        version: int | None = None,
        key: str | None = None,
        **path: str,
    ) -> Any:
        """Post to a resource of the API: a change needs `version`, a creation `key`. Raises Refused."""
        return self._call("POST", route, path, body=body, version=version, key=key)

    def permits(self, route: str, method: str = "GET") -> bool:
        """Tell whether the API lets the person's role use a route at all."""
        return self.api.permits(method, route, self.caller)

    def fetch(self, route: str, /, **path: str) -> Sent:
        """Read a file: its bytes, or where they are (303). Raises Refused."""
        return self._sent("GET", route, path)

    def _call(self, method: str, route: str, path: Mapping[str, str], **more: Any) -> Any:
        return json.loads(self._sent(method, route, path, **more).body)

    def _sent(self, method: str, route: str, path: Mapping[str, str], **more: Any) -> Sent:
        sent = self.api(
            method,
            route,
            caller=self.caller,
            language=self.texts.tag,
            request_id=self.asked.request_id,
            path=path,
            source=self.asked.source,
            **more,
        )
        if sent.status >= _FIRST_REFUSAL:
            content = json.loads(sent.body)
            raise Refused(sent.status, str(content["code"]), content)
        return sent
