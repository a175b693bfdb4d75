"""Forms that are no act on a case, and pages that the start page leads to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.adapters.identity import Principal
from chalicelib.console.acting import submitted
from chalicelib.console.asked import Asked
from chalicelib.console.pages import Moved, Page
from chalicelib.console.sessions import Session
from chalicelib.console.visits import Refused, Visit
from chalicelib.console.wording import Texts
from tests.support.bodies import filing
from tests.support.browsing import Site
from tests.support.fakes.samples import CENTRE, DATA_PROTECTION, INSTITUTION, MEDIATOR

if TYPE_CHECKING:
    from chalicelib.console.forms import Form
    from chalicelib.domain.roles import Actor

PERSON = {"person_id": ["m-9"], "name": ["林新"], "role": ["mediator"], "reason": ["新聘"], "version": ["0"]}


def visit(site: Site, actor: Actor, form: dict[str, list[str]]) -> Visit:
    """Make the visit of somebody who sends a form."""
    door: Any = site.door
    return Visit(
        asked=Asked(
            method="POST",
            segments=("people",),
            query={},
            form=form,
            cookies={},
            headers={},
            request_id="r",
            base="",
        ),
        api=site.api(),
        door=door,
        texts=Texts("zh"),
        session=Session.begin(Principal(actor, "issuer").context, int(site.seconds())),
        now=int(site.seconds()),
        today=site.now.date(),
    )


def page(form: Form) -> Page:
    """Show a form."""
    return Page(template="x.html", title="x", values={"form": form})


def test_a_form_is_sent_and_leads_on() -> None:
    """Once and again: the same change by the same person is one."""
    site = Site()
    for _ in range(2):
        answered = submitted(visit(site, CENTRE, PERSON), "/v1/roster", page, "people")
        assert answered == Moved("people")


def test_what_is_wrong_comes_back_with_what_was_typed() -> None:
    answered = submitted(visit(Site(), CENTRE, {**PERSON, "name": [""]}), "/v1/roster", page, "people")
    assert isinstance(answered, Page)
    form = answered.values["form"]
    assert (answered.status, form.value("reason"), form.version) == (422, "新聘", 0)
    assert [fault.name for fault in form.faults] == ["name"]


def flat(value: Any, name: str = "") -> dict[str, list[str]]:
    """Write a body as the fields of a form."""
    if isinstance(value, bool):
        return {f"{name}:bool": [str(value).lower()]}
    if not isinstance(value, dict | list):
        return {name: [str(value)]}
    parts = value.items() if isinstance(value, dict) else enumerate(value)
    fields = [flat(inside, f"{name}.{key}".lstrip(".")) for key, inside in parts]
    return {name: values for each in fields for name, values in each.items()}


def test_what_was_made_with_a_key_is_made_once() -> None:
    """A form that creates is sent twice with the key that its page had."""
    site = Site()
    body = filing()

    form = {**flat(body), "key": ["k-1"]}
    for _ in range(2):
        answered = submitted(visit(site, INSTITUTION, form), "/v1/filings", page, "filed")
        assert answered == Moved("filed"), answered
    assert len(site.hub.memory.cases) == 1


def test_who_may_not_gets_no_form_back() -> None:
    with pytest.raises(Refused, match="not_permitted"):
        submitted(visit(Site(), MEDIATOR, PERSON), "/v1/roster", page, "people")


def test_the_start_page_leads_to_what_the_api_permits() -> None:
    """A page about the roster is the centre's, one about cases is everybody's who has a list of them."""
    site = Site()
    asked = {str(actor.role): visit(site, actor, {}) for actor in (CENTRE, MEDIATOR, DATA_PROTECTION)}
    assert [who for who, each in asked.items() if each.permits("/v1/roster")] == ["centre"]
    assert [who for who, each in asked.items() if each.permits("/v1/cases")] == ["centre", "mediator"]
    assert [who for who, each in asked.items() if each.permits("/v1/roster", "POST")] == ["centre"]
