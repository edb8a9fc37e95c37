import pytest
from lxml import html

from forum.accounts.rules import Actor
from forum.core.db import Database
from forum.pages.revisions import REVISIONS_PER_PAGE
from forum.posts.actions import asking, editing
from tests.web.browser import Browser
from tests.web.conftest import SignIn

TITLE = "Why does my dock lose the second monitor?"


@pytest.fixture
def question_id(member: Browser, database: Database) -> int:
    actor = Actor(id=member.user_id, name=member.name, role="member", reputation=1)
    with database.transaction() as session:
        posted = asking.ask(
            session, actor, title=TITLE, source="It stays <b>black</b> forever.", tags=["docks"]
        )
        editing.edit_post(
            session,
            actor,
            posted.question_id,
            title=TITLE.replace("dock", "USB-C dock"),
            source="It stays <b>dark</b> forever.",
            tags=["docks", "displays"],
            summary="Said which dock",
            based_on=1,
        )
    return posted.question_id


def test_the_history_shows_who_changed_what(visitor: Browser, member: Browser, question_id: int) -> None:
    page = visitor.get(f"/posts/{question_id}/revisions").text

    assert "Version 2" in page
    assert "Said which dock" in page
    assert member.name in page
    assert "<del>black</del>" in page
    assert "<ins>dark</ins>" in page
    assert "&lt;b&gt;" in page
    assert '<ins class="tag">displays</ins>' in page


def test_side_by_side_has_a_column_for_each_version(visitor: Browser, question_id: int) -> None:
    page = html.fromstring(visitor.get(f"/posts/{question_id}/revisions?view=side").text)

    [before, after] = page.xpath('//tr[@class="changed"]/td')
    assert before.text_content() == "It stays <b>black</b> forever."
    assert after.text_content() == "It stays <b>dark</b> forever."


def test_the_author_goes_back_to_an_earlier_version(member: Browser, question_id: int) -> None:
    assert "Go back to this version" in member.get(f"/posts/{question_id}/revisions").text

    response = member.post(f"/posts/{question_id}/revisions/1/rollback")

    assert response.headers["Location"] == f"/questions/{question_id}#question"
    page = member.get(f"/posts/{question_id}/revisions").text
    assert "Version 3" in page
    assert "back to version 1" in page


def test_others_see_no_button_and_are_refused(sign_in: SignIn, question_id: int) -> None:
    other = sign_in("Somebody Else")

    assert "Go back to this version" not in other.get(f"/posts/{question_id}/revisions").text
    assert other.post(f"/posts/{question_id}/revisions/1/rollback").status_code == 403


@pytest.mark.parametrize("number", [0, 99, 2**31, 2**63])
def test_a_version_that_is_not_there_cannot_come_back(member: Browser, question_id: int, number: int) -> None:
    assert member.post(f"/posts/{question_id}/revisions/{number}/rollback").status_code == 404


def test_the_history_of_a_deleted_post_is_for_its_author_and_moderators(
    member: Browser, visitor: Browser, sign_in: SignIn, question_id: int
) -> None:
    member.post(f"/posts/{question_id}/delete")
    path = f"/posts/{question_id}/revisions"

    assert visitor.get(path).status_code == 404
    assert sign_in("Somebody Else", reputation=50_000).get(path).status_code == 404
    assert member.get(path).status_code == 200
    assert sign_in("A Moderator", role="moderator").get(path).status_code == 200


def test_a_long_history_has_pages(
    member: Browser, visitor: Browser, database: Database, question_id: int
) -> None:
    actor = Actor(id=member.user_id, name=member.name, role="member", reputation=1)
    with database.transaction() as session:
        for number in range(2, REVISIONS_PER_PAGE + 3):
            editing.edit_post(
                session, actor, question_id, source=f"It stays dark for {number} hours.", based_on=number
            )

    first = html.fromstring(visitor.get(f"/posts/{question_id}/revisions").text)
    [older] = first.xpath('//a[@rel="next"]/@href')
    second = html.fromstring(visitor.get(older).text)

    assert len(first.xpath('//li[@class="revision"]')) == REVISIONS_PER_PAGE
    assert len(second.xpath('//li[@class="revision"]')) == 3
    assert second.xpath('//a[@rel="next"]') == []


@pytest.mark.parametrize("query", ["below=x", "below=-1", "below=99999999999999999999", "view=nothing"])
def test_a_made_up_address_shows_the_latest(visitor: Browser, question_id: int, query: str) -> None:
    assert "Version 2" in visitor.get(f"/posts/{question_id}/revisions?{query}").text


def test_a_post_that_is_not_there_has_no_history(visitor: Browser) -> None:
    assert visitor.get("/posts/4711/revisions").status_code == 404
