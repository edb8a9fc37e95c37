"""One log line per request, and an id that joins it with the page the person saw and with a proxy's log."""

import re
import secrets
import time
from collections.abc import Mapping
from typing import Any

import structlog
from flask import Flask, Response, g, request

from forum.core import logs

_PLAIN_TOKEN = re.compile(r"[A-Za-z0-9_-]{8,64}")

log = structlog.get_logger(__name__)


HEADER = "X-Request-Id"


def install(app: Flask) -> None:
    """Give each request an id and write its line once the response is ready."""
    app.before_request(_begin)
    app.after_request(_end)
    app.teardown_request(lambda _error: logs.end_request())


def request_id() -> str:
    """Return the id of this request: the one that came with it if it is a plain token, else a fresh one."""
    known: str | None = g.get("request_id")
    if known is None:
        known = g.request_id = id_for(request.headers.get(HEADER, ""))
    return known


def id_for(given: str) -> str:
    """Return the id of a request that came with one, perhaps: the given one if it is a plain token."""
    return given if _PLAIN_TOKEN.fullmatch(given) else secrets.token_hex(8)


def write(
    environ: Mapping[str, Any], status: int, *, began_at: float | None, request_id: str | None = None
) -> None:
    """Write the line of a request, with which Flask may have nothing to do; it began by `perf_counter`."""
    line = {"method": environ["REQUEST_METHOD"], "path": _path(environ), "status": status}
    milliseconds = round((time.perf_counter() - began_at) * 1000, 1) if began_at is not None else None
    known = {"request_id": request_id} if request_id else {}
    log.info("request", **line, milliseconds=milliseconds, **known)


def _begin() -> None:
    g.began_at = time.perf_counter()
    logs.begin_request(request_id=request_id())


def _end(response: Response) -> Response:
    response.headers[HEADER] = request_id()
    write(request.environ, response.status_code, began_at=g.get("began_at"))
    return response


def _path(environ: Mapping[str, Any]) -> str:
    # WSGI hands the bytes of a path over as if they were Latin-1.
    return str(environ.get("PATH_INFO", "")).encode("latin-1").decode(errors="replace")
