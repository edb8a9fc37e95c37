"""One log line per request, and an id that joins it with the page the person saw and with a proxy's log."""

import re
import secrets
import time

import structlog
from flask import Flask, Response, g, request

from forum.core import logs

_PLAIN_TOKEN = re.compile(r"[A-Za-z0-9_-]{8,64}")

log = structlog.get_logger(__name__)


def install(app: Flask) -> None:
    """Give each request an id and write its line once the response is ready."""
    app.before_request(_begin)
    app.after_request(_end)
    app.teardown_request(lambda _error: logs.end_request())


def request_id() -> str:
    """Return the id of this request: the one that came with it if it is a plain token, else a fresh one."""
    if "request_id" not in g:
        given = request.headers.get("X-Request-Id", "")
        g.request_id = given if _PLAIN_TOKEN.fullmatch(given) else secrets.token_hex(8)
    value: str = g.request_id
    return value


def _begin() -> None:
    g.began_at = time.perf_counter()
    logs.begin_request(request_id=request_id())


def _end(response: Response) -> Response:
    response.headers["X-Request-Id"] = request_id()
    milliseconds = round((time.perf_counter() - g.began_at) * 1000, 1) if "began_at" in g else None
    log.info(
        "request",
        method=request.method,
        path=request.path,
        status=response.status_code,
        milliseconds=milliseconds,
    )
    return response
