"""Plays every role's part until each case has ended.

Promise: each round reads the centre's list once and lets every case make a few acts, each on the version in
the answer to the one before; after a refused act (the case moved meanwhile) the next round decides again.
Time passes when a round had nothing to do and nothing else was under way. Filing is retried with the same
idempotency key; papers are checked in a thread beside the acts. Downside: one process plays everybody, so
acts queue up.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Any, Final

from infra.local.demo import debts, people
from infra.local.demo.applying import apply
from infra.local.demo.script import TERMINAL, Act, Script, Standing, View
from infra.local.enrolment import INSTITUTIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Future
    from datetime import date, datetime

    from infra.local.demo.client import Answer, HubClient
    from infra.local.demo.papers import Papers
    from infra.local.demo.phones import Phones
    from infra.local.passing import Passing

COURT_ID: Final = "jiaocheng"
_STALE: Final = frozenset({409, 412})
_BUSY: Final = frozenset({429, 500, 502, 503, 504})
_WORKERS: Final = 4
_ACTS_A_ROUND: Final = 6
_WITH_A_DEBT: Final = 0.5


class HubBusy(Exception):
    """The hub was too busy to answer a read."""


@dataclass
class Course:
    """One case: its script and the hub's latest view of it."""

    number: int
    script: Script
    institution_id: str
    filing: dict[str, Any]
    case_id: str | None = None
    view: View | None = None
    memory: dict[str, Any] = field(default_factory=dict)
    papers: set[str] = field(default_factory=set)
    refusals: list[str] = field(default_factory=list)
    left_alone: bool = False
    """Whether the script's last move, after an end, was to do nothing."""
    performance: View | None = None
    """What the hub last said of its settlement, until something may have changed it."""
    applies: bool = False
    """Whether its borrower applies for the mediation itself, and the filing answers that."""

    @property
    def stage(self) -> str:
        """Where the hub says it stands; "unfiled" before it has a case."""
        return self.view["stage"] if self.view else "unfiled"

    def follow(self, view: View) -> None:
        """Take in what the hub says now."""
        if self.view is None or view["version"] != self.view["version"]:
            self.performance = None
        self.view = view

    @property
    def over(self) -> bool:
        """Whether the case has ended, and nobody has a move left that opens it again."""
        return self.stage in TERMINAL and (self.stage not in self.script.moves or self.left_alone)

    @property
    def wrong(self) -> str | None:
        """Why this case did not end as it should, or None."""
        if self.view is None or not self.over:
            return f"did not end: {self.stage}"
        if self.stage not in self.script.ends:
            return f"ended as {self.stage}, not {' or '.join(sorted(self.script.ends))}"
        if self.stage != "withdrawn" and self.view["failure"] not in self.script.failures:
            right = " or ".join(str(reason) for reason in self.script.failures)
            return f"failure is {self.view['failure']}, not {right}"
        return None

    def claims(self, role: str, party_id: str | None = None) -> dict[str, Any]:
        """Return a role's token claims for this case; `party_id` chooses the borrower.

        "agent" is the institution's lawyer, "colleague" somebody of the centre who records nothing.
        """
        if role == "agent":
            place = {"institution_id": self.institution_id, "agent_of": [f"{self.case_id}:a1:g1"]}
            return {"role": "institution", "sub": "lawyer-of-the-bank", **place}
        if role == "colleague":
            return {"role": "centre", "sub": "centre-colleague", "court_id": COURT_ID}
        own: dict[str, dict[str, Any]] = {
            "mediator": {"court_id": COURT_ID, "mediator_id": "m-001"},
            "judge": {"court_id": COURT_ID, "judge_id": "j-001"},
            "institution": {"institution_id": self.institution_id},
            "borrower": {"case_ids": [f"{self.case_id}:{party_id or 'r1'}"]},
        }
        subject = f"{self.case_id}-{party_id or 'r1'}" if role == "borrower" else f"{role}-system"
        return {"role": role, "sub": subject, **own.get(role, {"court_id": COURT_ID})}

    def phone(self, party_id: str) -> str:
        """Return a party's phone, as it was filed."""
        if party_id.startswith("a"):
            return str(self.filing["applicant"]["phone"])
        return str(self.filing["respondents"][int(party_id[1:]) - 1]["phone"])


def _applies(courses: Sequence[Course]) -> None:
    """Let the first borrower with a mobile phone come by an application of its own."""
    for course in courses:
        respondent = course.filing["respondents"][0]
        if respondent["kind"] == "person" and not course.script.landline:
            course.applies = True
            return


def plan_courses(scripts: Sequence[Script], seed: int, as_of: date) -> list[Course]:
    """Make up the caseload, the same for the same seed; some filings include their debt."""
    random = Random(seed)  # noqa: S311 - a caseload is no secret
    order = list(scripts)
    random.shuffle(order)
    order.sort(key=lambda script: not script.patient)
    courses = []
    for number, script in enumerate(order, start=1):
        institution = random.choice(INSTITUTIONS)
        filing = people.filing(random, number, COURT_ID, as_of)
        if random.random() < _WITH_A_DEBT:
            filing["debt"] = debts.debt(random, filing["case_type"], as_of)
        if script.landline:
            filing["respondents"][0]["phone"] = people.LANDLINE
        courses.append(Course(number, script, institution, filing))
    _applies(courses)
    return courses


class Driver:
    """Files the caseload and acts on it."""

    def __init__(
        self,
        hub: HubClient,
        phones: Phones,
        papers: Papers,
        courses: Sequence[Course],
        *,
        now: Callable[[], datetime],
        passing: Passing,
        run: str,
        in_flight: int,
    ) -> None:
        """`now` is the hub's time; `run` makes idempotency keys unique; `in_flight` bounds the open cases."""
        self._hub = hub
        self._phones = phones
        self._papers = papers
        self._courses = courses
        self._now = now
        self._passing = passing
        self._run = run
        self._in_flight = in_flight
        self._by_case: dict[str, Course] = {}
        self._turns: Counter[str] = Counter()
        self.rung = 0
        """How many people without a mobile number the centre has rung."""
        self._lock = threading.Lock()
        self._busy = False
        """Whether the hub refused somebody for the moment, so that there is something left to do."""

    def rounds(self, give_up_after_seconds: float) -> Iterator[None]:
        """Play round after round until every case has ended, or the time is up."""
        give_up_at = time.monotonic() + give_up_after_seconds
        with ThreadPoolExecutor(_WORKERS) as pool, ThreadPoolExecutor(1) as archive:
            filed_away: Future[None] | None = None
            while time.monotonic() < give_up_at and not all(course.over for course in self._courses):
                self._passing.settle()
                mark, self._busy = self._passing.mark(), False
                self._file_more(pool)
                self._read_all()
                self._ring()
                acting = [course for course in self._by_case.values() if not course.over]
                acted = any(list(pool.map(self._play, acting)))
                if filed_away is None or filed_away.done():
                    filed_away = archive.submit(self._look_at_papers, acting)
                yield
                if not acted and not self._busy:
                    self._passing.pass_on(mark)
            archive.submit(self._look_at_papers, self._courses).result()

    def _file_more(self, pool: ThreadPoolExecutor) -> None:
        unfiled = [course for course in self._courses if course.case_id is None]
        open_cases = sum(1 for course in self._by_case.values() if not course.over)
        list(pool.map(self._file, unfiled[: max(0, self._in_flight - open_cases)]))

    def _file(self, course: Course) -> None:
        who, filing = course.claims("institution"), course.filing
        if "debt" in filing and "computed" not in course.memory:
            as_of = filing["claim"]["as_of"]
            asked = {"case_type": filing["case_type"], "debt": filing["debt"], "as_of": as_of}
            computed = self._taken(course, self._hub.post(who, "/v1/calculations", asked))
            if computed is None:
                return
            filing["claim"] = debts.claim_of(computed.body["owed"], as_of)
            course.memory["computed"] = computed.body["court_fee"]
        key = f"{self._run}-{course.number}"
        if course.applies and "application_id" not in filing:
            applied = apply(self._hub, self._phones, filing, course.institution_id, key, course.memory)
            if applied is None:  # time may pass meanwhile: a gateway that is down comes back
                return
            filing["application_id"] = applied
        filed = self._taken(course, self._hub.post(who, "/v1/filings", filing, Idempotency_Key=key))
        if filed is not None:
            course.case_id = filed.body["case_id"]
            with self._lock:
                self._by_case[filed.body["case_id"]] = course

    def _taken(self, course: Course, answer: Answer) -> Answer | None:
        """Return the answer if it succeeded, None if the hub was busy; raises RuntimeError for a refusal."""
        if answer.ok:
            return answer
        if answer.status in _BUSY:
            self._busy = True
            return None
        raise RuntimeError(f"filing {course.number} was refused: {answer.status} {answer.code} {answer.body}")

    def _read_all(self) -> None:
        path: str | None = "/v1/cases?limit=100"
        centre = {"role": "centre", "sub": "centre-system", "court_id": COURT_ID}
        while path is not None:
            page = self._hub.get(centre, path)
            if not page.ok:
                self._busy = True
                return
            for view in page.body["items"]:
                course = self._by_case.get(view["case_id"])
                if course is not None:
                    course.follow(view)
            path = f"/v1/cases?limit=100&cursor={page.body['next']}" if page.body["next"] else None

    def _ring(self) -> None:
        """Let the centre ring whom no message reached, and take them off its list."""
        centre = {"role": "centre", "sub": "centre-system", "court_id": COURT_ID}
        listed = self._hub.get(centre, "/v1/calls?limit=100")
        for call in listed.body["items"] if listed.ok else ():
            ended = self._hub.post(centre, "/v1/calls/ended", {"call_id": call["call_id"]})
            self.rung += ended.ok

    def _play(self, course: Course) -> bool:
        """Make a few acts; True if there was at least one."""
        for done in range(_ACTS_A_ROUND):
            if not self._act(course):
                return done > 0
        return True

    def _look_at_papers(self, courses: Sequence[Course]) -> None:
        # In one thread beside the acts: waiting for papers there would make cases miss their deadlines.
        for course in courses:
            if course.view is not None:
                self._papers.follow(course.view, course.filing, course.papers, course.claims)

    def _act(self, course: Course) -> bool:
        """Make the next act; True if it was taken and another may follow at once."""
        view, decide = course.view, course.script.moves.get(course.stage)
        if view is None or decide is None:
            return False
        try:
            act = decide(self._standing(course, view))
        except HubBusy:
            self._busy = True
            return False
        course.left_alone = act is None and course.stage in TERMINAL
        return act is not None and self._done(course, view, act)

    def _done(self, course: Course, view: View, act: Act) -> bool:
        who = course.claims(act.role, act.party_id)
        path = f"/v1/cases/{course.case_id}/{act.resource}"
        key = {"Idempotency_Key": f"{self._run}-{course.number}-{act.key}"} if act.key else {}
        answer = self._hub.post(who, path, act.body, If_Match=f'"{view["version"]}"', **key)
        if not answer.ok and answer.status not in _STALE | _BUSY:
            course.refusals.append(f"{act.resource}: {answer.status} {answer.code}")
        self._busy |= answer.status in _BUSY
        course.performance = None
        if answer.ok and "stage" in answer.body:
            course.view = answer.body
        return answer.ok

    def _standing(self, course: Course, view: View) -> Standing:
        return Standing(
            view=view,
            now=self._now(),
            memory=course.memory,
            read_settlement=lambda: self._settlement(course),
            read_code=lambda party_id: self._phones.latest_code(course.phone(party_id), view["case_id"]),
            take_turn=lambda fork: self._turn(course, fork),
        )

    def _settlement(self, course: Course) -> View:
        # Under an agreement only time and this course's own acts change what is read.
        if course.stage == "performing" and course.performance is not None:
            return course.performance
        answer = self._hub.get(course.claims("centre"), f"/v1/cases/{course.case_id}/settlement")
        if not answer.ok:
            raise HubBusy
        settlement: View = answer.body
        course.performance = settlement
        return settlement

    def _turn(self, course: Course, fork: str) -> int:
        with self._lock:
            if fork not in course.memory:
                course.memory[fork] = self._turns[fork]
                self._turns[fork] += 1
            turn: int = course.memory[fork]
            return turn
