"""One-time codes that are stored nowhere: made from the institution's key and the code's number (RFC 4226).

Promise: nobody can make a code's digits from its record (number, document, times, attempts) without the
institution's data key; a code of one case, party or document fits no other. No number is used twice, so the
record is never deleted: its numbers would begin again, with the same digits. A conditional write counts each
attempt before anything is compared, so simultaneous attempts together get no more than five. Downside:
whoever can read the table and unwrap the key can make the code; they can also read the phone number.
"""

from __future__ import annotations

import hmac
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from chalicelib.adapters.dynamo.beside import OnTable
from chalicelib.adapters.dynamo.due import notice_record
from chalicelib.adapters.dynamo.records import CodeRecord
from chalicelib.adapters.dynamo.table import Cancelled
from chalicelib.domain.agreement.codes import (
    MOST_ATTEMPTS,
    USED_UP,
    VALID_SECONDS,
    Code,
    check_attempt,
    check_digits,
    is_good,
    next_code,
)
from chalicelib.domain.errors import StoreBusy
from chalicelib.domain.links import PAPER_SECONDS
from chalicelib.domain.notices import NoticeKind, notice_of
from chalicelib.use_cases.records import IssuedCode

if TYPE_CHECKING:
    from collections.abc import Callable

    from pynamodb.expressions.condition import Condition

    from chalicelib.adapters.dynamo.records import Key
    from chalicelib.domain.case import Case
    from chalicelib.domain.notices import PartyNotice
    from chalicelib.domain.own_place import OwnPlace

# The index of the code's write in the transaction that issues it.
_CODE = 0


class DynamoCodes(OnTable):
    """`Codes` on the table."""

    def issue(
        self,
        case: Case | OwnPlace,
        holder: str,
        document_sha256: str,
        due_at: datetime,
        told: Callable[[int], PartyNotice] | None = None,
    ) -> IssuedCode:
        """Issue a new code and store the notice that sends it; raises CodeRequestedTooSoon or StoreBusy."""
        latest = self._latest(case, holder)
        code = next_code(latest, document_sha256, self._second())
        notice = told(code.number) if told else signing_notice(case, holder, code.number)
        writes = [
            self._table.to_rewrite(_record(case, holder, code), _unchanged(latest)),
            self._table.to_put(notice_record(notice, due_at)),
        ]
        try:
            self._table.transact(writes)
        except Cancelled as cancelled:
            if cancelled.stands_against(_CODE) is None:
                raise StoreBusy(str(cancelled)) from cancelled
            # Somebody got a code at the same time, so `next_code` raises CodeRequestedTooSoon.
            next_code(self._latest(case, holder), document_sha256, self._second())
            raise StoreBusy("the code changed and is free again") from cancelled
        return IssuedCode(number=code.number, expires_at=datetime.fromtimestamp(code.expires_at, UTC))

    def verify(
        self, case: Case | OwnPlace, holder: str, document_sha256: str, code: str, *, once: bool = False
    ) -> None:
        """Count an attempt and compare; raises CodeNotVerified, CodeExpired or CodesExhausted."""
        latest = check_attempt(self._latest(case, holder), document_sha256, self._second())
        if not self._counted(case, holder, latest.number):
            # Others used up the attempts or another code was issued: check the record again.
            check_attempt(self._latest(case, holder), document_sha256, self._second())
            check_digits(fits=False)
        digits = self._digits(case, holder, latest)
        check_digits(fits=hmac.compare_digest(digits.encode(), code.encode(errors="replace")))
        if once:
            check_digits(fits=self._used_up(case, holder, latest.number))

    def on_paper(self, case: Case | OwnPlace, holder: str, document_sha256: str) -> str | None:
        """Issue a code for paper, once for its document; raises CodeRequestedTooSoon or StoreBusy."""
        latest = self._latest(case, holder)
        if latest is None or latest.document_sha256 != document_sha256:
            code = next_code(latest, document_sha256, self._second(), lasts=PAPER_SECONDS)
            if not self._table.put(_record(case, holder, code), _unchanged(latest)):
                raise StoreBusy("another code was issued at the same time")
            latest = code
        return self.code_of(case, holder, latest.number)

    def code_of(self, case: Case | OwnPlace, holder: str, number: int) -> str | None:
        """Return the digits of a code; None if it is replaced, expired or out of attempts."""
        latest = self._latest(case, holder)
        if latest is None or not is_good(latest, number, self._second()):
            return None
        return self._digits(case, holder, latest)

    def _second(self) -> int:
        return int(self._now())

    def _latest(self, case: Case | OwnPlace, holder: str) -> Code | None:
        record = self._table.get(CodeRecord, case_id=case.case_id, party_id=holder)
        return None if record is None else record.to_value(Code)

    def _counted(self, case: Case | OwnPlace, holder: str, number: int) -> bool:
        return self._table.update(
            _key(case, holder),
            [CodeRecord.attempts.add(1)],
            (CodeRecord.number == number) & (CodeRecord.attempts < MOST_ATTEMPTS),
        )

    def _used_up(self, case: Case | OwnPlace, holder: str, number: int) -> bool:
        # The attempt is counted already, so the last one may stand at the limit.
        return self._table.update(
            _key(case, holder),
            [CodeRecord.attempts.set(USED_UP)],
            (CodeRecord.number == number) & (CodeRecord.attempts <= MOST_ATTEMPTS),
        )

    def _digits(self, case: Case | OwnPlace, holder: str, code: Code) -> str:
        key = self._data_keys.for_sealing(case.institution_id)
        return key.one_time_code((case.case_id, holder, code.document_sha256), code.number)


def signing_notice(case: Case | OwnPlace, party_id: str, number: int) -> PartyNotice:
    """Return the notice that sends a party the code of this number for its signature."""
    values = {"number": str(number)}
    return notice_of(case.case_id, number, party_id, NoticeKind.SIGNING_CODE, values)


def _unchanged(latest: Code | None) -> Condition:
    return CodeRecord.pk.does_not_exist() if latest is None else CodeRecord.number == latest.number


def _record(case: Case | OwnPlace, holder: str, code: Code) -> CodeRecord:
    lasts = None if code.lasts == VALID_SECONDS else code.lasts
    return CodeRecord.from_value(code, _key(case, holder), lasts=lasts)


def _key(case: Case | OwnPlace, holder: str) -> Key:
    return CodeRecord.place(case_id=case.case_id, party_id=holder)
