import pytest

from forum.core import clock
from forum.core.db import Database
from forum.core.errors import NotFound
from forum.pages import question_list
from forum.pages.question_list import TagPage
from forum.posts.queries.lists import Order, Unanswered
from forum.tags.models import TagSynonym
from tests.factories import make_question, make_tag
from tests.statements import recorded


def test_what_stands_beside_lists_is_read_once_until_something_is_written(database: Database) -> None:
    with database.transaction() as session:
        for _ in range(40):
            make_question(session, tags=("wifi", "dock"))

    with recorded(database) as statements, database.reading() as session:
        page = question_list.load(session, Order.ACTIVE, None)
        question_list.load_unanswered(session, Unanswered.NONE, None)

    # The version, the popular tags and the hottest questions, and each list.
    assert len(statements) == 5
    assert len(page.questions.rows) == 30
    assert {tag.name for tag in page.tags} == {"wifi", "dock"}
    assert len(page.hottest) == 8


def test_a_tag_is_found_by_its_name_its_synonyms_and_in_capitals(database: Database) -> None:
    with database.transaction() as session:
        tag = make_tag(session, "wifi")
        session.add(TagSynonym(name="wlan", tag_id=tag.id, created_at=clock.now()))
        make_question(session, tags=("wifi",))

    with recorded(database) as statements, database.reading() as session:
        page = question_list.load_tag(session, "wifi", Order.ACTIVE, None)
    with database.reading() as session:
        led = [question_list.load_tag(session, name, Order.ACTIVE, None) for name in ("wlan", "WiFi", "WLAN")]
        with pytest.raises(NotFound):
            question_list.load_tag(session, "nothing", Order.ACTIVE, None)

    assert isinstance(page, TagPage)
    assert page.synonyms == ("wlan",)
    assert len(page.questions.rows) == 1
    assert len(statements) == 3
    assert led == ["wifi", "wifi", "wifi"]
