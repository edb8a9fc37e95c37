"""Headers that tell browsers and caches what they may do with our pages."""

from collections.abc import Mapping
from functools import partial

from flask import Flask, Response, session

from forum.core.settings import Settings
from forum.web.request_scope import viewer
from forum.web.varying import depends_on

_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "object-src": "'none'",
    "frame-ancestors": "'none'",
}

_FOR_EVERY_RESPONSE = {
    "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in _POLICY.items()),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_WITHOUT_CRAWLERS = {"X-Robots-Tag": "noindex"}
_FOR_HTTPS = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}


def install(app: Flask) -> None:
    """Put the headers on every response of the app."""
    headers = for_every_response(app.extensions["askwell"].settings)
    app.after_request(partial(_add_headers, tuple(headers.items())))


def for_every_response(site_settings: Settings) -> Mapping[str, str]:
    """Return the headers that every response of the site carries, static files included."""
    headers = dict(_FOR_EVERY_RESPONSE)
    if site_settings.address.startswith("https:"):
        headers |= _FOR_HTTPS
    if site_settings.crawlers == "closed":
        headers |= _WITHOUT_CRAWLERS
    return headers


def _add_headers(always: tuple[tuple[str, str], ...], response: Response) -> Response:
    # What a view has said stays.
    said = {name.lower() for name, _ in response.headers}
    response.headers.extend([(name, value) for name, value in always if name.lower() not in said])
    if "cache-control" not in said:
        response.headers["Cache-Control"] = _caching(response)
    # Every page shows in its head whether one has signed in.
    depends_on(response, "Cookie")
    return response


def _caching(response: Response) -> str:
    if response.status_code >= 400:
        return "no-store"
    if session.modified or viewer() is not None:
        return "private, no-cache"
    return "no-cache"
