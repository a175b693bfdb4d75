"""How a case is answered: the same representation and entity tag, whichever route shows it.

Promise: after an act the caller gets the case as stored, with what it may do next, without a further read.
Downside: so the parties' masked details are missing there; reading the case shows them.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from chalicelib.api.operations import Reply
from chalicelib.api.parameters import etag
from chalicelib.api.schemas.cases import case_out
from chalicelib.domain.events import Channel
from chalicelib.use_cases.act_on_case import act_on_case
from chalicelib.use_cases.loading import view_of

if TYPE_CHECKING:
    from chalicelib.api.operations import Call
    from chalicelib.domain.case import Case
    from chalicelib.domain.commands import Command
    from chalicelib.use_cases.loading import CaseView


def case_reply(call: Call, view: CaseView) -> Reply:
    """Answer with a case and its version as entity tag."""
    return Reply(case_out(view, call.actor), {"ETag": etag(view.case.version)})


def act(call: Call, case_id: str, version: int, command: Command, channel: Channel = Channel.ONLINE) -> Reply:
    """Carry out a command on the version the caller read, and answer with the case as it is now."""
    case = act_on_case(call.hub, call.actor, case_id, command, expected_version=version, channel=channel)
    return answer_with(call, case)


def answer_with(call: Call, case: Case) -> Reply:
    """Answer an act with the case as it is now."""
    return case_reply(call, without_details(call, case))


def without_details(call: Call, case: Case) -> CaseView:
    """View a case that is at hand, without opening the parties' personal data."""
    return view_of(call.hub, call.actor, case)


def file_reply(content: bytes, sha256: str, media_type: str) -> Reply:
    """Answer with a file's bytes and their digest (RFC 9530)."""
    digest = base64.b64encode(bytes.fromhex(sha256)).decode()
    return Reply(content, {"Content-Digest": f"sha-256=:{digest}:"}, media_type)
