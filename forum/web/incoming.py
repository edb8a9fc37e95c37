"""What a request must look like before any view sees it."""

import re

from flask import Flask, abort, request
from flask_wtf.csrf import CSRFProtect

from forum.core.i18n import gettext
from forum.web.request_scope import is_safe

# All but tab, line feed and carriage return. No database keeps NUL, and nobody types the others.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def install(app: Flask) -> None:
    """Refuse requests that no page or form of ours can have sent."""
    app.before_request(_refuse_foreign_forms)
    app.before_request(_refuse_controls)


def protect_forms(app: Flask) -> None:
    """Refuse forms without their token, once it is known how large a form may be."""
    # Of each request Flask-WTF would ask whether its view does without one; none of ours does.
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    csrf = CSRFProtect(app)

    def check() -> None:
        if not is_safe():
            csrf.protect()

    app.before_request(check)


def _refuse_foreign_forms() -> None:
    """Refuse what another site's page sent, on top of the token that each form needs."""
    if not is_safe() and request.headers.get("Sec-Fetch-Site") == "cross-site":
        abort(403, gettext("This was sent by a page of another site, so it was not accepted."))


def _refuse_controls() -> None:
    asked = [request.path]
    if request.query_string:
        asked += [text for pair in request.args.items(multi=True) for text in pair]
    if any(map(_CONTROLS.search, asked)):
        abort(400, gettext("The address contains control characters, which nothing here has in its name."))
