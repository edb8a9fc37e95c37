from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from forum.cards.typesetting import OWN_FONT
from forum.core.db import Database
from forum.posts.models import Post
from tests.factories import make_answer, make_question, make_user
from tests.statements import recorded
from tests.web.browser import Browser
from tests.web.conftest import MakeApp, SignIn

DELETED = datetime(2026, 1, 1, tzinfo=UTC)


def _question(database: Database, **values: Any) -> int:
    with database.transaction() as session:
        return make_question(session, make_user(session), **values).id


def test_a_question_has_a_picture_in_one_statement(visitor: Browser, database: Database) -> None:
    path = f"/questions/{_question(database)}/preview.png"

    with recorded(database) as statements:
        response = visitor.get(path)

    assert len(statements) == 1
    assert (response.status_code, response.mimetype) == (200, "image/png")
    with Image.open(BytesIO(response.data)) as image:
        assert image.size == (1200, 630)
    assert response.headers["Cache-Control"] == "public, max-age=600"
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "Set-Cookie" not in response.headers
    assert visitor.client.head(path).status_code == 200


def test_it_is_not_sent_again_until_something_on_it_changes(visitor: Browser, database: Database) -> None:
    id = _question(database)
    path = f"/questions/{id}/preview.png"
    tag = visitor.get(path).headers["ETag"]

    same = visitor.get(path, headers={"If-None-Match": tag})
    with database.transaction() as session:
        make_answer(session, session.get_one(Post, id))
    changed = visitor.get(path, headers={"If-None-Match": tag})

    assert (same.status_code, same.data, same.headers["ETag"]) == (304, b"", tag)
    assert changed.status_code == 200
    assert changed.headers["ETag"] != tag


def test_what_is_deleted_or_no_question_has_none(
    visitor: Browser, sign_in: SignIn, database: Database
) -> None:
    deleted = _question(database, deleted_at=DELETED)
    with database.transaction() as session:
        answer = make_answer(session, make_question(session)).id

    # Moderators see deleted questions, but the picture would stay in caches of everybody.
    for browser in (visitor, sign_in(role="moderator")):
        for id in (deleted, answer, 4711):
            response = browser.get(f"/questions/{id}/preview.png")
            assert response.status_code == 404
            assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("title", ["</script><b>", "x" * 10_000, "a\x00b", "为什么", "\u202eodd", "😀" * 50])
def test_hostile_titles_are_drawn(visitor: Browser, database: Database, title: str) -> None:
    assert visitor.get(f"/questions/{_question(database, title=title)}/preview.png").status_code == 200


def test_a_font_of_the_site_is_taken(make_app: MakeApp, database: Database) -> None:
    path = f"/questions/{_question(database)}/preview.png"
    usual = Browser(make_app()).get(path)
    own = Browser(make_app(preview_font=OWN_FONT)).get(path)

    assert own.status_code == 200
    assert own.headers["ETag"] != usual.headers["ETag"]


def test_pictures_are_kept_in_the_data_directory(
    visitor: Browser, database: Database, tmp_path: Path
) -> None:
    visitor.get(f"/questions/{_question(database)}/preview.png")

    assert len(list((tmp_path / "cards").glob("*.png"))) == 1
