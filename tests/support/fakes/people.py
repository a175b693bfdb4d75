"""Messages owed to parties, one-time codes, and a gateway that keeps what it was given, all in memory."""

import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from chalicelib.domain.agreement.codes import USED_UP, Code, check_attempt, check_digits, is_good, next_code
from chalicelib.domain.case import Case
from chalicelib.domain.errors import MessengerRefused, MessengerUnavailable
from chalicelib.domain.links import PAPER_SECONDS
from chalicelib.domain.notices import NoticeKind, Outcome, PartyNotice, PhoneCall, notice_of
from chalicelib.domain.own_place import OwnPlace
from chalicelib.use_cases.records import Due, IssuedCode
from tests.support.fakes.memory import Memory

_KEY = b"every institution's key in this process"


class FakeNotices:
    """Messages owed to parties."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def get(self, case_id: str, notice_id: str) -> PartyNotice | None:
        """Read what is still owed."""
        owed = _notice(case_id, notice_id) in self._memory.due
        return self._memory.notices.get((case_id, notice_id)) if owed else None

    def put_off(self, case_id: str, notice_id: str, until: datetime) -> None:
        """Make it due then, if it is still owed."""
        self._memory.set_follow_up(_notice(case_id, notice_id), until)

    def failed(self, notice: PartyNotice) -> None:
        """Record that the gateway refused it."""
        self._memory.told[notice.notice_id] = dict.fromkeys(notice.party_ids, Outcome.FAILED)

    def ended(
        self, notice: PartyNotice, outcomes: Mapping[str, Outcome], calls: Sequence[PhoneCall], at: datetime
    ) -> None:
        """Take it out of the due index, and owe the calls."""
        if self._memory.finish(_notice(notice.case_id, notice.notice_id)):
            self._memory.told[notice.notice_id] = dict(outcomes)
            self._memory.ended_at[notice.notice_id] = at
            self._memory.calls |= {(call.court_id, call.call_id): call for call in calls}


class FakeCodes:
    """One-time codes, made from a key and never kept."""

    def __init__(self, memory: Memory, real_seconds: Callable[[], float]) -> None:
        self._memory = memory
        self._real_seconds = real_seconds

    def issue(
        self,
        case: Case | OwnPlace,
        holder: str,
        document_sha256: str,
        due_at: datetime,
        told: Callable[[int], PartyNotice] | None = None,
    ) -> IssuedCode:
        """Start a new code and owe its message."""
        with self._memory.lock:
            latest = self._memory.codes.get((case.case_id, holder))
            code = next_code(latest, document_sha256, int(self._real_seconds()))
            self._memory.codes[case.case_id, holder] = code
            values = {"number": str(code.number)}
            signing = notice_of(case.case_id, code.number, holder, NoticeKind.SIGNING_CODE, values)
            self._memory.owe(told(code.number) if told else signing, due_at)
        return IssuedCode(number=code.number, expires_at=datetime.fromtimestamp(code.expires_at, UTC))

    def on_paper(self, case: Case | OwnPlace, holder: str, document_sha256: str) -> str | None:
        """Start a code that nobody is sent, once for its document."""
        with self._memory.lock:
            now = int(self._real_seconds())
            latest = self._memory.codes.get((case.case_id, holder))
            if latest is None or latest.document_sha256 != document_sha256:
                latest = next_code(latest, document_sha256, now, lasts=PAPER_SECONDS)
                self._memory.codes[case.case_id, holder] = latest
            return self.code_of(case, holder, latest.number)

    def verify(
        self, case: Case | OwnPlace, holder: str, document_sha256: str, code: str, *, once: bool = False
    ) -> None:
        """Count an attempt and compare; used up if it is good for one time."""
        with self._memory.lock:
            known = self._memory.codes.get((case.case_id, holder))
            latest = check_attempt(known, document_sha256, int(self._real_seconds()))
            fits = _digits(case, holder, latest) == code
            attempts = USED_UP if once and fits else latest.attempts + 1
            self._memory.codes[case.case_id, holder] = replace(latest, attempts=attempts)
        check_digits(fits=fits)

    def code_of(self, case: Case | OwnPlace, holder: str, number: int) -> str | None:
        """Return the digits of a code that can still be used."""
        latest = self._memory.codes.get((case.case_id, holder))
        if latest is None or not is_good(latest, number, int(self._real_seconds())):
            return None
        return _digits(case, holder, latest)


@dataclass(frozen=True)
class Sent:
    """A message as a person reads it."""

    phone: str
    kind: NoticeKind
    values: Mapping[str, str]
    case_number: str | None = None
    link: str | None = None


class FakeMessenger:
    """A gateway; the same notice id reaches the person once."""

    def __init__(self) -> None:
        self.down = False
        """While True, every call raises MessengerUnavailable."""
        self.refuses: MessengerRefused | None = None
        """Raised by every call while set."""
        self.calls = 0
        self.sent: dict[str, Sent] = {}

    def send(
        self,
        notice_id: str,
        phone: str,
        kind: NoticeKind,
        values: Mapping[str, str],
        case_number: str | None = None,
        link: str | None = None,
    ) -> None:
        """Take a message over."""
        self.calls += 1
        if self.down:
            raise MessengerUnavailable
        if self.refuses is not None:
            raise self.refuses
        self.sent.setdefault(notice_id, Sent(phone, kind, dict(values), case_number, link))

    def inbox(self, phone: str) -> list[Sent]:
        """Return what a phone has got, oldest first."""
        return [message for message in self.sent.values() if message.phone == phone]


def _notice(case_id: str, notice_id: str) -> Due:
    return Due(consumer="notices", ids=(case_id, notice_id))


def _digits(case: Case | OwnPlace, party_id: str, code: Code) -> str:
    bound_to = repr((case.institution_id, case.case_id, party_id, code.document_sha256, code.number))
    made = hmac.digest(_KEY, bound_to.encode(), hashlib.sha256)
    return f"{int.from_bytes(made) % 10**6:06}"
