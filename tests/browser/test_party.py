"""A party in a real browser: from the link in its message to its signature, by clicks, at 320 px."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import urllib3

from infra.local.demo.client import HubClient, Issuer
from infra.local.demo.phones import Phones
from infra.local.enrolment import ACCOUNT
from infra.local.example import role_claims, talks_case, talks_filing
from tests.browser.people import NARROW

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from infra.local.stack import Stack
    from tests.browser.people import Person

    People = Callable[..., Person]

_OWN = ("party-by-link", 11)
"""A case that no other test moves on."""
_CLAUSE = {"grace_days": 5, "clawback": True, "acceleration": True}


@pytest.fixture(scope="module")
def hub(stack: Stack) -> HubClient:
    http = urllib3.PoolManager()
    return HubClient(stack.hub_url, Issuer(stack.issuer_url, http), http)


@pytest.fixture(scope="module")
def phones(stack: Stack) -> Phones:
    return Phones(stack.sms_url, urllib3.PoolManager())


def act(hub: HubClient, case_id: str, role: str, resource: str, body: dict[str, Any]) -> None:
    """Let somebody else act over the API."""
    claims, path = role_claims(case_id)[role], f"/v1/cases/{case_id}"
    version = hub.get(claims, path).body["version"]
    answer = hub.post(claims, f"{path}/{resource}", body, If_Match=f'"{version}"')
    assert answer.ok, answer.body


def test_a_party_goes_from_its_link_to_its_signature(
    stack: Stack, hub: HubClient, phones: Phones, person: People
) -> None:
    """Two pages to come in, then read, accept, read again, sign; every page passes axe and fits."""
    case_id = talks_case(hub, *_OWN)["case_id"]
    phone = talks_filing(*_OWN)["respondents"][0]["phone"]
    borrower = person()
    borrower.page.set_viewport_size({"width": NARROW, "height": 800})
    borrower.page.goto(phones.link(phone, case_id))
    borrower.look()
    borrower.send()
    code = phones.sign_in_code(phone, case_id)
    borrower.page.fill("#f-code", "000000" if code != "000000" else "000001")
    borrower.send()
    assert "没能进入" in borrower.text
    borrower.page.fill("#f-code", code)
    borrower.send()
    assert borrower.page.url.endswith(f"/cases/{case_id}")
    for page in ("这些钱是怎么算出来的", "您的权利", "文件，可以打印"):
        borrower.follow(page)
        borrower.follow("返回我的调解")
    by = (stack.clock.now().date() + timedelta(days=20)).isoformat()
    schedule = {"kind": "lump_sum", "by": by}
    offer = {"side": "applicant", "tier": "lump_sum", "schedule": schedule, "valid_days": 7}
    act(hub, case_id, "institution", "offers", offer)
    borrower.page.reload()
    borrower.follow("还款方案")
    borrower.follow("返回我的调解")
    borrower.follow("接受这个方案")
    borrower.send()
    assert "您已接受方案" in borrower.text
    terms = {"account": dict(ACCOUNT), "default_clause": _CLAUSE, "confirmation_wanted": True}
    act(hub, case_id, "mediator", "settlement", terms)
    borrower.page.reload()
    assert "核对您是谁" in borrower.text
    act(hub, case_id, "mediator", "identity-checks", {"party_id": "r1", "how": "video"})
    borrower.page.reload()
    borrower.look()
    borrower.follow("看协议、签字")
    borrower.page.click("button:has-text('给我发验证码')")
    borrower.look()
    assert "验证码已经发到您的手机上" in borrower.text
    borrower.page.fill("#f-code", phones.signing_code(phone, case_id))
    borrower.page.click("button:text-is('签字')")
    borrower.look()
    assert "您已签字" in borrower.text
    borrower.follow("还款计划")
    signed = hub.get(role_claims(case_id)["centre"], f"/v1/cases/{case_id}").body["signatures"]
    assert signed == ["r1"]


def test_a_party_comes_in_without_scripts_in_english(hub: HubClient, phones: Phones, person: People) -> None:
    """The link's pages are the same for everybody, and need no script."""
    del hub, phones
    stranger = person(language="en", script=False)
    stranger.page.goto(f"{stranger.home}/p/{'a' * 24}")
    stranger.send()
    stranger.page.fill("#f-code", "123456")
    stranger.send()
    assert "That did not work" in stranger.text
