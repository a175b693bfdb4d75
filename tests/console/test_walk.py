"""A walk over every link and every form of each role: no dead end, no error of the hub's own."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from tests.support.browsing import Browser, Seen, Site
from tests.support.courses import APPOINTMENT, act, done, file_case, in_mediation, submitted
from tests.support.deals import SETTLEMENT, answers, offers, signs
from tests.support.fakes.samples import CENTRE, COURT, INSTITUTION, JUDGE, MEDIATOR, OPS, borrower
from tests.support.http import Api

if TYPE_CHECKING:
    from chalicelib.domain.roles import Actor

MOST_PAGES = 400
HEARD = {
    "borrower": {"object", "challenge", "end-talks", "defences", "messages", "draft", "sessions"},
    "centre": {
        *("decide-objection", "decide-challenge", "record-objection", "record-challenge"),
        *("defences", "messages", "sessions"),
    },
    "institution": {"bank-challenge", "defences", "messages", "draft", "sessions"},
    "mediator": {"defences", "messages", "guidance", "sessions"},
    "judge": {"questions", "guidance"},
}
"""Pages by which people are heard and talk; the walk comes by each."""


def caseload(api: Api) -> tuple[str, ...]:
    """Bring cases to many stages; return a borrower's: settled, in mediation, refused in its name."""
    file_case(api, "JC-1")
    assigned = file_case(api, "JC-2")
    done(act(api, assigned, "assignment", APPOINTMENT, CENTRE))
    talks = in_mediation(api, "JC-3")
    api.post(f"/v1/cases/{talks}/defences", {"text": "x"}, borrower(talks), Idempotency_Key="k-1")
    for place, key in (("messages", "k-2"), ("guidance", "k-3")):
        body = {"text": "x", **({"thread": "r1"} if place == "messages" else {})}
        assert api.post(f"/v1/cases/{talks}/{place}", body, MEDIATOR, Idempotency_Key=key).status == 201
    day = (api.hub.clock.now() + timedelta(days=5)).strftime("%Y-%m-%d")
    for number, kind in enumerate(("video", "telephone")):
        meeting = {"kind": kind, "starts_at": f"{day}T0{2 + number}:00:00Z", "minutes": 60}
        place = f"/v1/cases/{talks}/sessions"
        assert api.post(place, meeting, MEDIATOR, Idempotency_Key=f"s-{number}").status == 201
    submitted(api, "JC-4")
    settled = in_mediation(api, "JC-5")
    done(offers(api, settled))
    done(answers(api, settled, "accepted"))
    done(act(api, settled, "settlement", SETTLEMENT, MEDIATOR))
    done(signs(api, settled, "a1"))
    failed = in_mediation(api, "JC-6")
    done(act(api, failed, "failure", {"reason": "party_unreachable"}, MEDIATOR))
    refused = refused_in_its_name(api, "JC-7")
    objected = refused_in_its_name(api, "JC-8")
    number = api.get(f"/v1/cases/{objected}").body["recorded"][-1]["number"]
    done(act(api, objected, "objections", {"party_id": "r1", "act": number}, borrower(objected)))
    challenged = in_mediation(api, "JC-9")
    ground = {"party_id": "r1", "ground": "near_relative"}
    done(act(api, challenged, "challenges", ground, borrower(challenged)))
    return settled, talks, refused, objected


def refused_in_its_name(api: Api, contract_number: str) -> str:
    """Let the mediator and somebody of the centre record that the borrower ends the mediation."""
    case_id = in_mediation(api, contract_number)
    for recorder in (MEDIATOR, replace(CENTRE, subject="centre-9")):
        done(act(api, case_id, "refusals", {"party_id": "r1", "channel": "in_person"}, recorder))
    return case_id


def walked(browser: Browser) -> dict[str, Seen]:
    """Open every page of the console that a link leads to, from the start page on."""
    seen: dict[str, Seen] = {}
    waiting = [""]
    while waiting and len(seen) < MOST_PAGES:
        path = waiting.pop()
        if path not in seen:
            seen[path] = browser.open(path)
            links = [
                browser.inside(urlsplit(link)._replace(fragment="").geturl()) for link in seen[path].links
            ]
            waiting += [link for link in links if link is not None and "lang=" not in link]
    return seen


@pytest.mark.parametrize("role", ["centre", "mediator", "institution", "borrower", "judge", "court", "ops"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_link_and_no_form_is_a_dead_end(role: str, language: str) -> None:
    """Each page that a link leads to is there; each form, sent as it is, gets a page that leads on."""
    api = Api()
    of_the_borrower = caseload(api)
    actors: dict[str, Actor] = {
        **{str(each.role): each for each in (CENTRE, MEDIATOR, INSTITUTION, JUDGE, COURT, OPS)},
        "borrower": replace(borrower(""), case_ids=frozenset(f"{each}:r1" for each in of_the_borrower)),
    }
    browser = Site(hub=api.hub).browser(actors[role], language)
    seen = walked(browser)
    assert {path: page.status for path, page in seen.items() if page.status != 200} == {}
    forms = [page for page in seen.values() if "csrf" in page.hidden]
    assert len(seen) > 1
    own = {path.rpartition("/")[2] for path in seen}
    assert own >= HEARD.get(role, set())
    for page in forms:
        answered = browser.request("POST", page.path, page.hidden)
        assert answered.status < 500, page.path
        shown = browser.follow(answered)
        assert shown.status < 500, page.path
        assert any(link.startswith("/console") for link in shown.links), page.path
