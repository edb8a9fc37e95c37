import pytest
from sqlalchemy import select

from forum.core.db import Database
from forum.posts.models import Post
from tests.factories import make_tag
from tests.web.browser import Browser, field_of

GOOD = {
    "title": "Why does my dock lose the second monitor?",
    "source": "It works until the laptop **sleeps**, then it stays black.",
    "tags": "docks, Displays",
}


def _questions(database: Database) -> list[Post]:
    with database.reading() as session:
        return list(session.scalars(select(Post).order_by(Post.id)))


def test_it_puts_a_question_on_the_site(member: Browser, database: Database) -> None:
    response = member.post("/questions/ask", **GOOD)

    [question] = _questions(database)
    assert response.status_code == 303
    assert response.headers["Location"] == f"/questions/{question.id}#question"
    assert (question.author_id, question.title, question.source) == (
        member.user_id,
        GOOD["title"],
        GOOD["source"],
    )
    assert "<strong>sleeps</strong>" in question.html
    assert question.tag_names == "docks displays"
    assert GOOD["title"] in member.get("/").text


def test_the_form_is_for_people_who_have_signed_in(visitor: Browser) -> None:
    assert visitor.get("/questions/ask").headers["Location"] == "/sign-in?next=/questions/ask"


def test_sending_the_form_twice_asks_once(member: Browser, database: Database) -> None:
    submission = field_of(member.get("/questions/ask"), "submission")

    first = member.post("/questions/ask", **GOOD, submission=submission)
    second = member.post("/questions/ask", **GOOD, submission=submission)

    assert first.headers["Location"] == second.headers["Location"]
    assert len(_questions(database)) == 1


def test_two_forms_ask_twice(member: Browser, database: Database) -> None:
    for _ in range(2):
        submission = field_of(member.get("/questions/ask"), "submission")
        member.post("/questions/ask", **GOOD, submission=submission)

    assert len(_questions(database)) == 2


@pytest.mark.parametrize("submission", ["", "made up", "x" * 100_000, "\x00"])
def test_a_made_up_number_of_the_form_does_no_harm(
    member: Browser, database: Database, submission: str
) -> None:
    assert member.post("/questions/ask", **GOOD, submission=submission).status_code == 303


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("title", "Short", "at least 10"),
        ("title", "x" * 151, "at most 150"),
        ("title", "?!?!?!?!?!?!", "needs words"),
        ("title", "Why\x00 does it not work?", "Control characters"),
        ("source", "Too short", "at least 20"),
        ("source", "x" * 30_001, "at most 30,000"),
        ("source", "A text with a bell \x07 in it somewhere", "Control characters"),
        ("tags", "", "1 to 5 tags"),
        ("tags", "a b c d e f", "1 to 5 tags"),
        ("tags", "<b>", "can&#39;t be a tag"),
        ("tags", "x" * 36, "at most 35"),
    ],
)
def test_it_says_what_is_wrong_and_keeps_all_that_was_typed(
    member: Browser, database: Database, field: str, value: str, message: str
) -> None:
    response = member.post("/questions/ask", **{**GOOD, field: value})

    assert response.status_code == 422
    assert message in response.text
    assert _questions(database) == []
    for name, text in {**GOOD, field: value.replace("\x00", "").replace("\x07", "")}.items():
        assert field_of(response, name) == text


def test_all_mistakes_are_told_at_once(member: Browser) -> None:
    response = member.post("/questions/ask", title="x", source="x", tags="")

    for message in ("at least 10", "at least 20", "1 to 5 tags"):
        assert message in response.text


def test_a_form_without_fields_is_refused(member: Browser, database: Database) -> None:
    assert member.post("/questions/ask").status_code == 422
    assert _questions(database) == []


def test_the_preview_button_shows_the_text_and_asks_nothing(member: Browser, database: Database) -> None:
    response = member.post("/questions/ask", **GOOD, preview="1")

    assert response.status_code == 200
    assert "<strong>sleeps</strong>" in response.text
    assert field_of(response, "source") == GOOD["source"]
    assert _questions(database) == []


def test_more_fields_than_the_form_has_change_nothing(member: Browser, database: Database) -> None:
    more = {
        "author_id": "1000",
        "score": "99",
        "created_at": "2001-01-01",
        "id": "77",
        "accepted_answer_id": "1",
    }

    member.post("/questions/ask", **GOOD, **more)

    [question] = _questions(database)
    assert (question.author_id, question.score, question.accepted_answer_id) == (member.user_id, 0, None)
    assert question.id != 77
    assert question.created_at.year > 2001


def test_completion_offers_tags_by_their_beginning(visitor: Browser, database: Database) -> None:
    with database.transaction() as session:
        for name in ("wifi", "windows", "dock"):
            make_tag(session, name, excerpt=f"About {name}").question_count = len(name)

    response = visitor.get("/tags/complete?q=W")

    assert response.json == [
        {"name": "windows", "excerpt": "About windows", "count": 7},
        {"name": "wifi", "excerpt": "About wifi", "count": 4},
    ]


@pytest.mark.parametrize("text", ["", "%", "_", "'", "x" * 1_000_000, "\u202e"])
def test_completion_takes_any_text(visitor: Browser, text: str) -> None:
    response = visitor.get("/tags/complete", query_string={"q": text})

    assert response.status_code == 200
    assert response.is_json


def test_it_takes_over_the_words_of_a_search_that_found_nothing(member: Browser) -> None:
    page = member.get("/questions/ask?title=Why+does+it+beep&tags=dock").text

    assert 'value="Why does it beep"' in page
    assert 'value="dock"' in page
