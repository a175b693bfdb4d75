"""What goes wrong behind the console is a page that says what to do, and nothing of what it was."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.domain.errors import StoreBusy
from tests.support.browsing import Ended, Site
from tests.support.courses import file_case
from tests.support.fakes.samples import CENTRE
from tests.support.http import Api

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.support.browsing import Seen


class Failing(Ended):
    """A table that can't be used now, or a mistake of the hub's own."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    def ended(self, session_id: str) -> bool:
        """Fail."""
        del session_id
        raise self.error


def test_a_table_that_is_busy_is_told_of() -> None:
    site = Site(ended=Failing(StoreBusy("ThrottlingException")))
    seen = site.browser(CENTRE).request("GET", "")
    assert (seen.status, "请过一会儿再试" in seen.text) == (503, True)
    assert "Throttling" not in seen.html


def test_a_mistake_of_the_hub_shows_the_requests_id_and_nothing_else() -> None:
    """Whoever tells the operator the id is understood; the error's words may hold anything."""
    site = Site(ended=Failing(ValueError("身份证 350902")))
    seen = site.browser(CENTRE).request("GET", "")
    assert (seen.status, seen.headers["X-Request-Id"] in seen.text) == (500, True)
    assert "350902" not in seen.html
    assert seen.headers["Content-Security-Policy"].startswith("default-src 'none'")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_the_api_refuses_without_words_of_the_console_is_told_in_its_own(language: str) -> None:
    """A rule that an act breaks is named with its article, on top of the form."""
    api = Api()
    site = Site(hub=api.hub)
    case_id = file_case(api)
    browser = site.browser(CENTRE, language)
    asked = browser.open(f"cases/{case_id}/appoint")
    seen = browser.send(asked, mediator_id="m-nobody", judge_id="j-nobody")
    assert seen.status in {409, 422}
    assert seen.title.startswith("错误：" if language == "zh" else "Error: ")


@dataclass(frozen=True)
class Refusing:
    """An API that refuses everything alike."""

    status: int
    code: str
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def body(self) -> bytes:
        """The problem."""
        return json.dumps({"code": self.code, "title": "T", "detail": "说明要做什么"}).encode()

    def __call__(self, *_: Any, **__: Any) -> Refusing:
        """Refuse."""
        return self

    def permits(self, *_: Any) -> bool:
        """Have routes for everybody."""
        return True


class WithoutApi(Site):
    """A console whose API refuses."""

    refusing = Refusing(500, "internal_error")

    def api(self) -> Any:
        """Return what refuses."""
        return self.refusing


@pytest.mark.parametrize(
    ("status", "code", "title", "told"),
    [
        (409, "action_not_available", "现在不能办理这一步", "说明要做什么"),
        (409, "something_new", "办不成", "说明要做什么"),
        (404, "something_new", "找不到这个页面", "请核对网址"),
        (403, "not_permitted", "您不能办理这件事", "请联系调解中心"),
        (401, "unauthenticated", "您还没有登录", "请重新登录"),
        (429, "too_many_requests", "现在忙不过来", "请过一会儿再试"),
        (503, "store_busy", "现在忙不过来", "请过一会儿再试"),
        (500, "internal_error", "出错了", "请求编号"),
    ],
)
def test_whatever_the_api_refuses_is_a_page_that_says_what_to_do(
    status: int, code: str, title: str, told: str
) -> None:
    """In the console's words by code, else by status, else in the API's own."""
    site = WithoutApi()
    site.refusing = Refusing(status, code)
    seen = site.browser(CENTRE).request("GET", "")
    assert (seen.status, seen.title.partition(" – ")[0]) == (status, title)
    assert told in seen.text


def test_a_page_leaves_one_line_of_ids_and_codes(caplog: pytest.LogCaptureFixture) -> None:
    """Which page, who as what, how it went; nothing that was typed and nothing of the query."""
    api = Api()
    site = Site(hub=api.hub)
    case_id = file_case(api)
    browser = site.browser(CENTRE)
    asked = browser.open(f"cases/{case_id}/appoint")
    caplog.clear()
    typed = {"mediator_id": "王小明", "judge_id": "13800138000"}
    browser.request("POST", f"{asked.path}?q=13800138000", {**asked.hidden, **typed})
    (page,) = [vars(record) for record in caplog.records if record.message == "page"]
    assert (page["page"], page["status"], page["role"]) == ("cases/{case_id}/{act_name}", 422, "centre")
    assert (page["method"], page["case_id"]) == ("POST", case_id)
    logged = repr([vars(record) for record in caplog.records])
    assert "王小明" not in logged
    assert "13800138000" not in logged


_WRITTEN = "调解员好：\n我父亲上个月住院，<b>这个月</b>只能先还五百元，请转告银行。谢谢！"


def _written(site: Site, **headers: str) -> Seen:
    browser = site.browser(CENTRE)
    form = {"csrf": "x", "text": _WRITTEN.replace("\n", "\r\n"), "code": "123456", "to": ""}
    return browser.request("POST", "cases/C-1/messages", form, **headers)


@pytest.mark.parametrize("trouble", ["signed_out", "outdated", "busy"])
def test_a_long_text_that_was_not_taken_is_given_back(trouble: str) -> None:
    """To be copied; what is short, a code for one, is not shown again."""
    site = Site(ended=Failing(StoreBusy("ThrottlingException"))) if trouble == "busy" else Site()
    if trouble == "signed_out":
        site.now += timedelta(minutes=-31)
        browser = site.browser(CENTRE)
        site.later(minutes=31)
        seen = browser.request("POST", "cases/C-1/messages", {"text": _WRITTEN, "code": "123456"})
    else:
        seen = _written(site)
    assert seen.status == {"signed_out": 401, "outdated": 403, "busy": 503}[trouble]
    assert "没有保存。请先复制" in seen.text
    assert "我父亲上个月住院，&lt;b&gt;这个月&lt;/b&gt;只能先还五百元" in seen.html
    assert "123456" not in seen.html


def test_another_sites_form_is_not_repeated() -> None:
    """Its words would look like the court's."""
    for site in (Site(), Site(ended=Failing(StoreBusy("ThrottlingException")))):
        seen = _written(site, Origin="https://elsewhere.example")
        assert seen.status in {403, 503}
        assert "我父亲" not in seen.html
