"""Hands a request of a JSON service to moto's handler of that service, without Flask.

What moto 5.2.5 does: each request looks for its service among two hundred patterns, and for its view in the
URL map of a Flask application that has one view; both are a fifth of what a request to the emulator costs.
Then it puts the request's URL together from its parts, quoted and unquoted again.

What this does: remembers the handler by service, and takes the URL as it came. What is not a signed POST to
`/` with a target, and what comes from a browser, takes moto's own way; so does an error that a handler does
not turn into an answer.

Downside: moto's recorder of requests does not see them.
"""

import re
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any

from botocore.exceptions import ClientError
from moto.moto_server.werkzeug_app import BackendRequest, DomainDispatcherApplication
from werkzeug.http import HTTP_STATUS_CODES

WsgiApplication = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
_Service = tuple[str, str]
_HOST = re.compile(r"[a-z0-9.-]+(:[0-9]+)?")
"""One that stands in a request's URL as it came."""


class WithoutFlask:
    """A WSGI application in front of moto's."""

    def __init__(self, plain: DomainDispatcherApplication) -> None:
        self._plain = plain
        self._handlers: dict[_Service, tuple[Any, Callable[..., Any]]] = {}

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request."""
        service = _service(environ)
        if service is None:
            answered: Iterable[bytes] = self._plain(environ, start_response)
            return answered
        app, handle = self._handlers.get(service) or self._handler(service, environ)
        request = BackendRequest(environ)
        try:
            url = f"{environ['wsgi.url_scheme']}://{environ['HTTP_HOST']}/"
            answer = handle(request, url, dict(request.headers))
        except ClientError as error:
            answer = 400, {}, error.response["Error"]["Message"]
        except Exception as error:  # noqa: BLE001 - whatever it is, Flask knows how to word it
            return _in_flasks_words(app, environ, error)(environ, start_response)
        return _sent(answer, start_response)

    def _handler(self, service: _Service, environ: dict[str, Any]) -> tuple[Any, Callable[..., Any]]:
        app = self._plain.get_application(environ)
        endpoint, _ = app.url_map.bind("localhost").match("/", method="POST")
        view: Any = app.view_functions[endpoint]
        found = self._handlers[service] = app, view.callback
        return found


def _service(environ: dict[str, Any]) -> _Service | None:
    """Return what moto tells a service by: the scope of the signature and the target's first part."""
    target, scope = environ.get("HTTP_X_AMZ_TARGET"), environ.get("HTTP_AUTHORIZATION", "").split("/", 4)
    if target is None or len(scope) < 5:  # noqa: PLR2004 - Credential=key/day/region/service/aws4_request
        return None
    if environ["PATH_INFO"] != "/" or environ["REQUEST_METHOD"] != "POST" or "HTTP_ORIGIN" in environ:
        return None
    if environ.get("QUERY_STRING") or not _HOST.fullmatch(environ.get("HTTP_HOST", "")):
        return None
    return scope[3], target.partition(".")[0]


def _in_flasks_words(app: Any, environ: dict[str, Any], error: Exception) -> WsgiApplication:
    environ["wsgi.input"] = BytesIO()
    with app.request_context(environ):
        answer: WsgiApplication = app.finalize_request(app.handle_user_exception(error))
    return answer


def _sent(answer: Any, start_response: Callable[..., Any]) -> Iterable[bytes]:
    status, headers, content = answer if len(answer) == 3 else (200, {}, answer)  # noqa: PLR2004 - as moto tells them apart
    body = content.encode() if isinstance(content, str) else content
    fields = {name.lower(): (name, str(value)) for name, value in headers.items()}
    fields.setdefault("content-type", ("Content-Type", "text/html; charset=utf-8"))
    fields["content-length"] = ("Content-Length", str(len(body)))
    start_response(f"{status} {HTTP_STATUS_CODES[int(status)].upper()}", list(fields.values()))
    return [body]
