"""Whole pages: made once for all who see the same, and never one person's shown to another."""

import html
import re
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import nodes
from markupsafe import escape

from forum.accounts.models import User
from forum.core.db import Database
from forum.core.paging import PAGE_SIZE
from forum.posts.models import Post
from forum.web import filters, parts, printing
from tests.factories import make_answer, make_question, make_user
from tests.web.browser import Browser
from tests.web.conftest import SignIn


@pytest.fixture
def thread(database: Database) -> Post:
    with database.transaction() as session:
        question = make_question(session, make_user(session, "Ann"), title="Why does it beep twice?")
        make_answer(session, question, make_user(session, "Ben"))
        return question


@pytest.fixture
def path(thread: Post) -> str:
    return f"/questions/{thread.id}/{thread.slug}"


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The templates that pages were made of."""
    templates: list[str] = []
    make = printing._made

    def note(template: str, context: dict[str, object]) -> printing._Print:
        templates.append(template)
        return make(template, context)

    monkeypatch.setattr(printing, "_made", note)
    return templates


def test_people_who_see_the_same_share_a_page_with_menus_and_tokens_of_their_own(
    sign_in: SignIn, path: str, made: list[str]
) -> None:
    people = {name: sign_in(name) for name in ("Bo", "Cy")}

    pages = {name: person.get(path).text for name, person in people.items()}

    assert made == ["questions/show.html"]
    for name, page in pages.items():
        [label] = re.findall(r'aria-label="Account of ([^"]+)"', page)
        assert label == name
        assert not parts.SIGN.search(page)
    tokens = {name: set(re.findall(r'csrf_token" value="([^"]+)"', page)) for name, page in pages.items()}
    assert tokens["Bo"].isdisjoint(tokens["Cy"])
    [[bo], [cy]] = (re.findall(r'data-person="(\d+)"', page) for page in pages.values())
    assert bo != cy


@pytest.mark.parametrize("address", ["/", "/questions", "/questions/unanswered", "/tags/linux"])
def test_visitors_people_and_moderators_have_lists_of_their_own(
    database: Database, app: Flask, sign_in: SignIn, made: list[str], address: str
) -> None:
    with database.transaction() as session:
        make_question(session, make_user(session), tags=["linux"])
    member, moderator = sign_in("Bo"), sign_in("Mo", role="moderator")

    pages = [reader.get(address).text for reader in (Browser(app), member, moderator, member, moderator)]

    assert len(made) == 3
    assert ["Account of" in page for page in pages] == [False, True, True, True, True]
    assert ["/insight" in page for page in pages] == [False, False, True, False, True]


def test_the_author_of_an_answer_sees_another_page_than_somebody_else(
    database: Database, sign_in: SignIn, thread: Post, path: str, made: list[str]
) -> None:
    author, other = sign_in("Bo"), sign_in("Cy")
    with database.transaction() as session:
        make_answer(session, session.get_one(Post, thread.id), session.get_one(User, author.user_id))

    pages = [reader.get(path).text for reader in (author, other, author, other)]

    assert len(made) == 2
    assert [page.count("/delete") for page in pages] == [1, 0, 1, 0]


def test_a_change_is_shown_at_once(
    database: Database, sign_in: SignIn, thread: Post, path: str, made: list[str]
) -> None:
    reader = sign_in("Cy")
    before = reader.get(path).text
    with database.transaction() as session:
        session.get_one(User, thread.author_id).name = "Anna"
        session.get_one(Post, thread.id).view_count = 4_321

    after = reader.get(path).text

    assert ["Anna" in page for page in (before, after)] == [False, True]
    assert "Viewed 4,321 times" in after
    assert len(made) == 2


def test_looks_at_a_question_make_it_no_other_page(
    database: Database, sign_in: SignIn, thread: Post, path: str, made: list[str]
) -> None:
    reader, told = sign_in("Cy"), []
    for count in (7, 1_008):
        with database.transaction() as session:
            session.get_one(Post, thread.id).view_count = count
        told += re.findall(r"Viewed ([\d,]+) times", reader.get(path).text)

    assert told == ["7", "1,008"]
    assert made == ["questions/show.html"]


@pytest.mark.parametrize("address", ["/", "/questions", "/tags/linux", "/questions/1/why-does-it-beep-twice"])
def test_a_page_loads_the_scripts_of_all_that_is_on_it(
    app: Flask, sign_in: SignIn, database: Database, thread: Post, address: str
) -> None:
    with database.transaction() as session:
        make_question(session, make_user(session), tags=["linux"])

    for reader in (Browser(app), sign_in("Bo"), sign_in("Cy"), sign_in("Mo", role="moderator")):
        page = reader.get(address).text
        asked = {name for names in re.findall(r'data-behaviour="([^"]+)"', page) for name in names.split()}
        assert asked == set(re.findall(r'src="[^"]*/js/([a-z-]+)\.js"', page)) - {"swaps"}


@pytest.mark.parametrize("address", ["/questions", "/questions/1/why-does-it-beep-twice"])
def test_visitors_come_back_from_signing_in_to_where_they_were(
    app: Flask, thread: Post, made: list[str], address: str
) -> None:
    queries = ("", "?from=a&to=b", "?quoted='%22%3Cb%3E")

    pages = [Browser(app).get(address + query) for query in queries]

    assert [page.status_code for page in pages] == [200] * 3
    links = [re.findall(r'sign-in-button" href="([^"]+)"', page.text) for page in pages]
    assert links == [[str(escape(filters.sign_in_path(address + query)))] for query in queries]
    assert len(made) == 1


@pytest.mark.parametrize("address", ["/", "/questions", "/questions/unanswered", "/tags/linux"])
def test_titles_alone_and_later_pages_are_other_pages(
    app: Flask, database: Database, made: list[str], address: str
) -> None:
    with database.transaction() as session:
        for _ in range(PAGE_SIZE + 1):
            make_question(session, make_user(session), tags=["linux"])
    first = Browser(app).get(address).text
    [later] = re.findall(r'rel="next" href="([^"]+)"', first)

    compact = Browser(app).get(f"{address}?view=compact").text
    second = Browser(app).get(html.unescape(later)).text

    assert ["questions-compact" in page for page in (first, compact, second)] == [False, True, False]
    assert ['rel="canonical"' in page for page in (first, compact, second)] == [True, True, False]
    assert len(made) == 3


def test_what_is_told_once_is_told_once(sign_in: SignIn, path: str, made: list[str]) -> None:
    reader = sign_in("Cy")
    reader.get(path)
    with reader.client.session_transaction() as cookie:
        cookie["_flashes"] = [("success", "That worked.")]

    assert ["That worked." in reader.get(path).text for _ in range(2)] == [True, False]
    assert made == ["questions/show.html"]


def test_a_page_with_a_draft_is_made_for_its_author_alone(
    sign_in: SignIn, thread: Post, path: str, made: list[str]
) -> None:
    author, other = sign_in("Cy"), sign_in("Di")
    author.get(path)
    author.post("/drafts", place=f"answer-{thread.id}", source="Because it has no screen.")

    pages = [reader.get(path).text for reader in (author, author, other)]

    assert ["Because it has no screen." in page for page in pages] == [True, True, False]
    numbers = [set(re.findall(r'name="submission"[^>]* value="([^"]+)"', page)) for page in pages]
    assert min(map(len, numbers)) > 0
    assert numbers[0].isdisjoint(numbers[2])
    assert made == ["questions/show.html"]


def test_pages_know_of_who_looks_only_what_they_are_kept_by(app: Flask, project_dir: Path) -> None:
    folder, named = project_dir / "templates", {}
    printed_from = {
        *re.findall(
            r'printed\(\s*"([^"]+)"',
            "".join(
                path.read_text(encoding="utf-8") for path in (project_dir / "forum" / "web").glob("*.py")
            ),
        )
    }
    assert printed_from >= {"questions/show.html", "home/index.html", "tags/show.html"}
    for path in (
        folder / "base.html",
        *(folder / name for name in printed_from),
        *folder.glob("questions/_*.html"),
    ):
        tree = app.jinja_env.overlay().parse(path.read_text(encoding="utf-8"))
        names = {node.name for node in tree.find_all(nodes.Name)}
        found = {
            node.attr
            for node in tree.find_all(nodes.Getattr)
            if isinstance(node.node, nodes.Name) and node.node.name == "viewer"
        }
        named[path.name] = found - set(printing.Reader.__slots__) | names & {"request", "session", "g"}

    assert {name: others for name, others in named.items() if others} == {}
