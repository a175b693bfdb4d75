"""Problems: every error of the tree has its row, its words in both languages, its place in the document."""

import importlib
from collections.abc import Iterator
from functools import cache
from typing import NoReturn

import grimp
import pytest
from chalice.test import Client

from chalicelib.api.languages import Language, negotiate
from chalicelib.api.operations import Operation
from chalicelib.api.outcomes import statuses_of
from chalicelib.api.problem_table import PROBLEMS
from chalicelib.api.problems import MOST_FAULTS, problem_of, problem_type_of
from chalicelib.api.routes import document, operations
from chalicelib.api.schemas.problems import ProblemOut
from chalicelib.api.wording import INVALID, WORDINGS, wording
from chalicelib.domain.agreement.errors import CodeRequestedTooSoon
from chalicelib.domain.errors import CourtUnavailable, Fault, HubError, InvalidInput, StoreBusy
from infra.template.api import problem_bodies
from tests.support.http import Api, make_app


@cache
def served_modules() -> frozenset[str]:
    """Every module that a request can reach, also those that are imported only when needed."""
    graph = grimp.build_graph("chalicelib", cache_dir=None)
    entries = ("chalicelib.api.registration", "chalicelib.api.authorizer", "chalicelib.bootstrap")
    return frozenset(entries).union(*map(graph.find_upstream_modules, entries))


def tree(error: type[HubError]) -> Iterator[type[HubError]]:
    yield error
    for child in error.__subclasses__():
        yield from tree(child)


def test_every_error_a_request_can_meet_has_a_row_of_its_own() -> None:
    """A class without one would be answered in its parent's words."""
    for name in served_modules():
        importlib.import_module(name)
    for error in tree(HubError):
        if error.__module__ in served_modules():
            code, kind = problem_type_of(error)
            assert code == error.code, error.__name__
            assert 400 <= kind.status <= 599


@pytest.mark.parametrize("code", PROBLEMS)
def test_every_problem_speaks_both_languages(code: str) -> None:
    """Titles and details are there in Chinese and are Chinese."""
    for words in (PROBLEMS[code].title, PROBLEMS[code].detail):
        assert words.en.isascii()
        assert any("\u4e00" <= character <= "\u9fff" for character in words.zh)


@pytest.mark.parametrize("code", WORDINGS)
def test_every_fault_speaks_both_languages(code: str) -> None:
    """And both wordings fill the same placeholders."""
    values = dict.fromkeys(("min", "max", "options", "earliest", "latest", "most"), "§")
    values |= dict.fromkeys(
        ("byte", "line", "column", "character", "name", "constant", "excess", "limit", "code_points"), "§"
    )
    values |= dict.fromkeys(("case_id", "filed_on", "scope", "found"), "§")
    values |= dict.fromkeys(("given", "low", "high", "bounds", "agreed", "day", "payments", "today"), "§")
    words = wording(code, values)
    assert "{" not in words.en + words.zh
    assert words.en.count("§") == words.zh.count("§")
    assert words.zh != words.en


def test_an_unknown_fault_still_has_words() -> None:
    """A validator's new error type is told in general terms."""
    assert wording("never_seen", {}) == WORDINGS[INVALID]


@pytest.mark.parametrize("operation", operations(), ids=lambda operation: operation.name)
def test_every_status_of_a_route_is_documented(operation: Operation) -> None:
    """With problem+json, and nothing but the success beside them."""
    written = document()["paths"][operation.path][operation.method.lower()]["responses"]
    assert written.keys() == {*map(str, operation.answered.statuses), *map(str, statuses_of(operation))}
    for status, codes in statuses_of(operation).items():
        _, _, name = written[str(status)]["$ref"].rpartition("/")
        response = document()["components"]["responses"][name]
        assert list(response["content"]) == ["application/problem+json"]
        assert all(f"`{code}`" in response["description"] for code in codes)


def failing(error: Exception) -> Api:
    """Make an API whose hub can't be had."""

    def provide() -> NoReturn:
        raise error

    api = Api()
    api.app = make_app(provide, lambda _court_id: [], api.hub.clock.now)
    return api


def test_an_unforeseen_error_tells_nothing(caplog: pytest.LogCaptureFixture) -> None:
    """Neither the caller nor the log gets its message: parsers and databases quote values in theirs."""
    answer = failing(RuntimeError("13800001234 张试")).get("/v1/cases", Accept_Language="zh")
    assert (answer.status, answer.code) == (500, "internal_error")
    logged = [vars(record) for record in caplog.records if record.message == "request_failed"]
    assert [entry["error"] for entry in logged] == ["RuntimeError"]
    assert [entry["request_id"] for entry in logged] == [answer.body["request_id"]]
    assert "13800001234" not in answer.raw.decode() + repr(logged)


def test_a_busy_store_says_when_to_come_back() -> None:
    """503 with Retry-After; nothing was changed."""
    answer = failing(StoreBusy("throttled")).get("/v1/cases")
    assert (answer.status, answer.code, answer.headers["Retry-After"]) == (503, "store_busy", "2")


def test_the_health_check_asks_nothing_behind_it() -> None:
    """It answers without a hub, without a caller, and whatever a load balancer appends."""
    answer = failing(RuntimeError("no hub")).get("/v1/health?probe=1", None)
    assert (answer.status, answer.body) == (200, {"status": "ok"})


def test_a_court_that_says_when_is_believed() -> None:
    """Its own delay replaces the usual one."""
    problem = problem_of(CourtUnavailable(17), Language.EN, "r")
    assert problem.headers["Retry-After"] == "17"
    assert problem_of(CourtUnavailable(), Language.EN, "r").headers["Retry-After"] == "2"


def test_another_code_is_to_be_had_when_its_rule_says() -> None:
    """The wait the rule counted goes into Retry-After; its words stand in the detail."""
    problem = problem_of(CodeRequestedTooSoon(retry_after_seconds=41), Language.EN, "r")
    assert (problem.status, problem.headers["Retry-After"]) == (429, "41")
    assert "at least a minute" in problem.body["detail"]
    assert problem.body["rule"] == "code_requested_too_soon"


def test_a_flood_of_faults_is_counted_not_listed() -> None:
    """A body of a thousand unknown fields is not answered with a thousand lines."""
    faults = [Fault("/x", "unknown_field", "no such field")] * 1000
    body = problem_of(InvalidInput(faults), Language.ZH, "r").body
    assert (len(body["errors"]), body["error_count"]) == (MOST_FAULTS, 1000)
    assert body["errors"][0]["message"] == "no such field"


def test_the_gateways_own_answers_fit_the_document() -> None:
    """What API Gateway refuses by itself has the shape and the codes of the hub's problems."""
    for status, body in problem_bodies().items():
        ProblemOut.model_validate(body)
        assert PROBLEMS[str(body["code"])].status == status


def test_a_method_chalice_does_not_know_is_a_problem_too() -> None:
    """Also what the framework answers by itself comes as problem+json."""
    answer = Api().request("DELETE", "/v1/cases", None, None, {"Accept-Language": "zh-CN"})
    assert (answer.status, answer.code) == (405, "method_not_allowed")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Allow"] == "GET"


def test_an_error_chalice_catches_is_a_problem_too() -> None:
    """A view that is none of the API's operations still fails in the API's form, telling nothing."""
    api = Api()

    @api.app.route("/broken")
    def broken() -> NoReturn:
        raise RuntimeError("13800001234")

    with Client(api.app) as client:
        answer = client.http.get("/broken", headers={"Accept-Language": "zh-CN"})
    assert answer.status_code == 500
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json_body["title"] == "服务器内部错误"
    assert b"13800001234" not in answer.body


def test_chalices_own_client_is_answered_alike() -> None:
    """Its events have no request id, no method and a body of bytes, as those of its local server."""
    with Client(Api().app) as client:
        answer = client.http.get("/v1/health")
    assert (answer.status_code, answer.json_body) == (200, {"status": "ok"})
    assert answer.headers["X-Request-Id"]


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, Language.EN),
        ("", Language.EN),
        ("zh-CN,zh;q=0.9,en;q=0.8", Language.ZH),
        ("ZH", Language.ZH),
        ("zh-Hant-TW", Language.ZH),
        ("en, zh", Language.EN),
        ("zh;q=0.4, en;q=0.5", Language.EN),
        ("fr, zh;q=0.1", Language.ZH),
        ("*;q=0.5, zh;q=0.4", Language.EN),
        ("zh;q=0", Language.EN),
        ("zh;q=x", Language.EN),
        ("zh;q=nan", Language.EN),
        ("zh;q=9", Language.EN),
        (";;;,,,", Language.EN),
        (",".join(["fr"] * 500 + ["zh"]), Language.EN),
    ],
)
def test_the_callers_language_is_chosen_by_its_preference(header: str | None, language: Language) -> None:
    """Chinese where it is preferred, English otherwise; nonsense is no reason to refuse."""
    assert negotiate(header) is language
