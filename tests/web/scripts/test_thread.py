"""The page of a question in a real browser: accepting, changing comments, folding, news."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, expect
from sqlalchemy import select, update

from forum.accounts.models import User
from forum.core import clock
from forum.core.db import Database
from forum.posts.models import Post
from tests.factories import make_answer, make_comment, make_question, make_tag, make_user

pytestmark = pytest.mark.browser


@pytest.fixture
def thread(page: Page, database: Database) -> Post:
    """A question of Mary's with two answers, seven comments on it, and one of hers under the first answer."""
    with database.transaction() as session:
        mary = session.execute(select(User).where(User.name == "Mary Member")).scalar_one()
        question = make_question(session, mary, title="Why does the dock not wake?")
        first = make_answer(session, question, make_user(session, name="Ann One"), text="Update it.")
        make_answer(session, question, make_user(session, name="Bo Two"), text="Unplug it.")
        for number in range(7):
            make_comment(session, question, make_user(session), text=f"Remark {number}")
        make_comment(session, first, mary, text="That helped.")
        make_tag(session, "sound")
    page.goto(f"/questions/{question.id}")
    page.evaluate("window.isSamePage = true")
    return question


def test_accepting_moves_the_sign_and_leads_there_from_the_top(page: Page, thread: Post) -> None:
    first, second = (page.get_by_role("article", name=f"Answer by {name}") for name in ("Ann One", "Bo Two"))
    top = page.get_by_role("link", name="Solved: go to the accepted answer")

    first.get_by_role("button", name="Accept this answer").click()
    expect(first.get_by_role("button", name="Accepted")).to_be_focused()
    second.get_by_role("button", name="Accept this answer").click()
    expect(second.get_by_role("button", name="Accepted")).to_be_visible()
    expect(first.get_by_role("button", name="Accept this answer")).to_be_visible()
    expect(page.locator("[data-announcement]")).to_have_text("You accepted this answer.")
    top.click()
    assert page.url.endswith(second.get_attribute("id") or "?")

    second.get_by_role("button", name="Accepted").click()
    expect(top).to_have_count(0)
    assert page.evaluate("window.isSamePage")


def test_a_comment_is_changed_in_its_place(page: Page, thread: Post) -> None:
    comment = page.locator(".comment", has_text="That helped.")
    comment.get_by_role("link", name="Edit").click()
    field = page.get_by_role("textbox", name="Your comment")
    expect(field).to_be_focused()

    field.fill("x")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("at least 2 characters")
    field.fill("That **helped**, thank you.")
    page.get_by_role("button", name="Save").click()

    expect(page.locator(".comment strong")).to_have_text("helped")
    assert page.evaluate("window.isSamePage")


def test_changing_a_comment_can_be_given_up(page: Page, thread: Post) -> None:
    page.locator(".comment", has_text="That helped.").get_by_role("link", name="Edit").click()
    page.get_by_role("link", name="Cancel").click()

    expect(page.locator(".comment", has_text="That helped.")).to_be_visible()
    assert page.evaluate("window.isSamePage")


def test_a_comment_that_changed_meanwhile_is_joined_in_its_place(
    page: Page, thread: Post, database: Database
) -> None:
    page.locator(".comment", has_text="That helped.").get_by_role("link", name="Edit").click()
    other = page.context.new_page()
    other.goto(f"/questions/{thread.id}")
    other.locator(".comment", has_text="That helped.").get_by_role("link", name="Edit").click()
    other.get_by_role("textbox", name="Your comment").fill("That helped at once.")
    other.get_by_role("button", name="Save").click()
    expect(other.locator(".comment", has_text="at once")).to_be_visible()

    field = page.get_by_role("textbox", name="Your comment")
    field.fill("That did not help.")
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_role("alert")).to_contain_text("Somebody saved another version")
    expect(field).to_have_value(re.compile("at once"))
    page.get_by_label("Keep mine").check()
    expect(field).to_have_value("That did not help.")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".comment", has_text="That did not help.")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)


def test_tags_are_changed_in_their_place(page: Page, thread: Post) -> None:
    link = page.get_by_role("link", name="Edit tags")
    field = page.get_by_role("combobox", name="Tags")
    link.focus()
    page.keyboard.press("Enter")
    expect(field).to_be_focused()

    field.fill("!")
    page.keyboard.press("Enter")
    expect(field).to_have_accessible_description(re.compile("can't be a tag"))
    expect(field).to_be_focused()
    page.keyboard.press("Escape")
    expect(link).to_be_focused()
    expect(field).to_have_count(0)

    page.keyboard.press("Enter")
    field.press_sequentially(" so")
    page.get_by_role("option", name="sound").click()
    page.get_by_role("button", name="Save").click()
    expect(link).to_be_focused()
    expect(page.get_by_role("list", name="Tags").get_by_role("link", name="sound")).to_be_visible()
    assert page.evaluate("window.isSamePage")


def test_comments_after_the_fifth_are_folded_until_one_of_them_is_wanted(page: Page, thread: Post) -> None:
    last = page.locator(".comment", has_text="Remark 6")
    expect(page.locator(".comment", has_text="Remark 4")).to_be_visible()
    expect(last).to_be_hidden()
    anchor = last.get_attribute("id")

    page.get_by_text("2 more comments").click()
    expect(last).to_be_visible()

    page.goto("about:blank")
    page.goto(f"/questions/{thread.id}#{anchor}")
    expect(page.locator(".comment", has_text="Remark 6")).to_be_visible()


def test_what_others_write_is_told_but_what_one_writes_is_not(
    page: Page, thread: Post, database: Database
) -> None:
    page.clock.install()
    with database.transaction() as session:
        session.execute(update(Post).values(created_at=clock.now()))
    page.goto(f"/questions/{thread.id}")
    line = page.locator("[data-news-line]")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/news" in request.url else None)
    page.clock.run_for(30_000)
    assert asked == []
    later = clock.now() + timedelta(hours=1)
    with database.transaction() as session:
        mary = session.execute(select(User).where(User.name == "Mary Member")).scalar_one()
        question = session.get_one(Post, thread.id)
        make_comment(session, question, mary, text="Mine", created_at=later)
    page.clock.run_for(20_000)
    page.wait_for_timeout(300)
    assert len(asked) == 1
    expect(line).to_be_empty()

    with database.transaction() as session:
        question = session.get_one(Post, thread.id)
        answer = make_answer(session, question, make_user(session), text="Reset it.", created_at=later)
        make_comment(session, answer, make_user(session), text="Yes.", created_at=later)
    page.clock.run_for(50_000)

    expect(line).to_contain_text("1 new answer and 1 new comment")
    line.get_by_role("link").click()
    expect(page.get_by_text("Reset it.")).to_be_visible()


def test_the_site_says_nothing_new_of_a_question_that_is_not_there(app: Flask) -> None:
    assert app.test_client().get("/questions/99/news?since=1").status_code == 404
    assert app.test_client().get(f"/questions/99/news?since={10**30}").status_code == 404


def test_exact_times_are_those_of_the_reader(browser: Chromium, address: str, database: Database) -> None:
    with database.transaction() as session:
        asked = datetime(2026, 3, 4, 23, 30, tzinfo=UTC)
        question = make_question(session, make_user(session), created_at=asked)
    context = browser.new_context(base_url=address, timezone_id="Asia/Tokyo")
    page = context.new_page()
    page.goto(f"/questions/{question.id}")

    expect(page.locator(".meta-line time").first).to_have_attribute("title", "March 5, 2026 at 8:30 AM")
    context.close()
