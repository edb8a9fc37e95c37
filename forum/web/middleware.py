"""What meets a request before Flask does."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from flask import Flask

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


def put_before(app: Flask, outer: "Callable[[WSGIApplication], WSGIApplication]") -> None:
    """Let what `outer` makes of the application be asked first."""
    app.wsgi_app = outer(app.wsgi_app)  # type: ignore[method-assign, assignment]  # the way Flask's manual adds middleware
