"""Strings that broke other programs, in every form: stored as typed or clearly refused, never a defect."""

import json
from html import escape
from pathlib import Path

import pytest
from sqlalchemy import func, select

from forum.accounts.models import User
from forum.core.db import Database
from forum.posts.models import Post
from tests.web.browser import Browser

pytestmark = pytest.mark.slow

ANSWERS = {303, 422, 413}
"""Accepted, clearly refused, or longer than any form may be."""


@pytest.fixture(scope="module")
def all_strings(shared_dir: Path) -> list[str]:
    lines = (shared_dir / "data/attacks/naughty.jsonl").read_text().splitlines()
    rows = [json.loads(line) for line in lines]
    # The longest ones are written as a piece and how often it is repeated.
    texts = [row["s"] if row["s"] is not None else row["rep"][0] * row["rep"][1] for row in rows]
    return [text for text in texts if _is_sendable(text)]


@pytest.fixture
def strings(all_strings: list[str], database: Database) -> list[str]:
    """All strings on SQLite; on PostgreSQL all that are not plain or short, and a quarter of the others."""
    if database.is_sqlite:
        return all_strings
    plain = [text for text in all_strings if text.isascii() and text.isprintable() and len(text) < 100]
    left_out = set(plain) - set(plain[::4])
    return [text for text in all_strings if text not in left_out]


def _is_sendable(text: str) -> bool:
    """Tell halves of surrogate pairs, which can't be sent in UTF-8 at all."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def test_as_a_title_and_a_text(member: Browser, database: Database, strings: list[str]) -> None:
    asked = 0
    for text in strings:
        response = member.post(
            "/questions/ask",
            title=f"Why {text} not?"[:150],
            source=f"It says:\n{text[:5000]}\nand nothing else.",
            tags="test",
        )
        assert response.status_code in ANSWERS, ascii(text)
        asked += response.status_code == 303

    with database.reading() as session:
        assert session.execute(select(func.count()).select_from(Post)).scalar_one() == asked
    assert asked > 0.8 * len(strings)


def test_as_a_profile(member: Browser, database: Database, strings: list[str]) -> None:
    for text in strings:
        response = member.post(
            "/settings", about=text[:3000], location=text[:100], website=text[:200], email=text[:200]
        )
        assert response.status_code in ANSWERS, ascii(text)
        if response.status_code != 303:
            response = member.post("/settings", about="", location=text[:100], website="", email="")
            assert response.status_code in ANSWERS, ascii(text)
        if response.status_code == 303:
            with database.reading() as session:
                kept = session.get_one(User, member.user_id).location
            assert kept == text[:100].strip(), ascii(text)
            assert escape(kept) in member.get("/settings").text.replace("&#39;", "&#x27;").replace(
                "&#34;", "&quot;"
            )


def test_as_a_name(visitor: Browser, database: Database, strings: list[str]) -> None:
    for text in strings:
        newcomer = Browser(visitor.app)
        response = newcomer.post("/register", name=text, email="", password="five green otters sing")
        assert response.status_code in ANSWERS, ascii(text)

    with database.reading() as session:
        keys = list(session.scalars(select(User.name_key)))
    assert len(keys) == len(set(keys))


def test_as_a_comment_an_edit_and_in_addresses(member: Browser, visitor: Browser, strings: list[str]) -> None:
    member.post(
        "/questions/ask", title="Why does it not work?", source="It does nothing at all.", tags="test"
    )
    for text in strings:
        sent = [
            member.post("/posts/1/comments", source=text),
            member.post("/posts/1/edit", source=text, title=text, tags=text, summary=text, based_on=text),
            member.get("/tags/complete", query_string={"q": text}),
            visitor.get("/users", query_string={"q": text, "sort": text, "at": text}),
        ]
        for response in sent:
            assert response.status_code < 500, (response.request.path, ascii(text))
