"""From errors to pages: the one place where a refusal, a missing thing or a defect gets its response.

A script that asked for a fragment gets the message alone; everybody else gets a page that also gives
back what they typed.
"""

import structlog
from flask import Flask, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, InterfaceError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException, InternalServerError

from forum.core.errors import AskwellError, Conflict, NotFound, Refused, TooMany
from forum.core.i18n import gettext, marked
from forum.core.readiness import State
from forum.images.storage import StoreUnavailable
from forum.search.engine import SearchUnavailable
from forum.web import images, kept_text
from forum.web.addresses import here, safe_next
from forum.web.forms.account import SignInForm
from forum.web.plain_page import plain_page, silent_database, unfit_database
from forum.web.request_log import request_id
from forum.web.request_scope import (
    SignInNeeded,
    answers_in_json,
    forget_writes,
    is_safe,
    site,
    viewer,
    wants_fragment,
)

RETRY_SECONDS = 5
"""When to try again after the search index or the store of images did not answer."""

_TITLES = {
    400: marked("This request can't be understood"),
    403: marked("This is not allowed"),
    404: marked("There is nothing here"),
    405: marked("This can't be done that way"),
    409: marked("Somebody was faster"),
    413: marked("This is too large"),
    422: marked("Something needs to be corrected"),
    429: marked("A little too fast"),
}
_OTHER_TITLE = marked("This did not work")
_MESSAGES = {
    400: marked("Something in the request is malformed. Go back, reload the page and try again."),
    403: marked("You may not do this."),
    404: marked("The page may have moved or been deleted. The search above finds most things."),
    405: marked("This address answers another kind of request; open it from a page of this site."),
    413: marked(
        "A text may have about 30,000 characters. Go back and shorten it; what you wrote is still there."
    ),
    429: marked("Wait a moment and try again."),
}
_STATUS: dict[type[AskwellError], int] = {Refused: 403, NotFound: 404, Conflict: 409, TooMany: 429}

log = structlog.get_logger(__name__)


def install(app: Flask) -> None:
    """Answer every error by a page of ours."""
    app.register_error_handler(AskwellError, _rule_says_no)
    app.register_error_handler(SignInNeeded, _sign_in_first)
    app.register_error_handler(CSRFError, _form_expired)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(InternalServerError, _defect)
    app.register_error_handler(SearchUnavailable, _search_unavailable)
    app.register_error_handler(StoreUnavailable, _images_unavailable)
    app.register_error_handler(DataError, _unusable_value)
    app.register_error_handler(ProgrammingError, _wrong_statement)
    for kind in (OperationalError, InterfaceError, PoolTimeout):
        app.register_error_handler(kind, _database_unavailable)


def _rule_says_no(error: AskwellError) -> Response:
    status = 400 if is_safe() else 422
    for kind, code in _STATUS.items():
        if isinstance(error, kind):
            status = code
    response = _page(status, error.message)
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _http_error(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error
    if error.code >= 500:
        return plain_page(error.code, gettext("Something went wrong"), error.description or "")
    is_ours = error.description != type(error).description
    message = (error.description if is_ours else None) or gettext(_MESSAGES.get(error.code, error.name))
    if error.code == 413 and request.blueprint == images.blueprint.name:
        message = images.too_large()
    response = _page(error.code, message)
    kept = {"Allow", "Retry-After"}
    response.headers.extend([pair for pair in error.get_headers(request.environ) if pair[0] in kept])
    return response


def _sign_in_first(_error: SignInNeeded) -> ResponseReturnValue:
    if answers_in_json():
        return _page(403, gettext("Sign in first, then do this again."))
    if wants_fragment():
        message = gettext("Sign in first, then do this again.")
        return _fragment(403, message, link=url_for("account.sign_in", next=_origin()))
    if is_safe():
        return redirect(url_for("account.sign_in", next=here()))
    return _sign_in_page(403, gettext("Sign in to go on."))


def _form_expired(_error: CSRFError) -> Response:
    if answers_in_json():
        message = gettext("Your session has ended since this page was opened. Reload the page and try again.")
        return _page(400, message)
    cause = gettext("It was opened before you last signed in or out, or your session has ended since.")
    if wants_fragment():
        advice = gettext("Reload the page and try again.")
        return _fragment(400, f"{cause} {advice}")
    if viewer() is None:
        advice = gettext("Nothing is lost: sign in and send it again.")
        return _sign_in_page(400, f"{cause} {advice}")
    advice = gettext("Nothing is lost: check it and send it again.")
    return _page(400, f"{cause} {advice}", heading=gettext("This form was open for too long"))


def _unusable_value(error: DataError) -> Response:
    # PostgreSQL compares some ids with 32-bit columns; a number beyond them is the id of nothing.
    if getattr(error.orig, "sqlstate", None) == "22003":
        return _page(404, gettext(_MESSAGES[404]))
    raise error


def _search_unavailable(error: SearchUnavailable) -> Response:
    log.warning("search unavailable", error=error.message)
    comfort = gettext("Everything else works meanwhile.")
    response = _page(503, f"{gettext(error.message)} {comfort}")
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def _images_unavailable(error: StoreUnavailable) -> Response:
    log.error("images unavailable", error=error.message)
    message = gettext(
        "Images can't be read or kept at present. Try again in a moment; everything else works meanwhile."
    )
    response = _page(503, message)
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def _database_unavailable(error: Exception) -> Response:
    log.error("database unavailable", exc_info=error)
    if isinstance(error, OperationalError) and _misses_something(error):
        site().readiness.look()
    return silent_database()


def _wrong_statement(error: ProgrammingError) -> Response:
    # A table or column is missing when the database was migrated after this process began to use it.
    if site().readiness.look() is State.UNFIT:
        return unfit_database()
    raise error


def _misses_something(error: OperationalError) -> bool:
    """Tell whether SQLite misses a table or column, for which PostgreSQL has another error."""
    return str(error.orig).startswith("no such ")


def _defect(error: InternalServerError) -> Response:
    cause = error.original_exception
    if isinstance(cause, OperationalError | InterfaceError | PoolTimeout):
        return _database_unavailable(cause)
    return plain_page(
        500,
        gettext("Something broke"),
        gettext(
            "This is not your mistake. If it happens again, tell the people who run this site the number "
            "below."
        ),
    )


def _sign_in_page(status: int, message: str) -> Response:
    forget_writes()
    html = render_template(
        "errors/sign_in_first.html",
        message=message,
        kept=kept_text.of_request(),
        form=SignInForm(data={"next": _origin()}),
    )
    return make_response(html, status)


def _page(status: int, message: str, *, heading: str | None = None) -> Response:
    forget_writes()
    if answers_in_json():
        return make_response({"error": message}, status)
    if wants_fragment():
        return _fragment(status, message)
    html = render_template(
        "errors/page.html",
        status=status,
        heading=heading or gettext(_TITLES.get(status, _OTHER_TITLE)),
        message=message,
        kept=None if status == 413 else kept_text.of_request(),
        origin=_origin(),
        request_id=request_id(),
    )
    return make_response(html, status)


def _fragment(status: int, message: str, *, link: str | None = None) -> Response:
    return make_response(render_template("errors/_message.html", message=message, link=link), status)


def _origin() -> str | None:
    """Return the page of ours that the request was sent from, as a path."""
    referrer = request.referrer or ""
    prefix = request.host_url.rstrip("/")
    return safe_next(referrer.removeprefix(prefix)) if referrer.startswith(f"{prefix}/") else None
