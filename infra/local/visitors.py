"""People in Chromium in front of a running stack: they come in by clicks, for pictures and measurements.

Promise: the pages are the real ones, of an example case; a party comes in by its link and code, everybody
else by the local issuer's login page.
"""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import urllib3

from infra.local.demo.client import HubClient, Issuer
from infra.local.demo.phones import Phones
from infra.local.example import talks_case, talks_filing
from infra.local.stack import COURT_ID
from infra.local.staff import logins

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infra.local.stack import Stack

PHONE: Final = {"width": 390, "height": 844}
DESK: Final = {"width": 1000, "height": 844}


def missing() -> str:
    """Say what is missing for Chromium to start; nothing if it can."""
    return "" if shutil.which("chromium") else "chromium is not installed (Debian: chromium fonts-noto-cjk)"


@contextmanager
def chromium() -> Iterator[Any]:
    """Start Chromium."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only where somebody looks at pages

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


class Visitors:
    """The people around the example case of a stack."""

    def __init__(self, stack: Stack, browser: Any) -> None:
        http = urllib3.PoolManager()
        self.hub = HubClient(stack.hub_url, Issuer(stack.issuer_url, http), http)
        self.phones = Phones(stack.sms_url, http)
        self.case_id = str(talks_case(self.hub)["case_id"])
        self.phone = talks_filing()["respondents"][0]["phone"]
        self.home = f"{stack.hub_url}/console"
        self._browser = browser

    def party(self) -> Any:
        """Come in by the link and the code; the window shows the case."""
        page = self._window(PHONE)
        page.goto(self.phones.link(self.phone, self.case_id))
        page.click("main form button")
        page.fill("#f-code", self.phones.sign_in_code(self.phone, self.case_id))
        page.click("main form button")
        return page

    def staff(self, role: str) -> Any:
        """Sign in as somebody of a role; the window shows the start page."""
        page = self._window(DESK)
        name = next(name for name, claims in logins(COURT_ID) if claims["role"] == role)
        page.goto(self.home)
        page.click("main a.button")
        page.click(f"button:has-text('{name}')")
        page.wait_for_url(f"{self.home}**")
        return page

    def open(self, page: Any, path: str = "") -> None:
        """Open a page of the example case."""
        page.goto(f"{self.home}/cases/{self.case_id}{path}")

    def _window(self, size: dict[str, int]) -> Any:
        return self._browser.new_context(viewport=size, locale="zh-CN").new_page()
