import pytest
from sqlalchemy import select

from forum.core.db import Database
from forum.posts.models import Post
from tests.factories import make_answer, make_question, make_user
from tests.web.browser import Browser, field_of
from tests.web.conftest import SignIn

TEXT = "Update the firmware of the dock to **1.8**."


@pytest.fixture
def question(database: Database) -> Post:
    with database.transaction() as session:
        return make_question(session, make_user(session), title="Why is the monitor black?")


def _answers(database: Database) -> list[Post]:
    with database.reading() as session:
        return list(session.scalars(select(Post).where(Post.kind == "answer").order_by(Post.id)))


def test_it_puts_an_answer_under_the_question(member: Browser, database: Database, question: Post) -> None:
    response = member.post(f"/questions/{question.id}/answers", source=TEXT)

    [answer] = _answers(database)
    assert response.status_code == 303
    assert response.headers["Location"] == f"/answers/{answer.id}"
    assert (answer.question_id, answer.author_id, answer.source) == (question.id, member.user_id, TEXT)
    place = member.get(f"/answers/{answer.id}").headers["Location"]
    assert place == f"/questions/{question.id}/{question.slug}#answer-{answer.id}"
    assert "<strong>1.8</strong>" in member.get(place).text


def test_people_may_answer_their_own_question(member: Browser, database: Database) -> None:
    with database.transaction() as session:
        own = make_question(session)
        own.author_id = member.user_id

    assert member.post(f"/questions/{own.id}/answers", source=TEXT).status_code == 303


def test_sending_the_form_twice_answers_once(member: Browser, database: Database, question: Post) -> None:
    submission = field_of(member.get(f"/questions/{question.id}/{question.slug}"), "submission")
    # The first form of the page is a comment's; any number of ours will do.
    for _ in range(2):
        member.post(f"/questions/{question.id}/answers", source=TEXT, submission=submission)

    assert len(_answers(database)) == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("short", "at least 10"),
        ("", "at least 10"),
        ("x" * 30_001, "at most 30,000"),
        ("nul \x00" * 5, "Control"),
    ],
)
def test_it_says_what_is_wrong_and_keeps_the_text(
    member: Browser, database: Database, question: Post, text: str, message: str
) -> None:
    response = member.post(f"/questions/{question.id}/answers", source=text)

    assert response.status_code == 422
    assert message in response.text
    assert field_of(response, "source") == text.replace("\x00", "")
    assert _answers(database) == []


def test_a_closed_question_takes_none_and_gives_the_text_back(
    member: Browser, database: Database, question: Post
) -> None:
    with database.transaction() as session:
        session.get_one(Post, question.id).closed_at = question.created_at

    response = member.post(f"/questions/{question.id}/answers", source=TEXT)

    assert response.status_code == 403
    assert "closed" in response.text
    assert field_of(response, "source") == TEXT
    assert _answers(database) == []


def test_a_question_that_is_gone_gives_the_text_back(member: Browser) -> None:
    response = member.post("/questions/4711/answers", source=TEXT)

    assert response.status_code == 404
    assert field_of(response, "source") == TEXT


def test_the_preview_button_shows_the_text_and_answers_nothing(
    member: Browser, database: Database, question: Post
) -> None:
    response = member.post(f"/questions/{question.id}/answers", source=TEXT, preview="1")

    assert response.status_code == 200
    assert "<strong>1.8</strong>" in response.text
    assert _answers(database) == []


def test_an_answer_on_a_later_page_is_found_there(
    visitor: Browser, database: Database, question: Post
) -> None:
    with database.transaction() as session:
        thread = session.get_one(Post, question.id)
        answers = [make_answer(session, thread, score=100 - number) for number in range(31)]

    location = visitor.get(f"/answers/{answers[-1].id}").headers["Location"]

    assert location == f"/questions/{question.id}/{question.slug}?page=2#answer-{answers[-1].id}"


def test_a_comment_of_an_answer_is_found_by_way_of_it(
    visitor: Browser, database: Database, question: Post
) -> None:
    with database.transaction() as session:
        answer = make_answer(session, session.get_one(Post, question.id))

    location = visitor.get(f"/answers/{answer.id}?comment=5").headers["Location"]

    assert location == f"/questions/{question.id}/{question.slug}#comment-5"


def test_an_answer_that_is_not_there_leads_nowhere(visitor: Browser, question: Post) -> None:
    assert visitor.get("/answers/4711").status_code == 404
    assert visitor.get(f"/answers/{question.id}").status_code == 404


@pytest.fixture
def own_question(member: Browser, database: Database) -> tuple[int, int]:
    with database.transaction() as session:
        question = make_question(session)
        question.author_id = member.user_id
        return question.id, make_answer(session, question, make_user(session)).id


def _accepted(database: Database, question_id: int) -> int | None:
    with database.reading() as session:
        return session.get_one(Post, question_id).accepted_answer_id


def test_the_asker_accepts_and_takes_it_back(
    member: Browser, database: Database, own_question: tuple[int, int]
) -> None:
    question_id, answer_id = own_question

    response = member.post(f"/answers/{answer_id}/accept")
    assert response.headers["Location"] == f"/answers/{answer_id}"
    assert _accepted(database, question_id) == answer_id

    member.post(f"/answers/{answer_id}/unaccept")
    assert _accepted(database, question_id) is None


def test_nobody_else_accepts(sign_in: SignIn, database: Database, own_question: tuple[int, int]) -> None:
    question_id, answer_id = own_question

    response = sign_in("Somebody Else").post(f"/answers/{answer_id}/accept")

    assert response.status_code == 403
    assert "Only the person who asked" in response.text
    assert _accepted(database, question_id) is None


@pytest.mark.parametrize("verb", ["accept", "unaccept"])
def test_what_is_no_answer_cannot_be_accepted(
    member: Browser, own_question: tuple[int, int], verb: str
) -> None:
    assert member.post(f"/answers/{own_question[0]}/{verb}").status_code == 404
    assert member.post(f"/answers/4711/{verb}").status_code == 404
    assert member.get(f"/answers/{own_question[1]}/{verb}").status_code == 405
