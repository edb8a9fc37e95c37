import pytest

from forum.core.db import Database
from forum.posts.models import Post
from tests.web.browser import Browser


def test_it_shows_what_a_text_will_look_like(member: Browser) -> None:
    response = member.send_fragment("/preview", source="**bold** <script>alert(1)</script>")

    assert response.status_code == 200
    assert "<strong>bold</strong>" in response.text
    assert "<script>" not in response.text
    assert "<html" not in response.text


def test_it_is_what_will_be_saved(member: Browser, database: Database) -> None:
    source = "| a | b |\n| - | - |\n| 1 | `x` |\n\n- [ ] @marymember https://example.org <b>bold</b>"
    preview = member.send_fragment("/preview", source=source).text
    member.post("/questions/ask", title="What will be saved?", source=source, tags="test")

    with database.reading() as session:
        [question] = session.query(Post)
    assert preview.strip() == question.html.strip()


def test_comments_have_a_preview_of_their_own(member: Browser) -> None:
    post = member.send_fragment("/preview", source="# Heading", flavour="post").text
    comment = member.send_fragment("/preview", source="# Heading", flavour="comment").text

    assert "<h" in post
    assert "<h" not in comment


@pytest.mark.parametrize("source", ["", "   ", "\x00", "x" * 40_000, "[" * 5000])
def test_any_text_gets_an_answer(member: Browser, source: str) -> None:
    assert member.send_fragment("/preview", source=source).status_code == 200


def test_a_missing_text_is_an_empty_one(member: Browser) -> None:
    assert "Nothing to show yet" in member.send_fragment("/preview").text


def test_it_is_for_people_who_have_signed_in(visitor: Browser) -> None:
    assert visitor.send_fragment("/preview", source="**bold**").status_code == 403
    assert visitor.get("/preview").status_code == 405


def test_it_pauses_for_those_who_ask_too_often(member: Browser) -> None:
    statuses = [member.send_fragment("/preview", source="x").status_code for _ in range(61)]

    assert statuses == [200] * 60 + [429]
