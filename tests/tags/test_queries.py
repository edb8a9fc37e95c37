import pytest

from forum.core import clock
from forum.core.db import Database
from forum.core.errors import Invalid
from forum.core.paging import Page
from forum.tags import queries
from forum.tags.models import TagSynonym
from forum.tags.queries import TAGS_PER_PAGE, TagOrder, TagRow
from tests.factories import make_question, make_tag


@pytest.fixture
def filled(database: Database) -> Database:
    with database.transaction() as session:
        for number in range(TAGS_PER_PAGE + 14):
            tag = make_tag(session, f"tag-{number * 37 % 50:02}")
            tag.question_count = number % 3
    return database


def _walk(database: Database, order: TagOrder) -> list[Page[TagRow]]:
    with database.reading() as session:
        pages = [queries.tags(session, order, None)]
        while pages[-1].next is not None:
            pages.append(queries.tags(session, order, pages[-1].next))
    return pages


@pytest.mark.parametrize("order", list(TagOrder))
def test_walking_meets_every_tag_once_in_order_and_back_again(filled: Database, order: TagOrder) -> None:
    pages = _walk(filled, order)
    rows = [row for page in pages for row in page.rows]

    keys = [(row.key(order), row.id) for row in rows]
    assert keys == sorted(keys, reverse=order is not TagOrder.NAME)
    assert len({row.id for row in rows}) == len(rows) == TAGS_PER_PAGE + 14
    with filled.reading() as session:
        before = queries.tags(session, order, pages[1].previous)
    assert before.rows == pages[0].rows
    assert before.previous is None


@pytest.mark.parametrize(
    ("search", "names"),
    [("FI", ["wifi"]), ("_", ["usb_c"]), ("%", []), ("nothing", []), ("", ["dock", "usb_c", "wifi"])],
)
def test_searching_finds_what_contains_the_text_literally(
    database: Database, search: str, names: list[str]
) -> None:
    with database.transaction() as session:
        for name in ("wifi", "dock", "usb_c"):
            make_tag(session, name)

    with database.reading() as session:
        page = queries.tags(session, TagOrder.NAME, None, search=search)

    assert [row.name for row in page.rows] == names


def test_a_cursor_of_another_order_is_refused(filled: Database) -> None:
    (page, _) = _walk(filled, TagOrder.NAME)

    with pytest.raises(Invalid):
        queries.cursor_of(str(page.next), order=TagOrder.POPULAR)


def test_a_synonym_means_its_tag(database: Database) -> None:
    with database.transaction() as session:
        tag = make_tag(session, "wifi", excerpt="Without wires.")
        session.add(TagSynonym(name="wlan", tag_id=tag.id, created_at=clock.now()))
        session.add(TagSynonym(name="802.11", tag_id=tag.id, created_at=clock.now()))
        tag_id = tag.id

    with database.reading() as session:
        assert queries.meant_by(session, "wlan") == "wifi"
        assert queries.meant_by(session, "wifi") is None
        assert queries.synonyms_of(session, tag_id) == ("802.11", "wlan")
        described = queries.description(session, "wifi")
        assert described is not None
        assert described.excerpt == "Without wires."
        assert queries.description(session, "wlan") is None


def test_completion_prefers_beginnings_and_then_use(database: Database) -> None:
    with database.transaction() as session:
        make_tag(session, "windows")
        make_question(session, tags=("wifi", "win"))
        make_question(session, tags=("wifi", "darwin"))

    with database.reading() as session:
        assert [tag.name for tag in queries.completions(session, " WI")] == [
            "wifi",
            "win",
            "windows",
            "darwin",
        ]
        assert queries.popular(session)[0].name == "wifi"
        assert "windows" not in [tag.name for tag in queries.popular(session)]
