"""The start page begins with what the person has to do next, in words, with the day it ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.api.test_calls import owed_calls
from tests.support.browsing import Site
from tests.support.courses import act, done, file_case, in_mediation
from tests.support.fakes.samples import CENTRE, COURT, INSTITUTION, JUDGE, MEDIATOR, borrower
from tests.support.http import Api

if TYPE_CHECKING:
    from chalicelib.domain.roles import Actor

SESSION = {"kind": "video", "starts_at": "2026-03-10T02:00:00Z", "minutes": 60}


@pytest.fixture
def api() -> Api:
    """Make a hub of its own."""
    return Api()


@pytest.fixture
def site(api: Api) -> Site:
    """Make the console of that hub."""
    return Site(hub=api.hub)


def test_a_term_is_told_by_its_last_day(api: Api, site: Site) -> None:
    """Three working days from Monday 2 March are over on Thursday at midnight; the case's page agrees."""
    case_id = file_case(api)
    assert api.hub.cases.get(case_id).deadline.isoformat() == "2026-03-05T16:00:00+00:00"  # type: ignore[union-attr]
    centre = site.browser(CENTRE)
    for seen in (centre.open(), centre.open(f"cases/{case_id}")):
        assert "2026年3月5日" in seen.text
        assert "还有 3 天" in seen.text
        assert "3月6日" not in seen.text
    home = site.browser(CENTRE, "en").open()
    assert "appoint a mediator" in home.text
    assert "Until Thursday, 5 March 2026" in home.text
    api.hub.clock.advance(days=3, seconds=-1)
    assert "今天到期" in centre.open().text
    api.hub.clock.advance(days=2)
    assert "已超过" in centre.open().text


def test_each_entry_leads_to_where_it_is_done(api: Api, site: Site) -> None:
    """A session to its case's sessions, a call to the calls, a question to the guidance."""
    case_id = in_mediation(api)
    path = f"/v1/cases/{case_id}"
    for part, body in (("sessions", SESSION), ("guidance", {"text": "能否反悔？"})):
        assert api.post(f"{path}/{part}", body, MEDIATOR, Idempotency_Key=part).status == 201
    home = site.browser(MEDIATOR).open()
    assert "2026年3月10日 10:00开始" in home.text
    assert f"/console/cases/{case_id}/sessions" in home.links
    assert f"/console/cases/{case_id}/guidance" in site.browser(JUDGE).open().links
    done(act(api, case_id, "challenges", {"party_id": "r1", "ground": "near_relative"}, borrower(case_id)))
    owed_calls(api, 1)
    home = site.browser(CENTRE).open()
    assert "等待办理" in home.text
    assert "电话告知短信未送达的当事人" in home.text
    assert home.links.count("/console/calls") == 2


def test_a_long_list_goes_on_on_the_next_page(api: Api, site: Site) -> None:
    """Fifty to a page."""
    ids = [file_case(api, f"JC-{number}") for number in range(51)]
    centre = site.browser(CENTRE)
    first = centre.open()
    (following,) = (link for link in first.links if "cursor=" in link)
    rest = centre.open(following.removeprefix("/console").lstrip("/"))
    assert f"/console/cases/{ids[-1]}" in rest.links
    assert not [link for link in rest.links if "cursor=" in link and "lang=" not in link]


@pytest.mark.parametrize("actor", [MEDIATOR, INSTITUTION], ids=lambda actor: actor.role)
def test_who_has_nothing_to_do_is_told_so(site: Site, actor: Actor) -> None:
    """And who has no list sees none."""
    assert "现在没有待办事项" in site.browser(actor).open().text
    assert "待办事项" not in site.browser(COURT).open().text
