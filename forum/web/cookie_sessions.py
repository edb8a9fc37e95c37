"""Flask's sessions in signed cookies, with what signs them made once and not for each request."""

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer


class CookieSessions(SecureCookieSessionInterface):
    """The sessions of one app."""

    def __init__(self) -> None:
        self._serializer: URLSafeTimedSerializer | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Return what signs the cookies; the key stays the same as long as the process runs."""
        if self._serializer is None:
            self._serializer = super().get_signing_serializer(app)
        return self._serializer
