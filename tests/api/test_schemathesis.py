"""Schemathesis holds the API to its document: positive and negative data, coverage of boundaries, no 5xx.

Promise: the real routes in process, a role that may call each of them, cases at several stages, and callbacks
signed by the court. Downside: bounded examples, so that it runs with every test; a long run is a matter
of MAX_EXAMPLES.
"""

import hashlib
import json
import os
import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from copy import deepcopy
from datetime import date
from functools import cache
from http import HTTPStatus
from typing import Any, Final

import pytest
import schemathesis
from hypothesis import strategies as st
from schemathesis.config import SchemathesisConfig
from schemathesis.generation.feedback import FeedbackSources
from schemathesis.pytest._test_builder import build_operation_test
from schemathesis.python._constants.orchestrator import make_constants_value_source
from stdnum.cn import ric, uscc

from chalicelib.adapters import signatures
from chalicelib.api.operations import Access, Operation
from chalicelib.api.routes import document, operations
from chalicelib.domain.id_documents import IdDocument
from chalicelib.domain.loan.concession import Repayment
from chalicelib.domain.roles import Actor, Role
from chalicelib.domain.steps import CourtLimits
from tests.support.courses import file_case, in_mediation, submitted
from tests.support.deals import accepted, in_force, passes, pays, ruled_on, settled
from tests.support.fakes import COURT_ID
from tests.support.fakes.samples import (
    CENTRE,
    COURT,
    DATA_PROTECTION,
    INSTITUTION,
    INSTITUTION_ID,
    JUDGE,
    MEDIATOR,
    OPS,
    borrower,
)
from tests.support.http import COURT_KEY, Answer, Api
from tests.support.sensible import (
    PAID,
    put_birth_right,
    put_correction_right,
    put_debt_right,
    put_institution_right,
    put_policy_right,
    put_preview_right,
    put_settlement_right,
)

MAX_EXAMPLES: Final = int(os.environ.get("SCHEMATHESIS_EXAMPLES", "5"))
TOKEN: Final = "Bearer any"
SETTINGS: Final = {
    "generation": {"max-examples": MAX_EXAMPLES, "deterministic": True, "database": "none"},
    "checks": {
        # A version that is not the case's is well-formed, and so is a cursor of another list.
        "positive_data_acceptance": {"expected-statuses": ["2xx", "400", "401", "403", "404", "409", "412"]},
        # RFC 6585: what is missing is a precondition.
        "missing_required_header": {"expected-statuses": ["400", "401", "403", "422", "428"]},
    },
}


def resident_id(digits: str) -> str:
    """Make a resident id number of 14 digits for district and order, and a day."""
    number = f"{digits}X"
    return digits + ric.calc_check_digit(number)


schemathesis.openapi.format(
    "resident-id",
    st.builds(
        lambda district, born, order: resident_id(f"{district}{born:%Y%m%d}{order:03d}"),
        st.sampled_from(["110105", "350902"]),
        st.dates(date(1930, 1, 1), date(2005, 1, 1)),
        st.integers(0, 999),
    ),
)
schemathesis.openapi.format(
    "social-credit-code",
    st.integers(0, 10**9 - 1).map(lambda n: (code := f"91350100{n:09d}") + uscc.calc_check_digit(code)),
)
for paper, heads in {
    "hk-macao-residence-permit": ["810000", "820000"],
    "taiwan-residence-permit": ["830000"],
    "foreign-permanent-residence": ["911840"],
}.items():
    schemathesis.openapi.format(
        paper,
        st.builds(
            lambda head, born, order: resident_id(f"{head}{born:%Y%m%d}{order:03d}"),
            st.sampled_from(heads),
            st.dates(date(1930, 1, 1), date(2005, 1, 1)),
            st.integers(0, 999),
        ),
    )
schemathesis.openapi.format("hk-macao-travel-permit", st.from_regex("[HM][0-9]{8}", fullmatch=True))
schemathesis.openapi.format(
    "id-number", st.sampled_from(["11010519491231002X", "91350100M000100Y43", "E12345678"])
)
schemathesis.openapi.format("taiwan-travel-permit", st.from_regex("[0-9]{8}", fullmatch=True))
schemathesis.openapi.format("passport", st.from_regex("[A-Z][0-9]{8}", fullmatch=True))
schemathesis.openapi.format(
    "phone",
    st.sampled_from(["13800001234", "+86 138-0000-1234", "(0593)2881234转801", "95588", "+85291234567"]),
)
schemathesis.openapi.format("date", st.dates(date(1980, 1, 1), date(2026, 3, 2)).map(date.isoformat))


def defaulted(api: Api, contract_number: str) -> str:
    """Make a case whose agreement the court confirmed and the borrower broke; a month passes meanwhile."""
    case_id = ruled_on(api, performing(api, contract_number))
    passes(api, 20)
    return case_id


def performing(api: Api, contract_number: str) -> str:
    """Make a case with one payment of the plan recorded."""
    case_id = in_force(api, contract_number=contract_number)
    pays(api, case_id, "1.00", PAID)
    return case_id


# The one that lets time pass comes first: the others are still in time.
MAKERS: Final[tuple[Callable[[Api, str], str], ...]] = (
    defaulted,
    file_case,
    in_mediation,
    submitted,
    lambda api, number: accepted(api, contract_number=number),
    lambda api, number: settled(api, contract_number=number),
    performing,
)


class Site:
    """The API as a WSGI application, with callers and cases that its routes can meet."""

    def __init__(self) -> None:
        self.api = Api()
        self.made = len(MAKERS)
        # Which courts a hub serves, no schema can say: here it serves all.
        self.api.hub.court_limits = defaultdict(CourtLimits)
        self.case_ids = [make(self.api, f"JC-{number}") for number, make in enumerate(MAKERS)]

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer as a gateway would: what it does not know is a 404 or a 405 of its own."""
        method, path = (
            environ["REQUEST_METHOD"],
            environ["PATH_INFO"].encode("latin-1").decode(errors="replace"),
        )
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        answer = self.answer(method, path, environ, body)
        start_response(f"{answer.status} {HTTPStatus(answer.status).phrase}", list(answer.headers.items()))
        return [answer.raw]

    def answer(self, method: str, path: str, environ: dict[str, Any], body: bytes) -> Answer:
        """Find the route, its caller and its headers, and ask the API."""
        headers = {
            name.removeprefix("HTTP_").replace("_", "-").title(): value
            for name, value in environ.items()
            if name.startswith("HTTP_") or name == "CONTENT_TYPE"
        }
        try:
            route = self.api.matcher.match_route(path).route
        except ValueError:
            return Answer(404, {"Content-Type": "application/json"}, b"{}")
        operation = by_route().get((method, route))
        if operation is None:
            return Answer(405, {"Content-Type": "application/json", "Allow": allowed(route)}, b"{}")
        if operation.access is Access.SIGNATURE:
            headers |= signature(self.api, headers, body)
        # A key that comes again with another body is well-formed, too; here each request is the first.
        self.api.hub.memory.answers.clear()
        # Nor does a policy that was published before decide whether the next one fits.
        self.api.hub.policies.stored.clear()
        actor = self.caller(operation) if headers.get("Authorization") == TOKEN else None
        query = environ.get("QUERY_STRING", "")
        self.name_the_version(path, headers)
        answer = self.api.request(method, f"{path}?{query}" if query else path, actor, body, headers)
        if method == "POST" and answer.status == HTTPStatus.OK:
            self.renew(path)
        return answer

    def name_the_version(self, path: str, headers: dict[str, str]) -> None:
        """Let every other version be the one that the case has now: only then an act can happen."""
        tag = re.fullmatch('"([0-9]{1,9})"', headers.get("If-Match", ""))
        if (index := self.index_of(path)) is not None and tag and int(tag[1]) % 2:
            headers["If-Match"] = f'"{self.api.hub.cases.get(self.case_ids[index]).version}"'

    def renew(self, path: str) -> None:
        """Put a new case of the same kind where one was moved on, so that the next finds it there, too."""
        index = self.index_of(path)
        if index is not None and MAKERS[index] is not defaulted:
            self.made += 1
            self.case_ids[index] = MAKERS[index](self.api, f"JC-{self.made}")

    def index_of(self, path: str) -> int | None:
        """Return which of the cases a path is about."""
        found = re.match("/v1/cases/([^/]+)/", path)
        return self.case_ids.index(found[1]) if found and found[1] in self.case_ids else None

    def caller(self, operation: Operation) -> Actor:
        """Return somebody who may call this, and sees the cases if anybody can."""
        actors = {
            Role.INSTITUTION: INSTITUTION,
            Role.MEDIATOR: MEDIATOR,
            Role.CENTRE: CENTRE,
            Role.JUDGE: JUDGE,
            Role.COURT: COURT,
            Role.OPS: OPS,
            Role.DATA_PROTECTION: DATA_PROTECTION,
            Role.BORROWER: borrower(self.case_ids[0]),
        }
        permitted = {role for action in operation.actions for role in action.roles}
        return next(actors[role] for role in actors if role in permitted or not permitted)


@cache
def by_route() -> dict[tuple[str, str], Operation]:
    return {(operation.method, operation.path): operation for operation in operations()}


def allowed(route: str) -> str:
    return ", ".join(method for method, path in by_route() if path == route)


def signature(api: Api, headers: dict[str, str], body: bytes) -> dict[str, str]:
    """Sign what has well-formed headers, as a court would; leave the rest as it came."""
    message_id = headers.get("Webhook-Id", "")
    given = headers.keys() >= {"Webhook-Timestamp", "Webhook-Signature"}
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,128}", message_id) or not given:
        return {}
    signed = signatures.sign(message_id, api.hub.clock.now(), body, [COURT_KEY])
    return {name.title(): value for name, value in signed.items()}


site = Site()
schema = schemathesis.openapi.from_dict(
    json.loads(json.dumps(document())), config=SchemathesisConfig.from_dict(SETTINGS)
)
schema.app = site


@schema.auth()
class Bearer:
    """Gives each request the token that the site knows."""

    def get(self, _case: Any, _context: Any) -> str:
        """Return the token."""
        return TOKEN

    def set(self, case: schemathesis.Case[Any], data: str, _context: Any) -> None:
        """Send it."""
        case.headers["Authorization"] = data


@schema.hook
def map_path_parameters(_context: Any, path_parameters: Any) -> Any:
    """Let most ids be ids of cases and transfers that are there."""
    if isinstance(path_parameters, dict) and len(str(path_parameters.get("case_id", ""))) > 1:
        path_parameters["case_id"] = site.case_ids[len(path_parameters["case_id"]) % len(MAKERS)]
    if isinstance(path_parameters, dict) and len(str(path_parameters.get("institution_id", ""))) > 1:
        path_parameters["institution_id"] = INSTITUTION_ID
    return path_parameters


@schema.hook
def map_body(_context: Any, body: Any) -> Any:
    """Put right what no schema can say: instalments in order, entries that differ."""
    if isinstance(body, dict) and re.fullmatch("[0-9]+-[0-9]+", str(body.get("instalment_scope"))):
        body["instalment_scope"] = "-".join(sorted(body["instalment_scope"].split("-"), key=int))
    for name in ("respondents", "parties"):
        if isinstance(body, dict) and isinstance(body.get(name), list):
            body[name] = list({number_of(entry): entry for entry in body[name]}.values())
            for terms in (entry.get("liability") for entry in body[name] if isinstance(entry, dict)):
                if isinstance(terms, dict) and isinstance(terms.get("starts"), str):
                    terms["ends"] = terms["starts"]
    if isinstance(body, dict) and "tiers" in body:
        put_policy_right(body)
    if isinstance(body, dict) and "tier" in body and body.get("repayment") in set(Repayment):
        put_preview_right(body)
    return body


@schemathesis.hook
def before_call(_context: Any, case: schemathesis.Case[Any], _kwargs: Any) -> None:
    """Put right what no schema can say of a settlement, a debt, or whose key signs.

    In examples too, which are not mapped: without its key nothing of a callback's body would be looked at.
    """
    body = deepcopy(case.body)
    if isinstance(body, dict) and isinstance(court_id := body.get("court_id"), str):
        body["court_id"] = COURT_ID if re.fullmatch(r"[A-Za-z0-9._-]{1,64}", court_id) else court_id
    put_settlement_right(site.api, body)
    put_birth_right(body)
    put_debt_right(body)
    put_institution_right(body)
    put_correction_right(body)
    if isinstance(body, dict) and "reference" in body:
        put_repayment_right(body)
    if isinstance(body, dict) and "lender" in body:
        put_application_right(body)
        # One key for one body: the examples of this route are many.
        if re.fullmatch("[A-Za-z0-9._:~-]{1,128}", case.headers.get("Idempotency-Key", "")):
            case.headers["Idempotency-Key"] = hashlib.sha256(json.dumps(body).encode()).hexdigest()
    if case.operation.path.endswith("/reversals") and case.path_parameters.get("case_id") in site.case_ids:
        # Payments are taken back wherever a case stands; the others here have none.
        case.path_parameters["case_id"] = site.case_ids[MAKERS.index(performing)]
    case.body = body


def put_application_right(body: dict[str, Any]) -> None:
    """Let a well-formed number be somebody's, and say from which paper it is: no schema compares the two."""
    if isinstance(body.get("id_number"), str) and 5 <= len(body["id_number"]) <= 18:
        body["id_number"] = "11010519491231002X"
    if body.get("id_document") in tuple(IdDocument):
        body["id_document"] = str(IdDocument.RESIDENT_ID)


def put_repayment_right(body: dict[str, Any]) -> None:
    """Let a well-formed payment be no more than what remains: only the settlement tells that sum."""
    for name, right in (("amount", "0.01"), ("overpayment", "0.00")):
        if re.fullmatch(r"[0-9]{1,13}\.[0-9]{2}", str(body.get(name))) and body[name] != "0.00":
            body[name] = right


def number_of(party: Any) -> str:
    return str(party.get("id_number") if isinstance(party, dict) else party).upper()


@cache
def constants() -> Any:
    """Return the texts and numbers in the API's code, from which some values are drawn."""
    return make_constants_value_source(schema)


def keeps_to_the_document(case: schemathesis.Case[Any]) -> None:
    case.call_and_validate()


@pytest.mark.hypothesis
@pytest.mark.filterwarnings("ignore::hypothesis.errors.NonInteractiveExampleWarning")
@pytest.mark.parametrize(("method", "path"), by_route(), ids=lambda part: part)
def test_the_api_keeps_to_its_document(method: str, path: str) -> None:
    """No 5xx, no undocumented status, type, header or shape; bad data refused, good data taken."""
    # `schema.parametrize()` would draw the cases of all operations in every worker, when it collects.
    build_operation_test(
        config=schema.config,
        operation=schema[path][method],
        test_func=keeps_to_the_document,
        given_kwargs={},
        feedback=FeedbackSources(constants_value_source=constants()),
    )()
