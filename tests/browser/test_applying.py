"""Somebody without an account applies in a real browser, at 320 px; every page passes axe and fits."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

import pytest
import urllib3

from infra.local.demo.phones import Phones
from infra.local.stack import COURT_ID
from tests.browser.people import NARROW

if TYPE_CHECKING:
    from collections.abc import Callable

    from infra.local.stack import Stack
    from tests.browser.people import Person

    People = Callable[..., Person]

_SECONDS: Final = 30


def code_of(stack: Stack, phone: str) -> str:
    """Wait for the code on a phone."""
    phones, until = Phones(stack.sms_url, urllib3.PoolManager()), time.monotonic() + _SECONDS
    while (code := phones.application_code(phone)) is None:
        assert time.monotonic() < until
        time.sleep(0.1)
    return code


@pytest.mark.parametrize(("language", "phone"), [("zh", "13700001111"), ("en", "13700002222")])
def test_a_borrower_applies_and_takes_it_back(
    stack: Stack, person: People, language: str, phone: str
) -> None:
    """One question a page, a fault shown beside its field, and what became of it afterwards."""
    borrower = person(language=language)
    borrower.page.set_viewport_size({"width": NARROW, "height": 800})
    borrower.page.goto(f"{borrower.home}/apply/{COURT_ID}")
    borrower.look()
    borrower.page.click("main a.button")
    borrower.look()
    borrower.type(phone="0593-2881234")
    borrower.send()
    assert borrower.page.query_selector("[role=alert]")
    borrower.type(phone=phone)
    borrower.send()
    borrower.type(code=code_of(stack, phone))
    borrower.send()
    borrower.type(name="张试", id_number="110105194912310021")
    borrower.send()
    borrower.type(lender="示例农商银行", amount="80000")
    borrower.send()
    borrower.page.check("#f-asks-2")
    borrower.send()
    borrower.page.check("#f-hardship-3")
    borrower.type(reason="今年遭了灾")
    borrower.send()
    borrower.send()
    assert borrower.page.query_selector("#f-id_number-fault")
    borrower.type(id_number="11010519491231002X")
    for _ in range(5):
        borrower.send()
    assert borrower.page.url.endswith("/yours?done=sent")
    borrower.send()
    assert borrower.page.url.endswith("/yours?done=withdrawn")
