"""Plays one case by a script of the demo as people would: look at the case once, then act.

Promise: each act costs the hub two requests, the actor's look at the case and the act itself; when to look is
read from the emulator, not from the hub. Nobody acts before the hub is at rest, since people are slower.
Downside: the look is always the centre's, so one token does the reading of five roles.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from chalicelib.domain.roles import Actor, Role
from infra.bench.children import BenchError
from infra.bench.emulator import wait_until
from infra.local.demo.script import TERMINAL, Standing
from infra.local.demo.scripts import SCRIPTS
from infra.local.stack import COURT_ID

if TYPE_CHECKING:
    from collections.abc import Mapping

    from infra.bench.emulator import Behind
    from infra.local.demo.client import Answer, HubClient
    from infra.local.demo.phones import Phones
    from infra.local.demo.script import Script

_BANK: Final = "bank-rcb"
INSTITUTION: Final = {"role": "institution", "sub": "bank-system", "institution_id": _BANK}
INSTITUTION_ACTOR: Final = Actor(role=Role.INSTITUTION, subject="bank-system", institution_id=_BANK)
_CENTRE: Final = {"role": "centre", "sub": "centre-system", "court_id": COURT_ID}
_MOST_ACTS: Final = 40


@dataclass(frozen=True, slots=True)
class Played:
    """A case that has ended."""

    case_id: str
    stage: str


def script_named(name: str) -> Script:
    """Return a script of the demo; raises BenchError for an unknown name."""
    for script in SCRIPTS:
        if script.name == name:
            return script
    raise BenchError(f"the demo has no script {name!r}")


@dataclass(frozen=True, slots=True)
class Scene:
    """Where cases are played: the hub, the phones of the parties, and the emulator itself."""

    hub: HubClient
    phones: Phones
    behind: Behind


def play(at: Scene, script: Script, filing: Mapping[str, Any]) -> Played:
    """File a case and act on it until it has ended and no work on it is left. Raises BenchError."""
    hub, behind, memory = at.hub, at.behind, dict[str, Any]()
    filed = hub.post(INSTITUTION, "/v1/filings", filing, Idempotency_Key=f"bench-{filing['contract_number']}")
    case_id = str(_accepted(filed)["case_id"])
    for _ in range(_MOST_ACTS):
        wait_until(lambda: _someones_turn(behind, case_id, script), f"{case_id}: somebody's turn")
        stage = behind.standing(case_id).stage
        if stage in TERMINAL:
            break
        _act(at, case_id, script, filing, memory)
    else:
        raise BenchError(f"{case_id} did not end after {_MOST_ACTS} acts")
    if stage not in script.ends:
        raise BenchError(f"{case_id} ended as {stage}, not as {script.name!r} should")
    wait_until(behind.drained, f"{case_id}: empty queues")
    return Played(case_id, stage)


def _someones_turn(behind: Behind, case_id: str, script: Script) -> bool:
    standing = behind.standing(case_id)
    over = standing.stage in TERMINAL and not standing.looked_after
    return over or (standing.at_rest and standing.stage in script.moves and behind.drained())


def _act(at: Scene, case_id: str, script: Script, filing: Mapping[str, Any], memory: dict[str, Any]) -> None:
    path = f"/v1/cases/{case_id}"
    view = _accepted(at.hub.get(_CENTRE, path))
    turns: Counter[str] = Counter()
    standing = Standing(
        view=view,
        now=datetime.now(UTC),
        memory=memory,
        read_settlement=lambda: _accepted(at.hub.get(_CENTRE, f"{path}/settlement")),
        read_code=lambda party_id: at.phones.latest_code(_phone(filing, party_id), case_id),
        take_turn=turns.__getitem__,
    )
    act = script.moves[view["stage"]](standing)
    if act is None:
        return
    who = claims(act.role, case_id, act.party_id)
    _accepted(at.hub.post(who, f"{path}/{act.resource}", act.body, If_Match=f'"{view["version"]}"'))


def _phone(filing: Mapping[str, Any], party_id: str) -> str:
    parties = [filing["applicant"]] if party_id.startswith("a") else filing["respondents"]
    return str(parties[int(party_id[1:]) - 1]["phone"])


def claims(role: str, case_id: str, party_id: str | None) -> dict[str, Any]:
    """Return the token claims of whoever acts; "agent" is the institution's lawyer."""
    if role == "institution":
        return INSTITUTION
    if role == "agent":
        return {**INSTITUTION, "sub": "lawyer-of-the-bank", "agent_of": [f"{case_id}:a1:g1"]}
    if role == "borrower":
        return {"role": role, "sub": f"{case_id}-{party_id}", "case_ids": [f"{case_id}:{party_id}"]}
    own = {"mediator_id": "m-001"} if role == "mediator" else {}
    return {"role": role, "sub": f"{role}-system", "court_id": COURT_ID, **own}


def _accepted(answer: Answer) -> Any:
    if not answer.ok:
        raise BenchError(f"the hub refused: {answer.status} {answer.code}")
    return answer.body
