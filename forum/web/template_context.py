"""What every template may name."""

from typing import Any
from uuid import uuid4

from flask import Flask, request

from forum.web.request_scope import settings, viewer


def install(app: Flask) -> None:
    """Let templates see who is looking, what the site is called, and number the forms they show."""
    app.context_processor(_context)
    app.jinja_env.globals["new_submission"] = lambda: str(uuid4())


def _context() -> dict[str, Any]:
    site = settings()
    theme = request.cookies.get("theme")
    return {
        "theme": theme if theme in {"light", "dark"} else None,
        "viewer": viewer(),
        "site_name": site.site_name,
        "open_registration": site.registration == "open",
    }
