"""A court that keeps every message, and can be down or refuse."""

from datetime import datetime

from chalicelib.domain.errors import CourtRefusedMessage, CourtUnavailable
from chalicelib.use_cases.ports import Clock
from chalicelib.use_cases.records import CourtNotice, Receipt, Submission


class FakeCourt:
    """One court's endpoint; the same message id gets the same answer."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.down = False
        """While True, every call raises CourtUnavailable."""
        self.refuses: CourtRefusedMessage | None = None
        """Raised by every call while set."""
        self.submissions: dict[str, Submission] = {}
        self.notices: dict[str, CourtNotice] = {}
        self.calls = 0
        self._receipts: dict[str, Receipt] = {}

    def submit(self, submission: Submission) -> Receipt:
        """Take a transfer over."""
        self._answer()
        first = self._receipts.setdefault(submission.message_id, self._receipt(self._clock.now()))
        self.submissions.setdefault(submission.message_id, submission)
        return first

    def notify(self, notice: CourtNotice) -> None:
        """Take a notice; 404 for a transfer that was never submitted."""
        self._answer()
        known = {submission.transfer_id for submission in self.submissions.values()}
        if notice.transfer_id not in known:
            raise CourtRefusedMessage(404, "unknown_transfer")
        self.notices.setdefault(notice.message_id, notice)

    def _answer(self) -> None:
        self.calls += 1
        if self.down:
            raise CourtUnavailable
        if self.refuses is not None:
            raise self.refuses

    def _receipt(self, at: datetime) -> Receipt:
        return Receipt(receipt_id=f"R-{len(self._receipts) + 1}", received_at=at)
