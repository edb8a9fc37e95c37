"""`/metrics`: the state of the index and the worker as figures for Prometheus.

The few lines are written by hand: every figure is read when it is asked for, from the database and files that
all processes share, so there is nothing for a client library's registries of one process to count.
"""

import hmac
from collections.abc import Iterator

from flask import Blueprint, Response, request

from forum.core.errors import NotFound
from forum.pages import site_state
from forum.web.request_scope import engine, read_session, settings
from forum.worker.heartbeat import Heartbeat
from forum.worker.rebuild_log import RebuildLog

blueprint = Blueprint("metrics", __name__)

_CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@blueprint.get("/metrics")
def show() -> Response:
    token = settings().metrics_token
    if token is None:
        raise NotFound("This site has no metrics; its administrator can set ASKWELL_METRICS_TOKEN.")
    given = request.headers.get("Authorization", "")
    if not hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
        answer = Response(
            "Send the token of this site: Authorization: Bearer …\n", 401, mimetype="text/plain"
        )
        answer.headers["WWW-Authenticate"] = "Bearer"
        return answer
    response = Response("".join(_lines()), content_type=_CONTENT_TYPE)
    response.headers["Cache-Control"] = "no-store"
    return response


def _lines() -> Iterator[str]:
    for name, meaning, value in _gauges():
        if value is not None:
            full = f"askwell_{name}"
            yield f"# HELP {full} {meaning}\n# TYPE {full} gauge\n{full} {value:.15g}\n"


def _gauges() -> Iterator[tuple[str, str, float | None]]:
    """Yield name, meaning and value; None for what is not known."""
    health = site_state.load(read_session(), engine())
    index = health.index
    yield "search_queue_jobs", "Changes that wait for the search index.", health.backlog.jobs
    yield "search_failed_jobs", "Changes that failed and wait for another attempt.", health.failed_count
    yield "search_lag_seconds", "How long the oldest change has waited.", health.backlog.seconds
    yield "search_usable", "Whether the search index can be used.", int(index is not None)
    yield "search_outdated", "Whether the search index must be built anew.", int(health.fault is not None)
    if index is not None:
        yield "search_threads", "Threads in the search index.", index.threads
        yield "search_index_bytes", "Size of the search index, 0 if unknown.", index.bytes
        yield "search_index_segments", "Parts that each search goes through.", index.segments
    yield "threads", "Threads that everybody can see.", health.threads
    yield from _rebuild()
    seen = Heartbeat(settings().data_dir).seconds_ago()
    yield "worker_seen_seconds", "Time since the worker's last sign of life; absent without a worker.", seen


def _rebuild() -> Iterator[tuple[str, str, float | None]]:
    latest = RebuildLog(settings().data_dir).latest()
    is_running = latest is not None and latest.is_running
    yield "search_rebuild_running", "Whether the search index is being rebuilt.", int(is_running)
    if latest is not None and is_running:
        yield "search_rebuild_threads_done", "Threads that a running rebuild has done.", latest.done
        yield "search_rebuild_threads_total", "Threads that it has to do.", latest.total
    ended = latest.ended_at.timestamp() if latest and latest.ended_at and not latest.error else None
    yield "search_rebuilt_timestamp_seconds", "When the latest rebuild was done.", ended
