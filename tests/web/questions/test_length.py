"""How long the page of a question is besides what people have written on it."""

from random import Random

import pytest

from forum.core.db import Database
from forum.posts.models import Post
from tests.factories import make_answer, make_comment, make_question, make_user
from tests.web.browser import Browser

QUESTION, ANSWER, COMMENT = 600, 800, 110
"""Characters of each text, somewhat less than in `make bench`, whose pages have related questions besides."""
LONGEST = 25_500
LONGEST_SENT = 6_200


def _text(chance: Random, length: int) -> str:
    words = ("".join(chance.choices("etaoinshrdlucmf", k=chance.randint(1, 9))) for _ in range(length))
    return " ".join(words)[:length]


@pytest.fixture
def question(database: Database) -> Post:
    """A question with five answers and seven comments."""
    chance = Random(1)
    with database.transaction() as session:
        people = [make_user(session, f"Person {number}") for number in range(13)]
        title = "The external monitor flickers after the update of its firmware"
        question = make_question(
            session,
            people.pop(),
            title=title,
            text=_text(chance, QUESTION),
            tags=("dock", "usb-c", "monitor"),
        )
        answers = [make_answer(session, question, people.pop(), text=_text(chance, ANSWER)) for _ in range(5)]
        for post in (question, question, *answers):
            make_comment(session, post, people.pop(), text=_text(chance, COMMENT))
        return question


def test_a_page_with_five_answers_and_seven_comments_stays_short(visitor: Browser, question: Post) -> None:
    path = f"/questions/{question.id}/{question.slug}"

    plain = visitor.get(path, headers={"Accept-Encoding": "identity"})
    sent = visitor.get(path, headers={"Accept-Encoding": "zstd"})

    assert plain.text.count('<article class="post answer"') == 5
    assert plain.text.count('<div class="comment"') == 7
    assert len(plain.data) < LONGEST
    assert sent.headers["Content-Encoding"] == "zstd"
    assert len(sent.data) < LONGEST_SENT
