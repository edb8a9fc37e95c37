import pytest

from forum.core.db import Database
from forum.posts.models import Post
from tests.factories import make_answer, make_question
from tests.web.browser import Browser
from tests.web.conftest import SignIn


@pytest.fixture
def question_id(member: Browser, database: Database) -> int:
    with database.transaction() as session:
        question = make_question(session)
        question.author_id = member.user_id
        return question.id


def _is_deleted(database: Database, post_id: int) -> bool:
    with database.reading() as session:
        return session.get_one(Post, post_id).deleted_at is not None


def test_its_author_deletes_it_and_brings_it_back(
    member: Browser, visitor: Browser, database: Database, question_id: int
) -> None:
    response = member.post(f"/posts/{question_id}/delete")
    assert response.headers["Location"] == f"/questions/{question_id}#question"
    assert _is_deleted(database, question_id)
    assert visitor.get(f"/questions/{question_id}").status_code == 404

    member.post(f"/posts/{question_id}/undelete")
    assert not _is_deleted(database, question_id)


@pytest.mark.parametrize("verb", ["delete", "undelete"])
def test_nobody_else_may(
    sign_in: SignIn, member: Browser, database: Database, question_id: int, verb: str
) -> None:
    if verb == "undelete":
        member.post(f"/posts/{question_id}/delete")

    response = sign_in("Somebody Else", reputation=50_000).post(f"/posts/{question_id}/{verb}")

    assert response.status_code in {403, 404}
    assert _is_deleted(database, question_id) is (verb == "undelete")


def test_a_moderator_may(sign_in: SignIn, database: Database, question_id: int) -> None:
    assert sign_in("A Moderator", role="moderator").post(f"/posts/{question_id}/delete").status_code == 303
    assert _is_deleted(database, question_id)


def test_a_question_whose_answers_help_others_stays(
    member: Browser, database: Database, question_id: int
) -> None:
    with database.transaction() as session:
        make_answer(session, session.get_one(Post, question_id), score=1)

    response = member.post(f"/posts/{question_id}/delete")

    assert response.status_code == 403
    assert "only a moderator can delete it" in response.text


@pytest.mark.parametrize("verb", ["delete", "undelete"])
def test_a_post_that_is_not_there_is_refused(member: Browser, verb: str) -> None:
    assert member.post(f"/posts/4711/{verb}").status_code == 404
    assert member.get(f"/posts/1/{verb}").status_code == 405
