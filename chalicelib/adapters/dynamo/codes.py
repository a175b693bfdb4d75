"""One-time codes that are stored nowhere: made from the institution's key and the code's number (RFC 4226).

Promise: nobody can make a code's digits from its record (number, document, times, attempts) without the
institution's data key; a code of one case, party or document fits no other. No number is used twice, so the
record is never deleted: its numbers would begin again, with the same digits. A conditional write counts each
attempt before anything is compared, so simultaneous attempts together get no more than five. Downside:
whoever can read the table and unwrap the key can make the code; they can also read the phone number.
"""

from __future__ import annotations

import base64
import hmac
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from chalicelib.adapters.dynamo.beside import OnTable
from chalicelib.adapters.dynamo.due import notice_record
from chalicelib.adapters.dynamo.records import CodeRecord
from chalicelib.adapters.dynamo.table import Cancelled
from chalicelib.domain.agreement.codes import (
    MOST_ATTEMPTS,
    Code,
    check_attempt,
    check_digits,
    is_good,
    next_code,
)
from chalicelib.domain.errors import StoreBusy
from chalicelib.domain.notices import NoticeKind, notice_of
from chalicelib.use_cases.records import IssuedCode

if TYPE_CHECKING:
    from chalicelib.adapters.dynamo.records import Key
    from chalicelib.domain.case import Case

# The index of the code's write in the transaction that issues it.
_CODE = 0
# No act begins like this, because an act is JSON: so no act's mark is a link's.
_LINK = b"link "
_LINK_MARK_BYTES = 16


class DynamoCodes(OnTable):
    """`Codes` on the table."""

    def issue(self, case: Case, party_id: str, document_sha256: str, due_at: datetime) -> IssuedCode:
        """Issue a new code and store the notice that sends it; raises CodeRequestedTooSoon or StoreBusy."""
        latest = self._latest(case, party_id)
        code = next_code(latest, document_sha256, self._second())
        values = {"number": str(code.number)}
        notice = notice_of(case.case_id, code.number, party_id, NoticeKind.SIGNING_CODE, values)
        unchanged = CodeRecord.pk.does_not_exist() if latest is None else CodeRecord.number == latest.number
        writes = [
            self._table.to_rewrite(CodeRecord.from_value(code, _key(case, party_id)), unchanged),
            self._table.to_put(notice_record(notice, due_at)),
        ]
        try:
            self._table.transact(writes)
        except Cancelled as cancelled:
            if cancelled.stands_against(_CODE) is None:
                raise StoreBusy(str(cancelled)) from cancelled
            # Somebody got a code at the same time, so `next_code` raises CodeRequestedTooSoon.
            next_code(self._latest(case, party_id), document_sha256, self._second())
            raise StoreBusy("the code changed and is free again") from cancelled
        return IssuedCode(number=code.number, expires_at=datetime.fromtimestamp(code.expires_at, UTC))

    def verify(self, case: Case, party_id: str, document_sha256: str, code: str) -> None:
        """Count an attempt and compare; raises CodeNotVerified, CodeExpired or CodesExhausted."""
        latest = check_attempt(self._latest(case, party_id), document_sha256, self._second())
        if not self._counted(case, party_id, latest.number):
            # Others used up the attempts or another code was issued: check the record again.
            check_attempt(self._latest(case, party_id), document_sha256, self._second())
            check_digits(fits=False)
        digits = self._digits(case, party_id, latest)
        check_digits(fits=hmac.compare_digest(digits.encode(), code.encode(errors="replace")))

    def code_of(self, case: Case, party_id: str, number: int) -> str | None:
        """Return the digits of a code; None if it is replaced, expired or out of attempts."""
        latest = self._latest(case, party_id)
        if latest is None or not is_good(latest, number, self._second()):
            return None
        return self._digits(case, party_id, latest)

    def link_token(self, case: Case, person_id: str) -> str:
        """Return the token of a person's link: the same one each time, so that a retry sends the same."""
        about = f"{case.case_id} {person_id}".encode()
        mark = bytes.fromhex(self._data_keys.for_sealing(case.institution_id).mark_of(_LINK + about))
        return base64.urlsafe_b64encode(about + mark[:_LINK_MARK_BYTES]).decode().rstrip("=")

    def _second(self) -> int:
        return int(self._now())

    def _latest(self, case: Case, party_id: str) -> Code | None:
        record = self._table.get(CodeRecord, case_id=case.case_id, party_id=party_id)
        return None if record is None else record.to_value(Code)

    def _counted(self, case: Case, party_id: str, number: int) -> bool:
        return self._table.update(
            _key(case, party_id),
            [CodeRecord.attempts.add(1)],
            (CodeRecord.number == number) & (CodeRecord.attempts < MOST_ATTEMPTS),
        )

    def _digits(self, case: Case, party_id: str, code: Code) -> str:
        key = self._data_keys.for_sealing(case.institution_id)
        return key.one_time_code((case.case_id, party_id, code.document_sha256), code.number)


def _key(case: Case, party_id: str) -> Key:
    return CodeRecord.place(case_id=case.case_id, party_id=party_id)
