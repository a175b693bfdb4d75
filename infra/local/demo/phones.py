"""The phones of the people in the demo: the messages that the mock gateway has sent them.

Promise: a script gets a one-time code as a person does, by reading the message.
Downside: it asks the gateway's control panel, which a real gateway does not have.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

if TYPE_CHECKING:
    import urllib3

_LOOK_SECONDS: Final = 0.05


class NoMessage(RuntimeError):
    """The message did not come in time."""


class Phones:
    """Reads the inbox of the mock gateway at `sms_url`."""

    def __init__(self, sms_url: str, http: urllib3.PoolManager) -> None:
        self._url = f"{sms_url}/control/messages"
        self._http = http

    def messages(self, phone: str) -> list[dict[str, Any]]:
        """Return a phone's messages, oldest first."""
        answer = self._http.request("GET", f"{self._url}?{urlencode({'phone': phone})}")
        messages: list[dict[str, Any]] = answer.json()["messages"]
        return messages

    def latest_code(self, phone: str, case_id: str) -> str | None:
        """Return the newest one-time code of a case on a phone; None if there is none yet."""
        codes = [
            message["values"]["code"]
            for message in self.messages(phone)
            if message["template"] == "signing_code" and message["message_id"].startswith(f"{case_id}-")
        ]
        return str(codes[-1]) if codes else None

    def link(self, phone: str, case_id: str, *, seconds: float = 30.0) -> str:
        """Wait for a message of a case with a link and return the newest link; raises NoMessage."""
        give_up_at = time.monotonic() + seconds
        while True:
            about = [each for each in self.messages(phone) if each["message_id"].startswith(f"{case_id}-")]
            links = [each["link"] for each in about if each.get("link")]
            if links:
                return str(links[-1])
            if time.monotonic() > give_up_at:
                raise NoMessage(f"no link of {case_id} within {seconds:.0f} s")
            time.sleep(_LOOK_SECONDS)

    def sign_in_code(self, phone: str, case_id: str, *, seconds: float = 30.0) -> str:
        """Wait for a code to come in by a link and return the newest; raises NoMessage."""
        give_up_at = time.monotonic() + seconds
        while time.monotonic() < give_up_at:
            codes = [
                each["values"]["code"]
                for each in self.messages(phone)
                if each["template"] == "sign_in_code" and each["message_id"].startswith(f"{case_id}-")
            ]
            if codes:
                return str(codes[-1])
            time.sleep(_LOOK_SECONDS)
        raise NoMessage(f"no code of {case_id} within {seconds:.0f} s")

    def signing_code(self, phone: str, case_id: str, *, seconds: float = 30.0) -> str:
        """Wait for a code of a case to sign with and return the newest; raises NoMessage."""
        give_up_at = time.monotonic() + seconds
        while (found := self.latest_code(phone, case_id)) is None:
            if time.monotonic() > give_up_at:
                raise NoMessage(f"no code of {case_id} within {seconds:.0f} s")
            time.sleep(_LOOK_SECONDS)
        return found

    def application_code(self, phone: str) -> str | None:
        """Return the newest code to apply with on a phone; None if there is none yet."""
        sent = [each for each in self.messages(phone) if each["template"] == "application_code"]
        return str(sent[-1]["values"]["code"]) if sent else None

    def code(self, phone: str, notice_id: str, *, seconds: float = 30.0) -> str:
        """Wait for the message of this id and return its code; raises NoMessage."""
        give_up_at = time.monotonic() + seconds
        while True:
            for message in self.messages(phone):
                if message["message_id"] == notice_id:
                    return str(message["values"]["code"])
            if time.monotonic() > give_up_at:
                raise NoMessage(f"{notice_id} did not come within {seconds:.0f} s")
            time.sleep(_LOOK_SECONDS)
