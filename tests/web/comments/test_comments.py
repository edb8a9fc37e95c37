import pytest
from sqlalchemy import select

from forum.core.db import Database
from forum.posts.models import Comment, Post
from tests.factories import make_answer, make_question, make_user
from tests.web.browser import Browser, field_of
from tests.web.conftest import SignIn

TEXT = "Which firmware does `fwupdmgr` show?"


@pytest.fixture
def question(database: Database) -> Post:
    with database.transaction() as session:
        return make_question(session, make_user(session))


@pytest.fixture
def comment_id(member: Browser, database: Database, question: Post) -> int:
    member.post(f"/posts/{question.id}/comments", source=TEXT)
    return _comments(database)[0].id


def _comments(database: Database) -> list[Comment]:
    with database.reading() as session:
        return list(session.scalars(select(Comment).order_by(Comment.id)))


def test_it_puts_a_comment_under_the_question(member: Browser, database: Database, question: Post) -> None:
    response = member.post(f"/posts/{question.id}/comments", source=TEXT)

    [comment] = _comments(database)
    assert response.status_code == 303
    assert response.headers["Location"] == f"/questions/{question.id}#comment-{comment.id}"
    assert (comment.post_id, comment.author_id, comment.source) == (question.id, member.user_id, TEXT)


def test_a_comment_on_an_answer_leads_to_its_page(
    member: Browser, database: Database, question: Post
) -> None:
    with database.transaction() as session:
        answer = make_answer(session, session.get_one(Post, question.id))

    response = member.post(f"/posts/{answer.id}/comments", source=TEXT)

    [comment] = _comments(database)
    assert response.headers["Location"] == f"/answers/{answer.id}?comment={comment.id}"


def test_a_script_gets_the_comments_of_the_post(member: Browser, question: Post) -> None:
    response = member.send_fragment(f"/posts/{question.id}/comments", source=TEXT)

    assert response.status_code == 200
    assert f'id="comments-{question.id}"' in response.text
    assert "<code>fwupdmgr</code>" in response.text
    assert "<html" not in response.text


def test_sending_the_form_twice_comments_once(member: Browser, database: Database, question: Post) -> None:
    submission = field_of(member.get(f"/questions/{question.id}/{question.slug}"), "submission")
    for _ in range(2):
        member.post(f"/posts/{question.id}/comments", source=TEXT, submission=submission)

    assert len(_comments(database)) == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [("", "at least 2"), ("x" * 601, "at most 600"), ("a nul \x00", "Control characters")],
)
def test_it_says_what_is_wrong_and_keeps_the_text(
    member: Browser, database: Database, question: Post, text: str, message: str
) -> None:
    response = member.post(f"/posts/{question.id}/comments", source=text)
    fragment = member.send_fragment(f"/posts/{question.id}/comments", source=text)

    assert response.status_code == fragment.status_code == 422
    assert message in response.text
    assert message in fragment.text
    assert "<html" not in fragment.text
    assert field_of(response, "source") == text.replace("\x00", "")
    assert _comments(database) == []


def test_a_post_that_is_gone_gives_the_text_back(member: Browser) -> None:
    response = member.post("/posts/4711/comments", source=TEXT)

    assert response.status_code == 404
    assert field_of(response, "source") == TEXT


def test_its_author_edits_it(member: Browser, database: Database, comment_id: int) -> None:
    page = member.get(f"/comments/{comment_id}/edit")
    assert field_of(page, "source") == TEXT

    response = member.post(
        f"/comments/{comment_id}/edit", source="Which version?", based_on=field_of(page, "based_on")
    )

    assert response.status_code == 303
    assert _comments(database)[0].source == "Which version?"
    history = member.get(f"/comments/{comment_id}/revisions").text
    assert "Version 2" in history
    assert "<ins>version</ins>" in history


def test_nobody_else_edits_or_deletes_it(sign_in: SignIn, database: Database, comment_id: int) -> None:
    other = sign_in("Somebody Else", reputation=50_000)

    assert other.get(f"/comments/{comment_id}/edit").status_code == 403
    response = other.post(f"/comments/{comment_id}/edit", source="Something else", based_on="1")
    assert response.status_code == 403
    assert field_of(response, "source") == "Something else"
    assert other.post(f"/comments/{comment_id}/delete").status_code == 403
    assert _comments(database)[0].source == TEXT


def test_a_moderator_does(sign_in: SignIn, database: Database, comment_id: int) -> None:
    response = sign_in("A Moderator", role="moderator").post(
        f"/comments/{comment_id}/edit", source="Which version?", based_on="1"
    )

    assert response.status_code == 303


def test_an_edit_that_came_second_shows_both_texts(
    member: Browser, database: Database, comment_id: int
) -> None:
    member.post(f"/comments/{comment_id}/edit", source="What came first", based_on="1")

    response = member.post(f"/comments/{comment_id}/edit", source="What came second", based_on="1")

    assert response.status_code == 409
    assert "What came first" in response.text
    assert "What came second\n=======" in (field_of(response, "source") or "")
    again = field_of(response, "based_on")
    assert member.post(f"/comments/{comment_id}/edit", source="Both", based_on=again).status_code == 303


def test_it_is_deleted_and_comes_back(
    member: Browser, visitor: Browser, database: Database, comment_id: int
) -> None:
    assert member.post(f"/comments/{comment_id}/delete").status_code == 303
    assert _comments(database)[0].deleted_at is not None
    assert visitor.get(f"/comments/{comment_id}/revisions").status_code == 404

    fragment = member.send_fragment(f"/comments/{comment_id}/undelete")
    assert fragment.status_code == 200
    assert f'id="comment-{comment_id}"' in fragment.text
    assert _comments(database)[0].deleted_at is None


def test_an_earlier_text_comes_back(member: Browser, database: Database, comment_id: int) -> None:
    member.post(f"/comments/{comment_id}/edit", source="Something worse", based_on="1")

    response = member.post(f"/comments/{comment_id}/revisions/1/rollback")

    assert response.status_code == 303
    assert _comments(database)[0].source == TEXT
    assert "back to version 1" in member.get(f"/comments/{comment_id}/revisions").text


@pytest.mark.parametrize("path", ["edit", "revisions"])
def test_a_comment_that_is_not_there_leads_nowhere(member: Browser, path: str) -> None:
    assert member.get(f"/comments/4711/{path}").status_code == 404


@pytest.mark.parametrize("path", ["delete", "undelete", "edit", "revisions/1/rollback"])
def test_changing_a_comment_that_is_not_there_is_refused(member: Browser, path: str) -> None:
    assert member.post(f"/comments/4711/{path}", source=TEXT, based_on="1").status_code == 404


def test_the_history_can_be_seen_by_everybody(visitor: Browser, comment_id: int) -> None:
    assert "Version 1" in visitor.get(f"/comments/{comment_id}/revisions?view=side").text
