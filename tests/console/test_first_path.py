"""From the start page to an act, as centre and mediator."""

from __future__ import annotations

from tests.support.browsing import Site
from tests.support.courses import file_case
from tests.support.fakes.samples import CENTRE, MEDIATOR
from tests.support.http import Api


def test_the_centre_appoints_and_the_mediator_accepts() -> None:
    """Each finds the case on its start page, and the next step on top of the case."""
    api = Api()
    site = Site(hub=api.hub)
    case_id = file_case(api)
    centre = site.browser(CENTRE)
    seen = centre.open()
    assert seen.status == 200
    assert f"/console/cases/{case_id}/appoint" in seen.links
    asked = centre.open(f"cases/{case_id}/appoint")
    done = centre.send(asked, mediator_id="m-1", judge_id="j-1")
    assert (done.status, api.hub.cases.get(case_id).mediator_id) == (200, "m-1")
    assert "已指派" in done.text
    mediator = site.browser(MEDIATOR)
    seen = mediator.open(f"cases/{case_id}")
    assert f"/console/cases/{case_id}/accept" in seen.links
    done = mediator.send(mediator.open(f"cases/{case_id}/accept"))
    assert api.hub.cases.get(case_id).accepted_at
    assert "已接受指派" in done.text
