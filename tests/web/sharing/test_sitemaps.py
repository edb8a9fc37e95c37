from datetime import UTC, datetime, timedelta

import pytest
from lxml import etree

from forum.core.db import Database
from forum.pages import sitemaps
from forum.posts.models import Post
from forum.web import crawling
from tests.factories import make_answer, make_question, make_user
from tests.statements import plans, recorded
from tests.web.browser import Browser

START = datetime(2026, 1, 1, tzinfo=UTC)
SITE = "http://127.0.0.1:8000"
_NS = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture
def questions(database: Database) -> list[Post]:
    """Five questions, of which the fourth is deleted and the fifth points to the first."""
    with database.transaction() as session:
        writer, quiet = make_user(session, "Wanda <W>"), make_user(session, "Quiet")
        made = [
            make_question(session, writer, tags=tags, created_at=START)
            for tags in (("busy", "lonely"), *[("busy",)] * 4)
        ]
        made[3].deleted_at = START
        made[4].closed_at, made[4].duplicate_of_id = START, made[0].id
        made[1].active_at = START + timedelta(days=1)
        make_answer(session, made[3], quiet)
        return made


def _entries(browser: Browser, path: str) -> list[tuple[str, str | None]]:
    """Return addresses and moments of a file, which must be what the protocol wants."""
    response = browser.get(path)
    assert (response.status_code, response.mimetype) == (200, "application/xml")
    assert response.headers["Cache-Control"] == "public, max-age=3600"
    root = etree.fromstring(response.data)
    assert root.tag in {f"{_NS}sitemapindex", f"{_NS}urlset"}
    found = []
    for entry in root:
        address = entry.findtext(f"{_NS}loc") or ""
        assert address.startswith(f"{SITE}/")
        assert len(address) < 2048
        found.append((address.removeprefix(SITE), entry.findtext(f"{_NS}lastmod")))
    return found


def test_the_index_names_the_files(visitor: Browser, questions: list[Post]) -> None:
    assert _entries(visitor, "/sitemap.xml") == [
        ("/sitemaps/questions-0.xml", "2026-01-02T00:00:00+00:00"),
        ("/sitemaps/tags-0.xml", None),
        ("/sitemaps/people-0.xml", None),
    ]


def test_the_files_have_what_is_worth_finding(visitor: Browser, questions: list[Post]) -> None:
    listed = [questions[0], questions[1], questions[2]]

    assert _entries(visitor, "/sitemaps/questions-0.xml") == [
        (f"/questions/{question.id}/{question.slug}", question.active_at.isoformat()) for question in listed
    ]
    assert _entries(visitor, "/sitemaps/tags-0.xml") == [("/tags/busy", None)]
    # Whoever wrote only below a deleted question has nothing to show.
    assert _entries(visitor, "/sitemaps/people-0.xml") == [("/users/1/wanda-w", None)]


def test_every_address_is_listed_by_its_page_too(visitor: Browser, questions: list[Post]) -> None:
    for file, _moment in _entries(visitor, "/sitemap.xml"):
        for path, _changed in _entries(visitor, file):
            page = visitor.get(path)
            assert page.status_code == 200
            assert f'<link rel="canonical" href="{SITE}{path}">' in page.text


def test_files_stay_the_same_when_more_is_written(
    visitor: Browser, database: Database, questions: list[Post], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (sitemaps, crawling):
        monkeypatch.setattr(module, "MOST_ADDRESSES", 2)
    before = _entries(visitor, "/sitemaps/questions-2.xml")
    with database.transaction() as session:
        for _ in range(6):
            make_question(session, make_user(session), created_at=START)

    files = [path for path, _moment in _entries(visitor, "/sitemap.xml") if "questions" in path]

    assert _entries(visitor, "/sitemaps/questions-2.xml") == before
    everything = [path for file in files for path, _changed in _entries(visitor, file)]
    assert len(everything) == len(set(everything)) == 9
    assert all(len(_entries(visitor, file)) <= 2 for file in files)


def test_sitemaps_take_few_statements_and_skip_nothing(
    visitor: Browser, database: Database, questions: list[Post]
) -> None:
    with recorded(database) as index:
        visitor.get("/sitemap.xml")
    counted = {}
    for kind in ("questions", "tags", "people"):
        with recorded(database) as statements:
            visitor.get(f"/sitemaps/{kind}-0.xml")
        counted[kind] = len(statements)
        assert "OFFSET" not in statements.sent[0][0].upper()

    assert len(index) == 3
    assert counted == {"questions": 1, "tags": 1, "people": 1}
    assert all("ix_post_visible_question" in plan for plan in plans(database, index)[:1])


def test_sitemaps_can_be_asked_for_without_being_read(visitor: Browser, questions: list[Post]) -> None:
    for path in ("/sitemap.xml", "/sitemaps/questions-0.xml"):
        response = visitor.client.head(path)
        assert (response.status_code, response.data, response.mimetype) == (200, b"", "application/xml")


@pytest.mark.parametrize("name", ["questions-1", "comments-0", "questions-x", "questions--50000"])
def test_other_files_do_not_exist(visitor: Browser, name: str) -> None:
    assert visitor.get(f"/sitemaps/{name}.xml").status_code == 404


def test_an_empty_site_has_an_empty_index(visitor: Browser) -> None:
    assert _entries(visitor, "/sitemap.xml") == []


@pytest.mark.parametrize("title", ["<loc>&", "\x00\x08", "\u202e", "😀" * 30, "x" * 10_000])
def test_hostile_titles_leave_it_well_formed(visitor: Browser, database: Database, title: str) -> None:
    with database.transaction() as session:
        make_question(session, make_user(session, f"n{title}"), title=title, tags=("busy",))

    for file in ("/sitemaps/questions-0.xml", "/sitemaps/people-0.xml"):
        assert len(_entries(visitor, file)) == 1
