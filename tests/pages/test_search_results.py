"""Search results are what index and database agree on."""

from collections.abc import Sequence

import pytest
from sqlalchemy import select, update

import forum.wiring
from forum.accounts.rules import Actor
from forum.core import clock, outbox
from forum.core.db import Database
from forum.core.errors import NotFound
from forum.pages import search_results
from forum.pages.search_results import SearchPage
from forum.posts.events import ThreadChanged
from forum.posts.models import Comment, Post
from forum.posts.rules import ANSWERS_PER_PAGE
from forum.search.engine import Hits, SearchQuery, SearchUnavailable, Sort
from forum.search.engines.languages import analyses_for
from forum.search.engines.memory_engine import MemoryEngine
from forum.search.indexer import Indexer
from forum.tags.models import Tag, TagSynonym
from tests.factories import make_answer, make_comment, make_question, make_user
from tests.statements import recorded

assert forum.wiring.SEARCH


class Site:
    """A database and the index over it."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.engine = MemoryEngine(analyses_for("en"))
        Indexer(database, self.engine).reindex()

    def index(self) -> None:
        """Bring the index up to date."""
        Indexer(self.database, self.engine).reindex()

    def search(self, text: str, *, viewer: Actor | None = None, page: int = 1, limit: int = 15) -> SearchPage:
        """Search as somebody."""
        with self.database.reading() as session:
            return search_results.load(session, self.engine, text, viewer=viewer, page=page, limit=limit)


@pytest.fixture
def site(database: Database) -> Site:
    """A site with two threads, one of which has answers."""
    with database.transaction() as session:
        otto, eve = make_user(session, "Otto"), make_user(session, "Eve")
        question = make_question(
            session, otto, title="Dock loses its network", text="After a minute.", tags=("docks",), score=4
        )
        make_answer(session, question, otto, text="Buy another cable.", score=1)
        make_answer(session, question, eve, text="Disable selective suspend.", score=7, accepted=True)
        make_question(
            session, eve, title="Printer is slow", text="A page takes a minute.", tags=("printing",)
        )
    return Site(database)


def test_a_result_tells_what_a_reader_needs(site: Site) -> None:
    page = site.search("network")

    (result,) = page.results
    assert page.total == 1
    assert (result.title, result.score, result.post.tags) == ("Dock loses its network", 4, ("docks",))
    assert (result.post.answer_count, result.post.author_name) == (2, "Otto")
    assert result.url == f"/questions/{result.id}/dock-loses-its-network"
    assert not page.relaxed
    assert page.ignored == ()


def test_the_passage_leads_to_the_answer_that_it_is_from(site: Site) -> None:
    (result,) = site.search("selective").results

    assert result.passage_of.is_accepted
    assert result.url == f"/questions/{result.id}/dock-loses-its-network#answer-{result.post_id}"
    assert ("selective", True) in result.snippet
    assert "selective suspend" in result.text
    # The thread was found, not the answer, so its own votes are shown.
    assert result.score == 4


def test_answers_are_shown_as_answers_when_they_are_searched_for(site: Site) -> None:
    (result,) = site.search("is:answer suspend").results

    assert result.post.is_answer
    assert (result.score, result.post.author_name) == (7, "Eve")


def test_an_answer_of_a_long_thread_has_the_address_that_knows_its_page(site: Site) -> None:
    with site.database.transaction() as session:
        session.execute(update(Post).where(Post.kind == "question").values(answer_count=ANSWERS_PER_PAGE + 1))
    site.index()

    (result,) = site.search("selective").results

    assert result.url == f"/answers/{result.post_id}"


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("minute", ["Printer is slow", "Dock loses its network"]),
        ("minute -printer", ["Dock loses its network"]),
        ("[docks]", ["Dock loses its network"]),
        ("user:eve is:question", ["Printer is slow"]),
        ('"takes a minute"', ["Printer is slow"]),
        ("hasaccepted:yes", ["Dock loses its network"]),
        ("answers:0", ["Printer is slow"]),
    ],
)
def test_the_query_language_works(site: Site, text: str, titles: Sequence[str]) -> None:
    assert sorted(result.title for result in site.search(text).results) == sorted(titles)


def test_me_is_who_searches(site: Site) -> None:
    with site.database.reading() as session:
        author_id = session.query(Post.author_id).filter(Post.title == "Printer is slow").scalar()
    viewer = Actor(id=author_id, name="Eve", role="member", reputation=1)

    page = site.search("is:question user:me", viewer=viewer)

    assert [result.title for result in page.results] == ["Printer is slow"]
    assert site.search("is:question user:me").ignored != ()


def test_a_deleted_thread_is_not_shown_from_a_stale_index(site: Site) -> None:
    with site.database.transaction() as session:
        session.execute(update(Post).where(Post.kind == "question").values(deleted_at=clock.now()))

    page = site.search("minute")

    assert page.results == ()
    assert page.total == 0


def test_a_deleted_answer_is_not_shown_from_a_stale_index(site: Site) -> None:
    with site.database.transaction() as session:
        session.execute(update(Post).where(Post.kind == "answer").values(deleted_at=clock.now()))

    (result,) = site.search("selective").results

    assert "selective" not in result.text
    assert result.text == result.post.excerpt
    assert "#answer" not in result.url
    assert site.search("is:answer selective").results == ()


def test_a_passage_of_a_thread_that_waits_to_be_indexed_is_not_shown(site: Site) -> None:
    with site.database.transaction() as session:
        question = make_question(session, title="Where is it?", text="No idea.")
        comment_id = make_comment(session, question, text="my password is hunter2").id
    site.index()
    assert "hunter2" in site.search("hunter2").results[0].text

    with site.database.transaction() as session:
        session.execute(update(Comment).where(Comment.id == comment_id).values(deleted_at=clock.now()))
        outbox.emit(session, ThreadChanged(question.id))

    assert [result.text for result in site.search("hunter2").results] == ["No idea."]


def test_jobs_of_other_queues_say_nothing_about_the_index(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(outbox.routes, "thread changed", ("e-mail",))
    (result,) = site.search("selective").results
    with site.database.transaction() as session:
        outbox.emit(session, ThreadChanged(result.id))

    assert "selective" in site.search("selective").results[0].text


def test_words_that_no_thread_has_together_are_found_apart(site: Site) -> None:
    page = site.search("network slow")

    assert page.relaxed
    assert page.total == 2


def test_what_can_not_be_understood_is_told(site: Site) -> None:
    page = site.search("score:many network")

    assert any("score:" in sentence for sentence in page.ignored)


@pytest.mark.parametrize("text", ["", "   ", "\x00", "***"])
def test_a_search_for_nothing_finds_nothing_and_says_so(site: Site, text: str) -> None:
    page = site.search(text)

    assert page.is_empty
    assert page.total == 0


def test_pages_are_stable_and_cover_everything_once(site: Site) -> None:
    with site.database.transaction() as session:
        for number in range(7):
            make_question(session, title=f"Fan number {number} is loud", text="Very.")
    site.index()

    pages = [site.search("loud", page=number, limit=3) for number in (1, 2, 3)]

    ids = [result.id for page in pages for result in page.results]
    assert len(ids) == len(set(ids)) == 7
    assert [page.total for page in pages] == [7, 7, 7]
    assert pages[0].pages == (1, 2, 3)
    assert ids == [
        result.id for number in (1, 2, 3) for result in site.search("loud", page=number, limit=3).results
    ]


def test_there_is_no_page_beyond_the_last(site: Site) -> None:
    with pytest.raises(NotFound):
        site.search("minute", page=2)


def test_results_without_words_are_sorted_by_activity(site: Site) -> None:
    assert site.search("answers:0").sort is Sort.ACTIVE
    assert site.search("minute").sort is Sort.RELEVANCE


def test_the_words_make_the_beginning_of_a_question(site: Site) -> None:
    assert site.search('[docks] "no network" is:question ether* -cable').words == "no network ether"


def test_a_page_takes_two_statements_whatever_is_found(site: Site) -> None:
    with site.database.transaction() as session:
        for number in range(12):
            question = make_question(session, title=f"Fan number {number} is loud")
            make_answer(session, question, text="Clean the loud fan.")
    site.index()

    with recorded(site.database) as statements:
        assert len(site.search("loud").results) == 12

    assert len(statements) == 2


def test_the_tags_of_the_search_are_those_of_a_question_about_it(site: Site) -> None:
    assert site.search("[docks] -[printing] firefly").tags == ("docks",)


def test_without_an_index_it_raises(database: Database) -> None:
    engine = _Missing(analyses_for("en"))

    with database.reading() as session, pytest.raises(SearchUnavailable):
        search_results.load(session, engine, "anything")


class _Missing(MemoryEngine):
    def search(self, query: SearchQuery) -> Hits:
        raise SearchUnavailable("There is no search index yet.")


def test_a_synonym_of_a_tag_finds_what_carries_the_tag(site: Site) -> None:
    with site.database.transaction() as session:
        tag = session.execute(select(Tag).where(Tag.name == "docks")).scalar_one()
        session.add(TagSynonym(name="docking", tag_id=tag.id, created_at=clock.now()))

    assert [result.title for result in site.search("[docking]").results] == ["Dock loses its network"]
    assert site.search("[docking] OR [printing] -[docking]").total == 1
    assert site.search("minute -[docking]").total == 1
    assert site.search("[unknown]").total == 0


def test_tags_cost_one_more_statement_however_many(site: Site) -> None:
    with recorded(site.database) as without:
        site.search("minute")
    with recorded(site.database) as with_tags:
        site.search("minute [docks] OR [printing] -[other]")

    assert len(with_tags) == len(without) + 1
