"""The table's part that every open stage has: about the parties themselves, and about the calendar."""

from __future__ import annotations

from typing import Final

from chalicelib.domain import rules
from chalicelib.domain.stages import Action, EventType, Stage
from chalicelib.domain.transitions.row import Transition


def _of(source: Stage) -> tuple[Transition, ...]:
    return (
        Transition(
            source,
            Action.CORRECT_DETAILS,
            source,
            EventType.DETAILS_CORRECTED,
            "个人信息保护法 46: wrong details are corrected; what was signed or sent stays as it was",
            command_guards=(rules.KNOWN_PARTY, rules.CORRECTS_SOMETHING),
        ),
        Transition(
            source,
            Action.RECORD_AGENT,
            source,
            EventType.AGENT_RECORDED,
            "民事诉讼法 61, 62; 民法典 165: a party authorises an agent by a letter",
            command_guards=(rules.KNOWN_PARTY, rules.OWN_PARTY, rules.TWO_AGENTS_AT_MOST),
        ),
        Transition(
            source,
            Action.CONFIRM_AGENT,
            source,
            EventType.AGENT_CONFIRMED,
            "民法典 165, 171: whom the other side named as a party's agent acts once the party confirms it",
            command_guards=(
                rules.KNOWN_PARTY,
                rules.OWN_PARTY,
                rules.AGENT_NAMED_BY_ANOTHER,
                rules.TWO_AGENTS_AT_MOST,
            ),
        ),
        Transition(
            source,
            Action.REVOKE_AGENT,
            source,
            EventType.AGENT_REVOKED,
            "民法典 173; 民事诉讼法 63: a party revokes an agent's authority",
            command_guards=(rules.KNOWN_PARTY, rules.OWN_PARTY, rules.KNOWN_AGENT),
        ),
        Transition(
            source,
            Action.MOVE_DEADLINE,
            source,
            EventType.DEADLINE_MOVED,
            "民事诉讼法 85: a last day on a holiday moves to the next working day, as it is published",
            command_guards=(rules.DEADLINE_AS_COMPUTED,),
            renews=True,
        ),
    )


_MEDIATED: Final = (
    Stage.ASSIGNED,
    Stage.IN_MEDIATION,
    Stage.SETTLED,
    Stage.PERFORMING,
    Stage.DEFAULTED,
)


def _identity(source: Stage) -> Transition:
    return Transition(
        source,
        Action.CHECK_IDENTITY,
        source,
        EventType.IDENTITY_CHECKED,
        "OL17, TY14: somebody of the mediation makes sure of who a respondent is, before it signs online",
        command_guards=(rules.KNOWN_PARTY, rules.RESPONDENT, rules.NOT_ITS_PHONE),
    )


PARTIES: Final[tuple[Transition, ...]] = tuple(
    row for stage in Stage if not stage.terminal for row in _of(stage)
) + tuple(_identity(stage) for stage in _MEDIATED)
