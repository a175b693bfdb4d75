"""What surrounds every request: ids, log lines, several threads, and nothing built before it is needed."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chalicelib.domain.roles import Actor, Role
from tests.support.bodies import NAME, PERSON_NUMBER, PHONE, docketed, filing
from tests.support.courses import file_case, submitted
from tests.support.fakes.samples import COURT, INSTITUTION
from tests.support.http import Api


@pytest.fixture
def api() -> Api:
    return Api()


def lines(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    return [vars(record) for record in caplog.records if record.message == "request"]


def test_a_request_leaves_one_line_of_ids_and_codes(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    """Route, status, request, correlation and case; the case of a filing is known only by its answer."""
    case_id = file_case(api)
    api.get(f"/v1/cases/{case_id}", X_Correlation_Id="batch-7")
    filed, read = lines(caplog)
    assert (filed["route"], filed["status"], filed["case_id"]) == ("/v1/filings", 201, case_id)
    assert (read["route"], read["method"], read["status"]) == ("/v1/cases/{case_id}", "GET", 200)
    assert (read["case_id"], read["correlation_id"], read["role"]) == (case_id, "batch-7", "institution")
    assert read["request_id"] != "batch-7"


def test_no_line_holds_anything_of_a_person(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    """Over filings good and bad, reading, searching, and the court's whole part."""
    case_id = submitted(api)
    api.post("/v1/filings", filing(respondents__0__phone=f"{PHONE}9"), Idempotency_Key="k")
    api.post("/v1/case-searches", {"id_number": PERSON_NUMBER})
    api.get(f"/v1/court/transfers/{case_id}-T1", COURT)
    api.call_back(docketed(f"{case_id}-T1"))
    logged = repr([vars(record) for record in caplog.records])
    assert not any(secret in logged for secret in (NAME, PERSON_NUMBER, PHONE, "样例村"))


@pytest.mark.parametrize(
    "offered",
    ["", "x" * 65, "a b", "a\tb", "张试", "350902199003070016", "loan-35090219900307001X", "p13812345678"],
)
def test_a_bent_correlation_id_is_replaced(api: Api, offered: str) -> None:
    """What is logged and echoed is well-formed; the request's own id stands in."""
    answer = api.get("/v1/cases", X_Correlation_Id=offered)
    assert answer.headers["X-Correlation-Id"] == answer.headers["X-Request-Id"]


def test_a_refusal_leaves_its_code_institution_and_duration(
    api: Api, caplog: pytest.LogCaptureFixture
) -> None:
    api.get("/v1/cases/C-9999")
    (line,) = lines(caplog)
    assert (line["status"], line["code"]) == (404, "case_not_found")
    assert line["institution_id"] == INSTITUTION.institution_id
    assert line["milliseconds"] >= 0


@pytest.mark.parametrize("offered", ["batch-7", "req-1767225600123", "0b5e4f0a-1c2d-4e3f-8a9b-123456789012"])
def test_a_well_formed_correlation_id_is_kept(api: Api, offered: str) -> None:
    assert api.get("/v1/cases", X_Correlation_Id=offered).headers["X-Correlation-Id"] == offered


def test_problems_carry_the_requests_id(api: Api) -> None:
    """The same one as the header, so that an operator finds the line."""
    answer = api.get("/v1/cases/C-9999")
    assert answer.body["request_id"] == answer.headers["X-Request-Id"]


def test_answers_are_not_kept_by_anybody(api: Api) -> None:
    """Neither caches nor browsers guess or store."""
    for answer in (api.get("/v1/cases"), api.get("/v1/cases/C-1")):
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_requests_in_several_threads_do_not_mix(api: Api) -> None:
    """A local server is threaded, and the validator underneath keeps its request in class attributes."""
    banks = [
        Actor(role=Role.INSTITUTION, subject=f"s{number}", institution_id=f"bank-{number}")
        for number in range(8)
    ]

    def work(number: int) -> bool:
        bank = banks[number % len(banks)]
        body = filing(contract_number=f"JC-{number}")
        case_id = api.post("/v1/filings", body, bank, Idempotency_Key=f"k-{number}").body["case_id"]
        case = api.get(f"/v1/cases/{case_id}", bank).body
        return (case["contract_number"], case["institution_id"]) == (f"JC-{number}", bank.institution_id)

    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)  # as if the machine were busy: threads take turns all the time
    try:
        with ThreadPoolExecutor(8) as pool:
            assert all(pool.map(work, range(100)))
    finally:
        sys.setswitchinterval(usual)


_LIGHT = """
import json, sys
from chalice.app import Chalice
from chalicelib.api import register
before = sorted(sys.modules)
def fail(*_): raise AssertionError("built too early")
register(Chalice("x"), None, hub=fail, callback_keys=fail, real_now=fail)
print(json.dumps([before, sorted(sys.modules)]))
"""


def test_registering_routes_builds_nothing_and_loads_little() -> None:
    """No hub, resolver, parser of ids, cryptography or arithmetic; and the package alone loads no route."""
    command = [sys.executable, "-c", _LIGHT]
    ran = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - our own text
    before, after = json.loads(ran.stdout)
    assert "chalicelib.api.registration" not in before
    assert "pydantic" not in before
    loaded = {name.partition(".")[0] for name in after}
    assert not {"jwt", "cryptography", "stdnum", "boto3", "pynamodb"} & loaded
    assert not {"aws_lambda_powertools.event_handler", "chalicelib.domain.explanation"} & set(after)


def test_an_id_with_a_slash_in_it_reaches_no_other_route(api: Api) -> None:
    """A gateway that decodes the path must not turn a case's id into another resource."""
    case_id = file_case(api)
    for bent in (f"{case_id}/events", f"{case_id}%2Fevents", "%00", "汉字", "a b", "{case_id}"):
        answer = api.request("GET", "/v1/cases/X", INSTITUTION, None, {}, path_parameters={"case_id": bent})
        assert answer.status == 404
