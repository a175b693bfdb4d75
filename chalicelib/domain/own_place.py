"""Where what is no case keeps the records that a case would have beside it.

Promise: codes, messages, deadlines and the log of talk of something that is no case (an application, an
applicant's phone) are stored, sent and looked after like those of a case, under an id that no case has.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OwnPlace:
    """The id in a case's place, whose data key seals and makes codes, and the court, if there is one."""

    case_id: str
    institution_id: str
    court_id: str = ""
