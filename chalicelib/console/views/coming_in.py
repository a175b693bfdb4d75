"""How a party without an account comes in: a link, and a one-time code to its phone.

Promise: until the code is right, every link is answered alike: a good one, one that is over, and one that
never was. The number of steps is the same, and one refusal stands for all that can be wrong.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from chalicelib.adapters.identity.principal import Principal
from chalicelib.console.acting import form_for
from chalicelib.console.pages import Moved, Page, Pages
from chalicelib.console.sessions import BY_LINK, Session, cookie, sealed
from chalicelib.observability import log

if TYPE_CHECKING:
    from chalicelib.console.forms import Form
    from chalicelib.console.pages import Answered
    from chalicelib.console.visits import Visit

pages = Pages()

_LONGEST_CODE: Final = 64


@pages.get("p/{token}", open=True)
def arrive(visit: Visit, token: str) -> Answered:
    """Say what the page is for, and offer to send a code."""
    del visit
    return Page(template="party/link.html", title="link.title", values={"token": token})


@pages.post("p/{token}/code", open=True)
def send_code(visit: Visit, token: str) -> Answered:
    """Have a code sent, if the link is good; say nothing of whether it is."""
    visit.door.request_sign_in_code(token)
    return Moved(f"p/{visit.asked.segments[1]}/code")


@pages.get("p/{token}/code", open=True)
def ask_for_code(visit: Visit, token: str) -> Answered:
    """Ask for the code."""
    return _code_page(token, form_for(visit), HTTPStatus.OK)


@pages.post("p/{token}", open=True)
def come_in(visit: Visit, token: str) -> Answered:
    """Begin a session of the link's party; or say that it did not work, whatever the cause."""
    code = "".join(visit.asked.typed("code").split())[:_LONGEST_CODE]
    actor = visit.door.sign_in_by_link(token, code)
    if actor is None:
        form = form_for(visit, notice=visit.t("link.refused"), detail=visit.t("link.what_to_do"))
        return _code_page(token, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    session = Session.begin(Principal(actor, BY_LINK).context, visit.now)
    place = next(iter(actor.agent_of or actor.case_ids))
    log.info("signed_in", extra={"role": actor.role})
    kept = cookie(visit.asked, "session", sealed(session, visit.door.sealer), session.ends_at - visit.now)
    return Moved(f"cases/{place.partition(':')[0]}", (kept,))


def _code_page(token: str, form: Form, status: HTTPStatus) -> Page:
    values = {"token": token, "form": form}
    return Page(template="party/code.html", title="link.code_title", values=values, status=status)
