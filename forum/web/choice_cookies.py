"""Cookies with what somebody has chosen for one browser: how pages look, and their language."""

from collections.abc import Mapping

from flask import Response, request

from forum.web.request_scope import settings

_YEAR = 60 * 60 * 24 * 365


def theme() -> str | None:
    """Return "light" or "dark" if somebody has chosen one for this browser, or None for what it prefers."""
    return theme_of(request.cookies)


def theme_of(cookies: Mapping[str, str]) -> str | None:
    """Return the theme that some cookies choose, or None."""
    chosen = cookies.get("theme")
    return chosen if chosen in {"light", "dark"} else None


def keys_on() -> bool:
    """Tell whether single keys do something in this browser."""
    return keys_of(request.cookies)


def keys_of(cookies: Mapping[str, str]) -> bool:
    """Tell whether single keys do something, by some cookies."""
    return cookies.get("keys") != "off"


def keep(response: Response, name: str, value: str | None) -> None:
    """Let the browser keep a choice for a year, in seconds; None lets it forget the choice."""
    secure = settings().address.startswith("https:")
    if value is None:
        response.delete_cookie(name, secure=secure, httponly=True, samesite="Lax")
    else:
        response.set_cookie(name, value, max_age=_YEAR, secure=secure, httponly=True, samesite="Lax")
