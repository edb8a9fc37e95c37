import pytest

from forum.core.db import Database
from forum.posts.models import Comment, Post
from tests.factories import make_answer, make_comment, make_question, make_user
from tests.web.browser import Browser
from tests.web.conftest import SignIn


@pytest.fixture
def question(database: Database) -> Post:
    with database.transaction() as session:
        return make_question(session, make_user(session))


@pytest.fixture
def comment(database: Database, question: Post) -> Comment:
    with database.transaction() as session:
        return make_comment(session, session.get_one(Post, question.id), make_user(session))


def _score(database: Database, post_id: int) -> int:
    with database.reading() as session:
        return session.get_one(Post, post_id).score


@pytest.mark.parametrize(("value", "score"), [("1", 1), ("-1", -1), ("0", 0)])
def test_a_vote_counts(member: Browser, database: Database, question: Post, value: str, score: int) -> None:
    response = member.post(f"/posts/{question.id}/vote", value=value)

    assert response.status_code == 303
    assert response.headers["Location"] == f"/questions/{question.id}#question"
    assert _score(database, question.id) == score


def test_a_vote_on_an_answer_leads_to_it(member: Browser, database: Database, question: Post) -> None:
    with database.transaction() as session:
        answer = make_answer(session, session.get_one(Post, question.id))

    assert member.post(f"/posts/{answer.id}/vote", value="1").headers["Location"] == f"/answers/{answer.id}"


def test_a_vote_can_be_changed_and_taken_back(member: Browser, database: Database, question: Post) -> None:
    scores = []
    for value in ("1", "1", "-1", "0"):
        member.post(f"/posts/{question.id}/vote", value=value)
        scores.append(_score(database, question.id))

    assert scores == [1, 1, -1, 0]


def test_a_script_gets_the_vote_box(member: Browser, question: Post) -> None:
    response = member.send_fragment(f"/posts/{question.id}/vote", value="1")

    assert response.status_code == 200
    assert response.text.strip().startswith(f'<div class="votes" id="votes-{question.id}">')
    assert 'aria-pressed="true"' in response.text
    assert "<html" not in response.text


def test_nobody_votes_on_their_own_post(member: Browser, database: Database) -> None:
    with database.transaction() as session:
        own = make_question(session)
        own.author_id = member.user_id

    page = member.post(f"/posts/{own.id}/vote", value="1")
    fragment = member.send_fragment(f"/posts/{own.id}/vote", value="1")

    assert page.status_code == fragment.status_code == 403
    for response in (page, fragment):
        assert "vote on your own post" in response.text
    assert _score(database, own.id) == 0


def test_visitors_are_asked_to_sign_in(visitor: Browser, database: Database, question: Post) -> None:
    page = visitor.post(
        f"/posts/{question.id}/vote",
        headers={"Referer": f"http://localhost/questions/{question.id}"},
        value="1",
    )
    fragment = visitor.send_fragment(f"/posts/{question.id}/vote", value="1")

    assert page.status_code == fragment.status_code == 403
    assert f'name="next" value="/questions/{question.id}"' in page.text
    assert "Sign in" in fragment.text
    assert "<html" not in fragment.text
    assert _score(database, question.id) == 0


@pytest.mark.parametrize("value", ["", "2", "-2", "x", "1.0", " 1", "１", "\x00", "9" * 400])
def test_what_is_no_vote_is_refused(member: Browser, database: Database, question: Post, value: str) -> None:
    assert member.post(f"/posts/{question.id}/vote", value=value).status_code == 422
    assert _score(database, question.id) == 0


def test_a_post_that_is_not_there_takes_no_vote(member: Browser) -> None:
    assert member.post("/posts/4711/vote", value="1").status_code == 404
    assert member.get("/posts/4711/vote").status_code == 405


def test_a_comment_is_voted_up_and_back(member: Browser, database: Database, comment: Comment) -> None:
    def score() -> int:
        with database.reading() as session:
            return session.get_one(Comment, comment.id).score

    response = member.post(f"/comments/{comment.id}/vote", useful="1")
    assert response.headers["Location"].endswith(f"#comment-{comment.id}")
    assert score() == 1

    fragment = member.send_fragment(f"/comments/{comment.id}/vote", useful="0")
    assert f'id="comment-votes-{comment.id}"' in fragment.text
    assert score() == 0


def test_nobody_votes_on_their_own_comment(sign_in: SignIn, database: Database, question: Post) -> None:
    author = sign_in("The Author")
    with database.transaction() as session:
        own = make_comment(session, session.get_one(Post, question.id))
        own.author_id = author.user_id

    assert author.post(f"/comments/{own.id}/vote", useful="1").status_code == 403


@pytest.mark.parametrize("useful", ["", "-1", "yes"])
def test_what_is_no_vote_on_a_comment_is_refused(member: Browser, comment: Comment, useful: str) -> None:
    assert member.post(f"/comments/{comment.id}/vote", useful=useful).status_code == 422
