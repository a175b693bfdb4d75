"""The public part of a roster: what anybody may know of a mediator, and nothing else."""

import csv
import io
from typing import Any, Final
from urllib.parse import quote

import pytest

from tests.api.test_appointment import widen
from tests.support.courses import done
from tests.support.fakes.samples import CENTRE, COURT, INSTITUTION, JUDGE, MEDIATOR, borrower
from tests.support.http import Answer, Api

OURS: Final = "/v1/mediators?court_id=court-jc"
PUBLIC: Final = "/v1/public/courts/court-jc/mediators"
KNOWN: Final[dict[str, Any]] = {
    "organisation": "court_invited",
    "qualifications": ["law"],
    "expertise": ["financial_loan_contract"],
    "areas": ["蕉城", "霞浦"],
    "languages": ["宁德话"],
    "institutions": ["bank-1"],
    "limit": 7,
    "credentials": [{"kind": "induction", "valid_until": "2027-01-31"}],
    "absences": [{"first": "2026-05-01", "last": "2026-05-02"}],
}


def entered(*, person_id: str = "m-2", **changes: Any) -> Api:
    api = Api()
    done(widen(api, person_id, **KNOWN | changes))
    return api


def ids(answer: Answer) -> list[str]:
    assert answer.status == 200, answer.raw.decode()
    return [each["mediator_id"] for each in answer.body["items"]]


def rows(answer: Answer) -> list[list[str]]:
    assert answer.status == 200, answer.raw.decode()
    assert answer.raw.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(answer.raw.decode("utf-8-sig"))))


def test_of_a_mediator_is_shown_what_it_can_do_and_nothing_personal() -> None:
    """Neither links nor absences, trainings or limits; nobody but mediators."""
    api = entered()
    shown = api.get(OURS, borrower("C-1")).body["items"]
    assert [each["mediator_id"] for each in shown] == ["m-001", "m-002", "m-003", "m-1", "m-2", "m-3"]
    assert shown[4] == {
        "mediator_id": "m-2",
        "name": "林和",
        "organisation": "court_invited",
        "qualifications": ["law"],
        "expertise": ["financial_loan_contract"],
        "areas": ["蕉城", "霞浦"],
        "languages": ["宁德话"],
    }
    for secret in ("bank-1", "2027-01-31", "2026-05-01", "完善名册"):
        assert secret not in api.get(OURS, INSTITUTION).raw.decode()


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("&expertise=financial_loan_contract", ["m-2"]),
        ("&expertise=credit_card", []),
        (f"&area={quote('霞浦')}", ["m-2"]),
        (f"&area={quote('霞浦')}&language={quote('普通话')}", []),
        (f"&language={quote('宁德话')}", ["m-2"]),
    ],
)
def test_who_is_looked_for_has_all_that_is_asked(asked: str, found: list[str]) -> None:
    """By kind of case, area and language, together; the export has the same."""
    api = entered()
    assert ids(api.get(OURS + asked, INSTITUTION)) == found
    exported = rows(api.get(f"/v1/mediators/export?court_id=court-jc{asked}", INSTITUTION))
    assert [row[0] for row in exported[1:]] == found


def test_a_list_goes_on_where_its_page_ended() -> None:
    """A cursor is good for the same filter only; pages together are the whole list."""
    api = entered()
    met: list[str] = []
    page = api.get(f"{OURS}&limit=4", CENTRE)
    while page.body["next"]:
        met += ids(page)
        assert api.get(f"{PUBLIC}?area=x&cursor={page.body['next']}", None).status == 400
        page = api.get(f"{OURS}&limit=4&cursor={page.body['next']}", CENTRE)
    assert [*met, *ids(page)] == ids(api.get(OURS, CENTRE))
    first = api.get(f"{PUBLIC}?limit=4", None)
    assert ids(first) + ids(api.get(f"{PUBLIC}?cursor={first.body['next']}", None)) == ids(
        api.get(PUBLIC, None)
    )


def test_who_is_suspended_is_not_shown() -> None:
    """Neither in the list nor in the export."""
    api = Api()
    body = {"person_id": "m-2", "name": "陈睦", "role": "mediator", "state": "suspended", "reason": "停职"}
    done(api.post("/v1/roster", body, CENTRE, If_Match='"1"'))
    assert "m-2" not in ids(api.get(OURS, JUDGE))
    assert "m-2" not in {row[0] for row in rows(api.get(f"{PUBLIC}/export", None))}


def test_without_a_token_only_where_the_stage_shows_it() -> None:
    """Closed, there is no such address; with a token the roster is read all the same."""
    api = entered()
    assert ids(api.get(PUBLIC, None)) == ids(api.get(OURS, MEDIATOR))
    assert ids(api.get("/v1/public/courts/court-2/mediators", None)) == []
    assert api.get("/v1/public/courts/%23/mediators", None).status == 404
    assert api.get(OURS, None).status == 401
    assert api.get(OURS, COURT).status == 403
    api.hub.shows_public_roster = False
    assert api.get(PUBLIC, None).status == api.get(f"{PUBLIC}/export", None).status == 404
    assert ids(api.get(OURS, MEDIATOR))


@pytest.mark.parametrize("area", ["=1+1", "+86", "-1", "@SUM(A1)", "＝1＋1"])
def test_no_cell_begins_a_formula(area: str) -> None:
    """What somebody typed for an area is text in a spreadsheet, too."""
    api = entered(areas=[area])
    (row,) = [row for row in rows(api.get(f"{PUBLIC}/export", None)) if row[0] == "m-2"]
    assert row[5] == f"'{area}"


def test_a_roster_of_more_than_a_page_is_exported_whole() -> None:
    """However many stand on it."""
    api = Api()
    for number in range(100, 230):
        body = {"person_id": f"m-x{number}", "name": "某人", "role": "mediator", "reason": "新聘"}
        assert api.post("/v1/roster", body, CENTRE, If_Match='"0"').status == 201
    assert len(rows(api.get(f"{PUBLIC}/export", None))) == 1 + 6 + 130
