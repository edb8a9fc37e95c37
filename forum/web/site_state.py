"""The dashboard of the search index, for administrators."""

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from forum.core import outbox
from forum.core.errors import Refused
from forum.core.i18n import gettext
from forum.pages import site_state
from forum.search.indexer import QUEUE
from forum.web.request_scope import engine, read_session, settings, signed_in, write_session
from forum.worker.heartbeat import Heartbeat, is_alive
from forum.worker.rebuild_log import RebuildLog

blueprint = Blueprint("site_state", __name__)


@blueprint.get("/admin/search")
def show() -> ResponseReturnValue:
    _refuse_others()
    session = read_session()
    health = site_state.load(session, engine())
    log = RebuildLog(settings().data_dir)
    seen = Heartbeat(settings().data_dir).seconds_ago()
    return render_template(
        "site_state/search.html",
        health=health,
        failed=site_state.failed_jobs(session) if health.failed_count else (),
        rebuild=log.latest(),
        is_requested=log.is_requested(),
        worker_seen=seen,
        worker_is_alive=is_alive(seen),
        duration=site_state.duration,
        size=site_state.size,
    )


@blueprint.post("/admin/search/retry")
def retry() -> ResponseReturnValue:
    _refuse_others()
    outbox.retry_at_once(write_session(), QUEUE)
    flash(gettext("The worker tries again now."), "success")
    return _back()


@blueprint.post("/admin/search/rebuild")
def rebuild() -> ResponseReturnValue:
    _refuse_others()
    RebuildLog(settings().data_dir).request()
    if is_alive(Heartbeat(settings().data_dir).seconds_ago()):
        flash(
            gettext("The worker rebuilds the index in the background. Searching goes on meanwhile."),
            "success",
        )
    else:
        flash(gettext("The index will be rebuilt when a worker runs. Start one: askwell worker."), "warning")
    return _back()


@blueprint.after_request
def keep_fresh(response: Response) -> Response:
    """Let nobody keep a page that is about this moment."""
    response.headers["Cache-Control"] = "no-store"
    return response


def _refuse_others() -> None:
    if not signed_in().is_admin:
        raise Refused("not an admin", gettext("Only administrators can look after the search index."))


def _back() -> ResponseReturnValue:
    return redirect(url_for("site_state.show"), 303)
