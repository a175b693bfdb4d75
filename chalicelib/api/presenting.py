"""How an act on a case is registered and answered: the same representation and entity tag for each route.

Promise: after an act the caller gets the case as stored, with what it may do next, without a further read.
Downside: the parties' masked details and the names of mediator and judge are missing in that answer; reading
the case shows them.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Final

from chalicelib.api.operations import SEE_OTHER, Answered, Reply
from chalicelib.api.parameters import etag
from chalicelib.api.schemas.cases import CaseOut, case_out
from chalicelib.domain.agreement.errors import CodeExpired, CodeNotVerified, CodeOfAnotherText, CodesExhausted
from chalicelib.domain.errors import ActionNotAvailable, CaseNotFound, RuleViolated, StaleVersion
from chalicelib.domain.events import Channel
from chalicelib.use_cases.act_on_case import act_on_case
from chalicelib.use_cases.loading import view_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chalicelib.api.operations import Call, Check, H, Operations
    from chalicelib.domain.case import Case
    from chalicelib.domain.commands import Command
    from chalicelib.domain.errors import HubError
    from chalicelib.domain.stages import Action
    from chalicelib.use_cases.capability_ports import Who
    from chalicelib.use_cases.loading import CaseView
    from chalicelib.use_cases.records import Fetched


LARGEST_FILE_BYTES: Final = 4 * 1024 * 1024
"""Lambda's answer holds 6 MB, in which a file stands as base64."""
CODE_REFUSALS: Final = (CodeNotVerified, CodeOfAnotherText, CodeExpired, CodesExhausted)
"""How a one-time code is refused that confirms an act in a person's name."""


def act_on(
    operations: Operations,
    resource: str,
    zh: str,
    *actions: Action,
    refusals: tuple[type[HubError], ...] = (),
    check: Check | None = None,
) -> Callable[[H], H]:
    """Register a handler as an act on a case; `refusals` are its errors beyond those of every act."""
    return operations.post(
        f"/v1/cases/{{case_id}}/{resource}",
        zh,
        Answered(model=CaseOut, headers=("ETag", "Idempotent-Replayed")),
        actions=actions,
        refusals=(CaseNotFound, ActionNotAvailable, RuleViolated, StaleVersion, *refusals),
        check=check,
    )


def case_reply(call: Call, view: CaseView) -> Reply:
    """Answer with a case and its version as entity tag."""
    return Reply(case_out(view, call.actor), {"ETag": etag(view.case.version)})


def act(
    call: Call,
    case_id: str,
    version: int,
    command: Command,
    channel: Channel = Channel.ONLINE,
    code: str | None = None,
) -> Reply:
    """Carry out a command on the version the caller read, and answer with the case as it is now."""
    case = act_on_case(
        call.hub, call.actor, case_id, command, expected_version=version, channel=channel, code=code
    )
    return answer_with(call, case)


def answer_with(call: Call, case: Case) -> Reply:
    """Answer an act with the case as it is now."""
    return case_reply(call, without_details(call, case))


def speaker(call: Call, case_id: str, named: str | None) -> str:
    """Return who speaks: the party that is named, else the token's; empty where neither says."""
    return named or call.actor.party_in(case_id) or ""


def without_details(call: Call, case: Case, names: Mapping[Who, str] | None = None) -> CaseView:
    """View a case that is already read, without decrypting the parties' personal data."""
    return view_of(call.hub, call.actor, case, names=names)


def file_reply(found: Fetched) -> Reply:
    """Answer with a file's bytes and their digest (RFC 9530), or with a link if they are too many."""
    if len(found.content) > LARGEST_FILE_BYTES:
        return Reply(
            b"", {"Location": found.link(), "Cache-Control": "no-store"}, found.media_type, status=SEE_OTHER
        )
    digest = base64.b64encode(bytes.fromhex(found.sha256)).decode()
    return Reply(found.content, {"Content-Digest": f"sha-256=:{digest}:"}, found.media_type)
