"""Looking changes nothing: after GET and HEAD of every address the database is what it was before."""

import hashlib
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from forum.core.db import Database
from forum.core.tables import Base
from forum.web import request_scope
from tests.factories import make_answer, make_comment, make_question, make_user
from tests.web.browser import Browser, sign_in_as
from tests.web.test_csrf import address_of

WRITTEN_LATER = {"user.last_seen_at", "post.view_count", "follow.seen_until"}
COUNTED_LATER = {"search_day", "search_text", "share"}
"""What forum.web.activity writes some seconds afterwards, outside of any request."""


def _checksum(database: Database) -> str:
    digest = hashlib.sha256()
    with database.reading() as session:
        for table in Base.metadata.sorted_tables:
            if table.name in COUNTED_LATER:
                continue
            columns = [column for column in table.columns if str(column) not in WRITTEN_LATER]
            for row in session.execute(select(*columns).order_by(*table.primary_key.columns)):
                digest.update(f"{table.name}{tuple(row)!r}".encode())
    return digest.hexdigest()


def _safe_addresses(app: Flask) -> Iterator[str]:
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or set()):
            yield address_of(rule)


@pytest.fixture
def thread(database: Database) -> None:
    with database.transaction() as session:
        author = make_user(session)
        question = make_question(session, author)
        answer = make_answer(session, question, author)
        make_comment(session, answer, author)


@pytest.mark.parametrize("role", ["visitor", "member", "admin"])
def test_no_page_writes(app: Flask, database: Database, thread: None, role: str) -> None:
    browser = Browser(app) if role == "visitor" else sign_in_as(app, database, role=role)
    before = _checksum(database)

    for path in _safe_addresses(app):
        for response in (browser.get(path), browser.client.head(path)):
            # No worker runs here, which is what the health check has to tell.
            assert response.status_code < 500 or path == "/healthz", path
    after = _checksum(database)

    assert before == after


def test_a_view_that_tries_to_write_during_a_get_fails_loudly(app: Flask) -> None:
    with app.test_request_context("/"), pytest.raises(RuntimeError, match="GET / tried to write"):
        request_scope.write_session()
