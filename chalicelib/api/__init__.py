"""The HTTP API. `register` puts its routes on the app; no route is imported before it is called.

Why: `app.py` is one module for all Lambda functions, and those that serve no HTTP should not load the
validation; the authorizer and the template's builder import parts of this package without the routes.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from chalice.app import Chalice

    from chalicelib.api.inside import Inside
    from chalicelib.use_cases.ports import Hub


def register(
    app: Chalice,
    authorizer: Any,
    *,
    hub: Callable[[], Hub],
    callback_keys: Callable[[str], Sequence[str]],
    real_now: Callable[[], datetime],
) -> None:
    """Put every route on the app, behind the authorizer unless the route proves its caller in another way.

    `hub` is called per request; `callback_keys` gives a court's verifying keys, none for an unknown court;
    `real_now` is real time, never compressed.
    """
    from chalicelib.api.registration import register_all  # noqa: PLC0415 - see the module's docstring

    register_all(app, authorizer, hub=hub, callback_keys=callback_keys, real_now=real_now)


def in_process(
    *,
    hub: Callable[[], Hub],
    callback_keys: Callable[[str], Sequence[str]],
    real_now: Callable[[], datetime],
) -> Callable[[], Inside]:
    """Return what makes the API for callers in this process; it is loaded when it is first asked for."""

    @cache
    def made() -> Inside:
        from chalicelib.api.dispatch import Dispatcher  # noqa: PLC0415 - see the module's docstring
        from chalicelib.api.inside import Inside  # noqa: PLC0415

        return Inside(Dispatcher(hub=hub, callback_keys=callback_keys, real_now=real_now))

    return made
