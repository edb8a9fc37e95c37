import pytest
from flask import Flask, abort
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from forum.accounts.models import User
from forum.core.db import Database
from forum.core.errors import Refused
from forum.web import request_scope
from tests.factories import make_user
from tests.web.browser import Browser


def _people(database: Database) -> int:
    with database.reading() as session:
        return session.execute(select(func.count()).select_from(User)).scalar_one()


def _add_view(app: Flask, outcome: str) -> None:
    @app.post("/write")
    def write() -> ResponseReturnValue:
        make_user(request_scope.write_session())
        if outcome == "refused":
            raise Refused("no", "No.")
        if outcome == "aborted":
            abort(404)
        if outcome == "broken":
            raise ZeroDivisionError
        return "written", 422 if outcome == "shown again" else 200


def test_what_a_view_wrote_is_committed_before_the_response_is_sent(app: Flask, database: Database) -> None:
    _add_view(app, "fine")

    response = Browser(app).post("/write")

    assert response.status_code == 200
    assert _people(database) == 1


@pytest.mark.parametrize("outcome", ["refused", "aborted", "broken", "shown again"])
def test_nothing_is_kept_when_the_response_is_an_error(app: Flask, database: Database, outcome: str) -> None:
    app.testing = False
    _add_view(app, outcome)

    response = Browser(app).post("/write")

    assert response.status_code >= 400
    assert _people(database) == 0


def test_the_lock_is_free_after_an_error(app: Flask, database: Database) -> None:
    _add_view(app, "refused")

    Browser(app).post("/write")

    with database.transaction() as session:
        make_user(session)
    assert _people(database) == 1
