"""People in front of Chromium: they sign in by clicks, and every page they see is judged.

Promise: a page that breaks the policy, logs an error of its own, is wider than the window or fails axe (WCAG
2.2 AA) fails the test in which somebody saw it.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from axe_playwright_python.sync_playwright import Axe

NARROW, WIDE = 320, 1280
_MOST_STOPS = 40
_LOAD_AGAIN_SECONDS = 0.3
_RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}


@dataclass
class Person:
    """Somebody's browser window."""

    page: Any
    home: str
    script: bool = True
    """Whether its browser runs scripts; axe is one, and hangs without."""
    troubles: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._listen)
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))

    def _listen(self, message: Any) -> None:
        # A refusal's status is logged by the browser; the policy's complaints are what matters.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.troubles.append(message.text)

    @property
    def origin(self) -> str:
        """The hub's origin."""
        return self.home.removesuffix("/console")

    def sign_in(self, name: str) -> None:
        """Sign in as somebody whom the local issuer lists."""
        self.page.goto(self.home)
        self.look()
        self.page.click("main a.button")
        self.page.click(f"button:has-text('{name}')")
        self.page.wait_for_url(f"{self.home}**")
        self.look()

    def follow(self, text: str) -> None:
        """Click a link of the page's content and look at what comes."""
        self.page.click(f"main a:has-text('{text}')")
        self.look()

    def press_to(self, selector: str) -> None:
        """Go to an element with the Tab key alone, from wherever the focus is."""
        for _ in range(_MOST_STOPS):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
                return
        raise AssertionError(f"{self.page.title()}: no Tab leads to {selector}")

    def send(self) -> None:
        """Send the page's form and look at what comes."""
        self.page.click("main form button")
        self.look()

    def type(self, **typed: str) -> None:
        """Type into fields, by the names of the API's model; two underscores stand for a dot."""
        for name, value in typed.items():
            self.page.fill(f"#f-{name.replace('__', '-')}", value)

    def choose(self, **chosen: str) -> None:
        """Choose an option of a question by the words it is shown with."""
        for name, words in chosen.items():
            self.page.select_option(f"#f-{name.replace('__', '-')}", label=words)

    def tick(self, question: str, option: str) -> None:
        """Tick an option of a question, both by their words."""
        self.page.click(f"fieldset:has(legend:text-is('{question}')) label:text-is('{option}')")

    def press(self, words: str) -> None:
        """Press a button of the page and look at what comes."""
        self.page.click(f"main button:text-is('{words}'):not(.hidden)")
        self.look()

    def wait_for(self, words: str, seconds: float = 30.0) -> None:
        """Load the page again until it says something: the hub works in the background."""
        give_up_at = time.monotonic() + seconds
        while words not in self.text:
            assert time.monotonic() < give_up_at, f"{self.page.title()} never said {words}"
            time.sleep(_LOAD_AGAIN_SECONDS)
            self.page.reload()

    def look(self) -> None:
        """Judge the page as it is now, at both widths."""
        where = self.page.title()
        assert where, "a page has a title"
        if not self.script:
            return
        for width in (WIDE, NARROW):
            self.page.set_viewport_size({"width": width, "height": 800})
            wide = self.page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"{where}: {wide} px wide in a window of {width}"
        found = Axe().run(self.page, options=_RULES)
        assert found.violations_count == 0, f"{where}: {found.generate_report()}"
        assert not self.troubles, f"{where}: {self.troubles}"

    @property
    def text(self) -> str:
        """What the page says."""
        return str(self.page.inner_text("main"))
