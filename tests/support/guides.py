"""Tests of guides: sends the requests on a page of docs/guides to the hub in memory and compares the answers.

A block ```sh is what a reader pastes after `. .local/run.sh`: `send <<END`, a request (`POST /v1/…`, headers,
an empty line, JSON) and `END`, or `meanwhile` and what others do. A block ```http is an answer
(`HTTP/1.1 200`, an empty line, a part of the JSON), or a request that is only shown. `<!-- play: … -->` says
until when time passes, or what others do that can't be pasted. The variables and functions are those of
infra/local/functions.sh.
Promise: everything that a shown answer contains was in the hub's answer; lists are in its order. Downside:
what a shown answer leaves out is not checked. tests/journeys/test_guides.py pastes the same blocks into bash.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from chalicelib.use_cases.reconcile import reconcile
from tests.support import bodies, settling
from tests.support.courses import APPOINTMENT, act, done, file_case, in_mediation
from tests.support.fakes.samples import CENTRE, INSTITUTION, JUDGE, MEDIATOR, borrower
from tests.support.http import Answer, Api

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chalicelib.domain.roles import Actor
    from tests.support.fakes import FakeHub

PLAYED_ON: Final = date(2026, 3, 2)
"""The day on which the fake hub's clock begins; the dates in the shown answers follow from it."""
VARIABLES: Final[Mapping[str, str]] = {
    "COURT_ID": "court-jc",
    "BANK_ID": "bank-1",
    "BANK_NAME": "海滨测试银行",
    "BRANCH_NAME": "海滨测试银行蕉城支行",
    "MEDIATOR_ID": "m-1",
    "OTHER_MEDIATOR": "m-2",
    "JUDGE_ID": "j-1",
    "NEW": "000123",
    "TODAY": "2026-03-02",
    "YEAR": "2026",
    "MONTH": "4",
}
"""What `.local/run.sh` sets on a running stack."""
COLLEAGUE: Final = replace(CENTRE, subject="centre-9")
"""Somebody of the centre who recorded nothing."""
_PART: Final = re.compile(
    r"^<!-- play: (?P<play>[^>]+) -->$|^```http\n(?P<http>.*?)^```$|^```sh\n(?P<pasted>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
_SENT: Final = re.compile(r"send <<END\n(?P<request>.*)END\n", re.DOTALL)
_FILLED: Final = re.compile(r"\$(?:(?P<variable>[A-Z_]+)|\((?P<function>\w+)(?: (?P<argument>\S+))?\))")
_MEANWHILE: Final = "meanwhile "
_UNTIL: Final = "until "
_NOTHING: Final = object()


@dataclass
class Reader:
    """Follows a guide from its first line to its last."""

    api: Api = field(default_factory=Api)
    case_id: str = ""
    answer: Answer | None = None
    asked: str = ""

    def follow(self, page: str) -> int:
        """Play a page; return how many requests and answers it showed."""
        shown = 0
        for part in _PART.finditer(page):
            sent = _SENT.fullmatch(part["pasted"] or "")
            if part["play"]:
                self.direct(part["play"])
            elif part["pasted"] and sent is None:
                for line in part["pasted"].splitlines():
                    assert line.startswith(_MEANWHILE), line
                    self.direct(line.removeprefix(_MEANWHILE))
            else:
                shown += 1
                self._exchange(sent["request"] if sent else part["http"])
        return shown

    def _exchange(self, message: str) -> None:
        head, _, body = message.partition("\n\n")
        first, *headers = head.splitlines()
        if first.startswith("HTTP/1.1 "):
            self.compare(int(first.split()[1]), self._fill(body))
        else:
            self.send(first, dict(header.split(": ", 1) for header in headers), body)

    def send(self, first: str, headers: dict[str, str], body: str) -> None:
        """Send a request as the role whose token it carries, then let the hub run."""
        method, url = first.split()
        role = headers.pop("Authorization").removeprefix("Bearer $").lower()
        if body:
            headers["Content-Type"] = "application/json"
        actor = self.actor(role)
        filled = {name: self._fill(value) for name, value in headers.items()}
        content = self._fill(body) if body else None
        self.asked = first
        self.answer = self.api.request(method, self._fill(url), actor, content, filled)
        if (url, self.answer.status) == ("/v1/filings", HTTPStatus.CREATED):
            self.case_id = self.answer.body["case_id"]
        self.api.hub.run()

    def compare(self, status: int, body: str) -> None:
        """Compare an answer that the guide shows with the hub's."""
        assert self.answer is not None, "an answer is shown before anything was asked"
        assert self.answer.status == status, f"{self.asked}: {self.answer.raw.decode()}"
        if body.strip():
            differing = list(differences(json.loads(body), self.answer.body))
            assert differing == [], f"{self.asked}: {differing} in {self.answer.raw.decode()}"

    def direct(self, direction: str) -> None:
        """Carry out a stage direction: what the guide's reader does not do."""
        if direction.startswith(_UNTIL):
            self._wait(date.fromisoformat(direction.removeprefix(_UNTIL)))
            return
        PLAYS[direction](self)
        self.api.hub.run()

    def actor(self, role: str) -> Actor:
        """Return who holds the token."""
        known = {
            "bank": INSTITUTION,
            "centre": CENTRE,
            "colleague": COLLEAGUE,
            "mediator": MEDIATOR,
            "judge": JUDGE,
        }
        return borrower(self.case_id) if role == "borrower" else known[role]

    def _wait(self, until: date) -> None:
        while settling.today(self.api.hub) < until:
            self.api.hub.clock.advance(days=1)
            reconcile(self.api.hub)
            self.api.hub.run()

    def _fill(self, text: str) -> str:
        return _FILLED.sub(
            lambda found: self._value(found["variable"], found["function"], found["argument"]), text
        )

    def _value(self, variable: str | None, function: str | None, argument: str | None) -> str:
        if variable == "ETAG":
            assert self.answer is not None
            return self.answer.headers["ETag"]
        if variable == "CASE":
            return self.case_id
        if variable is not None:
            return VARIABLES[variable]
        return FUNCTIONS[str(function)](self, argument)


def _agreement(reader: Reader, _: str | None) -> str:
    return reader.api.hub.cases.get(reader.case_id).agreement_sha256 or ""


def _recorded(reader: Reader, _: str | None) -> str:
    return str(reader.api.hub.cases.get(reader.case_id).recorded[-1].number)


def _etag(reader: Reader, _: str | None) -> str:
    return f'"{reader.api.hub.cases.get(reader.case_id).version}"'


def _code_of(reader: Reader, phone: str | None) -> str:
    code: str = reader.api.hub.gateway.inbox(str(phone))[-1].values["code"]
    return code


def _day(_: Reader, days: str | None) -> str:
    return (PLAYED_ON + timedelta(days=int(days or 0))).isoformat()


def parts(page: str) -> list[str]:
    """Return the blocks and stage directions of a page, in order."""
    return [part[0] for part in _PART.finditer(page)]


def differences(shown: object, said: object, at: str = "") -> list[str]:
    """Return the pointers at which the shown part differs from the hub's answer."""
    if isinstance(shown, dict) and isinstance(said, dict):
        return [
            each
            for name, value in shown.items()
            for each in differences(value, said.get(name, _NOTHING), f"{at}/{name}")
        ]
    if isinstance(shown, list) and isinstance(said, list) and shown:
        return _out_of_order(shown, said, at)
    return [] if shown == said else [at]


def _out_of_order(shown: list[Any], said: list[Any], at: str) -> list[str]:
    left = iter(said)
    return [
        f"{at}/{index}"
        for index, entry in enumerate(shown)
        if not any(differences(entry, each) == [] for each in left)
    ]


def _rules(reader: Reader, **ruling: Any) -> None:
    confirmation = reader.api.hub.cases.get(reader.case_id).confirmation
    assert confirmation is not None
    assert confirmation.transfer_id is not None
    said = bodies.ruled(confirmation.transfer_id, **ruling)
    answer = reader.api.call_back(said, message_id=f"ruling-{reader.case_id}")
    assert answer.status == HTTPStatus.ACCEPTED, answer.raw.decode()


def _by_use_case(play: Callable[[FakeHub, str], object], reader: Reader) -> None:
    play(reader.api.hub, reader.case_id)


def _borrower_signs(hub: FakeHub, case_id: str) -> None:
    settling.signs(hub, case_id, "r1")


def _appointed(reader: Reader) -> None:
    done(act(reader.api, reader.case_id, "assignment", APPOINTMENT, CENTRE))


def _mediation_begins(reader: Reader) -> None:
    _appointed(reader)
    done(act(reader.api, reader.case_id, "assignment", {"action": "accept"}, MEDIATOR))
    consent = {"party_id": "r1", "given": True, "online": True}
    done(act(reader.api, reader.case_id, "consents", consent, borrower(reader.case_id)))


def _applies(reader: Reader) -> None:
    application = {"side": "respondent", "party_id": "r1"}
    done(act(reader.api, reader.case_id, "confirmation", application, borrower(reader.case_id)))


def _another_case(reader: Reader) -> None:
    reader.case_id = in_mediation(reader.api, f"{reader.case_id}-AND-ANOTHER")


def _another_agreement(reader: Reader) -> None:
    _another_case(reader)
    settling.agrees(reader.api.hub, reader.case_id)


def _another_in_force(reader: Reader) -> None:
    _another_agreement(reader)
    settling.all_sign(reader.api.hub, reader.case_id)


def _filed_anew(reader: Reader) -> None:
    reader.case_id = file_case(reader.api, f"{reader.case_id}-ANEW")


def _filed(reader: Reader) -> None:
    reader.case_id = file_case(reader.api)


PLAYS: Final[Mapping[str, Callable[[Reader], None]]] = {
    "a case is filed": _filed,
    "another case is filed": _filed_anew,
    "you are appointed": _appointed,
    "mediation begins": _mediation_begins,
    "the borrower accepts": lambda reader: _by_use_case(settling.accepts, reader),
    "the mediator draws up the agreement": lambda reader: _by_use_case(settling.settles, reader),
    "the borrower signs": lambda reader: _by_use_case(_borrower_signs, reader),
    "the borrower applies": _applies,
    "the court confirms": _rules,
    "the court rejects": lambda reader: _rules(reader, ruling="rejected", ground="content_unclear"),
    "another case in mediation": _another_case,
    "another agreement to sign": _another_agreement,
    "an agreement is drawn up": lambda reader: _by_use_case(settling.agrees, reader),
    "another agreement in force": _another_in_force,
}
"""Stage directions by their words."""

FUNCTIONS: Final[Mapping[str, Callable[[Reader, str | None], str]]] = {
    "agreement": _agreement,
    "code_of": _code_of,
    "day": _day,
    "etag": _etag,
    "recorded": _recorded,
}
"""The functions of `.local/run.sh` that stand inside of a request."""
