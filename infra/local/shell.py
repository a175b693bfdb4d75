"""Commands for whoever tries the running stack out: variables and functions once, short lines after.

Promise: `.local/run.sh` sets what changes with each run (addresses, ids of cases and people, dates), gets a
token for each role when it is read, and has the functions that the printed lines and the guides' blocks use
(`functions.sh`); each line works as it stands, in the order printed. The file is its owner's alone.
Downside: it needs bash, curl and the Python that runs the stack. Tokens end after an hour; `renew` gets
others.
"""

from __future__ import annotations

import json
import shlex
import sys
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from infra.local.court.clock import day_in_china
from infra.local.enrolment import ACCOUNT
from infra.local.example import example_filing, key_of_today, role_claims
from infra.local.kept_files import write_whole
from infra.local.stack import COURT_ID

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from infra.local.stack import Stack

_VARIABLES: Final = {
    "institution": "BANK",
    "centre": "CENTRE",
    "colleague": "COLLEAGUE",
    "mediator": "MEDIATOR",
    "judge": "JUDGE",
    "court": "COURT_SYSTEM",
    "ops": "OPS",
    "data_protection": "DATA_PROTECTION",
}
"""The variable of each role's token; BORROWER's is for both cases (`_borrower_of_case`)."""
_PAY_WITHIN: Final = timedelta(days=20)
_FUNCTIONS: Final = Path(__file__).with_name("functions.sh")


@dataclass(frozen=True, slots=True)
class Line:
    """A command, and what it is for in both languages."""

    what: str
    command: str


def write_script(file: Path, stack: Stack, cases: Mapping[str, str], talks: Mapping[str, Any]) -> None:
    """Write the variables and functions.

    `cases` are the example cases' ids by variable, CASE and TALKS; `talks` is the filing of the latter.
    """
    roles = role_claims(cases["TALKS"])
    claims = {**roles, "colleague": {**roles["centre"], "sub": "centre-2"}}
    bank, person = talks["applicant"], talks["respondents"][0]
    today = day_in_china(stack.clock.now())
    next_month = today.replace(day=1) + timedelta(days=31)
    values = {
        "HUB": stack.hub_url,
        "COURT": stack.court_url,
        "ISSUER": stack.issuer_url,
        "SMS": stack.sms_url,
        "PYTHON": sys.executable,
        **cases,
        "TODAY": today.isoformat(),
        "YEAR": str(next_month.year),
        "MONTH": str(next_month.month),
        "COURT_ID": COURT_ID,
        "BANK_ID": roles["institution"]["institution_id"],
        "BANK_NAME": ACCOUNT["holder"],
        "BRANCH_NAME": ACCOUNT["bank"],
        "MEDIATOR_ID": roles["mediator"]["mediator_id"],
        "OTHER_MEDIATOR": "m-002",
        "JUDGE_ID": roles["judge"]["judge_id"],
        "BANK_PHONE": bank["phone"],
        "BORROWER_PHONE": person["phone"],
    }
    lines = [f"{name}={shlex.quote(value)}" for name, value in values.items()]
    tokens = [f"  {name}=$(token {_quoted(claims[role])})" for role, name in _VARIABLES.items()]
    renew = (
        "# renew: a new token for each role",
        "renew() {",
        *tokens,
        "  _borrower_of_case",
        "}",
        "renew",
        "",
    )
    parts = ("\n".join(lines) + "\n", _FUNCTIONS.read_text(encoding="utf-8"), "\n".join(renew))
    write_whole(file, "\n".join(parts).encode())


def first_looks() -> Iterator[Line]:
    """Yield a filing, and a look by each role."""
    filing = _quoted(example_filing("my first filing", 2))
    yield Line("the bank files 银行提交", f"file_case {key_of_today('my-first-filing')} {filing}")
    for role, path in (("centre", "/v1/cases"), ("mediator", "/v1/cases"), ("judge", "/v1/cases")):
        yield Line(f"{role} lists cases 案件列表", f'look "${_VARIABLES[role]}" {path}')
    yield Line("court system: the events 法院系统查看事件", 'look "$COURT_SYSTEM" /v1/cases/$CASE/events')
    yield Line("operations: the case 运维查看案件", 'look "$OPS" /v1/cases/$CASE')
    yield Line(
        "the centre rings the parties 调解中心联系当事人",
        'look "$CENTRE" "/v1/cases/$CASE/contacts?purpose=arrange_mediation"',
    )
    yield Line("data protection: who looked 查看记录", 'look "$DATA_PROTECTION" /v1/contact-looks')


def settlement(stack: Stack) -> Iterator[Line]:
    """Yield the commands from an offer to an agreement that both sides have signed."""
    by = (day_in_china(stack.clock.now()) + _PAY_WITHIN).isoformat()
    offer = {
        "side": "applicant",
        "tier": "lump_sum",
        "schedule": {"kind": "lump_sum", "by": by},
        "valid_days": 7,
    }
    accept = {"side": "respondent", "reply": "accepted"}
    clause = {"grace_days": 5, "clawback": True, "acceleration": True}
    terms = {"account": ACCOUNT, "default_clause": clause, "confirmation_wanted": True}
    yield Line("1 the bank offers 银行提出方案", _on_talks("BANK", "offers", offer))
    yield Line("2 the borrower accepts 借款人承诺", _on_talks("BORROWER", "offers/1/answers", accept))
    yield Line(
        "3 the mediator draws up the agreement 调解员订立协议", _on_talks("MEDIATOR", "settlement", terms)
    )
    checked = {"party_id": "r1", "how": "video"}
    yield Line(
        "4 the mediator checks who signs 调解员核对身份", _on_talks("MEDIATOR", "identity-checks", checked)
    )
    yield Line("5 the borrower signs 借款人签署", 'sign "$BORROWER" $TALKS r1 $BORROWER_PHONE')
    yield Line("6 the bank signs 银行签署", 'sign "$BANK" $TALKS a1 $BANK_PHONE')
    yield Line("7 what was agreed 方案与协议", 'look "$BORROWER" /v1/cases/$TALKS/settlement')


def _on_talks(token: str, resource: str, body: Mapping[str, Any]) -> str:
    return f'act "${token}" $TALKS {resource} {_quoted(body)}'


def _quoted(body: Mapping[str, Any]) -> str:
    return shlex.quote(json.dumps(body, ensure_ascii=False))
