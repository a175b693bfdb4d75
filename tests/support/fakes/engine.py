"""A workflow engine that waits at the step of its plan, and can lose every execution."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.steps import WATCHED, Step
from chalicelib.use_cases.driving import SUPERSEDED
from chalicelib.use_cases.records import Arrival

_ENDS = frozenset({str(Step.ENDED), SUPERSEDED, *map(str, WATCHED)})
USUAL_NEXT = {
    Step.SCREENING: Step.ASSIGNMENT,
    Step.ASSIGNMENT: Step.ACCEPTANCE,
    Step.ACCEPTANCE: Step.CONSENT,
    Step.CONSENT: Step.MEDIATION,
    Step.MEDIATION: Step.DECISION,
    Step.SIGNING: Step.PERFORMANCE,
    Step.DECISION: Step.SUBMISSION,
    Step.SUBMISSION: Step.COURT_REVIEW,
    Step.COURT_REVIEW: Step.ENDED,
    Step.CORRECTION: Step.RESUBMISSION,
    Step.RESUBMISSION: Step.SUBMISSION,
}
"""Where the state machine goes from each wait by itself."""


@dataclass
class Execution:
    """One execution: the plan it follows, and the token it waits with, if it waits."""

    plan: dict[str, Any]
    token: str | None = None
    usual_next: Step | None = None

    @property
    def running(self) -> bool:
        """Whether it has not reached an end."""
        return self.plan["step"] not in _ENDS


class FakeEngine:
    """Executions by case and generation. A test moves them on with `arrivals` and `time_out`."""

    def __init__(self, tokens_before: int = 0) -> None:
        self.executions: dict[tuple[str, int], Execution] = {}
        self._tokens = tokens_before

    def start(self, case_id: str, generation: int, plan: Mapping[str, Any]) -> None:
        """Start an execution; the same generation again changes nothing."""
        self.executions.setdefault((case_id, generation), Execution(dict(plan)))

    def complete(self, token: str, plan: Mapping[str, Any], usual_next: Step | None = None) -> bool:
        """End a wait; False if nobody waits with this token."""
        execution = next((e for e in self.executions.values() if e.token == token), None)
        if execution is None:
            return False
        # A wait that succeeds goes its usual way, whatever the plan says; one that fails goes by the plan.
        succeeds = usual_next in {None, plan["step"]}
        assert not succeeds or execution.usual_next in {None, plan["step"]}, "the execution went astray"
        execution.plan, execution.token = dict(plan), None
        return True

    def running(self, case_id: str, generation: int) -> bool:
        """Tell whether the execution is alive."""
        execution = self.executions.get((case_id, generation))
        return execution is not None and execution.running

    def arrivals(self) -> list[Arrival]:
        """Let every execution that is on its way reach its step; return what the steps send."""
        on_their_way = [e for e in self.executions.values() if e.running and e.token is None]
        return [self._arrive(e, USUAL_NEXT[Step(e.plan["step"])]) for e in on_their_way]

    def time_out(self, case_id: str) -> Arrival:
        """Let the timer of the case's waiting execution run out; return what the expiry state sends."""
        waiting = [
            execution
            for (owner, _), execution in sorted(self.executions.items())
            if owner == case_id and execution.token is not None
        ]
        return self._arrive(waiting[-1], None)

    def lose(self) -> None:
        """Forget every execution."""
        self.executions.clear()

    def _arrive(self, execution: Execution, usual_next: Step | None) -> Arrival:
        self._tokens += 1
        execution.token, execution.usual_next = f"token-{self._tokens}", usual_next
        return Arrival(
            case_id=execution.plan["case_id"],
            generation=execution.plan["generation"],
            step=Step(execution.plan["step"]),
            since=execution.plan["since"],
            token=execution.token,
            usual_next=usual_next,
        )
