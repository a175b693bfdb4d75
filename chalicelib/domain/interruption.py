"""A mediation that waits for another mediator: its clock stands still, and what was said stays.

Promise: the clock starts once, with the first acceptance (TY27); the days without a mediator who has accepted
are given back [policy]. Consents, offers and an extension stay; the days to object to what was recorded in a
person's name run on from where they stopped. Downside: an offer that names its last day may lapse meanwhile.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from chalicelib.domain.calendar import local_date
from chalicelib.domain.objections import open_acts, resting, stages_resting_on
from chalicelib.domain.pending_act import Interruption
from chalicelib.domain.stages import Stage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.domain.case import Case, Context


def interrupted(case: Case, context: Context) -> Mapping[str, Any]:
    """Return the fields of a case whose mediator leaves it before the talks have ended."""
    if case.accepted_at is None:
        return {}
    kept = tuple(act for act in open_acts(case, context.at) if Stage.ASSIGNED not in stages_resting_on(act))
    stopped = Interruption(began=case.accepted_at, since=context.at, recorded=kept)
    return {"accepted_at": None, "interruption": stopped}


def accepted(case: Case, context: Context) -> Mapping[str, Any]:
    """Return the fields of a case whose mediator accepts: the clock starts, or goes on after a stop."""
    stopped = case.interruption
    if stopped is None:
        return {"accepted_at": context.at}
    days = (local_date(context.at) - local_date(stopped.since)).days
    waited = context.at - stopped.since
    later = tuple(replace(act, until=act.until + waited) for act in stopped.recorded)
    return {
        "accepted_at": stopped.began,
        "held_days": (case.held_days or 0) + days,
        "interruption": None,
        "recorded": (*resting(case, context.at, case.stage), *later),
    }
