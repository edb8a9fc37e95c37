import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from lxml import html

from forum.core.db import Database
from forum.posts.models import Post
from forum.web.structured_data import MOST_ANSWERS, TEXT_LENGTH
from tests.factories import make_answer, make_question, make_user
from tests.web.browser import Browser

START = datetime(2026, 1, 1, tzinfo=UTC)
SITE = "http://127.0.0.1:8000"
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00")
# Recommended and required properties of https://schema.org/Question and Answer by Google's rules for QAPage.
_QUESTION = {"@type", "name", "text", "url", "answerCount", "upvoteCount", "datePublished", "author"}
_ANSWER = {"@type", "text", "url", "upvoteCount", "datePublished", "author"}


@pytest.fixture
def question(database: Database) -> Post:
    """A question with an accepted answer, another answer, and one whose author is gone."""
    with database.transaction() as session:
        question = make_question(
            session, make_user(session, "Ann"), title="Why does it <beep>?", tags=("c++",), created_at=START
        )
        question.score = -3
        make_answer(session, question, make_user(session, "Bob"), score=2, accepted=True, text="Unplug it.")
        make_answer(session, question, make_user(session, "Eve"), score=1, text="Wait & see.")
        make_answer(session, question, text="Buy another.")
        make_answer(session, question, make_user(session), text="hidden words", deleted_at=START)
        return question


def _path(question: Post) -> str:
    return f"/questions/{question.id}/{question.slug}"


def _facts(text: str) -> list[dict[str, Any]] | None:
    """Return what a parser of HTML finds in the data block of a page."""
    blocks = html.fromstring(text).xpath('//script[@type="application/ld+json"]')
    if not blocks:
        return None
    (block,) = blocks
    facts: list[dict[str, Any]] = json.loads(block.text)
    return facts


def _question_of(browser: Browser, path: str) -> dict[str, Any]:
    facts = _facts(browser.get(path).text)
    assert facts is not None
    page, _crumbs = facts
    assert (page["@context"], page["@type"]) == ("https://schema.org", "QAPage")
    _check(page["mainEntity"])
    told: dict[str, Any] = page["mainEntity"]
    return told


def _check(question: dict[str, Any]) -> None:
    answers = question.get("suggestedAnswer", [])
    answers = [*answers, *([question["acceptedAnswer"]] if "acceptedAnswer" in question else [])]
    assert answers, "Google wants one answer at least"
    assert set(question) - {"acceptedAnswer", "suggestedAnswer"} == _QUESTION
    assert question["@type"] == "Question"
    for post in (question, *answers):
        assert isinstance(post["upvoteCount"], int)
        assert _MOMENT.fullmatch(post["datePublished"])
        assert post["url"].startswith(SITE)
        assert post["text"]
        assert post["author"]["@type"] == "Person"
        assert post["author"]["name"]
    for answer in answers:
        assert (set(answer), answer["@type"]) == (_ANSWER, "Answer")
    assert isinstance(question["answerCount"], int)
    assert question["answerCount"] >= len(answers)


def test_a_question_tells_all_that_google_asks_for(visitor: Browser, question: Post) -> None:
    told = _question_of(visitor, _path(question))

    assert told["name"] == "Why does it <beep>?"
    assert told["text"] == "It worked yesterday and does not work today."
    assert (told["answerCount"], told["upvoteCount"]) == (3, -3)
    assert told["author"] == {"@type": "Person", "name": "Ann", "url": f"{SITE}/users/1/ann"}
    assert told["datePublished"] == "2026-01-01T00:00:00+00:00"
    assert told["url"] == SITE + _path(question)
    assert told["acceptedAnswer"]["text"] == "Unplug it."
    assert [answer["text"] for answer in told["suggestedAnswer"]] == ["Wait & see.", "Buy another."]
    assert told["suggestedAnswer"][1]["author"] == {"@type": "Person", "name": "Somebody"}


def test_each_address_leads_to_what_it_names(visitor: Browser, question: Post) -> None:
    told = _question_of(visitor, _path(question))

    page = html.fromstring(visitor.get(_path(question)).text)
    for post in (told, told["acceptedAnswer"], *told["suggestedAnswer"]):
        path, _sign, anchor = post["url"].removeprefix(SITE).partition("#")
        assert visitor.get(path).status_code == 200
        assert not anchor or page.get_element_by_id(anchor) is not None


def test_breadcrumbs_lead_by_the_first_tag(visitor: Browser, question: Post) -> None:
    facts = _facts(visitor.get(_path(question)).text)

    assert facts is not None
    assert facts[1] == {
        "@context": "https://schema.org",
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": 1, "name": "Questions", "item": f"{SITE}/questions"},
            {"@type": "ListItem", "position": 2, "name": "c++", "item": f"{SITE}/tags/c%2B%2B"},
            {"@type": "ListItem", "position": 3, "name": "Why does it <beep>?"},
        ],
    }


@pytest.mark.parametrize(
    "hostile",
    [
        "</script><script>alert(1)</script>",
        "<!--<script>",
        "]]>",
        '"},"@type":"Person',
        "a\u2028b\u2029c",
        "\u202eturned",
        "\x00\x1f control",
        "😀 \U0001f469\u200d\U0001f467",
        "x" * 10_000,
        "' & \\ \" <",
    ],
)
def test_hostile_texts_stay_data(visitor: Browser, database: Database, hostile: str) -> None:
    with database.transaction() as session:
        author = make_user(session, f"n{hostile}")
        question = make_question(session, author, title=f"t{hostile}")
        make_answer(session, question, author)
    page = visitor.get(_path(question)).text

    told = _question_of(visitor, _path(question))

    assert told["name"] == f"t{hostile}"
    assert told["author"]["name"] == f"n{hostile}"
    assert "alert(1)</script>" not in page
    assert len(re.findall(r"<script(?![^>]* src=)", page)) == 1, "the data block"


def test_long_texts_are_cut_at_a_blank(visitor: Browser, database: Database) -> None:
    with database.transaction() as session:
        question = make_question(session, make_user(session), text="word " * 4000)
        for _ in range(MOST_ANSWERS + 3):
            make_answer(session, question, make_user(session), text="y" * 3000)
    told = _question_of(visitor, _path(question))

    assert told["text"].endswith("word…")
    assert len(told["text"]) <= TEXT_LENGTH + 1
    assert len(told["suggestedAnswer"]) == MOST_ANSWERS
    assert all(len(answer["text"]) <= TEXT_LENGTH + 1 for answer in told["suggestedAnswer"])
    assert told["answerCount"] == MOST_ANSWERS + 3


def test_a_page_with_five_answers_stays_small(visitor: Browser, database: Database) -> None:
    with database.transaction() as session:
        question = make_question(session, make_user(session), text="word " * 120, tags=("a", "b", "c"))
        for _ in range(5):
            make_answer(session, question, make_user(session), text="word " * 120)

    assert len(visitor.get(_path(question)).data) < 30_000


def test_people_who_signed_in_are_spared_it(member: Browser, question: Post) -> None:
    assert _facts(member.get(_path(question)).text) is None


@pytest.mark.parametrize("query", ["?sort=newest", "?sort=oldest"])
def test_other_orders_leave_it_to_the_first_page(visitor: Browser, question: Post, query: str) -> None:
    assert _facts(visitor.get(_path(question) + query).text) is None


def test_a_question_without_answers_has_none(visitor: Browser, database: Database) -> None:
    with database.transaction() as session:
        question = make_question(session, make_user(session))

    assert _facts(visitor.get(_path(question)).text) is None


def test_where_nobody_can_answer_there_is_none(visitor: Browser, database: Database, question: Post) -> None:
    with database.transaction() as session:
        closed = session.get_one(Post, question.id)
        closed.closed_at, closed.closed_reason = START + timedelta(days=1), "off-topic"

    assert _facts(visitor.get(_path(question)).text) is None
