import re

import pytest

from forum.accounts.queries import PEOPLE_PER_PAGE
from forum.core import clock
from forum.core.db import Database
from forum.reputation.models import ReputationDay
from tests.factories import make_user
from tests.statements import recorded
from tests.web.browser import Browser


@pytest.mark.parametrize("sort", ["reputation", "newest", "name"])
def test_the_list_is_paged(visitor: Browser, database: Database, sort: str) -> None:
    with database.transaction() as session:
        for number in range(PEOPLE_PER_PAGE + 2):
            make_user(session, f"Person {number:02}", reputation=1 + number % 3)

    with recorded(database) as statements:
        page = visitor.get(f"/users?sort={sort}").text
    more = re.search(r'rel="next" href="([^"]+)"', page)
    assert more is not None
    rest = visitor.get(more[1].replace("&amp;", "&")).text
    assert len(statements) == 1
    assert (page.count("tile-person"), rest.count("tile-person")) == (PEOPLE_PER_PAGE, 2)
    assert not set(re.findall(r">(Person \d\d)<", page)) & set(re.findall(r">(Person \d\d)<", rest))


def test_people_are_found_by_a_part_of_their_name(visitor: Browser, database: Database) -> None:
    with database.transaction() as session:
        make_user(session, "Ann Lee")
        make_user(session, "Bob")

    page = visitor.get("/users?q=lee").text
    assert "Ann Lee" in page
    assert ">Bob<" not in page
    assert "Show everybody" in visitor.get("/users?q=nobody").text


@pytest.mark.parametrize("period", ["week", "month", "year"])
def test_the_leaderboards_show_who_gained(visitor: Browser, database: Database, period: str) -> None:
    empty = visitor.get(f"/users?period={period}").text
    with database.transaction() as session:
        user = make_user(session, "Lea Der")
        session.add(ReputationDay(user_id=user.id, day=clock.now().date(), gain=45, floor=1))

    page = visitor.get(f"/users?period={period}").text
    assert 'class="empty"' in empty
    assert "Lea Der" in page
    assert "+45" in page
