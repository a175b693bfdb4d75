"""The console by clicks alone, in a real browser in front of the whole local stack."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
import urllib3

from infra.local.demo.client import HubClient, Issuer
from infra.local.example import INSTITUTION, example_filing, role_claims, talks_case

if TYPE_CHECKING:
    from collections.abc import Callable

    from infra.local.stack import Stack
    from tests.browser.people import Person

    People = Callable[..., Person]


@pytest.fixture(scope="session")
def hub(stack: Stack) -> HubClient:
    http = urllib3.PoolManager()
    return HubClient(stack.hub_url, Issuer(stack.issuer_url, http), http)


def filed(hub: HubClient, number: int) -> str:
    """File a case over the API and wait until the hub has screened it; return its id."""
    name = f"browser-{number}"
    answer = hub.post(INSTITUTION, "/v1/filings", example_filing(name, number), Idempotency_Key=name)
    case_id = str(answer.body["case_id"])
    while hub.get(role_claims(case_id)["centre"], f"/v1/cases/{case_id}").body["stage"] == "filed":
        time.sleep(0.1)
    return case_id


@pytest.mark.parametrize(
    ("language", "appoint", "accept", "accepted"),
    [
        ("zh", "指派调解员", "接受指派", "已接受指派"),
        ("en", "Appoint a mediator", "Accept the appointment", "You have accepted"),
    ],
)
def test_the_centre_appoints_and_the_mediator_accepts(
    hub: HubClient, person: People, language: str, appoint: str, accept: str, accepted: str
) -> None:
    """From the sign-in on, without an address typed; every page passes axe and fits a small phone."""
    case_id = filed(hub, {"zh": 901, "en": 902}[language])
    number = hub.get(role_claims(case_id)["centre"], f"/v1/cases/{case_id}").body["case_number"]
    centre = person(language=language)
    centre.sign_in("吴敏")
    centre.follow(number)
    centre.follow(appoint)
    centre.send()
    assert centre.page.title().startswith(("错误：", "Error: "))
    assert centre.page.evaluate("document.activeElement.className") == "summary"
    centre.page.click(".summary a")
    assert centre.page.evaluate("location.hash") == "#f-judge_id"
    centre.page.select_option("#f-mediator_id", label="林和")
    centre.page.select_option("#f-judge_id", label="周正")
    centre.send()
    assert "林和" in centre.text
    mediator = person(language=language)
    mediator.sign_in("林和")
    mediator.follow(number)
    mediator.follow(accept)
    mediator.send()
    assert accepted in mediator.text
    case = hub.get(role_claims(case_id)["centre"], f"/v1/cases/{case_id}").body
    assert (case["mediator_id"], case["accepted_at"] is not None) == ("m-001", True)


def test_everything_works_without_scripts(hub: HubClient, person: People) -> None:
    """Signing in, a refused form, an act, signing out."""
    case_id = filed(hub, 903)
    number = hub.get(role_claims(case_id)["centre"], f"/v1/cases/{case_id}").body["case_number"]
    centre = person(script=False)
    centre.sign_in("吴敏")
    centre.follow(number)
    centre.follow("指派调解员")
    centre.send()
    assert "请填写或者选择" in centre.text
    centre.page.select_option("#f-mediator_id", label="林和")
    centre.page.select_option("#f-judge_id", label="周正")
    centre.send()
    assert "已指派" in centre.text
    centre.page.click("header form button")
    assert "您已退出" in centre.text


def test_everything_works_by_keyboard(hub: HubClient, person: People) -> None:
    """The skip link first, then links, fields and buttons in the order of the page, with a visible focus."""
    case_id = filed(hub, 904)
    centre = person()
    centre.sign_in("吴敏")
    centre.page.keyboard.press("Tab")
    assert centre.page.evaluate("document.activeElement.className") == "skip"
    centre.press_to(f"a[href$='/cases/{case_id}']")
    assert centre.page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    centre.page.keyboard.press("Enter")
    centre.page.wait_for_url(f"**/cases/{case_id}")
    centre.press_to("main a.button")
    centre.page.keyboard.press("Enter")
    centre.page.wait_for_url("**/appoint")
    centre.press_to("#f-mediator_id")
    centre.page.keyboard.press("ArrowDown")
    centre.press_to("#f-judge_id")
    centre.page.keyboard.press("ArrowDown")
    centre.press_to("main form button")
    centre.page.keyboard.press("Enter")
    centre.page.wait_for_url("**done=appoint")
    assert "林和" in centre.text


def test_a_mediator_ends_a_mediation_and_every_refusal_leads_on(hub: HubClient, person: People) -> None:
    """A form that is not filled in, a case that is not there, a page that is not there."""
    case_id = talks_case(hub)["case_id"]
    mediator = person()
    mediator.sign_in("林和")
    for nowhere in ("cases/nobody", "nowhere", f"cases/{case_id}/appoint"):
        mediator.page.goto(f"{mediator.home}/{nowhere}")
        mediator.look()
        mediator.page.click("main a.button")
        assert mediator.page.url == mediator.home
    mediator.page.goto(f"{mediator.home}/cases/{case_id}")
    mediator.follow("延长调解期限")
    mediator.send()
    assert mediator.page.title().startswith("错误：")
    mediator.follow("返回案件")
    mediator.follow("结束调解")
    mediator.send()
    mediator.page.check("text=双方分歧太大")
    mediator.send()
    assert "调解已结束" in mediator.text


def test_who_signs_out_sees_nothing_any_more(person: People) -> None:
    """Nor with the button that goes back: no page of a case is kept."""
    centre = person()
    centre.sign_in("吴敏")
    centre.page.click("header form button")
    centre.look()
    assert "您已退出" in centre.text
    centre.page.go_back()
    centre.page.wait_for_load_state()
    assert "登录" in centre.page.title()
