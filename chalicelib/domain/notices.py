"""Notices to people (通知): what a party is told by short message, and which event causes which notice.

Promise: a notice holds ids, codes, days and amounts only: no name, no phone number and no one-time code
(which is made when the message is sent). Its id is made from what caused it, so that a retry can't make two.
Downside: the gateway chooses the wording by the kind; a new value of a kind changes the contract with the
gateway.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class NoticeKind(StrEnum):
    """What a notice is about; each is a template of the gateway's."""

    SIGNING_CODE = "signing_code"  # 签署验证码
    PAYMENT_DUE = "payment_due"  # 还款提醒
    PAYMENT_LATE = "payment_late"  # 逾期提醒
    DEFAULT_DECLARED = "default_declared"  # 违约通知
    CONFIRMATION_WINDOW = "confirmation_window"  # 司法确认申请期限提醒
    ACT_RECORDED = "act_recorded"  # 以本人名义登记的事项


VALUE_NAMES: Final[Mapping[NoticeKind, frozenset[str]]] = {
    NoticeKind.SIGNING_CODE: frozenset({"number"}),
    NoticeKind.PAYMENT_DUE: frozenset({"line", "due_on", "amount"}),
    NoticeKind.PAYMENT_LATE: frozenset({"line", "due_on", "amount"}),
    NoticeKind.DEFAULT_DECLARED: frozenset({"line", "remaining"}),
    NoticeKind.CONFIRMATION_WINDOW: frozenset({"closes_on"}),
    NoticeKind.ACT_RECORDED: frozenset({"act"}),
}
"""The values of each kind: lines and numbers count from 1, days are ISO 8601, amounts yuan and fen."""

_FORMS: Final = {
    "number": re.compile(r"[1-9][0-9]{0,8}"),
    "line": re.compile(r"[1-9][0-9]{0,2}"),
    "due_on": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    "closes_on": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    "amount": re.compile(r"[0-9]{1,13}\.[0-9]{2}"),
    "act": re.compile(r"[a-z][a-z_]{1,31}"),
    "remaining": re.compile(r"[0-9]{1,13}\.[0-9]{2}"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyNotice:
    """A message owed to a party: stored with the event that caused it, cleared when it is sent."""

    notice_id: str
    case_id: str
    party_id: str
    kind: NoticeKind
    values: Mapping[str, str]

    def __post_init__(self) -> None:
        if self.values.keys() != VALUE_NAMES[self.kind]:
            raise ValueError(f"a notice of kind {self.kind} has {sorted(VALUE_NAMES[self.kind])}")
        for name, value in self.values.items():
            if not _FORMS[name].fullmatch(value):
                # The error does not repeat the value: a wrong one could be personal data.
                raise ValueError(f"{name} of a notice of kind {self.kind} is a code, a day or an amount")


def notice_of(
    case_id: str, sequence: int, party_id: str, kind: NoticeKind, values: Mapping[str, str]
) -> PartyNotice:
    """Return the notice to a party because of event (or code) `sequence`; raises ValueError for wrong values.

    One event may remind a party of several payments of a plan: each line has a notice of its own.
    """
    line = f"-{values['line']}" if "line" in values else ""
    return PartyNotice(
        notice_id=f"{case_id}-N{sequence}-{party_id}-{kind}{line}",
        case_id=case_id,
        party_id=party_id,
        kind=kind,
        values=dict(values),
    )
