from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from forum.core.db import Database
from forum.pages.feeds import LATEST
from forum.posts.models import Post
from forum.search.indexer import Indexer
from forum.web.atom import absolute
from tests.factories import make_answer, make_comment, make_question, make_user
from tests.statements import recorded
from tests.web.browser import Browser
from tests.web.conftest import SignIn
from tests.web.sharing.atom_rules import checked, links, texts

START = datetime(2026, 1, 1, tzinfo=UTC)
SITE = "http://127.0.0.1:8000"


@pytest.fixture
def ids(database: Database, app: Flask) -> dict[str, int]:
    """Two threads with answers and comments, some of it deleted, and their index."""
    with database.transaction() as session:
        ann, bob = make_user(session, "Ann <A>"), make_user(session, "Bob")
        first = make_question(
            session, ann, title="Why does the <dock> beep?", tags=("c++", "dock"), created_at=START
        )
        answer = make_answer(session, first, bob, created_at=START + timedelta(hours=2))
        make_comment(session, first, bob, text="Which one?", created_at=START + timedelta(hours=1))
        make_comment(session, answer, ann, text="Thanks!", created_at=START + timedelta(hours=3))
        make_comment(session, answer, ann, text="hidden words", deleted_at=START)
        make_answer(session, first, bob, text="hidden words", deleted_at=START)
        second = make_question(
            session, bob, title="Dock without power", tags=("dock",), created_at=START + timedelta(minutes=5)
        )
        make_question(session, bob, title="hidden words about docks", tags=("dock",), deleted_at=START)
        made = {"ann": ann.id, "bob": bob.id, "first": first.id, "second": second.id, "answer": answer.id}
    Indexer(database, app.extensions["askwell"].engine).reindex()
    return made


def _paths(ids: dict[str, int]) -> dict[str, tuple[str, int]]:
    """Return each feed's address and how many statements it may take."""
    return {
        "newest": ("/feeds/questions", 2),
        "active": ("/feeds/questions?sort=active", 2),
        "hot": ("/feeds/questions?sort=hot", 2),
        "unanswered": ("/feeds/unanswered", 2),
        "unaccepted": ("/feeds/unanswered?kind=accepted", 2),
        "tag": ("/feeds/tags/dock", 3),
        "questions": (f"/feeds/users/{ids['bob']}/questions", 3),
        "answers": (f"/feeds/users/{ids['bob']}/answers", 3),
        "thread": (f"/feeds/questions/{ids['first']}", 3),
        "search": ("/feeds/search?q=dock", 3),
    }


KINDS = list(_paths(dict.fromkeys(("bob", "first"), 0)))


@pytest.mark.parametrize("kind", KINDS)
def test_every_feed_keeps_the_rules_of_atom_in_few_statements(
    visitor: Browser, database: Database, ids: dict[str, int], kind: str
) -> None:
    path, most = _paths(ids)[kind]

    with recorded(database) as statements:
        response = visitor.get(path)

    assert (response.status_code, response.content_type) == (200, "application/atom+xml; charset=utf-8")
    assert len(statements) == most
    feed = checked(response.data)
    assert ("self", SITE + path) in links(feed)
    assert texts(feed, "entry/title")
    assert "hidden words" not in response.text
    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize("kind", KINDS)
def test_every_feed_is_sent_once_to_a_reader(visitor: Browser, ids: dict[str, int], kind: str) -> None:
    path, _most = _paths(ids)[kind]
    first = visitor.get(path)

    by_tag = visitor.get(path, headers={"If-None-Match": first.headers["ETag"]})
    by_date = visitor.get(path, headers={"If-Modified-Since": first.headers["Last-Modified"]})

    assert (by_tag.status_code, by_tag.data) == (304, b"")
    assert by_date.status_code == 304
    assert visitor.client.head(path).status_code == 200


def test_a_new_answer_changes_the_feed(visitor: Browser, database: Database, ids: dict[str, int]) -> None:
    path = "/feeds/questions?sort=active"
    tag = visitor.get(path).headers["ETag"]
    with database.transaction() as session:
        make_answer(session, session.get_one(Post, ids["second"]), make_user(session))

    changed = visitor.get(path, headers={"If-None-Match": tag})

    assert changed.status_code == 200
    assert texts(checked(changed.data), "entry/title")[0] == "Dock without power"


def test_moderators_get_no_more_than_everybody(
    visitor: Browser, sign_in: SignIn, ids: dict[str, int]
) -> None:
    moderator = sign_in(role="moderator")

    for path, _most in _paths(ids).values():
        assert moderator.get(path).data == visitor.get(path).data


def test_an_entry_has_all_that_readers_need(visitor: Browser, ids: dict[str, int]) -> None:
    feed = checked(visitor.get("/feeds/questions").data)

    assert texts(feed, "title") == ["Newest questions · Askwell"]
    assert texts(feed, "updated") == ["2026-01-01T00:05:00+00:00"]
    assert texts(feed, "entry/title") == ["Dock without power", "Why does the <dock> beep?"]
    assert texts(feed, "entry/id")[1] == f"{SITE}/questions/{ids['first']}"
    page = f"{SITE}/questions/{ids['first']}/why-does-the-dock-beep"
    assert ("alternate", page) in links(feed, "entry/link")
    assert texts(feed, "entry/content")[1] == "<p>It worked yesterday and does not work today.</p>"
    assert texts(feed, "entry/author/name")[1] == "Ann <A>"
    assert texts(feed, "entry/author/uri")[1] == f"{SITE}/users/{ids['ann']}/ann-a"


def test_a_thread_tells_answers_and_comments_the_newest_first(visitor: Browser, ids: dict[str, int]) -> None:
    feed = checked(visitor.get(f"/feeds/questions/{ids['first']}").data)

    title = "Why does the <dock> beep?"
    assert texts(feed, "entry/title") == [
        f"Comment on an answer to: {title}",
        f"Answer to: {title}",
        f"Comment on the question: {title}",
        title,
    ]
    for _relation, address in links(feed, "entry/link"):
        assert visitor.get(str(address).removeprefix(SITE)).status_code in {200, 301, 302}


def test_feeds_are_bounded(visitor: Browser, database: Database) -> None:
    with database.transaction() as session:
        author = make_user(session)
        questions = [make_question(session, author) for _ in range(LATEST + 5)]
        for _ in range(LATEST + 5):
            make_comment(session, questions[0], author)

    for path in ("/feeds/questions", f"/feeds/questions/{questions[0].id}"):
        assert len(texts(checked(visitor.get(path).data), "entry/id")) == LATEST


@pytest.mark.parametrize(
    "hostile",
    [
        "a\x00b\x1fc",
        "\ufffe\uffff end",
        "]]> </feed> <!--",
        "\u202eturned",
        "x" * 10_000,
        "😀 &amp; <b>",
    ],
)
def test_hostile_texts_leave_the_feed_well_formed(visitor: Browser, database: Database, hostile: str) -> None:
    with database.transaction() as session:
        author = make_user(session, f"n {hostile}")
        question = make_question(session, author, title=f"t {hostile}", text=hostile)
        make_comment(session, question, text=hostile)

    for path in ("/feeds/questions", f"/feeds/questions/{question.id}"):
        checked(visitor.get(path).data)


def test_an_author_who_is_gone_is_somebody(visitor: Browser, database: Database) -> None:
    with database.transaction() as session:
        make_question(session).author_name = " "

    assert texts(checked(visitor.get("/feeds/questions").data), "entry/author/name") == ["somebody"]


def test_an_empty_feed_is_a_feed(visitor: Browser) -> None:
    first, second = visitor.get("/feeds/questions"), visitor.get("/feeds/questions")

    checked(first.data)
    assert first.headers["ETag"] == second.headers["ETag"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/feeds/tags/none", 404),
        ("/feeds/users/4711/questions", 404),
        ("/feeds/users/1/comments", 404),
        ("/feeds/questions/4711", 404),
        ("/feeds/search", 400),
        ("/feeds/search?q=%20", 400),
    ],
)
def test_what_is_no_list_has_no_feed(visitor: Browser, path: str, status: int) -> None:
    assert visitor.get(path).status_code == status


@pytest.mark.parametrize(
    ("html", "whole"),
    [
        ('<a href="/tags/x">', '<a href="https://s/tags/x">'),
        ('<a href="/a?b=1&amp;c=2" title="t">', '<a href="https://s/a?b=1&amp;c=2" title="t">'),
        ('<a href="#fn-1">', '<a href="https://s/q/1#fn-1">'),
        ('<img src="/i.png" alt="a > b">', '<img src="https://s/i.png" alt="a > b">'),
        ('<a href="mailto:a@b.c">', '<a href="mailto:a@b.c">'),
        ('<a href="https://other/x">', '<a href="https://other/x">'),
        ('<code>href="/x"</code>', '<code>href="/x"</code>'),
        ("<p title=' href=\"/x\"'>", "<p title=' href=\"/x\"'>"),
    ],
)
def test_addresses_are_whole(html: str, whole: str) -> None:
    assert absolute(html, "https://s/q/1") == whole
