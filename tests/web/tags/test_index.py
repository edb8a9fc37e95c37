import re

from forum.core.db import Database
from forum.tags.queries import TAGS_PER_PAGE
from tests.factories import make_tag
from tests.statements import recorded
from tests.web.browser import Browser


def test_the_list_is_searched_sorted_and_paged(visitor: Browser, database: Database) -> None:
    with database.transaction() as session:
        for number in range(TAGS_PER_PAGE + 1):
            make_tag(session, f"tag-{number:02}", excerpt="About <it>.")

    with recorded(database) as statements:
        page = visitor.get("/tags?sort=name").text
    more = re.search(r'rel="next" href="([^"]+)"', page)
    assert more is not None
    # One for the version of what pages show, and one for the tags.
    assert len(statements) == 2
    assert page.count("About &lt;it&gt;.") == TAGS_PER_PAGE
    assert f"tag-{TAGS_PER_PAGE:02}" in visitor.get(more[1].replace("&amp;", "&")).text
    assert visitor.get("/tags?q=TAG-01").text.count('class="tile"') == 1


def test_a_search_without_result_offers_the_search_for_questions(visitor: Browser) -> None:
    page = visitor.get("/tags?q=<x>")

    assert "/search?q=%3Cx%3E" in page.text
    assert "“&lt;x&gt;”" in page.text
