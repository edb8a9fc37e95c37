"""Following in a real browser: by a key, in its place, said aloud; and leaving a question in the list."""

import pytest
from playwright.sync_api import Page, expect

from forum.core.db import Database
from forum.posts.models import Post
from tests.factories import make_answer

pytestmark = pytest.mark.browser


def test_a_question_is_followed_by_a_key_and_left_in_the_list(
    page: Page, database: Database, question: Post
) -> None:
    said = page.locator("[data-announcement]")
    page.goto(f"/questions/{question.id}")
    page.evaluate("window.isSamePage = true")

    page.keyboard.press("f")
    expect(said).to_have_text("You follow this question now.")
    expect(page.get_by_role("button", name="Following")).to_be_visible()
    expect(page.get_by_text("1 follower")).to_be_visible()
    assert page.evaluate("window.isSamePage")

    with database.transaction() as session:
        make_answer(session, session.get_one(Post, question.id), text="Reset it.")
    page.goto("/following")
    page.evaluate("window.isSamePage = true")
    expect(page.get_by_role("link", name="1 new answer")).to_be_visible()
    page.get_by_role("button", name="Following").click()

    expect(said).to_have_text("You no longer follow this question.")
    expect(page.get_by_role("button", name="Follow", exact=True)).to_be_focused()
    assert page.evaluate("window.isSamePage")
    page.reload()
    expect(page.get_by_role("heading", name="You follow no questions")).to_be_visible()
