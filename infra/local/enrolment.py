"""The banks of the local stack, as the centre enrols them before anybody files.

Promise: enrolling again changes nothing, so a table that outlives the stack keeps what is enrolled there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

BANK_NAME: Final = "宁德蕉城示范农村商业银行股份有限公司"
BANK_CODE: Final = "91350100M000100Y43"
ACCOUNT: Final = {
    "holder": BANK_NAME,
    "number": "6217000000000000004",
    "bank": "宁德蕉城示范农村商业银行城关支行",
}
"""The account that every agreement here is paid to."""
INSTITUTIONS: Final = ("bank-rcb", "bank-psbc")


def enrolments(court_id: str) -> Iterator[dict[str, Any]]:
    """Yield the enrolment of each bank; both are invented and share their name."""
    for institution_id in INSTITUTIONS:
        yield {
            "institution_id": institution_id,
            "name": BANK_NAME,
            "unified_social_credit_code": BANK_CODE,
            "courts": [court_id],
            "branches": [{"name": "示范农商银行城关支行", "unified_social_credit_code": BANK_CODE}],
            "contacts": [{"name": "示范某", "phone": "13905932822", "duty": "诉调对接"}],
            "accounts": [dict(ACCOUNT)],
            "joint_rules": [{"version": "2025-1", "accepted_on": "2025-12-01"}],
            "version": 0,
            "reason": "签订入驻协议",
        }


def centre(court_id: str) -> dict[str, Any]:
    """Return the token claims of who enrols them."""
    return {"role": "centre", "sub": "centre-system", "court_id": court_id}
