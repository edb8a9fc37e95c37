"""The insight page and its files, for those who keep order and for nobody else."""

from datetime import timedelta

import pytest
from lxml import html

from forum.core import clock
from forum.core.db import Database
from forum.searches import actions
from forum.searches.rules import Outcome, SearchCounts
from tests.factories import make_answer, make_question
from tests.web.browser import Browser
from tests.web.conftest import SignIn

TABLES = ("periods", "nothing-found", "nothing-opened", "asked-again", "tags")
PATHS = ("/insight", *(f"/insight/{name}.csv" for name in TABLES))


@pytest.fixture
def counted(database: Database) -> None:
    """Searches and an attempt to ask, today and yesterday."""
    today = clock.now().date()
    with database.transaction() as session:
        solved = make_question(session, title="Solved <b>before</b>")
        make_answer(session, solved, accepted=True)
        asked = make_question(session, title="Asked again")
        counts = {
            (today, "<script>alert(1)</script> & more"): SearchCounts(searches=3, empty=3),
            (today - timedelta(days=1), "dock"): SearchCounts(searches=5, opened=1, relaxed=2, results=7),
        }
        actions.count_searches(session, counts)
        actions.note_outcome(
            session,
            outcome=Outcome.ASKED,
            title="Again",
            thread_id=asked.id,
            offered=[solved.id],
            tags=["wifi"],
        )


@pytest.mark.parametrize("path", PATHS)
def test_members_are_refused_and_visitors_asked_to_sign_in(
    visitor: Browser, member: Browser, path: str
) -> None:
    refused = member.get(path)

    assert refused.status_code == 403
    assert "Only moderators can see" in refused.text
    assert visitor.get(path).status_code in {302, 401}


@pytest.mark.parametrize("role", ["moderator", "admin"])
def test_those_who_keep_order_have_a_link_to_it(sign_in: SignIn, member: Browser, role: str) -> None:
    assert 'href="/insight"' in sign_in("Mo Derator", role=role).get("/questions").text
    assert 'href="/insight"' not in member.get("/questions").text


@pytest.mark.usefixtures("counted")
@pytest.mark.parametrize("days", ["30", "90", "365", "nonsense"])
def test_charts_say_in_words_and_tables_what_they_draw(sign_in: SignIn, days: str) -> None:
    page = sign_in("Mo Derator", role="moderator").get(f"/insight?days={days}")
    tree = html.fromstring(page.text)

    assert page.status_code == 200
    drawings = tree.xpath("//svg[@role='img']")
    assert len(drawings) == 3
    for drawing in drawings:
        for named in drawing.get("aria-labelledby").split():
            assert tree.get_element_by_id(named).text_content().strip()
    assert len(tree.xpath("//figure//details//table")) == 3
    assert not tree.xpath("//*[@style]")
    assert len(tree.xpath("//@id")) == len(set(tree.xpath("//@id")))


@pytest.mark.usefixtures("counted")
def test_each_row_leads_on_and_nothing_that_was_typed_is_html(sign_in: SignIn) -> None:
    page = sign_in("Mo Derator", role="moderator").get("/insight")
    links = html.fromstring(page.text).xpath("//main//a/@href")

    assert "<script>alert" not in page.text
    assert "<b>before</b>" not in page.text
    for beginning in (
        "/search?q=%3Cscript",
        "/questions/ask?title=%3Cscript",
        "/search?q=dock",
        "/tags/wifi",
    ):
        assert [link for link in links if link.startswith(beginning)], beginning
    assert {link.partition("?")[0] for link in links if ".csv" in link} == set(PATHS[1:])


@pytest.mark.usefixtures("counted")
@pytest.mark.parametrize("name", TABLES)
def test_each_table_can_be_taken_away(sign_in: SignIn, name: str) -> None:
    file = sign_in("Mo Derator", role="moderator").get(f"/insight/{name}.csv?days=90")

    assert file.status_code == 200
    assert file.mimetype == "text/csv"
    assert file.headers["Content-Disposition"].startswith(f"attachment; filename={name}-")
    assert len(file.text.splitlines()) >= 2


def test_there_is_no_other_table(sign_in: SignIn) -> None:
    assert sign_in("Mo Derator", role="moderator").get("/insight/people.csv").status_code == 404


def test_a_new_site_says_how_to_begin(sign_in: SignIn) -> None:
    page = sign_in("Mo Derator", role="moderator").get("/insight")

    assert "Nothing was counted in this time" in page.text
    assert "No tag has unanswered questions" in page.text
    assert '<svg class="graph"' not in page.text
