import re
from datetime import UTC, datetime, timedelta

import pytest

from forum.core.db import Database
from tests.factories import make_answer, make_question, make_user
from tests.statements import recorded
from tests.web.browser import Browser

START = datetime(2026, 1, 1, tzinfo=UTC)
LISTS = [
    "/",
    "/questions",
    "/questions?sort=active",
    "/questions?sort=hot",
    "/questions?sort=score",
    "/questions/unanswered",
    "/questions/unanswered?kind=accepted",
    "/questions/unanswered?kind=upvoted",
    "/tags/dock",
    "/tags/dock?sort=score",
]


@pytest.fixture
def questions(database: Database) -> None:
    with database.transaction() as session:
        author = make_user(session, "Ann Author", reputation=5)
        for number in range(65):
            make_question(
                session,
                author,
                title=f"Question number {number}",
                tags=("dock",),
                score=number % 4,
                created_at=START + timedelta(minutes=number),
            )


@pytest.mark.usefixtures("questions")
@pytest.mark.parametrize("path", LISTS)
def test_the_next_links_lead_through_all_and_the_previous_links_back(visitor: Browser, path: str) -> None:
    pages, here = [], path
    while here:
        page = visitor.get(here)
        assert page.status_code == 200
        pages.append(_titles(page.text))
        here = _link(page.text, "next")
    back = _link(page.text, "prev")
    assert _titles(visitor.get(back).text) == pages[-2]

    assert [len(titles) for titles in pages] == [30, 30, 5]
    assert len({title for titles in pages for title in titles}) == 65


@pytest.mark.usefixtures("questions")
@pytest.mark.parametrize("path", LISTS)
def test_a_list_is_three_statements_and_the_version(visitor: Browser, database: Database, path: str) -> None:
    with recorded(database) as statements:
        visitor.get(path)

    assert len(statements) <= 4


@pytest.mark.parametrize("path", [path for path in LISTS if not path.startswith("/tags/")])
def test_an_empty_list_says_what_to_do_next(visitor: Browser, path: str) -> None:
    page = visitor.get(path)

    assert page.status_code == 200
    assert 'class="empty"' in page.text
    assert 'href="/questions/ask"' in page.text


@pytest.mark.usefixtures("questions")
@pytest.mark.parametrize("at", ["x", "W10", "%00", "WzEsMiwwXQ"])
def test_a_made_up_cursor_is_told_apart_from_a_defect(visitor: Browser, at: str) -> None:
    assert visitor.get(f"/questions?at={at}").status_code == 400


def test_an_unknown_sort_is_the_usual_one(visitor: Browser, database: Database) -> None:
    with database.transaction() as session:
        make_question(session)

    assert visitor.get("/questions?sort=nonsense").text.count("question-row-excerpt") == 1


def test_a_row_is_marked_by_how_far_it_is_answered(visitor: Browser, database: Database) -> None:
    with database.transaction() as session:
        make_question(session)
        make_answer(session, make_question(session))
        make_answer(session, make_question(session), accepted=True)

    page = visitor.get("/questions").text
    assert re.findall(r'class="answers( answers-\w+)?"', page) == [" answers-accepted", " answers-some", ""]


def test_titles_and_excerpts_are_text_and_no_html(visitor: Browser, database: Database) -> None:
    with database.transaction() as session:
        make_question(session, title="Is <script>alert(1)</script> safe?", text="<b onclick=x>bold</b>")

    for path in ("/", "/tags/wifi"):
        page = visitor.get(path).text
        assert "<script>alert" not in page
        assert "<b onclick" not in page


def _titles(page: str) -> list[str]:
    main = page[page.index("<main") : page.index("</main>")]
    return re.findall(r">(Question number \d+)</a>", main)


def _link(page: str, rel: str) -> str:
    found = re.search(rf'rel="{rel}" href="([^"]+)"', page)
    return found[1].replace("&amp;", "&") if found else ""


def test_titles_alone_are_listed_as_long_as_the_address_says_so(visitor: Browser, database: Database) -> None:
    with database.transaction() as session:
        for _ in range(31):
            make_question(session, text="It stays dark whatever I do.", tags=["docks"])

    for path in ("/", "/questions?sort=hot", "/tags/docks", "/questions/unanswered"):
        separator = "&" if "?" in path else "?"
        full, short = visitor.get(path), visitor.get(f"{path}{separator}view=compact")

        assert "It stays dark" in full.text
        assert "view=compact" in full.text
        assert "It stays dark" not in short.text.partition("<main")[2]
        onward = [link for link in short.text.split('href="')[1:] if "at=" in link.partition('"')[0]]
        assert onward
        assert all("view=compact" in link.partition('"')[0] for link in onward)
