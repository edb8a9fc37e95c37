"""What pages tell search engines and chats: where they are listed, and what a link to them looks like."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from lxml import html

from forum.core.db import Database
from forum.posts.models import Post
from forum.posts.rules import ANSWERS_PER_PAGE
from forum.search.indexer import Indexer
from tests.factories import make_answer, make_question, make_user
from tests.web.browser import Browser
from tests.web.conftest import MakeApp, SignIn

START = datetime(2026, 1, 1, tzinfo=UTC)
SITE = "http://127.0.0.1:8000"


@pytest.fixture
def ids(database: Database, app: Flask) -> dict[str, int]:
    """A busy tag and a lonely one, somebody who wrote and somebody who did not."""
    with database.transaction() as session:
        writer, reader = make_user(session, "Wanda Writer"), make_user(session, "Rita Reader")
        for number in range(35):
            make_question(session, writer, tags=("busy",), created_at=START + timedelta(minutes=number))
        question = make_question(session, writer, title="Why does it beep?", tags=("busy", "lonely"))
        answer = make_answer(session, question, writer)
        make_answer(session, question, make_user(session), deleted_at=START)
    Indexer(database, app.extensions["askwell"].engine).reindex()
    return {"writer": writer.id, "reader": reader.id, "question": question.id, "answer": answer.id}


def _page(browser: Browser, path: str) -> html.HtmlElement:
    response = browser.get(path)
    assert response.status_code == 200, path
    return html.fromstring(response.text)


def _listed_at(page: html.HtmlElement) -> str | None:
    """Return the canonical address of a page, or None when it asks not to be listed; never both."""
    canonical = page.xpath('//link[@rel="canonical"]/@href')
    robots = page.xpath('//meta[@name="robots"]/@content')
    assert (len(canonical), robots) in ((1, []), (0, ["noindex"]))
    return canonical[0].removeprefix(SITE) if canonical else None


def _card(page: html.HtmlElement) -> dict[str, str]:
    named = page.xpath("//meta[starts-with(@property, 'og:') or starts-with(@name, 'twitter:')]")
    return {meta.get("property") or meta.get("name"): meta.get("content") for meta in named}


@pytest.mark.parametrize(
    ("path", "listed_at"),
    [
        ("/", "/"),
        ("/questions", "/questions"),
        ("/questions?sort=hot", "/questions"),
        ("/questions/unanswered", "/questions/unanswered"),
        ("/questions/unanswered?kind=accepted", "/questions/unanswered"),
        ("/tags", "/tags"),
        ("/tags?sort=name", "/tags"),
        ("/tags?q=bus", None),
        ("/tags/busy", "/tags/busy"),
        ("/tags/busy?sort=score", "/tags/busy"),
        ("/tags/lonely", None),
        ("/users", "/users"),
        ("/users?sort=newest", "/users"),
        ("/users?q=wanda", None),
        ("/users?period=week", "/users"),
        ("/users/{writer}/wanda-writer", "/users/{writer}/wanda-writer"),
        ("/users/{writer}/wanda-writer?tab=answers", "/users/{writer}/wanda-writer"),
        ("/users/{reader}/rita-reader", None),
        ("/questions/{question}/why-does-it-beep", "/questions/{question}/why-does-it-beep"),
        ("/questions/{question}/why-does-it-beep?sort=newest", "/questions/{question}/why-does-it-beep"),
        ("/posts/{question}/revisions", None),
        ("/search", None),
        ("/search?q=beep", None),
        ("/sign-in", None),
        ("/register", None),
        ("/appearance", None),
        ("/help", "/help"),
        ("/help/asking", "/help/asking"),
    ],
)
def test_a_page_is_listed_at_one_address_or_not_at_all(
    visitor: Browser, ids: dict[str, int], path: str, listed_at: str | None
) -> None:
    page = _page(visitor, path.format(**ids))

    assert _listed_at(page) == (listed_at.format(**ids) if listed_at else None)


@pytest.mark.parametrize(
    "path", ["/", "/questions", "/tags/busy", "/users/{writer}/wanda-writer?tab=questions"]
)
def test_further_pages_of_lists_are_not_listed(visitor: Browser, ids: dict[str, int], path: str) -> None:
    first = html.fromstring(visitor.get(path.format(**ids), follow_redirects=True).text)
    following = first.xpath('//a[@rel="next"]/@href')

    assert _listed_at(_page(visitor, following[0])) is None


def test_later_answers_are_a_page_of_their_own(visitor: Browser, database: Database) -> None:
    with database.transaction() as session:
        question = make_question(session, make_user(session))
        for _ in range(ANSWERS_PER_PAGE + 1):
            make_answer(session, question, make_user(session))
    path = f"/questions/{question.id}/{question.slug}"

    assert _listed_at(_page(visitor, f"{path}?page=2")) == f"{path}?page=2"
    assert _listed_at(_page(visitor, f"{path}?sort=score&page=1")) == path


def test_a_duplicate_is_listed_only_if_it_has_answers_of_its_own(
    visitor: Browser, database: Database, ids: dict[str, int]
) -> None:
    with database.transaction() as session:
        bare, answered = (
            make_question(session, make_user(session)),
            make_question(session, make_user(session)),
        )
        make_answer(session, answered, make_user(session))
        for question in (bare, answered):
            question.closed_at, question.closed_reason = START, "duplicate"
            question.duplicate_of_id = ids["question"]
    path = f"/questions/{answered.id}/{answered.slug}"

    assert _listed_at(_page(visitor, f"/questions/{bare.id}/{bare.slug}")) is None
    assert _listed_at(_page(visitor, path)) == path


def test_what_is_deleted_is_not_listed(sign_in: SignIn, database: Database, ids: dict[str, int]) -> None:
    with database.transaction() as session:
        question = session.get_one(Post, ids["question"])
        question.deleted_at = START

    page = _page(sign_in(role="moderator"), f"/questions/{ids['question']}/why-does-it-beep")

    assert _listed_at(page) is None
    assert _card(page) == {}


def test_forms_are_not_listed(sign_in: SignIn, ids: dict[str, int]) -> None:
    editor = sign_in(reputation=100_000)

    for path in (f"/posts/{ids['question']}/edit", "/questions/ask", "/settings", "/tags/busy/edit"):
        assert _listed_at(_page(editor, path)) is None


def test_a_question_shows_a_picture_where_it_is_linked(visitor: Browser, ids: dict[str, int]) -> None:
    path = f"/questions/{ids['question']}/why-does-it-beep"

    assert _card(_page(visitor, path)) == {
        "og:site_name": "Askwell",
        "og:type": "article",
        "og:url": SITE + path,
        "og:title": "Why does it beep?",
        "og:description": "It worked yesterday and does not work today.",
        "og:image": f"{SITE}/questions/{ids['question']}/preview.png",
        "og:image:width": "1200",
        "og:image:height": "630",
        "twitter:card": "summary_large_image",
    }
    assert visitor.get(f"/questions/{ids['question']}/preview.png").status_code == 200


@pytest.mark.parametrize(
    ("path", "kind", "title"),
    [("/", "website", "Active questions"), ("/users/{writer}/wanda-writer", "profile", "Wanda Writer")],
)
def test_other_pages_show_what_they_are_where_they_are_linked(
    visitor: Browser, ids: dict[str, int], path: str, kind: str, title: str
) -> None:
    card = _card(_page(visitor, path.format(**ids)))

    assert (card["og:type"], card["og:title"], card["twitter:card"]) == (kind, title, "summary")
    assert card["og:url"] == SITE + path.format(**ids)
    assert card["og:description"]


def test_hostile_titles_stay_attributes(visitor: Browser, database: Database) -> None:
    title = '"><script>alert(1)</script> \u202e & \x01'
    with database.transaction() as session:
        question = make_question(session, make_user(session), title=title, text='"><img src=x>')
    text = visitor.get(f"/questions/{question.id}/{question.slug}").text

    card = _card(html.fromstring(text))
    assert card["og:title"].replace("\ufffd", "\x01") in {title, title.replace("\x01", "")}
    assert card["og:description"] == '"><img src=x>'
    assert "<script>alert" not in text


@pytest.mark.parametrize(
    ("path", "feeds"),
    [
        ("/", ["/feeds/questions?sort=active"]),
        ("/questions?sort=hot", ["/feeds/questions?sort=hot"]),
        ("/questions/unanswered?kind=upvoted", ["/feeds/unanswered?kind=upvoted"]),
        ("/tags/busy", ["/feeds/tags/busy?sort=active"]),
        ("/search?q=beep+dock", ["/feeds/search?q=beep+dock"]),
        (
            "/users/{writer}/wanda-writer",
            [f"/feeds/users/{{writer}}/{kind}" for kind in ("questions", "answers")],
        ),
        ("/questions/{question}/why-does-it-beep", ["/feeds/questions/{question}"]),
        ("/help", []),
        ("/search", []),
    ],
)
def test_pages_name_their_feeds(visitor: Browser, ids: dict[str, int], path: str, feeds: list[str]) -> None:
    page = _page(visitor, path.format(**ids))

    found = page.xpath('//link[@rel="alternate"][@type="application/atom+xml"]/@href')
    assert found == [feed.format(**ids) for feed in feeds]
    for feed in found:
        assert visitor.get(feed).status_code == 200


def test_a_closed_site_asks_robots_to_stay_away_from_everything(make_app: MakeApp) -> None:
    browser = Browser(make_app(crawlers="closed"))

    assert browser.get("/robots.txt").text == "User-agent: *\nDisallow: /\n"
    for path in ("/", "/robots.txt", "/nothing-here", "/feeds/questions"):
        assert browser.get(path).headers["X-Robots-Tag"] == "noindex"
    assert browser.get("/sitemap.xml").status_code == 404
    assert browser.get("/sitemaps/questions-0.xml").status_code == 404


def test_an_open_site_tells_robots_where_to_look(visitor: Browser) -> None:
    response = visitor.get("/robots.txt")

    assert response.mimetype == "text/plain"
    assert "Disallow: /search\n" in response.text
    assert "Disallow: /\n" not in response.text
    assert f"\nSitemap: {SITE}/sitemap.xml\n" in response.text
    assert "X-Robots-Tag" not in visitor.get("/").headers
