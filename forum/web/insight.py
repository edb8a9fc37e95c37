"""What the community searches for, for those who keep order: the page and its tables as CSV."""

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from forum.core.errors import NotFound
from forum.core.i18n import gettext
from forum.pages import insight, insight_tables
from forum.pages.insight import InsightPage
from forum.pages.insight_periods import Span
from forum.pages.insight_tables import Table
from forum.searches.rules import RETENTION_DAYS, SHOWN_FROM_DAYS, SHOWN_FROM_SEARCHES, refuse_insight
from forum.web.choices import chosen
from forum.web.request_scope import read_session, signed_in

blueprint = Blueprint("insight", __name__)


@blueprint.get("/insight")
def show() -> ResponseReturnValue:
    return render_template(
        "insight/show.html",
        page=_load(),
        rows_shown=insight.ROWS_SHOWN,
        shown_from=(SHOWN_FROM_SEARCHES, SHOWN_FROM_DAYS),
        retention_days=RETENTION_DAYS,
    )


@blueprint.get("/insight/<name>.csv")
def table(name: str) -> ResponseReturnValue:
    page = _load()
    try:
        text = insight_tables.as_csv(page, Table(name))
    except ValueError:
        raise NotFound(gettext("There is no such table.")) from None
    response = Response(text, mimetype="text/csv")
    response.headers.set("Content-Disposition", "attachment", filename=f"{name}-{page.first}-{page.last}.csv")
    return response


def _load() -> InsightPage:
    refuse_insight(signed_in())
    return insight.load(read_session(), chosen("days", Span.MONTH))
