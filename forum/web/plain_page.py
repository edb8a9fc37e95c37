"""The page that is shown when the site can't be: without the database, and without knowing who is looking."""

from flask import Response, current_app, make_response, request

from forum.core.i18n import gettext, marked
from forum.web.addresses import here
from forum.web.request_log import request_id
from forum.web.request_scope import answers_in_json, forget_writes, is_safe, settings, wants_fragment

KEPT = marked("What you wrote is not lost: reload the page then, and let the browser send it again.")


def plain_page(
    status: int, heading: str, message: str, *, note: str = "", retry_after: int | None = None
) -> Response:
    """Answer with a page, and scripts and programs with the message alone.

    `note` is a text of the administrator's; `retry_after` are the seconds after which to try again.
    """
    forget_writes()
    short = f"{message} {note}".strip()
    # By the environment, as Flask's own way would ask the database who is looking.
    templates = current_app.jinja_env
    if answers_in_json() or request.accept_mimetypes.best == "application/json":
        response = make_response({"error": short}, status)
    elif wants_fragment():
        response = make_response(templates.get_template("errors/_message.html").render(message=short), status)
    else:
        page = templates.get_template("errors/plain.html").render(
            status=status,
            heading=heading,
            message=message if is_safe() or retry_after is None else f"{message} {gettext(KEPT)}",
            note=note,
            again=here() if is_safe() and retry_after is not None else None,
            theme=request.cookies.get("theme"),
            site_name=settings().site_name,
            request_id=request_id(),
        )
        response = make_response(page, status)
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response


def silent_database() -> Response:
    """Answer while the database does not."""
    return plain_page(
        503,
        gettext("Back in a moment"),
        gettext("The site's database does not answer at present. Reload this page in a few seconds."),
        retry_after=5,
    )


def unfit_database() -> Response:
    """Answer while the database has the schema of another version, as in the middle of an update."""
    return plain_page(
        503,
        gettext("Back in a minute"),
        gettext("The site is being updated. Reload this page in a minute."),
        retry_after=30,
    )


def closed_site(note: str) -> Response:
    """Answer while an administrator has closed the site."""
    return plain_page(
        503,
        gettext("Closed for maintenance"),
        gettext("The site will be back soon. Reload this page in a few minutes."),
        note=note,
        retry_after=300,
    )
