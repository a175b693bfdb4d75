"""Plays every role's part until each case has ended.

Promise: each round reads the centre's list once and lets every case make at most one act, on the version
it was read at; a refused act (the case moved meanwhile) is simply decided anew next round. Filing is
retried with the same idempotency key. Downside: one process plays everybody, so acts queue up.
"""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Any, Final

from infra.local.demo import people
from infra.local.demo.scripts import TERMINAL, Act, Script, View

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date

    from infra.local.demo.client import HubClient

COURT_ID: Final = "jiaocheng"
_INSTITUTIONS: Final = ("bank-rcb", "bank-psbc")
_ROUND_SECONDS: Final = 0.4
_STALE: Final = frozenset({409, 412})
_BUSY: Final = frozenset({429, 500, 502, 503, 504})
_WORKERS: Final = 4


@dataclass
class Course:
    """One case on its way: its script and what the hub last said of it."""

    number: int
    script: Script
    institution_id: str
    filing: dict[str, Any]
    case_id: str | None = None
    view: View | None = None
    refusals: list[str] = field(default_factory=list)

    @property
    def stage(self) -> str:
        """Where the hub says it stands; "unfiled" before it has a case."""
        return self.view["stage"] if self.view else "unfiled"

    @property
    def over(self) -> bool:
        """Whether the case has ended."""
        return self.stage in TERMINAL

    @property
    def wrong(self) -> str | None:
        """Why this case did not end as it should, or None."""
        if self.view is None or not self.over:
            return f"did not end: {self.stage}"
        if self.stage not in self.script.ends:
            return f"ended as {self.stage}, not {' or '.join(sorted(self.script.ends))}"
        if self.stage != "withdrawn" and self.view["failure"] != self.script.failure:
            return f"failure is {self.view['failure']}, not {self.script.failure}"
        return None


def plan_courses(scripts: Sequence[Script], seed: int, as_of: date) -> list[Course]:
    """Make up the caseload, the same for the same seed."""
    random = Random(seed)  # noqa: S311 - a caseload is no secret
    order = list(scripts)
    random.shuffle(order)
    return [
        Course(
            number=number,
            script=script,
            institution_id=random.choice(_INSTITUTIONS),
            filing=people.filing(random, number, COURT_ID, as_of),
        )
        for number, script in enumerate(order, start=1)
    ]


class Driver:
    """Files the caseload and acts on it."""

    def __init__(self, hub: HubClient, courses: Sequence[Course], *, run: str, in_flight: int) -> None:
        """`run` makes idempotency keys unique to this run; `in_flight` bounds the open cases."""
        self._hub = hub
        self._courses = courses
        self._run = run
        self._in_flight = in_flight
        self._by_case: dict[str, Course] = {}
        self._lock = threading.Lock()

    def rounds(self, give_up_after_seconds: float) -> Iterator[None]:
        """Play round after round until every case has ended, or the time is up."""
        give_up_at = time.monotonic() + give_up_after_seconds
        with ThreadPoolExecutor(_WORKERS) as pool:
            while time.monotonic() < give_up_at and not all(course.over for course in self._courses):
                began = time.monotonic()
                self._file_more(pool)
                self._read_all()
                acting = [course for course in self._by_case.values() if not course.over]
                list(pool.map(self._act, acting))
                yield
                time.sleep(max(0.0, _ROUND_SECONDS - (time.monotonic() - began)))

    def _file_more(self, pool: ThreadPoolExecutor) -> None:
        unfiled = [course for course in self._courses if course.case_id is None]
        open_cases = sum(1 for course in self._by_case.values() if not course.over)
        list(pool.map(self._file, unfiled[: max(0, self._in_flight - open_cases)]))

    def _file(self, course: Course) -> None:
        who = {"role": "institution", "sub": "bank-system", "institution_id": course.institution_id}
        key = f"{self._run}-{course.number}"
        answer = self._hub.post(who, "/v1/filings", course.filing, Idempotency_Key=key)
        if answer.ok:
            course.case_id = answer.body["case_id"]
            with self._lock:
                self._by_case[answer.body["case_id"]] = course
        elif answer.status not in _BUSY:
            raise RuntimeError(f"filing {course.number} was refused: {answer.status} {answer.code}")

    def _read_all(self) -> None:
        path: str | None = "/v1/cases?limit=100"
        while path is not None:
            page = self._hub.get(self._claims("centre"), path)
            if not page.ok:
                return
            for view in page.body["items"]:
                course = self._by_case.get(view["case_id"])
                if course is not None:
                    course.view = view
            path = f"/v1/cases?limit=100&cursor={page.body['next']}" if page.body["next"] else None

    def _act(self, course: Course) -> None:
        if course.view is None:
            return
        decide: Callable[[View], Act | None] | None = course.script.moves.get(course.stage)
        act = decide(course.view) if decide else None
        if act is None:
            return
        who = self._claims(act.role, course, act.party_id)
        path = f"/v1/cases/{course.case_id}/{act.resource}"
        answer = self._hub.post(who, path, act.body, If_Match=f'"{course.view["version"]}"')
        if not answer.ok and answer.status not in _STALE | _BUSY:
            course.refusals.append(f"{act.resource}: {answer.status} {answer.code}")

    @staticmethod
    def _claims(role: str, course: Course | None = None, party_id: str | None = None) -> dict[str, Any]:
        own: dict[str, dict[str, Any]] = {
            "centre": {"court_id": COURT_ID},
            "mediator": {"court_id": COURT_ID, "mediator_id": "m-001"},
            "institution": {"institution_id": course.institution_id if course else ""},
            "borrower": {"case_ids": [f"{course.case_id}:{party_id}"] if course else []},
        }
        subject = f"{course.case_id}-{party_id}" if role == "borrower" and course else f"{role}-system"
        return {"role": role, "sub": subject, **own[role]}
