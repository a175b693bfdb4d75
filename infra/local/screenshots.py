"""`make screenshots`: the README's pictures of the console, taken from its real pages in Chromium.

Promise: the local stack runs, a party comes in by its link and code and a mediator signs in, both by clicks;
what they see is written to `docs/images/`. Downside: dates in the pictures are those of the day.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import urllib3
from playwright.sync_api import sync_playwright

from infra.local.demo.client import HubClient, Issuer
from infra.local.demo.phones import Phones
from infra.local.example import talks_case, talks_filing
from infra.local.stack import COURT_ID, running
from infra.local.staff import logins

if TYPE_CHECKING:
    from playwright.sync_api import ViewportSize

    from infra.local.stack import Stack

IMAGES: Final = Path("docs/images")
_PHONE: Final[ViewportSize] = {"width": 390, "height": 844}
_DESK: Final[ViewportSize] = {"width": 1000, "height": 844}


def main() -> int:
    """Take the pictures; 2 without Chromium."""
    chromium = shutil.which("chromium")
    if chromium is None:
        print("chromium is not installed (Debian: chromium fonts-noto-cjk)", file=sys.stderr)
        return 2
    IMAGES.mkdir(parents=True, exist_ok=True)
    with running() as stack, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        case_id = _party(stack, browser.new_page(viewport=_PHONE, locale="zh-CN"))
        _mediator(stack, browser.new_page(viewport=_DESK, locale="zh-CN"), case_id)
        browser.close()
    return 0


def _party(stack: Stack, page: Any) -> str:
    """Come in by the link and the code; return the case's id."""
    http = urllib3.PoolManager()
    case_id = str(talks_case(HubClient(stack.hub_url, Issuer(stack.issuer_url, http), http))["case_id"])
    phones, phone = Phones(stack.sms_url, http), talks_filing()["respondents"][0]["phone"]
    page.goto(phones.link(phone, case_id))
    page.click("main form button")
    page.fill("#f-code", phones.sign_in_code(phone, case_id))
    page.click("main form button")
    _write(page, "party.png")
    return case_id


def _mediator(stack: Stack, page: Any, case_id: str) -> None:
    name = next(name for name, claims in logins(COURT_ID) if claims["role"] == "mediator")
    page.goto(f"{stack.hub_url}/console")
    page.click("main a.button")
    page.click(f"button:has-text('{name}')")
    page.goto(f"{stack.hub_url}/console/cases/{case_id}")
    _write(page, "mediator.png")


def _write(page: Any, name: str) -> None:
    page.screenshot(path=IMAGES / name)
    print(IMAGES / name)


if __name__ == "__main__":
    sys.exit(main())
