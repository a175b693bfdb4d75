"""The web console: pages by role under `/console`, for people with a browser.

Promise: a page decides nothing. It is a client of the hub's own API in the same process (`ports.Api`): what
it shows is what the API shows its person, what it offers is the case's `allowed_actions`, and a form is
judged by the API's models and use cases. Pages are plain HTML and work without JavaScript. Nothing of this
package but this file is loaded before a page is asked for.
Downside: API Gateway knows the pages by the number of their segments only; which page it was stands in the
hub's own log.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final, cast

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from chalice.app import Chalice, Response

    from chalicelib.console.ports import Api, Door
    from chalicelib.console.serving import Console

PREFIX: Final = "/console"
# Chalice has no `{proxy+}`: an address has at most so many segments after the prefix.
DEEPEST: Final = 6
ROUTES: Final = tuple(
    PREFIX + "".join(f"/{{part{number}}}" for number in range(1, depth + 1)) for depth in range(DEEPEST + 1)
)


def register(
    app: Chalice, *, api: Callable[[], Api], door: Callable[[], Door], real_now: Callable[[], datetime]
) -> None:
    """Put the console's addresses on the app; they have no authorizer, for a browser shows its cookie.

    `api` and `door` are asked for with the first page; `real_now` is real time, never compressed.
    """

    @cache
    def console() -> Console:
        from chalicelib.console.serving import Console  # noqa: PLC0415 - see the module's docstring

        return Console(api=api, door=door, real_now=real_now)

    def view(**_parts: str) -> Response:
        from chalicelib.console.answering import response  # noqa: PLC0415 - see the module's docstring

        request = cast("Any", app.current_request)
        event = request.to_original_event()
        reply = console().answer(event, request.lambda_context.aws_request_id)
        return response(reply, event.get("headers") or {})

    for route in ROUTES:
        app.route(route, methods=["GET", "POST"], name=f"console:{route}", content_types=[])(view)
