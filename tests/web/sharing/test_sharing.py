from datetime import UTC, datetime

import pytest
from flask import Flask
from lxml import html
from sqlalchemy.exc import OperationalError

from forum.core.db import Database
from forum.posts.rules import ANSWERS_PER_PAGE
from forum.shares.queries import shares_of
from tests.factories import make_answer, make_question, make_user
from tests.statements import recorded
from tests.web.browser import Browser
from tests.web.conftest import MakeApp, SignIn

START = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def ids(database: Database) -> dict[str, int]:
    """A question with an answer."""
    with database.transaction() as session:
        question = make_question(session, make_user(session), title="What was shared?")
        answer = make_answer(session, question, make_user(session))
        return {"question": question.id, "answer": answer.id}


@pytest.fixture
def sharer(sign_in: SignIn) -> Browser:
    """Somebody who shares links."""
    return sign_in("Sharon Sharer")


def _visitors(app: Flask, database: Database, user_id: int) -> int:
    app.extensions["askwell"].activity.flush()
    with database.reading() as session:
        return shares_of(session, user_id).visitor_count


def _share_links(browser: Browser, ids: dict[str, int]) -> list[str]:
    page = html.fromstring(browser.get(f"/questions/{ids['question']}/what-was-shared").text)
    links: list[str] = page.xpath('//a[@data-behaviour="share-link"]/@href')
    return links


def test_links_of_who_signed_in_tell_who_shared_them(
    visitor: Browser, sharer: Browser, ids: dict[str, int]
) -> None:
    assert _share_links(visitor, ids) == [
        f"/questions/{ids['question']}/what-was-shared",
        f"/answers/{ids['answer']}",
    ]
    assert _share_links(sharer, ids) == [
        f"/q/{ids['question']}/{sharer.user_id}",
        f"/a/{ids['answer']}/{sharer.user_id}",
    ]


def test_links_lead_to_the_post_and_are_listed_nowhere(
    visitor: Browser, sharer: Browser, database: Database, ids: dict[str, int]
) -> None:
    page = f"/questions/{ids['question']}/what-was-shared"

    for link, place, most in zip(
        _share_links(sharer, ids), (page, f"{page}#answer-{ids['answer']}"), (1, 2), strict=True
    ):
        with recorded(database) as statements:
            response = visitor.get(link)
        assert (response.status_code, response.location) == (302, place)
        assert response.headers["X-Robots-Tag"] == "noindex"
        assert len(statements) == most


def test_an_answer_is_found_on_its_page(visitor: Browser, database: Database) -> None:
    with database.transaction() as session:
        question = make_question(session, make_user(session), title="A long thread")
        answers = [make_answer(session, question, make_user(session)) for _ in range(ANSWERS_PER_PAGE + 1)]

    location = visitor.get(f"/a/{answers[-1].id}/1").location

    assert location == f"/questions/{question.id}/a-long-thread?page=2#answer-{answers[-1].id}"


def test_each_visitor_counts_once(
    app: Flask, database: Database, sharer: Browser, ids: dict[str, int]
) -> None:
    link = f"/q/{ids['question']}/{sharer.user_id}"
    people = [Browser(app) for _ in range(3)]

    for browser in (*people, *people, people[0]):
        browser.get(link)
        # After each write and after a restart alike, nobody counts again.
        app.extensions["askwell"].activity.flush()

    assert _visitors(app, database, sharer.user_id) == 3


def test_who_shares_and_who_only_looks_beforehand_do_not_count(
    app: Flask, database: Database, visitor: Browser, sharer: Browser, ids: dict[str, int]
) -> None:
    link = f"/q/{ids['question']}/{sharer.user_id}"

    sharer.get(link)
    visitor.client.head(link)
    visitor.get(link, headers={"Sec-Purpose": "prefetch"})
    visitor.get(link, headers={"Sec-Fetch-Mode": "no-cors"})

    assert _visitors(app, database, sharer.user_id) == 0


def test_programs_that_preview_links_do_not_count(
    make_app: MakeApp, database: Database, sharer: Browser, ids: dict[str, int]
) -> None:
    app = make_app(base_url="https://help.example.org")
    link = f"/q/{ids['question']}/{sharer.user_id}"

    Browser(app).get(link)
    assert _visitors(app, database, sharer.user_id) == 0

    Browser(app).get(link, headers={"Sec-Fetch-Mode": "navigate"})
    assert _visitors(app, database, sharer.user_id) == 1


def test_links_of_people_who_do_not_exist_count_nothing(
    app: Flask, visitor: Browser, database: Database, ids: dict[str, int]
) -> None:
    assert visitor.get(f"/q/{ids['question']}/4711").status_code == 302

    assert _visitors(app, database, 4711) == 0


@pytest.mark.parametrize("role", ["visitor", "moderator"])
def test_links_to_what_is_gone_lead_nowhere(
    visitor: Browser, sign_in: SignIn, database: Database, ids: dict[str, int], role: str
) -> None:
    with database.transaction() as session:
        deleted = make_question(session, make_user(session), deleted_at=START)
        below = make_answer(session, deleted, make_user(session))
    browser = visitor if role == "visitor" else sign_in(role=role)

    for path in (
        f"/q/{deleted.id}/1",
        f"/a/{below.id}/1",
        f"/q/{ids['answer']}/1",
        f"/a/{ids['question']}/1",
    ):
        assert browser.get(path).status_code == 404


def test_only_the_own_profile_tells_what_links_brought(
    app: Flask, database: Database, visitor: Browser, sharer: Browser, ids: dict[str, int]
) -> None:
    visitor.get(f"/a/{ids['answer']}/{sharer.user_id}")
    _visitors(app, database, sharer.user_id)
    profile = f"/users/{sharer.user_id}/sharon-sharer"

    own = sharer.get(profile).text
    assert "Your shared links" in own
    assert "1 visitor came by them" in own
    assert f'<a href="/answers/{ids["answer"]}" dir="auto">What was shared?</a>' in own
    assert "Your shared links" not in visitor.get(profile).text


def test_counts_survive_a_database_that_does_not_answer(
    app: Flask, database: Database, visitor: Browser, sharer: Browser, ids: dict[str, int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    visitor.get(f"/q/{ids['question']}/{sharer.user_id}")

    def fail() -> None:
        raise OperationalError("BEGIN", {}, Exception("database is locked"))

    with monkeypatch.context() as patched:
        patched.setattr(database, "write", fail)
        app.extensions["askwell"].activity.flush()

    assert _visitors(app, database, sharer.user_id) == 1
