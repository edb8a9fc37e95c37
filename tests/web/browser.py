"""A person at a browser: pages, forms with their tokens, cookies, all over HTTP."""

import re
from collections.abc import Mapping
from html import unescape
from itertools import count
from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from lxml import html
from werkzeug.test import TestResponse

from forum.accounts import actions as accounts
from forum.core.db import Database
from tests.factories import make_user

_networks = count(1)
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


class Browser:
    """One browser with its cookies, in a network of its own so that nobody shares a rate limit."""

    def __init__(self, app: Flask, *, user_id: int = 0, name: str = "") -> None:
        self.app = app
        self.user_id = user_id
        self.name = name
        self.client = app.test_client()
        number = next(_networks)
        self.client.environ_base["REMOTE_ADDR"] = (
            f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        )
        self._token: str | None = None

    def get(self, path: str, **options: Any) -> TestResponse:
        """Open a page."""
        # Read at once, because static files stay open until somebody has read them.
        return self.client.get(path, buffered=True, **options)

    def post(
        self, path: str, *, token: bool = True, headers: Mapping[str, str] | None = None, **fields: Any
    ) -> TestResponse:
        """Send a form, with the token that its page would hold unless told otherwise."""
        sent = {"csrf_token": self.token(), **fields} if token else fields
        secret = self._secret()
        response = self.client.post(path, data=sent, headers=headers)
        if self._secret() != secret:
            # Signing in and out begins a new session, to which old tokens do not belong.
            self._token = None
        return response

    def send_fragment(self, path: str, **fields: Any) -> TestResponse:
        """Send a form as the script does that swaps a part of the page."""
        return self.post(path, headers={"HX-Request": "true"}, **fields)

    def token(self) -> str:
        """Return a token of this session, as forms hold it."""
        if self._token is None:
            self._token = token_of(self.get("/appearance"))
        return self._token

    def _secret(self) -> object:
        """Return what the tokens of this session are made of, or None without a session."""
        cookie = self.client.get_cookie(self.app.config["SESSION_COOKIE_NAME"])
        if cookie is None:
            return None
        serializer = SecureCookieSessionInterface().get_signing_serializer(self.app)
        assert serializer is not None
        return serializer.loads(cookie.value).get("csrf_token")


def token_of(response: TestResponse) -> str:
    """Return the token in the first form of a page."""
    found = _TOKEN.search(response.text)
    assert found, f"no form on {response.request.path}"
    return unescape(found[1])


def field_of(response: TestResponse, name: str) -> str | None:
    """Return what a field of a page holds, or None when the page has no such field."""
    for field in html.fromstring(response.text).iter("input", "textarea"):
        if field.get("name") == name:
            if field.tag == "input":
                return field.get("value") or ""
            # Browsers leave out the line feed that may follow the opening tag; this parser does not.
            return (field.text or "").removeprefix("\n")
    return None


def sign_in_as(
    app: Flask, database: Database, name: str | None = None, *, reputation: int = 1, role: str = "member"
) -> Browser:
    """Make a person and return the browser in which they have signed in."""
    with database.transaction() as session:
        user = make_user(session, name, reputation=reputation, role=role)
        token = accounts.open_session(session, user.id)
    browser = Browser(app, user_id=user.id, name=user.name)
    with browser.client.session_transaction() as cookie:
        cookie["_user_id"] = token
        cookie.permanent = True
    return browser
