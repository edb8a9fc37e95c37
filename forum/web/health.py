"""`/healthz`: whether the site works, for monitoring and load balancers."""

from typing import Any

import structlog
from flask import Blueprint, Response, jsonify
from sqlalchemy.exc import SQLAlchemyError

from forum.core import outbox
from forum.core.outbox import Backlog
from forum.search.indexer import QUEUE
from forum.web.request_scope import database, settings
from forum.worker.heartbeat import Heartbeat, is_alive

blueprint = Blueprint("health", __name__)
log = structlog.get_logger(__name__)


@blueprint.get("/healthz")
def status() -> Response:
    """Answer 200 when the database answers and a worker lives, 503 otherwise, with the same facts."""
    backlog = _backlog()
    seen = Heartbeat(settings().data_dir).seconds_ago()
    is_well = backlog is not None and is_alive(seen)
    facts: dict[str, Any] = {
        "status": "ok" if is_well else "failing",
        "database": "failing" if backlog is None else "ok",
        "search": {
            "lag_seconds": None if backlog is None else round(backlog.seconds, 1),
            "jobs": None if backlog is None else backlog.jobs,
        },
        "worker": {
            "alive": is_alive(seen),
            "seen_seconds_ago": None if seen is None else round(seen, 1),
        },
    }
    response = jsonify(facts)
    response.status_code = 200 if is_well else 503
    response.headers["Cache-Control"] = "no-store"
    return response


def _backlog() -> Backlog | None:
    """Return the work that waits for the index, or None when the database does not answer."""
    try:
        with database().reading() as session:
            return outbox.backlog(session, QUEUE)
    except SQLAlchemyError as error:
        log.error("health check: the database does not answer", error=str(error))
        return None
