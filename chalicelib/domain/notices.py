"""Notices to people (通知): what a party is told by short message, and which event causes which notice.

Promise: a notice holds ids, codes, days and amounts only: no name, no phone number, no link and no one-time
code (both are made when the message is sent). Its id is made from what caused it, so that a retry can't make
two. `telling` says which event causes which notice. Downside: the gateway chooses the wording by the kind; a
new value of a kind changes the contract with the gateway.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from chalicelib.domain.calendar import CHINA

if TYPE_CHECKING:
    from collections.abc import Iterable


class NoticeKind(StrEnum):
    """What a notice is about; each is a template of the gateway's."""

    SIGNING_CODE = "signing_code"  # 签署验证码
    SIGN_IN_CODE = "sign_in_code"  # 登录验证码
    PAYMENT_DUE = "payment_due"  # 还款提醒
    PAYMENT_LATE = "payment_late"  # 逾期提醒
    DEFAULT_DECLARED = "default_declared"  # 违约通知
    CONFIRMATION_WINDOW = "confirmation_window"  # 司法确认申请期限提醒
    ACT_RECORDED = "act_recorded"  # 以本人名义登记的事项
    AGENT_ACTED = "agent_acted"  # 代理人办理的事项
    AGENT_NAMED = "agent_named"  # 对方为本人列明了代理人，待确认
    INVITED = "invited"  # 调解邀请
    MEDIATOR_APPOINTED = "mediator_appointed"  # 调解员已指派，如何申请更换
    RELATION_DISCLOSED = "relation_disclosed"  # 调解员披露与案件的关系，如何表示同意或者申请更换
    MEDIATOR_CHOICE = "mediator_choice"  # 请共同选择调解员
    CONSENT_ASKED = "consent_asked"  # 征求调解同意
    CONSENT_LAPSING = "consent_lapsing"  # 同意期限即将届满
    OFFER_MADE = "offer_made"  # 收到和解方案
    OFFER_ANSWERED = "offer_answered"  # 和解方案已获答复
    AGREEMENT_READY = "agreement_ready"  # 协议待阅签
    AGREEMENT_IN_FORCE = "agreement_in_force"  # 协议已生效
    CONFIRMATION_APPLIED = "confirmation_applied"  # 已申请司法确认
    CONFIRMATION_RULED = "confirmation_ruled"  # 司法确认已裁定
    TRANSFERRED = "transferred"  # 已移送法院
    DOCKETED = "docketed"  # 法院已立案
    CLOSED = "closed"  # 案件已结束
    REOPENED = "reopened"  # 款项退回，案件重新进行
    DECISION_DUE = "decision_due"  # 机构决定期限提醒
    OBJECTION_RAISED = "objection_raised"  # 另一方提出异议，案件暂停
    OBJECTION_DECIDED = "objection_decided"  # 异议已决定
    CHALLENGE_DECIDED = "challenge_decided"  # 回避申请已决定
    DETAILS_CORRECTED = "details_corrected"  # 当事人信息已更正
    MESSAGE_WRITTEN = "message_written"  # 收到留言
    DEADLINE_MOVED = "deadline_moved"  # 期限提前届满
    SESSION_SCHEDULED = "session_scheduled"  # 已安排调解会
    SESSION_MOVED = "session_moved"  # 调解会改期
    SESSION_CANCELLED = "session_cancelled"  # 调解会取消
    SESSION_NEAR = "session_near"  # 调解会即将举行
    APPLICATION_CODE = "application_code"  # 申请验证码
    APPLICATION_RECEIVED = "application_received"  # 已收到申请
    APPLICATION_TAKEN_UP = "application_taken_up"  # 申请已受理，已请机构答复
    APPLICATION_DECLINED = "application_declined"  # 申请不予受理
    APPLICATION_JOINED = "application_joined"  # 机构已就申请立案
    APPLICATION_UNANSWERED = "application_unanswered"  # 机构逾期未答复（告知申请人）
    APPLICATION_ASKED = "application_asked"  # 请机构答复申请
    APPLICATION_REMINDED = "application_reminded"  # 提醒机构答复申请
    APPLICATION_OVERDUE = "application_overdue"  # 机构答复已逾期


VALUE_NAMES: Final[Mapping[NoticeKind, frozenset[str]]] = {
    NoticeKind.SIGNING_CODE: frozenset({"number"}),
    NoticeKind.SIGN_IN_CODE: frozenset({"number", "person"}),
    NoticeKind.PAYMENT_DUE: frozenset({"line", "due_on", "amount"}),
    NoticeKind.PAYMENT_LATE: frozenset({"line", "due_on", "amount"}),
    NoticeKind.DEFAULT_DECLARED: frozenset({"line", "remaining"}),
    NoticeKind.CONFIRMATION_WINDOW: frozenset({"closes_on"}),
    NoticeKind.ACT_RECORDED: frozenset({"act"}),
    NoticeKind.AGENT_ACTED: frozenset({"act"}),
    NoticeKind.AGENT_NAMED: frozenset(),
    NoticeKind.INVITED: frozenset(),
    NoticeKind.MEDIATOR_APPOINTED: frozenset(),
    NoticeKind.RELATION_DISCLOSED: frozenset(),
    NoticeKind.MEDIATOR_CHOICE: frozenset({"until"}),
    NoticeKind.CONSENT_ASKED: frozenset({"until"}),
    NoticeKind.CONSENT_LAPSING: frozenset({"until"}),
    NoticeKind.OFFER_MADE: frozenset({"until"}),
    NoticeKind.OFFER_ANSWERED: frozenset({"answer"}),
    NoticeKind.AGREEMENT_READY: frozenset({"until"}),
    NoticeKind.AGREEMENT_IN_FORCE: frozenset(),
    NoticeKind.CONFIRMATION_APPLIED: frozenset(),
    NoticeKind.CONFIRMATION_RULED: frozenset({"result"}),
    NoticeKind.TRANSFERRED: frozenset(),
    NoticeKind.DOCKETED: frozenset(),
    NoticeKind.CLOSED: frozenset({"how"}),
    NoticeKind.REOPENED: frozenset(),
    NoticeKind.DECISION_DUE: frozenset({"until"}),
    NoticeKind.OBJECTION_RAISED: frozenset(),
    NoticeKind.OBJECTION_DECIDED: frozenset({"decision"}),
    NoticeKind.CHALLENGE_DECIDED: frozenset({"decision"}),
    NoticeKind.DETAILS_CORRECTED: frozenset(),
    NoticeKind.MESSAGE_WRITTEN: frozenset(),
    NoticeKind.DEADLINE_MOVED: frozenset({"until"}),
    NoticeKind.SESSION_SCHEDULED: frozenset(),
    NoticeKind.SESSION_MOVED: frozenset(),
    NoticeKind.SESSION_CANCELLED: frozenset(),
    NoticeKind.SESSION_NEAR: frozenset(),
    NoticeKind.APPLICATION_CODE: frozenset({"number"}),
    NoticeKind.APPLICATION_RECEIVED: frozenset({"application"}),
    NoticeKind.APPLICATION_TAKEN_UP: frozenset({"application", "until"}),
    NoticeKind.APPLICATION_DECLINED: frozenset({"application"}),
    NoticeKind.APPLICATION_JOINED: frozenset({"application"}),
    NoticeKind.APPLICATION_UNANSWERED: frozenset({"application"}),
    NoticeKind.APPLICATION_ASKED: frozenset({"application", "until"}),
    NoticeKind.APPLICATION_REMINDED: frozenset({"application", "until"}),
    NoticeKind.APPLICATION_OVERDUE: frozenset({"application"}),
}
"""The values of each kind: lines and numbers count from 1, days are ISO 8601, amounts yuan and fen."""

_FORMS: Final = {
    "number": re.compile(r"[1-9][0-9]{0,8}"),
    "application": re.compile(r"[0-9]{4}-[0-9]{6,8}"),
    "person": re.compile(r"[a-z][a-z0-9_-]{0,63}"),
    "line": re.compile(r"[1-9][0-9]{0,2}"),
    "due_on": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    "closes_on": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    "amount": re.compile(r"[0-9]{1,13}\.[0-9]{2}"),
    "act": re.compile(r"[a-z][a-z_]{1,31}"),
    "remaining": re.compile(r"[0-9]{1,13}\.[0-9]{2}"),
    "until": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    "answer": re.compile(r"accepted|declined|withdrawn"),
    "result": re.compile(r"confirmed|rejected"),
    "decision": re.compile(r"upheld|dismissed"),
    "how": re.compile(r"[a-z][a-z_]{1,31}"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyNotice:
    """A message owed to a party: stored with the event that caused it, cleared when it is sent.

    `with_parties` are told the same. A reminder is not sent before `not_before`.
    """

    notice_id: str
    case_id: str
    party_id: str
    kind: NoticeKind
    values: Mapping[str, str]
    with_parties: tuple[str, ...] = ()
    not_before: datetime | None = None

    def __post_init__(self) -> None:
        if self.values.keys() != VALUE_NAMES[self.kind]:
            raise ValueError(f"a notice of kind {self.kind} has {sorted(VALUE_NAMES[self.kind])}")
        for name, value in self.values.items():
            if not _FORMS[name].fullmatch(value):
                # The error does not repeat the value: a wrong one could be personal data.
                raise ValueError(f"{name} of a notice of kind {self.kind} is a code, a day or an amount")

    @property
    def party_ids(self) -> tuple[str, ...]:
        """Everybody who is told."""
        return (self.party_id, *self.with_parties)

    @property
    def sequence(self) -> int | None:
        """The event of the case that caused it; None where an entry of the log of talk did."""
        counted = re.match(r"-N([0-9]+)-", self.notice_id.removeprefix(self.case_id))
        return int(counted[1]) if counted else None

    def message_id(self, person_id: str) -> str:
        """Return the id of the message to a party, or to one of its representatives."""
        return self.notice_id if person_id == self.party_id else f"{self.notice_id}-{person_id}"


def notice_of(
    case_id: str, sequence: int, party_id: str, kind: NoticeKind, values: Mapping[str, str]
) -> PartyNotice:
    """Return the notice to a party because of event (or code) `sequence`; raises ValueError for wrong values.

    One event may remind a party of several payments of a plan: each line has a notice of its own.
    """
    line = f"-{values['line']}" if "line" in values else ""
    person = f"-{values['person']}" if values.get("person", party_id) != party_id else ""
    return PartyNotice(
        notice_id=f"{case_id}-N{sequence}-{party_id}-{kind}{line}{person}",
        case_id=case_id,
        party_id=party_id,
        kind=kind,
        values=dict(values),
    )


def notice_to(
    case_id: str,
    sequence: int,
    party_ids: Iterable[str],
    kind: NoticeKind,
    values: Mapping[str, str],
    not_before: datetime | None = None,
) -> PartyNotice | None:
    """Return one notice to several parties, which is one message in the queue; None if there is nobody.

    One event's reminders of several payments are each one of their own.
    """
    told = sorted(party_ids)
    if not told:
        return None
    notice = notice_of(case_id, sequence, told[0], kind, values)
    return replace(notice, with_parties=tuple(told[1:]), not_before=not_before)


def notice_of_talk(
    case_id: str, sequence: int, party_id: str, kind: NoticeKind, values: Mapping[str, str]
) -> PartyNotice:
    """Return the notice because of an entry of the log of talk, of a kind that events have, too.

    Events and entries are counted apart, so its id says which of both it counts.
    """
    notice = notice_of(case_id, sequence, party_id, kind, values)
    return replace(notice, notice_id=f"{case_id}-T{notice.notice_id.removeprefix(f'{case_id}-N')}")


class Outcome(StrEnum):
    """What came of a notice, by party."""

    SENT = "sent"  # 已提交网关
    FAILED = "failed"  # 提交失败，待处理
    NOT_REACHABLE = "not_reachable"  # 号码无法接收短信
    LAPSED = "lapsed"  # 内容已不再适用，未发送
    UNSENT = "unsent"  # 未配置网关


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneCall:
    """Somebody whom no message reaches, and whom the centre has to ring (待电话联系): ids and codes only."""

    call_id: str
    """Its place in the court's list: the oldest first."""
    court_id: str
    case_id: str
    notice_id: str
    party_id: str
    kind: NoticeKind
    at: datetime
    case_number: str | None = None


def call_for(
    notice: PartyNotice, party_id: str, court_id: str, case_number: str | None, at: datetime
) -> PhoneCall:
    """Return the call by which a party is told instead of the message that did not reach it at `at`."""
    return PhoneCall(
        call_id=f"{at.astimezone(UTC).isoformat(timespec='microseconds')}.{notice.message_id(party_id)}",
        court_id=court_id,
        case_id=notice.case_id,
        notice_id=notice.notice_id,
        party_id=party_id,
        kind=notice.kind,
        at=at,
        case_number=case_number,
    )


CODES: Final = frozenset({NoticeKind.SIGNING_CODE, NoticeKind.SIGN_IN_CODE, NoticeKind.APPLICATION_CODE})
"""What brings a one-time code: nobody reads it out, and it has no link."""
OF_APPLICATIONS: Final = frozenset(kind for kind in NoticeKind if kind.startswith("application_"))
"""What is about an application, which is no case; its case_id is the application's, or stands for a phone."""
_AT_ONCE: Final = CODES | {
    NoticeKind.ACT_RECORDED,
    NoticeKind.AGENT_ACTED,
    NoticeKind.DETAILS_CORRECTED,
}
"""Sent at night too: a code is waited for, and who did not do what was recorded must hear of it at once.

So must who did not want another number on record.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """The hours of China's day in which people are left in peace, over midnight or not [policy]."""

    begins: time = time(21)
    ends: time = time(8)

    def holds_back(self, kind: NoticeKind, at: datetime) -> bool:
        """Tell whether a message of this kind has to wait at an instant."""
        return kind not in _AT_ONCE and self._quiet(at.astimezone(CHINA).time())

    def ends_after(self, at: datetime) -> datetime:
        """Return when the quiet hours that an instant falls into end (UTC)."""
        local = at.astimezone(CHINA)
        day = local.date() + timedelta(days=local.time() >= self.ends)
        return datetime.combine(day, self.ends, tzinfo=CHINA).astimezone(UTC)

    def _quiet(self, local: time) -> bool:
        if self.begins <= self.ends:
            return self.begins <= local < self.ends
        return local >= self.begins or local < self.ends


DEFAULT_QUIET_HOURS: Final = QuietHours()


def sending_time(notice: PartyNotice, at: datetime, quiet: QuietHours | None) -> datetime:
    """Return when a notice may be sent that is looked at now: now, or later if it is too early or night."""
    earliest = max(at, notice.not_before or at)
    if quiet is not None and quiet.holds_back(notice.kind, earliest):
        return quiet.ends_after(earliest)
    return earliest
